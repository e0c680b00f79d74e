"""From a selection to the content of a briefing.

Responsibility: choose once, for every format, under the editor's rules. Texts and numbers come from ``narrative``,
``charts`` and the rows of the analysis; nothing is worded or computed here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape

import matplotlib.figure
import pandas as pd

from kg_analysis.bounds import union_ids
from kg_analysis.briefing import editor
from kg_analysis.briefing.calculations import calculation
from kg_analysis.briefing.content import (
    Briefing,
    Cell,
    Column,
    Figure,
    Masthead,
    PageOne,
    Part,
    Section,
    Sentence,
    Slide,
    Table,
)
from kg_analysis.briefing.desk import Desk, Missing, Witness, first_day, table
from kg_analysis.briefing.registry import SENTENCES, SHOWN, series_of
from kg_analysis.briefing.selection import (
    InputsChoice,
    MastheadChoice,
    PartChoice,
    SectionChoice,
    Selection,
    read_selection,
)
from kg_analysis.charts.overview import page_one as draw_page_one
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError
from kg_analysis.formats import texts
from kg_analysis.narrative import page_one
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import need

_WORDS = "briefing.word_"
_NEXT_SENTENCE = re.compile(r"(?<=[.])\s+(?=[A-ZĐÁÀÂÊÔƠƯ])")
_FEWEST_CELLS = 4  # of a single row, which the sentences say already
_FIGURE_LINES = 14  # of text beside which a chart stands in Word
_NUMBERED = ("actual", "plan", "last_year", "rank", "nation")  # columns of page one that stand to the right


def build(data: Dataset, choice: Selection, *, slides: bool = True, narrow: bool = False) -> Briefing:
    """Content of a briefing on the dataset's year.

    Parameters
    ----------
    data : Dataset
    choice : Selection
        What it holds, in which order and language.
    slides : bool
        Whether the findings are also worked out one by one, each with its chart, for slides and workbooks.
    narrow : bool
        Whether charts are also drawn for a narrow screen, for the web page.

    Returns
    -------
    Briefing
        Parts and sections that the year's figures do not allow are not in it; ``left_out`` says why.

    Raises
    ------
    DataError
        If a source is below the grade that may be cited, or newer than the briefing's own date.
    """
    page = Witness(choice.language)
    here = ReportContext(data, page)
    desk = Desk(here, page, choice.inputs.model_dump(), narrow)
    opening = _page_one(desk)
    made = _filled(choice, desk, opening, [_section(each, choice, desk, slides) for each in choice.sections], slides)
    sections = tuple(each for each in made if each.parts)
    sources, day = _sources(sections, opening, desk)
    days = " – ".join(dict.fromkeys(page.published(each) for each in data.vintages))
    masthead, now = _masthead(choice.masthead, here, day)
    key = "briefing.title" if now == data.area_name else "briefing.title_merged"
    return Briefing(
        year=data.year,
        area=data.area_name,
        language=choice.language,
        title=choice.title or here.say(key, now=now),
        published=here.say(f"briefing.published_{data.edition}", vintage=days, newest=day),
        masthead=masthead,
        page_one=opening,
        sections=sections,
        sources=sources,
        left_out=tuple(dict.fromkeys(each for section in made for each in section.reasons)),
        numbers=table("briefing_numbers", page.rows(), here),
        words=_words(choice.language),
        day=day,
    )


def first_page(ctx: ReportContext, inputs: InputsChoice | None = None) -> matplotlib.figure.Figure:
    """Page one alone as an A4 page: the key numbers, three sentences, room for recommendations.

    Parameters
    ----------
    ctx : ReportContext
    inputs : InputsChoice or None
        Scenario inputs; None takes the assumptions and printed targets.

    Raises
    ------
    NotPrintedError
        If no key number of the year is known.
    """
    page = Witness(ctx.fmt.language)
    desk = Desk(ReportContext(ctx.data, page), page, (inputs or InputsChoice()).model_dump())
    rows = need(desk.frames["key_numbers"], "rows")
    return draw_page_one(rows, [each.text for each in page_one_sentences(desk)], desk.here)


def page_one_sentences(desk: Desk) -> tuple[Sentence, ...]:
    """Sentences of page one: the largest known fact, then of each group of the rules the first that can be said."""
    rules, here = editor.rules()["page_one"], desk.here
    found: list[Sentence] = []
    largest = editor.largest_fact(desk.frames)
    groups = [[largest]] if largest else []
    for group in [*groups, *rules["sentences"]]:
        if len(found) == rules["most_sentences"]:
            break
        found += next(([_first(said[0])] for name in group if (said := _said([name], desk)[0])), [])
    if largest and found:
        found[0] = replace(found[0], text=page_one.other_source(found[0].text, here))
    return tuple(found)


def _first(sentence: Sentence) -> Sentence:
    """What a text says first; page one has no room for more."""
    return replace(sentence, text=_NEXT_SENTENCE.split(sentence.text, maxsplit=1)[0])


def _said(names: Iterable[str], desk: Desk) -> tuple[tuple[Sentence, ...], dict[str, str]]:
    """Sentences with the figures behind each, and why others are missing, by name.

    A line rests on the figures of the numbers that it prints, the first one also on what else stands behind the text.
    """
    found: list[Sentence] = []
    why: dict[str, str] = {}
    for name in names:
        mark = len(desk.page.quantities)
        text = desk.named("sentences", name)
        if isinstance(text, Missing):
            why[name] = text.reason
            continue
        lines, printed = list(_plain(text)), desk.page.quantities[mark:]
        behind = [{one for shown, each in printed if shown in line for one in each.figure_ids} for line, _ in lines]
        behind[0] |= desk.page.figures_since(mark).difference(*behind)
        series = tuple(sorted(desk.frames.series_behind(SENTENCES[name])))
        for (line, listed), ids in zip(lines, behind, strict=True):
            found.append(Sentence(line, tuple(sorted(ids)), listed, series))
    return tuple(found), why


def _page_one(desk: Desk) -> PageOne | None:
    """Key numbers with three sentences; None where no key number is known."""
    here, rows = desk.here, desk.frames["key_numbers"]
    if rows.empty:
        return None
    numbers = _key_table(rows, here)
    notes = tuple(page_one.notes(rows, here))
    recommendations = here.say("page_one.recommendations")
    return PageOne(page_one.title(here), numbers, page_one_sentences(desk), notes, recommendations)


def _key_table(rows: pd.DataFrame, here: ReportContext) -> Table:
    printed = page_one.lines(rows, here)
    shown = [name for name in page_one.COLUMNS if (printed[name] != page_one.NOTHING).any()]
    labels = dict(zip(page_one.COLUMNS, page_one.heads(here), strict=True))
    columns = tuple(Column(name, labels[name], "", name in _NUMBERED) for name in shown)
    cells = [tuple(Cell(line[name], line[name], line[name]) for name in shown) for line in printed.to_dict("records")]
    source = page_one.source(rows, here)
    ids = tuple(union_ids(pair) for pair in zip(rows["figure_ids"], rows["rank_ids"], strict=True))
    return Table("key_numbers", page_one.title(here), columns, tuple(cells), ids, source, rows, turns=False)


def _section(name: str, choice: Selection, desk: Desk, with_slides: bool) -> Section:
    chosen: SectionChoice = choice.section[name]
    findings, why = _collect("findings", chosen.findings, desk)
    size = choice.layout.chart_size
    named = {sentence for each in chosen.parts for sentence in choice.part[each].sentences}
    parts = [_part(each, choice.part[each], choice.part[each].chart_size or size, named, desk) for each in chosen.parts]
    shown = chosen.findings if with_slides else []
    slides = tuple(slide for each in shown if (slide := _slide(each, desk)) is not None)
    found = tuple(each for name in chosen.calculations if (each := calculation(name, desk)) is not None)
    said = {each for part in parts for each in part.left_out}
    left_out = [each for part in parts if part.is_empty for each in part.left_out]
    left_out += [each for each in why if each not in said]
    kept = tuple(each for each in parts if not each.is_empty)
    return Section(
        name, _heading("section", name, chosen.heading, desk.here), findings, kept, found, slides, tuple(left_out)
    )


def _filled(choice: Selection, desk: Desk, opening: PageOne | None, made: list[Section], slides: bool) -> list[Section]:
    """Sections with the parts that a year with little to say takes on, until two pages are full."""
    rule, usual = editor.rules()["thin"], read_selection()
    for name, part in rule["parts"]:
        if _lines(made, opening) >= rule["lines"]:
            break
        if name not in choice.sections or choice.section[name].parts[: len(usual.section[name].parts)] != (
            usual.section[name].parts
        ):
            continue
        own = [choice.part[each] for each in choice.section[name].parts]
        kept = {
            kind: [
                each for each in getattr(choice.part[part], kind) if not any(each in getattr(one, kind) for one in own)
            ]
            for kind in ("sentences", "charts", "tables")
        }
        section = choice.section[name].model_copy(update={"parts": [*choice.section[name].parts, part]})
        added = {"part": choice.part | {part: choice.part[part].model_copy(update=kept)}}
        choice = choice.model_copy(update={"section": choice.section | {name: section}, **added})
        made = [_section(name, choice, desk, slides) if each.name == name else each for each in made]
    return made


def _lines(made: Iterable[Section], opening: PageOne | None) -> int:
    """About how many lines of a page in Word the sections and page one take."""
    parts = [part for section in made for part in section.parts]
    texts = [one.text for part in parts for one in part.sentences]
    texts += [each for part in parts for each in (*part.caveats, *part.source_lines, part.heading)]
    texts += [each for section in made for each in (*section.findings, section.heading)]
    tables = [each for part in parts for each in part.tables]
    if opening:
        texts += [*(each.text for each in opening.sentences), *opening.notes]
    rows = sum(len(each.laid_out()[0]) + 1 for each in tables) + (2 * len(opening.numbers.rows) + 4 if opening else 0)
    return (
        sum(1 + len(each) // 85 for each in texts) + rows + sum(_FIGURE_LINES for part in parts for _ in part.figures)
    )


def _slide(name: str, desk: Desk) -> Slide | None:
    """A finding with its chart and sentences; None where its figures are not printed."""
    finding = desk.named("findings", name)
    if isinstance(finding, Missing):
        return None
    chart, said = SHOWN[name]
    sentences, _ = _said(said, desk)
    figure = desk.figure(chart, "full", titled=False) if chart else Missing("")
    if isinstance(figure, Missing):
        return Slide(str(finding), None, sentences, _cited(sentences, set(), desk))
    return Slide(str(finding), figure, sentences, figure.chart.source)


def _cited(sentences: Iterable[Sentence], named: set[str], desk: Desk) -> str:
    """Source line of sentences: the figures, unless all of them are named already, and the series behind them."""
    said = list(sentences)
    ids = {one for each in said for one in each.figure_ids}
    series = {one for each in said for one in each.series_ids}
    parts = [desk.here.cite(ids)] if ids - named else []
    return ". ".join([*parts, *([desk.here.cite_series(series)] if series else [])])


def _part(name: str, chosen: PartChoice, size: str, section: set[str], desk: Desk) -> Part:
    here = desk.here
    spoken, unsaid = _said(editor.with_evidence(chosen.sentences, section), desk)
    why = [reason for each, reason in unsaid.items() if each in chosen.sentences]  # evidence there is none of is no gap
    drawn = [desk.figure(each, size) for each in chosen.charts]
    figures = tuple(each for each in drawn if isinstance(each, Figure))
    made = [(each, desk.named("tables", each)) for each in chosen.tables]
    tables = tuple(table(each, rows, here) for each, rows in made if not isinstance(rows, Missing))
    tables = tuple(each for each in tables if len(each.rows) > 1 or len(each.columns) > _FEWEST_CELLS)
    caveats, no_caveat = _collect("caveats", chosen.caveats, desk)
    missing = [each.reason for each in [*drawn, *(rows for _, rows in made)] if isinstance(each, Missing)]
    no_rows = here.say("missing.rows")  # says nothing that a reader of a document needs
    left_out = tuple(dict.fromkeys(each for each in [*why, *missing, *no_caveat] if each and each != no_rows))
    named = {each for some in (*map(_figure_ids, figures), *map(_figure_ids, tables)) for each in some}
    heading = _heading("part", name, chosen.heading, here)
    return Part(name, heading, spoken, _cited(spoken, named, desk), figures, tables, caveats, left_out)


def _figure_ids(found: Figure | Table) -> set[str]:
    """Printed figures behind a chart or a table."""
    lines = found.figure_ids if isinstance(found, Table) else found.chart.data.get("figure_ids", pd.Series(dtype=str))
    return {each for line in lines if isinstance(line, str) for each in line.split()}


def _collect(kind: str, names: Iterable[str], desk: Desk) -> tuple[tuple[str, ...], list[str]]:
    """Texts of the items named, and why others are missing, each reason once."""
    found = [desk.named(kind, each) for each in names]
    texts_ = tuple(str(each) for each in found if not isinstance(each, Missing) and each != "")
    return texts_, [each.reason for each in found if isinstance(each, Missing) and each.reason]


def _plain(text: str) -> Iterator[tuple[str, bool]]:
    """A notebook's Markdown as plain text, and whether a line is one of a list; entities and code marks resolved."""
    for line in text.splitlines():
        if line.strip():
            plain = unescape(line).replace("`", "")
            yield plain.removeprefix("- "), plain.startswith("- ")


def _heading(kind: str, name: str, own: str, here: ReportContext) -> str:
    key = f"briefing.{kind}_{name}"
    return own or (here.say(key) if here.fmt.knows(key) else name)


def _masthead(chosen: MastheadChoice, here: ReportContext, newest: dt.date) -> tuple[Masthead, str]:
    """Header of the authority that exists on the briefing's date, and the province it is of.

    The date is the one asked for, else that of the newest source: nothing can be reported before it is known.

    Raises
    ------
    DataError
        If the date asked for lies before the newest source.
    """

    def say(key: str, **values: str) -> str:
        return here.say(f"briefing.{key}", **values)

    on = dt.date.fromisoformat(chosen.date) if chosen.date else newest
    if on < newest:
        raise DataError(
            f"masthead.date {on} lies before {newest}, the day of the newest source cited; take that day or a later "
            "one, or choose sections that do not rest on it"
        )
    area = editor.issuer_on(here.data.area, on, here.data.all_areas)
    masthead = Masthead(
        parent=chosen.parent,
        issuer=chosen.issuer or say("issuer", area=area).upper(),
        nation=say("nation"),
        motto=say("motto"),
        number=say("number", issuer=chosen.abbreviation or say("abbreviation")),
        place_and_date=say("place_and_date", place=chosen.place or area),
        kind=chosen.kind or say("kind"),
        recipients=say("recipients"),
        opening=say("opening", issuer=(chosen.issuer or say("issuer", area=area)).replace("\n", " ")),
        closing=say("closing"),
    )
    return masthead, area


def _sources(sections: Iterable[Section], opening: PageOne | None, desk: Desk) -> tuple[tuple[str, ...], dt.date]:
    """One line a source that any sentence, chart, table or input rests on, reports first; the day of the newest.

    Raises
    ------
    DataError
        If one of them is below the grade that may be cited.
    """
    sections = list(sections)
    parts, slides = ([one for each in sections for one in getattr(each, name)] for name in ("parts", "slides"))
    spoken = [one for each in [*parts, *slides, *([opening] if opening else [])] for one in each.sentences]
    shown = [*(one for each in parts for one in (*each.tables, *each.figures)), *([opening.numbers] if opening else [])]
    shown += [each.figure for each in slides if each.figure]
    inputs = [one for each in sections for found in each.calculations for one in found.inputs]
    ids = {one for each in [*spoken, *inputs] for one in each.figure_ids}.union(*map(_figure_ids, shown))
    series = {one for each in spoken for one in each.series_ids}
    series.update(*(series_of(each.data if isinstance(each, Table) else each.chart.data) for each in shown))
    figures = desk.here.data.rows(ids) if ids else desk.here.data.figures.iloc[:0]
    register = desk.here.data.tables.sources.set_index("id")
    rows = register.loc[sorted({*figures["source_id"]} | series)]
    if low := editor.below_floor(rows):
        grade = rows.at[low[0], "grade"]
        raise DataError(f"source {low[0]!r} of grade {grade!r} is not cited in what is sent; load with citable=True")
    days = [*map(first_day, figures["vintage"]), *rows["doc_date"].dropna().dt.date]
    days += [pd.Timestamp(each).date() for each in register.loc[sorted(series), "retrieved"].dropna()]
    ordered = rows.sort_values("kind", key=lambda kind: kind != "report", kind="stable")
    lines = tuple(desk.here.source_entry(row) for _, row in ordered.iterrows())
    return lines, max(days, default=first_day(desk.here.data.vintages[-1]))


def _words(language: str) -> dict[str, str]:
    found = texts(language)
    return {key.removeprefix(_WORDS): text for key, text in found.items() if key.startswith(_WORDS)}
