"""What a briefing says: the one content that every writer lays out.

Responsibility: plain, finished content. Every text is already printed in the reader's language and every number
already has its interval and figures; a writer computes nothing, chooses nothing and words nothing. Labels come from
sources and are untrusted text: a writer escapes them for its format.

Terms: *part* = a heading with its sentences, charts and tables; *plot* = a chart's rows as categories and series, for
formats with native charts; *calculation* = results with their formula and the inputs that a reader may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kg_analysis.charts.frame import Chart
from kg_analysis.quantities import Quantity

Value = Quantity | date | int | None


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
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        Its id, that of the CSV.
    label : str
    unit : str
        Unit id of all its quantities; "" where they differ or there are none.
    unit_label : str
        Unit as the page names it: ``tỷ đồng``; "" where ``unit`` is.
    numeric : bool
        Whether it holds numbers or days, which stand to the right.
    """

    name: str
    label: str
    unit: str
    unit_label: str
    numeric: bool


@dataclass(frozen=True)
class Cell:
    """A cell as printed, with the number behind it.

    Attributes
    ----------
    text : str
        As the page prints it, with unit and, where it is not stable, its interval.
    value : Quantity, date, int or None
        None where the cell is words or nothing is printed.
    unit_label : str
        Unit as the page names it; "" without one.
    """

    text: str
    value: Value = None
    unit_label: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row with the printed figures that it rests on."""

    cells: tuple[Cell, ...]
    figure_ids: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of the run.

    Attributes
    ----------
    name : str
        Stem of its CSV.
    title : str
    columns : tuple of Column
    rows : tuple of TableRow
        As many cells as columns.
    source : str
        Source line of all rows; "" where they rest on no printed figure.
    data : DataFrame
        The same rows as numbers with bounds and figure ids, as the CSV holds them.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    source: str
    data: pd.DataFrame


@dataclass(frozen=True)
class Series:
    """One series of a plot: a value a category, None where nothing is printed.

    Attributes
    ----------
    id : str
        Id as in the chart's rows, e.g. ``implied``; "" for the only one.
    label : str
    values : tuple of float or None
    bases : tuple of str
        Of each value: actual, estimate, plan, scenario, derived, derived_estimate, or "" where the rows do not say.
    """

    id: str
    label: str
    values: tuple[float | None, ...]
    bases: tuple[str, ...]


@dataclass(frozen=True)
class Plot:
    """A chart's rows for a native chart.

    Attributes
    ----------
    kind : str
        ``column``, ``bar`` (horizontal), ``line``, ``stacked_bar`` or ``stacked_column``.
    categories : tuple of str
    series : tuple of Series
    unit : str
        Unit id of the values.
    unit_label : str
    decimals : int
        Most decimals of the values as printed.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    unit_label: str
    decimals: int


@dataclass(frozen=True)
class Figure:
    """A chart, and its rows for a native one.

    Attributes
    ----------
    chart : Chart
        Title (the finding), subtitle, source, alt text, rows, PNG and SVG.
    plot : Plot or None
        None where no native type shows it.
    """

    chart: Chart
    plot: Plot | None


@dataclass(frozen=True)
class Input:
    """An input that a reader may change.

    Attributes
    ----------
    id : str
        Name in formulas: a lower-case word.
    label : str
    quantity : Quantity
    text : str
        As printed.
    unit_label : str
    source : str
        Source line of a printed figure, or the basis of an assumption.
    """

    id: str
    label: str
    quantity: Quantity
    text: str
    unit_label: str
    source: str


@dataclass(frozen=True)
class Result:
    """A result of a calculation.

    Attributes
    ----------
    id, label : str
    formula : str
        Of input and earlier result ids, numbers, ``+ - * /`` and parentheses: ``plan * target / 100 - paid``.
    quantity : Quantity
        The library's own result, which the formula equals at the inputs' values.
    text, unit_label : str
    """

    id: str
    label: str
    formula: str
    quantity: Quantity
    text: str
    unit_label: str


@dataclass(frozen=True)
class Calculation:
    """Results that follow from inputs a reader may change."""

    name: str
    title: str
    inputs: tuple[Input, ...]
    results: tuple[Result, ...]


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
    left_out : tuple of str
        Why findings, parts or calculations are missing, each reason once; a reason that a part says is not repeated.
    """

    name: str
    heading: str
    findings: tuple[str, ...]
    parts: tuple[Part, ...]
    calculations: tuple[Calculation, ...] = ()
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
