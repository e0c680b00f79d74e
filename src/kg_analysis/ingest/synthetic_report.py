"""What a made-up report on one area and year prints.

Responsibility: draw numbers that agree with each other and put them into sentences, so that every printed figure has
its place in a text. No figure is real, and every sentence that names a source says so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from kg_analysis.ingest.synthetic_text import Report
from kg_analysis.periods import period_bounds

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
