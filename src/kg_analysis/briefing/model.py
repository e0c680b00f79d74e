"""What a briefing says: the one content that every writer lays out.

Responsibility: plain, finished content. Every text is already printed in the reader's language and every number
already has its interval and figures; a writer computes nothing, chooses nothing and words nothing. Labels come from
sources and are untrusted text: a writer escapes them for its format.

Terms: *part* = a heading with its sentences, charts and tables; the elements under it are those of
:mod:`kg_analysis.briefing.elements`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kg_analysis.briefing.elements import Calculation, Figure, Table


@dataclass(frozen=True)
class Sentence:
    """A computed sentence, or one line of a list.

    Attributes
    ----------
    text : str
        Plain text without markup.
    listed : bool
        Whether it is a line of a list.
    """

    text: str
    listed: bool = False


@dataclass(frozen=True)
class Part:
    """A heading with what stands under it, in this order: sentences, figures, tables, caveats, what is left out.

    Attributes
    ----------
    name, heading : str
    sentences : tuple of Sentence
    source : str
        Source line of the sentences, as far as no chart or table of the part names it already; else "".
    figures : tuple of Figure
    tables : tuple of Table
    caveats : tuple of str
    left_out : tuple of str
        Why something is missing here, each reason once.
    """

    name: str
    heading: str
    sentences: tuple[Sentence, ...] = ()
    source: str = ""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    caveats: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def source_lines(self) -> tuple[str, ...]:
        """Source lines of sentences and tables, each once, but those that stand within a picture of the part."""
        drawn = {figure.chart.source for figure in self.figures}
        named = dict.fromkeys([self.source, *(table.source for table in self.tables)])
        return tuple(each for each in named if each and each not in drawn)


@dataclass(frozen=True)
class Slide:
    """A finding by itself, with what shows and says it.

    Attributes
    ----------
    finding : str
        At most 15 words, with the computed number.
    figure : Figure or None
        The chart that shows it; None where there is none.
    sentences : tuple of Sentence
        What is said to it.
    source : str
        Source line of the chart, or of the sentences where there is none.
    """

    finding: str
    figure: Figure | None
    sentences: tuple[Sentence, ...]
    source: str


@dataclass(frozen=True)
class Section:
    """A topic: its findings, which also open the briefing, and its parts.

    Attributes
    ----------
    name, heading : str
    findings : tuple of str
        At most 15 words each, with the computed number.
    parts : tuple of Part
    calculations : tuple of Calculation
    slides : tuple of Slide
        The findings one by one, for a format that shows one at a time.
    left_out : tuple of str
        Why findings, parts or calculations are missing, each reason once; a reason that a part says is not repeated.
    """

    name: str
    heading: str
    findings: tuple[str, ...]
    parts: tuple[Part, ...]
    calculations: tuple[Calculation, ...] = ()
    slides: tuple[Slide, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Masthead:
    """Issuer and national header as Decree 30/2020/NĐ-CP has them; number, date and signature stay blank.

    Attributes
    ----------
    parent, issuer : str
        Superior body ("" without one) and issuing body.
    nation, motto : str
    number, place_and_date : str
        With their blanks.
    kind : str
        Kind of document: ``BÁO CÁO``.
    recipients : str
        Heading of the list of recipients.
    """

    parent: str
    issuer: str
    nation: str
    motto: str
    number: str
    place_and_date: str
    kind: str
    recipients: str


@dataclass(frozen=True)
class Words:
    """Fixed words of a briefing in its language: ``words["findings"]`` is the heading over the findings."""

    texts: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.texts[key]


@dataclass(frozen=True)
class Briefing:
    """Everything that a briefing says.

    Attributes
    ----------
    year : int
    area, language, title : str
        ``language`` is ``vi`` or ``en``.
    published : str
        When the figures were published, as a sentence.
    masthead : Masthead
    sections : tuple of Section
    sources : tuple of str
        One line a source used, reports first.
    numbers : Table
        Every number that was printed on the way, with its bounds and figures: where a reader looks a number up.
    words : Words
    day : date
        Last day of publication of the figures; stands in file properties instead of a clock.
    """

    year: int
    area: str
    language: str
    title: str
    published: str
    masthead: Masthead
    sections: tuple[Section, ...]
    sources: tuple[str, ...]
    numbers: Table
    words: Words
    day: date

    @property
    def findings(self) -> tuple[str, ...]:
        """Findings of all sections, in their order."""
        return tuple(each for section in self.sections for each in section.findings)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Figures of all parts, in their order."""
        return tuple(each for section in self.sections for part in section.parts for each in part.figures)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Tables of all parts, in their order."""
        return tuple(each for section in self.sections for part in section.parts for each in part.tables)
