"""Any figure of the codebook, printed in any way, in a year of its own: nothing fails, nothing held is called missing.

Each case is one indicator with a qualifier, basis and period in a year in which nothing else is held. The registry's
functions run on it in this process: they make their part or leave it out with a reason, the reason is never that a
figure is not printed which a row holds, and no number has an open bound.
"""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import DATA, FULL, at_length
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg_analysis.briefing.registry import FINDINGS, Frames
from kg_analysis.data.clean import parse_row, write_clean
from kg_analysis.data.columns import PERIOD_TYPES, QUALIFIERS
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError, LeftOutError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext
from kg_analysis.vietnamese import period_bounds

REGISTER = pd.read_csv(DATA / "indicators.csv", dtype=str, keep_default_na=False).set_index("id")
COUNTED = REGISTER[~REGISTER["kind"].isin(["date", "period", "statement", "list"])]
LAST_YEAR, STEP = 2011, 3  # years of which neither neighbour is held, before those of the data
BASES = ("actual", "estimate", "plan", "scenario")
WORDS = {
    "exact": "{n}", "approx_above": "trên {n}", "approx_below": "gần {n}", "at_least": "từ {n} trở lên",
    "at_most": "tối đa {n}", "vague": "khoảng {n}",
}  # fmt: skip
UNITS = {
    "pct": "%", "percentage_point": "điểm phần trăm", "bn_vnd": "tỷ đồng", "mn_vnd": "triệu đồng",
    "mn_usd": "triệu USD", "usd": "USD", "tonnes": "tấn", "ha": "ha", "times": "lần", "points": "điểm",
    "cases_per_day": "ca/ngày", "days": "ngày", "years": "năm", "tonnes_per_ha": "tấn/ha",
    "mn_kwh": "triệu kWh", "mn_tonne_km": "triệu tấn.km", "mn_person_km": "triệu lượt khách.km", "km": "km", "m2": "m2",
    "m3": "m3",
}  # fmt: skip
# Months of each period type of the cases; a part of a year since 1 January is nine months.
INDEX = {"month": 11, "quarter": 3, "half": 1, "ytd": 9}
# Reasons that say that a figure is not printed, with the indicators and periods that would make them false.
NOT_PRINTED = {
    "growth_period": (("grdp_growth",), ("quarter", "half", "ytd", "year")),
    "growth_year": (("grdp_growth",), ("year",)),
    "outputs": (("industrial_output_growth", "industrial_output", "retail_sales"), ("half", "ytd", "year")),
    "investment": (("pubinv_disbursed", "pubinv_disbursed_plan_ratio"), ("budget_year",)),
}
RESULTS = ("actual", "estimate")


@dataclass(frozen=True)
class Case:
    """One figure."""

    indicator: str
    qualifier: str
    basis: str
    period: str


def printed_row(case: Case, year: int) -> dict[str, str]:
    unit = UNITS.get(COUNTED.at[case.indicator, "unit"], "")
    number = "6" if COUNTED.at[case.indicator, "unit"] in ("times", "days", "years") else "60"
    amount = f"{number}{unit}" if unit == "%" else f"{number} {unit}".strip()
    words = "thứ 4" if COUNTED.at[case.indicator, "kind"] == "rank" else WORDS[case.qualifier].format(n=amount)
    if case.period in ("point", "day"):
        start = end = f"{year}-06-30"
    elif case.period == "phase":
        start, end = f"{year}-02-01", f"{year}-05-31"
    else:
        start, end = (each.isoformat() for each in period_bounds(case.period, year, INDEX.get(case.period, 1)))
    empty = ("section", "place", "start", "end", "unit_printed", "dimension", "item", "as_of", "note")
    return dict.fromkeys(empty, "") | {
        "figure_id": f"any-{year}", "source_id": "any-page", "as_printed": words, "indicator": case.indicator,
        "label": COUNTED.at[case.indicator, "label_vi"], "area_code": "91", "boundary_version": "kien-giang",
        "period_type": case.period, "period_start": start, "period_end": end, "basis": case.basis, "comparator": "",
        "qualifier": case.qualifier, "vintage": f"{year + 1}-03",
    }  # fmt: skip


def can_be_printed(case: Case) -> bool:
    """Whether the contract takes the case: a rank is a number, a count of nothing is no bound."""
    try:
        parse_row(printed_row(case, LAST_YEAR), COUNTED.loc[case.indicator])
    except DataError:
        return False
    return True


@pytest.fixture(scope="module")
def one_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data with one report: the pages of nine years and twelve provinces make a case three times as long."""
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("one") / "report"))
    gone: set[str] = set()
    for path in (folder / "printed").glob("*_pages_*.csv"):
        gone |= set(pd.read_csv(path, dtype=str)["figure_id"])
        path.unlink()
    for name in ("checks", "corrections"):
        rows = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        named = rows["formula" if name == "checks" else "figure_id"].map(lambda text: set(re.findall(r"[\w-]+", text)))
        rows[[not each & gone for each in named]].to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    return folder


def folder_of(cases: Sequence[Case], folder: Path, held: Path = DATA) -> dict[int, Case]:
    """A data folder with each case in a year of its own; the year of each."""
    shutil.copytree(held, folder)
    header = (DATA / "printed/mekong_pages_2015_2025.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    years = {LAST_YEAR - STEP * place: case for place, case in enumerate(cases)}
    rows = pd.DataFrame([printed_row(case, year) for year, case in years.items()])[header]
    rows.to_csv(folder / "printed/any_pages.csv", index=False, lineterminator="\n")
    sources = pd.read_csv(folder / "sources.csv", dtype=str, keep_default_na=False)
    page = sources[sources["kind"] == "press"].iloc[[0]].assign(id="any-page", grade="press", doc_date="")
    pd.concat([sources, page]).sort_values("id").to_csv(folder / "sources.csv", index=False, lineterminator="\n")
    write_clean(folder)
    return years


def functions() -> Iterator[Any]:
    for finding in FINDINGS.values():
        yield from (finding.title, *finding.sentences, *finding.caveats)
        if finding.chart is not None:
            yield finding.chart


def problems_of(data: Dataset, case: Case) -> list[str]:
    """What goes wrong with a year that holds one case."""
    ctx = ReportContext(data, NumberFormatter("vi"))
    frames, found = Frames(ctx), []
    for function in dict.fromkeys(functions()):
        name = f"{case}: {function.__module__}.{function.__name__}"
        try:
            frames.call(function)
        except LeftOutError as error:
            if not ctx.fmt.knows(f"missing.{error.missing}"):
                found.append(f"{name}: no text for {error.missing}")
            if is_false(case, error.missing):
                found.append(f"{name}: says {error.missing} although it is printed")
        except DataError as error:
            if "no figure to cite" not in str(error):
                found.append(f"{name}: {error}")
        except Exception as error:
            found.append(f"{name}: {type(error).__name__}: {error}")
    for name, table in frames.known.items():
        if isinstance(table, pd.DataFrame):
            found += [f"{case}: frame {name}: {each}" for each in open_bounds(table, data.year)]
    return found


def is_false(case: Case, missing: str) -> bool:
    """Whether a part says that a figure is not printed which the case prints."""
    indicators, periods = NOT_PRINTED.get(missing, ((), ()))
    return case.indicator in indicators and case.period in periods and case.basis in RESULTS


def open_bounds(table: pd.DataFrame, year: int) -> Iterator[str]:
    """Columns of the year in which a number stands beside an open bound, or outside its bounds."""
    rows = table[table["year"] == year] if "year" in table else table
    for column in rows.columns:
        ends = [f"{column}_low", f"{column}_high"]
        if not set(ends) <= set(rows.columns) or not pd.api.types.is_numeric_dtype(rows[column]):
            continue
        values, low, high = (pd.to_numeric(rows[each], errors="coerce").astype(float) for each in (column, *ends))
        known = values.notna()
        if (known & ~(np.isfinite(low) & np.isfinite(high))).any():
            yield f"{column} has an open bound"
        if (known & ((values < low - 1e-6) | (values > high + 1e-6))).any():
            yield f"{column} lies outside its bounds"


def run(cases: Sequence[Case], folder: Path, held: Path = DATA) -> list[str]:
    years = folder_of(cases, folder, held)
    return [problem for year, case in years.items() for problem in problems_of(load(folder, year, "91"), case)]


ALL = st.builds(
    Case,
    st.sampled_from(sorted(COUNTED.index)),
    st.sampled_from(QUALIFIERS),
    st.sampled_from(BASES[:2]),
    st.sampled_from(PERIOD_TYPES),
).filter(can_be_printed)


@settings(max_examples=1, phases=[Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck))
@given(cases=st.lists(ALL, min_size=4, max_size=4, unique=True))
def test_any_figure_in_a_year_of_its_own(
    cases: list[Case], one_report: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert run(cases, tmp_path_factory.mktemp("any") / "data", one_report) == []


KEY = (
    "grdp_growth", "grdp_level", "grdp_level_current", "grdp_per_capita", "grdp_plan_ratio", "grdp_contribution",
    "industrial_output", "industrial_output_growth", "pubinv_disbursed", "pubinv_disbursed_plan_ratio", "pubinv_plan",
)  # fmt: skip


@pytest.mark.slow
def test_every_wording_of_growth(tmp_path: Path, one_report: Path) -> None:
    cases = [Case("grdp_growth", qualifier, "actual", "year") for qualifier in QUALIFIERS]
    cases += [
        Case("grdp_growth", "approx_above", "actual", "ytd"),
        Case("grdp_growth", "at_most", "estimate", "quarter"),
    ]
    assert run(cases, tmp_path / "data", one_report) == []


def covering(values: Sequence[Sequence[str]], strength: int) -> list[Case]:
    """Cases in which so many values of different columns stand together at least once each, greedily chosen."""
    pairs = {
        Case(*row): {tuple((place, row[place]) for place in places) for places in combinations(range(4), strength)}
        for row in product(*values)
        if can_be_printed(Case(*row))
    }
    wanted = set().union(*pairs.values())
    chosen = []
    while wanted:
        best = max(pairs, key=lambda case: len(pairs[case] & wanted))
        chosen.append(best)
        wanted -= pairs.pop(best)
    return chosen


@pytest.mark.slow
@pytest.mark.parametrize("strength", [1, *at_length(2)])
def test_every_indicator_wording_basis_and_period(tmp_path: Path, one_report: Path, strength: int) -> None:
    """Each value, or each pair of values, of the indicators that an analysis reads; some of it among all that is held.

    Which indicators of the codebook and how they are printed: every column of the figures that decides on a branch.
    """
    lists = [KEY, QUALIFIERS, BASES[:2], PERIOD_TYPES]
    cases = covering(lists, strength)
    assert len(cases) >= math.prod(sorted(map(len, lists))[-strength:])
    assert run(cases, tmp_path / "alone", one_report) == []
    assert run(cases if FULL else cases[:2], tmp_path / "among all") == []
