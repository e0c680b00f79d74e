"""Sentences and charts of the daily COVID counts, for the ministry's series and for others."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pandas as pd
import pytest
from conftest import DATA, ROOT
from kg_analysis.analysis.change_points import breaks, find_breaks
from kg_analysis.analysis.daily import Daily, daily, flagged
from kg_analysis.analysis.daily_growth import growth_frame
from kg_analysis.analysis.serial_intervals import SerialInterval, intervals
from PIL import Image

from kg_analysis.analysis import covid, daily_phases
from kg_analysis.analysis import daily_reproduction as daily_r
from kg_analysis.analysis.covid import Wave
from kg_analysis.charts import covid_daily as charts
from kg_analysis.charts import covid_rates
from kg_analysis.charts.chart import Chart
from kg_analysis.data.dataset import Dataset, read_store
from kg_analysis.errors import DataError
from kg_analysis.findings import covid_daily as findings
from kg_analysis.findings import covid_reproduction as rt_findings
from kg_analysis.findings.tables import html_table
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext
from kg_analysis.runs.parameters import build

pytestmark = pytest.mark.slow  # draws whole sets of charts

PAIR = (SerialInterval("first", 4.7, 2.9), SerialInterval("second", 5.9, 4.1))


@pytest.fixture
def counts(data: Dataset) -> Daily:
    return daily(data)


@pytest.fixture
def wave(data: Dataset) -> Wave:
    return covid.wave(data)


@pytest.fixture
def vi(data: Dataset) -> ReportContext:
    """ReportContext of 2021 that also knows the source of made-up series."""
    return ReportContext(
        dataclasses.replace(data, sources=read_store(DATA).registers["sources"]), NumberFormatter("vi")
    )


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def other(values: object, start: str = "2021-07-01") -> Daily:
    """Another series, of the made-up source."""
    cases = pd.Series(np.asarray(values, dtype=float), pd.date_range(start, periods=len(values)))  # type: ignore[arg-type]
    rows = pd.DataFrame({"new_cases": cases, "community_cases": np.nan, "imported_cases": np.nan, "flag": None})
    return Daily("synthetic-example", "report", cases.index[0].date(), flagged(rows.dropna(subset=["new_cases"])))


def drawn(found: Daily, wave: Wave | None, here: ReportContext) -> list[Chart]:
    """The charts that a series alone allows."""
    numbers = daily_r.side_by_side(found, PAIR)
    return [
        charts.counts(found, "trailing", find_breaks(found.shown["cases"].dropna()), wave, here),
        covid_rates.reproduction(numbers, here),
        covid_rates.growth(growth_frame(found), found, here),
    ]


def test_the_numbers_stand_in_the_sentences(counts: Daily, wave: Wave, vi: ReportContext) -> None:
    text = plain(
        " ".join(
            [
                findings.quality(counts, vi),
                findings.counts(counts, "trailing", vi),
                findings.distances(breaks(counts), wave, counts, vi),
                findings.phases(daily_phases.compare(wave, counts), vi),
                findings.after(daily_phases.after(wave, counts), vi),
            ]
        )
    )
    for part in (
        "236 ngày",
        "ngày thiếu không phải là 0",
        "ngày công bố",
        "441,7 ca/ngày, ngày 07/11/2021",
        "(18/08/2021) cách điểm đổi gần nhất 2 ngày, điểm đổi sớm hơn",
        "Giai đoạn 3: 107,5 ca/ngày, cao hơn 79,2% (77,7–80,7) so với 60 ca/ngày của báo cáo",
        "nêu cả hai, không sửa số nào",
        "26.980 ca",
    ):
        assert part in text


def test_the_end_of_the_series_is_no_end_of_the_wave(counts: Daily, wave: Wave, here: ReportContext) -> None:
    text = findings.after(daily_phases.after(wave, counts), here)
    assert ("không phải ngày hết dịch" in text) or ("not where the wave ends" in text)


def test_no_cause_is_named(counts: Daily, wave: Wave, here: ReportContext) -> None:
    numbers = daily_r.side_by_side(counts, PAIR)
    text = " ".join(
        [
            findings.breaks(breaks(counts), here),
            findings.distances(breaks(counts), wave, counts, here),
            findings.growth(growth_frame(counts), here),
            findings.phases(daily_phases.compare(wave, counts), here),
            rt_findings.reproduction(numbers, here),
        ]
    ).lower()
    assert not [word for word in ("do đó", "nhờ", "because", "due to", "chỉ thị", "directive") if word in text]


def test_the_serial_intervals_are_told_with_their_source_or_as_chosen(
    data: Dataset, counts: Daily, here: ReportContext
) -> None:
    numbers = daily_r.side_by_side(counts, intervals(data))
    text = rt_findings.reproduction(numbers, here)
    assert "doi:10.1016/j.ijid.2020.02.060" in text
    assert "doi:10.1177/09622802211065159" in text
    chosen = rt_findings.reproduction(daily_r.side_by_side(counts, intervals(data, 4.1, 2.8)), here)
    assert "doi:10.1016/j.ijid.2020.02.060" not in chosen
    assert here.say("covid_daily.basis_chosen") in chosen


def test_days_above_and_below_one_add_up_with_the_open_ones(counts: Daily, vi: ReportContext) -> None:
    numbers = daily_r.side_by_side(counts, PAIR)
    text = plain(rt_findings.reproduction(numbers, vi))
    above, below = (
        sum(all(test(frame.loc[day]) for frame in numbers.frames) for day in numbers.frames[0].index)
        for test in (lambda row: row["low"] > 1, lambda row: row["high"] < 1)
    )
    suppressed = int(numbers.frames[0]["suppressed"].sum())
    assert f"trên 1 trong {above} ngày và dưới 1 trong {below} ngày" in text
    assert f"{236 - above - below - suppressed} ngày còn lại" in text
    assert "không ghi ca từ nơi khác đến" in text


def test_only_certain_growth_makes_a_title(vi: ReportContext) -> None:
    rng = np.random.default_rng(2)
    flat = growth_frame(other(rng.poisson(50, 20)))
    assert "chắc chắn" in findings.growth_title(flat, vi) or "rõ nhất" in findings.growth_title(flat, vi)
    falling = growth_frame(other(rng.poisson(400 * np.exp(-0.1 * np.arange(20)))))
    assert "còn một nửa sau" in findings.growth_title(falling, vi)


def test_every_chart_carries_title_source_rows_and_alt(counts: Daily, wave: Wave, here: ReportContext) -> None:
    compared = daily_phases.compare(wave, counts)
    found = [*drawn(counts, wave, here), charts.against_report(compared, counts, here)]
    for chart in found:
        assert len(chart.title.split()) <= 15
        assert "VnExpress" in chart.source
        assert ("không phải số liệu của tỉnh" in chart.source) or ("not the province's own" in chart.source)
        assert set(chart.data["series_source_id"]) == {"moh-bulletins-2021"}
        assert Image.open(io.BytesIO(chart.png)).size == (1700, 960)
        assert chart.alt.count(" ") > 5
    assert "I.3" in found[-1].source
    assert "I.3" in found[0].source


def test_the_same_counts_give_the_same_bytes_and_both_languages_the_same_rows(
    data: Dataset, counts: Daily, wave: Wave, vi: ReportContext
) -> None:
    english = ReportContext(data, dataclasses.replace(vi.page, language="en"))
    for first, second, translated in zip(
        drawn(counts, wave, vi), drawn(counts, wave, vi), drawn(counts, wave, english), strict=True
    ):
        assert (first.png, first.svg) == (second.png, second.svg)
        pd.testing.assert_frame_equal(first.data, translated.data)


RNG = np.random.default_rng(11)
OTHERS = {
    "short": RNG.poisson(60, 22),
    "long": RNG.poisson(30 + 25 * np.sin(np.arange(400) / 20)),
    "steep": RNG.poisson(2 * np.exp(0.15 * np.arange(50))),
    "falling": RNG.poisson(9000 * np.exp(-0.12 * np.arange(60))),
    "gaps": [np.nan if each % 23 == 5 else 80 + each % 9 for each in range(90)],
    "dumps": [4000 if each in (30, 33) else 40 + each % 7 for each in range(80)],
    "negative": [-60 if each == 40 else 40 + each % 7 for each in range(80)],
}


@pytest.mark.parametrize("name", OTHERS)
def test_charts_hold_other_series(name: str, wave: Wave, vi: ReportContext) -> None:
    found = other(OTHERS[name])
    for chart in (*drawn(found, wave, vi), charts.counts(found, "centred", None, None, vi)):
        assert chart.png
        assert "số mô phỏng" in chart.source


def test_a_day_set_aside_is_shown_with_its_count(vi: ReportContext) -> None:
    found = other([49170 if each == 40 else 40 + each % 7 for each in range(80)])
    chart = charts.counts(found, "trailing", None, None, vi)
    assert "49.170" in chart.svg.decode()
    row = chart.data.set_index("flag").loc["dump"]
    assert row["raw_cases"] == 49170
    assert pd.isna(row["used_cases"])
    assert findings.counts_title(found, "trailing", vi).count("49") == 0


def test_suppressed_days_leave_a_gap_and_recent_ones_are_marked(counts: Daily, vi: ReportContext) -> None:
    chart = covid_rates.reproduction(daily_r.side_by_side(counts, PAIR), vi)
    suppressed = chart.data["suppressed"]
    assert chart.data.loc[suppressed, "mean"].isna().all()
    assert chart.data["recent"].sum() == 20
    assert "10 ngày cuối" in chart.svg.decode()


def test_a_phase_that_agrees_and_one_with_missing_days_are_told_so(
    counts: Daily, wave: Wave, here: ReportContext
) -> None:
    table = counts.table.copy()
    for phase in wave.phases:
        table.loc[str(phase.start) : str(phase.end), "cases"] = phase.mean.value
    agreed = daily_phases.compare(wave, dataclasses.replace(counts, table=table))
    assert findings.phases_title(agreed, here) == here.say("covid_daily.phases_title_inside")
    assert charts.against_report(agreed, counts, here).png
    table.loc["2021-07-01"] = np.nan
    table.loc["2021-09-01"] = np.nan
    table.loc["2021-09-25"] = np.nan
    missing = daily_phases.compare(wave, dataclasses.replace(counts, table=table))
    assert findings.phases_title(missing, here) == here.say("covid_daily.phases_title_incomplete")
    assert "57" in findings.phases(missing, here)
    assert charts.against_report(missing, counts, here).png


def test_tables_print_flags_and_verdicts_in_words(counts: Daily, wave: Wave, vi: ReportContext) -> None:
    from kg_analysis.analysis import daily_quality  # noqa: PLC0415

    html = html_table(daily_quality.flagged_rows(counts), vi)
    assert "ghi 0 giữa những ngày nhiều ca" in html
    assert "moh-bulletins" not in html
    assert "thấp hơn" in html_table(daily_phases.comparison_rows(daily_phases.compare(wave, counts), counts), vi)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"serial_interval_mean_days": 1.0}, "greater than 1"),
        ({"second_interval_sd_days": 0}, "greater than or equal to 0.3"),
        ({"rt_window_days": 1}, "greater than or equal to 2"),
        ({"rt_window_days": 7.5}, "valid integer"),
        ({"smoothing": "middle"}, "'trailing' or 'centred'"),
        ({"serial_interval_mean": 5.0}, "did you mean 'serial_interval_mean_days'"),
    ],
)
def test_parameters_of_the_notebook_are_held_to_their_types(values: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        build("01_covid_waves", year=2021, **values)


def test_the_examples_series_is_made_up_and_made_by_its_script() -> None:
    rows = pd.read_csv(ROOT / "examples/series/covid_daily.csv")
    assert set(rows["source_id"]) == {"synthetic-example"}
    script = (ROOT / "examples/series/make_covid_daily.py").read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "example"}
    exec(compile(script, "make_covid_daily.py", "exec"), names)  # noqa: S102
    assert names["text"]() == (ROOT / "examples/series/covid_daily.csv").read_text(encoding="utf-8")  # type: ignore[operator]
