"""What the commands of ``kg`` share: how errors are printed, where the data lie, how paths are shown.

Responsibility: the ground of ``cli`` and ``cli_batch``; no command of its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from kg_analysis.disk import finish
from kg_analysis.errors import DataError

DATA = click.option(
    "--data-dir", type=click.Path(path_type=Path), help="Data folder; by default data/ of the project around here."
)


class Command(click.Command):
    """Command that prints a DataError line by line on stderr and leaves with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except DataError as error:
            for problem in error.problems:
                click.echo(f"error: {problem}", err=True)
            sys.exit(1)


def seen_from(start: Path, path: Path) -> str:
    """Path as a notebook in ``start`` sees it: relative, so that no machine's path gets into its outputs."""
    return Path(os.path.relpath(path.resolve(), start.resolve())).as_posix()


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
    finish(folder)  # of a change of several files that was killed half-way
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
