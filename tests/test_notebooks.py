"""The rules of the notebooks, and that each of them runs on years that it has not seen."""

from __future__ import annotations

import ast
import json
import re
import shutil
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from conftest import DATA, ROOT, at_length, execute, manifest
from PIL import Image, ImageChops, ImageStat

from kg_analysis.data.clean import write_clean
from kg_analysis.data.dataset import published_years
from kg_analysis.data.schemas import SERIES
from kg_analysis.data.series import short
from kg_analysis.formats import texts
from kg_analysis.parameters import NOTEBOOKS, check_notebook

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COVID = ROOT / "notebooks/01_covid_waves.ipynb"
NEIGHBOURS = ROOT / "notebooks/04_years_and_neighbours.ipynb"
INVESTMENT = ROOT / "notebooks/03_public_investment.ipynb"
GROWTH = ROOT / "notebooks/02_growth_scenarios.ipynb"
OVERVIEW = ROOT / "notebooks/00_report_overview.ipynb"
stem = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def code(path: Path) -> list[Any]:
    return [cell for cell in cells(path, "code") if "parameters" not in cell.metadata.get("tags", [])]


def test_every_notebook_has_its_parameters_declared_and_the_other_way_round() -> None:
    assert [path.stem for path in PATHS] == sorted(NOTEBOOKS)


@stem
def test_the_parameters_cell_is_that_of_the_model(path: Path) -> None:
    check_notebook(path.name, path.read_bytes())  # raises where names, types or defaults differ
    cells = [cell for cell in nbformat.read(path, 4).cells if "parameters" in cell.metadata.get("tags", [])]
    declared = [line.partition(":")[0] for line in cells[0].source.splitlines()]
    assert declared == list(NOTEBOOKS[path.stem].model_fields)


@stem
def test_cells_are_short(path: Path) -> None:
    lengths = [len([line for line in cell.source.splitlines() if line.strip()]) for cell in code(path)]
    assert statistics.median(lengths) <= 3
    assert max(lengths) <= 12


@stem
def test_no_output_is_committed(path: Path) -> None:
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in raw["cells"])
    assert raw["metadata"].keys() <= {"kernelspec", "language_info"}


@stem
def test_no_result_is_typed_in_prose(path: Path) -> None:
    """Digits in prose are section numbers, names (COVID-19, quarters) or dates of the law, never a result."""
    for cell in cells(path, "markdown"):
        prose = re.sub(r"^#+ \d+\. ", "", cell.source, flags=re.M)
        prose = re.sub(
            r"COVID-19|`[^`]*`|\b(Q[1-4]|H1|quý (I|II|III|IV))\b|31/01|31 January|13 tháng|13 months|\b[69] tháng",
            "",
            prose,
        )
        assert not re.search(r"\d", prose), cell.source


@stem
def test_prose_is_vietnamese_with_english_under_it(path: Path) -> None:
    for cell in cells(path, "markdown")[1:]:
        assert re.search(r"\*[A-Z][^*]+\*", cell.source), cell.source
    assert re.search(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", cells(path, "markdown")[0].source)


@stem
def test_a_notebook_is_short_and_answers_first(path: Path) -> None:
    assert len(nbformat.read(path, as_version=4).cells) <= 40
    for cell in code(path):
        tagged = "parameters" in cell.metadata.get("tags", [])
        assert tagged or len([line for line in cell.source.splitlines() if line.strip()]) <= 12, cell.source
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.FunctionDef | ast.For)]
    headings = [line for cell in cells(path, "markdown") for line in cell.source.splitlines() if line.startswith("#")]
    numbers = [int(match[1]) for each in headings if (match := re.match(r"## (\d+)\. ", each))]
    assert headings[0].startswith("# ")
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) <= 8
    assert "không cho biết" in headings[-1]
    assert [cell.source for cell in code(path) if "answer" in cell.metadata.get("tags", [])]
    assert code(path)[-1].source == "report.save()"


def series_not_there(language: str) -> set[str]:
    """What is said of the optional series that nobody publishes."""
    absent = [table for table in SERIES if not (DATA / f"{table.name}.csv").exists()]
    said = texts(language)
    return {said[key] for table in absent if (key := f"missing.{short(table)}") in said}


@stem
def test_2021_leaves_nothing_out(path: Path, outputs: Path) -> None:
    assert left_out_of_2021(outputs.parent, path, "vi") <= series_not_there("vi")


def left_out_of_2021(folder: Path, path: Path, language: str) -> set[str]:
    """Reasons of what a notebook left out; its files are there."""
    section = manifest(folder, 2021, path, language)
    assert sum(each.endswith(".png") for each in section["files"]) >= (2 if path == OVERVIEW else 3)
    for each in section["files"]:
        assert (folder / "2021" / each).stat().st_size > 0
    # A budget year that has closed has no forecast, and says so.
    return set() if path == INVESTMENT else {each["why"] for each in section["skipped"]}


@stem
def test_every_row_written_leads_to_printed_figures_or_a_series(path: Path, outputs: Path, data: Any) -> None:
    files = manifest(outputs.parent, 2021, path)["files"]
    tables = [outputs / each for each in files if each.startswith("tables/")]
    assert tables
    for table in tables:
        rows = pd.read_csv(table, keep_default_na=False)
        ids = {each for line in rows.get("figure_ids", ()) for each in line.split()}
        series = {each for each in rows.get("series_source_id", ()) if each}
        assert ids or series, table.name
        assert series <= set(data.sources.index) - {"synthetic-example"}, table.name
        assert ids <= {*data.everything.index, *data.tables.figures["figure_id"]}, table.name
        outside = (
            "covid_figures",
            "overview_checks",
            "overview_review",
            "overview_year",
            "page_one",
            "growth_",
            "investment_",
        )
        if path.stem != "04_years_and_neighbours" and not table.stem.startswith(outside):
            assert ids <= set(data.figures.index), f"{table.name} rests on figures outside the report"


@pytest.mark.slow
@stem
def test_a_year_the_code_has_not_seen_runs_and_says_what_is_missing(
    path: Path, tmp_path: Path, next_year_dir: Path
) -> None:
    execute(path, tmp_path, next_year_dir, 2023)
    section = manifest(tmp_path, 2023, path)
    why = " ".join(each["why"] for each in section["skipped"])
    if path.stem == "01_covid_waves":
        assert "không in bảng giai đoạn dịch" in why
        assert not [each for each in section["files"] if each.endswith(".png")]
    else:
        assert section["files"]
        assert why or path == NEIGHBOURS  # which shows every year that any source has


@pytest.mark.slow
@stem
def test_another_run_shows_what_was_published(path: Path, other_run: tuple[int, str, Path]) -> None:
    year, language, folder = other_run
    if year == 2021:
        assert left_out_of_2021(folder.parent, path, language) <= series_not_there(language)
        return
    section = manifest(folder.parent, year, path, language)
    drawn = {each for each in section["files"] if each.endswith(".png")}
    if path.stem == "01_covid_waves":  # no phase table; the ministry's counts run into January 2022
        names = ("daily_cases", "reproduction") if year == 2022 else ()
        assert drawn == {f"charts/{language}/covid_{each}.png" for each in names}
    else:
        assert drawn
    assert section["skipped"] or path == NEIGHBOURS  # which shows every year that any source has
    assert all(each["why"] for each in section["skipped"])


RUN_ELSEWHERE = (2021, 2022)  # by the tests above


@pytest.mark.slow
@pytest.mark.parametrize("year", [each for each in published_years(DATA)["91"] if each not in RUN_ELSEWHERE])
def test_every_year_that_is_held_runs_and_writes_sound_tables(year: int, run_of: Callable[[int, str], Path]) -> None:
    """A year of few figures meets what no other does, such as a plan without an upper end among its targets."""
    tables = sorted((run_of(year, "en") / "outputs" / str(year) / "tables").glob("*.csv"))
    assert tables
    for path in tables:
        cells = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert not cells.isin(["inf", "-inf", "nan", "NaN", "None", "<NA>", "NaT"]).any(axis=None), path.name


ABSENT = {
    "covid": ["covid_", "measure_"],
    "growth": ["grdp_", "growth_", "tourism_"],
    "outputs": ["industrial_", "retail_"],
    "investment": ["pubinv_"],
    "target": ["pubinv_disbursed_plan_ratio"],
    "quarter": ["grdp_growth_vs", "grdp_growth_rank"],
    "overview": ["target", "task_", "programme_", "online_", "report_"],
}

# The notebooks, by their number, that show figures of a topic.
SHOWN_IN = {
    "covid": [0, 1],
    "growth": [0, 2, 4],
    "outputs": [0, 2],
    "investment": [0, 3],
    "target": [3],
    "quarter": [2],
    "overview": [0],
}


WITHOUT = [("covid", 1), ("growth", 2), ("investment", 3), ("overview", 0)]  # each where it weighs most


def keep(data_dir: Path, wanted: Callable[[pd.DataFrame], pd.Series]) -> None:
    """Leave out figures of the report, and the checks that name them, as in data that never had them."""
    file, checks = data_dir / "printed/kien-giang-2021.csv", data_dir / "checks.csv"
    rows, declared = (pd.read_csv(each, dtype=str, keep_default_na=False) for each in (file, checks))
    gone = set(rows.loc[~wanted(rows), "figure_id"])
    rows[wanted(rows)].to_csv(file, index=False, lineterminator="\n")
    still = [not gone & set(re.findall(r"\[([^\]]+)\]", each)) for each in declared["formula"]]
    declared[still].to_csv(checks, index=False, lineterminator="\n")
    write_clean(data_dir)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("topic", "number"),
    [
        *WITHOUT,
        *at_length(*((topic, each) for topic in SHOWN_IN for each in SHOWN_IN[topic] if (topic, each) not in WITHOUT)),
    ],
)
def test_any_topic_may_be_absent(tmp_path: Path, data_dir: Path, topic: str, number: int) -> None:
    keep(data_dir, lambda rows: ~rows["indicator"].map(lambda each: each.startswith(tuple(ABSENT[topic]))))
    execute(PATHS[number], tmp_path / "out", data_dir, 2021)
    assert (tmp_path / "out/2021/manifest.json").is_file()


def test_the_progress_and_the_plan_need_no_target(tmp_path: Path, data_dir: Path) -> None:
    keep(data_dir, lambda rows: rows["basis"] != "plan")
    (path,) = (each for each in PATHS if each.stem == "03_public_investment")
    execute(path, tmp_path / "out", data_dir, 2021)
    section = manifest(tmp_path / "out", 2021, path)
    charts = [each for each in section["files"] if each.endswith(".png")]
    assert charts == [f"charts/vi/investment_{each}.png" for each in ("course", "holders", "rates", "versions")]
    assert "hãy đặt tham số target_ratio_pct" in " ".join(each["why"] for each in section["skipped"])


@pytest.mark.slow
@pytest.mark.parametrize("path", [COVID, INVESTMENT], ids=lambda path: path.stem)
def test_without_the_optional_series_it_runs_and_says_what_is_left_out(
    path: Path, tmp_path: Path, data_dir: Path
) -> None:
    shutil.rmtree(data_dir / "series")
    execute(path, tmp_path / "out", data_dir, 2021)
    section = manifest(tmp_path / "out", 2021, path)
    assert sum(each.endswith(".png") for each in section["files"]) >= 2
    why = {each["why"] for each in section["skipped"]}
    if path.stem == "01_covid_waves":
        assert texts("vi")["missing.covid_daily"] in why
        assert not [each for each in section["files"] if "daily" in each or "reproduction" in each]


@pytest.mark.slow
def test_the_report_only_part_does_not_change_with_the_daily_counts(tmp_path: Path, data_dir: Path) -> None:
    execute(COVID, tmp_path / "with", data_dir, 2021)
    shutil.rmtree(data_dir / "series")
    execute(COVID, tmp_path / "without", data_dir, 2021)
    for file in (tmp_path / "without/2021").rglob("*.*"):
        if file.name != "manifest.json":
            assert (
                file.read_bytes() == (tmp_path / "with/2021" / file.relative_to(tmp_path / "without/2021")).read_bytes()
            )


def test_the_covid_notebook_takes_its_own_serial_intervals(tmp_path: Path) -> None:
    found = execute(COVID, tmp_path, DATA, 2021, serial_interval_mean_days=5.0, rt_window_days=14)
    assert next(iter(found["rts"])) == (5.0, 2.9)
    rows = pd.read_csv(tmp_path / "2021/tables/covid_reproduction.csv").set_index("date")
    cases = found["cases"]["used"]
    window = cases.loc["2021-12-01":"2021-12-14"].sum()
    assert rows.at["2021-12-14", "window_cases"] == window


@pytest.mark.parametrize("name", ["covid_daily_cases", "investment_versions", "overview_targets"])
def test_a_chart_of_the_readme_is_the_one_that_is_drawn(outputs: Path, name: str) -> None:
    shown = Image.open(ROOT / f"docs/images/{name}.png").convert("RGB")
    drawn = Image.open(outputs / f"charts/vi/{name}.png").convert("RGB").resize(shown.size)
    apart = ImageStat.Stat(ImageChops.difference(shown, drawn)).mean
    assert max(apart) < 3, "draw docs/images anew: python docs/gallery.py"  # of 255, for fewer pixels and colours


def test_a_data_folder_with_a_blank_and_braces_in_its_name(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "số liệu {2021}"))
    execute(COVID, tmp_path / "kết quả {x}", folder, 2021)
    assert (tmp_path / "kết quả {x}/2021/charts/vi/covid_phase_bars.png").is_file()
