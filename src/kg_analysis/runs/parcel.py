"""Data and notebooks as one piece, to be sent to another machine.

Responsibility: pack them here, lay them out there so that every relative path of a run's parameters means the same.
"""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from kg_analysis.disk import files_below
from kg_analysis.runs.plan import Folders

DATA, NOTEBOOKS = "data", "notebooks"


def pack(folders: Folders) -> bytes:
    """Tar file of the data folder and the notebooks; the same files give the same bytes."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, folder in ((DATA, folders.data), (NOTEBOOKS, folders.notebooks)):
            for path in files_below(folder):
                if not any(part.startswith(".") for part in path.relative_to(folder).parts):
                    entry = tarfile.TarInfo(f"{name}/{path.relative_to(folder).as_posix()}")
                    data = path.read_bytes()
                    entry.size = len(data)
                    tar.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def unpack(content: bytes, base: Path, notebooks: str, data_dir: str, output_dir: str) -> Folders:
    """Lay a parcel out under a folder.

    Parameters
    ----------
    content : bytes
        A parcel.
    base : Path
        Empty folder.
    notebooks : str
        Name of the folder of the notebooks where they come from.
    data_dir, output_dir : str
        Parameters of the runs: paths as the notebooks see them.
    """
    climbs = max(Path(each).parts.count("..") for each in (data_dir, output_dir))
    place = base.joinpath(*["d"] * climbs, notebooks)
    data = Path(os.path.normpath(place / data_dir))
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        for member in tar.getmembers():
            top, _, name = member.name.partition("/")
            tar.extract(member.replace(name=name, deep=False), data if top == DATA else place, filter="data")
    return Folders(data, place, Path(os.path.normpath(place / output_dir)).parent)
