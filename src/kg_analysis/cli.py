"""Command line ``kg``: options, messages and exit codes of every command.

Responsibility: what a person types and reads. Heavy imports wait for the command that needs them.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg_analysis import disk
from kg_analysis.errors import DataError, one_line

if TYPE_CHECKING:
    from kg_analysis.runs.batch import Summary

LEAVING = 20  # that a command has to end its kernels when it is asked to end [s]
DATA = click.option(
    "--data-dir", type=click.Path(path_type=Path), help="Data folder; by default data/ of the project around here."
)


class Command(click.Command):
    """Command that prints what is wrong line by line on stderr and leaves with exit code 1.

    Here, and for files of others in ``untrusted.answer``, an exception of a library becomes a line.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except DataError as error:
            problems = error.problems
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            problems = (f"{where}{error.strerror or one_line(error)}; free or name another file, folder or address",)
        except Exception as error:
            if os.environ.get("KG_DEBUG"):
                raise
            problems = (
                f"kg {self.name}: unexpected {type(error).__name__} ({one_line(error)}); please report it with what "
                "KG_DEBUG=1 prints",
            )
        for problem in problems:
            click.echo(f"error: {' '.join(problem.split())}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kg-analysis")
def main() -> None:
    """Figures of Kiên Giang's annual reports: clean data, notebooks and charts, each number traceable to the page."""
    # Numpy comes later. The matrices of a year are small: threads would wait for each other longer than they work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@main.command(cls=Command)
@DATA
def clean(data_dir: Path | None) -> None:
    """Regenerate data/clean from data/printed.

    Example: kg clean
    """
    from kg_analysis.data.clean import write_clean  # noqa: PLC0415

    for path in write_clean(data_folder(data_dir)):
        click.echo(f"wrote {short(path)}")


@main.command(cls=Command)
@DATA
@click.option("--year", type=int, help="Also require figures for this year.")
@click.option("--area", default="91", show_default=True, help="Area code for --year.")
def check(data_dir: Path | None, year: int | None, area: str) -> None:
    """Check every data file, and that data/clean follows from data/printed.

    Example: kg check --year 2021
    """
    from kg_analysis.data.clean import check_data  # noqa: PLC0415

    folder = data_folder(data_dir)
    if year is None:
        check_data(folder)
    else:
        click.echo(checked(folder, year, area))
    click.echo(f"{short(folder)}: all tables are sound and agree with each other")
    click.echo(_verdicts(folder))


@main.command(cls=Command)
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, help="Year that the report reviews.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Review workbook (xlsx) to write.")
@click.option("--csv", type=click.Path(path_type=Path), help="Also write the proposals as CSV, for programs.")
@click.option("--area", default="91", show_default=True, help="Area code, see data/areas.csv.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the workbook.")
@DATA
def draft(
    report: Path, year: int, output: Path, csv: Path | None, area: str, language: str, data_dir: Path | None
) -> None:
    """Propose every figure of REPORT (docx, pdf or txt) in a workbook, for a person to confirm or correct.

    A second draft into the same workbook keeps what was decided in it.

    Example: kg draft bao-cao-2024.docx --year 2024 --output review.xlsx
    """
    from kg_analysis.ingest.report import draft_report  # noqa: PLC0415

    folder = data_folder(data_dir)
    kept = (folder, folder.parent / "notebooks")
    disk.check_outputs({"--output": output, "--csv": csv}, {"REPORT": report}, kept)
    found = draft_report(report, year, area, folder, output, csv, language)
    for remark in found.remarks:
        click.echo(f"{report.name}: {remark}")
    for sheet, count in found.counts.items():
        click.echo(f"{sheet}: {count} rows")
    click.echo(f"figures with a warning: {found.warned}; decisions kept from before: {found.kept}")
    for path in (output, *([csv] if csv else [])):
        click.echo(f"wrote {short(path)}")


@main.command(cls=Command)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--preview/--no-preview", default=True, help="Also try the notebooks and list the charts of the year.")
@DATA
def accept(workbook: Path, preview: bool, data_dir: Path | None) -> None:
    """Write what is confirmed in WORKBOOK into the data, all or nothing, and say what the year now holds.

    Example: kg accept review.xlsx
    """
    from kg_analysis.ingest.accept import accept_review  # noqa: PLC0415
    from kg_analysis.runs.accept import summary  # noqa: PLC0415

    folder = data_folder(data_dir)
    found = accept_review(workbook, folder, date.today())
    for name in found.written:
        click.echo(f"wrote {short(folder / name)}")
    for line in summary(found, folder, preview):
        click.echo(line)


@main.command(cls=Command)
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--source", help="Id of the source; by default the one whose hash the report has.")
@DATA
def verify(report: Path, source: str | None, data_dir: Path | None) -> None:
    """Prove every printed figure against the text of REPORT, and that none of its digits is left out.

    Example: kg verify ~/reports/kien-giang-2021.txt
    """
    from kg_analysis.ingest.verify import verify_report  # noqa: PLC0415

    verified = verify_report(report, data_folder(data_dir), source)
    for topic, count in verified.by_topic.items():
        click.echo(f"{topic}: {count} figures")
    click.echo(f"legal references: {verified.references}")
    for kind, count in verified.runs.items():
        click.echo(f"runs of digits, {kind}: {count}")
    click.echo(f"runs of digits: {sum(verified.runs.values())}, 0 unclassified")
    click.echo(f"{verified.source_id}: all {sum(verified.by_topic.values())} printed figures stand in {report.name}")


@main.command(cls=Command)
@click.option("--year", type=int, required=True, help="Year of the report.")
@click.option("--notebook", "notebooks", multiple=True, help="Stem of a notebook; may be repeated. Default: all.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Parameter, e.g. language=en.")
@click.option("--output-dir", type=click.Path(path_type=Path), help="Root of the outputs; default outputs/.")
@click.option("--notebooks-dir", type=click.Path(path_type=Path), help="Folder of the notebooks; default notebooks/.")
@click.option("--jobs", type=click.IntRange(min=1), help="Notebooks at a time; default: one for each processor.")
@DATA
def run(
    year: int,
    notebooks: tuple[str, ...],
    settings: tuple[str, ...],
    output_dir: Path | None,
    notebooks_dir: Path | None,
    jobs: int | None,
    data_dir: Path | None,
) -> None:
    """Check the data, execute the notebooks of a year and write outputs/YEAR.

    Example: kg run --year 2021 --notebook 02_growth_scenarios --set q4_share_pct=28
    """
    from kg_analysis import parameters  # noqa: PLC0415
    from kg_analysis.runs.run import Folders, plan, run_year  # noqa: PLC0415

    folder = data_folder(data_dir)
    root = output_dir or folder.parent / "outputs"
    folders = Folders(folder, notebooks_dir or folder.parent / "notebooks", root)
    disk.check_outputs({"--output-dir": root}, {}, (folders.data, folders.notebooks))
    chosen = notebooks or tuple(parameters.NOTEBOOKS)
    values = parameters.divide(chosen, parameters.parse_settings(settings))
    planned = [plan(name, folders, year=year, **values[name]) for name in values]
    from kg_analysis.runs.warm import Server  # noqa: PLC0415

    with in_order(), Server(folder) as server:  # it imports what kernels need while the data are checked
        click.echo(checked(folder, year, planned[0].parameters.area), err=True)
        outcomes = run_year(planned, folders, server, jobs or processors())
    for job, outcome in zip(planned, outcomes, strict=True):
        for path in outcome.paths:
            click.echo(short(path))
        for why in dict.fromkeys(row["why"] for row in outcome.section.skipped) if outcome.section else ():
            click.echo(f"left out of {job.notebook}: {why}")
    click.echo(short(root / str(year) / "manifest.json"))


@main.command(cls=Command)
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
    from kg_analysis import manifest  # noqa: PLC0415
    from kg_analysis.briefing import produce  # noqa: PLC0415
    from kg_analysis.briefing.selection import read_selection  # noqa: PLC0415
    from kg_analysis.data.dataset import load  # noqa: PLC0415

    folder = data_folder(data_dir)
    chosen, choice = produce.chosen(formats.split(",")), read_selection(selection, language)
    root = output_dir or folder.parent / "outputs"
    disk.check_outputs({"--output-dir": root}, {}, (folder, folder.parent / "notebooks"))
    click.echo(checked(folder, year, area), err=True)
    data = load(folder, year, area, citable=True)
    manifest.unchanged(folder, data.inputs)
    written = produce.produce(data, choice, root / str(year), chosen, template)
    for path in written.files:
        click.echo(short(path))
    for why in written.left_out:
        click.echo(f"left out: {why}")


@main.command(cls=Command)
@click.argument("order", type=click.Path(path_type=Path), required=False)
@click.option("--years", help="Years, e.g. 2015-2024,2026; default: all with figures.")
@click.option("--area", "areas", multiple=True, help="Area code; may be repeated. Default: all with figures.")
@click.option("--notebook", "notebooks", multiple=True, help="Stem of a notebook; may be repeated. Default: all.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Parameter, e.g. language=en.")
@click.option("--output-dir", type=click.Path(path_type=Path), help="Root of the outputs; default outputs/.")
@click.option("--notebooks-dir", type=click.Path(path_type=Path), help="Folder of the notebooks; default notebooks/.")
@click.option("--jobs", type=click.IntRange(min=1), help="Notebooks at a time; default: one for each processor.")
@click.option("--time-limit", type=click.FloatRange(1, 10**6), default=600, show_default=True, help="Of each run [s].")
@click.option("--scheduler", metavar="ADDRESS", help="Run on the workers of a dask scheduler, e.g. tcp://host:8786.")
@click.option("--force", is_flag=True, help="Run everything, changed or not.")
@DATA
def batch(order: Path | None, settings: tuple[str, ...], **options: Any) -> None:
    """Run notebooks for many years and areas; write OUTPUT-DIR/AREA/YEAR.

    ORDER is a TOML file with years, areas, notebooks and [parameters]; options stand in for what it says. Runs whose
    notebook, parameters, data and library are unchanged are skipped, so that a batch that was stopped goes on where it
    was, and a corrected file runs what has read it.

    Example: kg batch --years 2020-2022 --area 91 --jobs 2
    """
    from kg_analysis.parameters import parse_settings, read_order  # noqa: PLC0415
    from kg_analysis.runs.batch import run_batch  # noqa: PLC0415
    from kg_analysis.runs.run import Folders  # noqa: PLC0415

    if math.isnan(options["time_limit"]):
        raise click.BadParameter("nan is no number of seconds", param_hint="--time-limit")
    start = time.monotonic()
    data = data_folder(options["data_dir"])
    sources, output = options["notebooks_dir"], options["output_dir"]
    folders = Folders(data, sources or data.parent / "notebooks", output or data.parent / "outputs")
    disk.check_outputs({"--output-dir": folders.output}, {}, (folders.data, folders.notebooks))
    wanted = read_order(
        order,
        years=options["years"],
        areas=list(options["areas"]),
        notebooks=list(options["notebooks"]),
        parameters=parse_settings(settings),
    )
    with in_order():
        summary = run_batch(
            wanted,
            folders,
            options["jobs"] or processors(),
            options["time_limit"],
            lambda line: click.echo(line, err=True),
            options["scheduler"],
            options["force"],
        )
    for line in _table(summary):
        click.echo(line)
    click.echo(f"{time.monotonic() - start:.1f} s", err=True)
    if summary.failed:
        sys.exit(1)


# --- what the commands share


@contextmanager
def in_order() -> Iterator[None]:
    """Let a request to end this process leave through every ``finally``; its exit code is that of the signal.

    A request may come where an exception gets lost, or leaves a lock behind: what has not left in time is ended, and
    the next command settles what stands.
    """
    asked = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in asked}

    def leave(number: int, frame: Any) -> None:
        for each in asked:
            signal.signal(each, lambda number, frame: None)  # once is enough
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, lambda *_: os._exit(128 + number))
            signal.setitimer(signal.ITIMER_REAL, LEAVING)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # nohup has asked to go on
            signal.signal(number, leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def data_folder(given: Path | None) -> Path:
    """Data folder that is given, or that of the project around here.

    Raises
    ------
    DataError
        If there is none.
    """
    folder = given or _root() / "data"
    if not folder.is_dir():
        raise DataError(f"data folder {folder} does not exist; pass an existing folder with --data-dir")
    disk.settle(folder, disk.DATA_FILES)
    return folder


def short(path: Path) -> str:
    """Path as seen from here, where that is shorter."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _root() -> Path:
    """Nearest folder from here upwards that holds the project's data."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "data" / "sources.csv").is_file():
            return folder
    raise DataError(f"no data/sources.csv in {here} or above; go to the project's folder or pass --data-dir")


def checked(folder: Path, year: int, area: str) -> str:
    """Check a data folder, and say what it holds of a year.

    Raises
    ------
    DataError
        Every problem found; a year or area without figures.
    """
    from kg_analysis.data.clean import check_data  # noqa: PLC0415
    from kg_analysis.data.dataset import load  # noqa: PLC0415

    check_data(folder)
    data = load(folder, year, area)
    when = " to ".join(data.vintages)
    return f"checked: {len(data.figures)} figures for {data.area_name} {year}, published {when}"


def _verdicts(folder: Path) -> str:
    """How many declared checks hold; a contradiction is a finding for the reader and no failure."""
    from kg_analysis.analysis.checks import of_tables  # noqa: PLC0415
    from kg_analysis.data.loader import load  # noqa: PLC0415

    found = Counter(of_tables(load(folder))["verdict"])
    counts = ", ".join(f"{found[verdict]} {verdict}" for verdict in ("holds", "contradicts", "indeterminate"))
    return f"declared checks: {counts}"


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _table(summary: Summary) -> list[str]:
    """Counts, and each failed run with its cell and message."""
    lines = [
        f"done    {len(summary.done):6}",
        f"skipped {summary.skipped:6}  (nothing they read has changed)",
        f"failed  {len(summary.failed):6}",
    ]
    for job, outcome in summary.failed:
        problems = [problem.removeprefix(f"{job.notebook}.ipynb").lstrip(" :") for problem in outcome.problems]
        lines += [f"  {job.parameters.area} {job.parameters.year} {job.notebook}: {problem}" for problem in problems]
    return lines


if __name__ == "__main__":
    main()
