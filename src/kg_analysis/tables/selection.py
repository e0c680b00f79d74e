"""What of a nation's tables concerns one area and year.

Responsibility: rows of views, series, legal references and checks that a dataset takes from the store.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kg_analysis.tables.registers import is_citable
from kg_analysis.tables.schemas import SERIES
from kg_analysis.tables.series import short
from kg_analysis.tables.store import Store


def only_citable(store: Store) -> Store:
    """The store without the figures of sources that are not cited in what is sent, and the checks that name them."""
    sources = store.registers["sources"]
    kept = store.figures["source_id"].isin(sources.index[is_citable(sources)])
    named = {name: ids for name, ids in store.named.items() if kept.reindex(list(ids), fill_value=True).all()}
    checks = store.registers["checks"]
    return replace(
        store,
        figures=store.figures[kept],
        years=store.years[kept],
        areas={
            area: {**parts, "figures": parts["figures"][kept.reindex(parts["figures"].index)]}
            for area, parts in store.areas.items()
        },
        registers=store.registers | {"checks": checks.loc[list(named)]},
        named=named,
    )


def of_figures(view: pd.DataFrame, chosen: set[str]) -> pd.DataFrame:
    """Rows of a view all of whose figures are chosen."""
    keep = view["figure_ids"].map(lambda ids: chosen.issuperset(ids.split()))
    return view[keep.astype(bool)].reset_index(drop=True)


def within(own: dict[str, pd.DataFrame], boundary: str) -> dict[str, pd.DataFrame]:
    """Rows of every series that hold for the area within a boundary."""
    rows = {short(table): own[short(table)] for table in SERIES}
    return {name: each[each["boundary_version"] == boundary].reset_index(drop=True) for name, each in rows.items()}


def references_of(store: Store, published: pd.DataFrame, year: int) -> pd.DataFrame:
    """Legal references of the reports on the year that figures of the area stand in."""
    sources = store.registers["sources"]
    reports = sources.index[(sources["report_year"] == year) & sources.index.isin(published["source_id"])]
    return store.references[store.references["source_id"].isin(reports)].reset_index(drop=True)


def sources_of(store: Store, *tables: pd.DataFrame) -> pd.DataFrame:
    """Rows of the register of sources that stand in one of the tables."""
    sources = store.registers["sources"]
    return sources[sources.index.isin({each for table in tables for each in table["source_id"]})]


def checks_of(store: Store, area: str, year: int, chosen: set[str]) -> tuple[pd.DataFrame, set[str]]:
    """Checks that use a figure about the year, with all the figures they name.

    A figure of another area counts where that area has no report of its own, in which its checks would be shown.
    """
    sources = store.registers["sources"]
    reports = set(sources.index[sources["kind"] == "report"])
    reporting = {code for code, parts in store.areas.items() if not reports.isdisjoint(parts["figures"]["source_id"])}
    ours = store.figures["area_code"] == area
    about = (store.years == year) & (ours | ~store.figures["area_code"].isin(reporting - {area}))
    used = chosen | set(store.figures.index[about.to_numpy(bool)])
    keep = [each for each, names in store.named.items() if not used.isdisjoint(names)]
    checks = store.registers["checks"].loc[keep]
    return checks, {name for each in keep for name in store.named[each]}
