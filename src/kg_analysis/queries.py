"""Questions to the data folder, answered as DataFrames: figures, a wave, daily counts, where a number comes from.

Responsibility: select, join with the registers, and say what there is where a question has no answer. Numbers are
computed in ``analysis``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from kg_analysis.analysis import checks, covid, daily_counts
from kg_analysis.data import leading, load
from kg_analysis.data.dataset import load as load_year
from kg_analysis.errors import DataError
from kg_analysis.formats import in_language, rounded

KIEN_GIANG = "91"
# What makes two figures publications of one quantity.
_QUANTITY = [
    "area_code", "boundary_version", "indicator", "dimension", "item", "period_type", "period_start", "period_end",
    "comparator",
]  # fmt: skip


def figures(
    topic: str | None = None,
    years: Iterable[int] | None = None,
    area: str | None = KIEN_GIANG,
    data_dir: Path | str | None = None,
) -> pd.DataFrame:
    """Every printed figure with its value, bounds, source and place.

    Parameters
    ----------
    topic : str or None
        Topic of the codebook: covid, growth, sector_output, investment, targets, …; None takes all.
    years : iterable of int or None
        Years in which the figure's period begins; None takes all.
    area : str or None
        Area code; None takes all areas.
    data_dir : path or None
        A data folder of your own.

    Returns
    -------
    DataFrame
        A row a figure: ``figure_id``, ``label``, ``as_printed``, ``value`` with ``value_low``, ``value_high`` and
        ``value_kind``, ``unit``, the indicator and its ``topic``, period, ``basis``, ``as_of``, ``vintage``, the
        source's ``title``, ``issuer``, ``url`` and ``grade``, and ``section`` and ``place`` in its text.

    Raises
    ------
    DataError
        An unknown topic, or no figure at all, with the choices.

    Examples
    --------
    >>> rows = figures(topic="investment", years=[2021]).set_index("figure_id")
    >>> print(rows.loc[["kg21-pubinv-disbursed"], ["as_printed", "value", "unit"]].to_string(index=False))
       as_printed  value   unit
    4.321 tỷ đồng 4321.0 bn_vnd
    """
    tables = load(data_dir)
    topics = sorted(tables.indicators["topic"].unique())
    if topic is not None and topic not in topics:
        raise DataError(f"topic {topic!r} is not known; topics: {', '.join(topics)}")
    rows = _with_sources(tables)
    if area is not None:
        rows = _some(rows, rows["area_code"] == area, f"area {area!r}", rows["area_code"])
    if topic is not None:
        rows = _some(rows, rows["topic"] == topic, f"topic {topic!r}", rows["topic"])
    if years is not None:
        wanted = sorted({int(each) for each in years})
        begun = rows["period_start"].dt.year
        rows = _some(rows, begun.isin(wanted), f"years {', '.join(map(str, wanted))}", begun)
    return rows.reset_index(drop=True)


def wave(year: int, area: str = KIEN_GIANG, data_dir: Path | str | None = None) -> pd.DataFrame:
    """The COVID wave of a year as its report divides it: days, cases and shares with bounds.

    Parameters
    ----------
    year : int
        Year in which the wave began.
    area : str
        Area code.
    data_dir : path or None
        A data folder of your own.

    Returns
    -------
    DataFrame
        A row a phase and one for the whole wave, see :func:`kg_analysis.analysis.covid.phase_summary`.

    Raises
    ------
    DataError
        If no phases of the year are printed, with the years that have some.

    Examples
    --------
    >>> wave(2021)[["phase", "days", "cases", "cases_low", "cases_high"]]
      phase  days  cases  cases_low  cases_high
    0     1    58    986        957        1014
    1     2    36   4572       4554        4589
    2     3     8    480        476         483
    3  wave   102   6038       5987        6086
    """
    phases = load(data_dir).covid_phases
    phases = phases[phases["area_code"] == area]
    began = phases.groupby("wave")["start"].transform("min").dt.year if len(phases) else phases["wave"]
    if not (began == year).any():
        known = ", ".join(map(str, sorted(set(began)))) or "none"
        raise DataError(f"year {year} has no phases of a COVID wave; years with phases: {known}")
    return rounded(covid.phase_summary(phases[began == year]))


def daily_cases(
    start: str,
    end: str,
    area: str = KIEN_GIANG,
    source_id: str | None = None,
    data_dir: Path | str | None = None,
) -> pd.DataFrame:
    """Daily COVID counts of one collection, with deaths beside them.

    Parameters
    ----------
    start, end : str
        First and last day, e.g. ``"2021-06-01"``.
    area : str
        Area code.
    source_id : str or None
        Collection; None takes the one with the most days.
    data_dir : path or None
        A data folder of your own.

    Returns
    -------
    DataFrame
        Indexed by ``date``: ``cases`` and ``deaths`` as they may be used (empty where missing or flagged),
        ``published_cases`` and ``published_deaths``, ``mean_cases_per_day`` (7 days, trailing), ``flag``,
        ``source_id``.

    Raises
    ------
    DataError
        If there are no daily counts in these days, with the days that there are.

    Examples
    --------
    >>> cases = daily_cases("2021-10-01", "2022-01-21")
    >>> int(cases["cases"].sum()), int(cases["published_deaths"].sum())
    (26980, 684)
    """
    tables = load(data_dir)
    series, died = (each[each["area_code"] == area] for each in (tables.covid_daily, tables.covid_deaths_daily))
    counts = daily_counts.daily_counts(series, source_id=source_id)
    deaths = daily_counts.daily_counts(died, "new_deaths").reindex(counts.index)
    mean = daily_counts.seven_day_mean(counts["used"])
    columns = {"cases": counts["used"], "published_cases": counts["raw"], "mean_cases_per_day": mean}
    columns |= {"deaths": deaths["used"], "published_deaths": deaths["raw"]}
    table = pd.DataFrame(columns | {name: counts[name] for name in ("flag", "source_id")}).rename_axis("date")
    shown = table.loc[start:end]
    if shown.empty:
        days = f"{counts.index[0]:%Y-%m-%d} to {counts.index[-1]:%Y-%m-%d}" if len(counts) else "none"
        raise DataError(f"no daily counts of area {area!r} from {start} to {end}; days with counts: {days}")
    return shown


def trace(figure_id: str, data_dir: Path | str | None = None) -> pd.DataFrame:
    """Where a figure comes from: its row, the page, its place in the text, and every publication of the same quantity.

    Parameters
    ----------
    figure_id : str
        As in ``figure_ids`` of any result.
    data_dir : path or None
        A data folder of your own.

    Returns
    -------
    DataFrame
        The figure asked for first, then the other vintages, newest first: the columns of :func:`figures`, with
        ``start`` and ``end`` (characters in the text whose ``sha256`` the source has) and ``leads``, true for the one
        that results rest on.

    Raises
    ------
    DataError
        If there is no such figure, with ids that look like it.

    Examples
    --------
    >>> versions = trace("kg21-pubinv-disbursed-ratio")
    >>> print(versions[["as_printed", "section", "vintage", "leads"]].to_string(index=False))
    as_printed section vintage  leads
        83,12%   I.4.a 2021-12  False
        71,66%         2022-02   True
        83,12%         2021-12  False
    """
    import difflib  # noqa: PLC0415

    tables = load(data_dir)
    rows = _with_sources(tables)
    own = rows["figure_id"] == figure_id
    if not own.any():
        close = ", ".join(difflib.get_close_matches(figure_id, rows["figure_id"], n=3)) or "see kg.figures()"
        raise DataError(f"figure {figure_id!r} is not in the data; did you mean {close}")
    asked = rows[own].iloc[0]
    same = rows[_QUANTITY].fillna("").eq(asked[_QUANTITY].fillna("")).all(axis=1)
    versions = rows[same]
    first = set(leading(tables.figures[tables.figures["figure_id"].isin(versions["figure_id"])])["figure_id"])
    ordered = versions.assign(leads=versions["figure_id"].isin(first), _asked=versions["figure_id"] == figure_id)
    ordered = ordered.sort_values(["_asked", "vintage"], ascending=False, kind="stable")
    return ordered.drop(columns="_asked").reset_index(drop=True)


def check(year: int, area: str = KIEN_GIANG, language: str = "vi", data_dir: Path | str | None = None) -> pd.DataFrame:
    """Declared identities that use a figure about the year, with their verdicts.

    Parameters
    ----------
    year : int
    area : str
        Area code.
    language : str
        Language of the titles, ``vi`` or ``en``.
    data_dir : path or None
        A data folder of your own.

    Returns
    -------
    DataFrame
        A row a check: ``check``, ``topic``, ``kind``, ``title``, ``verdict`` (holds, contradicts, indeterminate),
        ``finding`` (what one that does not hold means), both sides with bounds, printed tokens and places, ``formula``,
        ``figure_ids``; see :func:`kg_analysis.analysis.checks.run_checks`.

    Raises
    ------
    DataError
        If no check uses a figure about the year.

    Examples
    --------
    >>> check(2021).set_index("check").at["tasks-government-sum", "verdict"]
    'holds'
    """
    found = checks.of_year(load_year(load(data_dir).folder, year, area))
    if found.empty:
        raise DataError(f"checks.csv: no check uses figures of {year}; add identities of its figures")
    return in_language(found, language)


def _with_sources(tables: Any) -> pd.DataFrame:
    """Figures with the words of the codebook and of their sources, the columns in reading order."""
    rows = tables.figures.merge(
        tables.sources[["id", "title", "issuer", "doc_date", "url", "sha256"]], left_on="source_id", right_on="id"
    )
    rows = rows.assign(topic=rows["indicator"].map(tables.indicators.set_index("id")["topic"]))
    rows = rows.rename(columns={"low": "value_low", "high": "value_high", "bound_kind": "value_kind"})
    front = ["figure_id", "label", "as_printed", "value", "value_low", "value_high", "value_kind", "unit", "indicator"]
    front += ["topic", "area_code", "boundary_version", "dimension", "item", "period_type", "period_start"]
    front += ["period_end", "basis", "qualifier", "comparator", "as_of", "vintage", "source_id", "title", "issuer"]
    front += ["url", "grade", "section", "place", "start", "end", "sha256", "note"]
    return rows[front]


def _some(rows: pd.DataFrame, chosen: pd.Series, what: str, choices: pd.Series) -> pd.DataFrame:
    if chosen.any():
        return rows[chosen]
    known = ", ".join(str(each) for each in sorted(set(choices)))
    raise DataError(f"{what}: no figure; there are figures for {known}")
