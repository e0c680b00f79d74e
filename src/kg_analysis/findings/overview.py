"""Sentences and titles of the overview: targets, tasks, programme, online services, how current the figures are.

Responsibility: which words the counts of :mod:`kg_analysis.analysis.overview` call for. Counts of two systems stand
side by side and are never added.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg_analysis.analysis import currency as currency_
from kg_analysis.analysis.currency import CutOff
from kg_analysis.analysis.overview import System
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings.wording import capital, fitting, listed
from kg_analysis.narrative.context import ReportContext

_PARTS = (
    "exceeded",
    "met",
    "missed",
    "missed_economic",
    "completed",
    "in_progress",
    "on_time",
    "late",
    "overdue",
    "remaining",
)


def targets(found: Sequence[System], here: ReportContext) -> str:
    """Targets met, exceeded and missed, system by system."""
    return " ".join([*(_targets(each, here) for each in found), *_apart(found, here)])


def targets_title(found: Sequence[System], here: ReportContext) -> str:
    """Finding on the targets of the first system, at most 15 words."""
    first = found[0]
    values = {"system": system(first, here), "total": first.total, "reached": first.reached, "missed": first.missed}
    key = "part" if first.reached is not None and first.total is not None else "none"
    return fitting(here.say(f"overview.targets_title_{each}", **values) for each in (f"{key}_long", key))


def tasks(found: Sequence[System], here: ReportContext) -> str:
    """Tasks by status, system by system, each with its cut-off day."""
    sentences = [here.say(f"overview.tasks_{_dated(each)}", **_named(each, here)) for each in found]
    return " ".join([*sentences, *_apart(found, here)])


def tasks_title(found: Sequence[System], here: ReportContext) -> str:
    """Finding on the first system's tasks, at most 15 words."""
    first = found[0]
    done = first.counts.get("completed")
    key = "done" if done is not None and first.total is not None else "count"
    named_in_title = {"total": first.total, "done": done, "system": system(first, here)}
    return fitting(
        here.say(f"overview.tasks_title_{each}", **{**_named(first, here), **named_in_title})
        for each in ([f"{key}_dated"] if first.as_of else []) + [key]
    )


def apart(found: Sequence[System], here: ReportContext) -> str:
    """That systems are neither added nor averaged; nothing where there is one only."""
    return here.say("overview.apart") if len(found) > 1 else ""


def programme(found: Sequence[System], here: ReportContext) -> str:
    """Schemes of a programme by status."""
    return " ".join(here.say(f"overview.tasks_{_dated(each)}", **_named(each, here)) for each in found)


def currency(found: Sequence[CutOff], here: ReportContext) -> str:
    """Between which days the figures count, and which topics rest on estimates."""
    days = [each.day for each in found]
    sentences = [here.say("overview.currency", first=min(days), last=max(days))]
    ahead = [here.say(f"overview.topic_{each}") for each in dict.fromkeys(e.topic for e in found if e.estimated)]
    if ahead:
        sentences.append(here.say("overview.currency_estimates", topics="; ".join(ahead)))
    if count := currency_.undated(here.data):
        sentences.append(here.say("overview.currency_undated", count=count))
    return " ".join(sentences)


def currency_title(found: Sequence[CutOff], here: ReportContext) -> str:
    """Finding on the spread of cut-off days, at most 15 words."""
    days = {each.day for each in found}
    key = "one" if len(days) == 1 else "many"
    return here.say(f"overview.currency_title_{key}", count=len(days), first=min(days), last=max(days))


def system(found: System, here: ReportContext) -> str:
    """Name of a system in the reader's language."""
    return named("system", found.name, here)


def named(kind: str, identifier: str, here: ReportContext) -> str:
    """Name of a system or status; its id where the language has none."""
    key = f"overview.{kind}_{identifier}"
    return here.say(key) if here.page.knows(key) else identifier


def limits(here: ReportContext) -> str:
    """What one page of printed figures cannot say."""
    return here.say(f"overview.limits_{here.data.edition}", sources=len(here.data.publications))


def references(here: ReportContext) -> str:
    """How many legal documents the sources name."""
    rows = here.data.legal_references
    if rows.empty:
        raise NotPrintedError(f"legal_references: no report on {here.data.year} is held", "references")
    documents = rows.drop_duplicates(["type", "number", "issuer"])  # a second mention may leave out the date
    return here.say("overview.references", mentions=len(rows), documents=len(documents))


def _targets(found: System, here: ReportContext) -> str:
    parts = [
        here.say(f"overview.part_{name}", count=count)
        for name, count in {**found.counts, "missed": found.missed}.items()
        if name in _PARTS and count is not None and count.value > 0
    ]
    key = "targets" if found.total is not None else "targets_untold"
    key += "_estimate" if found.is_estimate else ""
    if found.reached is not None and "met_or_exceeded" in found.counts:
        parts.insert(0, here.say("overview.part_met_or_exceeded", count=found.reached))
    return here.say(
        f"overview.{key}", system=capital(system(found, here)), total=found.total, parts=listed(parts, here)
    )


def _named(found: System, here: ReportContext) -> dict[str, object]:
    parts = [
        here.say("overview.part", status=named("status", status, here), count=count)
        for status, count in found.counts.items()
    ]
    return {"system": capital(system(found, here)), "day": found.as_of, "parts": listed(parts, here)}


def _dated(found: System) -> str:
    return "dated" if found.as_of else "undated"


def _apart(found: Sequence[System], here: ReportContext) -> list[str]:
    return list(filter(None, [apart(found, here)]))
