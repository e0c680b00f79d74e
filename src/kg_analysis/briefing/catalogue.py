"""The names by which a selection file asks for what the registry holds.

Responsibility: name findings, sentences, charts and tables; sentences, charts and tables are called
``<topic>_<function>``, the topic being the first word of the finding's name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kg_analysis.briefing.registry import FINDINGS as REGISTRY
from kg_analysis.briefing.registry import Finding

Function = Callable[..., Any]
FINDINGS: dict[str, Function] = {name: finding.title for name, finding in REGISTRY.items()}
SENTENCES: dict[str, Function] = {}
CHARTS: dict[str, Function] = {}
TABLES: dict[str, Finding] = {}

# Chart and sentences of a finding, for a format that shows one finding at a time.
SHOWN: dict[str, tuple[str, tuple[str, ...]]] = {}


def _register(name: str, finding: Finding) -> None:
    topic = name.partition("_")[0]
    for function in (*finding.sentences, *finding.caveats):
        SENTENCES[f"{topic}_{function.__name__}"] = function
    chart = f"{topic}_{finding.chart.__name__}" if finding.chart else ""
    if finding.chart:
        CHARTS[chart] = finding.chart
    if finding.table:
        TABLES[f"{topic}_{finding.table}"] = finding
    SHOWN[name] = chart, tuple(f"{topic}_{each.__name__}" for each in finding.sentences)


for _name, _finding in REGISTRY.items():
    _register(_name, _finding)
