"""What a year can do once a review has become data: figures by topic, checks, charts of the notebooks, tried aside."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg_analysis import parameters
from kg_analysis.analysis.checks import of_year
from kg_analysis.data.dataset import load
from kg_analysis.errors import DataError
from kg_analysis.ingest.accept import Accepted
from kg_analysis.runs.run import Folders, plan, run_year
from kg_analysis.runs.warm import Server


def summary(accepted: Accepted, data_dir: Path, preview: bool) -> Iterator[str]:
    """Lines that say what a year now holds and still lacks; a preview tries the notebooks, which takes some seconds."""
    counts = accepted.counts
    yield (
        f"{accepted.source_id}: {counts['printed']} figures ({accepted.changed} rows corrected), "
        f"{counts['references']} legal references, {counts['exclusions']} exclusions confirmed; "
        f"{accepted.open} proposals left open"
    )
    try:
        data = load(data_dir, accepted.year, accepted.area_code)
    except DataError as error:
        yield f"no analysis yet: {error}"
        return
    topics = Counter(data.indicators["topic"].reindex(data.figures["indicator"]))
    held = ", ".join(f"{topic} {count}" for topic, count in sorted(topics.items()))
    yield f"{data.area_name} {accepted.year} now holds {len(data.figures)} figures: {held}"
    verdicts = Counter(of_year(data)["verdict"])
    if verdicts:
        yield "declared checks of the year: " + ", ".join(f"{count} {each}" for each, count in sorted(verdicts.items()))
    else:
        yield f"declared checks of the year: none yet; add identities of {accepted.year} to checks.csv"
    if preview:
        yield from _enabled(accepted, data_dir)
    area = "" if accepted.area_code == "91" else f" --set area={accepted.area_code}"
    yield f"next: kg run --year {accepted.year}{area}"


def _enabled(accepted: Accepted, data_dir: Path) -> Iterator[str]:
    """Charts of each notebook, found by running all aside; what does not run is named and stops nothing."""
    sources = data_dir.parent / "notebooks"
    stems = [name for name in parameters.NOTEBOOKS if (sources / f"{name}.ipynb").is_file()]
    with tempfile.TemporaryDirectory() as root, Server(data_dir) as server:
        folders = Folders(data_dir, sources, Path(root))
        jobs = [plan(name, folders, year=accepted.year, area=accepted.area_code) for name in stems]
        try:
            outcomes = run_year(jobs, folders, server)
        except DataError as error:
            yield from (f"does not run yet: {problem}" for problem in error.problems)
            return
    for job, outcome in zip(jobs, outcomes, strict=True):
        charts = [path.stem for path in outcome.paths if path.suffix == ".png"]
        yield f"{job.notebook}: {len(charts)} charts" + (f" ({', '.join(charts)})" if charts else "")
        for why in dict.fromkeys(row["why"] for row in outcome.section.skipped) if outcome.section else ():
            yield f"  left out: {why}"
