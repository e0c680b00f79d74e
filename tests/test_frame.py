"""The frame around a chart: what it refuses, what it drops, and that any matplotlib or seaborn figure fits in."""

from __future__ import annotations

import io
import logging
import unicodedata
import warnings
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from PIL import Image

from kg_analysis.charts import frame, theme
from kg_analysis.charts.frame import canvas, finish
from kg_analysis.errors import DataError

ROWS = pd.DataFrame({"year": ["2020", "2021"], "growth_pct": [3.05, 0.58]})
VOWELS = "aăâeêioôơuưy"
LETTERS = sorted(
    {
        unicodedata.normalize("NFC", letter + tone)
        for letter in VOWELS + VOWELS.upper()
        for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    }
    | set("đĐ")
)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def finished(**changed: Any) -> Figure:
    with theme.style("vi"):
        figure, (axes,) = canvas()
        axes.bar(ROWS["year"], ROWS["growth_pct"])
        words = {"title": "Tăng trưởng giảm còn 0,58%", "source": "Báo cáo 2021, mục I.1", "data": ROWS}
        return finish(figure, **(words | changed))


@pytest.mark.parametrize("missing", ["source", "title"])
@pytest.mark.parametrize("empty", ["", "  "])
def test_a_chart_without_a_source_or_a_title_is_refused(missing: str, empty: str) -> None:
    with pytest.raises(DataError, match="chart 'growth' lacks its title or source; pass title"):
        finished(name="growth", **{missing: empty})


def test_a_title_of_sixteen_words_is_refused() -> None:
    assert finished(title=" ".join(["từ"] * 15))
    with pytest.raises(DataError, match="has 16 words; say it in 15"):
        finished(title=" ".join(["từ"] * 16))


def test_rows_and_words_stay_within_reach() -> None:
    figure = finished(subtitle="GRDP, %", name="growth")
    assert figure.data is ROWS  # type: ignore[attr-defined]
    words = figure.words  # type: ignore[attr-defined]
    assert (words.name, words.subtitle, words.alt) == ("growth", "GRDP, %", words.title)
    assert [text.get_text() for text in figure.texts] == [words.title, "GRDP, %", "Nguồn: Báo cáo 2021, mục I.1"]
    assert finished(alt="Cột thấp dần.").words.alt == "Cột thấp dần."  # type: ignore[attr-defined]


def test_the_picture_holds_title_and_alt_text() -> None:
    figure = finished(alt="Cột thấp dần.")
    picture = Image.open(io.BytesIO(frame.png(figure)))
    assert picture.size == (1700, 960)
    assert picture.text == {"Title": "Tăng trưởng giảm còn 0,58%", "Description": "Cột thấp dần."}  # type: ignore[attr-defined]
    assert "Cột thấp dần." in frame.svg(figure).decode()
    assert frame.pdf(figure).startswith(b"%PDF")


def test_a_notebook_shows_the_picture_with_its_alt_text() -> None:
    content, metadata = finished(alt="Cột thấp dần.")._repr_mimebundle_()  # type: ignore[attr-defined]
    assert content["image/png"].startswith(b"\x89PNG")
    assert content["text/plain"] == metadata["image/png"]["alt"] == "Cột thấp dần."


@pytest.mark.parametrize("second", [(0.5, 0.5), (4.0, 0.5)])
def test_a_label_without_room_is_dropped_and_named(
    second: tuple[float, float], caplog: pytest.LogCaptureFixture
) -> None:
    with theme.style("vi"), caplog.at_level(logging.WARNING):
        figure, (axes,) = canvas()
        first, other = axes.text(0.5, 0.5, "nhãn thứ nhất"), axes.text(*second, "nhãn thứ hai")
        finish(figure, title="t", source="s", name="labels")
    assert figure.dropped == ["nhãn thứ hai"]
    assert (first.get_visible(), other.get_visible()) == (True, False)
    assert "chart labels: no room for the label 'nhãn thứ hai'; it is left out" in caplog.text


def test_a_label_that_leaves_the_canvas_is_dropped_though_it_asks_for_no_room() -> None:
    with theme.style("vi"):
        figure, (axes,) = canvas()
        axes.text(2.0, 0.5, "ngoài khung").set_in_layout(False)
        assert finish(figure, title="t", source="s").dropped == ["ngoài khung"]  # type: ignore[attr-defined]


def test_a_label_too_wide_for_the_axes_never_takes_the_chart_down(caplog: pytest.LogCaptureFixture) -> None:
    with theme.style("vi"), caplog.at_level(logging.WARNING):
        figure, (axes,) = canvas()
        axes.set_yticks([0], ["nhãn " * 80])
        axes.text(0.5, 0.5, "chữ " * 300)
        assert frame.png(finish(figure, title="t", source="s"))
    assert figure.dropped
    assert "it is left out" in caplog.text


def test_a_chart_with_room_for_everything_drops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert finished().dropped == []  # type: ignore[attr-defined]
    assert caplog.text == ""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_any_seaborn_chart_on_pyplots_axes_takes_the_house_look(language: str) -> None:
    with theme.style(language):
        figure, axes = plt.subplots()
        sns.barplot(ROWS, x="year", y="growth_pct", ax=axes)
        done = finish(figure, title="Tăng trưởng 2021", source="mục I.1", data=ROWS)
    assert done is figure
    assert done.texts[-1].get_text().startswith({"vi": "Nguồn", "en": "Source"}[language])
    assert not axes.spines["top"].get_visible()
    assert Image.open(io.BytesIO(frame.png(done))).text["Title"] == "Tăng trưởng 2021"  # type: ignore[attr-defined]


def test_the_style_ends_with_its_context_and_knows_its_languages() -> None:
    before = dict(mpl.rcParams)
    with theme.style("en"):
        assert theme.language() == "en"
    assert dict(mpl.rcParams) == before
    assert theme.language() == "vi"
    with pytest.raises(DataError, match="language 'fr' is not known; languages: vi, en"), theme.style("fr"):
        pass


def test_figures_of_the_library_leave_no_trace_in_pyplot() -> None:
    finished()
    assert plt.get_fignums() == []


@pytest.mark.parametrize("face", theme.FACES)
def test_the_face_holds_every_vietnamese_letter(face: str) -> None:
    known = TTFont(Path(str(files("kg_analysis.charts"))) / "fonts" / face).getBestCmap()
    assert len(LETTERS) == 146
    assert [letter for letter in LETTERS + list("−–‑\u00a0…“”≥≤×±") if ord(letter) not in known] == []


def test_no_glyph_is_missing_from_a_picture() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = finished(title=" ".join("".join(LETTERS[n : n + 15]) for n in range(0, 146, 15)))
        assert frame.png(figure)
        assert frame.svg(figure)


def test_ticks_are_printed_as_the_text_prints_numbers() -> None:
    from kg_analysis.formats import NumberFormatter  # noqa: PLC0415

    ticks = frame.number_ticks(NumberFormatter("vi"), 1, "%")
    assert [ticks(each) for each in (1234.5, -0.25, 0.1 + 0.2)] == ["1.234,5%", "−0,3%", "0,3%"]
