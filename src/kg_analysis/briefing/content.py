"""What a briefing says: the one content that every writer lays out.

Responsibility: plain, finished content. Every text is printed in the reader's language, every number carries its bounds
and the figures behind it; a writer computes nothing, chooses nothing and words nothing. Labels come from sources and
are untrusted text: a writer escapes them for its format.

Terms: *part* = a heading with sentences, charts and tables; *plot* = a chart's rows for formats with native charts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kg_analysis.charts.frame import Chart
from kg_analysis.formats import breakable

Value = float | int | dt.date | str | None
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_MOST_IN_PROPERTY = 255  # letters
MOST_COLUMNS = 6  # of a table on a page; a wider and short one is turned
_POINTS = "abcdđeghiklmnopqrstuvxy"  # the letters of points in Vietnamese documents: đ after d, no f, j, w, z
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Sentence:
    """A computed sentence, or one line of a list (``listed``), with what is behind it.

    ``figure_ids`` are printed figures; ``series_ids`` the sources of series, of which no single figure is printed.
    """

    text: str
    figure_ids: tuple[str, ...] = ()
    listed: bool = False
    series_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a table: its id, label, common unit ("" where units differ), and whether it stands to the right."""

    name: str
    label: str
    unit: str
    numeric: bool

    @property
    def head(self) -> str:
        """Label with its unit: ``Kế hoạch (tỷ đồng)``."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class Cell:
    """A cell as printed, with the number behind it.

    ``bare`` leaves out the unit, for a column that names it in its head; ``value`` is None where nothing is printed,
    ``low`` and ``high`` where the number is exact.
    """

    text: str
    bare: str = ""
    value: Value = None
    low: float | None = None
    high: float | None = None
    decimals: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the run: its CSV's stem, rows of as many cells as columns, the figures behind each row.

    ``figure_ids`` are separated by blanks; ``source`` is "" where none stands behind; ``data`` is what the CSV holds;
    a table that is wide and short is turned, unless every year is to have the same columns (``turns``).
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figure_ids: tuple[str, ...]
    source: str
    data: pd.DataFrame
    turns: bool = True

    def laid_out(self) -> tuple[list[list[str]], list[bool]]:
        """Lines of text, the head first, and which columns stand to the right; a wide and short table is turned."""
        lines = [[each.head for each in self.columns]]
        for row in self.rows:
            pairs = zip(row, self.columns, strict=True)
            lines.append([cell.bare or cell.text if column.unit else cell.text for cell, column in pairs])
        if self.turns and len(self.columns) > MOST_COLUMNS >= len(lines):
            turned = [list(each) for each in zip(*lines, strict=True)]
            if len(set(turned[0])) < len(turned[0]):  # two totals of one day are told apart by what they are
                turned[:2] = [[", ".join(pair) for pair in zip(*turned[:2], strict=True)]]
            return turned, [False] + [True] * (len(lines) - 1)
        return lines, [each.numeric for each in self.columns]


@dataclass(frozen=True)
class Series:
    """A series of a plot: values as printed, their texts, bounds and bases; None and "" where nothing is printed.

    ``focus`` are the places of the province's own bars, which stand out among others'.
    """

    label: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]
    bases: tuple[str, ...]
    bounds: tuple[tuple[float, float] | None, ...] = ()
    dashed: bool = False
    focus: tuple[int, ...] = ()

    @property
    def hatched(self) -> tuple[int, ...]:
        """Places of estimates and of what follows from them."""
        return tuple(at for at, basis in enumerate(self.bases) if basis in ("estimate", "derived_estimate"))

    @property
    def whiskers(self) -> tuple[list[float], list[float]]:
        """Lengths of each whisker downwards and upwards, 0 where there is none."""
        ends = [pair or (value or 0.0,) * 2 for value, pair in zip(self.values, self.bounds, strict=True)]
        downs = [round((value or 0.0) - low, 6) for value, (low, _) in zip(self.values, ends, strict=True)]
        return downs, [round(high - (value or 0.0), 6) for value, (_, high) in zip(self.values, ends, strict=True)]


@dataclass(frozen=True)
class Plot:
    """A chart's rows for a native chart.

    ``kind`` is column, bar, line, stacked_bar or stacked_column. ``caption`` says measure, place, period and what the
    native chart itself shows: hatching, dashes, whiskers.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    caption: str

    @property
    def shape(self) -> str:
        """Column, bar or line."""
        return self.kind.removeprefix("stacked_")

    @property
    def values(self) -> list[float]:
        """All values."""
        return [each for series in self.series for each in series.values if each is not None]

    @property
    def labelled(self) -> bool:
        """Whether each mark carries its number as text, so that no axis has to print numbers."""
        return self.kind != "line" and len(self.values) <= 24

    @property
    def step(self) -> int:
        """Distance of whole-numbered ticks, which read the same in every locale."""
        top = max(map(abs, self.values), default=1.0)
        steps = (digit * 10**power for power in range(12) for digit in (1, 2, 5))
        return next(step for step in steps if top / step <= 6)


@dataclass(frozen=True)
class Figure:
    """A chart, its SVG for a narrow screen (b"" without one), and its rows for a native chart where one shows it."""

    chart: Chart
    narrow: bytes = b""
    plot: Plot | None = None


@dataclass(frozen=True)
class Term:
    """An input that a reader may change, or a result with its formula over ids, numbers, ``+ - * /`` and parentheses.

    ``figure_ids`` are the printed figures behind it, none of an assumption; ``source`` is that of an input.
    """

    id: str
    label: str
    value: float
    decimals: int
    text: str
    unit: str
    source: str = ""
    figure_ids: tuple[str, ...] = ()
    formula: str = ""


@dataclass(frozen=True)
class Calculation:
    """Results that follow from inputs a reader may change."""

    name: str
    title: str
    inputs: tuple[Term, ...]
    results: tuple[Term, ...]


@dataclass(frozen=True)
class Part:
    """A heading with what stands under it, in this order; ``source`` is that of the sentences."""

    name: str
    heading: str
    sentences: tuple[Sentence, ...] = ()
    source: str = ""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    caveats: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing but reasons would stand under the heading."""
        return not (self.sentences or self.figures or self.tables)

    @property
    def source_lines(self) -> tuple[str, ...]:
        """Source lines of sentences and tables, each once, but those that stand within a picture of the part."""
        drawn = {figure.chart.source for figure in self.figures}
        named = dict.fromkeys([self.source, *(table.source for table in self.tables)])
        return tuple(each for each in named if each and each not in drawn)


@dataclass(frozen=True)
class Slide:
    """A finding of at most 15 words, the chart that shows it, what is said to it, and its source."""

    finding: str
    figure: Figure | None
    sentences: tuple[Sentence, ...]
    source: str


@dataclass(frozen=True)
class Section:
    """A topic: its findings, which also open the briefing, its parts, and why anything is missing."""

    name: str
    heading: str
    findings: tuple[str, ...]
    parts: tuple[Part, ...]
    calculations: tuple[Calculation, ...] = ()
    slides: tuple[Slide, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why anything is missing here, each reason once."""
        return tuple(dict.fromkeys([each for part in self.parts for each in part.left_out] + list(self.left_out)))


@dataclass(frozen=True)
class PageOne:
    """Key numbers, three sentences, and room for what the signer recommends."""

    heading: str
    numbers: Table
    sentences: tuple[Sentence, ...]
    notes: tuple[str, ...]
    recommendations: str


@dataclass(frozen=True)
class Masthead:
    """Issuer and national header as Decree 30/2020/NĐ-CP has them; number, date and signature stay blank."""

    parent: str
    issuer: str
    nation: str
    motto: str
    number: str
    place_and_date: str
    kind: str
    recipients: str
    opening: str
    closing: str


@dataclass(frozen=True)
class Briefing:
    """Everything that a briefing says.

    ``published`` says when the figures were published; ``page_one`` is None where no key number is known; ``numbers``
    holds every number printed on the way, with bounds and figures; ``words`` are fixed words by key; ``left_out`` says
    to whoever makes the briefing, not to its reader, what the year's figures do not allow; ``day``, that of the newest
    source, stands in file properties instead of a clock.
    """

    year: int
    area: str
    language: str
    title: str
    published: str
    masthead: Masthead
    page_one: PageOne | None
    sections: tuple[Section, ...]
    sources: tuple[str, ...]
    left_out: tuple[str, ...]
    numbers: Table
    words: Mapping[str, str] = field(repr=False)
    day: dt.date

    @property
    def properties(self) -> tuple[str, str, str]:
        """Title, subject and author as a file's properties hold them."""
        texts = (self.title, self.published, self.masthead.issuer.replace("\n", " "))
        return tuple(printable(each)[:_MOST_IN_PROPERTY] for each in texts)  # type: ignore[return-value]

    @property
    def parts(self) -> list[Part]:
        """Parts of all sections."""
        return [part for section in self.sections for part in section.parts]

    @property
    def findings(self) -> tuple[str, ...]:
        """Findings of all sections, in their order."""
        return tuple(each for section in self.sections for each in section.findings)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Figures of all parts, in their order."""
        return tuple(each for part in self.parts for each in part.figures)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Tables of all parts, in their order."""
        return tuple(each for part in self.parts for each in part.tables)

    @property
    def every_figure(self) -> tuple[Figure, ...]:
        """Charts of the parts and of the findings, each once."""
        slides = [each.figure for section in self.sections for each in section.slides]
        return tuple({each.chart.name: each for each in [*self.figures, *slides] if each}.values())


def roman(number: int) -> str:
    """``I``, ``II``, ``III``, ``IV`` …"""
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text


def point(number: int) -> str:
    """Letter of the n-th point, from 1: a, b, c, d, đ, e, g …; after y come aa, ab …"""
    first, last = divmod(number - 1, len(_POINTS))
    return (_POINTS[first - 1] if first else "") + _POINTS[last]


def clean(text: str) -> str:
    """The text without characters that an XML file cannot hold; within a unit of several words a line may end."""
    return breakable(printable(text))


def printable(text: str) -> str:
    """The text without characters that an XML file cannot hold."""
    return _NOT_XML.sub("", text)


def in_pages(lines: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """Lines on as many pages as they need, evenly, so that none holds one line only."""
    pages = -(-len(lines) // most)
    for page in range(pages):
        yield lines[len(lines) * page // pages : len(lines) * (page + 1) // pages]
