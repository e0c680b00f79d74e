"""The briefing as a workbook: page one, contents, a sheet a table or chart, calculations that can be changed.

Responsibility: which sheets there are and what stands on them. Text is never taken for a formula; numbers stay numbers
with their bounds beside them; a formula has the library's result stored with it, so that a viewer that does not
calculate shows it too. What a reader reads, in tables and at the marks of charts, is text in the briefing's language,
so that no viewer's locale turns 512,4 into 512.400; the same numbers stand beside it to calculate with.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kg_analysis.briefing.content import Briefing, Calculation, Cell, Figure, PageOne, Plot, Series, Table, printable
from kg_analysis.briefing.pptx import COLOURS
from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.charts.theme import CONTEXT, FOCUS, MUTED, PALE, RULE

FONT = "Arial"
FIRST = 3  # row of a table's head, from 0
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_MOST_LETTERS = 31  # of a sheet's name
MOST_WIDTH = 44  # of a column, in letters
_LINE_POINTS = 13.5  # height of a line
_WORD = re.compile(r"[a-z]\w*")
_CHART = {"width": 900, "height": 460}
_STYLES: dict[str, dict[str, Any]] = {
    "text": {},
    "wrapped": {"text_wrap": True},
    "muted": {"text_wrap": True, "font_color": MUTED},
    "title": {"bold": True, "font_size": 14, "font_color": FOCUS},
    "heading": {"bold": True, "font_size": 11, "font_color": FOCUS},
    "head": {"bold": True, "bg_color": PALE, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bottom_color": RULE},
    "link": {"underline": 1, "font_color": FOCUS},
    "ids": {"font_size": 8, "font_color": MUTED, "align": "fill"},
    "input": {"bg_color": "#FFF2CC", "border": 1, "border_color": RULE, "locked": False},
    "blank": {"bottom": 4, "bottom_color": MUTED},
}


def write(briefing: Briefing, layout: LayoutChoice, template: bytes | None = None) -> bytes:
    """The workbook; ``layout`` and ``template`` are for Word and left alone."""
    del layout, template
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False},
    ) as book:
        _Writer(book, briefing).fill()
    return content.getvalue()


class _Writer:
    """A workbook at work: its sheets by name, and formats made once."""

    def __init__(self, book: xlsxwriter.Workbook, briefing: Briefing) -> None:
        self.book, self.briefing, self.words = book, briefing, briefing.words
        self.entries: list[tuple[str, str, str]] = []  # sheet, kind, title
        self._formats: dict[tuple[str, str, bool], Format] = {}

    def fill(self) -> None:
        """Write every sheet."""
        briefing = self.briefing
        title, subject, author = briefing.properties
        day = dt.datetime.combine(briefing.day, dt.time())
        self.book.set_properties({"title": title, "author": author, "subject": subject, "created": day})
        first = self._sheet(briefing.page_one.heading) if briefing.page_one else None
        contents = self._sheet(self.words["contents"])
        if first and briefing.page_one:
            self._page_one(first, briefing.page_one)
        for found in (each for section in briefing.sections for each in section.calculations):
            self._add("input", found.title, self._calculation, found)
        for table in {each.name: each for each in briefing.tables}.values():
            self._add("table", table.title, self._table, table)
        for figure in briefing.every_figure:
            self._add("figure", figure.chart.title, self._figure, figure)
        self._add("table", briefing.numbers.title, self._table, briefing.numbers)
        self._contents(contents)

    def _sheet(self, title: str) -> Worksheet:
        """A sheet of A4 across, one page wide, without grid lines."""
        taken = {each.get_name().casefold() for each in self.book.worksheets()}
        sheet = self.book.add_worksheet(sheet_name(title, taken))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5)
        sheet.set_footer(f"&L{self.briefing.title.replace('&', '&&')[:110]}&R&P / &N")
        return sheet

    def _add(self, kind: str, title: str, fill: Callable[[Worksheet, Any], None], found: Any) -> None:
        sheet = self._sheet(title)
        self.entries.append((sheet.get_name(), kind, title))
        self._text(sheet, 0, 0, title, "title")
        self._link(sheet, 1, 0, self.words["contents"], f"← {self.words['contents']}")
        fill(sheet, found)

    # --- cells

    def style(self, name: str, number: str = "", right: bool = False) -> Format:
        """Format of a kind of cell, made once."""
        key = (name, number, right)
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": 10, "valign": "top"}
            own = {"num_format": number} if number else {}
            side = {"align": "right"} if right else {}
            self._formats[key] = self.book.add_format(base | _STYLES[name] | own | side)
        return self._formats[key]

    def _text(
        self, sheet: Worksheet, row: int, column: int, words: str, style: str = "text", *, right: bool = False
    ) -> None:
        """Words as text, even where they begin like a formula."""
        if not words:
            sheet.write_blank(row, column, None, self.style(style, right=right))
            return
        found = self.style(style, "@" if words[:1] in "=+-@'" else "", right)
        sheet.write_string(row, column, printable(words)[:32767], found)

    def _number(self, sheet: Worksheet, at: tuple[int, int], value: float, shown: str, style: str = "text") -> None:
        sheet.write_number(*at, value, self.style(style, shown, right=True))

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: Cell, part: str, *, with_unit: bool) -> None:
        """The value of a cell, or one of its bounds."""
        value = {"low": cell.low, "high": cell.high}.get(part, cell.value)
        if isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, self.style("text", "dd/mm/yyyy", right=True))
        elif isinstance(value, float | int):
            decimals = cell.decimals if part == "value" or round(value, cell.decimals) == value else cell.decimals + 1
            self._number(sheet, (row, column), value, _shown(decimals, cell.unit if with_unit else ""))
        elif value is not None:
            self._text(sheet, row, column, cell.text, "wrapped" if len(cell.text) > 40 else "text")

    def _line(self, sheet: Worksheet, row: int, words: str, wide: Sequence[float], style: str = "muted") -> None:
        """Plain words over columns of these widths, in as many lines as they take."""
        if len(wide) > 1:
            sheet.merge_range(row, 0, row, len(wide) - 1, "", self.style(style))
        self._text(sheet, row, 0, words, style)
        sheet.set_row(row, _LINE_POINTS * math.ceil(max(1, 1.1 * len(words)) / sum(wide)))

    def _link(self, sheet: Worksheet, row: int, column: int, target: str, words: str) -> None:
        quoted = target.replace("'", "''")
        sheet.write_url(row, column, f"internal:'{quoted}'!A1", self.style("link"), string=printable(words))

    def _widths(self, sheet: Worksheet, wide: Sequence[float]) -> None:
        for column, width in enumerate(wide):
            sheet.set_column(column, column, width)

    # --- sheets

    def _page_one(self, sheet: Worksheet, page: PageOne) -> None:
        wide = [40.0, *[20.0] * (len(page.numbers.columns) - 2), 28.0]
        self._widths(sheet, wide)
        self._text(sheet, 0, 0, self.briefing.title, "title")
        self._line(sheet, 1, self.briefing.published, wide)
        for row, sentence in enumerate(page.sentences, 3):
            self._line(sheet, row, sentence.text, wide, "wrapped")
        top = 4 + len(page.sentences)
        for column, each in enumerate(page.numbers.columns):
            self._text(sheet, top, column, each.head, "head", right=each.numeric)
        for row, cells in enumerate(page.numbers.rows, top + 1):
            for column, cell in enumerate(cells):
                self._text(sheet, row, column, cell.text, right=page.numbers.columns[column].numeric)
        row = top + len(page.numbers.rows) + 2
        for row, note in enumerate([*page.notes, f"{self.words['source']} {page.numbers.source}"], row):  # noqa: B020
            self._line(sheet, row, note, wide)
        self._text(sheet, row + 2, 0, page.recommendations, "heading")
        for below in (row + 3, row + 4):
            self._line(sheet, below, "", wide, "blank")
        sheet.fit_to_pages(1, 1)
        sheet.activate()

    def _contents(self, sheet: Worksheet) -> None:
        briefing, wide = self.briefing, [16.0, 100.0]
        self._widths(sheet, wide)
        self._text(sheet, 0, 0, briefing.title, "title")
        self._line(sheet, 1, briefing.published, wide)
        self._line(sheet, 2, self.words["changeable"], wide)
        row = self._listed(sheet, 4, self.words["findings"], briefing.findings)
        self._text(sheet, row, 0, self.words["contents"], "heading")
        for number, (name, kind, title) in enumerate(self.entries, row + 1):
            self._text(sheet, number, 0, self.words[kind])
            self._link(sheet, number, 1, name, title)
        row += len(self.entries) + 2
        caveats = [each for part in briefing.parts for each in part.caveats]
        for word, lines in (("sources", briefing.sources), ("caveat", caveats)):
            row = self._listed(sheet, row, self.words[word], lines)

    def _listed(self, sheet: Worksheet, row: int, title: str, lines: Iterable[str]) -> int:
        """Heading and lines, each once; the row for what comes next."""
        listed = list(dict.fromkeys(lines))
        if not listed:
            return row
        self._text(sheet, row, 0, title, "heading")
        for number, each in enumerate(listed, row + 1):
            self._text(sheet, number, 1, each, "wrapped")
            sheet.set_row(number, _LINE_POINTS * math.ceil(max(1, len(each)) / 105))
        return row + len(listed) + 2

    def _table(self, sheet: Worksheet, table: Table) -> None:
        """A table as the page prints it; at its right the numbers themselves with their bounds, to calculate with."""
        lines, right = table.laid_out()
        for row, line in enumerate(lines, FIRST):
            for column, words in enumerate(line):
                style = "head" if row == FIRST else "wrapped" if len(words) > MOST_WIDTH else "text"
                self._text(sheet, row, column, words, style, right=right[column])
        wide = [_width(*column) for column in zip(*lines, strict=True)]
        for row, line in enumerate(lines, FIRST):
            tallest = max(math.ceil(1.1 * len(words) / room) for words, room in zip(line, wide, strict=True))
            sheet.set_row(row, _LINE_POINTS * max(1, tallest))
        last, turned = FIRST + len(lines) - 1, len(lines) != len(table.rows) + 1
        if table.source:
            self._line(sheet, last + 2, f"{self.words['source']} {table.source}", wide)
        sheet.print_area(0, 0, last + 2, len(wide) - 1)
        sheet.freeze_panes(FIRST + 1, 1 if len(wide) > 2 else 0)
        if not turned:
            sheet.autofilter(FIRST, 0, last, len(wide) - 1)
            sheet.repeat_rows(FIRST)
        self._widths(sheet, [*wide, 4.0, *self._numbers(sheet, table, len(wide) + 1)])

    def _numbers(self, sheet: Worksheet, table: Table, left: int) -> list[float]:
        """Numbers and days of a table from a column on, each beside its bounds, and the figures behind each row."""
        places = [
            (column, part)
            for column in range(len(table.columns))
            if any(isinstance(row[column].value, float | int | dt.date) for row in table.rows)
            for part in _parts([row[column] for row in table.rows])
        ]
        self._text(sheet, FIRST - 1, left, self.words["for_calculating"], "ids")
        for place, (column, part) in enumerate(places, left):
            found = table.columns[column]
            head = found.head if part == "value" else f"{found.head}, {self.words[part]}"
            self._text(sheet, FIRST, place, head, "head", right=True)
            for row, cells in enumerate(table.rows, FIRST + 1):
                self._cell(sheet, row, place, cells[column], part, with_unit=not found.unit)
        self._text(sheet, FIRST, left + len(places), self.words["figure_ids"], "head")
        for row, behind in enumerate(table.figure_ids, FIRST + 1):
            self._text(sheet, row, left + len(places), behind, "ids")
        return [*[18.0] * len(places), 24.0]

    def _calculation(self, sheet: Worksheet, found: Calculation) -> None:
        """Inputs in marked cells and results as live formulas, each beside the library's own, as printed."""
        words, wide = self.words, [46.0, 16.0, 16.0, 34.0, 60.0]
        self._widths(sheet, wide)
        self._line(sheet, 2, words["changeable"], wide)
        places: dict[str, str] = {}
        for column, label in enumerate((words["input"], "", words["unit"], "", words["source"])):
            self._text(sheet, 3, column, label, "head", right=column == 1)
        for row, each in enumerate(found.inputs, 4):
            self._number(sheet, (row, 1), each.value, _shown(each.decimals), "input")
            for column, text in ((0, each.label), (2, each.unit), (3, each.text), (4, each.source)):
                self._text(sheet, row, column, text, "wrapped" if column == 4 else "text")
            places[each.id] = f"$B${row + 1}"
        limits = {"validate": "decimal", "criteria": "between", "minimum": -1e9, "maximum": 1e9}
        sheet.data_validation(4, 1, 3 + len(found.inputs), 1, limits)  # a formula over words would show an error
        first = 5 + len(found.inputs)
        for column, label in enumerate((words["result"], "", words["unit"], words["as_printed"], "")):
            self._text(sheet, first, column, label, "head", right=column == 1)
        for row, result in enumerate(found.results, first + 1):
            for column, text in ((0, result.label), (2, result.unit), (3, result.text)):
                self._text(sheet, row, column, text)
            if set(_WORD.findall(result.formula)) <= set(places):  # else an input is not printed
                formula = _WORD.sub(lambda word: places[word[0]], result.formula).replace(" ", "")
                style = self.style("text", _shown(result.decimals), right=True)
                sheet.write_formula(row, 1, f"={formula}", style, result.value)
                places[result.id] = f"$B${row + 1}"
        sheet.freeze_panes(4, 0)

    def _figure(self, sheet: Worksheet, figure: Figure) -> None:
        """A chart's rows with a native chart of them, or the picture where no native type shows it."""
        chart, plot = figure.chart, figure.plot
        sheet.fit_to_pages(1, 1)
        if plot is None:
            wide, caption, below = [30.0, *[22.0] * 4], chart.subtitle, FIRST + 30
            self._widths(sheet, wide)
            image = {"image_data": io.BytesIO(chart.png), "description": chart.alt}
            sheet.insert_image(FIRST + 1, 0, f"{chart.name}.png", image)
        else:
            count, last, caption = len(plot.series), FIRST + len(plot.categories), plot.caption
            beside = len(plot.categories) > 30  # below so many rows nobody would find the chart
            wide = [float(min(max(30, *map(len, plot.categories)) + 2, 60)), *[24.0] * max(count, 4)]
            left = len(wide) + (8 if beside else 1)
            self._widths(sheet, [*wide, *[12.0] * (left - len(wide)), *[18.0] * count])
            self._rows(sheet, plot, left)
            place = (FIRST, count + 2) if beside else (last + 2, 0)
            native = self._native(sheet.get_name(), plot, left)
            sheet.insert_chart(*place, native, {"description": f"{chart.title}. {plot.caption}."})
            below = last + (2 if beside else 28)
            sheet.fit_to_pages(1, 0 if beside else 1)
            sheet.print_area(0, 0, below, left - 2)
        self._line(sheet, 2, caption, wide)
        self._line(sheet, below, f"{self.words['source']} {chart.source}", wide)

    def _rows(self, sheet: Worksheet, plot: Plot, left: int) -> None:
        """Rows of a plot as the page prints them, and from a column on the numbers that the chart is drawn from."""
        unit = f" ({plot.unit})" if plot.unit else ""
        self._text(sheet, FIRST, 0, "", "head")
        self._text(sheet, FIRST - 1, left, self.words["for_calculating"], "ids")
        for row, category in enumerate(plot.categories, FIRST + 1):
            self._text(sheet, row, 0, category)
        for column, series in enumerate(plot.series):
            for place in (1 + column, left + column):
                self._text(sheet, FIRST, place, f"{series.label}{unit}", "head", right=True)
            digits = max(len(f"{each:.6f}".rstrip("0").partition(".")[2]) for each in series.values if each is not None)
            for row, (value, shown) in enumerate(zip(series.values, series.shown, strict=True), FIRST + 1):
                if value is not None:
                    self._text(sheet, row, 1 + column, shown, right=True)
                    self._number(sheet, (row, left + column), value, _shown(digits))
        sheet.freeze_panes(FIRST + 1, 1)

    def _native(self, name: str, plot: Plot, left: int) -> Any:
        last = FIRST + len(plot.categories)
        stacked = {"subtype": "stacked"} if plot.kind != plot.shape else {}
        chart: Any = self.book.add_chart({"type": plot.shape, **stacked})
        for column, series in enumerate(plot.series, left):
            chart.add_series(
                {
                    "name": series.label,
                    "categories": [name, FIRST + 1, 0, last, 0],
                    "values": [name, FIRST + 1, column, last, column],
                    **_looks(plot, series, COLOURS[(column - left) % len(COLOURS)]),
                }
            )
        face = {"name": FONT, "size": 10}
        categories: dict[str, Any] = {"label_position": "low", "num_font": face, "num_format": "@", "text_axis": True}
        values: dict[str, Any] = {"num_font": {**face, "color": MUTED}, "num_format": "0", "major_unit": plot.step}
        values |= {"major_gridlines": {"visible": True, "line": {"color": RULE}}, "name": plot.unit, "name_font": face}
        if plot.kind == "line" and len(plot.categories) > 12:
            categories["interval_unit"] = categories["interval_tick"] = len(plot.categories) // 5
        if plot.kind != "line" and plot.values:
            values |= {"min": 0} if min(plot.values) >= 0 else {"max": 0} if max(plot.values) <= 0 else {}
        if plot.labelled:  # every mark has its number: an axis would repeat them in the viewer's locale
            values |= {"visible": False, "major_gridlines": {"visible": False}, "name": ""}
        flat = plot.shape == "bar"  # a bar chart's categories stand upright, the first on top
        across, upright = (values, categories | {"reverse": True}) if flat else (categories, values)
        chart.set_x_axis(across)
        chart.set_y_axis(upright)
        chart.set_title({"none": True})
        chart.set_legend({"position": "bottom", "font": face} if len(plot.series) > 1 else {"none": True})
        chart.set_size(_CHART)
        return chart


def _looks(plot: Plot, series: Series, colour: str) -> dict[str, Any]:
    """Colour, hatching, dashes, labels and whiskers of a series."""
    if plot.kind == "line":
        dash = {"dash_type": "dash"} if series.dashed else {}
        return {"line": {"color": colour, "width": 1.5 if series.dashed else 2.5, **dash}, "smooth": False}
    colour = CONTEXT if series.focus else colour
    found: dict[str, Any] = {"fill": {"color": colour}, "gap": 60, "invert_if_negative": False}
    if series.hatched or series.focus:
        found["points"] = [_bar(series, place, colour) for place in range(len(series.values))]
    if plot.labelled:
        stacked = plot.kind != plot.shape
        font = {"name": FONT, "size": 10, "bold": True, "color": "#FFFFFF" if stacked else colour}
        custom = [{"value": text, "font": font} if text else {"delete": True} for text in series.shown]
        place = "center" if stacked else "outside_end"
        found["data_labels"] = {"value": True, "custom": custom, "position": place, "font": font}
    if any(series.bounds):
        downs, ups = series.whiskers
        found["y_error_bars"] = {"type": "custom", "plus_values": ups, "minus_values": downs}
    return found


def _bar(series: Series, place: int, colour: str) -> dict[str, Any]:
    """Fill of one bar: hatched where it is an estimate, in the colour of emphasis where it is the province's own."""
    own = FOCUS if place in series.focus else colour
    if place not in series.hatched:
        return {"fill": {"color": own}}
    return {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": own, "bg_color": "#FFFFFF"}}


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """Name of a sheet: the title's first words without what Excel forbids, each name once.

    Examples
    --------
    >>> sheet_name("13/24 chỉ tiêu đạt", [])
    '13∕24 chỉ tiêu đạt'
    >>> sheet_name("Năm 2021 giải ngân 71,66% kế hoạch, còn 1.487,3 tỷ đồng", [])
    'Năm 2021 giải ngân 71,66% kế'
    >>> sheet_name("History", ["history"])
    'History 2'
    """
    others = {each.casefold() for each in taken}
    kept = re.sub(r"(?<=\d)/(?=\d)", "∕", title)  # a division slash, which Excel allows
    clean = _FORBIDDEN.sub(" ", printable(kept)).strip("' ") or "Sheet"
    for number in range(1, 1000):
        end = f" {number}" if number > 1 else ""
        room = _MOST_LETTERS - len(end)
        words = clean[: room + 1].rpartition(" ")[0] if len(clean) > room else clean
        name = (words or clean[:room]).strip("',;:( ") + end
        if name.casefold() not in {*others, "history"} - ({"history"} if number > 1 else set()):
            return name
    raise ValueError(f"more than a thousand sheets begin with {clean!r}")


def _width(head: str, *texts: str) -> float:
    """Room for the longest text of a column, and for its head in three lines."""
    return float(min(max(11, max(map(len, texts), default=0) + 2, len(head) // 3 + 7), MOST_WIDTH))


def _parts(cells: Iterable[Cell]) -> list[str]:
    """What is written of a column: its values, and bounds where any has them."""
    bounded = any(cell.low is not None or cell.high is not None for cell in cells)
    return ["value", "low", "high"] if bounded else ["value"]


def _shown(decimals: int, unit: str = "") -> str:
    """Excel's format of a number with its thousands apart, and its unit where no head names it."""
    beside = f'"{unit}"' if unit == "%" else f'" {unit}"' if unit else ""
    return ("#,##0." + "0" * decimals if decimals else "#,##0") + beside
