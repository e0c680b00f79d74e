"""Which figures a year rests on: its report, else what was published last."""

from __future__ import annotations

import pandas as pd

from kg_analysis.data.dataset import LATEST, REPORT, choose, year_of

SOURCES = pd.DataFrame(
    {"kind": ["report", "press", "statistics"], "report_year": pd.array([2021, None, None], "Int64")},
    index=["report", "press", "office"],
)


def figure(name: str, source: str, vintage: str, value: float = 1, **other: object) -> dict[str, object]:
    return {
        "figure_id": name,
        "source_id": source,
        "vintage": vintage,
        "value": value,
        "low": value - 0.5,
        "high": value + 0.5,
        "decimals": 0,
        "indicator": "grdp_growth",
        "bound_kind": "rounding",
        "boundary_version": "kien-giang",
        "dimension": "",
        "item": "",
        "period_type": "half",
        "period_start": pd.Timestamp("2021-01-01"),
        "period_end": pd.Timestamp("2021-06-30"),
        "as_of": pd.NaT,
        "basis": "actual",
    } | other


def chosen(*rows: dict[str, object], year: int = 2021) -> tuple[str, list[str]]:
    edition, figures = choose(pd.DataFrame(rows).set_index("figure_id"), SOURCES, year)
    return edition, list(figures.index)


def test_a_year_with_a_report_rests_on_it_alone() -> None:
    rows = figure("a", "report", "2021-12"), figure("b", "press", "2022-07")
    assert chosen(*rows) == (REPORT, ["a"])


def test_a_year_without_a_report_takes_what_was_published_last() -> None:
    rows = figure("a", "office", "2021-06-30"), figure("b", "press", "2022-07"), figure("c", "press", "2021-12")
    assert chosen(*rows) == (LATEST, ["b"])


def test_an_aim_does_not_replace_a_result_and_another_cut_off_is_another_figure() -> None:
    day = pd.Timestamp("2021-05-20")
    rows = (
        figure("a", "press", "2021-07"),
        figure("aim", "press", "2021-09", basis="plan"),
        figure("c", "press", "2021-06", as_of=day),
    )
    assert chosen(*rows) == (LATEST, ["a", "aim", "c"])


def test_of_two_published_together_the_first_in_the_file_is_kept() -> None:
    assert chosen(figure("a", "press", "2021-07"), figure("b", "office", "2021-07")) == (LATEST, ["a"])


def test_the_aim_that_an_earlier_report_set_for_the_year_belongs_to_it() -> None:
    rows = (
        figure("aim", "earlier", "2020-12", basis="plan", indicator="pubinv_disbursed_plan_ratio"),
        figure("a", "report", "2021-12"),
        figure("elsewhere", "press", "2021-03", basis="plan", indicator="pubinv_disbursed_plan_ratio"),
    )
    sources = pd.concat([SOURCES, pd.DataFrame({"kind": ["report"], "report_year": [2020]}, index=["earlier"])])
    found = choose(pd.DataFrame(rows).set_index("figure_id"), sources, 2021)
    assert list(found[1].index) == ["aim", "a"]


def test_a_report_that_sets_its_own_aim_anew_replaces_the_earlier_one() -> None:
    ratio = {"basis": "plan", "indicator": "pubinv_disbursed_plan_ratio"}
    rows = (
        figure("earlier aim", "earlier", "2020-12", **ratio),
        figure("a", "report", "2021-12"),
        figure("own aim", "report", "2021-12", **ratio),
    )
    sources = pd.concat([SOURCES, pd.DataFrame({"kind": ["report"], "report_year": [2020]}, index=["earlier"])])
    found = choose(pd.DataFrame(rows).set_index("figure_id"), sources, 2021)
    assert list(found[1].index) == ["a", "own aim"]


def test_a_wave_stays_apart_from_whatever_else_stands_in_the_file() -> None:
    """Waves are grouped by their source, so that another year's rows cannot pull them along."""
    phase = {"dimension": "wave_phase", "indicator": "covid_mean_cases", "period_type": "phase"}
    january, december = pd.Timestamp("2022-01-05"), pd.Timestamp("2021-12-01")
    rows = [figure(str(number), "old", "2020-12", period_start=pd.Timestamp("2020-01-01")) for number in range(6)]
    rows += [
        figure("p1", "report", "2021-12", item="4-1", period_start=december, **phase),
        figure("p2", "report", "2021-12", item="4-2", period_start=january, **phase),
    ]
    figures = pd.DataFrame(rows).set_index("figure_id")
    assert list(choose(figures, SOURCES, 2021)[1].index) == ["p1", "p2"]
    assert set(year_of(figures)) == {2020, 2021}
