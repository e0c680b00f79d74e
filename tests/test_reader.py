"""The copy of an executed notebook that its reader gets: one language, no section without a result."""

from __future__ import annotations

import copy

import nbformat
import pytest
from conftest import ROOT
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kg_analysis.executed import for_reader, in_language


def shown(text: str, left_out: str | None = None) -> NotebookNode:
    metadata = {"kg_analysis": {"left_out": left_out}} if left_out else {}
    return new_output("display_data", {"text/markdown": text}, metadata=metadata)


def book(*sections: tuple[str, list[list[NotebookNode]]]) -> NotebookNode:
    cells = [new_markdown_cell("# Tên\n\n*Title*"), new_code_cell("year: int = 2021")]
    for heading, outputs in sections:
        cells.append(new_markdown_cell(heading))
        cells += [new_code_cell("x", outputs=each) for each in outputs]
    return new_notebook(cells=cells)


THREE = book(
    ("## 1. Một\n*One*", [[], [shown("a result")], [shown("nothing", "no plan")]]),
    ("## 2. Hai\n*Two*", [[], [shown("nothing", "no months.")], [shown("again", "no months.")]]),
    ("## 3. Ba?\n*Three?*", [[shown("nothing", "no months.")], [shown("again", "no target")]]),
    ("## 4. Bốn\n*Four*", [[], []]),
    ("## Ghi kết quả\n*Save*", [[shown("written")]]),
)


@pytest.mark.parametrize(
    ("source", "vi", "en"),
    [
        ("# Tên\n*Name*", "# Tên", "# Name"),
        ("## 2. Tên?\n\n*Name?*", "## 2. Tên?", "## 2. Name?"),
        ("## Tên\n\nCâu.\n\n*Sentence.*", "## Tên\n\nCâu.", "## Tên\n\nSentence."),
        ("## Tên\n*Name*\nCâu **một**.\n*Sentence **one**.*", "## Tên\n\nCâu **một**.", "## Name\n\nSentence **one**."),
        ("Một.\n\nHai.\n\n*One. Two.*\n\nBa.\n\n*Three.*", "Một.\n\nHai.\n\nBa.", "One. Two.\n\nThree."),
        ("> *Lưu ý.* Câu.\n>\n> *A note.*", "> *Lưu ý.* Câu.", "> A note."),
        ("Chỉ *tiếng Việt* thôi.", "Chỉ *tiếng Việt* thôi.", "Chỉ *tiếng Việt* thôi."),
        (
            "Tên `target_ratio_pct`.\n\n_Name `target_ratio_pct`._",
            "Tên `target_ratio_pct`.",
            "Name `target_ratio_pct`.",
        ),
    ],
)
def test_a_text_keeps_the_language_of_the_run(source: str, vi: str, en: str) -> None:
    assert in_language(source, "vi") == vi
    assert in_language(source, "en") == en


def test_a_section_without_any_result_is_dropped_and_listed_once_with_its_reasons() -> None:
    sources = [cell.source for cell in for_reader(THREE, "en").cells if cell.cell_type == "markdown"]
    assert sources == [
        "# Title",
        "## 1. One",
        "## 2. Four",
        "## Save",
        "**Sections left out for want of figures.** Two, Three: no months; Three: no target.",
    ]
    assert for_reader(THREE, "vi").cells[-1].source.endswith("Hai, Ba: no months; Ba: no target.")


def test_what_is_kept_is_kept_whole_and_the_run_is_not_touched() -> None:
    before = copy.deepcopy(THREE)
    edited = for_reader(THREE, "vi")
    assert before == THREE
    assert edited.cells[4].outputs == THREE.cells[4].outputs
    assert edited.cells[5].outputs == []  # a part left out in a section that stays; its reason stands at the end
    assert edited.cells[5].source == THREE.cells[5].source
    nbformat.validate(edited)


def test_a_notebook_with_every_result_has_no_line_more() -> None:
    whole = book(("## 1. Một\n*One*", [[shown("a")]]))
    assert len(for_reader(whole, "vi").cells) == len(whole.cells)


def test_an_error_or_a_print_is_a_result() -> None:
    said = book(("## 1. Một", [[shown("nothing", "why")], [new_output("stream", text="x")]]))
    assert len(for_reader(said, "vi").cells) == len(said.cells)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_real_notebooks_lose_one_language_and_nothing_else(language: str) -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        source = nbformat.read(path, as_version=4)
        edited = for_reader(source, language)
        assert len(edited.cells) == len(source.cells)
        for before, after in zip(source.cells, edited.cells, strict=True):
            if before.cell_type == "code":
                assert before == after
            else:
                assert after.source.strip()
                assert len(after.source) < len(before.source) or before.source == after.source


def test_the_answer_stands_under_the_title_and_not_again() -> None:
    asked = book(("## Số liệu\n*Figures*", [[shown("Toàn tỉnh có 32.551 ca.")], [shown("b")]]))
    asked.cells[3].metadata["tags"] = ["answer"]
    edited = for_reader(asked, "vi")
    assert edited.cells[1].source == "## Trả lời\n\n- Toàn tỉnh có 32.551 ca."
    assert [cell.get("outputs") for cell in edited.cells[4:6]] == [[], asked.cells[4].outputs]
    nbformat.validate(edited)
