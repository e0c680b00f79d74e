"""Damaged inputs against the commands, each in a forked process with limits of time and memory.

A command passes if it ends with a right result, or with lines of ``error:`` and exit code 1 (wrong usage: 2) and every
file as it was. Run it for long with ``make fuzz COUNT=5000 SEED=1``; a failed input is kept and can be run again.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
for place in (ROOT / "src", Path(__file__).parent):
    sys.path.insert(0, str(place))

import mutations  # noqa: E402
from openpyxl import load_workbook  # noqa: E402

from kg_analysis import untrusted  # noqa: E402
from kg_analysis.cli import main  # noqa: E402
from kg_analysis.data.clean import write_clean  # noqa: E402
from kg_analysis.errors import DataError  # noqa: E402
from kg_analysis.ingest.document import read_document  # noqa: E402
from kg_analysis.ingest.workbook import COLUMNS, read_review, shown  # noqa: E402

SECONDS, MEMORY = 60, 1_000_000_000  # of a command [s of the processor, bytes]
_EXAMPLE = ROOT / "examples" / "song-cua-2024"
_NOWHERE = ("--data-dir", "nowhere")
_PRELOADED = (
    "nbformat",
    *(f"kg_analysis.{name}" for name in ("briefing.selection", "briefing.template", "data.series")),
    *(f"kg_analysis.ingest.{name}" for name in ("accept", "layout", "report", "verify", "word")),
    *(f"kg_analysis.runs.{name}" for name in ("batch", "run")),
    "kg_analysis.parameters",
)
KINDS = ("docx", "pdf", "txt", "xlsx", "treasury", "template", "csv", "toml", "ipynb", "values")


@dataclass
class Report:
    """Outcomes by kind, and what failed: kind, seed of the input and why."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[tuple[str, int, str]] = field(default_factory=list)
    seconds: Counter[str] = field(default_factory=Counter)  # by kind
    slowest: float = 0.0  # [s]
    largest: int = 0  # [bytes]

    def lines(self) -> list[str]:
        """A line a kind and outcome, and one a failure."""
        table = [f"{kind:9} {outcome:9} {count:6}" for (kind, outcome), count in sorted(self.counts.items())]
        table += [f"{kind:9} {seconds:.0f} s" for kind, seconds in self.seconds.items()]
        limits = f"slowest {self.slowest:.1f} s, largest {self.largest / 1e6:.0f} MB"
        return [*table, limits, *(f"FAILED {kind} seed {seed}: {why}" for kind, seed, why in self.failures)]


class Bench:
    """Sound files to damage and a folder to run in; set up once, then forked for each input."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder / "work", folder / "data"
        shutil.copytree(ROOT / "data", self.data)
        with (self.data / "areas.csv").open("a", encoding="utf-8") as areas:
            areas.write("98,song-cua,Sông Cửa,,,\n")
        write_clean(self.data)
        self.sound = Path(shutil.copytree(self.data, folder / "sound"))
        self.folder.mkdir()
        for name in _PRELOADED:  # once here, not in every fork
            importlib.import_module(name)
        self.seeds = {kind: _EXAMPLE.with_suffix(f".{kind}").read_bytes() for kind in ("docx", "pdf", "txt")}
        review = self.folder / "review.xlsx"
        code = self.forked(
            ["draft", str(_EXAMPLE.with_suffix(".txt")), "--year", "2024", "--area", "98", "--output", "review.xlsx"]
        )[0]
        assert code == 0
        self.seeds["xlsx"] = review.read_bytes()
        self.seeds["confirmed"] = _confirmed(review)
        review.unlink()
        self.seeds["treasury"] = (self.data / "templates" / "disbursement_treasury_example.xlsx").read_bytes()
        self.seeds["template"] = self.seeds["docx"]
        self.seeds["toml"] = (ROOT / "src/kg_analysis/briefing/default.toml").read_bytes()
        self.seeds["ipynb"] = (ROOT / "notebooks" / "02_growth_scenarios.ipynb").read_bytes()

    def forked(self, arguments: Sequence[str], action: Callable[[], None] | None = None) -> tuple[int, str, float, int]:
        """Exit code, what was said on stderr, seconds and bytes of a command in a process of its own."""
        said = self.folder.parent / "stderr"
        process = os.fork()
        if process == 0:
            _limited()
            os.chdir(self.folder)
            with said.open("wb") as file, Path(os.devnull).open("wb") as nothing:
                os.dup2(file.fileno(), 2)
                os.dup2(nothing.fileno(), 1)
            sys.stdout, sys.stderr = (os.fdopen(each, "w", encoding="utf-8", errors="replace") for each in (1, 2))
            _stand_in()
            _leave(lambda: main(list(arguments), prog_name="kg") if action is None else action())
        _, status, usage = os.wait4(process, 0)
        text = said.read_text(encoding="utf-8", errors="replace")
        return os.waitstatus_to_exitcode(status), text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024

    def run(self, kind: str, seed: int, report: Report) -> None:
        """Damage one input, run the command that reads it, and judge."""
        dice = random.Random(seed)  # noqa: S311  no secret hangs on it
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        arguments, action = getattr(self, f"_{kind}")(dice)
        before, table = _state(self.folder), _state(self.data)
        code, said, seconds, size = self.forked(arguments, action)
        report.slowest, report.largest = max(report.slowest, seconds), max(report.largest, size)
        after = _state(self.folder)
        changed = {name for name in before | after if before.get(name) != after.get(name)}
        written = changed | ({"data"} if _state(self.data) != table else set())
        outcome, why = self._judged(kind, code, said, written)
        if seconds > SECONDS or size > MEMORY:
            outcome, why = "FAILED", f"{seconds:.0f} s, {size / 1e6:.0f} MB"
        report.counts[kind, outcome] += 1
        report.seconds[kind] += seconds
        if outcome == "FAILED":
            report.failures.append((kind, seed, why))

    def _judged(self, kind: str, code: int, said: str, written: set[str]) -> tuple[str, str]:
        errors = [line for line in said.splitlines() if line.strip()]
        if written == {"data"} and code == 0:  # accepted: the next input finds the folder as it was
            shutil.rmtree(self.data)
            shutil.copytree(self.sound, self.data)
            return "read", ""
        if code == 0:
            wrong = self._wrong(kind)
            return ("FAILED", wrong) if wrong else ("read", "")
        if code == 2 and any(line.startswith("Error: ") for line in errors) and not written:
            return "usage", ""
        typed = errors and all(line.startswith(("error: ", "checked: ", "chart ")) for line in errors)
        if code == 1 and typed and not re.search(r"^error: kg \w+: unexpected", said, re.M) and not written:
            return "refused", ""
        return "FAILED", f"exit {code}, written {sorted(written)[:3]}: {' '.join(said.split())[-400:]}"

    def _wrong(self, kind: str) -> str:
        """What is wrong with a draft that was written: tokens that do not stand where it says."""
        if kind != "txt":
            return ""
        text = unicodedata.normalize("NFC", re.sub(r"\r\n?", "\n", (self.folder / "r.txt").read_text("utf-8-sig")))
        with (self.folder / "p.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        apart = [row for row in rows if text[int(row["start"]) : int(row["end"])] != row["as_printed"]]
        digits = {at for at, each in enumerate(text) if each.isascii() and each.isdigit()}
        held = {at for row in rows for at in range(int(row["start"]), int(row["end"]))}
        return (
            f"{len(apart)} tokens do not stand there"
            if apart
            else f"{len(digits - held)} digits unclaimed"
            if digits - held
            else ""
        )

    # --- inputs: arguments of the command, or what stands in for one

    def _draft(self, dice: random.Random, name: str, content: bytes) -> Any:
        """The whole command for some, the reading alone, where damage tells most, for others."""
        path = self.folder / name
        path.write_bytes(content)
        if dice.random() < 0.7 and name != "r.txt":
            return [], lambda: read_document(path)
        options = ["--year", "2024", "--area", "98", "--output", "o.xlsx", "--csv", "p.csv"]
        return ["draft", name, *options, "--data-dir", str(self.data)], None

    def _docx(self, dice: random.Random) -> Any:
        return self._draft(dice, "r.docx", mutations.packed(dice, self.seeds["docx"]))

    def _pdf(self, dice: random.Random) -> Any:
        return self._draft(dice, "r.pdf", mutations.portable(dice, self.seeds["pdf"]))

    def _txt(self, dice: random.Random) -> Any:
        change = mutations.worded if dice.random() < 0.8 else mutations.torn
        lines = self.seeds["txt"].split(b"\n")
        first = dice.randrange(len(lines))
        return self._draft(dice, "r.txt", change(dice, b"\n".join(lines[first : first + 30])))

    def _xlsx(self, dice: random.Random) -> Any:
        seed = self.seeds[dice.choice(("xlsx", "xlsx", "confirmed"))]
        path = self.folder / "r.xlsx"
        path.write_bytes(mutations.packed(dice, seed))
        if dice.random() < 0.6:
            return [], lambda: read_review(path)
        return ["accept", "r.xlsx", "--no-preview", "--data-dir", str(self.data)], None

    def _treasury(self, dice: random.Random) -> Any:
        from kg_analysis.data.series import read_treasury  # noqa: PLC0415

        path = self.folder / "t.xlsx"
        path.write_bytes(mutations.packed(dice, self.seeds["treasury"]))
        return [], lambda: read_treasury(path, "x", "2022-09-05")

    def _template(self, dice: random.Random) -> Any:
        from kg_analysis.briefing.template import read_template  # noqa: PLC0415

        path = self.folder / "t.docx"
        path.write_bytes(mutations.packed(dice, self.seeds["template"]))
        return [], lambda: read_template(path)

    def _csv(self, dice: random.Random) -> Any:
        from kg_analysis.data.files import read_table  # noqa: PLC0415
        from kg_analysis.data.schemas import CLEAN, REGISTERS, SERIES, WORDINGS  # noqa: PLC0415

        tables = [
            each for each in (*REGISTERS, *CLEAN, *SERIES, *WORDINGS) if (self.data / f"{each.name}.csv").is_file()
        ]
        table = dice.choice(tables)
        path = self.folder / f"{table.name.rpartition('/')[2]}.csv"
        path.write_bytes(mutations.tabular(dice, (self.data / f"{table.name}.csv").read_bytes()))
        return [], lambda: read_table(path, table)

    def _toml(self, dice: random.Random) -> Any:
        from kg_analysis.briefing.selection import read_selection  # noqa: PLC0415

        path = self.folder / "s.toml"
        path.write_bytes(dice.choice((mutations.worded, mutations.torn))(dice, self.seeds["toml"]))
        if dice.random() < 0.3:
            return ["batch", "s.toml", *_NOWHERE, "--notebooks-dir", "nowhere"], None
        return [], lambda: read_selection(path)

    def _ipynb(self, dice: random.Random) -> Any:
        from kg_analysis.parameters import check_notebook  # noqa: PLC0415

        path = self.folder / "02_growth_scenarios.ipynb"
        path.write_bytes(mutations.notebook(dice, self.seeds["ipynb"]))
        return [], lambda: check_notebook(path.name, path.read_bytes())

    def _values(self, dice: random.Random) -> Any:
        """A command with strange values; what would run for long is kept from it by a folder without notebooks."""
        odd = [
            each.replace("\0", "") for each in (*mutations.NUMBERS, *mutations.TEXTS, "2021", "91", "vi", "x" * 10_000)
        ]
        value = lambda: dice.choice(odd)  # noqa: E731
        data = ["--data-dir", str(self.data)]
        return dice.choice(
            (
                ["check", "--year", value(), "--area", value(), *data],
                ["draft", value(), "--year", value(), "--output", value(), *data],
                [
                    "draft",
                    str(_EXAMPLE.with_suffix(".txt")),
                    "--year",
                    value(),
                    "--area",
                    value(),
                    "--output",
                    "o.xlsx",
                    *data,
                ],
                ["accept", value(), *data],
                ["verify", value(), "--source", value(), *data],
                ["verify", str(_EXAMPLE.with_suffix(".txt")), "--source", value(), *data],
                ["run", "--year", value(), "--set", f"{value()}={value()}", "--notebooks-dir", "none", *data],
                [
                    "run",
                    "--year",
                    "2021",
                    "--notebook",
                    value(),
                    "--set",
                    f"q4_share_pct={value()}",
                    "--notebooks-dir",
                    "none",
                    *data,
                ],
                ["run", "--year", "2021", "--jobs", value(), "--notebooks-dir", "none", *data],
                ["briefing", "--year", value(), "--format", value(), "--selection", value(), *data],
                ["briefing", "--year", "2021", "--area", value(), "--selection", "none", *data],
                [
                    "batch",
                    "--years",
                    value(),
                    "--area",
                    value(),
                    "--time-limit",
                    value(),
                    "--notebooks-dir",
                    "none",
                    *data,
                ],
                ["batch", value(), "--jobs", value(), *_NOWHERE],
                ["clean", "--data-dir", value()],
                [value(), value()],
            )
        ), None


def here(kind: str, path: Path, content: bytes, seconds: float = 0, **options: Any) -> Any:
    """What the limited process answers, without starting one."""
    import json  # noqa: PLC0415

    with warnings.catch_warnings(action="ignore"):  # which stay in the limited process
        answered = json.loads(json.dumps(untrusted.answer(kind, path.name, content, options), default=untrusted.plain))
    if problems := answered.get("problems"):
        raise DataError(problems)
    return answered["found"]


def _confirmed(review: Path) -> bytes:
    """The review with every figure confirmed whose row has no warning."""
    book = load_workbook(review)
    sheet = book[shown("sheet_figures", "vi")]
    letters = {name: number for number, name in enumerate((each.name for each in COLUMNS["figures"]), 1)}
    for row in range(2, sheet.max_row + 1):
        if not sheet.cell(row, letters["warning"]).value:
            sheet.cell(row, letters["status"]).value = shown("status_confirmed", "vi")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _stand_in() -> None:
    """Let this process, which is limited itself, be the one that reads files of others."""
    for module in list(sys.modules.values()):
        if getattr(module, "read_apart", None) and module.__name__.startswith("kg_analysis"):
            module.read_apart = here


def _limited() -> None:
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + 5, SECONDS + 5))
    signal.alarm(5 * SECONDS)  # a machine may be busy, but nothing waits for ever


def _leave(action: Callable[[], Any]) -> None:
    """End this process as the command would."""
    try:
        action()
        code = 0
    except DataError as error:
        code = 1
        sys.stderr.write("".join(f"error: {each}\n" for each in error.problems))
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        code = 99
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file, but for locks, whose names begin with a dot."""
    found = ((path, path.stat()) for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(folder)): (state.st_size, state.st_mtime_ns) for path, state in found}


def fuzz(count: int, seed: int, seconds: float = float("inf"), kinds: Sequence[str] = KINDS) -> Report:
    """Outcomes of inputs ``seed`` to ``seed + count - 1``, the kinds in turn, as many as the time allows."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        bench, start = Bench(Path(folder)), time.monotonic()
        for number in range(seed, seed + count):
            if time.monotonic() - start > seconds:
                break
            bench.run(kinds[number % len(kinds)], number, report)
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    chosen = parser.parse_args()
    outcome = fuzz(chosen.count, chosen.seed, kinds=chosen.kinds)
    sys.stdout.write("\n".join(outcome.lines()) + "\n")
    sys.exit(bool(outcome.failures))
