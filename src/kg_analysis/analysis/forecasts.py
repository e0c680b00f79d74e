"""Where a budget year lands: three forecasts side by side, and the pace that the target takes from here on.

Responsibility: forecasts from a month of the series. None is preferred; their spread is part of the result.

Terms: *run rate* = the mean month so far for all 13 months, a lower bound as long as the pace does not slow;
*profile* = money paid over the share that past years had paid by then; *bottom-up* = the profile investor by investor,
nobody above his plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kg_analysis.analysis.investment import Target
from kg_analysis.analysis.monthly import CLOSE, DENOMINATORS, TOTAL, MonthlyYear, add_up, share
from kg_analysis.analysis.profile import Profile, envelope, past_years, profile
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import LeftOutError
from kg_analysis.intervals import Interval, Number
from kg_analysis.quantities import Quantity, Row, derive

RUN_RATE, PROFILE, BOTTOM_UP = "run_rate", "profile", "bottom_up"
RECENT = 3  # months


@dataclass(frozen=True)
class Forecast:
    """A budget year seen from the end of one of its months.

    Attributes
    ----------
    found : MonthlyYear
    month : int
        Month index from which the forecast is made.
    denominator : str
        Plan that shares refer to.
    paid, plan : Quantity
        [bn VND].
    past_years : tuple of MonthlyYear
        Closed budget years before this one.
    past : Profile or None
        Their course; None where none is closed.
    at_close : dict of str to Quantity
        Money paid by 31 January of the next year [bn VND], by method; the bounds of ``profile`` and ``bottom_up`` are
        the past years with the least and the most. A method that the series does not allow is left out.
    silent : tuple of str
        Investors that have paid nothing yet: bottom-up counts nothing from them.
    """

    found: MonthlyYear
    month: int
    denominator: str
    paid: Quantity
    plan: Quantity
    past_years: tuple[MonthlyYear, ...]
    past: Profile | None
    at_close: dict[str, Quantity]
    silent: tuple[str, ...]

    @property
    def outturn(self) -> Quantity | None:
        """Money paid at the close where the series already knows it [bn VND]."""
        return self.found.paid(CLOSE)

    @property
    def years(self) -> tuple[int, ...]:
        """Past years that the profile rests on at this month."""
        return () if self.past is None else self.past.usable(self.month)


@dataclass(frozen=True)
class MonthlyPace:
    """Pace that the target takes, against the pace of late [bn VND per month].

    Attributes
    ----------
    months_left : int
    required : Quantity
        Over the months left; negative where the target is met.
    recent : Quantity or None
        Mean of the last ``RECENT`` months; None where a month it needs is missing.
    acceleration : Quantity or None
        Required over recent; None where nothing was paid of late or nothing is required.
    """

    months_left: int
    required: Quantity
    recent: Quantity | None
    acceleration: Quantity | None


def forecast(data: Dataset, found: MonthlyYear, month: int | None = None, denominator: str | None = None) -> Forecast:
    """The three forecasts from the end of a month, by default the last one known before the close.

    Raises
    ------
    LeftOutError
        If the money paid by then, or the plan wanted, is not known.
    """
    at = found.month(month)
    chosen = found.denominator(at, denominator)
    paid, plan = found.paid(at), found.plan(at, chosen)
    if paid is None or plan is None:
        raise LeftOutError(f"disbursement_monthly: month {at} of {found.year} is not whole", "disbursement_month")
    years = past_years(data, found.year)
    past = _past(years, TOTAL)
    methods: dict[str, Callable[[], Quantity | None]] = {
        RUN_RATE: lambda: run_rate(paid, Fraction(at)),
        PROFILE: lambda: _by_profile(paid, at, past),
        BOTTOM_UP: lambda: _bottom_up(years, found, at, chosen),
    }
    results = {name: method() for name, method in methods.items()}
    nothing = tuple(each for each in found.investors if _is_zero(found.paid(at, each)))
    return Forecast(
        found,
        at,
        chosen,
        paid,
        plan,
        years,
        past,
        {name: each for name, each in results.items() if each is not None},
        nothing,
    )


def run_rate(paid: Quantity, months: Fraction) -> Quantity:
    """Money paid at the close if every month were as the mean so far [bn VND]."""
    return derive(lambda amount: amount / months * CLOSE, paid, unit="bn_vnd")


def path(made: Forecast, month: int) -> Quantity | None:
    """Money paid by another month if the year goes as past years did, from where it stands [bn VND]."""
    if made.past is None:
        return None
    if month == 0:
        return Quantity(Interval.exact(0), "bn_vnd")
    factors = made.past.between(made.month, month)
    return envelope([_times(made.paid, each) for each in factors]) if factors else None


def pace(made: Forecast, goal: Target) -> MonthlyPace:
    """Pace that the target takes over the months left, (τP − D_t) / (13 − t), and the acceleration it means."""
    left, unit = CLOSE - made.month, "bn_vnd_per_month"
    required = derive(lambda p, r, d: (p * r / 100 - d) / left, made.plan, goal.ratio, made.paid, unit=unit)
    start = made.month - RECENT
    before = Quantity(Interval.exact(0), "bn_vnd") if start == 0 else made.found.paid(start) if start > 0 else None
    recent = None if before is None else derive(lambda a, b: (a - b) / RECENT, made.paid, before, unit=unit)
    faster = None
    if recent is not None and recent.interval.low > 0 and required.interval.low > 0:
        faster = derive(lambda need, had: need / had, required, recent, unit="factor")
    return MonthlyPace(left, required, recent, faster)


def aim(made: Forecast, goal: Target) -> Quantity:
    """Money that the target means [bn VND]."""
    return derive(lambda plan, ratio: plan * ratio / 100, made.plan, goal.ratio, unit="bn_vnd")


def ratio(made: Forecast) -> Quantity:
    """Share of the chosen plan paid by the month [percent]."""
    return derive(lambda paid, plan: 100 * paid / plan, made.paid, made.plan, unit="pct")


def against_plans(found: MonthlyYear, month: int) -> list[tuple[str, Quantity, Quantity]]:
    """Each of the three plans that the month gives, and the share of it that is paid [percent]."""
    paid = found.paid(month)
    known = [(name, found.plan(month, name)) for name in DENOMINATORS]
    pairs = [(name, plan, share(paid, plan)) for name, plan in known if plan is not None and paid is not None]
    return [(name, plan, part) for name, plan, part in pairs if part is not None]


def forecast_rows(made: Forecast, goal: Target | None) -> list[Row]:
    """One row a method: money at the close, its share of the plan, and its distance to the target."""
    wanted = None if goal is None else aim(made, goal)
    shown = made.at_close if made.outturn is None else {**made.at_close, "outturn": made.outturn}
    return [
        {
            "forecast": name,
            "month": made.month if name != "outturn" else CLOSE,
            "at_close_bn_vnd": each,
            "share_of_plan_pct": derive(lambda a, p: 100 * a / p, each, made.plan, unit="pct"),
            "to_target_bn_vnd": None if wanted is None else derive(lambda a, w: a - w, each, wanted, unit="bn_vnd"),
            "plan_basis": made.denominator,
            "source_id": made.found.source_id,
        }
        for name, each in shown.items()
    ]


def _past(years: Sequence[MonthlyYear], investor: str) -> Profile | None:
    try:
        return profile(years, investor)
    except LeftOutError:
        return None


def _by_profile(paid: Quantity, month: int, past: Profile | None) -> Quantity | None:
    factors = [] if past is None else past.between(month, CLOSE)
    return envelope([_times(paid, each) for each in factors]) if factors else None


def _bottom_up(years: Sequence[MonthlyYear], found: MonthlyYear, month: int, denominator: str) -> Quantity | None:
    """Sum over investors; None where one has no value, since he cannot be taken for one who paid nothing."""
    parts = []
    for investor in found.investors:
        paid = found.paid(month, investor)
        if paid is None:
            return None
        own, together = _past(years, investor), _past(years, TOTAL)
        end = paid if _is_zero(paid) else _by_profile(paid, month, own) or _by_profile(paid, month, together)
        if end is None:
            return None
        parts.append(_at_most(end, found.plan(month, denominator, investor), paid))
    return add_up(parts) if parts else None


def _at_most(end: Quantity, plan: Quantity | None, paid: Quantity) -> Quantity:
    """An investor is paid no more than his plan; one already above it, which is flagged, stays where he is."""
    if plan is None:
        return end
    ceiling = plan if plan.value >= paid.value else paid
    low, high, value = (min(pair) for pair in zip(_bounds(end), _bounds(ceiling), strict=True))
    return Quantity(Interval(low, high, Fraction(value)), end.unit, inputs=end.rests_on)


def _bounds(found: Quantity) -> tuple[Number, Number, Fraction]:
    return found.interval.low, found.interval.high, Fraction(found.interval.value or 0)


def _times(paid: Quantity, factor: Quantity) -> Quantity:
    return derive(lambda a, b: a * b, paid, factor, unit="bn_vnd")


def _is_zero(paid: Quantity | None) -> bool:
    return paid is not None and paid.interval.value == 0
