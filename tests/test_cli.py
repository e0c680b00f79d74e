"""The commands as a user calls them: real processes, real kernels, exit codes and messages."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import DATA, FULL, ROOT, at_length, contents, kg, kg_forked, kg_here, small_notebook
from killing import as_in_a_terminal

from kg_analysis.data.dataset import load

STEMS = ("00_report_overview", "01_covid_waves", "02_growth_scenarios", "03_public_investment")
CLEAN = pd.read_csv(DATA / "clean/figures.csv")
PRINTED = len(pd.read_csv(DATA / "printed/kien-giang-2021.csv"))
FIGURES = len(load(DATA, 2021, "91").figures)
ROW = CLEAN["figure_id"].tolist().index("kg21-growth-h1") + 2

# values that the 2021 report gives, as a Vietnamese page prints them
EXPECTED = {
    "00_report_overview": [
        "Trong 24 chỉ tiêu HĐND tỉnh giao, ước 13 chỉ tiêu đạt và vượt kế hoạch (8 vượt, 5 đạt); 11 chỉ tiêu không đạt",
        "tính đến ngày 20/12/2021: được giao 64, đã hoàn thành 11, đang thực hiện 53 (trong đó trễ hạn 5)",
        "7 nội dung chưa thống nhất, cần rà soát",
        "83,12% (mục I.4.a); 71,66%",
        "được giao 21, đã hoàn thành 19 (trong đó đúng, trước hạn 5; trễ hạn 14), còn lại 2",
    ],
    "01_covid_waves": [
        "986 ca (957–1.014)",
        "4.572 ca (4.554–4.589)",
        "480 ca (476–483)",
        "6.038 ca (5.987–6.086)",
        "17,6% (14,3–21,2)",
        "39,4% (38,8–39,9)",
        "5,0% (4,1–5,9)",
        "33,1% (32,0–34,2)",
        "7,47 lần (7,23–7,73)",
        "giảm 94,0%",
        "giảm 26,0%",
        "khi bảng số liệu của báo cáo dừng",
        "441,7 ca/ngày vào ngày 07/11/2021",
        "cao hơn 79,2% (77,7–80,7) ở giai đoạn 3",
        "29.866 ca và 539 ca tử vong",
        "26.980 ca",
    ],
    "02_growth_scenarios": [
        "ước tăng 0,58%; mục tiêu 6,01%; năm 2020 ước tăng 3,05%; cả nước ước tăng 2,58%",
        "chiếm 0,58 quy mô 9 tháng",
        "tính được quý IV tăng khoảng 2,3–3,5%",
        "Nếu quý IV tăng khoảng 0,3–0,6%",
        "mức dự kiến là 3%",
        "−1,03%",
        "thực hiện bằng 23% mức tăng kế hoạch",
        "phải tăng 14,9%",
        "đã cho tốc độ tăng 7,0%",
        "đóng góp 1,06 điểm phần trăm",
        "tăng bình quân 5,6% mỗi năm",
    ],
    "03_public_investment": [
        "5.198,3 tỷ đồng (5.197,6–5.199,0)",
        "877,5 tỷ đồng (877,1–877,9)",
        "71,66% kế hoạch",
        "còn 1.487,3 tỷ đồng chưa giải ngân",
        "còn thiếu 1.224,9 tỷ đồng",
        "289,3 tỷ đồng/tháng",
        "−11,46 điểm phần trăm",
        "giảm 10,78 điểm phần trăm",
    ],
}


def project(folder: Path, data_dir: Path) -> Path:
    """A project elsewhere: its own data, the notebooks."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(data_dir, folder / "data")
    return folder


@pytest.fixture
def copy(executed: Path, tmp_path: Path) -> Path:
    """A copy of the project in which 2021 has been run."""
    return Path(shutil.copytree(executed, tmp_path / "project"))


def text_of(path: Path) -> str:
    """What a reader of an executed notebook sees, with plain blanks."""
    book = json.loads(path.read_text(encoding="utf-8"))
    shown = [
        "".join(content)
        for cell in book["cells"]
        for output in cell.get("outputs", [])
        for kind, content in output.get("data", {}).items()
        if kind.startswith("text/")
    ]
    shown += ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]
    return "\n".join(shown).replace("\u00a0", " ")


def test_the_main_job_writes_notebooks_charts_and_tables_and_lists_them(executed: Path) -> None:
    said = (executed / "stderr").read_text()
    listed = {line for line in (executed / "stdout").read_text().splitlines() if line.startswith("outputs/")}
    assert listed == {f"outputs/{name}" for name in contents(executed / "outputs")}
    assert {f"outputs/2021/{stem}.ipynb" for stem in STEMS} <= listed
    assert len([each for each in listed if each.endswith(".png")]) >= 16
    assert f"checked: {FIGURES} figures for Kiên Giang 2021" in said
    assert all(f"done {stem}" in said for stem in STEMS)


@pytest.mark.parametrize("stem", STEMS)
def test_the_values_of_the_report_appear_in_the_executed_notebooks(outputs: Path, stem: str) -> None:
    text = text_of(outputs / f"{stem}.ipynb")
    assert [value for value in EXPECTED[stem] if value not in text] == []


def test_every_chart_is_shown_in_its_notebook(outputs: Path) -> None:
    for stem in STEMS:
        book = json.loads((outputs / f"{stem}.ipynb").read_text(encoding="utf-8"))
        pictures = [
            output
            for cell in book["cells"]
            for output in cell.get("outputs", [])
            if "image/png" in output.get("data", {})
        ]
        section = json.loads((outputs / "manifest.json").read_text())["notebooks"][stem]
        assert len(pictures) == sum(name.endswith(".png") for name in section["files"])


def test_the_executed_notebooks_have_the_language_of_the_run(outputs: Path) -> None:
    for stem in STEMS:
        book = json.loads((outputs / f"{stem}.ipynb").read_text(encoding="utf-8"))
        prose = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]
        assert not [text for text in prose if re.search(r"^(> )?\*[^*]+\*$", text, re.M)], "English is left"


def test_no_output_names_a_machine_path(executed: Path) -> None:
    for name, content in contents(executed / "outputs").items():
        assert str(executed).encode() not in content, name
        assert str(ROOT).encode() not in content, name


def sections(project: Path) -> dict[str, Any]:
    return json.loads((project / "outputs/2021/manifest.json").read_text(encoding="utf-8"))["notebooks"]


@pytest.mark.slow
def test_running_twice_gives_the_same_bytes_and_english_beside_them(executed: Path, copy: Path, server: Any) -> None:
    before = contents(executed / "outputs")
    stems = sorted(sections(executed)) if FULL else ["01_covid_waves", "03_public_investment"]
    asked = ("run", "--year", 2021, "--jobs", 2, *(option for stem in stems for option in ("--notebook", stem)))
    again = kg(*asked, cwd=copy)
    assert again.returncode == 0, again.stderr
    assert contents(copy / "outputs") == before
    assert kg_forked(server, *asked, "--set", "language=en", cwd=copy).exit_code == 0
    after = contents(copy / "outputs")
    same = {name for name in before if not name.endswith("manifest.json")}
    assert {name for name in same if after[name] != before[name]} == set()
    english = {name for name in after if "/charts/en/" in name or name.endswith(".en.ipynb")}
    assert after.keys() == before.keys() | english
    made = sections(copy)
    charts = [each for stem in stems for each in made[stem]["files"] if each.startswith("charts/vi/")]
    assert len(english) == len(charts) + len(stems)


@pytest.mark.slow
def test_a_new_year_runs_without_a_code_change(next_year_dir: Path, tmp_path: Path, server: Any) -> None:
    folder = project(tmp_path / "new", next_year_dir)
    stems = ("01_covid_waves", "02_growth_scenarios", "03_public_investment")
    options = ("--year", 2023, "--set", "language=en", "--set", "q4_share_pct=28")
    options += tuple(option for stem in stems for option in ("--notebook", stem))
    result = kg_forked(server, "run", *options, cwd=folder)
    assert result.exit_code == 0, result.stderr
    assert re.search(r"left out of 01_covid_waves: .* prints no phases of a COVID-19 wave", result.stdout)
    assert "There is no phase table together with daily counts" in text_of(
        folder / "outputs/2023/01_covid_waves.en.ipynb"
    )
    growth = text_of(folder / "outputs/2023/02_growth_scenarios.en.ipynb")
    assert "7.25%" in growth
    assert "20–30%" in growth
    assert not list((folder / "outputs/2023/charts/en").glob("covid_*"))
    assert list((folder / "outputs/2023/charts/en").glob("investment_*.png"))


# --- errors: the place, the remedy, an exit code, and the last good outputs untouched


BREAK = {
    "wrong column": (
        "clean/covid_phases.csv",
        lambda text: text.replace("mean_cases_per_day,", "mean_case_per_day,", 1),
        "did you mean 'mean_cases_per_day'",
    ),
    "decimal comma": ("clean/grdp_growth.csv", lambda text: text.replace(",-0.15,", ',"-0,15",'), "decimal point"),
    "duplicate key": (
        "printed/kien-giang-2021.csv",
        lambda text: text + text.splitlines()[1] + "\n",
        "already stands in row 2",
    ),
    "end before start": (
        "clean/covid_phases.csv",
        lambda text: text.replace("2021-08-17", "2021-06-01"),
        "ends before it starts",
    ),
    "community above total": (
        "clean/covid_phases.csv",
        lambda text: text.replace(",17,3,", ",17,30,"),
        "community cases exceed",
    ),
    "byte order mark": ("clean/tasks.csv", lambda text: "\ufeff" + text, "byte order mark"),
    "missing file": ("clean/investment.csv", None, "the file is missing"),
    "a changed digit": (
        "printed/kien-giang-2021.csv",
        lambda text: text.replace('"4,52%"', '"4,53%"'),
        "run `kg clean`",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAK)
def test_broken_data_stop_the_run_before_anything_is_written(copy: Path, server: Any, name: str) -> None:
    folder = copy
    file, change, message = BREAK[name]
    place = f"clean/figures.csv row {ROW}: as_printed" if name == "a changed digit" else file
    path, before = folder / "data" / file, contents(folder / "outputs")
    path.unlink() if change is None else path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    result = kg_forked(server, "run", "--year", 2021, cwd=folder)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert re.search(rf"^error: (data/)?{re.escape(place)}", result.stderr, re.M), result.stderr
    assert message in result.stderr
    assert contents(folder / "outputs") == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--year", 1999], "year 1999 has no figures; years with figures: 2015, 2017, 2018"),
        (["--year", 2021, "--set", "q4_shar_pct=25"], "did you mean 'q4_share_pct'"),
        (["--year", 2021, "--set", "q4_share_pct=25%"], "q4_share_pct = '25%' (str)"),
        (["--year", 2021, "--set", "q4_share_pct=NaN"], "no exact value"),
        (["--year", 2021, "--set", 'year="2021"'], "use --year"),
        (["--year", 2021, "--set", "area=79"], "area '79' has no figures; areas with figures: 00, 40, 51, 80"),
        (["--year", 2021, "--set", 'area="79"'], "area '79' has no figures; areas with figures: 00, 40, 51, 80"),
        (["--year", 2021, "--set", "language=fr"], "'vi' or 'en'"),
        (["--year", 2021, "--notebook", "04_budget"], "notebook '04_budget' is not known"),
        (["--year", 2021, "--data-dir", "nowhere"], "data folder nowhere does not exist"),
        (["--year", 2021, "--notebooks-dir", "nowhere"], "the notebook is missing"),
    ],
)
def test_wrong_arguments_stop_the_run(
    executed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[object], message: str
) -> None:
    monkeypatch.chdir(executed)
    result = kg_here("run", *arguments, "--output-dir", tmp_path / "out")
    assert result.exit_code == 1
    assert message in result.stderr
    assert isinstance(result.exception, SystemExit)
    assert not contents(tmp_path)


def test_a_year_that_is_no_number_is_refused_by_its_option() -> None:
    result = kg("run", "--year", "hai nghìn")
    assert result.returncode == 2
    assert "not a valid integer" in result.stderr


@pytest.mark.slow
def test_a_cell_that_raises_names_notebook_and_cell_and_leaves_the_rest(copy: Path, server: Any) -> None:
    before = contents(copy / "outputs")
    path = copy / "notebooks/02_growth_scenarios.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('"say(words.year, rates, nine_years)"', '"say(1)"'))
    stems = ("--notebook", "02_growth_scenarios", "--notebook", "03_public_investment")
    result = kg_forked(server, "run", "--year", 2021, *stems, cwd=copy)
    assert result.exit_code == 1
    assert re.search(r"error: 02_growth_scenarios.ipynb cell \d+ \(say\(1\)\): ", result.stderr)
    after = contents(copy / "outputs")
    assert "2021/02_growth_scenarios.failed.ipynb" in after
    del after["2021/02_growth_scenarios.failed.ipynb"]
    assert after == before


STUBBORN = """import time
from kg_analysis import cli
cli.LEAVING = 0.5
with cli.in_order():
    while True:
        try:
            print("ready", flush=True)
            time.sleep(60)
        except BaseException:
            pass
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_asked_to_end_ends_even_where_the_request_gets_lost(number: signal.Signals) -> None:
    command = [sys.executable, "-c", STUBBORN]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, preexec_fn=as_in_a_terminal)  # noqa: PLW1509  one thread
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    assert process.wait(20) == 128 + number


ONE_CHART = (
    "from kg_analysis.analysis import covid\nfrom kg_analysis.charts.covid import phase_bars",
    "run.show(phase_bars, covid.phase_summary(run.data.covid_phases))",
)


def papermill(folder: Path) -> list[str]:
    return ["papermill", "01_covid_waves.ipynb", "out.ipynb", "-p", "output_dir", str(folder / "o")]


def nbconvert(folder: Path) -> list[str]:
    return ["nbconvert", "--execute", "--to", "notebook", "--output-dir", str(folder), "01_covid_waves.ipynb"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tool", "place"),
    [(papermill, "/"), (nbconvert, "."), *at_length((papermill, "notebooks"), (papermill, "."), (nbconvert, "/"))],
)
def test_stock_tools_run_a_notebook_from_anywhere_or_name_the_folder_looked_in(
    tmp_path: Path, tool: Any, place: str
) -> None:
    folder = project(tmp_path / "p", DATA)
    small_notebook(folder, "01_covid_waves", *ONE_CHART)
    cwd = folder / place
    command = tool(tmp_path / "made")
    (tmp_path / "made").mkdir()
    command = [str(folder / "notebooks" / part) if part == "01_covid_waves.ipynb" else part for part in command]
    command = [str(tmp_path / part) if part == "out.ipynb" else part for part in command]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    result = subprocess.run(
        [sys.executable, "-m", *(["jupyter"] if tool is nbconvert else []), *command],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        env=environment,
    )
    if place == "/" and tool is papermill:  # nbconvert starts a notebook in its own folder
        assert "no data folder /data, nor data/ in / or above; set the parameter data_dir" in result.stderr
    else:
        assert result.returncode == 0, result.stderr[-2000:]
        assert list(tmp_path.glob("**/charts/vi/covid_*.png"))


@pytest.mark.parametrize(("asked", "found"), [("", "1"), ("3", "3")])
def test_a_command_calculates_in_one_thread_unless_more_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, asked: str, found: str
) -> None:
    name = "OPENBLAS_NUM_THREADS"
    monkeypatch.setenv(name, asked)
    if not asked:
        monkeypatch.delenv(name)
    assert kg_here("check", "--help").exit_code == 0
    assert os.environ[name] == found


def test_commands_explain_themselves_with_an_example() -> None:
    for command in ("clean", "check", "verify", "run"):
        text = kg(command, "--help").stdout
        assert f"Example: kg {command}" in text


def test_check_says_what_a_year_holds() -> None:
    result = kg("check", "--year", 2021)
    assert result.returncode == 0
    assert f"{FIGURES} figures for Kiên Giang 2021, published 2021-12" in result.stdout


def test_commands_work_from_any_folder_of_the_project() -> None:
    assert kg("check", cwd=ROOT / "notebooks").returncode == 0
    result = kg("check", cwd=Path(os.sep))
    assert result.returncode == 1
    assert "go to the project's folder or pass --data-dir" in result.stderr


def test_verify_confirms_every_row_and_fails_on_a_changed_one(report: Path, data_dir: Path) -> None:
    result = kg("verify", report)
    assert result.returncode == 0
    assert f"kien-giang-2021: all {PRINTED} printed figures stand in kien-giang-2021.txt" in result.stdout
    path = data_dir / "printed/kien-giang-2021.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("4.321 tỷ đồng", "4.322 tỷ đồng"), encoding="utf-8")
    result = kg("verify", report, "--data-dir", data_dir)
    assert result.returncode == 1
    assert re.search(
        r"error: printed/kien-giang-2021.csv row \d+: as_printed '4.322 tỷ đồng', but the report has", result.stderr
    )


def test_clean_regenerates_byte_for_byte(data_dir: Path) -> None:
    before = contents(data_dir)
    shutil.rmtree(data_dir / "clean")
    assert kg("clean", "--data-dir", data_dir).returncode == 0
    assert contents(data_dir) == before
