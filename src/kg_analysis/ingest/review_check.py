"""What a person has confirmed in a review, as rows of ``data/printed`` and its folders; or all that is wrong with it.

Responsibility: hold the cells to the schemas, to the codebook and to each other, with sheet and cell of each problem.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from kg_analysis.data.clean import parse_row
from kg_analysis.data.printed import Registers
from kg_analysis.data.schemas import EXCLUDED as EXCLUSIONS
from kg_analysis.data.schemas import PRINTED
from kg_analysis.data.schemas import REFERENCES as MENTIONS
from kg_analysis.errors import DataError
from kg_analysis.ingest.review_read import AT, Cells, Review
from kg_analysis.ingest.review_rules import Confirmed, repeated, schema_problems
from kg_analysis.ingest.sheets import (
    COLUMNS,
    CONFIRMED,
    EXCLUDED,
    EXCLUSIONS_SHEET,
    FIGURES,
    FIXED,
    REFERENCES,
    ROW_SHEETS,
    UNMATCHED,
)
from kg_analysis.units import UNITS

_TABLES = {FIGURES: PRINTED, UNMATCHED: PRINTED, REFERENCES: MENTIONS, EXCLUSIONS_SHEET: EXCLUSIONS}
_FOLDERS = {FIGURES: "printed", UNMATCHED: "printed", REFERENCES: "references", EXCLUSIONS_SHEET: "exclusions"}


def confirmed_rows(review: Review, registers: Registers, ids_elsewhere: Mapping[str, str]) -> Confirmed:
    """Rows that a person confirmed.

    Parameters
    ----------
    review : Review
    registers : Registers
    ids_elsewhere : mapping of str to str
        Ids of figures of all other sources, with the file that has them.

    Raises
    ------
    DataError
        Everything that is wrong, each by sheet and cell.
    """
    problems = list(_word_problems(review, registers))
    found = Confirmed()
    for sheet in ROW_SHEETS:
        for row in review.rows[sheet]:
            if row["status"] == CONFIRMED:
                _confirm(review, registers, found, sheet, row, problems)
            elif row["status"] == EXCLUDED:
                _exclude(review, found, sheet, row, problems)
            else:
                found.open += 1
    problems += schema_problems(review, found)
    problems += repeated(review, found, ids_elsewhere)
    if problems:
        raise DataError(dict.fromkeys(problems))
    return found


def _word_problems(review: Review, registers: Registers) -> Iterator[str]:
    """Cells, of rows of any status, that hold a word which their list does not have."""
    lists = {
        **FIXED,
        "indicator": tuple(registers.indicators.index),
        "area_code": tuple(dict.fromkeys(code for code, _ in registers.areas.index)),
        "unit": (*UNITS, "date", "period", "text"),
    }
    for sheet in ROW_SHEETS:
        columns = [each for each in COLUMNS[sheet] if each.choices and each.name != "status"]
        for row in review.rows[sheet]:
            for column in columns:
                word, words = row[column.name], lists[column.choices]
                if word and word not in words:
                    yield f"{review.at(sheet, row, column.name)}: {_unknown(column.name, word, words)}"


def _unknown(column: str, word: str, words: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(words), n=1)
    hint = f", did you mean {close[0]!r}?" if close else ""
    if column in ("indicator", "area_code"):
        register = {"indicator": "indicators", "area_code": "areas"}[column]
        return f"{column} {word!r} is not in {register}.csv{hint}; choose one that is, or add it there"
    return f"{column} {word!r} is not known{hint}; choose one of {', '.join(words)}"


def _confirm(
    review: Review, registers: Registers, found: Confirmed, sheet: str, row: Cells, problems: list[str]
) -> None:
    folder, table = _FOLDERS[sheet], _TABLES[sheet]
    row = _with_span(review, sheet, row, problems)
    changed = set(review.changes(sheet, row)) - {"status"}
    found.changed += bool(changed)
    typed = {name: row.get(name, "") for name in table.columns}
    if folder == "printed":
        typed |= {"vintage": review.source["vintage"], "area_code": row["area_code"] or review.source["area_code"]}
        typed["boundary_version"] = _boundary(registers, typed["area_code"], review.source["vintage"])
        problems += (f"{at}: {each}" for at, each in _figure_problems(review, registers, sheet, row, typed))
    found.rows[folder].append((f"{sheet} {row[AT]}", typed))


def _exclude(review: Review, found: Confirmed, sheet: str, row: Cells, problems: list[str]) -> None:
    """A proposal that is none: its digits are excluded with a reason; a wrong mention or exclusion just goes."""
    found.excluded.add((row["start"], row["end"]))
    if sheet not in (FIGURES, UNMATCHED):
        return
    if not row["reason"]:
        problems.append(f"{review.at(sheet, row, 'reason')}: an excluded figure needs its reason; choose one")
        return
    if any(each.isdecimal() for each in row["as_printed"]):
        typed = {name: row.get(name, "") for name in EXCLUSIONS.columns}
        found.rows["exclusions"].append((f"{sheet} {row[AT]}", typed))


def _with_span(review: Review, sheet: str, row: Cells, problems: list[str]) -> Cells:
    """The row with the offsets of a token that a person has made longer or shorter."""
    _, proposed = review.proposals.get(row["key"], ("", {}))
    token, old = row["as_printed"], proposed.get("as_printed", row["as_printed"])
    moved = (row["start"], row["end"]) != (proposed.get("start", row["start"]), proposed.get("end", row["end"]))
    if token == old or moved:
        return row
    begin, context = int(proposed["start"]) - int(proposed["context_start"]), proposed["context"]
    places = [at for at in range(len(context)) if context.startswith(token, at)]
    here = [at for at in places if at < begin + len(old) and begin < at + len(token)]
    if len(here) != 1:
        problems.append(
            f"{review.at(sheet, row, 'as_printed')}: {token!r} does not stand around {old!r} in the sentence shown; "
            "write it as printed, or give start and end"
        )
        return row
    start = int(proposed["context_start"]) + here[0]
    return row | {"start": str(start), "end": str(start + len(token))}


def _boundary(registers: Registers, area: str, vintage: str) -> str:
    """Boundary that an area had when the source was published."""
    rows = [(version, span) for (code, version), span in registers.areas.iterrows() if code == area]
    fitting = [
        version
        for version, span in rows
        if (not span["valid_from"] or span["valid_from"][: len(vintage)] <= vintage)
        and (not span["valid_to"] or vintage <= span["valid_to"][: len(vintage)])
    ]
    return fitting[0] if fitting else rows[0][0] if rows else ""


def _figure_problems(
    review: Review, registers: Registers, sheet: str, row: Cells, typed: Cells
) -> Iterator[tuple[str, str]]:
    """What the codebook says against a confirmed figure, each with its cell."""
    if not row["indicator"]:
        yield review.at(sheet, row, "indicator"), "a confirmed figure needs its indicator; choose one, or exclude it"
        return
    if row["indicator"] not in registers.indicators.index:
        return  # named already
    indicator = registers.indicators.loc[row["indicator"]]
    if row["unit"] and row["unit"] != indicator["unit"]:
        yield (
            review.at(sheet, row, "unit"),
            f"unit {row['unit']!r}, but {row['indicator']} is in {indicator['unit']!r}; choose another indicator or "
            "correct the unit",
        )
    try:
        read = parse_row(typed, indicator, review.source["language"] or "vi")
    except DataError as error:
        yield from ((review.at(sheet, row, "as_printed"), each) for each in error.problems)
        return
    except (ValueError, KeyError):  # a cell that its own column refuses
        return
    values = [read["value"]] if read["value"] else [each for each in (read["low"], read["high"]) if each]
    if row["value"] and not any(_same(row["value"], each) for each in values):
        yield (
            review.at(sheet, row, "value"),
            f"value {row['value']!r}, but {row['as_printed']!r} reads as {' or '.join(values) or 'no number'} in "
            f"{indicator['unit']}; correct the token, the indicator, or the value",
        )


def _same(cell: str, value: str) -> bool:
    try:
        return Decimal(cell) == Decimal(value)
    except InvalidOperation:
        return False
