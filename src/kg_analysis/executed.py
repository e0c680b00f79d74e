"""The executed notebook as its reader gets it: one language, and no section that has nothing to show.

Responsibility: edit the copy after the run. Source and run are never touched, and no output is.

Terms: *left out* = an output whose metadata holds ``{"kg_analysis": {"left_out": reason}}``, where a result would
stand; the *English* of a text stands under it in italics.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

_HEADING = re.compile(r"(#{1,6}) +(?:(\d+)\. +)?(.+)")
_ENGLISH = re.compile(r"(?:(?P<before>.+)\n)?(?P<mark>[*_])(?![*_\s])(?P<text>(?:[^*_]|\*\*|\w_\w)+)(?P=mark)", re.S)
_QUOTE = re.compile(r"> ?")
_ANSWER = {"vi": "Trả lời", "en": "The answer"}
_TITLES = {"vi": "Phần không có số liệu nên không trình bày", "en": "Sections left out for want of figures"}


def for_reader(notebook: NotebookNode, language: str) -> NotebookNode:
    """Copy of an executed notebook in the language of its run, without sections in which all is left out.

    Parameters
    ----------
    notebook : NotebookNode
        As papermill leaves it.
    language : str
        ``vi`` or ``en``.

    Examples
    --------
    >>> from nbformat.v4 import new_notebook
    >>> source = "## 1. Tăng trưởng\\n*Growth*\\n\\nMỗi quý bao nhiêu?\\n\\n*How much each quarter?*"
    >>> print(for_reader(new_notebook(cells=[new_markdown_cell(source)]), "en").cells[0].source)
    ## 1. Growth
    <BLANKLINE>
    How much each quarter?
    """
    edited = copy.deepcopy(notebook)
    for cell in edited.cells:
        if cell.cell_type == "markdown":
            cell.source = in_language(cell.source, language)
    kept: list[NotebookNode] = []
    reasons: dict[str, list[str]] = {}  # titles of the sections by why they are left out
    for section in _sections(edited.cells):
        why = _why_left_out(section)
        for reason in why:
            reasons.setdefault(reason, []).append(_title(section[0]))
        kept += [] if why else section
    _renumber(kept)
    _answer_first(kept, language)
    for cell in kept:
        cell_outputs = cell.get("outputs", [])
        if cell_outputs and all(map(_reason, cell_outputs)):
            cell.outputs = []  # its source stays, so that the copy can be run again
    if reasons:
        parts = "; ".join(f"{', '.join(titles)}: {reason.rstrip('.')}" for reason, titles in reasons.items())
        kept.append(new_markdown_cell(f"**{_TITLES[language]}.** {parts}.", id="left-out"))
    edited.cells = kept
    return edited


def in_language(source: str, language: str) -> str:
    """Text of a bilingual cell in one language; what has no English stays as it is.

    Examples
    --------
    >>> in_language("> *Lưu ý.* Chưa đủ.\\n>\\n> *Not enough.*", "en")
    '> Not enough.'
    """
    blocks: list[str] = []
    untranslated = 0  # blocks before this one are in English already
    for block in _blocks(source):
        if block.startswith(">"):
            lines = "\n".join(_QUOTE.sub("", line, count=1) for line in block.split("\n"))
            block = "\n".join(f"> {line}".rstrip() for line in in_language(lines, language).split("\n"))  # noqa: PLW2901
        match = _ENGLISH.fullmatch(block)
        if match is None:
            blocks.append(block)
            continue
        if match["before"]:
            blocks.append(match["before"])
        if language == "en":
            heading = _HEADING.fullmatch(blocks[-1]) if len(blocks) > untranslated else None
            while not heading and len(blocks) > untranslated and not _HEADING.match(blocks[-1]):
                blocks.pop()
            blocks[len(blocks) - bool(heading) :] = [_translated(heading, match["text"])]
            untranslated = len(blocks)
    return "\n\n".join(blocks)


def _blocks(source: str) -> list[str]:
    """Paragraphs; a heading ends one, and so does its English."""
    apart = re.sub(r"^(#{1,6} .*|\*(?!\*)(?:[^*\n]|\*\*)+\*|_[^_\n]+_)$", r"\1\n", source, flags=re.M)
    return [block.strip("\n") for block in re.split(r"\n[ \t]*\n", apart) if block.strip()]


def _translated(heading: re.Match[str] | None, text: str) -> str:
    if heading is None:
        return text
    number = f"{heading[2]}. " if heading[2] and not re.match(r"\d+\. ", text) else ""
    return f"{heading[1]} {number}{text.rstrip('.')}"


def _sections(cells: list[NotebookNode]) -> list[list[NotebookNode]]:
    """Cells from one heading of the first or second level to the next."""
    sections: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and re.match(r"##? ", cell.source):
            sections.append([])
        sections[-1].append(cell)
    return [section for section in sections if section]


def _why_left_out(section: list[NotebookNode]) -> list[str]:
    """Reasons, if every output of the section stands for something left out; none if there is a result or no output."""
    if not section[0].source.startswith("## "):
        return []
    found = [_reason(output) for cell in section for output in cell.get("outputs", [])]
    return list(dict.fromkeys(found)) if all(found) else []


def _reason(output: NotebookNode) -> Any:
    """Why an output is left out; None for a result."""
    return output.get("metadata", {}).get("kg_analysis", {}).get("left_out")


def _answer_first(cells: list[NotebookNode], language: str) -> None:
    """Sentences of cells tagged ``answer`` under the title, where a reader looks first, and not again further down."""
    said: list[str] = []
    for cell in cells:
        texts = [output.get("data", {}).get("text/markdown") for output in cell.get("outputs", [])]
        if _is_answer(cell) and all(texts) and not any(map(_reason, cell.get("outputs", []))):
            said += ["".join(text) for text in texts]
            cell.outputs = []
    if said:
        cells[:] = [cell for cell in cells if not (cell.cell_type == "markdown" and _is_answer(cell))]
        text = "\n".join([f"## {_ANSWER[language]}", "", *(f"- {sentence}" for sentence in said)])
        cells.insert(1, new_markdown_cell(text, id="answer-first"))


def _is_answer(cell: NotebookNode) -> bool:
    return "answer" in cell.metadata.get("tags", [])


def _title(cell: NotebookNode) -> str:
    match = _HEADING.match(cell.source)
    return match[3].rstrip("?. ") if match else ""


def _renumber(cells: list[NotebookNode]) -> None:
    number = 0
    for cell in cells:
        if cell.cell_type == "markdown" and (match := re.match(r"## \d+\. ", cell.source)):
            number += 1
            cell.source = f"## {number}. {cell.source[match.end() :]}"
