"""Cost of the four files of a briefing against saving the same charts as PNG alone.

Run: python benchmarks/bench_briefing.py [--rounds 3]. Both sides start from the loaded data of 2021, with all libraries
imported. The peer draws each chart that the briefing shows and saves it as PNG; ours chooses sentences, draws each
chart once as PNG and SVG, and writes docx, pptx, xlsx and html. Rounds alternate; the median of processor time counts,
since both sides compute alone and other work on the machine should not.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kg_analysis.briefing.build import build
from kg_analysis.briefing.desk import Desk, Witness
from kg_analysis.briefing.produce import FORMATS, produce, written_as
from kg_analysis.briefing.selection import Selection, read_selection
from kg_analysis.charts import frame
from kg_analysis.charts.frame import Chart, drawn
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.narrative.context import ReportContext

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 3


def charts_of(data: Dataset, choice: Selection) -> dict[str, str]:
    """Charts that the briefing shows, with the size that each is drawn in."""
    sections = [choice.section[each] for each in choice.sections]
    parts = [choice.part[part] for each in sections for part in each.parts]
    usual = choice.layout.chart_size
    sizes = {chart: part.chart_size or usual for part in parts for chart in part.charts}
    slides = [slide for section in build(data, choice).sections for slide in section.slides]
    return {slide.figure.chart.name: "full" for slide in slides if slide.figure} | sizes


def ours(data: Dataset, choice: Selection, folder: Path) -> None:
    """The four files."""
    produce(data, choice, folder)


def png_alone(data: Dataset, choice: Selection, sizes: dict[str, str], folder: Path) -> None:
    """The same charts drawn and saved as PNG, nothing else."""
    page = Witness(choice.language)
    desk = Desk(ReportContext(data, page), page, choice.inputs.model_dump())
    for name, size in sizes.items():
        with drawn(size):
            chart: Chart = desk.named("charts", name)
        (folder / f"{name}.png").write_bytes(chart.png)


def seconds(work: Callable[[], None]) -> float:
    """Processor time of a piece of work [s]."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    data, choice = load(ROOT / "data", 2021, "91", citable=True), read_selection()
    content = build(data, choice)
    for each in FORMATS:
        written_as(each, content, choice)
    sizes = charts_of(data, choice)  # also warms fonts and caches for both sides
    whole, alone = [], []
    svg = frame.svg
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            frame.svg = lambda *_: b""
            alone.append(seconds(lambda: png_alone(data, choice, sizes, Path(folder))))
            frame.svg = svg
            whole.append(seconds(lambda: ours(data, choice, Path(folder) / "2021")))
            times = f"{len(sizes)} charts as PNG {alone[-1]:.2f} s, four files {whole[-1]:.2f} s"
            print(f"round {number + 1}: {times}", flush=True)
    ratio = LIMIT * statistics.median(alone) / statistics.median(whole)
    print(f"RATIO briefing_{LIMIT}x_png_limit {ratio:.2f} aim 1.00")


if __name__ == "__main__":
    main()
