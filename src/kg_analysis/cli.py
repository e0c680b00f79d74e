"""Command line ``kg``: draft, accept, clean, check, verify, run, briefing; many runs are in ``cli_batch``.

Responsibility: options, messages and exit codes. Heavy imports wait for the command that needs them.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from importlib.metadata import version
from pathlib import Path

import click

from kg_analysis.cli_base import DATA as _DATA
from kg_analysis.cli_base import Command as _Command
from kg_analysis.cli_base import data_folder as _data
from kg_analysis.cli_base import seen_from as _from
from kg_analysis.cli_base import short as _short
from kg_analysis.cli_batch import batch, synthetic


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kg-analysis")
def main() -> None:
    """Figures of Kiên Giang's annual reports: clean data, notebooks and charts, each number traceable to the page."""


@main.command(cls=_Command)
@_DATA
def clean(data_dir: Path | None) -> None:
    """Regenerate data/clean from data/printed.

    Example: kg clean
    """
    from kg_analysis.tables.clean import write_clean  # noqa: PLC0415

    for path in write_clean(_data(data_dir)):
        click.echo(f"wrote {_short(path)}")


@main.command(cls=_Command)
@_DATA
@click.option("--year", type=int, help="Also require figures for this year.")
@click.option("--area", default="91", show_default=True, help="Area code for --year.")
def check(data_dir: Path | None, year: int | None, area: str) -> None:
    """Check every data file, and that data/clean follows from data/printed.

    Example: kg check --year 2021
    """
    from kg_analysis.tables.clean import check_data  # noqa: PLC0415

    folder = _data(data_dir)
    if year is None:
        check_data(folder)
    else:
        _check(folder)
        click.echo(_say_year(folder, year, area))
    click.echo(f"{_short(folder)}: all tables are sound and agree with each other")
    click.echo(_verdicts(folder))


@main.command(cls=_Command)
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, help="Year that the report reviews.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Review workbook (xlsx) to write.")
@click.option("--csv", type=click.Path(path_type=Path), help="Also write the proposals as CSV, for programs.")
@click.option("--area", default="91", show_default=True, help="Area code, see data/areas.csv.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the workbook.")
@_DATA
def draft(
    report: Path, year: int, output: Path, csv: Path | None, area: str, language: str, data_dir: Path | None
) -> None:
    """Propose every figure of REPORT (docx, pdf or txt) in a workbook, for a person to confirm or correct.

    A second draft into the same workbook keeps what was decided in it.

    Example: kg draft bao-cao-2024.docx --year 2024 --output review.xlsx
    """
    from kg_analysis.runs.draft import draft_report  # noqa: PLC0415

    found = draft_report(report, year, area, _data(data_dir), output, csv, language)
    for remark in found.remarks:
        click.echo(f"{report.name}: {remark}")
    for sheet, count in found.counts.items():
        click.echo(f"{sheet}: {count} rows")
    click.echo(f"figures with a warning: {found.warned}; decisions kept from before: {found.kept}")
    for path in (output, *([csv] if csv else [])):
        click.echo(f"wrote {_short(path)}")


@main.command(cls=_Command)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--preview/--no-preview", default=True, help="Also try the notebooks and list the charts of the year.")
@_DATA
def accept(workbook: Path, preview: bool, data_dir: Path | None) -> None:
    """Write what is confirmed in WORKBOOK into the data, all or nothing, and say what the year now holds.

    Example: kg accept review.xlsx
    """
    from kg_analysis.runs import accept as accepting  # noqa: PLC0415

    folder = _data(data_dir)
    found = accepting.accept(workbook, folder)
    for name in found.written:
        click.echo(f"wrote {_short(folder / name)}")
    for line in accepting.summary(found, folder, preview):
        click.echo(line)


@main.command(cls=_Command)
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--source", help="Id of the source; by default the one whose hash the report has.")
@_DATA
def verify(report: Path, source: str | None, data_dir: Path | None) -> None:
    """Prove every printed figure against the text of REPORT, and that none of its digits is left out.

    Example: kg verify ~/reports/kien-giang-2021.txt
    """
    from kg_analysis.ingest.verify import verify_report  # noqa: PLC0415

    verified = verify_report(report, _data(data_dir), source)
    for topic, count in verified.by_topic.items():
        click.echo(f"{topic}: {count} figures")
    click.echo(f"legal references: {verified.references}")
    for kind, count in verified.runs.items():
        click.echo(f"runs of digits, {kind}: {count}")
    click.echo(f"runs of digits: {sum(verified.runs.values())}, 0 unclassified")
    click.echo(f"{verified.source_id}: all {sum(verified.by_topic.values())} printed figures stand in {report.name}")


@main.command(cls=_Command)
@click.option("--year", type=int, required=True, help="Year of the report.")
@click.option("--notebook", "notebooks", multiple=True, help="Stem of a notebook; may be repeated. Default: all.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Parameter, e.g. language=en.")
@click.option("--output-dir", type=click.Path(path_type=Path), help="Root of the outputs; default outputs/.")
@click.option("--notebooks-dir", type=click.Path(path_type=Path), help="Folder of the notebooks; default notebooks/.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Notebooks at a time.")
@_DATA
def run(
    year: int,
    notebooks: tuple[str, ...],
    settings: tuple[str, ...],
    output_dir: Path | None,
    notebooks_dir: Path | None,
    jobs: int,
    data_dir: Path | None,
) -> None:
    """Check the data, execute the notebooks of a year and write outputs/YEAR.

    Example: kg run --year 2021 --notebook 02_growth_scenarios --set q4_share_pct=28
    """
    from kg_analysis.runs import batch as runs  # noqa: PLC0415
    from kg_analysis.runs import parameters  # noqa: PLC0415

    folder = _data(data_dir)
    sources = notebooks_dir or folder.parent / "notebooks"
    root = output_dir or folder.parent / "outputs"
    chosen = notebooks or tuple(parameters.NOTEBOOKS)
    values = parameters.parse_settings(settings)
    parameters.known_to(chosen, values)
    common = {"year": year, "data_dir": _from(sources, folder), "output_dir": _from(sources, root)}
    jobs_listed = [
        runs.Job(sources / f"{name}.ipynb", parameters.build(name, **parameters.of(name, values), **common))
        for name in chosen
    ]
    area = jobs_listed[0].parameters.area
    with runs.helped(partial(_say_year, folder, year, area), partial(_check, folder)) as checked:
        runs.prepare()
        click.echo(checked(), err=True)
        results = runs.run_all(jobs_listed, root, jobs)
    for result in results:
        for path in result.files:
            click.echo(_short(path))
        for why in result.skipped:
            click.echo(f"left out of {result.notebook}: {why}")
    click.echo(_short((root / str(year) / "manifest.json").resolve()))


@main.command(cls=_Command)
@click.option("--year", type=int, required=True, help="Year of the report.")
@click.option(
    "--language", type=click.Choice(["vi", "en"]), help="Language; by default that of the selection, else vi."
)
@click.option(
    "--format", "formats", default="docx,pptx,xlsx,html", show_default=True, help="Also png, svg, pdf: its charts."
)
@click.option("--selection", type=click.Path(path_type=Path), help="TOML file: sections, charts, order, title, inputs.")
@click.option("--template", type=click.Path(path_type=Path), help="Word file whose styles and header block are used.")
@click.option("--output-dir", type=click.Path(path_type=Path), help="Root of the outputs; default outputs/.")
@click.option("--area", default="91", show_default=True, help="Area code.")
@_DATA
def briefing(
    year: int,
    language: str | None,
    formats: str,
    selection: Path | None,
    template: Path | None,
    output_dir: Path | None,
    area: str,
    data_dir: Path | None,
) -> None:
    """Write the briefing of a year as Word, PowerPoint, Excel and web page.

    Example: kg briefing --year 2021 --language en --format docx,html --selection my.toml
    """
    from kg_analysis.briefing import produce, writers  # noqa: PLC0415
    from kg_analysis.briefing.selection import read_selection  # noqa: PLC0415
    from kg_analysis.runs import fingerprint, manifest  # noqa: PLC0415
    from kg_analysis.tables.dataset import load  # noqa: PLC0415

    folder = _data(data_dir)
    chosen, choice = writers.chosen(formats.split(",")), read_selection(selection, language)
    root = output_dir or folder.parent / "outputs"
    _check(folder)
    click.echo(_say_year(folder, year, area), err=True)
    data = load(folder, year, area)
    written = produce.produce(data, choice, root / str(year), chosen, template)
    parameters = {"year": year, "area": area, "formats": chosen, "selection": choice.model_dump()}
    names = sorted(path.relative_to(root / str(year)).as_posix() for path in written.files)
    skipped = [{"what": "briefing", "why": why} for why in written.left_out]
    packages = fingerprint.packages() | {name: version(name) for name in ("python-docx", "python-pptx")}
    section = manifest.Section(parameters, data.inputs, names, skipped, packages)
    manifest.record(root / str(year), written.files[0].stem, section)
    for path in written.files:
        click.echo(_short(path))
    for why in written.left_out:
        click.echo(f"left out: {why}")


def _check(folder: Path) -> None:
    from kg_analysis.tables.clean import check_data  # noqa: PLC0415

    check_data(folder)


def _say_year(folder: Path, year: int, area: str) -> str:
    from kg_analysis.tables.dataset import load  # noqa: PLC0415

    data = load(folder, year, area)
    when = " to ".join(data.vintages)
    return f"checked: {len(data.figures)} figures for {data.area_name} {year}, published {when}"


def _verdicts(folder: Path) -> str:
    """How many declared checks hold; a contradiction is a finding for the reader and no failure."""
    from kg_analysis.analysis.checks import run_checks  # noqa: PLC0415
    from kg_analysis.tables.dataset import read_checks  # noqa: PLC0415

    found = Counter(each.verdict for each in run_checks(*read_checks(folder)))
    counts = ", ".join(f"{found[verdict]} {verdict}" for verdict in ("holds", "contradicts", "indeterminate"))
    return f"declared checks: {counts}"


main.add_command(batch)
main.add_command(synthetic)
