"""Sentences and charts of the COVID wave."""

from __future__ import annotations

import dataclasses
import io
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kg_analysis.analysis.daily import daily
from kg_analysis.charts.covid_bars import phase_bars
from kg_analysis.charts.covid_timeline import timeline
from PIL import Image

from kg_analysis.analysis import covid, covid_steps
from kg_analysis.analysis.covid import Wave
from kg_analysis.charts import covid as charts
from kg_analysis.charts.chart import canvas, finish
from kg_analysis.charts.layout import LayoutError
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.findings import covid as findings
from kg_analysis.findings import measures
from kg_analysis.intervals import Interval
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, frame

CHARTS = (phase_bars, charts.community_share, charts.phase_factors, timeline)


@pytest.fixture
def wave(data: Dataset) -> Wave:
    return covid.wave(data)


def with_means(wave: Wave, *means: int) -> Wave:
    """The wave with other means, all of them community cases in part."""
    phases = tuple(
        dataclasses.replace(phase, mean=dataclasses.replace(phase.mean, interval=Interval.rounded(str(mean), 0)))
        for phase, mean in zip(wave.phases, means, strict=True)
    )
    return dataclasses.replace(wave, phases=phases)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_values_of_the_report_appear_in_the_sentences(wave: Wave, vi: ReportContext) -> None:
    text = plain(" ".join([findings.size(wave, vi), findings.community(wave, vi), findings.all_steps(wave, vi)]))
    for value in (
        "6.038 ca (5.987–6.086)",
        "59,2 ca/ngày",
        "33,1% (32,0–34,2)",
        "39,4% (38,8–39,9)",
        "7,47 lần (7,23–7,73)",
    ):
        assert value in text
    assert "Riêng ca cộng đồng giảm 94,0%" in text
    assert "ca ngoài cộng đồng giảm 26,0%" in text


@pytest.mark.parametrize(
    ("means", "word"), [((17, 127, 60), "gấp"), ((127, 60, 17), "giảm"), ((60, 60, 60), "không cho biết")]
)
def test_the_word_follows_the_number(wave: Wave, vi: ReportContext, means: tuple[int, int, int], word: str) -> None:
    found = dataclasses.replace(with_means(wave, *means))
    assert word in findings.step(covid_steps.steps(found)[0], vi)


def test_titles_say_where_the_table_stops(wave: Wave, vi: ReportContext) -> None:
    for title in (findings.size_title, findings.community_title, findings.steps_title, findings.stop_title):
        assert "30/09/2021" in title(wave, vi)


def test_where_the_table_stops_no_course_is_claimed(wave: Wave, vi: ReportContext) -> None:
    text = findings.stop(wave, vi)
    assert "22/12/2021" in text
    assert "không in số ca nào" in text
    undated = dataclasses.replace(wave, latest_cutoff=None)
    assert "không in số ca nào" in findings.stop(undated, vi)


def test_measures_are_told_with_as_much_date_as_is_printed(data: Dataset, vi: ReportContext) -> None:
    text = measures.measures(vi)
    assert "Chỉ thị 16 (toàn tỉnh): 48 ngày, báo cáo không ghi ngày" in text
    assert "Chỉ thị 15, 19 (toàn tỉnh): từ 30/09/2021 trở đi" in text
    assert "không ghi ngày, không ghi thời gian" in text
    bare = dataclasses.replace(vi, data=dataclasses.replace(data, measures=data.measures.iloc[:0]))
    assert "không nêu biện pháp" in measures.measures(bare)


def test_a_fall_is_told_in_percent_as_well(wave: Wave, vi: ReportContext) -> None:
    rise, fall = covid_steps.steps(wave)
    assert fall.community is not None
    assert plain(findings.factor(fall.community, vi)) == "0,060 lần (0,050–0,071), −94,0%"
    assert plain(findings.factor(rise.total, vi)) == "7,47 lần (7,23–7,73)"


def test_the_limits_say_that_three_means_give_no_rate_peak_or_reproduction_number(
    wave: Wave, vi: ReportContext
) -> None:
    for text in (findings.limits(wave, None, vi), findings.limits(wave, daily(vi.data), vi)):
        for word in ("tốc độ lây", "thời gian nhân đôi", "đỉnh dịch", "hệ số lây nhiễm", "không nói rõ ngày"):
            assert word in text
    assert "cần số ca từng ngày" in findings.limits(wave, None, vi)
    assert "cần số ca từng ngày" not in findings.limits(wave, daily(vi.data), vi)
    assert "ngày công bố, nên mọi thay đổi hiện ra muộn hơn" in findings.limits(wave, daily(vi.data), vi)


@pytest.mark.parametrize("means", [(3, 4, 2), (5000, 12000, 9000), (60, 60, 60), (500, 51, 4)])
@pytest.mark.parametrize("draw", CHARTS)
def test_charts_hold_other_waves_too(
    draw: object, wave: Wave, here: ReportContext, means: tuple[int, int, int]
) -> None:
    assert draw(with_means(wave, *means), here).png  # type: ignore[operator]


def with_phases(wave: Wave, *phases: tuple[int, int, int]) -> Wave:
    """A wave of phases of so many days, with so many cases a day and so many of them in the community."""
    start, made = wave.start, []
    for number, (days, mean, community) in enumerate(phases, 1):
        model = wave.phases[number % len(wave.phases)]
        of_all, part = (
            dataclasses.replace(quantity, interval=Interval.rounded(str(count), 0))
            for quantity, count in ((model.mean, mean), (model.community_mean or model.mean, community))
        )
        end = start + timedelta(days - 1)
        made.append(dataclasses.replace(model, number=number, start=start, end=end, mean=of_all, community_mean=part))
        start += timedelta(days)
    return dataclasses.replace(wave, phases=tuple(made), latest_cutoff=end + timedelta(20))


@pytest.mark.parametrize(
    "phases",
    [
        [(45, 150, 60), (60, 150, 20), (45, 300, 290), (30, 150, 0)],  # alike: every label is wider than its bar
        [(4, 40, 3), (14, 3, 1), (14, 40, 40), (4, 300, 9), (4, 12, 0), (21, 40, 12)],  # six short ones
        [(90, 12, 5), (4, 40, 30)],
        [(14, 300, 167), (8, 300, 100), (30, 40, 7), (8, 90, 80), (90, 3, 1), (8, 90, 20)],
    ],
)
@pytest.mark.parametrize("draw", [phase_bars, timeline])
def test_labels_find_room_whatever_the_phases(
    draw: object, wave: Wave, here: ReportContext, phases: list[tuple[int, int, int]]
) -> None:
    assert draw(with_phases(wave, *phases), here).png  # type: ignore[operator]


@pytest.mark.parametrize("draw", [phase_bars, timeline])
def test_labels_of_the_reports_own_wave_are_all_there(draw: object, wave: Wave, vi: ReportContext) -> None:
    drawn = plain(draw(wave, vi).svg.decode())  # type: ignore[operator]
    words = (
        ("986 ca (957–1.014)", "4.572 ca", "480 ca") if draw is phase_bars else ("21/6–17/8", "18/8–22/9", "23/9–30/9")
    )
    assert all(f"{each}" in drawn for each in words)


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_labels_find_room_in_any_wave(wave: Wave, vi: ReportContext, data: st.DataObject) -> None:
    case = st.integers(1, 1500).flatmap(lambda mean: st.tuples(st.integers(4, 90), st.just(mean), st.integers(0, mean)))
    phases = data.draw(st.lists(case, min_size=2, max_size=6))
    made = with_phases(wave, *phases)
    assert phase_bars(made, vi).png
    assert timeline(made, vi).png


def test_a_wave_of_one_phase(wave: Wave, here: ReportContext) -> None:
    single = dataclasses.replace(wave, phases=wave.phases[:1], latest_cutoff=None)
    assert phase_bars(single, here).png
    assert timeline(single, here).png
    with pytest.raises(NotPrintedError, match="one phase only"):
        charts.phase_factors(single, here)


def test_a_wave_without_community_cases(wave: Wave, here: ReportContext) -> None:
    bare = dataclasses.replace(wave, phases=tuple(dataclasses.replace(p, community_mean=None) for p in wave.phases))
    assert phase_bars(bare, here).png
    assert charts.phase_factors(bare, here).png
    with pytest.raises(NotPrintedError, match="community"):
        charts.community_share(bare, here)


def test_a_chart_without_a_source_is_refused(vi: ReportContext) -> None:
    rows = frame([{"x": Quantity(Interval.exact(1), "count", ("f",))}])
    with canvas() as (figure, _), pytest.raises(DataError, match="lacks its source"):
        finish(figure, vi.page, name="x", title="t", subtitle="s", source="", alt="a", data=rows)


def test_a_title_of_sixteen_words_is_refused(vi: ReportContext) -> None:
    rows = frame([{"x": Quantity(Interval.exact(1), "count", ("f",))}])
    with canvas() as (figure, _), pytest.raises(DataError, match="16 words"):
        finish(figure, vi.page, name="x", title="từ " * 16, subtitle="s", source="s", alt="a", data=rows)


@pytest.mark.parametrize("second", [(0.5, 0.5), (4.0, 0.5)])
def test_text_that_collides_or_leaves_the_canvas_is_refused(vi: ReportContext, second: tuple[float, float]) -> None:
    rows = frame([{"x": Quantity(Interval.exact(1), "count", ("f",))}])
    with canvas() as (figure, axes), pytest.raises(LayoutError):
        axes.text(0.5, 0.5, "first label")
        axes.text(*second, "second label")
        finish(figure, vi.page, name="x", title="t", subtitle="s", source="s", alt="a", data=rows)


def test_emphasis_survives_in_grey(wave: Wave, vi: ReportContext) -> None:
    """The dark community part and the pale rest stay apart when printed in black and white."""
    picture = Image.open(io.BytesIO(phase_bars(wave, vi).png))
    grey = np.asarray(picture.convert("L")).ravel()
    colours = np.asarray(picture).reshape(-1, 3)
    dark = grey[(colours == (0x12, 0x43, 0x6D)).all(axis=1)]
    pale = grey[(colours == (0xC9, 0xD6, 0xE2)).all(axis=1)]
    assert pale.mean() - dark.mean() > 100


def test_nothing_to_cite_is_an_error(vi: ReportContext) -> None:
    with pytest.raises(DataError, match="no figure to cite"):
        vi.cite([])
