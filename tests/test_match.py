"""What the figures of a text are proposed to measure, on single sentences and on whole made-up reports."""

from __future__ import annotations

import importlib
import sys
import textwrap
import time
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from conftest import DATA, ROOT
from made_up import edit

from kg_analysis.data.clean import build_clean
from kg_analysis.errors import DataError
from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.draft import COLUMNS, propose
from kg_analysis.vietnamese import UNITS, parse_amount

CORPUS = ROOT / "tests" / "fixtures" / "corpus"


def read_csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


INDICATORS, PATTERNS = read_csv(DATA / "indicators.csv"), read_csv(DATA / "label_patterns.csv")


def proposals(folder: Path, text: str, year: int = 2022, patterns: pd.DataFrame = PATTERNS) -> pd.DataFrame:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return propose(read_document(path), year=year, indicators=INDICATORS, patterns=patterns)


def figures(folder: Path, text: str, *columns: str, year: int = 2022) -> list[tuple[object, ...]]:
    rows = proposals(folder, text, year)
    return [tuple(row[each] for each in columns) for row in rows[rows["kind"] == "figure"].to_dict("records")]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The accuracy benchmark, whose comparison the corpus is held to."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    return importlib.import_module("bench_draft_accuracy")


def test_a_subject_carries_on_to_growth_and_plan(tmp_path: Path) -> None:
    text = "Giá trị sản xuất công nghiệp ước đạt 47.394,15 tỷ đồng, tăng 1,89% so với cùng kỳ và bằng 94,26% kế hoạch."
    assert figures(tmp_path, text, "indicator", "value", "basis", "comparator") == [
        ("industrial_output", 47394.15, "estimate", ""),
        ("industrial_output_growth", 1.89, "estimate", "same_period_last_year"),
        ("industrial_output_plan_ratio", 94.26, "estimate", "plan"),
    ]


def test_a_label_that_nobody_knows_is_left_to_a_person(tmp_path: Path) -> None:
    text = "Tổng mức bán lẻ đạt 5.000 tỷ đồng. Số lượng bò sữa nuôi tập trung đạt 12.500 con, tăng 7%."
    rows = proposals(tmp_path, text)
    last = rows[rows["as_printed"] == "tăng 7%"].iloc[0]
    assert (last["indicator"], last["value"]) == ("", 7)
    assert last["confidence"] < 0.5


def test_sectors_tell_the_growth_figures_of_one_sentence_apart(tmp_path: Path) -> None:
    text = "GRDP 9 tháng tăng 8,6%; trong đó nông, lâm nghiệp và thủy sản tăng 2,1%, khu vực III tăng 11%."
    assert figures(tmp_path, text, "indicator", "item", "period_type", "value") == [
        ("grdp_growth", "", "ytd", 8.6),
        ("grdp_growth", "agriculture", "ytd", 2.1),
        ("grdp_growth", "services", "ytd", 11.0),
    ]


def test_units_of_a_disbursement_list_by_the_patterns_and_by_name(tmp_path: Path) -> None:
    text = (
        "Đến 30/9/2022, các đơn vị có tỷ lệ giải ngân thấp: Sở Y tế 12,5%; huyện Trần Đề 15%; "
        "Trường Cao đẳng nghề (4,59%)."
    )
    rows = [row for row in figures(tmp_path, text, "indicator", "dimension", "item", "as_of") if row[1]]
    assert rows == [
        ("pubinv_disbursed_plan_ratio", "unit", "health", "2022-09-30"),
        ("pubinv_disbursed_plan_ratio", "unit", "tran_de", "2022-09-30"),
        ("pubinv_disbursed_plan_ratio", "unit", "truong_cao_dang_nghe", "2022-09-30"),
    ]


def test_a_printed_pair_is_money_paid_and_plan(tmp_path: Path) -> None:
    text = "Giá trị giải ngân vốn đầu tư công năm 2022 của tỉnh là 2.208.979/5.124.419 triệu đồng."
    assert figures(tmp_path, text, "indicator", "value", "unit_id", "unit", "basis") == [
        ("pubinv_disbursed", 2208.979, "bn_vnd", "triệu đồng", "actual"),
        ("pubinv_plan", 5124.419, "bn_vnd", "triệu đồng", "plan"),
    ]


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Thu ngân sách quý I ước đạt 900 tỷ đồng.", "estimate"),
        ("Phấn đấu thu ngân sách năm 2022 đạt 900 tỷ đồng.", "plan"),
        ("Kịch bản tăng trưởng: quý IV, GRDP tăng 9%.", "scenario"),
        ("Năm 2021, thu ngân sách đạt 900 tỷ đồng.", "actual"),
        ("Năm 2022, thu ngân sách đạt 900 tỷ đồng.", "estimate"),  # the year had not ended
        ("Năm 2023, thu ngân sách 900 tỷ đồng.", "plan"),
    ],
)
def test_basis(tmp_path: Path, text: str, basis: str) -> None:
    assert figures(tmp_path, f"Báo cáo ngày 15/12/2022.\n\n{text}", "basis", "indicator")[-1][0] == basis


def test_periods_are_inherited_and_comparisons_are_not(tmp_path: Path) -> None:
    text = (
        "6 tháng đầu năm, thu ngân sách đạt 500 tỷ đồng, tăng 5% so với năm 2021. Thu nội địa đạt 400 tỷ đồng.\n\n"
        "Tổng mức bán lẻ tháng 9 đạt 10 tỷ đồng; lũy kế 9 tháng đạt 90 tỷ đồng (cùng kỳ tăng 3%).\n"
    )
    assert figures(tmp_path, text, "value", "period_type", "period_end") == [
        (500.0, "half", "2022-06-30"),
        (5.0, "half", "2022-06-30"),
        (400.0, "half", "2022-06-30"),
        (10.0, "month", "2022-09-30"),
        (90.0, "ytd", "2022-09-30"),
        (3.0, "ytd", "2021-09-30"),
    ]


def test_the_section_heading_gives_next_years_plan(tmp_path: Path) -> None:
    text = "I. KẾT QUẢ NĂM 2022\n\nGRDP tăng 7%.\n\nII. NHIỆM VỤ NĂM 2023\n\nGRDP tăng 6,5%; thu nội địa 500 tỷ đồng.\n"
    assert figures(tmp_path, text, "value", "period_start", "basis", "section") == [
        (7.0, "2022-01-01", "estimate", "I"),
        (6.5, "2023-01-01", "plan", "II"),
        (500.0, "2023-01-01", "plan", "II"),
    ]


def test_counts_by_status_and_system(tmp_path: Path) -> None:
    text = "Thủ tướng Chính phủ giao 64 nhiệm vụ, đã hoàn thành 11 nhiệm vụ, trong đó có 05 nhiệm vụ trễ hạn."
    assert figures(tmp_path, text, "indicator", "item") == [
        ("task_count", "government/assigned"),
        ("task_count", "government/completed"),
        ("task_count", "government/overdue"),
    ]


def test_a_new_wording_needs_a_row_and_no_code(tmp_path: Path) -> None:
    text = "Tổng nguồn thu trong cân đối đạt 900 tỷ đồng."
    assert figures(tmp_path, text, "indicator") == [("",)]
    row = {"pattern": "tổng nguồn thu [trong cân đối]", "subject": "budget_revenue", "place": "before"}
    patterns = pd.concat([PATTERNS, pd.DataFrame([row])]).fillna("")
    rows = proposals(tmp_path, text, patterns=patterns)
    assert rows["indicator"].tolist() == ["budget_revenue"]


def test_cells_of_a_table_by_row_column_and_unit(tmp_path: Path) -> None:
    text = (
        "Bảng 1. Một số chỉ tiêu\n\n"
        "STT\tChỉ tiêu\tĐVT\tKế hoạch năm 2022\tƯớc TH quý I\n"
        "1\tTổng mức bán lẻ hàng hóa\tTỷ đồng\t61.000\t15.230,5\n"
        "2\tKim ngạch xuất khẩu\tTriệu USD\t1.250\t290\n"
    )
    assert figures(tmp_path, text, "indicator", "value", "unit_id", "basis", "period_type") == [
        ("retail_sales", 61000.0, "bn_vnd", "plan", "year"),
        ("retail_sales", 15230.5, "bn_vnd", "estimate", "quarter"),
        ("exports", 1250.0, "mn_usd", "plan", "year"),
        ("exports", 290.0, "mn_usd", "estimate", "quarter"),
    ]


def test_a_table_of_growth_by_sector_goes_by_its_caption(tmp_path: Path) -> None:
    text = (
        "Tốc độ tăng trưởng GRDP theo kịch bản (%)\n"
        "Ngành | Quý III | Cả năm\n"
        "Toàn tỉnh | 8,2 | 7,5\n"
        "Nông, lâm nghiệp và thủy sản | -0,5 | 3,3\n"
    )
    assert figures(tmp_path, text, "indicator", "item", "value", "unit_id", "period_type", "basis") == [
        ("grdp_growth", "", 8.2, "pct", "quarter", "scenario"),
        ("grdp_growth", "", 7.5, "pct", "year", "scenario"),
        ("grdp_growth", "agriculture", -0.5, "pct", "quarter", "scenario"),
        ("grdp_growth", "agriculture", 3.3, "pct", "year", "scenario"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Tháng 8 năm 2022.\n\nChỉ số sản xuất công nghiệp trong tháng tăng 2%.",
            [("iip_growth", "2022-08-01", "2022-08-31")],
        ),
        ("GRDP 9 tháng năm nay ước tính tăng 6%.", [("grdp_growth", "2022-01-01", "2022-09-30")]),
        ("Thu ngân sách tháng 9.2022 đạt 500 tỷ đồng.", [("budget_revenue", "2022-09-01", "2022-09-30")]),
        ("Ngày 23/6/2022, 6 tháng qua GRDP tăng 6%.", [("grdp_growth", "2022-01-01", "2022-06-30")]),
        (
            "6 tháng đầu năm, GRDP tăng 6%. Chỉ số giá tiêu dùng bình quân quý II tăng 3%. Thu ngân sách 900 tỷ đồng.",
            [("budget_revenue", "2022-01-01", "2022-06-30")],  # the quarter was only named in passing
        ),
        (
            "Thu ngân sách tháng 9 đạt 9 tỷ đồng; 9 tháng 80 tỷ đồng. Xuất khẩu 3 tỷ USD, tăng 1% so với tháng trước.",
            [("exports_growth", "2022-09-01", "2022-09-30")],
        ),
        ("Kịch bản 1: GRDP quý III và IV lần lượt là 6,7% và 8,2%.", [("grdp_growth", "2022-10-01", "2022-12-31")]),
        ("GRDP tăng 6%; cùng kỳ năm 2021, GRDP chỉ tăng 2%.", [("grdp_growth", "2021-01-01", "2021-12-31")]),
        (
            f"6 tháng đầu năm 2022, GRDP tăng 6%{' rõ' * 60}.\n\nHội Biển 2022, Hội Hoa 2022.\n\nXuất khẩu tăng 4%.",
            [("exports_growth", "2022-01-01", "2022-06-30")],  # a name that holds a year is no period
        ),
    ],
)
def test_periods_as_releases_word_them(text: str, told: list[tuple[str, ...]], tmp_path: Path) -> None:
    assert figures(tmp_path, text, "indicator", "period_start", "period_end")[-1:] == told


def test_lines_broken_by_hand_are_one_sentence(tmp_path: Path) -> None:
    whole = (
        "Chỉ số sản xuất toàn ngành công nghiệp tháng 8 năm 2022 tăng 2,5% so với cùng kỳ năm trước, trong đó: Ngành "
        "công nghiệp khai khoáng tăng 11,19%; ngành công nghiệp chế biến, chế tạo tăng 8,94%; sản xuất và phân phối "
        "điện tăng 18,75% so với cùng kỳ."
    )
    told = ("indicator", "item", "value", "period_end")
    broken = "\n".join(textwrap.wrap(whole, 88))
    assert figures(tmp_path, broken, *told) == figures(tmp_path, whole, *told)
    assert len(figures(tmp_path, broken, *told)) == 4


def test_what_contradicts_itself_is_never_sure_and_says_why(tmp_path: Path) -> None:
    text = (
        "GRDP năm 2022 tăng 7%. GRDP năm 2022 tăng 8%.\n\n"
        "Tính chung 9 tháng năm 2022, chỉ số giá tiêu dùng tăng 0,3% so với tháng trước.\n\n"
        "Quý I năm 2022, GRDP tăng 9%, nông, lâm nghiệp và thủy sản tăng 2%, công nghiệp và xây dựng tăng 5%, dịch vụ "
        "tăng 4%.\n"
    )
    rows = proposals(tmp_path, text)
    rows = rows[rows["kind"] == "figure"]
    assert [each.rpartition(" ")[2] for each in rows["evidence"]] == [
        *("clash:cell", "clash:cell", "clash:period"),
        *["clash:parts"] * 4,
    ]
    assert (rows["confidence"] <= 0.6).all()


def test_figures_among_unknown_ones_are_less_sure(tmp_path: Path) -> None:
    known = "Năm 2022, GRDP tăng 7% so với năm 2021."
    strange = "\n\nSố bò sữa nuôi tập trung là 12.500 con. Số chiếu cói dệt tay là 300 con."
    rows = [proposals(tmp_path, text, 2023) for text in (known, known + strange)]
    sure, doubted = (each[each["indicator"] == "grdp_growth"]["confidence"].iloc[0] for each in rows)
    assert sure >= 0.9 and sure - doubted > 0.02


def test_bounds_of_a_range_share_one_reading(tmp_path: Path) -> None:
    text = "Năm 2022, GRDP ước tăng 6%, thấp hơn kế hoạch đề ra là 7-7,5%."
    low, high = figures(tmp_path, text, "indicator", "period_end", "basis", "value")[-2:]
    assert (low[:3], low[3], high[3]) == (high[:3], 7.0, 7.5)
    assert low[2] == "plan"


def test_twelve_pages_with_all_topics(bench: ModuleType, tmp_path: Path) -> None:
    path, truth = importlib.import_module("bench_draft_review").twelve_pages(tmp_path)
    score = bench.measure("twelve pages", path, 2024, "98", truth)
    assert (score.found, score.digits_claimed) == (score.truth, score.digits)
    assert score.sure_share() >= 98, "\n".join(score.misses)
    assert score.sure >= 0.5 * score.truth, "\n".join(score.misses)


@pytest.mark.parametrize("times", [2, 8])
def test_time_is_linear_in_the_lines(tmp_path: Path, times: int) -> None:
    """4,000 lines take less than ten seconds, wherever they come from."""
    text = (CORPUS / "phu-tho-2024.txt").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line.strip()]
    start = time.process_time()
    proposals(tmp_path, "\n".join((lines * (1 + 250 * times // len(lines)))[: 250 * times]), 2024)
    assert time.process_time() - start < 10 * times / 16


def test_every_digit_has_a_row_with_the_columns_of_the_contract(tmp_path: Path) -> None:
    rows = proposals(tmp_path, "1. Mục\n\nTheo Quyết định số 5/QĐ-UBND, dịch COVID-19 làm 3 khu vực tăng 2%.\n")
    assert tuple(rows.columns) == COLUMNS
    assert rows["kind"].tolist() == ["section_number", "legal_reference", "virus_name", "figure", "figure"]
    assert proposals(tmp_path, "Không có số nào.\n").empty


@pytest.mark.parametrize(
    ("part", "least"),
    [
        ("building", {"value": 99, "unit": 99, "indicator": 97, "period": 97, "basis": 94, "item": 97}),
        ("judging", {"value": 98, "unit": 98, "indicator": 90, "period": 90, "basis": 90, "item": 90}),
    ],
)
def test_made_up_reports_of_other_provinces(bench: ModuleType, part: str, least: dict[str, float]) -> None:
    total = bench.Score()
    for name, path, year, area in bench.corpus(part):
        total.add(bench.measure(name, path, year, area, read_csv(path.with_suffix(".csv"))))
    assert total.digits_claimed == total.digits
    assert total.found >= 0.99 * total.truth
    low = {name: total.share(name) for name, aim in least.items() if total.share(name) < aim}
    assert not low, "\n".join(total.misses)
    assert total.sure_share() >= 95
    assert total.sure >= 0.15 * total.truth, "a confidence that is never high says nothing"


def test_the_report_of_2021(bench: ModuleType, report: Path) -> None:
    score = bench.measure("report", report, 2021, "91", bench.report_truth())
    assert score.digits_claimed == score.digits
    assert score.found == score.truth
    for name, aim in (("value", 98), ("unit", 98), ("place", 98), ("indicator", 90), ("period", 90), ("basis", 90)):
        assert score.share(name) >= aim, "\n".join(score.misses)
    assert score.sure_share() >= 95


def test_proposed_tokens_can_be_typed_as_they_stand() -> None:
    """The value of an exact token is the one that the reader of printed/ gives."""
    checked, refused = 0, []
    for row in read_csv(CORPUS / "corpora.csv").to_dict("records"):
        document = read_document(CORPUS / f"{row['name']}.txt")
        rows = propose(
            document, year=int(row["year"]), area_code=row["area_code"], indicators=INDICATORS, patterns=PATTERNS
        )
        for each in rows[(rows["indicator"] != "") & (rows["qualifier"] == "exact")].to_dict("records"):
            if each["unit_id"] not in UNITS or each["indicator"].endswith(("_change", "_vs_expectation")):
                continue
            beside = "" if each["unit"] in each["as_printed"].lower() or not each["unit"] else f" {each['unit']}"
            try:
                amount = parse_amount(each["as_printed"] + beside.replace("tỉ", "tỷ"), each["unit_id"])
            except DataError as error:
                refused.append(str(error))
                continue
            assert float(amount.value) == pytest.approx(each["value"]), each
            checked += 1
    assert checked > 500
    assert len(refused) < 0.03 * checked, refused


def test_a_plan_behind_a_stroke_is_no_second_result(tmp_path: Path) -> None:
    text = "Năm 2022, sản lượng lương thực của tỉnh ước đạt 38.100 tấn/KH 41.000-42.000 tấn."
    found = figures(tmp_path, text, "value", "basis", "evidence")
    assert [each[:2] for each in found] == [(38100, "estimate"), (41000, "plan"), (42000, "plan")]
    assert not any("clash" in str(each[2]) for each in found)


def test_what_lies_ahead_is_not_what_was_reached(tmp_path: Path) -> None:
    text = (
        "UBND tỉnh đánh giá kết quả 6 tháng đầu năm và bàn nhiệm vụ 6 tháng cuối năm 2022. Theo đó, GRDP tăng 6,5%, "
        "tổng vốn đầu tư toàn xã hội đạt 43% kế hoạch."
    )
    found = figures(tmp_path, text, "indicator", "period_end")
    assert found == [("grdp_growth", "2022-06-30"), ("social_investment_plan_ratio", "2022-06-30")]


def test_a_report_of_a_district_is_about_the_district(tmp_path: Path) -> None:
    text = (
        "Ngày 22/12, HĐND huyện Sông Cửa họp đánh giá năm 2022.\n\nNăm 2022, tổng giá trị sản xuất đạt 5.800 tỷ đồng, "
        "tăng 14,4%. Trong đó, nông, lâm nghiệp và thủy sản tăng 2,6%; thu ngân sách bằng 103,7% so với năm 2021.\n"
    )
    assert figures(tmp_path, text, "indicator", "item") == [
        ("total_output", "song_cua"),
        ("total_output_growth", "song_cua"),
        ("agriculture_output_growth", "song_cua"),
        ("budget_revenue_of_last_year", "song_cua"),
    ]


def test_targets_set_for_provinces_are_plans_of_each(tmp_path: Path) -> None:
    text = (
        "Chính phủ đặt mục tiêu tăng trưởng năm 2022.\n\nNhiều địa phương được đặt mục tiêu tăng trưởng GRDP năm 2022 "
        "từ 10% trở lên.\n\nCụ thể: Quảng Ninh: 12%; Hải Dương: 10,2%.\n"
    )
    found = figures(tmp_path, text, "indicator", "area_code", "basis")
    assert found[1:] == [("grdp_growth", "22", "plan"), ("grdp_growth", "30", "plan")]


def test_a_subject_without_an_indicator_is_named_with_its_row(data_dir: Path) -> None:
    edit(data_dir / "label_patterns.csv", (2, "subject", "no_such_thing"))
    with pytest.raises(DataError, match=r"label_patterns.csv row 2: subject 'no_such_thing' has no indicator"):
        build_clean(data_dir)


def test_every_measured_indicator_has_a_wording() -> None:
    measured = INDICATORS[~INDICATORS["kind"].isin(["statement", "list"])]["id"]
    subjects = set(PATTERNS["subject"]) - {""}
    without = [each for each in measured if not any(each == one or each.startswith(f"{one}_") for one in subjects)]
    assert not without
