"""Command line ``kg``: draft, accept, clean, check, verify; what runs notebooks is in ``cli_run`` and ``cli_batch``.

Responsibility: options, messages and exit codes. Heavy imports wait for the command that needs them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from kg_analysis.cli_base import DATA as _DATA
from kg_analysis.cli_base import Command as _Command
from kg_analysis.cli_base import data_folder as _data
from kg_analysis.cli_base import short as _short
from kg_analysis.cli_batch import batch
from kg_analysis.cli_run import briefing, checked, run


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
    from kg_analysis.data.clean import write_clean  # noqa: PLC0415

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
    from kg_analysis.data.clean import check_data  # noqa: PLC0415

    folder = _data(data_dir)
    if year is None:
        check_data(folder)
    else:
        click.echo(checked(folder, year, area))
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


def _verdicts(folder: Path) -> str:
    """How many declared checks hold; a contradiction is a finding for the reader and no failure."""
    from kg_analysis.analysis.checks import run_checks  # noqa: PLC0415
    from kg_analysis.data.dataset import read_checks  # noqa: PLC0415

    found = Counter(each.verdict for each in run_checks(*read_checks(folder)))
    counts = ", ".join(f"{found[verdict]} {verdict}" for verdict in ("holds", "contradicts", "indeterminate"))
    return f"declared checks: {counts}"


for each in (run, briefing, batch):
    main.add_command(each)
