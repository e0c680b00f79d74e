"""Commands ``kg run`` and ``kg briefing``: one year.

Responsibility: their options, and what they say of what they wrote.
"""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from pathlib import Path

import click

from kg_analysis.cli_base import DATA, Command, data_folder, seen_from, short


@click.command(cls=Command)
@click.option("--year", type=int, required=True, help="Year of the report.")
@click.option("--notebook", "notebooks", multiple=True, help="Stem of a notebook; may be repeated. Default: all.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Parameter, e.g. language=en.")
@click.option("--output-dir", type=click.Path(path_type=Path), help="Root of the outputs; default outputs/.")
@click.option("--notebooks-dir", type=click.Path(path_type=Path), help="Folder of the notebooks; default notebooks/.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Notebooks at a time.")
@DATA
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

    folder = data_folder(data_dir)
    sources = notebooks_dir or folder.parent / "notebooks"
    root = output_dir or folder.parent / "outputs"
    chosen = notebooks or tuple(parameters.NOTEBOOKS)
    values = parameters.parse_settings(settings)
    parameters.known_to(chosen, values)
    common = {"year": year, "data_dir": seen_from(sources, folder), "output_dir": seen_from(sources, root)}
    jobs_listed = [
        runs.Job(sources / f"{name}.ipynb", parameters.build(name, **parameters.of(name, values), **common))
        for name in chosen
    ]
    area = jobs_listed[0].parameters.area
    with runs.helped(partial(_said, folder, year, area), folder) as planned:
        runs.prepare()
        click.echo(planned(), err=True)
        results = runs.run_all(jobs_listed, root, jobs)
    for result in results:
        for path in result.files:
            click.echo(short(path))
        for why in result.skipped:
            click.echo(f"left out of {result.notebook}: {why}")
    click.echo(short((root / str(year) / "manifest.json").resolve()))


@click.command(cls=Command)
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
@DATA
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
    from kg_analysis.data.dataset import load  # noqa: PLC0415
    from kg_analysis.runs import fingerprint, manifest  # noqa: PLC0415

    folder = data_folder(data_dir)
    chosen, choice = writers.chosen(formats.split(",")), read_selection(selection, language)
    root = output_dir or folder.parent / "outputs"
    click.echo(checked(folder, year, area), err=True)
    data = load(folder, year, area, citable=True)
    written = produce.produce(data, choice, root / str(year), chosen, template)
    parameters = {"year": year, "area": area, "formats": chosen, "selection": choice.model_dump()}
    names = sorted(path.relative_to(root / str(year)).as_posix() for path in written.files)
    skipped = [{"what": "briefing", "why": why} for why in written.left_out]
    packages = fingerprint.packages() | {name: version(name) for name in ("python-docx", "python-pptx")}
    section = manifest.Section(parameters, data.inputs, names, skipped, packages)
    manifest.record(root / str(year), written.files[0].stem, section)
    for path in written.files:
        click.echo(short(path))
    for why in written.left_out:
        click.echo(f"left out: {why}")


def checked(folder: Path, year: int, area: str) -> str:
    """Check a data folder, and say what it holds of a year.

    Raises
    ------
    DataError
        Every problem found; a year or area without figures.
    """
    from kg_analysis.data.clean import check_data  # noqa: PLC0415

    check_data(folder)
    return _said(folder, year, area)


def _said(folder: Path, year: int, area: str) -> str:
    from kg_analysis.data.dataset import load  # noqa: PLC0415

    data = load(folder, year, area)
    when = " to ".join(data.vintages)
    return f"checked: {len(data.figures)} figures for {data.area_name} {year}, published {when}"
