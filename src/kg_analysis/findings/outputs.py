"""Sentences and titles on output against its plan and against last year.

Responsibility: which words the numbers of :mod:`kg_analysis.analysis.outputs` call for. Gross output is never called
GRDP.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg_analysis.analysis.outputs import Output
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings.wording import FALL, capital, compare, direction, fitting, printed_as
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, given

FULL = given(100, "pct")


def output(found: Output, here: ReportContext) -> str:
    """One sector: its output, over last year and against the plan, and the growth that the plan meant."""
    if found.actual is None and found.growth is None and found.plan_ratio is None:
        raise NotPrintedError(f"{found.indicator}: nothing is printed for {here.data.year}", "outputs")
    return " ".join(filter(None, [_as_printed(found, here), _planned(found, here)]))


def all_outputs(found: Sequence[Output], here: ReportContext) -> str:
    """A paragraph a sector, and one on what gross output is not."""
    return "\n\n".join([*(output(each, here) for each in found), note(found, here)])


def note(found: Sequence[Output], here: ReportContext) -> str:
    """What gross output is not, and what is an estimate."""
    notes = [here.say("growth.output_note")]
    if any(each.is_estimate for each in found):
        notes.append(here.say("growth.output_note_estimate"))
    return " ".join(notes)


def outputs_title(found: Sequence[Output], here: ReportContext) -> str:
    """Finding on the first two sectors: part of the plan reached, else growth; at most 15 words."""
    told = [each for each in found if each.plan_ratio is not None or each.growth is not None]
    parts = [_in_title(each, index > 0 and told[0].plan_ratio is not None, here) for index, each in enumerate(told)]
    if not parts:
        raise NotPrintedError(f"sector_outputs: neither growth nor plan is printed for {here.data.year}", "outputs")
    return fitting(capital(", ".join(parts[:count])) for count in range(min(2, len(parts)), 0, -1))


def short_name(found: Output, here: ReportContext) -> str:
    """Name of a sector for titles and headings; its label where there is no shorter one."""
    key = f"growth.short_{found.indicator}"
    return _of_period(here.say(key) if here.page.knows(key) else here.label(found.indicator), found, here)


def plan_verdict(ratio: Quantity) -> str:
    """above, below, or level with the plan within rounding."""
    return compare(ratio, FULL)


def _as_printed(found: Output, here: ReportContext) -> str:
    estimate = "_estimate" if found.is_estimate else ""
    parts = []
    if found.growth is not None:
        parts.append(here.say("growth.output_growth", rate=printed_as("need", found.growth, here)))
    if found.plan_ratio is not None:
        parts.append(here.say(f"growth.output_plan_{plan_verdict(found.plan_ratio)}", ratio=found.plan_ratio))
    label = _of_period(here.label(found.indicator), found, here)
    if found.actual is None:
        return here.say(f"growth.output_ratios{estimate}", label=label, parts=", ".join(parts))
    head = here.say(f"growth.output_level{estimate}", label=label, actual=found.actual)
    return ", ".join([head, *parts]) + "."


def _of_period(name: str, found: Output, here: ReportContext) -> str:
    """Name of a sector with its part of the year, where it is not the whole."""
    return name if found.period == "FY" else f"{name} {here.say(f'vintages.period_{found.period}')}"


def _planned(found: Output, here: ReportContext) -> str:
    """Growth that the plan meant, and the part of that increase which was reached."""
    planned, realised = found.planned_growth, found.realised_increase
    if planned is None:
        return ""
    said = here.say("growth.output_planned", rate=printed_as("need", planned, here))
    if realised is None:
        return said + "."
    key = "fall" if direction(realised) == FALL else compare(realised, FULL)
    done = here.say(f"growth.output_done{'_estimate' if found.is_estimate else ''}")
    return said + here.say(f"growth.output_realised_{key}", realised=realised, done=done)


def _in_title(found: Output, after_a_plan: bool, here: ReportContext) -> str:
    """Part of the plan reached; the word for the plan is said once."""
    name = short_name(found, here)
    if found.plan_ratio is not None:
        key = f"growth.output_title_{'more' if after_a_plan else 'plan'}{'_estimate' if found.is_estimate else ''}"
        return here.say(key, name=name, ratio=found.plan_ratio)
    rate = found.growth
    return f"{name} {printed_as('title', rate, here)}" if rate is not None else name
