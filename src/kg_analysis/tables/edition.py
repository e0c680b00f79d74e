"""Which figures a year's analysis rests on: those of its own report, or the latest published.

Responsibility: select one figure for each thing that is said. What is not selected stays published: a later figure
about the same period is another vintage, never an overwrite.

Terms: *edition* = the figures selected for a year; ``report`` = all from the province's report on that year, of one
vintage, and the aims for it that an earlier report printed; ``latest`` = for a year without a report, the last
published figure of each kind, whichever source printed it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

REPORT, LATEST = "report", "latest"
_SAME = ["indicator", "boundary_version", "dimension", "item", "period_type", "period_start", "period_end", "as_of"]


@dataclass(frozen=True)
class Edition:
    """Figures of a year, indexed by ``figure_id``, and the rule that selected them."""

    rule: str
    figures: pd.DataFrame

    @property
    def vintages(self) -> tuple[str, ...]:
        """Publication dates, the first and the last; one for a report."""
        found = sorted(set(self.figures["vintage"]))
        return (found[0],) if len(found) == 1 else (found[0], found[-1])


def choose(figures: pd.DataFrame, sources: pd.DataFrame, year: int) -> Edition:
    """Edition of a year.

    Parameters
    ----------
    figures : DataFrame
        All published figures of an area, indexed by ``figure_id``.
    sources : DataFrame
        Register, indexed by id.
    year : int
        A year of :func:`years_with_figures`.
    """
    of_year = year_of(figures) == year
    reports = sources.index[(sources["kind"] == "report") & (sources["report_year"] == year)]
    from_report = figures["source_id"].isin(reports)
    if (from_report & of_year & is_result(figures)).any():
        latest = figures[from_report].sort_values("vintage", kind="stable")["source_id"].iloc[-1]
        from_report &= figures["source_id"] == latest  # a report issued anew is another vintage
        own = figures[from_report & (of_year | _looks_ahead(figures, year))]
        earlier = of_year & is_aim(figures) & figures["source_id"].isin(sources.index[sources["kind"] == "report"])
        aims = _latest(pd.concat([own[is_aim(own)], figures[earlier & ~from_report]]))
        return Edition(REPORT, figures[figures.index.isin([*own.index, *aims.index])])
    return Edition(LATEST, _latest(figures[of_year]))


def years_with_figures(figures: pd.DataFrame) -> list[int]:
    """Years for which results are printed; a mere aim for a year does not count."""
    return sorted({int(each) for each in year_of(figures)[is_result(figures)]})


def year_of(figures: pd.DataFrame) -> pd.Series[int]:
    """Year that a figure counts for; a wave that runs into the next year stays whole, in the year it began."""
    in_wave = figures["dimension"] == "wave_phase"
    wave = figures["source_id"] + " " + figures["item"].str.partition("-")[0]
    return figures["period_start"].dt.year.groupby(wave.where(in_wave, figures.index.to_series())).transform("min")


def is_result(figures: pd.DataFrame) -> pd.Series[bool]:
    """Whether a figure says what was, not what is aimed at."""
    return figures["basis"].isin(["actual", "estimate"]) & figures["value"].notna()


def is_aim(figures: pd.DataFrame) -> pd.Series[bool]:
    """Whether a figure says what is aimed at."""
    return figures["basis"].isin(["plan", "scenario"])


def _looks_ahead(figures: pd.DataFrame, year: int) -> pd.Series[bool]:
    """Aims for later years, and the cut-off day that closes this budget year in the next January."""
    ahead = is_aim(figures) & (figures["period_start"].dt.year > year)
    return ahead | ((figures["period_start"].dt.year == year + 1) & (figures["period_type"] == "day"))


def _latest(figures: pd.DataFrame) -> pd.DataFrame:
    """Last published figure of each kind; an aim does not replace a result. Of two published together, the first."""
    kind = figures[_SAME].assign(aim=is_aim(figures))
    published = figures["vintage"].str.ljust(10, "~")  # a date known to the year or month counts as its end
    last_first = figures.assign(_published=published, _order=range(len(figures))).sort_values(
        ["_published", "_order"], ascending=[False, True]
    )
    kept = last_first.index[~kind.loc[last_first.index].duplicated().to_numpy()]
    return figures[figures.index.isin(kept)]
