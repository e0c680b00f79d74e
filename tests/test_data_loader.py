"""One loader: every table typed, the folder found, what was read remembered by its hashes."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest

from kg_analysis.data import Tables, load
from kg_analysis.data.clean import check_data, write_clean
from kg_analysis.data.dataset import load as load_dataset
from kg_analysis.errors import DataError

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load(DATA)


def test_dates_are_dates_codes_are_text_and_numbers_are_numbers(tables: Tables) -> None:
    for column in (tables.figures["period_start"], tables.covid_daily["date"]):
        assert pd.api.types.is_datetime64_dtype(column)
    assert set(tables.figures["area_code"]) >= {"00", "91"}
    assert tables.figures["value"].dtype == float
    frames = [each.name for each in dataclasses.fields(Tables) if each.name not in ("inputs", "folder")]
    assert all(isinstance(getattr(tables, name), pd.DataFrame) for name in frames)


def test_phases_carry_their_unit_in_their_name(tables: Tables) -> None:
    row = tables.covid_phases.iloc[1]
    assert (row["mean_cases_per_day"], row["community_cases_per_day"]) == (127, 50)
    assert (row["mean_cases_per_day_decimals"], row["community_cases_per_day_decimals"]) == (0, 0)


def test_a_number_by_wording_has_a_value_its_bounds_and_what_they_are(tables: Tables) -> None:
    figures = tables.figures.set_index("figure_id")
    level = figures.loc["cly34105-grdp-level-9m", ["value", "low", "high", "bound_kind"]]
    assert level.tolist() == [52473, 52473, 52474, "wording"]
    goal = figures.loc["kg21-pubinv-target-2022", ["value", "low", "high", "bound_kind"]]
    assert goal.isna().tolist() == [True, False, True, False]
    paid = tables.investment[tables.investment["source_id"] == "bnews-234887"].set_index("basis").loc["actual"]
    assert paid[["value_bn_vnd", "value_bn_vnd_low", "value_bn_vnd_high"]].tolist() == [610, 610, 620]
    assert paid["value_bn_vnd_kind"] == "wording"


def test_flags_that_exclude_a_day_are_told_from_remarks(tables: Tables) -> None:
    daily = tables.covid_daily.set_index(["source_id", "date"])["is_excluded"]
    assert daily["ncsc-portal-2022"][["2021-09-28", "2021-09-29", "2022-01-22"]].all()
    assert not daily["moh-bulletins-2021"]["2021-09-28"], "the collections differ: a remark"
    assert daily["moh-bulletins-2021"]["2022-01-22"]
    deaths = tables.covid_deaths_daily.set_index("date")["is_excluded"]
    assert deaths[["2022-01-10", "2022-01-11", "2022-01-22"]].all()
    assert deaths.sum() == 12


def test_the_days_of_the_best_estimate_are_those_of_its_collections(tables: Tables) -> None:
    daily = tables.covid_daily.pivot_table(index="date", columns="source_id", values="new_cases")
    until = daily.index <= "2021-10-25"
    assert (daily.loc[until, "moh-bulletins-2021"] == daily.loc[until, "vnexpress-covid-2021"]).all()
    assert (daily.loc[~until, "moh-bulletins-2021"] == daily.loc[~until, "ncsc-portal-2022"]).all()
    assert daily.loc["2021-09-28", ["moh-bulletins-2021", "ncsc-portal-2022"]].tolist() == [70, 49170]


def test_deaths_of_the_file_add_up_to_what_was_checked(tables: Tables) -> None:
    deaths = tables.covid_deaths_daily.set_index("date")["new_deaths"]
    assert deaths[:"2021-09-19"].sum() == 38  # the province's own count is 53
    assert deaths["2021-11-23"] == 7


def test_the_provinces_counts_are_never_the_ministrys(tables: Tables) -> None:
    covid = tables.figures[tables.figures["indicator"].str.startswith("covid_cases_new")]
    counters = covid.loc[covid["dimension"] != "", ["dimension", "item"]].value_counts()
    assert set(counters.index) == {("counted_by", "province"), ("counted_by", "ministry"), ("counted_by", "unnamed")}
    parts = covid.set_index("figure_id")["value"]
    groups = ("community", "lockdown", "quarantine")
    assert parts["bdt152496-cases-new-0913"] == sum(parts[f"bdt152496-cases-new-{each}-0913"] for each in groups) == 902


def test_figures_of_phu_quoc_are_never_the_provinces(tables: Tables) -> None:
    told = tables.figures["label"].str.contains("Phú Quốc") & tables.figures["indicator"].str.match("vacc|covid_cases")
    assert told.sum() == 9
    assert set(tables.figures.loc[told, "dimension"]) == {"district"}


def test_a_delta_interval_is_an_assumption_with_its_grounds(tables: Tables) -> None:
    found = tables.assumptions.set_index("id")
    pairs = {
        name: tuple(found.loc[[f"delta_interval_{name}_mean", f"delta_interval_{name}_sd"], "value"])
        for name in ("base", "low", "high")
    }
    assert pairs == {"base": (4.1, 2.9), "low": (3.2, 2.5), "high": (4.7, 3.3)}
    assert found.filter(like="delta_interval", axis=0)["basis"].str.contains("doi:").all()


def test_tables_are_read_once_and_a_changed_file_anew(data_dir: Path) -> None:
    first = load(data_dir)
    assert load(data_dir) is first
    content = (data_dir / "sources.csv").read_bytes()
    assert first.inputs["sources.csv"] == hashlib.sha256(content).hexdigest()
    (data_dir / "sources.csv").write_bytes(content.replace("Báo Đầu tư".encode(), "Đầu tư".encode()))
    assert load(data_dir) is not first


def test_the_folder_is_that_which_is_named_or_lies_above(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notebooks/deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks/deep")
    monkeypatch.delenv("KG_DATA", raising=False)
    assert load().folder == data_dir.resolve()
    monkeypatch.setenv("KG_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(
        DataError, match=f"looked in {re.escape(str(tmp_path / 'nowhere'))}; pass data_dir or set KG_DATA"
    ):
        load()


# --- boundary and vintage are part of a figure's identity


def merged(data_dir: Path) -> None:
    """Growth of the merged province, area 91 as well, about a quarter before and one after the merger."""
    path = data_dir / "printed/kien_giang_pages_2020_2022.csv"
    text = path.read_text(encoding="utf-8")
    row = 'x-{n},cucthongke-2080,,,"tăng {v}%",,,,GRDP,grdp_growth,91,an-giang-2025,,,quarter,{a},{b},actual,'
    row += "same_period_last_year,exact,,2025-10-05,\n"
    quarters = (("1", "8,00", "2021-07-01", "2021-09-30"), ("2", "9,00", "2025-07-01", "2025-09-30"))
    path.write_text(text + "".join(row.format(n=n, v=v, a=a, b=b) for n, v, a, b in quarters), encoding="utf-8")
    write_clean(data_dir)
    check_data(data_dir)


def test_the_merged_province_never_enters_a_result_of_the_old_one(data_dir: Path) -> None:
    before = load_dataset(data_dir, 2021, "91")
    merged(data_dir)
    after = load_dataset(data_dir, 2021, "91")
    assert len(load(data_dir).figures) == len(load(DATA).figures) + 2
    assert set(after.figures["boundary_version"]) == {"kien-giang"}
    assert "x-1" not in set(after.published.index)
    pd.testing.assert_frame_equal(after.grdp_growth, before.grdp_growth)
    assert load_dataset(data_dir, 2025, "91").area_name == "An Giang"


def test_a_figure_of_an_earlier_vintage_stays_beside_the_later_one(tables: Tables) -> None:
    half = tables.grdp_growth[(tables.grdp_growth["year"] == 2021) & (tables.grdp_growth["period"] == "H1")]
    total = half[half["sector"] == "total"].set_index("figure_ids")["growth_pct"]
    assert {total["kg21-growth-h1"], total["bm43077300-grdp-growth-h1-2021"]} == {4.52, 3.54}


# --- collections, grades, characters


def test_a_collection_names_the_source_of_each_row_and_errors_name_file_and_row(data_dir: Path) -> None:
    path = data_dir / "printed/kien_giang_covid_pages.csv"
    text = path.read_text(encoding="utf-8")
    row = text[: text.index("baokiengiang-13512")].count("\n") + 1
    path.write_text(text.replace("baokiengiang-13512", "nobody-2", 1), encoding="utf-8")
    with pytest.raises(DataError) as raised:
        check_data(data_dir)
    wanted = f"printed/kien_giang_covid_pages.csv row {row}: source 'nobody-2' is not in sources.csv; add it"
    assert any(each.startswith(wanted) for each in raised.value.problems)


@pytest.mark.parametrize(
    ("character", "code"),
    [
        ("\u200b", "U+200B"),
        ("\u202e", "U+202E"),
        ("\x07", "U+0007"),
        ("\u00ad", "U+00AD"),
        ("\ufdd0", "U+FDD0"),
        ("\U0001ffff", "U+1FFFF"),
        ("\u2028", "U+2028"),
    ],
)
def test_a_character_that_cannot_be_seen_is_refused_with_its_row(data_dir: Path, character: str, code: str) -> None:
    path = data_dir / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Số ca mắc mới", f"Số ca{character} mắc mới", 1), encoding="utf-8")
    row = text[: text.index("Số ca mắc mới")].count("\n") + 1
    with pytest.raises(DataError, match=re.escape(f"indicators.csv row {row}: holds {code}, a character")):
        load(data_dir)


def test_every_source_that_is_not_made_up_has_a_grade(data_dir: Path) -> None:
    path = data_dir / "sources.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",press,press,", ",press,,", 1), encoding="utf-8")
    with pytest.raises(DataError, match="grade is empty; choose one of official, statistics, press, aggregator"):
        load(data_dir)


def test_what_is_sent_holds_no_figure_of_a_page_that_reposts_others() -> None:
    sent, all_of_it = (load_dataset(DATA, 2022, "91", citable=each) for each in (True, False))
    sources = load(DATA).sources.set_index("id")["grade"]
    assert "aggregator" in set(all_of_it.figures["source_id"].map(sources))
    for figures in (sent.figures, sent.published, sent.everything):
        assert "aggregator" not in set(figures["source_id"].map(sources))
    assert "aggregator" not in set(sent.sources["grade"])
    assert not sent.checks["formula"].str.contains("bm43077300").any()
