"""From a selection to the content of a briefing.

Responsibility: choose once, for every format. Texts and numbers come from ``findings``, ``charts`` and the rows of the
analysis; nothing is worded or computed here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from typing import Any

import pandas as pd

from kg_analysis.briefing import catalogue
from kg_analysis.briefing.calculations import calculation
from kg_analysis.briefing.desk import Desk, Missing
from kg_analysis.briefing.elements import Figure, Table
from kg_analysis.briefing.model import Briefing, Masthead, Part, Section, Sentence, Slide, Words
from kg_analysis.briefing.selection import MastheadChoice, PartChoice, SectionChoice, Selection
from kg_analysis.briefing.tables import table
from kg_analysis.briefing.witness import Witness
from kg_analysis.data.dataset import Dataset
from kg_analysis.narrative.context import ReportContext
from kg_analysis.text import texts

_WORDS = "briefing.word_"


def build(data: Dataset, choice: Selection, *, slides: bool = True) -> Briefing:
    """Content of a briefing on the dataset's year.

    Parameters
    ----------
    data : Dataset
    choice : Selection
        What it holds, in which order and language.
    slides : bool
        Whether the findings are also worked out one by one, each with its chart, for slides and workbooks.

    Returns
    -------
    Briefing
        A part whose figures are not printed says so instead.
    """
    page = Witness(choice.language)
    here = ReportContext(data, page)
    desk = Desk(here, page, choice.inputs.model_dump())
    sections = tuple(_section(each, choice, desk, slides) for each in choice.sections)
    days = " – ".join(dict.fromkeys(page.published(each) for each in data.vintages))
    return Briefing(
        year=data.year,
        area=data.area_name,
        language=choice.language,
        title=choice.title or here.say("briefing.title"),
        published=here.say("briefing.published", vintage=days),
        masthead=_masthead(choice.masthead, here),
        sections=sections,
        sources=tuple(_sources(sections, desk)),
        numbers=table("briefing_numbers", page.rows(), here),
        words=_words(choice.language),
        day=_last_day(data.vintages[-1]),
    )


def _section(name: str, choice: Selection, desk: Desk, with_slides: bool) -> Section:
    chosen: SectionChoice = choice.section[name]
    findings, why = _collect(chosen.findings, catalogue.FINDINGS, desk, str)
    size = choice.layout.chart_size
    parts = tuple(_part(each, choice.part[each], choice.part[each].chart_size or size, desk) for each in chosen.parts)
    shown = chosen.findings if with_slides else []
    slides = tuple(slide for each in shown if (slide := _slide(each, desk)) is not None)
    found = tuple(each for name in chosen.calculations if (each := calculation(name, desk)) is not None)
    said = {each for part in parts for each in part.left_out}
    left_out = tuple(each for each in why if each not in said)
    return Section(name, _heading("section", name, chosen.heading, desk.here), findings, parts, found, slides, left_out)


def _slide(name: str, desk: Desk) -> Slide | None:
    """A finding with its chart and sentences; None where its figures are not printed, or where it has no chart."""
    if name not in catalogue.SHOWN:
        return None
    finding = desk.item(catalogue.FINDINGS[name])
    if isinstance(finding, Missing):
        return None
    chart, said = catalogue.SHOWN[name]
    mark = len(desk.page.quantities)
    sentences, _ = _collect(said.split(), catalogue.SENTENCES, desk, _sentences)
    ids = desk.page.figures_since(mark)
    figure = desk.figure(chart, "full")
    if isinstance(figure, Missing):
        return Slide(str(finding), None, _flat(sentences), desk.here.cite(ids) if ids else "")
    return Slide(str(finding), figure, _flat(sentences), figure.chart.source)


def _part(name: str, chosen: PartChoice, size: str, desk: Desk) -> Part:
    here, page = desk.here, desk.page
    mark = len(page.quantities)
    sentences, why = _collect(chosen.sentences, catalogue.SENTENCES, desk, _sentences)
    said = page.figures_since(mark)
    figures, no_chart = _apart(desk.figure(each, size) for each in chosen.charts)
    tables: list[Table] = []
    no_table: list[str] = []
    for each in chosen.tables:
        found = desk.item(catalogue.TABLES[each])
        if isinstance(found, Missing):
            no_table.append(found.reason)
        else:
            tables.append(table(each, found, here))
    caveats, no_caveat = _collect(chosen.caveats, catalogue.SENTENCES, desk, str)
    left_out = tuple(dict.fromkeys([*why, *no_chart, *no_table, *no_caveat]))
    heading = _heading("part", name, chosen.heading, here)
    shown: list[Figure | Table] = [*figures, *tables]
    named = {each for some in shown for each in _figure_ids(some)}
    source = here.cite(said) if said - named else ""
    return Part(name, heading, _flat(sentences), source, figures, tuple(tables), caveats, left_out)


def _figure_ids(found: Figure | Table) -> set[str]:
    """Printed figures behind a chart or a table."""
    if isinstance(found, Table):
        return {each for row in found.rows for each in row.figure_ids}
    lines = found.chart.data.get("figure_ids", pd.Series(dtype=str))
    return {each for line in lines for each in line.split()}


def _collect(
    names: Iterable[str], known: Mapping[str, catalogue.Item], desk: Desk, finish: Callable[[Any], Any]
) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Results of the items named, and why others are missing, each reason once."""
    found = [desk.item(known[each]) for each in names]
    results = tuple(finish(each) for each in found if not isinstance(each, Missing) and each != "")
    return results, tuple(dict.fromkeys(each.reason for each in found if isinstance(each, Missing)))


def _apart(found: Iterable[Figure | Missing]) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """Charts, and why others are missing."""
    listed = list(found)
    why = [each.reason for each in listed if isinstance(each, Missing)]
    return tuple(each for each in listed if not isinstance(each, Missing)), tuple(dict.fromkeys(why))


def _flat(sentences: Iterable[tuple[Sentence, ...]]) -> tuple[Sentence, ...]:
    return tuple(each for some in sentences for each in some)


def _sentences(text: str) -> tuple[Sentence, ...]:
    """A notebook's Markdown as plain text: lines of a list apart, entities and code marks resolved."""
    lines = [unescape(each).replace("`", "") for each in text.splitlines() if each.strip()]
    return tuple(Sentence(each.removeprefix("- "), each.startswith("- ")) for each in lines)


def _heading(kind: str, name: str, own: str, here: ReportContext) -> str:
    key = f"briefing.{kind}_{name}"
    return own or (here.say(key) if here.page.knows(key) else name)


def _masthead(chosen: MastheadChoice, here: ReportContext) -> Masthead:
    def say(key: str) -> str:
        return here.say(f"briefing.{key}")

    return Masthead(
        parent=chosen.parent,
        issuer=chosen.issuer or say("issuer").upper(),
        nation=say("nation"),
        motto=say("motto"),
        number=say("number"),
        place_and_date=here.say("briefing.place_and_date", place=chosen.place or here.data.area_name),
        kind=chosen.kind or say("kind"),
        recipients=say("recipients"),
    )


def _sources(sections: Iterable[Section], desk: Desk) -> Iterable[str]:
    """One line a source whose figures any sentence, chart or table uses, reports first."""
    parts = [part for section in sections for part in section.parts]
    shown: list[Figure | Table] = [each for part in parts for each in part.figures]
    shown += [each for part in parts for each in part.tables]
    ids = {each for one in shown for each in _figure_ids(one)}
    used = {*desk.data.rows(ids | desk.page.figures_since(0))["source_id"]}
    for part in parts:
        for figure in part.figures:
            used.update(_series_of(figure.chart.data))
    rows = desk.data.sources.loc[sorted(used)]
    for _, row in rows.sort_values("kind", key=lambda kind: kind != "report", kind="stable").iterrows():
        dated = "" if pd.isna(row["doc_date"]) else desk.page.date(row["doc_date"].date())
        yield ", ".join(filter(None, [row["title"], row["issuer"], dated, row["url"]]))


def _series_of(rows: pd.DataFrame) -> set[str]:
    """Sources of the series that a chart plots, which are no printed figures."""
    columns = [name for name in rows.columns if name.endswith("series_source_id")]
    return {each for name in columns for each in rows[name].dropna().unique()}


def _words(language: str) -> Words:
    found = texts(language)
    return Words({key.removeprefix(_WORDS): text for key, text in found.items() if key.startswith(_WORDS)})


def _last_day(vintage: str) -> dt.date:
    """First day that a vintage can mean, for file properties."""
    return dt.date.fromisoformat(vintage + "-01" * (2 - vintage.count("-")))
