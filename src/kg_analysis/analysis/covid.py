"""A COVID wave from the report's phase table: cases, community spread, phase against phase.

Responsibility: every COVID number that a few rounded means allow. What they do not allow (growth rate, peak,
reproduction number) is not computed here. One frame in, one frame out.

Terms: *mean* = printed mean of new cases per day; *cases* of a phase = days x mean, a whole number within the rounding;
*community cases* = found outside quarantine; dates are as printed, both ends included.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kg_analysis.bounds import EXACT, ROUNDING, blank, derive, joined_ids, union_ids, whole_counts, with_rounding

MEAN, COMMUNITY = "mean_cases_per_day", "community_cases_per_day"
WAVE = "wave"  # the row of a summary that stands for the whole wave
ENDS = ("", "_low", "_high")
COLUMNS = ("phase", "start", "end", "days", MEAN, COMMUNITY, "cases", "community_share_pct")


def phase_summary(phases: pd.DataFrame) -> pd.DataFrame:
    """Days, cases, community share and shares of the wave: one row a phase, the last for the whole wave.

    ``phases``: ``covid_phases`` of one area; of several waves the last is taken. ``start``, ``end``, the two means
    [cases per day], their ``_decimals``, ``figure_ids``.
    Columns: ``phase`` (number, or ``wave``), ``start``, ``end``, ``days``, the means, ``cases``,
    ``community_share_pct``, ``share_of_cases_pct``, ``share_of_days_pct``, each with its bounds; no rows where there
    are none.

    Examples
    --------
    >>> phases = pd.DataFrame({
    ...     "wave": [4, 4], "phase": [1, 2], "start": pd.to_datetime(["2021-06-21", "2021-08-18"]),
    ...     "end": pd.to_datetime(["2021-08-17", "2021-09-22"]), "mean_cases_per_day": [17.0, 127.0],
    ...     "mean_cases_per_day_decimals": [0, 0], "community_cases_per_day": [3.0, 50.0],
    ...     "community_cases_per_day_decimals": [0, 0], "figure_ids": ["a", "b"],
    ... })
    >>> phase_summary(phases)[["phase", "days", "cases", "cases_low", "cases_high"]]
      phase  days   cases  cases_low  cases_high
    0     1    58   986.0      957.0      1014.0
    1     2    36  4572.0     4554.0      4589.0
    2  wave    94  5558.0     5511.0      5603.0

    References
    ----------
    Report 2021, section I.3, footnote 4.
    """
    if phases.empty:
        return pd.DataFrame(columns=[*COLUMNS, "share_of_cases_pct", "share_of_days_pct", "figure_ids", "wave"])
    table = phases[phases["wave"] == phases["wave"].max()].sort_values("phase").reset_index(drop=True)
    table = with_rounding(table, MEAN, f"{MEAN}_decimals", floor=0)
    table = with_rounding(table, COMMUNITY, f"{COMMUNITY}_decimals", floor=0)
    table["days"] = (table["end"] - table["start"]).dt.days + 1  # both ends count: 21 June to 17 August are 58
    table["cases"] = np.floor(table["days"] * table[MEAN] + 0.5)
    few, most = whole_counts(table["days"], table[f"{MEAN}_low"], table[f"{MEAN}_high"])
    table = table.assign(cases_low=few, cases_high=most, cases_kind=ROUNDING)
    table = derive(table, "community_share_pct", lambda part, whole: 100 * part / whole, COMMUNITY, MEAN)
    table["community_share_pct_high"] = table["community_share_pct_high"].clip(upper=100)
    table = _share_of_cases(table)
    share = 100 * table["days"] / table["days"].sum()
    table = table.assign(share_of_days_pct=share, share_of_days_pct_low=share, share_of_days_pct_high=share)
    table["share_of_days_pct_kind"] = EXACT
    table["phase"] = table["phase"].astype(int).astype(str)
    return pd.concat([table, _whole_wave(table)], ignore_index=True)


def phase_steps(wave: pd.DataFrame) -> pd.DataFrame:
    """Factors of daily cases from each phase to the next: all, community and other cases.

    ``wave``: as :func:`phase_summary` gives it.
    Columns: ``from_phase``, ``to_phase``, ``total_factor``, ``community_factor``, ``other_factor`` with bounds; 1 =
    unchanged. A factor over a mean that may be 0 is empty.
    """
    phases = wave[wave["phase"] != WAVE]
    if len(phases) < 2:
        return pd.DataFrame(columns=["from_phase", "to_phase", "total_factor", "community_factor", "other_factor"])
    before, after = phases.iloc[:-1].reset_index(drop=True), phases.iloc[1:].reset_index(drop=True)
    table = before.add_suffix("_1").join(after.add_suffix("_2"))
    for column in (MEAN, COMMUNITY):  # the ending of a bound belongs at the end
        for place in ("1", "2"):
            names = {f"{column}{end}_{place}": f"{column}_{place}{end}" for end in ("_low", "_high", "_kind")}
            table = table.rename(columns=names)
    first, second = (f"{MEAN}_1", f"{COMMUNITY}_1"), (f"{MEAN}_2", f"{COMMUNITY}_2")
    table = derive(table, "total_factor", _ratio, second[0], first[0])
    table = derive(table, "community_factor", _ratio, second[1], first[1])
    table = derive(table, "other_factor", _rest_ratio, *second, *first)
    unknown = {"total_factor": table[f"{first[0]}_low"] <= 0, "community_factor": table[f"{first[1]}_low"] <= 0}
    unknown["other_factor"] = table[f"{first[0]}_low"] <= table[f"{first[1]}_high"]
    for name, open_ended in unknown.items():
        table = blank(table, name, open_ended)
    table["figure_ids"] = joined_ids(table, "figure_ids_1", "figure_ids_2")
    table = table.rename(columns={"phase_1": "from_phase", "phase_2": "to_phase"})
    kept = [f"{name}{end}" for name in unknown for end in (*ENDS, "_kind")]
    return table[["from_phase", "to_phase", *kept, "figure_ids"]]


def mean_of_means(wave: pd.DataFrame) -> float:
    """The naive mean [cases per day] that gives a week the weight of two months: shown as a mistake to avoid."""
    return float(wave.loc[wave["phase"] != WAVE, MEAN].mean())


def _ratio(after: pd.Series, before: pd.Series) -> pd.Series:
    return after / before


def _rest_ratio(all_2: pd.Series, community_2: pd.Series, all_1: pd.Series, community_1: pd.Series) -> pd.Series:
    return (all_2 - community_2).clip(lower=0) / (all_1 - community_1)


def _share_of_cases(table: pd.DataFrame) -> pd.DataFrame:
    """A phase's part of the wave is least where its own mean is lowest and all others are highest."""
    cases = {end: table["days"] * table[f"{MEAN}{end}"] for end in ENDS}
    rest = {end: cases[other].sum() - cases[other] for end, other in zip(ENDS, ("", "_high", "_low"), strict=True)}
    shares = {f"share_of_cases_pct{end}": 100 * cases[end] / (cases[end] + rest[end]) for end in ENDS}
    return table.assign(**shares, share_of_cases_pct_kind=ROUNDING)


def _whole_wave(table: pd.DataFrame) -> pd.DataFrame:
    """The wave as a row: cases are sums, means are weighted by days, never averaged."""
    days = int(table["days"].sum())
    row: dict[str, object] = {
        "wave": table["wave"].iloc[0],
        "phase": WAVE,
        "start": table["start"].iloc[0],
        "end": table["end"].iloc[-1],
        "days": days,
        "figure_ids": union_ids(table["figure_ids"]),
        "share_of_cases_pct_kind": EXACT,
        "share_of_days_pct_kind": EXACT,
    }
    weighted = {
        column: {end: (table["days"] * table[f"{column}{end}"]).sum(skipna=False) for end in ENDS}
        for column in (MEAN, COMMUNITY)
    }
    for end, other in zip(ENDS, ("", "_high", "_low"), strict=True):
        row |= {f"cases{end}": table[f"cases{end}"].sum()}
        row |= {f"{column}{end}": weighted[column][end] / days for column in (MEAN, COMMUNITY)}
        whole = weighted[MEAN][other]
        row[f"community_share_pct{end}"] = 100 * weighted[COMMUNITY][end] / whole if whole else np.nan  # of no case
        row |= {f"{name}{end}": 100.0 for name in ("share_of_cases_pct", "share_of_days_pct")}
    kinds: Sequence[str] = ("cases", MEAN, COMMUNITY, "community_share_pct")
    row |= {f"{name}_kind": ROUNDING for name in kinds}
    shared = {column: table[column].iloc[0] for column in ("area_code", "boundary_version") if column in table}
    return pd.DataFrame([shared | row])
