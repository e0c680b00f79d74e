"""Scenarios from quarterly levels: what the remaining quarters must grow, by sector, and quarters of a revised year.

Responsibility: required growth in three ways of spreading it, the table low / base / high, and where a rate stands in
the province's own past; quarters made to add up to a revised year by proportional first-difference Denton, with the
rounding of their inputs: computed, not published. No probability: a handful of years carries none. Input is quarterly
levels of every publication; a year rests on one of them.

Terms: *path* = assumed growth of a sector in a remaining quarter, its mean over past years, exact by choice; *shift* =
points added to every rate of the path so that the year meets its goal; *spread* = way in which the growth that a goal
needs is laid on what remains: ``even``, in proportion to the ``path``, or by one ``sector`` with the others as they
were. *indicator* = quarters as first published; *benchmark* = revised level of a whole year; *ratio* =
benchmarked over indicator, which the method lets change as little as possible from one quarter to the next, across
years too. Levels in bn VND, rates in percent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from kg_analysis.analysis.levels import (
    NUMBER,
    SINGLE,
    TOTAL,
    compared,
    parts_of,
    quarters_done,
    release,
    with_totals,
)
from kg_analysis.bounds import ROUNDING, derive
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.formats import round_to

FEWEST_YEARS = 3  # for a path
PATH_YEARS = 5  # whose mean it is, if so many are known
YEARS_FOR_A_SHARE = 8  # of past years, below which only a count is given
FLAT = 0.5  # percent; a path nearer to zero has no proportions
Array = npt.NDArray[np.float64]
Formula = Callable[[Array], Array]


def history(quarterly: pd.DataFrame, year: int) -> pd.DataFrame:
    """Growth of every quarter and sector in the years before, each from the latest publication that holds both years.

    ``quarterly``: :func:`kg_analysis.analysis.levels.singles`, every publication.
    Columns: ``year``, ``period``, ``sector``, ``growth_pct`` with bounds, ``vintage``.
    Raises NotPrintedError: if there is no quarterly level.
    """
    if quarterly.empty:
        raise NotPrintedError("no quarterly level of GRDP at constant prices", "grdp_quarterly")
    parts = [with_totals(rows) for _, rows in quarterly.groupby(["vintage", "source_id"])]
    table = pd.concat(parts, ignore_index=True)
    table = table[table["year"] < year]
    keys = ["year", "period", "sector", "vintage", "source_id"]
    number = [f"level_bn_vnd{end}" for end in ("", "_low", "_high", "_kind")]
    before = table.assign(year=table["year"] + 1)[[*keys, *number]]
    before = before.rename(columns={name: name.replace("level_bn_vnd", "before") for name in number})
    found = derive(table.merge(before, on=keys), "growth_pct", lambda v, w: 100 * (v / w - 1), "level_bn_vnd", "before")
    found = found.sort_values("vintage").drop_duplicates(["year", "period", "sector"], keep="last")
    kept = ["year", "period", "sector", *(f"growth_pct{end}" for end in ("", "_low", "_high", "_kind")), "vintage"]
    return found.sort_values(["period", "sector", "year"])[kept].reset_index(drop=True)


def path(past: pd.DataFrame, done: int, sectors: tuple[str, ...], years: int = PATH_YEARS) -> pd.DataFrame:
    """Assumed growth of every sector and the whole economy in each remaining quarter: the mean of past years.

    ``past``: :func:`history`. ``done``: quarters known. ``sectors``: as :func:`kg_analysis.analysis.levels.parts_of`
    gives them. ``years``: the last ones whose mean is taken.
    Indexed by ``period``, a column a sector [percent, one decimal].
    Raises NotPrintedError: if no quarter remains, or fewer than three past years are known.
    """
    _remaining(done)
    table = {}
    for period in SINGLE[done:]:
        for sector in dict.fromkeys((*sectors, TOTAL)):
            own = past[(past["period"] == period) & (past["sector"] == sector)].tail(years)
            if len(own) < FEWEST_YEARS:
                raise NotPrintedError(f"{len(own)} past years of {period} {sector}", "growth_path")
            table[period, sector] = round_to(own["growth_pct"].mean(), 1)
    return pd.Series(table).unstack()[list(dict.fromkeys((*sectors, TOTAL)))]


def required(
    quarterly: pd.DataFrame, year: int, goals: pd.DataFrame, sector: str, done_quarters: int | None = None
) -> pd.DataFrame:
    """Growth that the remaining quarters need for each goal, in three ways of spreading it, beside past years.

    ``quarterly``: :func:`kg_analysis.analysis.levels.singles`, every publication. ``goals``:
    :func:`kg_analysis.analysis.growth.goals`. ``sector``: sector that makes up what is missing. ``done_quarters``:
    quarters taken as known; None takes all that are given.
    Columns: ``goal``, ``goal_pct``, ``spread`` (even, path, sector, last: the last quarter if those before it follow
    the path), ``period`` (a quarter, or ``rest`` for all that remain), ``sector``, ``need_pct`` with bounds, and of the
    past years of that quarter ``years_reached_least``, ``years_reached``, ``years_known``, ``slowest_pct``,
    ``fastest_pct``; ``basis``.
    Raises NotPrintedError: if no publication holds the year's first quarter and the year before, no quarter remains, or
    fewer than three past years are known.
    """
    held, done, past, rates = _ground(quarterly, year, done_quarters)
    rest = _remaining(done)
    sectors = parts_of(held)
    values, halves = _inputs(held, year, done, sectors)
    whole = rates[TOTAL].to_numpy()
    rows = []
    for goal in goals.to_dict("records"):
        target = float(goal["goal_pct"])
        formulas: list[tuple[str, str, str, Formula]] = [("even", "rest", TOTAL, partial(_even, goal=target))]
        if min(whole) >= FLAT:
            formulas += [
                ("path", each, TOTAL, partial(_along, goal=target, whole=whole, place=place))
                for place, each in enumerate(rest)
            ]
        if sector in sectors:
            formulas.append(("sector", "rest", sector, partial(_alone, goal=target, own=sectors.index(sector))))
        formulas.append(("last", rest[-1], TOTAL, partial(_last, goal=target, whole=whole)))
        for spread, period, name, formula in formulas:
            (need,), (room,) = reach(formula, values, halves)
            row = {"goal": goal["goal"], "goal_pct": target, "spread": spread, "period": period, "sector": name}
            row |= {"need_pct": need, "need_pct_low": need - room, "need_pct_high": need + room}
            rows.append(row | _standing(past, period, name, need - room, need + room))
    source = held["source_id"].iloc[0]
    table = pd.DataFrame(rows).assign(need_pct_kind=ROUNDING, basis="scenario", series_source_id=source)
    return table.assign(figure_ids=table["goal"].map(goals.set_index("goal")["figure_ids"]))


def scenario_table(
    quarterly: pd.DataFrame, year: int, goals: pd.DataFrame, done_quarters: int | None = None
) -> pd.DataFrame:
    """Growth of every sector in every quarter and the year: known quarters once, then each goal's remaining ones.

    Each sector follows its path, shifted by the same points everywhere so that the year meets the goal.

    ``quarterly``, ``year``, ``goals``, ``done_quarters``: as in :func:`required`, which raises the same.
    Columns: ``scenario`` (known, low, base, high), ``sector``, ``period`` (a quarter or FY), ``growth_pct`` with
    bounds, ``basis``.
    """
    held, done, _, rates = _ground(quarterly, year, done_quarters)
    rest, sectors = _remaining(done), parts_of(held)
    values, halves = _inputs(held, year, done, sectors)
    assumed = rates[list(sectors)].to_numpy()
    parts = [each for each in sectors if each != TOTAL]
    labels = [(sector, period) for period in rest for sector in (*parts, TOTAL)]
    labels += [(sector, "FY") for sector in (*parts, TOTAL)]
    known = compared(quarterly, year, done)
    kept = ["sector", "period", "basis", *(f"growth_pct{end}" for end in ("", "_low", "_high"))]
    found = [known[known["period"].isin(SINGLE)][kept].assign(scenario="known")]
    for goal in goals.to_dict("records"):
        middle, room = reach(partial(_cells, goal=float(goal["goal_pct"]), assumed=assumed), values, halves)
        table = pd.DataFrame(labels, columns=["sector", "period"]).assign(scenario=goal["goal"], basis="scenario")
        found.append(table.assign(growth_pct=middle, growth_pct_low=middle - room, growth_pct_high=middle + room))
    table = pd.concat(found, ignore_index=True)
    return table.assign(growth_pct_kind=ROUNDING, series_source_id=held["source_id"].iloc[0])


def _ground(
    quarterly: pd.DataFrame, year: int, done_quarters: int | None
) -> tuple[pd.DataFrame, int, pd.DataFrame, pd.DataFrame]:
    """Release that a scenario rests on, quarters known, past years, and the path."""
    held = release(quarterly, year)
    done, past = quarters_done(held, year, done_quarters), history(quarterly, year)
    return held, done, past, path(past, done, parts_of(held))


def _remaining(done: int) -> tuple[str, ...]:
    if done >= len(SINGLE):
        raise NotPrintedError("no quarter of the year is left", "grdp_quarterly_whole")
    return SINGLE[done:]


def _inputs(held: pd.DataFrame, year: int, done: int, sectors: tuple[str, ...]) -> tuple[Array, Array]:
    """Levels and half their rounding: known quarters, the same of last year, then each remaining one of last year."""
    levels = held.set_index(["year", "period", "sector"])
    spans = [(year, SINGLE[:done]), (year - 1, SINGLE[:done]), *((year - 1, (each,)) for each in SINGLE[done:])]

    def rows(column: str) -> Array:
        return np.array([[sum(levels.at[(y, q, s), column] for q in span) for s in sectors] for y, span in spans])

    return rows("level_bn_vnd").astype(float), (rows("level_bn_vnd_high") - rows("level_bn_vnd_low")).astype(float) / 2


def _even(x: Array, goal: float) -> Array:
    """All remaining quarters alike: r = [(1 + T) last year - done] / last year's remaining quarters - 1."""
    rest = x[2:].sum()
    return np.array([100 * (((1 + goal / 100) * x[1:].sum() - x[0].sum()) / rest - 1)])


def _along(x: Array, goal: float, whole: Array, place: int) -> Array:
    """One remaining quarter, all being in proportion to the path of the whole economy."""
    rest = x[2:].sum(axis=1)
    more = (1 + goal / 100) * x[1:].sum() - x[0].sum() - rest.sum()
    return np.array([100 * whole[place] * more / (whole @ rest)])


def _alone(x: Array, goal: float, own: int) -> Array:
    """One sector in the remaining quarters if the others keep their growth since 1 January."""
    rest = x[2:].sum(axis=0)
    kept = x[0] + rest * x[0] / x[1]
    missing = (1 + goal / 100) * x[1:].sum() - (kept.sum() - kept[own]) - x[0][own]
    return np.array([100 * (missing / rest[own] - 1)])


def _last(x: Array, goal: float, whole: Array) -> Array:
    """The last quarter if those before it follow the path."""
    rest = x[2:].sum(axis=1)
    done = x[0].sum() + rest[:-1] @ (1 + whole[:-1] / 100)
    return np.array([100 * (((1 + goal / 100) * x[1:].sum() - done) / rest[-1] - 1)])


def _cells(x: Array, goal: float, assumed: Array) -> Array:
    """Growth by remaining quarter and of the year, sectors and whole, with the path shifted to meet the goal."""
    rest = x[2:]
    first = 100 * ((1 + goal / 100) * x[1].sum() - x[0].sum())
    shift = (first + ((goal - assumed) * rest).sum()) / rest.sum()
    grown = assumed + shift
    whole = (grown * rest).sum(axis=1) / rest.sum(axis=1)
    years = 100 * ((x[0] + (rest * (1 + grown / 100)).sum(axis=0)) / x[1:].sum(axis=0) - 1)
    if assumed.shape[1] == 1:  # the whole economy alone
        return np.array([*whole, goal])
    cells = [value for row, total in zip(grown, whole, strict=True) for value in (*row, total)]
    return np.array([*cells, *years, goal])


def _standing(past: pd.DataFrame, period: str, sector: str, low: float, high: float) -> dict[str, float]:
    """How many past years of a quarter grew as fast, rounding left open, and the slowest and fastest of them."""
    own = past[(past["period"] == period) & (past["sector"] == sector)]
    if own.empty:
        return {}
    return {
        "years_reached_least": int((own["growth_pct_low"] >= high).sum()),
        "years_reached": int((own["growth_pct_high"] >= low).sum()),
        "years_known": len(own),
        "slowest_pct": float(own["growth_pct"].min()),
        "fastest_pct": float(own["growth_pct"].max()),
    }


def proportional_denton(indicator: Sequence[float], benchmarks: Sequence[float], per_year: int = 4) -> Array:
    """Quarters that add up exactly to the benchmarks, with the smallest squared changes of their ratio.

    ``indicator``: positive; ``per_year`` values for each benchmark, in order of time. ``benchmarks``: level of each
    year.
    Shape of ``indicator``.
    Raises DataError: if the lengths do not match or a value of the indicator is not positive.

    Examples
    --------
    >>> proportional_denton([1, 1, 1, 1], [2, 4], per_year=2).round(3).tolist()
    [0.833, 1.167, 1.833, 2.167]

    References
    ----------
    Denton, F. T. (1971), Journal of the American Statistical Association 66(333), 99-102; International Monetary Fund,
    Quarterly National Accounts Manual, chapter on benchmarking.
    """
    series, years = np.asarray(indicator, dtype=float), np.asarray(benchmarks, dtype=float)
    if len(series) != per_year * len(years) or not len(years):
        raise DataError(f"{len(series)} quarters do not make {len(years)} years of {per_year}; give whole years")
    if not (series > 0).all():
        raise DataError(f"indicator {series.min():g} is not positive; the ratio to it is undefined")
    size, count = len(series), len(years)
    steps = np.diff(np.eye(size), axis=0)
    adds = np.kron(np.eye(count), np.ones(per_year)) * series
    system = np.block([[2 * steps.T @ steps, adds.T], [adds, np.zeros((count, count))]])
    return series * np.linalg.solve(system, np.concatenate([np.zeros(size), years]))[:size]


def benchmarked(quarterly: pd.DataFrame, year: int, chosen_bn_vnd: float | None = None) -> pd.DataFrame:
    """Last whole year up to ``year`` as first published, its quarters made to add up to its latest level.

    The year before goes with it where both publications hold it, so that the ratio has a past to follow.

    ``quarterly``: :func:`singles`. ``chosen_bn_vnd``: level of the year that the reader sets, in the place of the
    latest publication's.
    A row a quarter: ``first_bn_vnd``, ``revised_bn_vnd`` (as republished; none where the reader set the year),
    ``denton_bn_vnd``, ``scaled_bn_vnd`` (year by year, which jumps between years) with bounds, ``first_vintage``,
    ``last_vintage``, ``series_source_id``.
    Raises NotPrintedError: if no whole year has been published twice, and no level is given.
    """
    if quarterly.empty:
        raise NotPrintedError("no quarterly level of GRDP at constant prices", "grdp_quarterly")
    totals = {key: with_totals(rows) for key, rows in quarterly.groupby(["vintage", "source_id"])}
    totals = {key: rows[rows["sector"] == TOTAL] for key, rows in sorted(totals.items(), key=lambda each: each[0])}
    whole = {
        key: {y for y, own in rows.groupby("year") if set(own["period"]) >= set(SINGLE)} for key, rows in totals.items()
    }
    for last in sorted({y for each in whole.values() for y in each if y <= year}, reverse=True):
        holding = [key for key, years in whole.items() if last in years]
        if len(holding) > 1 or chosen_bn_vnd is not None:
            years = [y for y in (last - 1, last) if y in whole[holding[0]] and y in whole[holding[-1]]]
            return _benchmarked(totals[holding[0]], totals[holding[-1]], years, chosen_bn_vnd)
    raise NotPrintedError("no whole year was published twice", "grdp_quarterly_revision")


def reach(formula: Callable[[Array], Array], values: Array, halves: Array) -> tuple[Array, Array]:
    """Results at the middle of all inputs, and how far rounding moves them: each input's own effect, added up.

    Exact where the formula is linear; the roundings of levels are so small beside them that it is linear there.
    """
    centre = formula(values)
    moved = np.zeros_like(centre)
    for place in np.ndindex(values.shape):
        if halves[place]:
            shifted = values.copy()
            shifted[place] += halves[place]
            moved += np.abs(formula(shifted) - centre)
    return centre, moved


def _benchmarked(first: pd.DataFrame, last: pd.DataFrame, years: list[int], chosen: float | None) -> pd.DataFrame:
    place = [(year, quarter) for year in years for quarter in SINGLE]
    old, new = (rows.set_index(["year", "period"]).loc[place, list(NUMBER)].astype(float) for rows in (first, last))
    targets = new.groupby(level="year", sort=False).sum()
    if chosen is not None:
        targets.loc[years[-1]] = chosen
    values = np.concatenate([old["level_bn_vnd"], targets["level_bn_vnd"]])
    halves = np.concatenate([(each.iloc[:, 2] - each.iloc[:, 1]) / 2 for each in (old, targets)])
    size = len(place)

    def scaled(x: Array) -> Array:
        by_year = x[:size].reshape(-1, 4)
        result: Array = (by_year * (x[size:] / by_year.sum(axis=1))[:, None]).ravel()
        return result

    table = pd.DataFrame({"year": [year for year, _ in place], "quarter": [quarter for _, quarter in place]})
    for name, rows in (("first_bn_vnd", old), ("revised_bn_vnd", new if chosen is None else new * np.nan)):
        table = table.assign(
            **{f"{name}{end}": rows[c].to_numpy() for end, c in zip(("", "_low", "_high"), NUMBER, strict=True)}
        )
    formulas = (
        ("denton_bn_vnd", lambda x: proportional_denton(x[:size].tolist(), x[size:].tolist())),
        ("scaled_bn_vnd", scaled),
    )
    for name, formula in formulas:
        middle, room = reach(formula, values, halves)
        table = table.assign(**{name: middle, f"{name}_low": middle - room, f"{name}_high": middle + room})
    kinds = {f"{name}_kind": ROUNDING for name in ("first_bn_vnd", "revised_bn_vnd", "denton_bn_vnd", "scaled_bn_vnd")}
    sources = sorted({first["source_id"].iloc[0], last["source_id"].iloc[0]})
    vintages = {"first_vintage": first["vintage"].iloc[0], "last_vintage": last["vintage"].iloc[0]}
    return table.assign(**kinds, **vintages, series_source_id=sources[0], is_chosen=chosen is not None)
