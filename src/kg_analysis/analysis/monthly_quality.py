"""What is wrong or has changed in a monthly series, found before anything is computed from it.

Responsibility: flags, each with month, investor and fund source. Nothing is repaired: the published value stays.

Terms: *fall* = less paid by the end of a month than by the end of an earlier one, which only a correction explains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg_analysis.analysis.monthly import CLOSE, DENOMINATORS, PAID, PLAN_COLUMNS, TOTAL, MonthlyYear, add_up, amount
from kg_analysis.quantities import Quantity, Row

FALL, PARTS, MISSING, REVISED = "cumulative_falls", "parts_differ", "month_missing", "revised"
ABOVE_PLAN, PLAN_CHANGED, OTHER_SOURCE = "above_plan", "plan_changed", "other_source"
KINDS = (FALL, PARTS, MISSING, ABOVE_PLAN, PLAN_CHANGED, REVISED, OTHER_SOURCE)


@dataclass(frozen=True)
class Flag:
    """One remark on a value of the series.

    Attributes
    ----------
    kind : str
        One of KINDS.
    month : int or None
    investor, fund_source : str
    column : str
        What it is about: money paid or one of the three plans.
    before, after : Quantity or None
        What is set against each other [bn VND]: earlier and later month, published total and sum of its parts, plan
        and money paid, earlier and later publication.
    """

    kind: str
    month: int | None
    investor: str = TOTAL
    fund_source: str = TOTAL
    column: str = PAID
    before: Quantity | None = None
    after: Quantity | None = None


def flags(found: MonthlyYear) -> list[Flag]:
    """Every remark, by kind in the order of KINDS, then by month."""
    remarks = [*_falls(found), *_parts(found), *_missing(found), *_above_plan(found), *_plans(found)]
    remarks += [*_revised(found), *(Flag(OTHER_SOURCE, None, investor=each) for each in found.others)]
    return sorted(remarks, key=lambda flag: (KINDS.index(flag.kind), flag.month or 0))


def flag_rows(found: MonthlyYear) -> list[Row]:
    """One row a remark; a kind of which there is none has one row that says so."""
    remarks = flags(found)
    quiet = [Flag(kind, None, "", "", "") for kind in KINDS if kind not in {each.kind for each in remarks}]
    return [
        {
            "flag": each.kind if each not in quiet else f"no_{each.kind}",
            "month": each.month,
            "investor": each.investor,
            "fund_source": each.fund_source,
            "about": each.column,
            "one_bn_vnd": each.before,
            "other_bn_vnd": each.after,
            "source_id": found.source_id,
        }
        for each in remarks + quiet
    ]


def plan_rows(found: MonthlyYear) -> list[Row]:
    """The three plans and the money paid of each month, so that no share hides which plan it refers to."""
    return [
        {
            "month": month,
            **{PLAN_COLUMNS[name]: found.plan(month, name) for name in DENOMINATORS},
            PAID: found.paid(month),
            "source_id": found.source_id,
        }
        for month in sorted(set(found.rows["month_index"]))
    ]


def _falls(found: MonthlyYear) -> Iterator[Flag]:
    for (investor, fund), rows in found.rows.dropna(subset=[PAID]).groupby(["investor", "fund_source"]):
        for (_, first), (_, second) in pairwise(rows.sort_values("month_index").iterrows()):
            before, after = amount(first, PAID), amount(second, PAID)
            if after.interval.high <= before.interval.low:
                yield Flag(FALL, int(second["month_index"]), investor, fund, PAID, before, after)


def _parts(found: MonthlyYear) -> Iterator[Flag]:
    """Published totals that the published parts do not add up to, within the rounding of them all."""
    for month in sorted(set(found.rows["month_index"])):
        for column in (PAID, *DENOMINATORS.values()):
            for investor, fund, parts in _sums(found, month, column):
                printed = found.cell(month, investor, fund, column)
                known = [each for each in parts if each is not None]
                if printed is None or not parts or len(known) < len(parts):
                    continue
                total = add_up(known)
                if total.interval.high < printed.interval.low or total.interval.low > printed.interval.high:
                    yield Flag(PARTS, month, investor, fund, column, printed, total)


def _sums(found: MonthlyYear, month: int, column: str) -> Iterator[tuple[str, str, list[Quantity | None]]]:
    """Every total with its parts: all investors, and for each of them all fund sources."""
    yield TOTAL, TOTAL, [found.of(month, each, column) for each in found.investors]
    for investor, rows in found.rows.groupby("investor"):
        funds = sorted(set(rows["fund_source"]) - {TOTAL})
        yield investor, TOTAL, [found.cell(month, investor, fund, column) for fund in funds]


def _missing(found: MonthlyYear) -> Iterator[Flag]:
    """Months up to the last one in which an investor, or the whole, has no value."""
    last = int(found.rows["month_index"].max())
    for investor in (TOTAL, *found.investors):
        for month in range(1, min(last, CLOSE) + 1):
            if found.paid(month, investor) is None:
                yield Flag(MISSING, month, investor)


def _above_plan(found: MonthlyYear) -> Iterator[Flag]:
    for _, row in found.rows.dropna(subset=[PAID]).iterrows():
        for column in DENOMINATORS.values():
            plan = found.cell(int(row["month_index"]), row["investor"], row["fund_source"], column)
            paid = amount(row, PAID)
            if plan is not None and paid.interval.low >= plan.interval.high:
                yield Flag(ABOVE_PLAN, int(row["month_index"]), row["investor"], row["fund_source"], column, plan, paid)


def _plans(found: MonthlyYear) -> Iterator[Flag]:
    """Months in which a plan of the whole is another one than the month before."""
    for column in DENOMINATORS.values():
        known = [(month, plan) for month in range(1, CLOSE + 1) if (plan := found.of(month, TOTAL, column)) is not None]
        for (_, before), (month, after) in pairwise(known):
            if before.interval.high <= after.interval.low or after.interval.high <= before.interval.low:
                yield Flag(PLAN_CHANGED, month, TOTAL, TOTAL, column, before, after)


def _revised(found: MonthlyYear) -> Iterator[Flag]:
    known = found.versions.dropna(subset=[PAID]).sort_values("vintage", kind="stable")
    for (month, investor, fund), rows in known.groupby(["month_index", "investor", "fund_source"]):
        if rows[PAID].nunique() > 1:
            first, last = rows.iloc[0], rows.iloc[-1]
            yield Flag(REVISED, int(month), investor, fund, PAID, amount(first, PAID), amount(last, PAID))
