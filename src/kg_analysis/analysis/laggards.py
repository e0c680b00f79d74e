"""Who is behind: ranked by the money not disbursed, never by percent, with the causes that investors name.

Responsibility: the standing of investors in a month of the series. A small investor at 0% holds up less money than a
large one at 60%; both are shown, the rank is by money. One whose plan or payments are missing has no rank.

Terms: *even share* = money not disbursed over the number of investors; *quadrant* = slower or not than the whole, with
more or less than an even share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from kg_analysis.analysis.monthly import DENOMINATORS, PLAN_COLUMNS, TOTAL, MonthlyYear, add_up, share, share_of_parts
from kg_analysis.errors import LeftOutError
from kg_analysis.quantities import Quantity, Row, derive

SLOW_LARGE, SLOW_SMALL, FAST_LARGE, FAST_SMALL = "slow_large", "slow_small", "fast_large", "fast_small"
MOST = Fraction(80, 100)  # of the money: how few hold it
NOT_NAMED = "not_named"


@dataclass(frozen=True)
class Laggard:
    """One investor at a cut-off.

    Attributes
    ----------
    name : str
    plan, paid : Quantity or None
        [bn VND]; None where missing.
    cause : str
        Cause of delay that the investor names; ``not_named`` where none.
    """

    name: str
    plan: Quantity | None
    paid: Quantity | None
    cause: str = NOT_NAMED

    @property
    def undisbursed(self) -> Quantity | None:
        """Plan less money paid [bn VND]; None where either is missing."""
        if self.plan is None or self.paid is None:
            return None
        return derive(lambda plan, paid: plan - paid, self.plan, self.paid, unit="bn_vnd")

    @property
    def ratio(self) -> Quantity | None:
        """Share of the plan paid [percent]."""
        return None if self.plan is None or self.paid is None else share(self.paid, self.plan)


@dataclass(frozen=True)
class Standing:
    """Investors of a month, the one with most money left first.

    Attributes
    ----------
    found : MonthlyYear
    month : int
    denominator : str
        Plan that money left and shares refer to.
    ranked : tuple of Laggard
        Those whose money is known.
    unknown : tuple of Laggard
        Those of whom plan or payment is missing.
    """

    found: MonthlyYear
    month: int
    denominator: str
    ranked: tuple[Laggard, ...]
    unknown: tuple[Laggard, ...]

    @property
    def undisbursed(self) -> Quantity:
        """Money left of those ranked [bn VND]."""
        return add_up(_left(self.ranked))

    @property
    def ratio(self) -> Quantity | None:
        """Share of their plans that those ranked have been paid together [percent]."""
        return share(
            add_up([each.paid for each in self.ranked if each.paid is not None]),
            add_up([each.plan for each in self.ranked if each.plan is not None]),
        )

    @property
    def few(self) -> int:
        """How few investors hold ``MOST`` of the money left."""
        sums = accumulate(each.interval.value or Fraction(0) for each in _left(self.ranked))
        enough = MOST * (self.undisbursed.interval.value or 0)
        return 1 + sum(each < enough for each in sums)

    @property
    def held(self) -> Quantity | None:
        """Share of the money left that the few hold [percent]."""
        left = _left(self.ranked)
        return share_of_parts(left[: self.few], left[self.few :])

    def quadrant(self, each: Laggard) -> str:
        """Where an investor stands: slower than the whole or not, with more money left than an even share or not."""
        left, ratio, together = each.undisbursed, each.ratio, self.ratio
        if left is None or ratio is None or together is None:
            return ""
        large = left.value > self.undisbursed.value / len(self.ranked)
        slow = ratio.value < together.value
        return {(True, True): SLOW_LARGE, (True, False): SLOW_SMALL, (False, True): FAST_LARGE}.get(
            (slow, large), FAST_SMALL
        )


def standing(found: MonthlyYear, month: int | None = None, denominator: str | None = None) -> Standing:
    """Investors of a month, ranked by the money they have not disbursed.

    Raises
    ------
    LeftOutError
        If the series names no investor, or of none both plan and payment are known.
    """
    at = found.reported(month)
    chosen = _plan_of_parts(found, at, denominator)
    entries = [
        Laggard(each, found.plan(at, chosen, each), found.paid(at, each), _cause(found, at, each))
        for each in found.investors
    ]
    known = [each for each in entries if each.undisbursed is not None]
    if not known:
        raise LeftOutError(
            f"disbursement_monthly: no investor of month {at} of {found.year} has both plan and payment",
            "disbursement_investors",
        )
    ranked = sorted(known, key=lambda each: (-_money(each), each.name))
    unknown = tuple(each for each in entries if each.undisbursed is None)
    return Standing(found, at, chosen, tuple(ranked), unknown)


def even_share(found: Standing) -> Quantity:
    """Money left over the number of investors ranked [bn VND]."""
    return derive(lambda left: left / len(found.ranked), found.undisbursed, unit="bn_vnd")


def laggard_rows(found: Standing) -> list[Row]:
    """One row an investor by money left, with the running share of all money left; those without rank last."""
    left = _left(found.ranked)
    cumulative = {each.name: share_of_parts(left[:n], left[n:]) for n, each in enumerate(found.ranked, 1)}
    return [
        {
            "rank": number if each.undisbursed is not None else None,
            "investor": each.name,
            "undisbursed_bn_vnd": each.undisbursed,
            "cumulative_share_pct": cumulative.get(each.name),
            "ratio_pct": each.ratio,
            PLAN_COLUMNS[found.denominator]: each.plan,
            "disbursed_cum_bn_vnd": each.paid,
            "quadrant": found.quadrant(each),
            "cause": each.cause,
            "source_id": found.found.source_id,
        }
        for number, each in enumerate((*found.ranked, *found.unknown), 1)
    ]


def cause_rows(found: Standing) -> list[Row]:
    """Money left by the cause that the investors name, most first; those that name none stand last.

    The share is of money held by investors naming a cause; it does not say how much the cause itself holds up.
    """
    groups: dict[str, list[Laggard]] = {}
    for each in found.ranked:
        groups.setdefault(each.cause, []).append(each)
    order = sorted(groups, key=lambda cause: (cause == NOT_NAMED, -sum(_money(each) for each in groups[cause])))
    return [
        {
            "cause": cause,
            "investors": len(groups[cause]),
            "undisbursed_bn_vnd": add_up(_left(groups[cause])),
            "share_of_undisbursed_pct": share_of_parts(_left(groups[cause]), _outside(found, cause)),
            "source_id": found.found.source_id,
        }
        for cause in order
    ]


def _plan_of_parts(found: MonthlyYear, month: int, wanted: str | None) -> str:
    """The plan wanted, else the first of the three that any investor has: the whole may lack one investor's."""
    for each in DENOMINATORS if wanted is None else [wanted]:
        if any(found.plan(month, each, investor) is not None for investor in found.investors):
            return each
    raise LeftOutError(f"disbursement_monthly: no investor has a plan in month {month}", "disbursement_investors")


def _cause(found: MonthlyYear, month: int, investor: str) -> str:
    """The investor's own word: of his total, else of the fund source with a cause and most money."""
    rows = found.rows[(found.rows["month_index"] == month) & (found.rows["investor"] == investor)]
    named = rows[rows["cause"].fillna("") != ""]
    if named.empty:
        return NOT_NAMED
    total = named[named["fund_source"] == TOTAL]
    largest = named.sort_values(DENOMINATORS["assigned"], ascending=False, kind="stable")
    return str((total if len(total) else largest)["cause"].iloc[0])


def _outside(found: Standing, cause: str) -> list[Quantity]:
    return _left([each for each in found.ranked if each.cause != cause])


def _left(entries: Sequence[Laggard]) -> list[Quantity]:
    return [each.undisbursed for each in entries if each.undisbursed is not None]


def _money(each: Laggard) -> float:
    return 0.0 if each.undisbursed is None else each.undisbursed.value
