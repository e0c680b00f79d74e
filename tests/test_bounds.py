"""Bounds as columns: what a print stands for, what follows from it, and kinds that do not mix."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis import bounds
from kg_analysis.errors import DataError


def printed(**columns: str) -> pd.DataFrame:
    """One row of numbers as printed, with their bounds."""
    table = pd.DataFrame({name: [float(text)] for name, text in columns.items()})
    for name, text in columns.items():
        table[f"{name}_decimals"] = len(text.partition(".")[2])
        table = bounds.with_rounding(table, name, f"{name}_decimals")
    return table


def of(table: pd.DataFrame, column: str) -> tuple[float, ...]:
    return tuple(float(table[f"{column}{end}"].iloc[0]) for end in ("", "_low", "_high"))


@given(st.integers(-(10**7), 10**7), st.integers(0, 4))
def test_a_print_stands_for_all_that_rounds_to_it(digits: int, decimals: int) -> None:
    value, half = Fraction(digits, 10**decimals), Fraction(1, 2 * 10**decimals)
    table = bounds.with_rounding(pd.DataFrame({"x": [float(value)], "d": [decimals]}), "x", "d")
    assert of(table, "x") == pytest.approx((float(value), float(value - half), float(value + half)), abs=1e-9)
    assert table["x_kind"].item() == "rounding"


def test_a_mean_of_no_case_is_never_negative_and_an_empty_cell_stays_empty() -> None:
    table = bounds.with_rounding(pd.DataFrame({"x": [0.0, np.nan], "d": [0, 0]}), "x", "d", floor=0)
    assert table["x_low"].tolist()[0] == 0
    assert table["x_high"].tolist()[0] == 0.5
    assert table.iloc[1][["x", "x_low", "x_high", "x_kind"]].isna().all()


def test_a_count_is_exact() -> None:
    table = bounds.exact(pd.DataFrame({"cases": [3.0, np.nan]}), "cases")
    assert of(table, "cases") == (3, 3, 3)
    assert table["cases_kind"].iloc[0] == "exact"
    assert pd.isna(table["cases_kind"].iloc[1])


def test_the_plan_behind_a_level_and_its_ratio() -> None:
    """4,342 bn VND are 83.53% of the plan: 5,198.1 bn, between 5,197.2 and 5,199.0."""
    table = bounds.derive(
        printed(bn_vnd="4342", ratio_pct="83.53"), "plan", lambda a, r: 100 * a / r, "bn_vnd", "ratio_pct"
    )
    assert [round(each, 1) for each in of(table, "plan")] == [5198.1, 5197.2, 5199.0]
    assert table["plan_kind"].item() == "rounding"


@given(st.integers(1, 9999), st.integers(1, 9999), st.floats(0, 1), st.floats(0, 1))
def test_a_derived_number_holds_what_any_values_behind_the_prints_give(a: int, b: int, at: float, bt: float) -> None:
    table = bounds.derive(printed(a=str(a), b=str(b)), "ratio", lambda x, y: x / y, "a", "b")
    low, high = table["ratio_low"].item(), table["ratio_high"].item()
    truth = (a - 0.5 + at) / (b - 0.5 + bt)
    assert low * (1 - 1e-12) <= truth <= high * (1 + 1e-12)


def test_an_input_used_twice_is_one_input() -> None:
    table = bounds.derive(printed(x="50"), "nothing", lambda x: x - x, "x")
    assert of(table, "nothing") == (0, 0, 0)


def test_a_derived_number_has_the_weakest_kind_of_its_inputs() -> None:
    table = printed(a="5", b="7").assign(b_kind="wording")
    assert bounds.derive(table, "sum", lambda a, b: a + b, "a", "b")["sum_kind"].item() == "wording"
    assert bounds.weakest_of(["exact", "rounding"]) == "rounding"
    assert bounds.weakest_of(["exact", "confidence_95"]) == "confidence_95"
    assert bounds.weakest_of([]) is None


@pytest.mark.parametrize(
    "pair", [("rounding", "confidence_95"), ("credible_95", "confidence_95"), ("wording", "range_of_years")]
)
def test_statistical_kinds_do_not_mix(pair: tuple[str, str]) -> None:
    table = printed(a="5", b="7").assign(a_kind=pair[0], b_kind=pair[1])
    with pytest.raises(DataError, match=f"bounds of {' and '.join(sorted(pair))} do not mix"):
        bounds.derive(table, "sum", lambda a, b: a + b, "a", "b")


def test_kinds_are_those_of_each_row() -> None:
    table = pd.concat([printed(a="5"), printed(a="7").assign(a_kind="wording")], ignore_index=True)
    assert bounds.derive(table, "twice", lambda a: 2 * a, "a")["twice_kind"].tolist() == ["rounding", "wording"]
    assert bounds.weakest(table.iloc[:0], ["a"]).empty


@given(st.integers(1, 400), st.integers(0, 3000))
def test_whole_counts_are_all_that_print_as_the_mean(days: int, mean: int) -> None:
    few, most = (
        int(each.item()) for each in bounds.whole_counts(*(pd.Series([x]) for x in (days, mean - 0.5, mean + 0.5)))
    )

    def prints(cases: int) -> int:
        return (2 * cases + days) // (2 * days)  # halves up

    assert prints(few) == prints(most) == mean
    assert prints(most + 1) == mean + 1
    assert prints(few - 1) == mean - 1


def test_ids_of_several_cells_are_each_named_once() -> None:
    assert bounds.union_ids(["b a", None, "c a", np.nan]) == "a b c"  # type: ignore[list-item]
