"""The data contract: every table under ``data/`` with its columns, keys and rules, as ``tables.toml`` lists them.

Responsibility: from a line of ``tables.toml`` to a column of a pandera schema; the rules over whole rows; which tables
are registers, typed from the page, clean (views of what is typed) or series that come dense.

Terms: *collection* = file of many pages of which a few figures each are taken; *month index* = month of the budget
year: 1 to 12 are its calendar months, 13 is January of the next year.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pandas as pd

from kg_analysis.data import columns as types
from kg_analysis.data.columns import PERIOD_RULES, Column, RowRule, Table, in_order, not_above, one_of, pattern


def is_graded(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows with a grade, and those of made-up sources, which need none."""
    return (rows["grade"] != "") | (rows["kind"] == "synthetic")


def is_citable(sources: pd.DataFrame) -> pd.Series[bool]:
    """Sources that may be cited in what is sent: all but pages that repost others."""
    return sources["grade"] != "aggregator"


def is_subject_or_entity(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows that name either a subject with its place or a dimension with its item."""
    subject = (rows["subject"] != "") & (rows["place"] != "")
    entity = (rows["dimension"] != "") & (rows["item"] != "")
    nothing = (rows["subject"] == "") & (rows["place"] == "")
    return (subject & (rows["dimension"] == "") & (rows["item"] == "")) | (entity & nothing)


# Words of a flag that keep a day out of every mean, rate and model; any other word is a remark.
EXCLUDING_FLAGS = {
    "corrupt": "the number cannot be right",
    "dump": "holds cases of earlier days",
    "negative": "a count taken back",
    "no_report": "nothing was reported that day; the 0 is not a count",
    "partial": "the day had not ended when the count was taken",
    "two_days": "holds two days, the one before having none",
}
FLAG = pattern(
    f"words separated by blanks; {', '.join(EXCLUDING_FLAGS)} keep the day out of means, rates and models, others "
    "(collections_differ, one_collection) are remarks",
    r"[a-z0-9_]+( [a-z0-9_]+)*",
    "one_collection partial",
    optional=True,
)


def is_excluded(flags: pd.Series[str]) -> pd.Series[bool]:
    """Days that enter no mean, rate or model; they still count in totals, but for corrupt and partial ones."""
    return flags.map(lambda cell: not EXCLUDING_FLAGS.keys().isdisjoint(str(cell).split())).astype(bool)


_FORMS = {
    "url": (r"https?://\S+", "https://example.org/report"),
    "sha256": (r"[0-9a-f]{64}", "64 hex digits"),
    "area_codes": (r"\d{2}( \d{2})*", "89 91"),
    "section": (types.SECTION, "I.4.a"),
    "place": (types.PLACE, "paragraph 2"),
}
_SIMPLE = {
    **{"text": types.text, "name": types.name, "number": types.number, "whole": types.whole},
    **{"count": types.count, "day": types.day},
}
_SHARED = {
    **types.AREA,
    **{"vintage": types.VINTAGE_COLUMN, "source_id": types.SOURCE, "figure_ids": types.FIGURE_IDS, "flag": FLAG},
}
_RULES: dict[str, dict[str, RowRule]] = {
    "sources": {"grade is empty; choose one of official, statistics, press, aggregator": is_graded},
    "areas": {"valid_to lies before valid_from; correct one of them": in_order("valid_from", "valid_to")},
    "label_patterns": {
        "a row names a subject with its place, or a dimension with its item; give one of the two": is_subject_or_entity,
    },
    **dict.fromkeys(("printed", "collected", "figures"), PERIOD_RULES),
    "covid_phases": {
        "the phase ends before it starts; correct the dates in printed/": in_order("start", "end"),
        "community cases exceed all cases; correct the means in printed/": not_above(
            "community_cases_per_day", "mean_cases_per_day"
        ),
    },
    "measures": {"the measure ends before it starts; correct the dates in printed/": in_order("start", "end")},
    "covid_daily": {
        "community cases exceed all cases; correct one of the two": not_above("community_cases", "new_cases"),
        "imported cases exceed all cases; correct one of the two": not_above("imported_cases", "new_cases"),
    },
}


def _column(kind: str, about: str) -> Column:
    optional, kind = kind.endswith("?"), kind.removesuffix("?")
    if kind in _SIMPLE:
        return _SIMPLE[kind](about, optional=optional)
    if kind in _FORMS:
        return pattern(about, *_FORMS[kind], optional=optional)
    if kind.startswith("1.."):
        return types.numbered(about, int(kind[3:]))
    return one_of(about, getattr(types, kind) if kind.isupper() else kind.split("/"), optional=optional)


def _columns(lines: str, groups: dict[str, str]) -> Iterator[tuple[str, Column]]:
    for line in lines.strip().splitlines():
        name, *said = line.split(" | ")
        if name.startswith("*bounds "):
            of = name.removeprefix("*bounds ")
            for end in ("lower", "upper"):
                about = f"{end} bound of {of}; empty = open"
                yield f"{of}_{'low' if end == 'lower' else 'high'}", types.number(about, optional=True)
            yield f"{of}_kind", _column("BOUND_KINDS?", f"what the bounds of {of} are, as in clean/figures")
        elif name.startswith("*"):
            yield from _columns(groups[name[1:]], groups)
        else:
            yield name, _column(*said) if said else _SHARED[name]


def _tables() -> dict[str, Table]:
    found = tomllib.loads(files(__package__).joinpath("tables.toml").read_text(encoding="utf-8"))
    groups = found.pop("shared")
    return {
        name: Table(
            each["name"],
            each["about"],
            tuple(each["key"].split()),
            dict(_columns(each["columns"], groups)),
            _RULES.get(name, {}),
        )
        for name, each in found.items()
    }


TABLES = _tables()
REGISTERS = SOURCES, INDICATORS, AREAS, ASSUMPTIONS, CHECKS, CORRECTIONS = tuple(
    TABLES[each] for each in ("sources", "indicators", "areas", "assumptions", "checks", "corrections")
)
LABEL_PATTERNS = TABLES["label_patterns"]
WORDINGS = (LABEL_PATTERNS,)  # what a draft reads; no result rests on them
PRINTED, COLLECTED, REFERENCES, EXCLUDED, MAPPINGS, INVESTMENT_NAMES = (
    TABLES[each] for each in ("printed", "collected", "references", "excluded", "mappings", "investment_names")
)
TOPICAL = tuple(
    TABLES[each]
    for each in (
        *("covid_phases", "measures", "grdp_growth", "grdp_levels", "sector_outputs", "investment"),
        *("targets", "tasks", "programme_items", "online_services"),
    )
)
FIGURES, LEGAL_REFERENCES = TABLES["figures"], TABLES["legal_references"]
CLEAN = (FIGURES, *TOPICAL, LEGAL_REFERENCES)
SERIES = COVID_DAILY, GRDP_QUARTERLY, DISBURSEMENT_MONTHLY, COVID_DEATHS_DAILY = tuple(
    TABLES[each] for each in ("covid_daily", "grdp_quarterly", "disbursement_monthly", "covid_deaths_daily")
)

# Inputs that the analysis cannot do without, each with its unit.
REQUIRED_ASSUMPTIONS = {
    "budget_months": "months",
    "h1_of_9m_low": "share",
    "h1_of_9m_nation": "share",
    "h1_of_9m_high": "share",
    "q4_share_low": "share_pct",
    "q4_share_base": "share_pct",
    "q4_share_high": "share_pct",
    "trend_growth": "pct",
    **{f"delta_interval_{name}_{part}": "days" for name in ("low", "base", "high") for part in ("mean", "sd")},
}
ASCENDING_ASSUMPTIONS = (
    ("h1_of_9m_low", "h1_of_9m_high"),
    ("q4_share_low", "q4_share_base", "q4_share_high"),
    ("delta_interval_low_mean", "delta_interval_base_mean", "delta_interval_high_mean"),
)
