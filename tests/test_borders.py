"""What comes from outside in an odd form: read right, marked as doubtful and said, or refused in one line."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from conftest import DATA, ROOT, contents, kg, kg_here
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kg_analysis.briefing.selection import read_selection
from kg_analysis.briefing.template import read_template
from kg_analysis.errors import DataError
from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.report import draft_report
from kg_analysis.ingest.workbook import read_review
from kg_analysis.untrusted import deadline, read_toml


def proposed(report: Path, year: int = 2024) -> tuple[pd.DataFrame, list[dict[str, str]], tuple[str, ...]]:
    """Proposed figures of a report, their rows in the workbook, and remarks."""
    output, table = report.with_name("review.xlsx"), report.with_name("p.csv")
    found = draft_report(report, year, "91", DATA, output, table, "vi")
    rows = pd.read_csv(table)
    review = read_review(output)
    return rows[rows["kind"] == "figure"], [*review.rows["figures"], *review.rows["unmatched"]], found.remarks


# --- numbers with something in them


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("6,\u200b37%", 6.37),
        ("6.\u200b412,5 tỷ đồng", 6412.5),
        ("6.4\u200d12,5 tỷ đồng", 6412.5),
        ("6,\u00ad37%", 6.37),
        ("6.\u2060412,5 tỷ đồng", 6412.5),
        ("6\u00a0412,5 tỷ đồng", 6412.5),
        ("6\u202f412,5 tỷ đồng", 6412.5),
        ("6 412,5 tỷ đồng", 6412.5),
        ("1O,37%", 10.37),
        ("6.4l2,5 tỷ đồng", 6412.5),
        ("6'412,5 tỷ đồng", 6412.5),
        ("6, 37%", 6.37),
    ],
)
def test_a_number_with_something_inside_is_whole_and_never_sure(printed: str, value: float, tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_text(f"I. Kinh tế\nThu ngân sách nhà nước năm 2024 ước đạt {printed}.\n", encoding="utf-8")
    figures, rows, _ = proposed(report)
    assert figures["value"].tolist() == [value]
    assert figures["confidence"].max() < 0.6
    assert [bool(row["warning"]) for row in rows] == [True]


def test_a_line_broken_by_hand_inside_a_number_does_not_cut_it(tmp_path: Path) -> None:
    word = docx.Document()
    line = word.add_paragraph("GRDP năm 2024 tăng 6,")
    line.runs[0].add_break()
    line.add_run("37% so với năm 2023.")
    word.save(str(tmp_path / "r.docx"))
    figures, rows, _ = proposed(tmp_path / "r.docx")
    assert figures["value"].tolist() == [6.37]
    assert figures["confidence"].max() < 0.6
    assert rows[0]["warning"]


def test_a_number_with_more_digits_than_any_figure_is_doubtful_and_stops_nothing(tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_text(f"I. Kinh tế\nThu ngân sách năm 2024 ước đạt {'9' * 400} tỷ đồng, tăng 6,37%.\n", "utf-8")
    figures, rows, _ = proposed(report)
    assert 6.37 in figures["value"].tolist()
    assert any("more digits than any figure" in row["warning"] for row in rows)


def test_a_footnote_mark_behind_a_number_is_no_part_of_it(tmp_path: Path) -> None:
    found = []
    for mark in ("", "¹"):
        report = tmp_path / "r.txt"
        text = f"I. Kinh tế\nTốc độ tăng trưởng kinh tế (GRDP) năm 2024 ước đạt 6,37%{mark}.\n\n¹ Theo giá so sánh.\n"
        report.write_text(text, "utf-8")
        figures, _, _ = proposed(report)
        found.append(figures[["as_printed", "value", "unit", "indicator", "confidence"]].to_numpy().tolist())
        (tmp_path / "review.xlsx").unlink()
    assert found[0] == found[1]
    assert found[0][0][:4] == ["6,37%", 6.37, "%", "grdp_growth"]


# --- Word


def made(path: Path, body: str, styles: tuple[str, ...] = ()) -> Path:
    word = docx.Document()
    for style in styles:
        word.styles.add_style(style, WD_STYLE_TYPE.CHARACTER).font.hidden = True
    for element in parse_xml(f"<w:body {nsdecls('w', 'r')}>{body}</w:body>"):
        word.element.body.insert(len(word.element.body) - 1, element)
    word.save(str(path))
    return path


def line(text: str, properties: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize("off", ["0", "false", "off"])
def test_a_toggle_that_is_switched_off_hides_nothing(off: str, tmp_path: Path) -> None:
    body = line("GRDP năm 2024 tăng 6,37%", f'<w:vanish w:val="{off}"/><w:strike w:val="{off}"/>')
    document = read_document(made(tmp_path / "r.docx", body))
    assert "6,37%" in document.text
    assert document.remarks == ()


def test_what_is_struck_out_has_a_warning_and_what_stands_beside_has_none(tmp_path: Path) -> None:
    report = made(
        tmp_path / "r.docx",
        "<w:p><w:r><w:t xml:space='preserve'>Thu ngân sách nhà nước năm 2024 ước đạt </w:t></w:r>"
        "<w:r><w:rPr><w:strike/></w:rPr><w:t>6.412,5 tỷ đồng</w:t></w:r></w:p>" + line("Có 37 xã đạt chuẩn."),
    )
    document = read_document(report)
    assert [document.text[start:end] for start, end in document.struck] == ["6.412,5 tỷ đồng"]
    _, rows, remarks = proposed(report)
    warned = {row["as_printed"]: "gạch ngang" in row["warning"] for row in rows}
    assert warned == {"6.412,5 tỷ đồng": True, "37 xã": False}
    assert float(next(row["confidence"] for row in rows if row["warning"])) < 0.9
    assert remarks == ("1 runs struck out but read; their figures have a warning",)


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    path = made(tmp_path / "r.docx", '<w:altChunk r:id="rId99"/>' + line("Không có số."))
    word = docx.Document(str(path))
    word.sections[0].header.paragraphs[0].text = "GRDP năm 2024 tăng 6,37%"
    word.save(str(path))
    remarks = " ".join(read_document(path).remarks)
    assert "1 documents inside the document not read" in remarks
    assert "a header with figures not read: 'GRDP năm 2024 tăng 6,37%'" in remarks


# --- files that are not what they should be


def with_macros(path: Path) -> None:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            plain, macros = b"officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
            target.writestr(name, source.read(name).replace(plain, macros))


REFUSED: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "no text": ("r.docx", lambda path: docx.Document().save(str(path)), "holds no text"),
    "macros": ("r.docm", with_macros, "a file with macros; save it as docx without them"),
    "cut letter": (
        "r.txt",
        lambda path: path.write_bytes("Tỷ lệ đạt ước tính đạt đề".encode()[:-1]),
        "damaged UTF-8 at byte 3",
    ),
    "control": ("r.txt", lambda path: path.write_text("một\nhai\x0e ba 5%", "utf-8"), "line 2: holds U+000E"),
    "turned": ("r.txt", lambda path: path.write_text("đạt \u202e%73,6", "utf-8"), "line 1: holds U+202E"),
    "no character": ("r.txt", lambda path: path.write_text("đạt 5\ufffe%", "utf-8"), "line 1: holds U+FFFE"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_report_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    file, make, message = REFUSED[name]
    make(tmp_path / file)
    before = contents(tmp_path)
    result = kg_here("draft", tmp_path / file, "--year", 2024, "--output", tmp_path / "o.xlsx", "--data-dir", DATA)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"error: {file}")
    assert message in result.stderr
    assert contents(tmp_path) == before


def test_what_cannot_be_seen_and_only_parts_letters_is_remarked_on(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("Kinh tế\nTăng\u200b trưởng\n", "utf-8")
    assert read_document(tmp_path / "r.txt").remarks == (
        "1 lines hold a character that cannot be seen: U+200B in line 2",
    )


@pytest.mark.slow
def test_a_table_with_more_numbers_than_a_report_has_is_refused_before_it_is_drafted(tmp_path: Path) -> None:
    word = docx.Document()
    row = "".join(f"<w:tc><w:p><w:r><w:t>{each}</w:t></w:r></w:p></w:tc>" for each in range(100, 400))
    for element in parse_xml(f"<w:body {nsdecls('w')}><w:tbl>{f'<w:tr>{row}</w:tr>' * 110}</w:tbl></w:body>"):
        word.element.body.insert(0, element)
    word.save(str(tmp_path / "r.docx"))
    start = time.process_time()
    with pytest.raises(DataError, match="the report has 33000 numbers, at most 30000 are drafted at once; split it"):
        draft_report(tmp_path / "r.docx", 2024, "91", DATA, tmp_path / "o.xlsx", None, "vi")
    assert time.process_time() - start < 10
    assert not (tmp_path / "o.xlsx").exists()


def test_a_draft_ends_by_its_deadline() -> None:
    with pytest.raises(DataError, match="took too long"), deadline(0.05, "took too long"):
        while True:
            pass


# --- templates


def template(path: Path, change: Callable[[Any], object]) -> Path:
    word = docx.Document()
    word.add_paragraph("SỞ KẾ HOẠCH VÀ ĐẦU TƯ")
    change(word)
    word.save(str(path))
    return path


def add(body: str) -> Callable[[Any], object]:
    names = nsdecls("w", "r", "a", "pic", "wp") + ' xmlns:v="urn:schemas-microsoft-com:vml"'
    return lambda word: [word.element.body.insert(0, each) for each in parse_xml(f"<w:body {names}>{body}</w:body>")]


def linked(kind: str, body: str = "") -> Callable[[Any], object]:
    def change(word: Any) -> None:
        name = word.part.relate_to(
            "https://elsewhere.example/x", f"{RELATIONSHIP_TYPE.IMAGE.rpartition('/')[0]}/{kind}", True
        )
        add(body.replace("ID", name))(word)

    return change


def field(code: str) -> Callable[[Any], object]:
    half = len(code) // 2  # an instruction may be spread over runs
    runs = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in (code[:half], code[half:]))
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{each}"/></w:r>' for each in ("begin", "end"))
    return add(f"<w:p>{begin}{runs}{end}</w:p>")


def embedded(word: Any) -> None:
    from docx.opc.packuri import PackURI  # noqa: PLC0415

    part = Part(
        PackURI("/word/embeddings/oleObject1.bin"), "application/vnd.openxmlformats-officedocument.oleObject", b"x"
    )
    name = word.part.relate_to(part, RELATIONSHIP_TYPE.OLE_OBJECT)
    add(f'<w:p><w:r><w:object><w:control r:id="{name}"/></w:object></w:r></w:p>')(word)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            linked("image", '<w:p><w:r><a:blip r:link="ID"/></w:r></w:p>'),
            "a link to 'https://elsewhere.example/x' (image)",
        ),
        (linked("frame", '<w:p><w:r><w:pict r:id="ID"/></w:r></w:p>'), "(frame), which a template may not carry"),
        (
            add('<w:p><w:r><w:pict><v:imagedata src="http://elsewhere.example/x.png"/></w:pict></w:r></w:p>'),
            "points to 'http:",
        ),
        (add('<w:altChunk r:id="rId1"/>'), "holds 'altChunk'"),
        (field(' INCLUDEPICTURE "https://elsewhere.example/x.png" '), "has the field 'INCLUDEPICTURE'"),
        (field(" DDEAUTO excel x y "), "has the field 'DDEAUTO'"),
        (field(' HYPERLINK "https://elsewhere.example" '), "has the field 'HYPERLINK'"),
        (add('<w:p><w:fldSimple w:instr=" LINK Excel.Sheet x "/></w:p>'), "has the field 'LINK'"),
        (embedded, "holds 'object'"),
    ],
)
def test_a_template_with_what_fetches_or_embeds_is_refused(
    change: Callable[[Any], object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as error:
        read_template(template(tmp_path / "own.docx", change))
    assert any(each.startswith("own.docx: /word/document.xml ") and message in each for each in error.value.problems)


def test_a_template_loses_its_links_to_other_places_and_says_so(tmp_path: Path) -> None:
    def change(word: Any) -> None:
        linked("hyperlink", '<w:p><w:hyperlink r:id="ID"><w:r><w:t>thư điện tử</w:t></w:r></w:hyperlink></w:p>')(word)
        kind = f"{RELATIONSHIP_TYPE.IMAGE.rpartition('/')[0]}/attachedTemplate"
        name = word.part._settings_part.relate_to("file:///C:/Users/x/Normal.dotm", kind, True)
        element = parse_xml(f'<w:attachedTemplate {nsdecls("w", "r")} r:id="{name}"/>')
        word.settings.element.insert(0, element)

    content, remarks = read_template(template(tmp_path / "own.docx", change))
    assert remarks == [
        "own.docx: a link to 'https://elsewhere.example/x' taken out of /word/document.xml",
        "own.docx: a link to 'file:///C:/Users/x/Normal.dotm' taken out of /word/settings.xml",
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        whole = b"".join(package.read(name) for name in package.namelist())
    assert b"elsewhere.example" not in whole
    assert b"C:/Users" not in whole
    assert "thư điện tử" in whole.decode("utf-8", "replace")


def test_a_letterhead_keeps_pictures_page_numbers_and_headers(tmp_path: Path) -> None:
    def change(word: Any) -> None:
        word.add_picture(str(min((ROOT / "docs" / "images").glob("*.png"))))
        word.sections[0].header.paragraphs[0].text = "UBND TỈNH"
        field(" PAGE ")(word)
        field(' HYPERLINK \\l "muc_1" ')(word)

    content, remarks = read_template(template(tmp_path / "own.docx", change))
    word = docx.Document(io.BytesIO(content))
    assert remarks == []
    assert word.sections[0].header.paragraphs[0].text == "UBND TỈNH"
    assert len(word.inline_shapes) == 1


def test_a_template_with_macros_is_refused(tmp_path: Path) -> None:
    with_macros(tmp_path / "own.docx")
    with pytest.raises(DataError, match=r"own\.docx: a file with macros"):
        read_template(tmp_path / "own.docx")


# --- TOML


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('title = "a\\u000bb"', "s.toml: title = 'a\\x0bb' holds U+000B"),
        ('[masthead]\nissuer = "UBND\u200b tỉnh"', "s.toml: masthead.issuer = 'UBND\\u200b tỉnh' holds U+200B"),
        ("x = " + "[" * 50_000, "s.toml: no TOML in UTF-8"),
        ("x = 1\nx = 2", "s.toml: no TOML in UTF-8"),
        ("a." * 300_000 + "b = 1", "s.toml: "),
        ("#" * 1_100_000, "s.toml: 1 MB, at most 1 are read"),
    ],
)
def test_a_selection_that_cannot_be_used_is_refused_in_a_line(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(text, "utf-8")
    with pytest.raises(DataError) as error:
        read_selection(tmp_path / "s.toml")
    assert error.value.problems[0].startswith(message)
    assert len(error.value.problems) == 1


def test_toml_as_windows_saves_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_bytes(b'\xef\xbb\xbftitle = "x"\r\nday = 2025-07-01\r\n')
    assert read_toml(tmp_path / "s.toml", "the selection") == {"title": "x", "day": "2025-07-01"}


# --- the command line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--year", -1], "year = -1"),
        (["check", "--year", -1], "year -1 has no figures"),
        (["draft", ROOT / "examples/song-cua-2024.txt", "--year", -1, "--output", "o.xlsx"], "year -1 is none"),
        (["run", "--year", 2021, "--set", "x=" + "[" * 100_000], "brackets within brackets"),
        (["clean", "--data-dir", "/dev/null/x"], "does not exist"),
        (
            ["verify", ROOT / "examples/song-cua-2024.txt", "--source", "kien-giang-2012"],
            "did you mean kien-giang-2021",
        ),
    ],
)
def test_a_strange_value_gets_one_clear_line(arguments: list[object], message: str) -> None:
    result = kg_here(*arguments, *([] if "--data-dir" in arguments else ["--data-dir", DATA]))
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert len(result.stderr) < 400


def test_an_exception_of_a_library_is_one_line_and_its_trace_is_there_for_who_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise IndexError("list index\nout of range")

    monkeypatch.setattr("kg_analysis.data.clean.write_clean", breaks)
    (tmp_path / "data").mkdir()
    result = kg_here("clean", "--data-dir", tmp_path / "data")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("error: kg clean: unexpected IndexError (list index out of range)")
    monkeypatch.setenv("KG_DEBUG", "1")
    assert isinstance(kg_here("clean", "--data-dir", tmp_path / "data").exception, IndexError)


# --- Windows


@pytest.mark.slow
def test_a_clone_with_windows_line_ends_passes(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    copy = tmp_path / "bản sao của tôi"
    clone = [
        "git",
        "clone",
        "--quiet",
        "--config",
        "core.autocrlf=true",
        "--config",
        "core.eol=crlf",
        str(ROOT),
        str(copy),
    ]
    subprocess.run(clone, check=True)
    assert b"\r" not in (copy / "Makefile").read_bytes()
    done = kg("check", cwd=copy)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(["make", "help"], cwd=copy, capture_output=True, text=True, check=True).stdout
    assert "make run" in listed


@pytest.mark.slow
def test_without_a_home_and_under_a_path_with_blanks_and_letters(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "Số liệu năm 2024" / "data")).parent
    report = shutil.copy(ROOT / "examples" / "song-cua-2024.docx", folder / "Báo cáo năm 2024.docx")
    environment = {
        name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME", "MPLCONFIGDIR")
    }
    command = [
        sys.executable,
        "-c",
        "from kg_analysis.cli import main; main()",
        "draft",
        Path(report).name,
        "--year",
        "2024",
    ]
    environment["PYTHONPATH"] = str(ROOT / "src")
    done = subprocess.run(
        [*command, "--output", "Rà soát.xlsx"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert read_review(folder / "Rà soát.xlsx").rows["figures"]
