"""Made-up national data folders for tests and benchmarks: provinces, years, reports; no figure is real.

Responsibility: texts of reports with the rows that a person would type from them, and the data folder that holds them
all and passes every check. Indicators, wordings and assumptions are taken from the project's own data. As a script:
``python tests/synthetic.py FOLDER --areas 63 --years 10 --seed 1``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from kg_analysis.data.clean import write_clean
from kg_analysis.data.columns import Table
from kg_analysis.data.schemas import AREAS, CHECKS, CORRECTIONS, COVID_DAILY, PRINTED, SOURCES
from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError
from kg_analysis.vietnamese import period_bounds

Row = dict[str, str]


@dataclass
class Report:
    """Text of a made-up report and the figures that it prints.

    Attributes
    ----------
    area, name : str
        Code and name of the area.
    year : int
    text : str
    rows : list of dict
        Figures with every column of ``printed/*``.
    checks : list of dict
        Identities that the figures keep, or, one time in twenty, do not.
    """

    area: str
    name: str
    year: int
    text: str = ""
    rows: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)
    _section: str = ""
    _line: int = 0

    @property
    def source_id(self) -> str:
        """Id of the source, which says what it is."""
        return f"synthetic-{self.area}-{self.year}"

    def figure_id(self, name: str) -> str:
        """Id of one of its figures."""
        return f"syn{self.area}-{self.year}-{name}"

    def heading(self, line: str, section: str) -> None:
        """Begin a section."""
        self.text += f"\n{line}\n\n"
        self._section, self._line = section, 0

    def say(self, name: str, label: str, token: str, **columns: str) -> None:
        """Print one figure in a line of its own."""
        self._line += 1
        start = len(self.text) + len(label) + 2
        self.text += f"{label}: {token}.\n"
        first, last = (each.isoformat() for each in period_bounds("year", self.year))
        self.rows.append(
            {
                "figure_id": self.figure_id(name),
                "section": self._section,
                "place": f"paragraph {self._line}",
                "as_printed": token,
                "start": str(start),
                "end": str(start + len(token)),
                "label": label,
                "area_code": self.area,
                "boundary_version": f"synthetic-{self.area}",
                "period_type": "year",
                "period_start": first,
                "period_end": last,
                "basis": "actual",
                "qualifier": "exact",
                "vintage": f"{self.year}-12",
                **columns,
            }
        )

    def check(self, name: str, topic: str, formula: str, title_vi: str, title_en: str) -> None:
        """Declare an identity; ``{x}`` stands for the figure named x."""
        named = formula.replace("{", f"[syn{self.area}-{self.year}-").replace("}", "]")
        self.checks.append(
            {
                "id": f"syn{self.area}-{self.year}-{name}",
                "topic": topic,
                "kind": "sum",
                "formula": named,
                "title_vi": title_vi,
                "title_en": title_en,
            }
        )


_PHASES = ((57, 17), (35, 127), (8, 60))  # days and mean cases, near those of a real wave: charts are drawn for such
_WEIGHTS = {"H1": 0.45, "Q3": 0.25, "Q4": 0.30}  # of the year before, as the made-up economy has it


def write_report(area: str, name: str, year: int, seed: int, first_year: int) -> Report:
    """Made-up report on an area and year; the same arguments give the same report."""
    draw = random.Random(f"{seed} {area} {year}")  # noqa: S311  no secret: it must repeat
    before = random.Random(f"{seed} {area} {year - 1} outturn")  # noqa: S311
    report = Report(area, name, year, "BÁO CÁO GIẢ LẬP\n")
    report.heading("I. KẾT QUẢ GIẢ LẬP", "I")
    _tasks(report, draw)
    _covid(report, draw, year - first_year + 1)
    report.heading("II. KINH TẾ GIẢ LẬP", "II")
    _growth(report, draw)
    _targets(report, draw)
    _outputs(report, draw)
    report.heading("III. ĐẦU TƯ CÔNG GIẢ LẬP", "III")
    _investment(report, draw)
    if year > first_year:
        _outturn(report, before)
    return report


def cases_by_day(report: Report, seed: int) -> Iterator[tuple[date, int, int]]:
    """Days of the made-up wave with all cases and those in the community, near the means that are printed."""
    draw = random.Random(f"{seed} {report.area} {report.year} days")  # noqa: S311
    printed = {row["figure_id"]: row for row in report.rows}
    for phase in range(1, len(_PHASES) + 1):
        row, part = (printed[report.figure_id(f"covid-p{phase}-{each}")] for each in ("mean", "community"))
        mean, community = (int(each["as_printed"].split()[0]) for each in (row, part))
        day, last = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        while day <= last:
            cases = max(0, round(draw.gauss(mean, mean**0.5)))
            yield day, cases, min(cases, max(0, round(draw.gauss(community, community**0.5))))
            day += timedelta(days=1)


def number(value: float, decimals: int) -> str:
    """Numeral as a Vietnamese page prints it."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def _change(value: float) -> str:
    return f"{'tăng' if value >= 0 else 'giảm'} {number(abs(value), 2)}%"


def _tasks(report: Report, draw: random.Random) -> None:
    assigned = draw.randint(40, 90)
    done = draw.randint(10, assigned - 10)
    counts = {"assigned": assigned, "completed": done, "in_progress": assigned - done, "overdue": draw.randint(1, 9)}
    labels = ("được giao", "đã hoàn thành", "đang thực hiện", "trễ hạn")
    for (status, count), label in zip(counts.items(), labels, strict=True):
        columns = {"indicator": "task_count", "dimension": "task_status", "item": f"government/{status}"}
        report.say(f"tasks-{status}", f"Nhiệm vụ Chính phủ giao {label}", f"{count} nhiệm vụ", **columns)
    formula = "{tasks-assigned} == {tasks-completed} + {tasks-in_progress}"
    titles = (
        "Nhiệm vụ được giao bằng đã hoàn thành cộng đang thực hiện",
        "Tasks assigned equal completed plus in progress",
    )
    report.check("tasks-sum", "tasks", formula, *titles)


def _covid(report: Report, draw: random.Random, wave: int) -> None:
    day = date(report.year, 6, 10) + timedelta(days=draw.randint(0, 20))
    for phase, (days, cases) in enumerate(_PHASES, 1):
        last = day + timedelta(days=days + draw.randint(-2, 2))
        mean = round(cases * draw.uniform(0.9, 1.15))
        dates = {"period_start": day.isoformat(), "period_end": last.isoformat()}
        common = {"dimension": "wave_phase", "item": f"{wave}-{phase}"}
        for end, word, on in (("start", "đầu", day), ("end", "cuối", last)):
            at = {"period_type": "day", "period_start": on.isoformat(), "period_end": on.isoformat()}
            token = f"{on.day}/{on.month}/{on.year}"
            label = f"Ngày {word} giai đoạn giả lập"
            report.say(f"covid-p{phase}-{end}", label, token, indicator=f"covid_phase_{end}", **common, **at)
        for name, count in (("mean", mean), ("community", round(mean * draw.uniform(0.1, 0.4)))):
            label = "Ca mắc trung bình" if name == "mean" else "Ca cộng đồng trung bình"
            indicator = "covid_mean_cases" if name == "mean" else "covid_mean_community_cases"
            columns = {"indicator": indicator, "period_type": "phase", **common, **dates}
            report.say(f"covid-p{phase}-{name}", label, f"{count} ca/ngày", **columns)
        day = last + timedelta(days=1)


def _growth(report: Report, draw: random.Random) -> None:
    rates = {period: draw.gauss(5.5, 2.5) for period in _WEIGHTS}
    nine = _mean(rates, "H1", "Q3")
    year = _mean(rates, "H1", "Q3", "Q4")
    for name, label, kind, index, rate, basis in (
        ("h1", "sáu tháng", "half", 1, rates["H1"], "actual"),
        ("q3", "quý III", "quarter", 3, rates["Q3"], "actual"),
        ("9m", "chín tháng", "ytd", 9, nine, "actual"),
        ("fy", "cả năm", "year", 1, year, "estimate"),
    ):
        first, last = (each.isoformat() for each in period_bounds(kind, report.year, index))
        columns = {"period_type": kind, "period_start": first, "period_end": last, "basis": basis}
        columns |= {"indicator": "grdp_growth", "comparator": "same_period_last_year"}
        report.say(f"growth-{name}", f"Tăng trưởng GRDP {label}", _change(rate), **columns)


def _mean(rates: dict[str, float], *periods: str) -> float:
    return sum(_WEIGHTS[each] * rates[each] for each in periods) / sum(_WEIGHTS[each] for each in periods)


def _targets(report: Report, draw: random.Random) -> None:
    total = draw.randint(18, 30)
    met, exceeded = draw.randint(3, 6), draw.randint(4, 8)
    slip = draw.random() < 0.05  # reports err; the check then finds it
    counts = {
        "total": (total, "được giao", "actual"),
        "met_or_exceeded": (met + exceeded, "đạt và vượt", "estimate"),
        "met": (met, "đạt", "estimate"),
        "exceeded": (exceeded, "vượt", "estimate"),
        "missed": (total - met - exceeded + slip, "không đạt", "estimate"),
    }
    for status, (count, label, basis) in counts.items():
        columns = {"indicator": "target_count", "dimension": "target_status", "item": f"people_council/{status}"}
        columns |= {"basis": basis, "comparator": "" if status == "total" else "plan"}
        report.say(f"targets-{status}", f"Chỉ tiêu {label}", f"{count} chỉ tiêu", **columns)
    parts = "Chỉ tiêu đạt và vượt bằng đạt cộng vượt", "Targets met or exceeded are those met plus those exceeded"
    report.check("targets-parts", "targets", "{targets-met_or_exceeded} == {targets-met} + {targets-exceeded}", *parts)
    whole = "Chỉ tiêu được giao bằng đạt, vượt và không đạt", "Targets are those met, exceeded and missed"
    report.check("targets-sum", "targets", "{targets-total} == {targets-met_or_exceeded} + {targets-missed}", *whole)


def _outputs(report: Report, draw: random.Random) -> None:
    for indicator, label in (
        ("industrial_output", "Giá trị sản xuất công nghiệp"),
        ("retail_sales", "Tổng mức bán lẻ"),
    ):
        name = indicator.partition("_")[0]
        estimate = {"basis": "estimate"}
        value = f"{number(draw.uniform(20000, 160000), 2)} tỷ đồng"
        report.say(f"{name}-value", label, value, indicator=indicator, **estimate)
        growth = {"indicator": f"{indicator}_growth", "comparator": "same_period_last_year", **estimate}
        report.say(f"{name}-growth", f"{label} so với năm trước", _change(draw.gauss(8, 3)), **growth)
        plan = {"indicator": f"{indicator}_plan_ratio", "comparator": "plan", **estimate}
        report.say(f"{name}-plan", f"{label} so với kế hoạch", f"{number(draw.uniform(88, 108), 2)}%", **plan)


def _investment(report: Report, draw: random.Random) -> None:
    plan, ratio = draw.uniform(2500, 9000), draw.uniform(60, 94)
    year = report.year
    budget = {"period_type": "budget_year", "period_start": f"{year}-01-01", "period_end": f"{year + 1}-01-31"}
    for name, done, on in (
        ("completed_volume", ratio + draw.uniform(0.2, 3), date(year, 12, 31)),
        ("disbursed", ratio, None),
    ):
        day = on or date(year + 1, 1, 31)
        at = {"period_type": "day", "period_start": day.isoformat(), "period_end": day.isoformat()}
        token = f"{day.day}/{day.month}/{day.year}"
        report.say(f"{name}-date", "Ngày chốt", token, indicator="pubinv_cutoff", basis="estimate", **at)
        given = {**budget, "basis": "estimate", "as_of": day.isoformat()}
        money, share = f"{number(plan * done / 100, 1)} tỷ đồng", f"{number(done, 2)}%"
        words = "Khối lượng hoàn thành" if on else "Giải ngân"
        report.say(f"{name}", words, money, indicator=f"pubinv_{name}", **given)
        compared = {"indicator": f"pubinv_{name}_plan_ratio", "comparator": "plan", **given}
        report.say(f"{name}-ratio", f"{words} so với kế hoạch", share, **compared)
    ahead = {"period_type": "budget_year", "period_start": f"{year + 1}-01-01", "period_end": f"{year + 2}-01-31"}
    goal = {"indicator": "pubinv_disbursed_plan_ratio", "basis": "plan", "comparator": "plan", "qualifier": "at_least"}
    report.say("target", "Mục tiêu giải ngân năm sau", "từ 95% trở lên", **goal, **ahead)


def _outturn(report: Report, draw: random.Random) -> None:
    """What became of the year before: printed a year later, by another report."""
    plan, ratio = draw.uniform(2500, 9000), draw.uniform(55, 92)
    year = report.year - 1
    given = {"period_type": "budget_year", "period_start": f"{year}-01-01", "period_end": f"{year + 1}-01-31"}
    given |= {"as_of": f"{year + 1}-01-31"}
    report.say(
        "outturn-plan",
        "Kế hoạch năm trước",
        f"{number(plan, 1)} tỷ đồng",
        indicator="pubinv_plan",
        **given | {"basis": "plan"},
    )
    report.say(
        "outturn",
        "Giải ngân năm trước",
        f"{number(plan * ratio / 100, 1)} tỷ đồng",
        indicator="pubinv_disbursed",
        **given,
    )
    compared = {"indicator": "pubinv_disbursed_plan_ratio", "comparator": "plan", **given}
    report.say("outturn-ratio", "Giải ngân năm trước so với kế hoạch", f"{number(ratio, 2)}%", **compared)


MOST_AREAS, FIRST_YEAR = 99, 2015
_BORROWED = ("README.md", "indicators.csv", "assumptions.csv", "label_patterns.csv")  # mean the same for any figures


def write_synthetic(
    target: Path, codebook: Path, areas: int, years: int, seed: int, daily: bool = False
) -> tuple[int, int]:
    """Write a made-up data folder; the same arguments give the same bytes.

    Parameters
    ----------
    target : Path
        Folder to make, and ``reports`` beside it for the texts; neither may exist, unless empty.
    codebook : Path
        Data folder that indicators and assumptions are taken from.
    areas, years : int
        How many; areas are numbered from 01, years run from 2015.
    seed : int
    daily : bool
        Also write daily counts of every wave.

    Returns
    -------
    tuple of int
        Reports and figures written.

    Raises
    ------
    DataError
        If the folder holds something, or the one for texts beside it does; if more areas are asked for than two digits
        can number.
    """
    texts = target.parent / "reports"
    if problems := [
        f"{each}: is not an empty folder; name a new one for the data, in a folder of its own: nothing is written over"
        for each in (target, texts)
        if each.exists() and (not each.is_dir() or any(each.iterdir()))
    ]:
        raise DataError(problems)
    if not 1 <= areas <= MOST_AREAS or years < 1:
        raise DataError(f"{areas} areas and {years} years: choose 1 to {MOST_AREAS} areas and at least one year")
    target.mkdir(parents=True, exist_ok=True)
    for name in _BORROWED:
        shutil.copyfile(codebook / name, target / name)
    reports = list(_reports(areas, range(FIRST_YEAR, FIRST_YEAR + years), seed))
    _write(target / "areas.csv", AREAS, _areas(areas))
    _write(target / "sources.csv", SOURCES, map(_source, reports))
    _write(target / "checks.csv", CHECKS, [check for report in reports for check in report.checks])
    _write(target / "corrections.csv", CORRECTIONS, [])
    for report in reports:
        _write(target / "printed" / f"{report.source_id}.csv", PRINTED, report.rows)
        write_bytes(texts / f"{report.source_id}.txt", report.text.encode())
    if daily:
        _write(target / f"{COVID_DAILY.name}.csv", COVID_DAILY, _days(reports, seed))
    write_clean(target)
    return len(reports), sum(len(report.rows) for report in reports)


def _reports(areas: int, years: Iterable[int], seed: int) -> Iterator[Report]:
    listed = list(years)
    for area in range(1, areas + 1):
        for year in listed:
            yield write_report(f"{area:02}", f"Tỉnh giả lập {area:02}", year, seed, listed[0])


def _areas(count: int) -> Iterator[Row]:
    for area in range(1, count + 1):
        code = f"{area:02}"
        yield {"area_code": code, "boundary_version": f"synthetic-{code}", "name": f"Tỉnh giả lập {code}"}


def _source(report: Report) -> Row:
    return {
        "id": report.source_id,
        "title": f"Báo cáo giả lập năm {report.year} của {report.name}",
        "issuer": f"{report.name} (giả lập)",
        "doc_date": f"{report.year}-12-20",
        "sha256": hashlib.sha256(report.text.encode()).hexdigest(),
        "retrieved": f"{report.year + 1}-02-01",
        "kind": "report",
        "grade": "official",
        "report_year": str(report.year),
        "language": "vi",
        "licence": "MIT",
        "note": "Synthetic: made up for tests and benchmarks; no figure is real",
    }


def _days(reports: Iterable[Report], seed: int) -> Iterator[Row]:
    for report in reports:
        for day, cases, community in cases_by_day(report, seed):
            yield {
                "area_code": report.area,
                "boundary_version": f"synthetic-{report.area}",
                "date": day.isoformat(),
                "source_id": report.source_id,
                "new_cases": str(cases),
                "community_cases": str(community),
                "date_basis": "report",
            }


def _write(path: Path, table: Table, rows: Iterable[Row]) -> None:
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, list(table.columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(path, content.getvalue().encode())


def main() -> None:
    """Write a made-up data folder and say how much it holds."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--areas", type=int, default=63)
    options.add_argument("--years", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--daily", action="store_true")
    chosen = options.parse_args()
    own = Path(__file__).resolve().parent.parent / "data"
    reports, figures = write_synthetic(
        chosen.folder, own, areas=chosen.areas, years=chosen.years, seed=chosen.seed, daily=chosen.daily
    )
    sys.stdout.write(f"{chosen.folder}: {reports} made-up reports with {figures} figures\n")


if __name__ == "__main__":
    main()
