"""The grammar of printed figures: what every stretch with a digit is, and what number it says."""

from __future__ import annotations

import itertools
import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg_analysis.ingest.document import fold
from kg_analysis.ingest.draft import find_figures
from kg_analysis.ingest.numerals import FIGURE, Found


def found_in(text: str, year: int = 2021) -> list[Found]:
    return find_figures(text, fold(text), year)


def figures(text: str) -> list[tuple[str, Decimal | None, str, str]]:
    """Token, value, unit and qualifier of the figures of a text."""
    return [
        (text[each.start : each.end], each.value, each.unit, each.qualifier)
        for each in found_in(text)
        if each.kind == FIGURE
    ]


@pytest.mark.parametrize(
    ("text", "token", "value", "unit", "qualifier"),
    [
        ("đạt 47.394,15 tỷ đồng, tăng", "47.394,15 tỷ đồng", "47394.15", "tỷ đồng", "exact"),
        ("được giao 05 nhiệm vụ mới", "05 nhiệm vụ", "5", "nhiệm vụ", "exact"),
        ("quý III âm -6,58%, từ", "âm -6,58%", "-6.58", "%", "exact"),
        ("số doanh nghiệp giảm 20%, giải", "giảm 20%", "-20", "%", "exact"),
        ("GRDP tăng 12,8 % so với", "tăng 12,8 %", "12.8", "%", "exact"),
        ("tỷ lệ tăng gần 40% so", "tăng gần 40%", "40", "%", "approx_below"),
        ("giảm hơn 20% so với", "giảm hơn 20%", "-20", "%", "approx_below"),
        ("đạt từ 95% trở lên.", "từ 95% trở lên", "95", "%", "at_least"),
        ("thu khoảng 15.900 tỉ đồng;", "khoảng 15.900 tỉ đồng", "15900", "tỷ đồng", "vague"),
        ("đóng góp 0,94 điểm phần trăm vào", "0,94 điểm phần trăm", "0.94", "điểm phần trăm", "exact"),
        ("làm giảm 0,6 điểm% tăng trưởng", "giảm 0,6 điểm%", "-0.6", "điểm%", "exact"),
        ("trung bình 127 ca/ngày; trong", "127 ca/ngày", "127", "ca/ngày", "exact"),
        ("đón 8,5 triệu lượt khách trong", "8,5 triệu lượt khách", "8.5", "triệu lượt khách", "exact"),
        ("sản lượng trên 39 vạn tấn,", "trên 39 vạn tấn", "39", "vạn tấn", "approx_above"),
        ("tăng 59 bậc so với", "tăng 59 bậc", "59", "bậc", "exact"),
        ("hoàn thành ba nhiệm vụ còn", "ba nhiệm vụ", "3", "nhiệm vụ", "exact"),
        ("đạt 5, còn lại", "đạt 5", "5", "", "exact"),
    ],
)
def test_one_amount(text: str, token: str, value: str, unit: str, qualifier: str) -> None:
    assert figures(text) == [(token, Decimal(value), unit, qualifier)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("vượt chỉ tiêu năm (11/9 xã)", ["11", "9"]),
        ("giải ngân 2.208.979/5.124.419 triệu đồng", ["2208979", "5124419"]),
        ("giải ngân 1,2 tỷ đồng/24 tỷ đồng", ["1.2", "24"]),
        ("tăng từ 9,5 - 10%", ["9.5", "10"]),
        ("phấn đấu 9,0–10,0%", ["9.0", "10.0"]),
        ("xếp thứ 6/13 tỉnh, thành", ["6", "13"]),
        ("xếp thứ 4/13 tỉnh trong vùng và 26/63 cả nước", ["4", "13", "26", "63"]),
    ],
)
def test_two_figures_of_one_print(text: str, values: list[str]) -> None:
    assert [value for _, value, _, _ in figures(text)] == [Decimal(each) for each in values]


def test_a_pair_shares_its_unit_and_a_range_bounds() -> None:
    part, whole = (each for each in found_in("giải ngân 812,4/1.905 tỷ đồng") if each.kind == FIGURE)
    assert (part.unit, part.power, part.pair, whole.pair) == ("tỷ đồng", 9, "first", "second")
    low, high = (each for each in found_in("dự kiến tăng 6,5 - 7%") if each.kind == FIGURE)
    assert (low.qualifier, high.qualifier, low.unit) == ("at_least", "at_most", "%")


def test_a_change_from_one_level_to_another_is_no_fall_of_the_first() -> None:
    assert figures("hộ nghèo giảm từ 6,41% xuống còn 5,2%") == [
        ("6,41%", Decimal("6.41"), "%", "exact"),
        ("5,2%", Decimal("5.2"), "%", "exact"),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("từ ngày 21/6 trở đi", date(2021, 6, 21)),
        ("đến 30/9/2021 là", date(2021, 9, 30)),
        ("đến 31-12-2021 đạt", date(2021, 12, 31)),
        ("ngày 07 tháng 5 năm 2020", date(2020, 5, 7)),
        ("(12/10)", date(2021, 10, 12)),
    ],
)
def test_dates(text: str, day: date) -> None:
    (only,) = found_in(text)
    assert only.period == ("day", day, day)
    assert only.kind == "context_period"


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("quý III/2021", "quarter", "2021-07-01", "2021-09-30"),
        ("9 tháng đầu năm 2020", "ytd", "2020-01-01", "2020-09-30"),
        ("sáu tháng đầu năm", "half", "2021-01-01", "2021-06-30"),
        ("6 tháng cuối năm", "half", "2021-07-01", "2021-12-31"),
        ("tháng 10, 11", "phase", "2021-10-01", "2021-11-30"),
        ("tháng Tư", "month", "2021-04-01", "2021-04-30"),
        ("2021 - 2025", "phase", "2021-01-01", "2025-12-31"),
        ("năm 2022", "year", "2022-01-01", "2022-12-31"),
    ],
)
def test_periods(text: str, kind: str, first: str, last: str) -> None:
    (only,) = found_in(text)
    assert only.period is not None
    assert (only.period[0], only.period[1].isoformat(), only.period[2].isoformat()) == (kind, first, last)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dịch COVID-19", "virus_name"),
        ("Nghị quyết số 01/NQ-CP ngày 01/01/2021 của Chính phủ", "legal_reference"),
        ("Luật Đầu tư công số 39/2019/QH14", "legal_reference"),
        ("Chỉ thị 16", "legal_reference"),
        ("khoản 12", "section_number"),
        ("Giai đoạn 01", "name"),
        ("Tổ 770", "name"),
        ("5K", "name"),
        ("0277.3851234", "name"),
        ("từ 18 tuổi trở lên", "name"),
        ("đề án³", "footnote_mark"),
    ],
)
def test_what_is_no_figure_says_why(text: str, kind: str) -> None:
    assert [each.kind for each in found_in(text)] == [kind]


def test_further_numbers_of_a_directive_are_references_too() -> None:
    kinds = [each.kind for each in found_in("giảm từ Chỉ thị 16 xuống 15, 19 ở một số nơi")]
    assert kinds == ["legal_reference"] * 3


def test_a_list_bullet_is_no_minus() -> None:
    assert figures("- 5 xã đạt chuẩn") == [("5 xã", Decimal(5), "xã", "exact")]


def test_a_numeral_that_can_be_read_in_two_ways_is_marked() -> None:
    doubts = {
        each.value: each.doubtful for each in found_in("đạt 4.52% và 1,234.5 tỷ và 1.234 tỷ") if each.kind == FIGURE
    }
    assert doubts == {Decimal("4.52"): True, Decimal("1234.5"): True, Decimal(1234): False}


_WORDS = st.sampled_from(
    [
        "đạt",
        "tăng",
        "giảm",
        "12",
        "4,5%",
        "1.234",
        "21/6",
        "11/9",
        "xã",
        "ngày",
        "quý",
        "III",
        "năm",
        "2021",
        "-",
        "/",
        "(",
        ")",
        ";",
        ".",
        ",",
        "tỷ",
        "đồng",
        "thứ",
        "6",
        "COVID-19",
        "Nghị",
        "quyết",
        "số",
        "01/NQ-CP",
        "³",
        "từ",
        "đến",
        "trở",
        "lên",
        "tháng",
        "9",
        "gần",
        "%",
        "0",
        "٣",
        "\n",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=25).map(" ".join))
def test_no_digit_is_dropped_and_no_two_finds_overlap(text: str) -> None:
    finds = found_in(text)
    for one, two in itertools.pairwise(finds):
        assert one.end <= two.start
    for run in re.finditer(r"[0-9]+", text):
        assert any(each.start <= run.start() and run.end() <= each.end for each in finds)


@given(st.text(max_size=60))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_spellings_that_mean_the_same_fold_to_the_same() -> None:
    assert fold("Tỉ lệ hoà, quí III – kì họp") == fold("tỷ lệ hòa, quý III - kỳ họp")
