"""What is asked of a run or a batch: parameters, settings and orders, each refusal with what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg_analysis.errors import DataError
from kg_analysis.parameters import Order, build, divide, list_years, parse_settings, read_order
from kg_analysis.runs.batch import list_jobs
from kg_analysis.runs.run import Folders

# --- parameters


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"year": "2021"}, r"year = '2021' \(str\): input should be a valid integer"),
        ({"year": 2021.0}, "year = 2021.0"),
        ({"year": True}, r"year = True \(bool\)"),
        ({"year": 1821}, "greater than or equal to 1990"),
        ({"year": 2021, "language": "fr"}, "'vi' or 'en'"),
        ({"year": 2021, "area": 91}, r"area = 91 \(int\)"),
        ({"year": 2021, "area": "../x"}, "area = '../x'"),
        ({"year": 2021, "q4_share_pct": 100}, "less than or equal to 60"),
        ({"year": 2021, "q4_share_pct": float("nan")}, "finite"),
        ({"year": 2021, "q4_share_pct": "25"}, "valid number"),
        ({"year": 2021, "q4_share_pct": True}, "valid number"),
        (
            {"year": 2021, "q4_shares_pct": 25},
            "'q4_shares_pct' is not known, did you mean 'q4_share_pct'; choose across_publications, area, ",
        ),
        ({}, "'year' is missing"),
    ],
)
def test_a_wrong_parameter_names_itself_and_what_is_expected(values: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        build("02_growth_scenarios", **values)


def test_all_wrong_parameters_are_named_at_once() -> None:
    with pytest.raises(DataError) as caught:
        build("02_growth_scenarios", year="2021", language="fr", trend=6)
    assert len(caught.value.problems) == 3


def test_a_whole_number_is_a_number() -> None:
    assert build("02_growth_scenarios", year=2021, q4_share_pct=28).q4_share_pct == 28.0  # type: ignore[attr-defined]


def test_an_unknown_notebook_names_the_known_ones() -> None:
    with pytest.raises(DataError, match="did you mean '02_growth_scenarios'"):
        build("02_growth_scenario", year=2021)


def test_settings_are_exact_json_or_bare_text() -> None:
    found = parse_settings(["language=en", "q4_share_pct=28.5", "target_growth_pct=null", 'area="91"'])
    assert found == {"language": "en", "q4_share_pct": 28.5, "target_growth_pct": None, "area": "91"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["q4_share_pct=NaN"], "NaN is no exact value"),
        (["q4_share_pct=-Infinity"], "no exact value"),
        (["language"], "write name=value"),
        (["language=vi", "language=en"], "already set to 'vi'"),
        (["year=2022"], "use --year"),
        (["output_dir=/"], "use --output-dir"),
    ],
)
def test_settings_that_are_refused(settings: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_settings(settings)


def test_a_setting_that_no_notebook_has() -> None:
    with pytest.raises(DataError, match="'langage' is not known, did you mean 'language'"):
        divide(["00_report_overview"], {"langage": "en"})


# --- the order


@pytest.mark.parametrize(
    ("text", "years"),
    [("2015-2017,2020", [2015, 2016, 2017, 2020]), ("2021", [2021]), ([2022, 2021, 2022], [2021, 2022]), ("all", None)],
)
def test_years_of_an_order(text: str | Sequence[int], years: list[int] | None) -> None:
    assert list_years(text) == years


@pytest.mark.parametrize("text", ["2017-2015", "15", "2015-", "2015;2016", ""])
def test_years_that_are_none(text: str) -> None:
    with pytest.raises(DataError, match="is no year or span"):
        list_years(text)


def test_an_order_of_a_file_gives_way_to_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "batch.toml"
    path.write_text('years = "2015-2016"\nareas = ["01"]\n[parameters]\nlanguage = "en"\n')
    order = read_order(path, years="2017", areas=[], parameters={"q4_share_pct": 28})
    assert (order.years, order.areas, order.parameters) == ("2017", ["01"], {"language": "en", "q4_share_pct": 28})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("years = ", "batch.toml: no TOML in UTF-8"),
        ('year = "2015"', "batch.toml: 'year' is no part of an order; its parts: years, areas"),
        ("years = 2015", "^batch.toml: years = 2015 cannot be read; write years = [^\n]*$"),
        ("areas = [91]", r'^batch.toml: areas = \[91\] cannot be read; write areas = \["91"[^\n]*$'),
        ('areas = "91"', "batch.toml: areas = '91' cannot be read"),
        ("parameters = 1", "batch.toml: parameters = .* cannot be read; write numbers, texts"),
    ],
)
def test_an_order_that_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "batch.toml").write_text(text)
    with pytest.raises(DataError, match=message):
        read_order(tmp_path / "batch.toml")


def test_the_runs_of_an_order(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data", tmp_path / "notebooks", tmp_path / "out")
    published = {"01": [2015, 2016], "02": [2016]}
    order = Order(years="2016", notebooks=["01_covid_waves", "02_growth_scenarios"], parameters={"q4_share_pct": 28})
    jobs = list_jobs(order, folders, published)
    assert [(job.parameters.area, job.parameters.year, job.notebook) for job in jobs] == [
        (area, 2016, stem) for area in ("01", "02") for stem in ("01_covid_waves", "02_growth_scenarios")
    ]
    assert jobs[0].parameters.output_dir == "../out/01"
    with pytest.raises(DataError, match="years '': '' is no year"):
        list_jobs(read_order(None, years=""), folders, published)
    with pytest.raises(DataError, match=r"no figures of 1000, .*, 1011 and 8986 more in the areas chosen"):
        list_jobs(Order(years="1000-9999"), folders, published)
    with pytest.raises(DataError) as caught:
        list_jobs(Order(years="2016,2017", areas=["01", "03"], notebooks=["nope"]), folders, published)
    assert [each.partition(";")[0] for each in caught.value.problems] == [
        "area '03' has no figures",
        "no figures of 2017 in the areas chosen",
        "notebook 'nope' is not known",
    ]


@pytest.mark.parametrize("name", ["year", "area", "output_dir"])
def test_what_an_order_says_itself_is_no_parameter(tmp_path: Path, name: str) -> None:
    (tmp_path / "batch.toml").write_text(f'[parameters]\n{name} = "89"\n')
    with pytest.raises(DataError, match=f"batch.toml: parameter {name} is set for each run; use"):
        read_order(tmp_path / "batch.toml")
    with pytest.raises(DataError, match=f"batch: parameter {name}"):
        read_order(None, parameters={name: 1})
