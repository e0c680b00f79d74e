"""Which figure leads: known answers from the project's own figures, and the rule on made-up rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis.data import leading, load

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return load(ROOT / "data").figures


def rows(*figures: dict[str, object]) -> pd.DataFrame:
    """Figures of one quantity, growth in 2021, with what differs."""
    common = {
        "area_code": "91",
        "boundary_version": "kien-giang",
        "indicator": "grdp_growth",
        "dimension": "",
        "item": "",
        "period_type": "year",
        "period_start": pd.Timestamp(2021, 1, 1),
        "period_end": pd.Timestamp(2021, 12, 31),
        "comparator": "same_period_last_year",
        "basis": "actual",
        "as_of": pd.NaT,
        "vintage": "2022-03",
        "grade": "press",
        "value": 1.0,
        "is_corrected": False,
    }
    table = pd.DataFrame([{**common, "figure_id": f"f{number}", **each} for number, each in enumerate(figures)])
    return table.assign(low=table["value"] - 0.005, high=table["value"] + 0.005, as_of=pd.to_datetime(table["as_of"]))


def first(*figures: dict[str, object], **options: bool) -> tuple[str, str, str]:
    found = leading(rows(*figures), **options)
    assert len(found) == 1
    return tuple(found.loc[0, ["figure_id", "standing", "superseded_ids"]])


def test_the_close_of_the_budget_year_leads_over_the_estimate_of_december(figures: pd.DataFrame) -> None:
    ratio = figures[(figures["indicator"] == "pubinv_disbursed_plan_ratio") & (figures["dimension"] == "")]
    found = leading(ratio[(ratio["period_start"] == "2021-01-01")])
    row = found[found["as_of"] == "2022-01-31"].iloc[0]
    assert (row["value"], row["standing"], row["vintage"][:4]) == (71.66, "settled", "2022")
    assert "kg21-pubinv-disbursed-ratio" in row["superseded_ids"].split()  # 83.12


def test_the_revised_half_year_leads_over_what_the_report_prints(figures: pd.DataFrame) -> None:
    half = figures[
        (figures["indicator"] == "grdp_growth") & (figures["period_type"] == "half") & (figures["item"] == "")
    ]
    found = leading(half[(half["area_code"] == "91") & (half["period_start"] == "2021-01-01")]).iloc[0]
    assert (found["value"], found["superseded_ids"]) == (3.54, "kg21-growth-h1 ctk1963-grdp-growth-h1")


def test_what_is_sent_never_rests_on_a_page_that_reposts_others(figures: pd.DataFrame) -> None:
    """The revision is known from such a page only: the release leads, and stands as preliminary."""
    found = leading(figures, citable_only=True).set_index("figure_id")
    assert "aggregator" not in set(found["grade"])
    assert found.at["kg21-growth-h1", "standing"] == "preliminary"


def test_a_figure_known_to_be_wrong_never_leads(figures: pd.DataFrame) -> None:
    assert "dntt20221229-grdp-plan-ratio-fy" not in set(leading(figures)["figure_id"])


@pytest.mark.parametrize(
    ("earlier", "later", "wanted"),
    [
        ({"basis": "estimate", "vintage": "2022-06"}, {}, ("f1", "settled", "f0")),
        ({"value": 2.0, "vintage": "2022-01"}, {"vintage": "2022-06"}, ("f1", "settled", "f0")),
        ({"vintage": "2021-12-20"}, {"basis": "estimate", "vintage": "2022-06"}, ("f0", "preliminary", "f1")),
        ({"grade": "official"}, {"grade": "aggregator", "vintage": "2022-06"}, ("f0", "settled", "f1")),
        ({"grade": "statistics"}, {"grade": "official", "vintage": "2022-02"}, ("f1", "settled", "f0")),
        ({"vintage": "2022-03-05"}, {"vintage": "2022"}, ("f1", "settled", "f0")),
    ],
    ids=["estimate", "revised", "before the close", "grade", "grade before vintage", "a year counts as its end"],
)
def test_standing_then_grade_then_vintage(earlier: dict[str, object], later: dict[str, object], wanted: object) -> None:
    assert first(earlier, later) == wanted


def test_another_rounding_is_no_revision() -> None:
    found = rows({"value": 0.5, "vintage": "2022-02", "grade": "official"}, {"value": 0.58, "vintage": "2022-06"})
    overlapping = found.assign(low=[0.45, 0.545], high=[0.55, 0.555])
    assert leading(overlapping).loc[0, ["figure_id", "standing"]].tolist() == ["f0", "settled"]


@pytest.mark.parametrize(
    "other",
    [
        {"boundary_version": "an-giang-2025"},
        {"basis": "plan"},
        {"item": "agriculture"},
        {"as_of": pd.Timestamp(2021, 6, 30)},
        {"area_code": "89"},
    ],
    ids=["boundary", "aim", "item", "cut-off day", "area"],
)
def test_figures_of_two_quantities_both_lead(other: dict[str, object]) -> None:
    assert len(leading(rows({}, other))) == 2


def test_a_total_up_to_the_last_day_is_that_of_the_period() -> None:
    assert first({"as_of": pd.Timestamp(2021, 12, 31)}, {"basis": "estimate"}) == ("f0", "settled", "f1")


@given(st.permutations(range(6)))
def test_no_figure_is_lost_and_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    made = rows(*({"value": float(each), "vintage": f"2022-0{each + 1}", "item": "ab"[each % 2]} for each in range(6)))
    found = leading(made.iloc[order])
    assert set(found["figure_id"]) == {"f4", "f5"}
    ids = " ".join([*found["figure_id"], *found["superseded_ids"]]).split()
    assert sorted(ids) == sorted(made["figure_id"])
