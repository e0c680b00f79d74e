"""Cost of `kg draft` against its limits: 40 pages in 2 s and 300 MB, and twice the pages for twice the time.

Run: python benchmarks/bench_draft.py [--rounds 3]. The report is the made-up one of examples/, repeated to the number
of pages, as Word and as PDF. Each round is a process of its own that has imported the library, reads the file (in the
process apart that every Word or PDF file gets) and proposes all figures; the median counts. Peak memory is that of the
whole process tree. The PDF is set letter by letter in two fonts, as office programs do with Vietnamese.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import pypdf
from memory import tree_memory

ROOT = Path(__file__).resolve().parent.parent
PAGES, SECONDS, MEMORY_MB = 40, 2.0, 300.0
CODE = """
import sys, time
from pathlib import Path
import pandas as pd
from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.draft import propose
data = Path(sys.argv[2])
names = ("indicators", "label_patterns")
tables = [pd.read_csv(data / f"{name}.csv", dtype=str, keep_default_na=False) for name in names]
start = time.perf_counter()
found = propose(read_document(Path(sys.argv[1])), year=2024, indicators=tables[0], patterns=tables[1])
print(time.perf_counter() - start, len(found))
"""


def maker() -> ModuleType:
    """The script that makes the example report."""
    spec = importlib.util.spec_from_file_location("make_report", ROOT / "examples" / "make_report.py")
    if spec is None or spec.loader is None:
        sys.exit("examples/make_report.py is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_reports(folder: Path, make: ModuleType) -> dict[tuple[str, int], Path]:
    """Reports of a quarter, half and all of the pages, by kind and number of pages."""
    text = (ROOT / "examples" / "song-cua-2024.txt").read_text(encoding="utf-8")
    files: dict[tuple[str, int], Path] = {}
    for pages in (PAGES // 4, PAGES // 2, PAGES):
        copies = pages
        while True:  # a copy has a bit more than one page
            path = folder / f"{pages}.pdf"
            path.write_bytes(make.build_pdf("\n".join([text] * copies)))
            found = len(pypdf.PdfReader(path).pages)
            if found <= pages:
                break
            copies = copies * pages // found
        files["pdf", pages] = path
        files["docx", pages] = path.with_suffix(".docx")
        files["docx", pages].write_bytes(make.build_docx("\n".join([text] * copies)))
    return files


def measure(path: Path) -> tuple[float, float, int]:
    """Time [s], peak memory [MB] and number of proposals of one draft."""
    peak = 0.0
    command = [sys.executable, "-c", CODE, str(path), str(ROOT / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            time.sleep(0.02)
        seconds, count = (process.stdout.read() if process.stdout else "").split()
    return float(seconds), peak, int(count)


def main() -> None:
    """Print times, memory and their ratios to the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    memory: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        files = write_reports(Path(folder), maker())
        for kind in ("docx", "pdf"):
            times: dict[int, float] = {}
            for (of, pages), path in files.items():
                if of == kind:
                    found = [measure(path) for _ in range(rounds)]
                    times[pages] = statistics.median(each[0] for each in found)
                    memory += [each[1] for each in found]
                    print(f"{kind} {pages} pages: {times[pages]:.2f} s, {found[0][1]:.0f} MB, {found[0][2]} proposals")
            print(f"RATIO draft_{PAGES}_pages_{kind} {SECONDS / times[PAGES]:.2f} aim 1.00")
            first, second = times[PAGES // 2] - times[PAGES // 4], times[PAGES] - times[PAGES // 2]
            print(f"RATIO draft_{kind}_linear {2 * first / second:.2f} aim 0.80")
    print(f"RATIO draft_memory_{MEMORY_MB:.0f}MB_limit {MEMORY_MB / max(memory):.2f} aim 1.00")


if __name__ == "__main__":
    main()
