"""The few words of a notebook: what they show, what they keep, and how a part that cannot be made is left out."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import DATA
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from kg_analysis.analysis.covid import phase_summary
from kg_analysis.charts import covid as charts
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.narrative import covid as words
from kg_analysis.narrative.context import ReportContext
from kg_analysis.notebook import LeftOut, Notebook, open_notebook

NAME = "01_covid_waves"
COLUMNS = ["phase", "days", "cases", "cases_low", "cases_high", "figure_ids"]


def opened(folder: Path, language: str = "vi", year: int = 2021) -> Notebook:
    return open_notebook(NAME, year, "91", language, str(DATA), str(folder))


@pytest.fixture
def run(tmp_path: Path) -> Notebook:
    return opened(tmp_path)


@pytest.fixture
def wave(run: Notebook) -> pd.DataFrame:
    return run.frame(phase_summary, run.data.covid_phases)


def marks(part: LeftOut) -> dict[str, Any]:
    return part._repr_mimebundle_()[1]


def test_opening_loads_the_year_in_the_language_asked_for(run: Notebook) -> None:
    assert (run.data.year, run.context.fmt.language, run.attended) == (2021, "vi", False)
    assert run.parameters["year"] == 2021


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"year": 1999}, "year 1999 has no figures; years with figures: 2015, 2017, 2018"),
        ({"language": "fr"}, "language"),
        ({"year": "soon"}, "year"),
        ({"data_dir": "/nowhere"}, "looked in /nowhere; pass data_dir"),
    ],
)
def test_a_cell_edited_by_hand_is_held_to_the_types_of_a_run(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    common = {"year": 2021, "area": "91", "language": "vi", "data_dir": str(DATA), "output_dir": str(tmp_path)}
    with pytest.raises(DataError, match=message):
        open_notebook(NAME, **(common | changed))


def test_a_column_that_an_analyst_adds_is_shown_under_its_own_name(run: Notebook, wave: pd.DataFrame) -> None:
    own = wave[COLUMNS].assign(tests_per_case=4)
    assert ">tests_per_case</th>" in run.table("covid_phases", own).data


def test_sentences_charts_and_tables_are_shown(run: Notebook, wave: pd.DataFrame) -> None:
    said, shown = run.say(words.size, wave), run.show(charts.phase_bars, wave)
    assert isinstance(said, Markdown)
    assert "6.038\u00a0ca" in said.data
    assert isinstance(shown, Figure)
    table = run.table("covid_phases", wave[COLUMNS])
    assert isinstance(table, HTML)
    assert "6.038" in table.data
    assert not run.skipped


def fails(*_: Any) -> Any:
    raise ZeroDivisionError("x")


def refuses(*_: Any) -> Any:
    raise DataError("a value is wrong; correct it")


def lacks(*_: Any) -> Any:
    raise NotPrintedError("not printed", "covid_phases")


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (fails, "ZeroDivisionError: x"),
        (refuses, "a value is wrong; correct it"),
        (lacks, "không in bảng giai đoạn dịch COVID-19"),
    ],
)
@pytest.mark.parametrize("word", ["say", "show"])
def test_one_part_fails_alone_with_its_reason(
    run: Notebook, wave: pd.DataFrame, word: str, function: Any, reason: str
) -> None:
    part = getattr(run, word)(function, wave)
    assert isinstance(part, LeftOut)
    assert reason in part.reason
    assert marks(part) == {"kg_analysis": {"left_out": part.reason}}
    assert part.reason in part._repr_mimebundle_()[0]["text/markdown"]
    assert isinstance(run.say(words.size, wave), Markdown)  # the notebook goes on
    assert list(run.skipped.values()) == [part.reason]


def test_what_went_wrong_in_the_code_is_in_the_log(run: Notebook, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        run.say(fails)
    assert "Traceback" in caplog.text


def test_a_reason_is_given_in_full_once(run: Notebook) -> None:
    first, second = run.say(lacks), run.show(lacks)
    assert isinstance(first, LeftOut)
    assert isinstance(second, LeftOut)
    assert first.reason == second.reason
    assert first.reason in first.text
    assert second.reason not in second.text


def test_a_frame_that_cannot_be_made_is_empty_and_later_cells_say_why(run: Notebook) -> None:
    empty = run.frame(refuses)
    assert empty.empty
    assert isinstance(run.say(words.size, empty), LeftOut)
    assert isinstance(run.show(charts.phase_bars, empty), LeftOut)
    assert isinstance(run.table("covid_phases", empty), LeftOut)
    assert "covid_phases" not in run.tables


def test_a_mistake_in_a_cell_of_ones_own_is_not_hidden(run: Notebook) -> None:
    with pytest.raises(ZeroDivisionError):
        run.frame(fails)


def test_a_panel_is_for_a_reader_in_front_of_it(run: Notebook) -> None:
    part = run.panel("covid", None, {})
    assert isinstance(part, LeftOut)
    assert not run.skipped  # no figure is missing


def test_saving_writes_each_language_to_its_own_folder(tmp_path: Path) -> None:
    for language in ("vi", "en"):
        run = opened(tmp_path, language)
        wave = run.frame(phase_summary, run.data.covid_phases)
        run.show(charts.phase_bars, wave)
        run.table("covid_phases", wave[COLUMNS])
        run.say(lacks)
        said = run.save().data
        assert ("4 files" if language == "en" else "4 tệp") in said.replace("\u00a0", " ")
        assert run.context.say("missing.covid_phases") in said
    folder = tmp_path / "2021"
    charts_written = sorted(path.relative_to(folder).as_posix() for path in folder.glob("charts/*/*"))
    stems = [f"charts/{language}/covid_phase_bars.{form}" for language in ("en", "vi") for form in ("png", "svg")]
    assert charts_written == stems
    assert (folder / stems[0]).read_bytes() != (folder / stems[2]).read_bytes()


def test_a_file_holds_no_more_decimals_than_its_bounds_bear(run: Notebook, wave: pd.DataFrame, tmp_path: Path) -> None:
    run.table("covid_phases", wave)
    run.save()
    rows = pd.read_csv(tmp_path / "2021/tables/covid_phases.csv", dtype=str).set_index("phase")
    cells = ["cases", "cases_low", "cases_high", "community_share_pct", "community_share_pct_high"]
    assert rows.loc["wave", cells].tolist() == ["6038", "5987", "6086", "33.1", "34.2"]


def test_the_manifest_says_what_was_written_and_left_out(run: Notebook, wave: pd.DataFrame, tmp_path: Path) -> None:
    run.show(charts.phase_bars, wave)
    part = run.say(lacks)
    run.save()
    section = json.loads((tmp_path / "2021/manifest.json").read_text(encoding="utf-8"))["notebooks"][NAME]
    assert isinstance(part, LeftOut)
    assert [each["why"] for each in section["skipped"]] == [part.reason]
    assert "charts/vi/covid_phase_bars.png" in json.dumps(section)


def test_the_reader_of_the_other_language_gets_the_reason_in_it(tmp_path: Path) -> None:
    part = opened(tmp_path, "en").say(lacks)
    assert isinstance(part, LeftOut)
    assert "no phases of a COVID-19 wave" in part.reason


def test_a_context_is_what_functions_take_last(run: Notebook) -> None:
    seen: list[Any] = []

    def sentence(*given: Any) -> str:
        seen.extend(given)
        return "Một câu."

    run.say(sentence, 1, 2)
    assert seen[:2] == [1, 2]
    assert isinstance(seen[2], ReportContext)
