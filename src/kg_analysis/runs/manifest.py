"""``manifest.json``: what each notebook was run with, what it read, wrote and left out.

Responsibility: the record beside the outputs of a year. It holds no clock and no absolute path, so that the same
inputs give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kg_analysis.disk import exclusive, write_bytes
from kg_analysis.errors import DataError

NAME = "manifest.json"


@dataclass(frozen=True)
class Section:
    """Record of one notebook.

    Attributes
    ----------
    parameters : dict
    inputs : dict of str to str
        sha256 of each file read, by its path under the data folder.
    files : list of str
        Files written, relative to the folder of the year.
    skipped : list of dict
        ``what`` was left out and ``why``.
    packages : dict of str to str
        Versions.
    code : dict of str to str
        sha256 of the ``notebook`` and of this ``library``'s source.
    """

    parameters: dict[str, Any]
    inputs: dict[str, str]
    files: list[str]
    skipped: list[dict[str, str]]
    packages: dict[str, str]
    code: dict[str, str] = field(default_factory=dict)


def read(folder: Path) -> dict[str, Section]:
    """Sections of a year's manifest by notebook; empty if there is none.

    Raises
    ------
    DataError
        If the file is no manifest.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {notebook: Section(**section) for notebook, section in content["notebooks"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        raise DataError(f"{folder.name}/{NAME}: no manifest ({error}); remove the file and run again") from None


def to_bytes(sections: dict[str, Section]) -> bytes:
    """Content of a manifest."""
    content = {"notebooks": {name: asdict(section) for name, section in sections.items()}}
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def record(folder: Path, notebook: str, section: Section) -> None:
    """Set one notebook's section in the manifest of a year; of two at once, the second waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with exclusive(folder):
        write_bytes(folder / NAME, to_bytes(read(folder) | {notebook: section}))
