"""Sentences, titles and charts of the COVID findings: from the report's wave to any other, in both languages."""

from __future__ import annotations

import dataclasses
import inspect
import io
import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import DATA, FULL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from kg_analysis.analysis import daily_counts as daily
from kg_analysis.analysis.covid import COMMUNITY, MEAN, WAVE, phase_steps, phase_summary
from kg_analysis.briefing.registry import FINDINGS, FRAMES, Finding, Frames
from kg_analysis.charts import covid as charts
from kg_analysis.charts import frame
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import LeftOutError, NotPrintedError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative import covid as words
from kg_analysis.narrative.context import ReportContext

NAMES = [name for name in FINDINGS if name.startswith("covid_")]
TOPICS = ("covid_phases", "covid_daily", "covid_deaths_daily", "measures")
every = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def frames(data: Dataset) -> dict[str, Frames]:
    """Frames of 2021 in both languages, worked out once."""
    first = Frames(ReportContext(data, NumberFormatter("vi")))
    known = {name: first[name] for name in FRAMES}
    return {"vi": first, "en": Frames(ReportContext(data, NumberFormatter("en")), known)}


@pytest.fixture(scope="module")
def drawn(frames: dict[str, Frames]) -> dict[tuple[str, str], Any]:
    return {(name, language): frames[language].call(FINDINGS[name].chart) for name in NAMES for language in frames}  # type: ignore[arg-type]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def said(found: Frames, finding: Finding) -> str:
    return plain(" ".join(found.call(each) for each in (finding.title, *finding.sentences, *finding.caveats)))


def parts(finding: Finding) -> Iterator[Any]:
    yield from (finding.title, *finding.sentences, *finding.caveats)
    if finding.chart is not None:
        yield finding.chart


# --- the year 2021


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("covid_year", "6.038 ca (5.987–6.086)|29.866 ca|539 ca tử vong|441,7 ca/ngày|07/11/2021|498 ca|26.980 ca"),
        ("covid_year", "684 ca tử vong|21/01/2022|236 ngày|gấp 4,8 lần|12,0 lần"),
        ("covid_size", "59,2 ca/ngày (58,7–59,7)|75,7% (75,2–76,2)|35,3%|7,47 lần (7,23–7,73)|102 ngày"),
        ("covid_size", "giảm 52,8% (52,2–53,3)|giảm 94,0% (92,9–95,0)|giảm 26,0% (23,7–28,2)|22/12/2021|83 ngày"),
        ("covid_community", "33,1% (32,0–34,2)|39,4% (38,8–39,9)|48 ngày|từ ngày 30/09/2021 trở đi"),
        ("covid_lag", "thấp hơn 44,9% (43,3–46,5)|thấp hơn 8,8% (8,5–9,2)|cao hơn 79,2% (77,7–80,7)|7 ngày"),
        ("covid_lag", "thấp hơn 7,0% (4,2–9,7)|khớp trong khoảng làm tròn|cao hơn 29,2% (28,1–30,3)|1,4%|2,6%"),
        ("covid_reproduction", "khoảng tin cậy 95%|139 kỳ 14 ngày"),
    ],
)
def test_the_numbers_stand_in_the_sentences(frames: dict[str, Frames], name: str, numbers: str) -> None:
    text = said(frames["vi"], FINDINGS[name])
    assert [each for each in numbers.split("|") if each not in text] == []


def test_counts_of_days_above_and_below_one_are_those_of_the_frame(frames: dict[str, Frames]) -> None:
    rt = words.taken(frames["vi"]["rts"]).dropna(subset=["reproduction_number"])
    above, below = (rt["reproduction_number_low"] > 1).sum(), (rt["reproduction_number_high"] < 1).sum()
    text = said(frames["vi"], FINDINGS["covid_reproduction"])
    assert (
        f"trên 1 trong {above} ngày, dưới 1 trong {below} ngày và chứa 1 trong {len(rt) - above - below} ngày" in text
    )


@every
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_finding_speaks_both_languages(frames: dict[str, Frames], name: str, language: str) -> None:
    finding, found = FINDINGS[name], frames[language]
    assert len(found.call(finding.title).split()) <= 15
    for part in (*finding.sentences, *finding.caveats):
        text = found.call(part)
        assert text.endswith(".")
        assert not {"{", "}", "nan", "NaT", "None"} & set(text.replace(".", " ").replace(",", " ").split())
        assert "{" not in text


@every
def test_both_languages_say_the_same_numbers(frames: dict[str, Frames], name: str) -> None:
    """Whole numbers of three digits and more, by their digits, in either sentence."""

    def numbers(language: str, mark: str) -> list[str]:
        text = said(frames[language], FINDINGS[name]).replace(mark, "")
        return sorted(each for each in "".join(c if c.isdigit() else " " for c in text).split() if len(each) > 4)

    assert numbers("vi", ".") == numbers("en", ",")


def test_no_cause_is_named(frames: dict[str, Frames]) -> None:
    for language, forbidden in (
        ("vi", ("nhờ ", "do đó", "chắc chắn tăng", "chắc chắn giảm")),
        ("en", ("because of", "due to", "certainly")),
    ):
        text = " ".join(said(frames[language], FINDINGS[name]) for name in NAMES).lower()
        assert [word for word in forbidden if f" {word}" in text] == []


def test_titles_of_the_phases_say_where_the_table_stops(frames: dict[str, Frames]) -> None:
    for name in ("covid_size", "covid_community"):
        assert "30/09/2021" in frames["vi"].call(FINDINGS[name].title)


def test_the_end_of_a_collection_is_no_end_of_the_wave(frames: dict[str, Frames]) -> None:
    assert "do việc thu thập dừng lại, không phải do hết dịch" in said(frames["vi"], FINDINGS["covid_size"])
    assert "không nêu số ca mắc sau ngày 30/09/2021" in said(frames["vi"], FINDINGS["covid_size"])


def test_three_averages_give_no_rate_peak_or_reproduction_number(frames: dict[str, Frames]) -> None:
    text = frames["vi"].call(words.limits)
    for word in ("tốc độ lây", "thời gian tăng gấp đôi", "đỉnh dịch", "hệ số lây nhiễm", "không nêu rõ ngày"):
        assert word in text


def test_measures_are_told_with_as_much_date_as_is_printed(vi: ReportContext) -> None:
    text = words.measures(vi)
    assert "Chỉ thị 16 (toàn tỉnh): 48 ngày, báo cáo không ghi ngày" in text
    assert "báo cáo không ghi ngày, không ghi thời gian" in text
    bare = dataclasses.replace(vi, data=dataclasses.replace(vi.data, measures=vi.data.measures.iloc[:0]))
    with pytest.raises(NotPrintedError, match="no distancing measure"):
        words.measures(bare)


def test_the_registry_names_only_frames_that_there_are() -> None:
    """A frame is found by the name of a parameter; a bare function in place of a lambda would ask for its own names."""
    parts_of_all = [*FRAMES.values(), *(part for finding in FINDINGS.values() for part in parts(finding))]
    asked = {
        each.name
        for function in parts_of_all
        for each in inspect.signature(function).parameters.values()
        if each.default is each.empty
    }
    assert asked - {"ctx"} <= set(FRAMES)
    assert {finding.table for finding in FINDINGS.values()} - {""} <= set(FRAMES)


# --- charts


@every
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_chart_carries_title_source_rows_and_alt(
    frames: dict[str, Frames], drawn: dict[tuple[str, str], Any], data: Dataset, name: str, language: str
) -> None:
    figure = drawn[name, language]
    assert isinstance(figure, Figure)
    assert figure.words.title == frames[language].call(FINDINGS[name].title)
    assert figure.words.title in figure.words.alt
    assert figure.words.subtitle
    assert figure.words.source
    assert figure.dropped == []
    assert len(figure.data)
    if "figure_ids" in figure.data:
        assert {each for line in figure.data["figure_ids"].dropna() for each in line.split()} <= set(data.figures.index)
        assert "I.3" in figure.words.source
    picture = Image.open(io.BytesIO(frame.png(figure)))
    assert picture.size == (1700, 960)
    assert picture.text["Description"] == figure.words.alt  # type: ignore[attr-defined]
    assert picture.text["Title"] == figure.words.title  # type: ignore[attr-defined]


@every
def test_both_languages_plot_the_same_rows(drawn: dict[tuple[str, str], Any], name: str) -> None:
    assert drawn[name, "vi"].data.equals(drawn[name, "en"].data)


@every
def test_the_same_figures_give_the_same_bytes(
    frames: dict[str, Frames], drawn: dict[tuple[str, str], Any], name: str
) -> None:
    again = frames["vi"].call(FINDINGS[name].chart)  # type: ignore[arg-type]
    assert frame.png(again) == frame.png(drawn[name, "vi"])
    assert frame.svg(again) == frame.svg(drawn[name, "vi"])


def test_bulletins_are_named_as_not_the_provinces_own(drawn: dict[tuple[str, str], Any]) -> None:
    for name in ("covid_year", "covid_reproduction", "covid_lag"):
        assert "VnExpress" in drawn[name, "vi"].words.source


def test_labels_of_the_reports_own_wave_are_all_there(drawn: dict[tuple[str, str], Any]) -> None:
    text = plain(frame.svg(drawn["covid_size", "vi"]).decode())
    assert [each for each in ("986 ca (957–1.014)", "4.572 ca", "480 ca") if each not in text] == []


def test_the_rows_of_the_daily_chart_keep_what_was_published(drawn: dict[tuple[str, str], Any]) -> None:
    rows = drawn["covid_year", "vi"].data.set_index("date")
    day = rows.loc["2021-07-26"]
    assert (day["published_cases"], day["flag"]) == (0, "sudden_zero")
    assert pd.isna(day["used_cases"])
    assert pd.isna(day["mean_cases_per_day"])
    assert rows.at[pd.Timestamp("2021-11-07"), "mean_cases_per_day"] == pytest.approx(3092 / 7)


def test_emphasis_survives_in_grey(drawn: dict[tuple[str, str], Any]) -> None:
    """The dark community part and the pale rest stay apart when printed in black and white."""
    picture = Image.open(io.BytesIO(frame.png(drawn["covid_size", "vi"]))).convert("RGB")
    grey = np.asarray(picture.convert("L")).ravel().astype(int)
    colours = np.asarray(picture).reshape(-1, 3)
    dark, pale = (grey[(colours == tone).all(axis=1)] for tone in ((0x12, 0x43, 0x6D), (0xC9, 0xD6, 0xE2)))
    assert pale.mean() - dark.mean() > 100


# --- other waves and years


def wave_of(*phases: tuple[int, int, int | None], start: str = "2021-06-21") -> pd.DataFrame:
    """A wave of phases of so many days, with so many cases a day and so many of them in the community."""
    day, rows = pd.Timestamp(start), []
    for number, (days, mean, community) in enumerate(phases, 1):
        row = {"wave": 4, "phase": number, "start": day, "end": day + pd.Timedelta(days=days - 1)}
        row |= {
            MEAN: float(mean),
            f"{MEAN}_decimals": 0,
            f"{COMMUNITY}_decimals": 0,
            "figure_ids": "kg21-covid-p1-mean",
        }
        rows.append(row | {COMMUNITY: np.nan if community is None else float(community)})
        day += pd.Timedelta(days=days)
    return phase_summary(pd.DataFrame(rows))


@pytest.mark.parametrize(
    ("means", "word"), [((17, 127, 60), "gấp"), ((127, 60, 17), "giảm"), ((60, 60, 60), "chưa rõ")]
)
def test_the_word_follows_the_number(vi: ReportContext, means: tuple[int, ...], word: str) -> None:
    steps = phase_steps(wave_of(*((20, mean, 5) for mean in means)))
    assert word in words.steps(steps.iloc[:1], vi).replace("không cho biết", "chưa rõ").replace("có thể", "chưa rõ")


WAVES = [
    [(58, 3, 3), (36, 4, 3), (8, 2, 2)],
    [(58, 5000, 3), (36, 12000, 50), (8, 9000, 3)],
    [(20, 60, 10)],
    [(20, 60, None), (30, 40, None)],
    [(20, 60, 10), (30, 40, None)],
    [(45, 150, 60), (60, 150, 20), (45, 300, 290), (30, 150, 0)],
    [(4, 40, 3), (14, 3, 1), (14, 40, 40), (4, 300, 9), (4, 12, 0), (21, 40, 12)],
    [(90, 12, 5), (4, 40, 30)],
    [(14, 300, 167), (8, 300, 100), (30, 40, 7), (8, 90, 80), (90, 3, 1), (8, 90, 20)],
]


def drawn_of(wave: pd.DataFrame, ctx: ReportContext) -> list[str]:
    """Charts of a wave that are drawn; the one of community cases says where they are not printed, or too few."""
    assert charts.phase_bars(wave, ctx).data is wave
    assert len(words.size(wave, ctx)) > 50
    shares = wave["community_share_pct"].count()
    if shares > 2:
        return ["phases", "community"] if frame.png(charts.community_share(wave, ctx)) else []
    with pytest.raises(NotPrintedError, match="of at least 3 numbers" if shares else "community"):
        charts.community_share(wave, ctx)
    return ["phases"]


@pytest.mark.parametrize("phases", WAVES)
def test_charts_hold_other_waves(here: ReportContext, phases: list[tuple[int, int, int | None]]) -> None:
    assert drawn_of(wave_of(*phases), here)[0] == "phases"


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=12 if FULL else 4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_charts_hold_any_wave(vi: ReportContext, data: st.DataObject) -> None:
    case = st.integers(0, 1500).flatmap(lambda mean: st.tuples(st.integers(1, 90), st.just(mean), st.integers(0, mean)))
    phases = data.draw(st.lists(case, min_size=1, max_size=6))
    with_cases = sum(mean > 0 for _, mean, _ in phases)  # a share of no case is none; the whole wave has one too
    assert drawn_of(wave_of(*phases), vi) == ["phases", *(["community"] if with_cases > 1 else [])]


def test_a_label_without_room_is_dropped_and_named(vi: ReportContext, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        figure = charts.phase_bars(wave_of(*[(1, 900, 400)] * 40), vi)
    assert figure.dropped  # type: ignore[attr-defined]
    assert f"no room for the label {figure.dropped[0]!r}; it is left out" in caplog.text  # type: ignore[attr-defined]


RNG = np.random.default_rng(11)
SERIES = {
    "short": RNG.poisson(60, 22),
    "steep": RNG.poisson(2 * np.exp(0.15 * np.arange(50))),
    "falling": RNG.poisson(9000 * np.exp(-0.12 * np.arange(60))),
    "gaps": [np.nan if each % 23 == 5 else 80 + each % 9 for each in range(90)],
    "dumps": [4000 if each in (30, 33) else 40 + each % 7 for each in range(80)],
    "negative": [-60 if each == 40 else 40 + each % 7 for each in range(80)],
    "zero": [0] * 60,
    "one day": [3],
}


def with_series(data: Dataset, values: Any) -> Dataset:
    days = pd.date_range("2021-07-01", periods=len(values))
    rows = pd.DataFrame({"area_code": "91", "boundary_version": "kien-giang", "date": days, "new_cases": values})
    rows = rows.assign(source_id="moh-bulletins-2021", date_basis="report", flag="").dropna(subset=["new_cases"])
    return dataclasses.replace(data, covid_daily=rows, covid_deaths_daily=data.covid_deaths_daily.iloc[:0])


def check_finding(found: Frames, name: str) -> int:
    """How many parts of a finding were made; all others say what is not printed, and nothing else goes wrong."""
    made = 0
    for part in parts(FINDINGS[name]):
        try:
            result = found.call(part)
        except LeftOutError as error:
            assert found["ctx"].say(f"missing.{error.missing}")
        else:
            made += 1
            if isinstance(result, Figure):
                assert frame.png(result)
                assert len(result.words.title.split()) <= 15  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("name", SERIES)
def test_other_series_make_every_part_or_say_why_not(data: Dataset, name: str) -> None:
    found = Frames(ReportContext(with_series(data, SERIES[name]), NumberFormatter("vi")))
    assert sum(check_finding(found, each) for each in NAMES) >= 6  # what rests on the report alone


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_that_is_missing_leaves_out_its_own_parts(data: Dataset, topic: str) -> None:
    without = dataclasses.replace(data, **{topic: getattr(data, topic).iloc[:0]})
    found = Frames(ReportContext(without, NumberFormatter("vi")))
    assert sum(check_finding(found, each) for each in NAMES) >= 8


def test_without_any_figure_every_part_is_left_out(data: Dataset) -> None:
    nothing = dataclasses.replace(data, **{topic: getattr(data, topic).iloc[:0] for topic in TOPICS})
    found = Frames(ReportContext(nothing, NumberFormatter("vi")))
    assert sum(check_finding(found, each) for each in NAMES) == 0


def test_a_day_set_aside_is_in_no_mean_and_in_no_title(data: Dataset, vi: ReportContext) -> None:
    found = Frames(
        dataclasses.replace(vi, data=with_series(data, [49170 if n == 40 else 40 + n % 7 for n in range(80)]))
    )
    figure = found.call(charts.daily_cases)
    row = figure.data.set_index("flag").loc["dump"]
    assert row["published_cases"] == 49170
    assert pd.isna(row["used_cases"])
    assert "49" not in found.call(words.year_title).replace("2021", "")


def test_dates_of_first_symptoms_are_named_so(data: Dataset, here: ReportContext) -> None:
    changed = with_series(data, [40 + n % 7 for n in range(60)])
    onset = dataclasses.replace(changed, covid_daily=changed.covid_daily.assign(date_basis="onset"))
    figure = Frames(dataclasses.replace(here, data=onset)).call(charts.daily_cases)
    assert here.say("covid.basis_onset") in figure.words.subtitle


def test_a_phase_that_agrees_and_one_with_missing_days_are_told_so(
    frames: dict[str, Frames], here: ReportContext
) -> None:
    wave, cases = frames["vi"]["wave"], frames["vi"]["cases"].copy()
    for _, phase in wave[wave["phase"] != WAVE].iterrows():
        cases.loc[phase["start"] : phase["end"], "sum"] = phase[MEAN]
    agreed = daily.by_phase_and_lag(wave, cases, [0])
    assert words.lag_title(agreed, here) == here.say("covid.lag_title_inside")
    for day in ("2021-07-01", "2021-09-01", "2021-09-25"):
        cases.loc[day, "sum"] = np.nan
    with pytest.raises(NotPrintedError, match="cover no phase"):
        words.lag(daily.by_phase_and_lag(wave, cases, [0]), here)


def test_the_first_week_of_a_year_has_a_mean_and_a_series_that_only_falls_no_peak() -> None:
    ctx = ReportContext(load(DATA, 2022, "91"), NumberFormatter("vi"))
    frames = Frames(ctx)
    figure = frames.call(charts.daily_cases)
    means = figure.data["mean_cases_per_day"]
    assert means.notna().iloc[0]  # the days before it are known, and stand in another year
    assert means.idxmax() == means.index[0]
    assert figure.words.title.replace("\u00a0", " ") == "Kiên Giang có 2.685 ca từ 01/01/2022 đến 21/01/2022"
