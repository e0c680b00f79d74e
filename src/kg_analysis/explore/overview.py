"""Panel on the declared checks: which topic and which verdict, and how they read.

Responsibility: the two sliders over names and what they show; verdicts are those of :mod:`kg_analysis.analysis.checks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg_analysis.analysis.checks import Check
from kg_analysis.analysis.verdicts import CONTRADICTS, HOLDS, INDETERMINATE
from kg_analysis.charts import checks as charts
from kg_analysis.errors import DataError
from kg_analysis.explore.limits import Knobs
from kg_analysis.explore.panel import Panel, View, choice
from kg_analysis.findings import checks as findings
from kg_analysis.findings.wording import capital
from kg_analysis.narrative.context import ReportContext

ALL = ""


def panel(found: Sequence[Check], here: ReportContext, knobs: Knobs) -> Panel:
    """Sliders over the topics and the verdicts of the checks."""
    topics = list(dict.fromkeys(each.topic for each in found))
    every = (here.say("explore.every"), ALL)

    def draw(values: dict[str, Any]) -> View:
        chosen = [each for each in found if values["topic"] in (ALL, each.topic)]
        chosen = [each for each in chosen if values["verdict"] in (ALL, each.verdict)]
        if not chosen:
            raise DataError(here.say("explore.no_check"))
        return View(charts.verdicts(chosen, here), [findings.reading(each, here) for each in chosen])

    controls = {
        "topic": choice(here, "topic", [every, *((capital(here.say(f"cell.{each}")), each) for each in topics)]),
        "verdict": choice(
            here,
            "verdict",
            [every, *((capital(here.say(f"cell.{each}")), each) for each in (CONTRADICTS, INDETERMINATE, HOLDS))],
        ),
    }
    return Panel(controls, draw, here)
