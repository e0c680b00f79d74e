"""The front door and the cookbook: every example as an analyst would run it, without the library's inside."""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import openpyxl
import pandas as pd
import pytest
from conftest import DATA, ROOT

import kg_analysis as kg
from kg_analysis.errors import DataError

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8"), re.DOTALL)
MODULES = [
    "queries",
    "bounds",
    "formats",
    "charts.theme",
    "charts.frame",
    "analysis.covid",
    "analysis.daily_counts",
    "analysis.key_numbers",
    "briefing.editor",
    "briefing.xlsx",
]


@pytest.fixture(autouse=True)
def plain_pictures() -> None:
    mpl.use("Agg")


def counts(folder: Path) -> pd.Series:
    """A made-up series that grows and falls, as an analyst would hold it."""
    days = pd.date_range("2024-03-01", periods=60, name="date")
    made = pd.Series([int(40 + 30 * min(n, 60 - n) / 10) for n in range(60)], days, name="cases")
    made.to_csv(folder / "my_counts.csv")
    return made


def test_every_block_of_the_cookbook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts(tmp_path)
    monkeypatch.setenv("KG_DATA", str(DATA))
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {}
    assert len(BLOCKS) > 10
    for block in BLOCKS:
        assert len([line for line in block.splitlines() if line.strip()]) <= 6, block
        exec(block, known)  # noqa: S102  the project's own documentation
    assert (tmp_path / "wave.xlsx").stat().st_size > 1000


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_DATA", str(DATA))
    module = importlib.import_module(f"kg_analysis.{name}")
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_the_front_door_opens_quickly_and_says_what_it_has() -> None:
    code = "import sys, kg_analysis as kg; print('pandas' in sys.modules, sorted(kg.__all__), kg.wave)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("False ['check', 'compare', 'daily_cases',")
    with pytest.raises(AttributeError, match="it has check, compare"):
        _ = kg.waves


def test_a_wave_in_one_line() -> None:
    wave = kg.wave(2021, data_dir=DATA).set_index("phase")
    assert wave.loc["wave", ["days", "cases", "cases_low", "cases_high"]].tolist() == [102, 6038, 5987, 6086]
    assert wave.loc["2", ["community_share_pct", "community_share_pct_low", "community_share_pct_high"]].tolist() == [
        39.4,
        38.8,
        39.9,
    ]
    assert wave.loc["wave", "community_share_pct_kind"] == "rounding"


def test_an_analysts_own_counts_need_no_report(tmp_path: Path) -> None:
    counts(tmp_path)
    mine = pd.read_csv(tmp_path / "my_counts.csv", parse_dates=["date"], index_col="date")["cases"]
    rt = kg.reproduction(mine)
    assert rt.index.equals(mine.index)
    last = rt["reproduction_number"].iloc[-1]
    assert rt["reproduction_number_low"].iloc[-1] < last < rt["reproduction_number_high"].iloc[-1]
    assert set(rt["reproduction_number_kind"].dropna()) == {"credible_95"}


def test_a_new_analysts_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Change a selection, add a column, plot with seaborn in the house look, export: no line needs the inside."""
    monkeypatch.setenv("KG_DATA", str(DATA))
    monkeypatch.chdir(tmp_path)
    import matplotlib.pyplot as plt  # noqa: PLC0415
    import seaborn as sns  # noqa: PLC0415

    wave = kg.wave(2021)
    phases = wave.query("phase != 'wave' and community_share_pct > 10").assign(
        cases_per_week=lambda rows: 7 * rows["mean_cases_per_day"]
    )
    with kg.style("en"):
        figure, axes = plt.subplots()
        sns.barplot(phases, x="phase", y="cases_per_week", ax=axes)
        kg.finish(figure, title="Phase 2 had 889 cases a week", source="Annual report 2021, section I.3", data=phases)
    assert figure.data is phases
    assert next(each.get_fontname() for each in figure.texts) == "Arimo"
    figure.savefig("mine.png")
    phases.to_excel("mine.xlsx", index=False)
    sheet = openpyxl.load_workbook("mine.xlsx").active
    assert [cell.value for cell in sheet[1]][-1] == "cases_per_week"
    assert sheet.cell(3, sheet.max_column).value == 889
    plt.close(figure)


def test_figures_are_chosen_by_topic_year_and_area() -> None:
    rows = kg.figures(topic="covid", years=[2021], data_dir=DATA)
    assert set(rows["topic"]) == {"covid"}
    assert set(rows["period_start"].dt.year) == {2021}
    assert pd.api.types.is_datetime64_any_dtype(rows["period_end"])
    assert rows["url"].notna().any() and rows["section"].notna().any()
    assert set(kg.figures(area=None, data_dir=DATA)["area_code"]) > {"91"}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: kg.figures(topic="covids", data_dir=DATA), "topics: administration, covid,"),
        (lambda: kg.figures(years=[1999], data_dir=DATA), "years 1999: no figure; there are figures for"),
        (lambda: kg.wave(2019, data_dir=DATA), "years with phases: 2021"),
        (lambda: kg.daily_cases("2019-01-01", "2019-02-01", data_dir=DATA), "days with counts: 2021-06-01 to"),
        (lambda: kg.trace("kg21-pubinv-disbursd", data_dir=DATA), "did you mean kg21-pubinv-disbursed"),
        (lambda: kg.figures(data_dir="nowhere"), "looked in nowhere"),
    ],
)
def test_what_is_not_there_is_said_with_the_choices(call, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError, match=says):
        call()


def test_a_number_is_followed_to_its_page_and_its_later_versions() -> None:
    versions = kg.trace("kg21-pubinv-disbursed-ratio", data_dir=DATA)
    assert versions["figure_id"].iloc[0] == "kg21-pubinv-disbursed-ratio"
    lead = versions[versions["leads"]].iloc[0]
    assert (lead["as_printed"], lead["basis"]) == ("71,66%", "actual")
    assert versions["sha256"].iloc[0] and versions["start"].iloc[0] > 0


def test_checks_of_a_year_come_with_verdicts_in_either_language() -> None:
    vi, en = (kg.check(2021, language=each, data_dir=DATA) for each in ("vi", "en"))
    assert len(vi) == len(en) > 100
    assert set(vi["verdict"]) == {"holds", "contradicts", "indeterminate"}
    assert (vi["title"] != en["title"]).mean() > 0.9
    assert vi.drop(columns=["title", "note"]).equals(en.drop(columns=["title", "note"]))
