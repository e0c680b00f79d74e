"""Growth over years and among neighbours: one tidy panel, what may be compared, and which rank claims hold.

Responsibility: choose among publications, name what is not comparable and why, test ranks under every combination of
conflicting figures. Frames in, frames out; :func:`growth` and :func:`compare` read the data folder.

Terms: *boundary* = the area within which a figure holds; a merged province keeps a code and gets a new boundary;
*conflict* = results of one quantity whose bounds do not meet, all kept; *comparable* = within one boundary, with no
conflict and a value; *claim* = a rank that a page prints.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kg_analysis.bounds import EXACT, joined_ids, of_figures, union_ids
from kg_analysis.data import load
from kg_analysis.data.views import period_names
from kg_analysis.errors import DataError

KEY = ["area_code", "boundary_version", "year", "period", "sector"]
# The thirteen provinces of the Mekong delta until 30 June 2025, the four of its key economic region, the five after.
DELTA = {
    "long-an": "80", "tien-giang": "82", "ben-tre": "83", "tra-vinh": "84", "vinh-long": "86", "dong-thap": "87",
    "an-giang": "89", "kien-giang": "91", "can-tho": "92", "hau-giang": "93", "soc-trang": "94", "bac-lieu": "95",
    "ca-mau": "96",
}  # fmt: skip
KEY_REGION = ("an-giang", "kien-giang", "can-tho", "ca-mau")
DELTA_2025 = ("an-giang-2025", "can-tho-2025", "ca-mau-2025", "dong-thap-2025", "vinh-long-2025")
MERGER = pd.Timestamp("2025-07-01")
# What each rank is a rank of; the size of GRDP is told at current prices.
RANKED = {"grdp_growth_rank": "grdp_growth", "grdp_size_rank": "grdp_level_current"}
HOLDS, CONTRADICTS, OPEN, UNTESTED = "holds", "contradicts", "indeterminate", "untested"
_RESULTS = ("actual", "estimate")
_NOISE = 9  # decimals beyond which a float holds no more than its own error
Interval = tuple[float, float]


def growth(
    years: Iterable[int] | None = None,
    area: str | Sequence[str] | None = "91",
    vintage: str = "latest",
    data_dir: Path | str | None = None,
) -> pd.DataFrame:
    """Printed GRDP growth by year, period and sector, with bounds; conflicting and superseded prints named.

    Parameters
    ----------
    years : iterable of int or None
        None takes all.
    area : str, sequence of str or None
        Area codes; None takes all. A code with two boundaries gives two series, told apart by ``boundary_version``.
    vintage : str
        ``latest`` keeps the last published result of each key, ``first`` the first, ``all`` every publication, plans
        and scenarios included.
    data_dir : path or None

    Returns
    -------
    DataFrame
        ``area_code``, ``boundary_version``, ``name``, ``year``, ``period``, ``sector``, ``growth_pct`` with bounds,
        ``basis``, ``vintage``, ``conflicting_pct`` (other results whose bounds do not meet this one's, as text),
        ``figure_ids``.

    Raises
    ------
    DataError
        An unknown vintage or area.

    Examples
    --------
    >>> table = growth(years=[2021, 2022], vintage="latest").query("period == 'FY' and sector == 'total'")
    >>> table[["year", "growth_pct", "basis"]].to_string(index=False)
    ' year  growth_pct    basis\\n 2021        0.58 estimate\\n 2022        7.70 estimate'
    """
    if vintage not in ("latest", "first", "all"):
        raise DataError(f"vintage {vintage!r} is not known; take latest, first or all")
    tables = load(data_dir)
    wanted = None if area is None else [area] if isinstance(area, str) else list(area)
    _known(wanted, tables.areas)
    found = tables.grdp_growth
    found = found[found["area_code"].isin(wanted)] if wanted is not None else found
    if years is not None:
        found = found[found["year"].isin([int(each) for each in years])]
    return named(found if vintage == "all" else choose(found, vintage), tables.areas)


def choose(table: pd.DataFrame, vintage: str = "latest", column: str = "growth_pct") -> pd.DataFrame:
    """One published result of each key, the others that its bounds do not meet beside it.

    A later print that merely rounds an earlier one does not replace it. A key of which only a bound is printed ("7% or
    more") keeps it, without a value.

    ``table``: ``grdp_growth`` or ``grdp_levels`` of any areas. ``vintage``: ``latest`` or ``first``. ``column``: the
    number, with ``<column>_low`` and ``<column>_high``.
    Rows of the table with ``conflicting_pct``: the other values, newest first, joined by ``; ``.
    """
    table = table.assign(**{f"{column}_decimals": table["decimals"]})
    known = table[[column, f"{column}_low", f"{column}_high"]].notna().any(axis=1)
    results = table[table["basis"].isin(_RESULTS) & known]
    keys = [*KEY, *(["price_base"] if column != "growth_pct" else [])]
    published = results["vintage"].str.ljust(10, "~")  # a date known to the year counts as its end
    ordered = results.assign(_published=published).sort_values(
        "_published", ascending=vintage == "first", kind="stable"
    )
    several = ordered.duplicated(keys, keep=False)  # most are printed once
    chosen = [_chosen(group, column) for _, group in ordered[several].groupby(keys)]
    found = pd.concat([ordered[~several].assign(conflicting_pct=""), *chosen]).dropna(subset=keys)
    return found.sort_values(keys)[[*table.columns, "conflicting_pct"]].reset_index(drop=True)


def _chosen(group: pd.DataFrame, column: str) -> pd.DataFrame:
    group = group[group[column].notna()] if group[column].notna().any() else group
    head = group.iloc[0]
    low, high = f"{column}_low", f"{column}_high"
    finer = group[group[column].between(head[low], head[high]) & (group["decimals"] > head["decimals"])]
    chosen = (finer if len(finer) else group).head(1)
    head = chosen.iloc[0]
    apart = group[(group[low] >= head[high]) | (group[high] <= head[low])]
    return chosen.assign(conflicting_pct="; ".join(f"{each:g}" for each in dict.fromkeys(apart[column])))


def named(table: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """The table with the areas' names after their codes."""
    flat = areas.reset_index() if "area_code" not in areas.columns else areas
    names = flat.set_index("boundary_version")["name"]
    return table.assign(name=table["boundary_version"].map(names)).reset_index(drop=True)


def compare(
    areas: Sequence[str],
    indicator: str,
    period: str = "FY",
    years: Iterable[int] | None = None,
    sector: str = "total",
    data_dir: Path | str | None = None,
) -> pd.DataFrame:
    """Areas side by side, year by year: the value where it is comparable, and the reason where it is not.

    Parameters
    ----------
    areas : sequence of str
        Area codes; ``00`` is the nation. A code that a merged province keeps stands for both its boundaries.
    indicator : str
        ``grdp_growth``, ``grdp_level``, ``grdp_level_current``, ``grdp_per_capita`` or another of the codebook.
    period : str
        ``FY``, ``H1``, ``9M``, ``Q1`` …
    years : iterable of int or None
        None takes every year in which one of the areas has a figure.
    sector : str
        ``total`` or an item of the dimension sector.
    data_dir : path or None

    Returns
    -------
    DataFrame
        A row a year and area: ``year``, ``area_code``, ``boundary_version``, ``name``, ``value`` with bounds,
        ``unit``, ``basis``, ``vintage``, ``comparable``, ``reason`` (``missing``, ``conflict``, ``boundary``,
        ``wording``, blank where comparable), ``conflicting``, ``figure_ids``.

    Raises
    ------
    DataError
        An unknown area or indicator.

    Examples
    --------
    >>> table = compare(["91", "89", "92", "00"], "grdp_growth", period="FY", years=[2021])
    >>> table["name"].tolist()
    ['Kiên Giang', 'An Giang', 'Cần Thơ', 'Việt Nam']
    >>> table["value"].tolist(), table["reason"].tolist(), table["conflicting"].tolist()
    ([0.58, 0.95, -2.79, 2.58], ['', 'conflict', '', ''], ['', '2.15', '', ''])
    """
    tables = load(data_dir)
    _known(areas, tables.areas)
    if indicator not in set(tables.indicators.get("id", tables.indicators.index)):
        raise DataError(f"indicator {indicator!r} is not known; see data/indicators.csv")
    found = side_by_side(tables.figures, indicator, period, sector)
    found = found[found["area_code"].isin(areas)]
    wanted = sorted(found["year"].unique()) if years is None else [int(each) for each in years]
    return named(_filled(found, list(areas), wanted, tables.areas), tables.areas)


def side_by_side(figures: pd.DataFrame, indicator: str, period: str = "FY", sector: str = "total") -> pd.DataFrame:
    """Latest result of an indicator for every area and year, conflicts named; one row an area, boundary and year."""
    item = "" if sector == "total" else sector
    rows = figures[(figures["indicator"] == indicator) & (figures["item"] == item) & figures["value"].notna()]
    rows = rows[rows["dimension"].isin(["", "sector"]) & rows["basis"].isin(_RESULTS)]
    rows = rows[rows["period_type"] != "phase"]
    named_ = {"year": rows["period_start"].dt.year, "period": period_names(rows), "sector": sector}
    table = of_figures(rows.assign(**named_, price_base=indicator), "value")
    table = table[table["period"] == period].rename(columns={"value_decimals": "decimals"})
    if table.empty:
        return pd.DataFrame(columns=[*KEY, "value", "value_low", "value_high", "value_kind", "conflicting_pct"])
    ends = {end: table[end].astype(float).fillna(table["value"]) for end in ("value_low", "value_high")}
    return choose(table.assign(**ends), column="value")


def rank_claims(figures: pd.DataFrame) -> pd.DataFrame:
    """Every rank of growth or of the size of GRDP that a page claims, tested against the neighbours' figures.

    Each neighbour may stand at any of its printed values, conflicts included, and a missing one anywhere: the claim
    holds or is contradicted only if all these combinations agree.

    ``figures``: ``figures`` of every area, with the ranks of ``RANKED``, what they rank, and ``grdp_growth_rank_of``.
    A row a claim: ``measure`` (indicator that is ranked), ``boundary_version``, ``year``, ``period``, ``region``,
    ``claimed_rank``, ``of``, ``best_rank`` and ``worst_rank`` (over all combinations), ``combinations`` (of printed
    values), ``verdict`` (holds, contradicts, indeterminate, untested), ``decided_by`` (``figures``, ``conflict`` or
    ``missing``), ``above`` (neighbours that every figure puts as high or higher, as text), ``perhaps_above`` (those
    that some figure or the rounding may), ``below``, ``missing``, ``figure_ids``.
    """
    flat = figures.reset_index() if "figure_id" not in figures.columns else figures
    flat = flat.assign(year=flat["period_start"].dt.year, period=period_names(flat))
    rows = []
    for rank, measure in RANKED.items():
        claims = flat[(flat["indicator"] == rank) & flat["value"].notna()]
        beside = flat[flat["period_start"].isin(claims["period_start"])]
        values = _printed_values(beside, measure) if len(claims) else {}
        rows += [{"measure": measure} | _claim(row, flat, values) for row in claims.to_dict("records")]
    if not rows:
        return pd.DataFrame()
    return pd.DataFrame(rows).sort_values(["year", "period", "boundary_version", "measure"]).reset_index(drop=True)


def over_years(table: pd.DataFrame, area: str, period: str = "FY") -> pd.DataFrame:
    """A province's growth over years beside its targets, its first publication and the nation; boundaries apart.

    ``table``: ``grdp_growth`` of every area, all publications. ``area``: area code; each boundary under it is a series
    of its own.
    A row a boundary and year: ``growth_pct`` with bounds and ``basis`` (latest result), ``first_pct``, ``target_pct``
    (highest aim set; "từ 8% trở lên" is 8), ``aims`` (every aim set, the lowest first, ``+`` after one that is a least:
    ``6.7+; 7+``), ``nation_pct`` and ``nation_basis``, ``conflicting_pct``, ``figure_ids``.
    """
    rows = table[(table["period"] == period) & (table["sector"] == "total")]
    own, nation = rows[rows["area_code"] == area], choose(rows[rows["area_code"] == "00"])
    latest = choose(own)
    first = choose(own, "first")[[*KEY, "growth_pct"]].rename(columns={"growth_pct": "first_pct"})
    aims = own[own["basis"] == "plan"]
    aims = aims.assign(target_pct=aims["growth_pct"].fillna(aims["growth_pct_low"]).astype(float))
    aims = aims.sort_values("target_pct")
    aims["aims"] = [f"{row['target_pct']:g}{'+' * pd.isna(row['growth_pct'])}" for row in aims.to_dict("records")]
    highest = aims.groupby(["boundary_version", "year"], as_index=False).agg(
        target_pct=("target_pct", "last"),
        aims=("aims", lambda each: "; ".join(dict.fromkeys(each))),
        _aims=("figure_ids", union_ids),
    )
    found = latest.merge(first, on=KEY).merge(highest, on=["boundary_version", "year"], how="outer")
    nation = nation[["year", "growth_pct", "basis", "figure_ids"]]
    nation = nation.set_axis(["year", "nation_pct", "nation_basis", "_nation"], axis=1)
    found = found.merge(nation, on="year", how="left").sort_values(["boundary_version", "year"])
    found["figure_ids"] = joined_ids(found, "figure_ids", "_aims", "_nation")
    found = found.drop(columns=["_aims", "_nation"])
    return found.sort_values(["year", "boundary_version"], ascending=[True, False]).reset_index(drop=True)


def neighbours(table: pd.DataFrame, year: int, period: str = "FY") -> pd.DataFrame:
    """Every printed result of the delta's provinces and the nation in a year; a province without one has an empty row.

    Columns: ``boundary_version``, ``growth_pct`` with bounds, ``latest`` (the last published of a province),
    ``vintage``, ``figure_ids``; the largest latest value first, provinces without a figure at the end.
    """
    rows = table[(table["year"] == year) & (table["period"] == period) & (table["sector"] == "total")]
    rows = rows[rows["basis"].isin(_RESULTS) & rows["growth_pct"].notna()]
    rows = rows.assign(growth_pct_decimals=rows["decimals"])
    before = rows["boundary_version"].isin(DELTA)
    members = (*DELTA, "viet-nam") if before.any() or year < MERGER.year else (*DELTA_2025, "viet-nam")
    rows = rows[rows["boundary_version"].isin(members)]
    chosen = choose(rows)
    latest = set(chosen["figure_ids"])
    shown = rows.drop_duplicates(["boundary_version", "growth_pct", "decimals"]) if len(rows) else rows
    shown = pd.concat([shown, rows[rows["figure_ids"].isin(latest)]]).drop_duplicates("figure_ids")
    coarse = [_rounds_another(row, chosen) for row in shown.to_dict("records")]
    shown = shown[~pd.Series(coarse, shown.index, dtype=bool)].assign(
        latest=lambda part: part["figure_ids"].isin(latest)
    )
    order = chosen.sort_values("growth_pct", ascending=False)["boundary_version"].tolist()
    order += [each for each in members if each not in order]
    empty = pd.DataFrame({"boundary_version": [each for each in members if each not in set(shown["boundary_version"])]})
    shown = pd.concat([shown, empty.assign(latest=False)]) if len(empty) else shown
    place = shown["boundary_version"].map(order.index)
    return shown.assign(_place=place).sort_values(["_place", "latest"], ascending=[True, False]).drop(columns="_place")


def _rounds_another(row: dict[str, Any], chosen: pd.DataFrame) -> bool:
    """Whether a print merely rounds the one that was chosen for its province."""
    own = chosen[chosen["boundary_version"] == row["boundary_version"]]
    if own.empty or row["figure_ids"] == own["figure_ids"].iloc[0]:
        return False
    return bool(row["growth_pct_low"] <= own["growth_pct"].iloc[0] <= row["growth_pct_high"])


class Place(NamedTuple):
    """Best and worst place over all combinations of printed values, provinces with a figure, and those without."""

    best: int
    worst: int
    known: int
    missing: tuple[str, ...]

    @property
    def tells(self) -> bool:
        """Whether most provinces have a figure; a place among a few says nothing."""
        return self.known > len(self.missing)


def place_of(around: pd.DataFrame, area: str) -> Place | None:
    """Place of an area among the delta's provinces, from what :func:`neighbours` gives; None without an own figure."""
    rows = around[around["boundary_version"] != "viet-nam"]
    known = rows[rows["growth_pct"].notna()]
    own = known[known["area_code"] == area]
    if own.empty:
        return None
    me = own["boundary_version"].iloc[0]
    pairs = known.assign(_ends=list(zip(known["growth_pct_low"], known["growth_pct_high"], strict=True)))
    ends = pairs.groupby("boundary_version")["_ends"].agg(list)
    best, worst = reachable_ranks(ends[me], list(ends.drop(me)))
    missing = rows.loc[rows["growth_pct"].isna(), "boundary_version"]
    return Place(best, worst, len(ends), tuple(missing))


def reachable_ranks(own: Sequence[Interval], others: Sequence[Sequence[Interval]], missing: int = 0) -> tuple[int, int]:
    """Best and worst rank of a value among others, each of which stands at any of its intervals; 1 is the largest.

    Examples
    --------
    >>> reachable_ranks([(0.575, 0.585)], [[(2.145, 2.155), (0.945, 0.955)], [(-1.0, -0.9)]])
    (2, 2)
    >>> reachable_ranks([(0.575, 0.585)], [[(2.145, 2.155), (0.1, 0.2)], [(-1.0, -0.9)]], missing=1)
    (1, 3)
    """
    # Two roundings that meet at 1.385 meet in floats too.
    own = [(round(low, _NOISE), round(high, _NOISE)) for low, high in own]
    others = [[(round(low, _NOISE), round(high, _NOISE)) for low, high in each] for each in others]
    best, worst = [], []
    for low, high in own:
        best.append(1 + sum(all(other_low >= high for other_low, _ in each) for each in others))
        worst.append(1 + missing + sum(any(other_high > low for _, other_high in each) for each in others))
    return min(best), max(worst)


def _printed_values(flat: pd.DataFrame, measure: str) -> dict[tuple[str, int, str], pd.DataFrame]:
    rows = flat[(flat["indicator"] == measure) & (flat["dimension"] == "") & flat["basis"].isin(_RESULTS)]
    rows = rows[rows["value"].notna() & rows["low"].notna() & rows["high"].notna()]
    rows = rows.drop_duplicates(["boundary_version", "year", "period", "value", "decimals"])
    groups = rows.groupby(["boundary_version", "year", "period"])
    return {(str(at), int(of), str(name)): finest(own, "value", "low", "high") for (at, of, name), own in groups}


def finest(rows: pd.DataFrame, column: str, low: str, high: str, *same: str) -> pd.DataFrame:
    """Prints without those that merely round another alike in ``same``: "10" beside "10,04" is no second figure."""
    if len(rows) < 2:
        return rows
    coarse = [
        (
            (rows["decimals"] > row["decimals"])
            & rows[column].between(row[low], row[high])
            & (rows[list(same)] == [row[each] for each in same]).all(axis=1)
        ).any()
        for row in rows.to_dict("records")
    ]
    return rows[~pd.Series(coarse, rows.index, dtype=bool)]


def _claim(row: dict[Any, Any], flat: pd.DataFrame, values: dict[tuple[str, int, str], pd.DataFrame]) -> dict[str, Any]:
    year, period, me = int(row["year"]), str(row["period"]), str(row["boundary_version"])
    members = _members(str(row["item"]), me)
    same = (flat[["source_id", "item", "boundary_version"]] == [row["source_id"], row["item"], me]).all(axis=1)
    of = flat[same & (flat["indicator"] == f"{row['indicator']}_of")]
    claim = {name: row[name] for name in ("area_code", "boundary_version", "year", "period", "vintage")}
    claim |= {"region": row["item"], "claimed_rank": int(float(row["value"]))}
    claim["of"] = int(of["value"].iloc[0]) if len(of) else len(members) or None
    own = values.get((me, year, period))
    if not members or own is None:
        reason = "region" if not members else "own"
        behind = union_ids([row["figure_id"], *of["figure_id"]])
        return claim | {"verdict": UNTESTED, "decided_by": reason, "figure_ids": behind}
    others = {each: values.get((each, year, period)) for each in members if each != me}
    known = {name: rows for name, rows in others.items() if rows is not None}
    missing = [name for name, rows in others.items() if rows is None]
    ids = [row["figure_id"], *(each for rows in (of, own, *known.values()) for each in rows["figure_id"])]
    return claim | _verdict(claim["claimed_rank"], own, known, missing) | {"figure_ids": union_ids(ids)}


def _verdict(claimed: int, own: pd.DataFrame, known: dict[str, pd.DataFrame], missing: list[str]) -> dict[str, Any]:
    intervals = [_intervals(rows) for rows in known.values()]
    best, worst = reachable_ranks(_intervals(own), intervals, len(missing))
    printed_best, printed_worst = reachable_ranks(_intervals(own), intervals)
    combinations = math.prod(map(len, (own, *known.values())))
    if not best <= claimed <= worst:
        verdict, by = CONTRADICTS, "figures"
    elif best == worst:
        verdict, by = HOLDS, "figures"
    else:
        conflict = printed_best != printed_worst
        verdict, by = OPEN, "missing" if missing else "conflict" if conflict and combinations > 1 else "rounding"
    low, high = min(each for each, _ in _intervals(own)), max(each for _, each in _intervals(own))
    above = {name: rows for name, rows in known.items() if rows["low"].min() >= high}
    perhaps = {name: rows for name, rows in known.items() if name not in above and rows["high"].max() > low}
    below = {name: rows for name, rows in known.items() if name not in {*above, *perhaps}}
    found = {"best_rank": best, "worst_rank": worst, "combinations": combinations, "verdict": verdict, "decided_by": by}
    evidence = {"above": _evidence(above), "perhaps_above": _evidence(perhaps), "below": _evidence(below)}
    return found | evidence | {"missing": ", ".join(missing)}


def _intervals(rows: pd.DataFrame) -> list[Interval]:
    return list(zip(rows["low"].astype(float), rows["high"].astype(float), strict=True))


def _evidence(rows: dict[str, pd.DataFrame]) -> str:
    """Neighbours with every figure printed of them, the largest first: ``bac-lieu 5.01; an-giang 2.15/0.95``."""
    ordered = sorted(rows.items(), key=lambda pair: -pair[1]["value"].max())
    return "; ".join(f"{name} {'/'.join(f'{each:g}' for each in group['value'])}" for name, group in ordered)


def _members(region: str, me: str) -> tuple[str, ...]:
    if region == "mekong_delta":
        return DELTA_2025 if me.endswith("-2025") else tuple(DELTA)
    return KEY_REGION if region == "mekong_delta_key_region" else ()


def _filled(found: pd.DataFrame, areas: list[str], years: list[int], register: pd.DataFrame) -> pd.DataFrame:
    """A row for every year and area asked for, in this order, with the reason where no value may be compared."""
    flat = register.reset_index() if "area_code" not in register.columns else register
    rows = []
    for year in years:
        for area in areas:
            own = found[(found["year"] == year) & (found["area_code"] == area)]
            if own.empty:
                rows.append({"year": year, "area_code": area, "boundary_version": _boundary(flat, area, year)})
            rows += own.to_dict("records")
    table = pd.DataFrame(rows)
    for column in ("value", "value_low", "value_high", "value_kind", "conflicting_pct", "unit", "basis", "vintage"):
        if column not in table:
            table[column] = None
    table["reason"] = [_reason(row, flat) for row in table.to_dict("records")]
    table["conflicting"] = table["conflicting_pct"].fillna("")
    table["comparable"] = table["reason"] == ""
    kept = ["year", "area_code", "boundary_version", "value", "value_low", "value_high", "value_kind", "unit", "basis"]
    kept += ["vintage", "comparable", "reason", "conflicting", "figure_ids"]
    return table.reindex(columns=kept)


def _reason(row: dict[str, Any], areas: pd.DataFrame) -> str:
    if pd.isna(row["value"]):
        return "missing"
    merged = areas[(areas["boundary_version"] == row["boundary_version"])]["valid_from"].notna()
    if merged.any():
        return "boundary"  # the same code meant another area in the years before
    if row["conflicting_pct"]:
        return "conflict"
    return "wording" if row["value_kind"] not in ("rounding", EXACT) else ""


def _boundary(areas: pd.DataFrame, area: str, year: int) -> str:
    """Boundary that held for most of the year."""
    own = areas[areas["area_code"] == area]
    late = pd.to_datetime(own["valid_from"]).notna()
    chosen = own[late] if year > MERGER.year and late.any() else own[~late] if (~late).any() else own
    return str(chosen["boundary_version"].iloc[0])


def _known(areas: Sequence[str] | None, register: pd.DataFrame) -> None:
    flat = register.reset_index() if "area_code" not in register.columns else register
    known = sorted(set(flat["area_code"]))
    if unknown := [each for each in areas or [] if each not in known]:
        raise DataError(f"area {unknown[0]!r} is not known; areas: {', '.join(known)}")
