"""Sentences and titles on output against its plan and against last year.

Responsibility: which words the numbers of :mod:`kg_analysis.analysis.outputs` call for. Gross output is never called
GRDP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg_analysis.analysis.outputs import Output
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings.context import Context
from kg_analysis.findings.wording import FALL, capital, compare, direction, fitting, listed, printed_as
from kg_analysis.quantities import Quantity, given

FULL = given(100, "pct")


def output(found: Output, here: Context) -> str:
    """One sector: its output, over last year and against the plan, and what the printed ratios imply."""
    if found.actual is None and found.growth is None and found.plan_ratio is None:
        raise NotPrintedError(f"{found.indicator}: nothing is printed for {here.data.year}", "outputs")
    return " ".join(filter(None, [_as_printed(found, here), _levels(found, here), _planned(found, here)]))


def all_outputs(found: Sequence[Output], here: Context) -> str:
    """Every sector, and what gross output is not."""
    return " ".join([*(output(each, here) for each in found), here.say("growth.output_note")])


def outputs_title(found: Sequence[Output], here: Context) -> str:
    """Finding on the first two sectors: part of the plan reached, else growth; at most 15 words."""
    parts = [_in_title(each, here) for each in found if each.plan_ratio is not None or each.growth is not None]
    if not parts:
        raise NotPrintedError(f"sector_outputs: neither growth nor plan is printed for {here.data.year}", "outputs")
    return fitting(capital(", ".join(parts[:count])) for count in range(min(2, len(parts)), 0, -1))


def short_name(found: Output, here: Context) -> str:
    """Name of a sector for titles and headings; its label where there is no shorter one."""
    key = f"growth.short_{found.indicator}"
    return here.say(key) if here.page.knows(key) else here.label(found.indicator)


def plan_verdict(ratio: Quantity) -> str:
    """above, below, or level with the plan within rounding."""
    return compare(ratio, FULL)


def _as_printed(found: Output, here: Context) -> str:
    estimate = "_estimate" if found.is_estimate else ""
    parts = []
    if found.growth is not None:
        rate = found.growth if found.actual is None else replace(found.growth, basis="")  # "estimated" is said once
        parts.append(here.say("growth.output_growth", rate=printed_as("rate", rate, here)))
    if found.plan_ratio is not None:
        parts.append(here.say(f"growth.output_plan_{plan_verdict(found.plan_ratio)}", ratio=found.plan_ratio))
    label = here.label(found.indicator)
    if found.actual is None:
        return here.say("growth.output_ratios", label=label, parts=", ".join(parts))
    head = here.say(f"growth.output_level{estimate}", label=label, actual=found.actual)
    return ", ".join([head, *parts]) + "."


def _levels(found: Output, here: Context) -> str:
    named = {"plan": found.plan, "last": found.last_year}
    parts = [here.say(f"growth.output_{name}_value", level=each) for name, each in named.items() if each is not None]
    return here.say("growth.output_levels", parts=listed(parts, here)) if parts else ""


def _planned(found: Output, here: Context) -> str:
    """Growth that the plan meant, and the part of that increase which was reached."""
    planned, realised = found.planned_growth, found.realised_increase
    if planned is None:
        return ""
    said = here.say("growth.output_planned", rate=printed_as("need", planned, here))
    if realised is None:
        return said + "."
    key = "fall" if direction(realised) == FALL else compare(realised, FULL)
    return said + here.say(f"growth.output_realised_{key}", realised=realised)


def _in_title(found: Output, here: Context) -> str:
    name = short_name(found, here)
    if found.plan_ratio is not None:
        return here.say("growth.output_title_plan", name=name, ratio=found.plan_ratio)
    rate = found.growth
    return f"{name} {printed_as('title', rate, here)}" if rate is not None else name
