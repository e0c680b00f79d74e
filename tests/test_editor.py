"""The editor's rules of a briefing: what leads, what stands beside, what is not said, who may issue."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
from functools import cache
from typing import Any

import pandas as pd
import pytest
from conftest import DATA, at_length, kept
from docx import Document

from kg_analysis.briefing import docx, editor, html, registry
from kg_analysis.briefing.build import build, first_page, page_one_sentences
from kg_analysis.briefing.content import Briefing
from kg_analysis.briefing.desk import Desk, Witness
from kg_analysis.briefing.registry import FRAMES, Frames
from kg_analysis.briefing.selection import LayoutChoice, read_selection
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext

WITHOUT_CHARTS = {"charts": []}
YEARS = [(2020, "91"), (2021, "91"), (2022, "91"), (2022, "89"), (2025, "91")]


def desk(year: int, area: str = "91", language: str = "vi") -> Desk:
    page = Witness(language)
    inputs = read_selection().inputs.model_dump()
    return Desk(ReportContext(load(DATA, year, area, citable=True), page), page, inputs)


def said(year: int, language: str = "vi", area: str = "91", **masthead: str) -> Briefing:
    """The briefing without its charts, which is quick, made once; not to be changed."""
    return _said(year, language, area, tuple(masthead.items()))


@cache
def _said(year: int, language: str, area: str, masthead: tuple[tuple[str, str], ...]) -> Briefing:
    usual = read_selection(None, language)
    parts = {name: part.model_copy(update=WITHOUT_CHARTS) for name, part in usual.part.items()}
    head = usual.masthead.model_copy(update=dict(masthead))
    choice = usual.model_copy(update={"part": parts, "masthead": head})
    name = "-".join(["said", str(year), language, area, *(each for pair in masthead for each in pair)])
    return kept(name, lambda: build(load(DATA, year, area, citable=True), choice, slides=False))


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return said(2021)


def sentences(briefing: Briefing) -> list[str]:
    opening = briefing.page_one.sentences if briefing.page_one else ()
    return [each.text for each in [*opening, *(one for part in briefing.parts for one in part.sentences)]]


# --- what leads


def test_the_settled_figure_leads_and_the_superseded_estimate_is_its_error(briefing: Briefing) -> None:
    assert briefing.page_one is not None
    rows = briefing.page_one.numbers.data.set_index("indicator")
    paid = rows.loc["pubinv_disbursed_plan_ratio"]
    assert (paid["actual"], paid["standing"]) == (71.66, "settled")
    assert "kg21-pubinv-disbursed" in paid["superseded_ids"]
    shown = " ".join(each.text for row in briefing.page_one.numbers.rows for each in row)
    assert "83,12%" not in shown
    assert any("83,12%" in each and "sai số" in each for each in sentences(briefing))


@pytest.mark.parametrize(("year", "area"), YEARS)
def test_no_key_number_is_one_that_another_superseded(year: int, area: str) -> None:
    rows = desk(year, area).frames["key_numbers"]
    assert 1 <= len(rows) <= 10
    superseded = {each for line in rows["superseded_ids"] for each in line.split()}
    leads = {each for line in rows["figure_ids"] for each in line.split()}
    assert not superseded & leads


def test_page_one_of_2021_has_ten_numbers_beside_plan_last_year_delta_and_nation(briefing: Briefing) -> None:
    assert briefing.page_one is not None
    lines, _ = briefing.page_one.numbers.laid_out()
    assert lines[0] == ["Chỉ tiêu", "Thực hiện", "Kế hoạch", "Năm trước", "Hạng trong vùng", "Cả nước", "Đánh giá"]
    assert lines[1] == [
        "Tốc độ tăng GRDP",
        "0,58%",
        "6,01%",
        "3,05%",
        "9–12/13 (nêu 6/13)",
        "2,58%",
        "Chưa đạt; số ước",
    ]
    assert len(lines) == 11
    assert len(briefing.page_one.sentences) == 3


def test_the_largest_known_fact_leads_page_one_marked_as_of_another_source(briefing: Briefing) -> None:
    assert briefing.page_one is not None
    first = briefing.page_one.sentences[0].text
    assert "26.980" in first and "684" in first
    assert first.endswith("(Nguồn ngoài báo cáo năm 2021.)")


def test_the_larger_of_two_facts_leads_and_a_small_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {"row": {"period": "after"}, "factor": "times", "at_least": 1.0}
    rules = [rule | {"sentence": "a", "frame": "one"}, rule | {"sentence": "b", "frame": "two"}]
    monkeypatch.setattr(editor, "rules", lambda: {"largest": rules})
    rows = {name: pd.DataFrame({"period": ["after", "all"], "times": [times, 99.0]}) for name, times in
            (("one", 2.0), ("two", 3.0))}  # fmt: skip
    assert editor.largest_fact(rows) == "b"
    assert editor.largest_fact({name: rows["one"].assign(times=0.5) for name in rows}) == ""
    assert editor.largest_fact({name: pd.DataFrame() for name in rows}) == ""


def test_what_a_report_does_not_leave_out_is_not_marked() -> None:
    found = page_one_sentences(desk(2022))
    assert len(found) == 3
    assert not any("Nguồn ngoài" in each.text for each in found)


def test_a_settled_count_leads_an_estimate_and_the_councils_targets_the_partys() -> None:
    found = page_one_sentences(desk(2022))
    assert found[-1].text.startswith("Trong 24 chỉ tiêu HĐND tỉnh giao, 24 chỉ tiêu")
    assert desk(2022).frames["target_totals"]["basis"].tolist() == ["actual", "estimate"]


def test_two_years_never_count_a_day_of_the_epidemic_twice() -> None:
    rows = [desk(year).frames["key_numbers"].set_index("indicator") for year in (2021, 2022)]
    for name in ("covid_cases", "covid_deaths"):
        assert rows[0].at[name, "as_of"] < rows[1].at[name, "start"]
    totals = desk(2021).frames["totals"].set_index("period")
    assert rows[0].at["covid_cases", "actual"] + rows[1].at["covid_cases", "actual"] == totals.at["all", "cases"]


def test_a_figure_that_an_uncited_page_revised_is_marked_and_hatched() -> None:
    """4.52% of the first half of 2021 was published again as 3.54% by a page that is not cited."""
    frames = desk(2021).frames
    assert "kg21-growth-h1" in frames["ctx"].data.replaced
    text = frames.call(registry.SENTENCES["growth_third_quarter"])
    assert "4,52% của 6 tháng (số công bố 12/2021, sau đó đã được điều chỉnh)" in text
    rates = frames["year_rates"].set_index("period")["basis"]
    assert (rates["H1"], rates["9M"]) == ("estimate", "actual")


# --- what stands beside, what is not said


def test_contrary_evidence_stands_right_after_the_claim() -> None:
    assert editor.with_evidence(["x", "covid_size", "y"]) == ["x", "covid_size", "covid_after_table", "covid_lag", "y"]
    for claim, evidence in editor.rules()["beside"].items():
        assert {claim, *evidence} <= registry.SENTENCES.keys()


def test_the_rank_claim_of_2021_is_never_without_what_contradicts_it(briefing: Briefing) -> None:
    claims = [each for each in sentences(briefing) if "6/13" in each]
    assert claims
    assert all("chưa thống nhất" in each for each in claims)


@pytest.mark.parametrize(("growth", "absurd"), [(0.58, False), (7.7, True), (-8.0, True)])
def test_a_scenario_that_is_absurd_for_the_year_is_not_made(growth: float, absurd: bool) -> None:
    here = desk(2021)
    years = pd.DataFrame({"year": [2021], "growth_pct": [growth]})
    frames = Frames(here.here, {"nine_years": years})
    assert editor.is_absurd("growth_catch_up", frames) is absurd
    assert not editor.is_absurd("growth_periods", frames)


def test_a_year_of_fast_growth_asks_for_no_year_at_zero() -> None:
    results = {each.id for section in said(2022).sections for one in section.calculations for each in one.results}
    assert "needed_q4" not in results
    assert "undisbursed" in results


def test_every_rule_names_what_exists() -> None:
    rules = editor.rules()
    named = [each for group in rules["page_one"]["sentences"] for each in group]
    assert {*named, *(each["sentence"] for each in rules["largest"])} <= registry.SENTENCES.keys()
    assert {each["frame"] for each in [*rules["largest"], *rules["absurd"]]} <= FRAMES.keys()


@pytest.mark.slow
@pytest.mark.parametrize(("year", "area"), [*YEARS[:2], *at_length(*YEARS[2:])])
def test_a_target_is_named_with_its_year(year: int, area: str) -> None:
    for text in sentences(said(year, area=area)):
        for clause in re.findall(r"[^.;]*mục tiêu[^.;]*", text, flags=re.I):
            assert re.search(r"năm \d{4}|của năm|\d{4}", text), clause


@pytest.mark.parametrize(("year", "words"), [(2024, "từ 6,7% trở lên hoặc từ 7% trở lên"), (2021, "6,01%")])
def test_every_target_of_a_year_keeps_its_word_wherever_it_stands(year: int, words: str) -> None:
    found = said(year)
    assert found.page_one is not None
    assert found.page_one.numbers.rows[0][2].text == words
    aimed = [each for each in sentences(found) if re.search(r"mục tiêu (của năm \()?(từ )?\d", each) and "GRDP" in each]
    assert len(aimed) >= 2
    assert all(words in each for each in aimed)


def test_a_share_is_set_beside_the_plan_of_its_own_page_only() -> None:
    """75.22% of 2024 was published in March 2025; the plan of another page of November 2024 is not its plan."""
    row = desk(2024).frames["balance"].iloc[0]
    assert (row["ratio_pct"], row["plan_from"]) == (75.22, "")
    assert pd.isna(row["plan_bn_vnd"])


def test_the_reader_is_not_told_what_the_data_do_not_hold() -> None:
    found = said(2022)
    assert len(found.left_out) > 3
    word = "\n".join(each.text for each in Document(io.BytesIO(docx.write(found, LayoutChoice()))).paragraphs)
    page = html.write(found, LayoutChoice()).decode()
    assert not [each for each in found.left_out if each in word or each in page]


def test_a_year_far_from_zero_asks_nothing_about_a_year_at_zero() -> None:
    assert "GRDP cả năm bằng năm trước" in " ".join(sentences(said(2021)))
    assert "GRDP cả năm bằng năm trước" not in " ".join(sentences(said(2022)))


def test_revisions_districts_causes_and_sectors_are_named(briefing: Briefing) -> None:
    text = " ".join(sentences(briefing))
    for each in ("15/15 huyện", "hoàn thành 19 (trong đó đúng, trước hạn 5; trễ hạn 14)", "thiếu kiểm tra, đôn đốc"):
        assert each in text
    assert "dịch vụ ước tăng 0,14%" in text
    counted = int(re.search(r"(\d+) số liệu đã được điều chỉnh", text)[1])  # type: ignore[index]
    part = next(each for each in briefing.parts if each.name == "trust")
    at = next(number for number, each in enumerate(part.sentences) if each.text.startswith("Số liệu đã được điều"))
    assert len([each for each in part.sentences[at:] if each.listed]) == counted


# --- sources, language, issuer


def test_the_series_behind_a_text_are_named_under_it(briefing: Briefing) -> None:
    parts = {each.name: each for each in briefing.parts}
    assert "bản tin của Bộ Y tế" in parts["covid_year"].source
    assert "quốc gia" in parts["covid_year"].source  # the portal, whose deaths the text counts
    assert "Bộ Y tế" not in parts["growth_year"].source


def test_a_paper_answers_for_its_own_articles_in_the_same_way_each_time() -> None:
    """The newspaper of the Ministry of Finance is no page that reposts others; only its lists of a topic would be."""
    sources = load(DATA, 2021, "91").tables.sources
    articles = sources[~sources["url"].fillna("").str.contains(r"/tag/|/topic/")]
    grades = articles[articles["kind"] == "press"].groupby("issuer")["grade"].nunique()
    assert list(grades.index[grades > 1]) == []


def test_the_newest_total_that_may_be_cited_leads_and_no_first_month() -> None:
    assert said(2023).page_one is not None
    rows = said(2023).page_one.numbers.data.set_index("indicator")  # type: ignore[union-attr]
    assert str(rows.at["pubinv_disbursed_plan_ratio", "as_of"])[:10] == "2023-08-24"


def test_a_cell_keeps_the_word_of_the_page() -> None:
    """610 bn VND, 12% of the plan by February 2022 are "trên" and "gần" on the page."""
    table = next(each for each in said(2022).tables if each.name == "investment_balance")
    lines = {line[0]: line[1:] for line in table.laid_out()[0]}
    assert lines["Giải ngân (tỷ đồng)"] == ["2.208,979", "trên 610"]
    assert lines["So với kế hoạch (%)"] == ["43,11", "gần 12"]


def test_the_day_of_a_years_figures_is_one_where_they_share_it() -> None:
    text = " ".join(sentences(said(2019)))
    assert "đều tính đến ngày 31/03/2019" in text
    assert "từ 31/03/2019 đến 31/03/2019" not in text


def test_each_revision_says_what_was_revised() -> None:
    lines = [each.text for part in said(2020).parts for each in part.sentences if each.listed]
    assert len(lines) == 3
    assert all(re.match(r"Đối chiếu “.*2020.*”: ", each) for each in lines)


def test_a_line_rests_on_the_figures_that_it_prints(briefing: Briefing) -> None:
    trust = next(each for each in briefing.parts if each.name == "trust")
    line = next(each for each in trust.sentences if "4.362,0" in each.text)
    assert set(line.figure_ids) >= {"bdt161060-pubinv-plan", "kg21-pubinv-disbursed"}
    assert not [each for each in line.figure_ids if "grdp" in each]


def test_issuers_of_what_may_be_cited_are_names_and_no_addresses() -> None:
    sources = load(DATA, 2021, "91").tables.sources
    cited = sources[sources["grade"] != "aggregator"]
    assert not [each for each in cited["issuer"] if re.fullmatch(r"[\w.-]+\.(vn|com|net|org)(\s.*)?", each)]


def test_the_list_of_sources_holds_what_the_texts_rest_on_and_no_assumption(briefing: Briefing) -> None:
    inputs = [one for section in briefing.sections for each in section.calculations for one in each.inputs]
    assert {one.id: one.source for one in inputs}["trend"] == "giả định"
    register = load(DATA, 2021, "91", citable=True).tables.figures.set_index("figure_id")["source_id"]
    spoken = [
        *(briefing.page_one.sentences if briefing.page_one else ()),
        *(s for p in briefing.parts for s in p.sentences),
    ]
    behind = {register[one] for each in [*spoken, *inputs] for one in each.figure_ids if one in register}
    behind |= {one for each in spoken for one in each.series_ids}
    tabled = {register[one] for each in briefing.tables for ids in each.figure_ids for one in ids.split()}
    opening = briefing.page_one.numbers.figure_ids if briefing.page_one else ()
    tabled |= {register[one] for ids in opening for one in ids.split() if one in register}
    series = set(briefing.page_one.numbers.data["series_source_id"]) - {""} if briefing.page_one else set()
    assert len(briefing.sources) == len(behind | tabled | series)


@pytest.mark.slow
@pytest.mark.parametrize(("year", "area"), [*YEARS[:2], *at_length(*YEARS[2:])])
def test_no_source_below_the_floor_is_cited(year: int, area: str) -> None:
    data = load(DATA, year, area)
    low = data.tables.sources[data.tables.sources["grade"] == "aggregator"]
    cited = "\n".join(said(year, area=area).sources)
    assert len(low) > 50
    assert not [each for each in low["url"].dropna() if each and each in cited]


def test_a_source_below_the_floor_stops_the_briefing() -> None:
    register = pd.DataFrame({"grade": ["official", "aggregator", "press"]}, index=["a", "b", "c"])
    assert editor.below_floor(register) == ["b"]
    with pytest.raises(DataError, match="load with citable=True"):
        build(load(DATA, 2022, "91"), read_selection(), slides=False)


def words_of(briefing: Briefing) -> list[str]:
    """What the product words itself: no titles of sources, no names."""
    parts = list(briefing.parts)
    fixed = [briefing.title, briefing.published, *briefing.findings, *briefing.left_out, *briefing.words.values()]
    fixed += [each.heading for each in [*briefing.sections, *parts]] + [each for part in parts for each in part.caveats]
    return fixed + sentences(briefing)


@pytest.mark.slow
@pytest.mark.parametrize("year", [2021, *at_length(2020, 2022)])
def test_an_english_briefing_is_english(year: int) -> None:
    vietnamese = re.compile(r"\b(?:tỉnh|năm|đến|của|báo cáo|chỉ tiêu|không|giải ngân|Nguồn|kế hoạch|nghìn|tỷ đồng)\b")
    found = said(year, "en")
    assert not [each for each in words_of(found) if vietnamese.search(each)]
    titles = [each.split(",")[0] for each in found.sources]
    assert {*titles} <= {
        f"Annual report on {year}",
        "Annual report on 2021",
        "News item",
        "Statistical release",
        "Daily COVID-19 counts of the province",
    }


@pytest.mark.slow
@pytest.mark.parametrize("year", [2021, 2022, *at_length(2020)])
def test_a_vietnamese_briefing_is_vietnamese(year: int) -> None:
    english = re.compile(
        r"\b(?:the|quoting|estimate|province|statistics office|figures|of the|portal|magazine|via|VNA|GSO|MPI)\b"
    )
    found = said(year)
    assert not [
        each for each in [*words_of(found), *found.sources] if english.search(re.sub(r"https?://\S+", "", each))
    ]


@pytest.mark.parametrize(
    ("day", "name"), [("2021-12-01", "Kiên Giang"), ("2025-06-30", "Kiên Giang"), ("2025-07-01", "An Giang")]
)
def test_the_issuer_is_the_authority_of_the_day(day: str, name: str) -> None:
    areas = load(DATA, 2021, "91").all_areas
    assert editor.issuer_on("91", dt.date.fromisoformat(day), areas) == name


def test_a_briefing_is_dated_by_its_newest_source_and_never_before_it() -> None:
    found = said(2021)
    assert found.day == dt.date(2026, 11, 24)  # on which the daily counts were taken
    assert found.masthead.issuer.endswith("AN GIANG")
    assert "nay thuộc tỉnh An Giang" in found.title
    with pytest.raises(DataError, match=r"masthead\.date 2021-12-31 lies before 2026-11-24"):
        said(2021, date="2021-12-31")
    early = said(2020)
    assert early.day < dt.date(2025, 7, 1)
    assert early.masthead.issuer.endswith("KIÊN GIANG")


@pytest.mark.parametrize("year", [2018, 2020, 2023])
def test_no_sentence_speaks_of_a_year_after_the_newest_source(year: int) -> None:
    found = said(year)
    years = {int(each) for text in sentences(found) for each in re.findall(r"\b20\d\d\b", text)}
    assert max(years) <= found.day.year


def test_a_city_of_the_government_is_called_a_city() -> None:
    found = said(2023, area="92")
    assert found.masthead.issuer.endswith("THÀNH PHỐ CẦN THƠ")
    assert not re.search("tỉnh Cần Thơ", " ".join([found.title, found.masthead.closing, *sentences(found)]), re.I)


def test_the_sectors_of_a_merged_year_are_those_of_its_own_boundary() -> None:
    text = desk(2025).frames.call(registry.SENTENCES["growth_sectors"])
    assert text.startswith("Theo khu vực (An Giang mới, cả năm)")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_one_leaves_room_for_recommendations(language: str) -> None:
    figure = first_page(ReportContext(load(DATA, 2021, "91", citable=True), NumberFormatter(language)))
    lines = [each.get_ydata()[0] for each in figure.artists + figure.lines if hasattr(each, "get_ydata")]
    assert len(lines) == 3
    assert min(lines) > 0.02


def test_a_province_that_was_merged_away_is_spoken_for_by_its_successor() -> None:
    areas = load(DATA, 2021, "91").all_areas
    assert editor.issuer_on("95", dt.date(2025, 6, 30), areas) == "Bạc Liêu"
    assert editor.issuer_on("95", dt.date(2026, 1, 1), areas) == "Cà Mau"


@pytest.mark.slow
def test_issuer_number_and_place_follow_the_date_or_what_is_asked() -> None:
    late = said(2020, date="2026-03-31").masthead
    assert (late.issuer, late.place_and_date[:8]) == ("ỦY BAN NHÂN DÂN\nTỈNH AN GIANG", "An Giang")
    assert "An Giang báo cáo như sau:" in late.opening
    assert "KIÊN GIANG" in said(2020).masthead.issuer
    asked = said(2021, issuer="SỞ TÀI CHÍNH", abbreviation="STC").masthead
    assert asked.issuer == "SỞ TÀI CHÍNH"
    assert re.fullmatch(r"Số:\s+/BC-STC", asked.number)


def test_the_document_opens_closes_and_rules_as_the_decree_asks(briefing: Briefing) -> None:
    word = Document(io.BytesIO(docx.write(briefing, LayoutChoice())))
    texts = [each.text for each in word.paragraphs if each.text.strip()]
    assert any(each.endswith("báo cáo như sau:") for each in texts[:4])
    assert [each for each in texts if each.endswith("./.")] == [
        each for each in texts if each.startswith("Trên đây là")
    ]
    head = word.tables[0].cell(0, 1)
    rule = next(each for each in head.paragraphs if each._p.findall(".//{*}pBdr"))
    length = 94 - 3.8 - 2 * rule.paragraph_format.left_indent.mm
    assert length == pytest.approx(docx.text_mm("Độc lập - Tự do - Hạnh phúc", 13), abs=0.2)


def lines_with_figures(briefing: Briefing, data: Dataset) -> list[tuple[str, list[str]]]:
    """Every sentence with the figures behind it and when each was published."""
    opening = list(briefing.page_one.sentences) if briefing.page_one else []
    every: list[Any] = [*opening, *(one for part in briefing.parts for one in part.sentences)]
    dated = data.tables.figures.set_index("figure_id")["vintage"]
    return [(each.text, [f"{one} ({dated.get(one, '?')})" for one in each.figure_ids]) for each in every]


@pytest.mark.slow
@pytest.mark.parametrize("year", [2021, 2022, 2024])
def test_every_sentence_with_a_number_has_figures_of_known_vintage(year: int) -> None:
    data = load(DATA, year, "91", citable=True)
    lines = lines_with_figures(said(year), data)
    sys.stdout.write("\n".join(f"{text}\n    {'; '.join(figures)}" for text, figures in lines))  # read with pytest -s
    assert len(lines) > 10
    assert not [each for _, figures in lines for each in figures if each.endswith("(?)")]
    plain = [text for text, figures in lines if not figures and re.search(r"\d,\d|\d%", text)]
    assert not [each for each in plain if "bản tin" not in each and "7 ngày" not in each]
