"""The files of a briefing: written beside, moved into place together, never half.

Responsibility: from a dataset and a selection to files. Nothing in place is touched before every new file is complete;
if one of them cannot be moved, the others go back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg_analysis.briefing import writers
from kg_analysis.briefing.build import build
from kg_analysis.briefing.model import Briefing
from kg_analysis.briefing.pictures import pictures
from kg_analysis.briefing.selection import Selection
from kg_analysis.data.dataset import Dataset
from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError
from kg_analysis.spreadsheet import csv_bytes


@dataclass(frozen=True)
class Produced:
    """What was written, and what the year's figures did not allow.

    Attributes
    ----------
    files : tuple of Path
    left_out : tuple of str
        Reasons, each once.
    """

    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def produce(
    data: Dataset,
    choice: Selection,
    folder: Path,
    formats: Iterable[str] = tuple(writers.MODULES),
    template: Path | None = None,
) -> Produced:
    """Write a briefing in each format, and the table of its numbers.

    Parameters
    ----------
    data : Dataset
    choice : Selection
    folder : Path
        Where the files go: ``briefing.docx`` …, in English ``briefing-en.docx`` …
    formats : iterable of str
        Of ``docx``, ``pptx``, ``xlsx`` and ``html``; with ``png``, ``svg`` or ``pdf``, its charts go to
        ``briefing-charts/``.
    template : Path or None
        Word file whose styles and header block take the place of the usual ones.

    Raises
    ------
    DataError
        An unknown format; a template that is none; a folder that cannot be written; a file that is open elsewhere.
        Whatever was in place stays.
    """
    chosen = writers.chosen(formats)
    if template is not None and "docx" not in chosen:
        raise DataError(f"{template.name}: a template is for docx, which --format leaves out; add docx or drop it")
    stem = "briefing" if choice.language == "vi" else f"briefing-{choice.language}"
    charts = [each for each in chosen if each in writers.PICTURES]
    chosen = [each for each in chosen if each in writers.MODULES]
    names = [f"{stem}.{each}" for each in chosen]
    _refuse_open(folder, names)
    staging = _staging(folder)
    try:
        briefing = build(data, choice, slides=not {"pptx", "xlsx"}.isdisjoint(chosen))
        for each, name in zip(chosen, names, strict=True):
            writers.writer(each)(briefing, staging / name, choice.layout, template if each == "docx" else None)
        numbers = f"tables/{stem.replace('-', '_')}_numbers.csv"
        write_bytes(staging / numbers, csv_bytes(briefing.numbers.data))
        drawn = pictures(data, choice, charts) if charts else {}
        for name, content in drawn.items():
            write_bytes(staging / f"{stem}-charts" / name, content)
        written = [*names, numbers, *(f"{stem}-charts/{name}" for name in drawn)]
        files = _move({staging / name: folder / name for name in written})
    except OSError as error:
        raise DataError(_cannot_write(folder, error)) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Produced(tuple(files), tuple(left_out(briefing)))


def left_out(briefing: Briefing) -> list[str]:
    """Why something is missing, each reason once, in the order of the sections."""
    parts = [part.left_out for section in briefing.sections for part in section.parts]
    return list(dict.fromkeys(each for some in [*parts, *(one.left_out for one in briefing.sections)] for each in some))


def _refuse_open(folder: Path, names: Iterable[str]) -> None:
    """Refuse files that Word, Excel, PowerPoint or LibreOffice has open: saving there would undo the new ones."""
    problems = []
    for name in names:
        marks = (f".~lock.{name}#", f"~${name}", f"~${name[2:]}")  # Office shortens names of more than eight letters
        if mark := next((each for each in marks if (folder / each).exists()), None):
            problems.append(
                f"{folder / name}: is open elsewhere; close it (or remove {mark} if nobody has it open) and repeat"
            )
    if problems:
        raise DataError(problems)


def _staging(folder: Path) -> Path:
    staging = folder / f".partial-briefing-{os.getpid()}"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
    except OSError as error:
        raise DataError(_cannot_write(folder, error)) from None
    return staging


def _move(moves: Mapping[Path, Path]) -> list[Path]:
    """Move every file into place, or none."""
    done: dict[Path, Path | None] = {}
    try:
        for new, target in moves.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            kept = new.with_name(f"{new.name}.kept") if target.exists() else None
            if kept is not None:
                target.replace(kept)
            done[target] = kept
            new.replace(target)
    except OSError:
        for target, kept in done.items():
            if kept is not None:
                kept.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise
    return list(moves.values())


def _cannot_write(folder: Path, error: OSError) -> str:
    where = f" ({Path(error.filename).name})" if error.filename else ""
    return (
        f"{folder}: cannot be written: {error.strerror}{where}; close the file where it is open, free the folder, or "
        "pass --output-dir"
    )
