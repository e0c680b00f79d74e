"""Web page: one file that needs no network and no script.

Responsibility: lay the content out as headings, lists, tables and figures that a phone, a wide screen, a printer and a
screen reader can use. Every text is escaped here: a label is never markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path

from kg_analysis.briefing.elements import Figure, Table
from kg_analysis.briefing.grid import laid_out
from kg_analysis.briefing.labels import breakable, printable, roman
from kg_analysis.briefing.model import Briefing, Part, Section, Sentence, Words
from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.briefing.web_pictures import faces, inline
from kg_analysis.disk import write_bytes

_MOST_IN_ONE_LINE = 36  # characters of a number with its interval
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;]")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
)


def write(briefing: Briefing, path: Path, layout: LayoutChoice, template: Path | None = None) -> None:
    """Write the page; it has a layout of its own and takes no template."""
    del layout, template
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    style += faces(figure.chart for figure in briefing.figures)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{briefing.language}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{_text(briefing.title)}</title><style>{style}</style></head>",
        "<body>",
        f'<a class="skip" href="#findings">{_text(briefing.words["findings"])}</a>',
        *_header(briefing),
        "<main>",
        *_findings(briefing),
    ]
    for number, section in enumerate(briefing.sections, start=2):
        lines += _section(section, number, briefing.words)
    lines += [*_sources(briefing, len(briefing.sections) + 2), "</main>", "</body>", "</html>", ""]
    write_bytes(path, "\n".join(lines).encode("utf-8"))


def _header(briefing: Briefing) -> Iterable[str]:
    yield f'<header><p class="issuer">{_text(briefing.masthead.issuer)}</p><h1>{_text(briefing.title)}</h1>'
    yield f'<p class="published">{_text(briefing.published)}</p></header>'
    headings = [("findings", briefing.words["findings"]), *((each.name, each.heading) for each in briefing.sections)]
    headings.append(("sources", briefing.words["sources"]))
    contents = _text(briefing.words["contents"])
    yield f'<nav aria-label="{contents}"><h2>{contents}</h2><ul>'
    for number, (name, heading) in enumerate(headings, start=1):
        yield f'<li><a href="#{_id(name)}">{roman(number)}. {_text(heading)}</a></li>'
    yield "</ul></nav>"


def _findings(briefing: Briefing) -> Iterable[str]:
    yield f'<section id="findings" class="findings"><h2>{roman(1)}. {_text(briefing.words["findings"])}</h2>'
    for section in briefing.sections:
        if section.findings:
            yield f'<h3><a href="#{_id(section.name)}">{_text(section.heading)}</a></h3><ul>'
            yield from (f"<li>{_text(each)}</li>" for each in section.findings)
            yield "</ul>"
    yield "</section>"


def _section(section: Section, number: int, words: Words) -> Iterable[str]:
    yield f'<section id="{_id(section.name)}"><h2>{roman(number)}. {_text(section.heading)}</h2>'
    for place, part in enumerate(section.parts, start=1):
        if len(section.parts) > 1:
            yield f"<h3>{place}. {_text(part.heading)}</h3>"
        yield from _part(part, words)
    yield from _missing(section.left_out, words)
    yield "</section>"


def _part(part: Part, words: Words) -> Iterable[str]:
    yield from _sentences(part.sentences)
    for figure in part.figures:
        yield _figure(figure)
    for table in part.tables:
        yield from _table(table, words)
    if part.source_lines:
        yield f'<p class="source">{_text(words["source"])} {_text(". ".join(part.source_lines))}.</p>'
    for caveat in part.caveats:
        yield f'<p class="note"><strong>{_text(words["caveat"])}</strong> {_text(caveat)}</p>'
    yield from _missing(part.left_out, words)


def _sentences(sentences: Iterable[Sentence]) -> Iterable[str]:
    """Paragraphs, and lines of a list within one."""
    within = False
    for each in sentences:
        if each.listed != within:
            yield "<ul>" if each.listed else "</ul>"
            within = each.listed
        yield f"<li>{_text(each.text)}</li>" if each.listed else f"<p>{_text(each.text)}</p>"
    if within:
        yield "</ul>"


def _figure(figure: Figure) -> str:
    """A picture that a narrow screen may shift sideways rather than shrink its labels."""
    chart = figure.chart
    picture, name = inline(chart, f"chart-{_id(chart.name)}"), _text(chart.title)
    return f'<figure><div class="scroll" tabindex="0" role="group" aria-label="{name}">{picture}</div></figure>'


def _table(table: Table, words: Words) -> Iterable[str]:
    lines, right = laid_out(table)
    yield f'<div class="scroll" tabindex="0" role="group" aria-label="{_text(table.title)}"><table>'
    yield f"<caption>{_text(words['table'])}: {_text(table.title)}</caption><thead><tr>"
    yield "".join(
        f'<th scope="col"{_side(side)}>{_text(each)}</th>' for each, side in zip(lines[0], right, strict=True)
    )
    yield "</tr></thead><tbody>"
    for first, *rest in lines[1:]:
        cells = "".join(
            f"<td{_side(side, each)}>{_text(each)}</td>" for each, side in zip(rest, right[1:], strict=True)
        )
        yield f'<tr><th scope="row"{_side(right[0])}>{_text(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _missing(reasons: Iterable[str], words: Words) -> Iterable[str]:
    for each in reasons:
        yield f'<p class="missing"><strong>{_text(words["left_out"])}</strong> {_text(each)}</p>'


def _sources(briefing: Briefing, number: int) -> Iterable[str]:
    yield f'<section id="sources"><h2>{roman(number)}. {_text(briefing.words["sources"])}</h2><ol>'
    for each in briefing.sources:
        yield f"<li>{_ADDRESS.sub(lambda found: _link(found[0]), _text(each))}</li>"
    yield "</ol></section>"


def _link(address: str) -> str:
    """Link of an address that is escaped already."""
    return f'<a href="{address}" rel="noopener noreferrer">{address}</a>'


def _side(right: bool, text: str = "") -> str:
    """Class of a cell that stands to the right; a number is not broken over lines."""
    whole = " whole" if 0 < len(text) <= _MOST_IN_ONE_LINE else ""
    return f' class="right{whole}"' if right else ""


def _id(name: str) -> str:
    return re.sub(r"[^\w-]", "-", name)


def _text(text: str) -> str:
    return escape(breakable(printable(text)))
