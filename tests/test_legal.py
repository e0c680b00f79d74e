"""Legal documents as reports name them."""

from __future__ import annotations

from datetime import date

import pytest

from kg_analysis.errors import DataError
from kg_analysis.vietnamese import Mention, parse_mention


@pytest.mark.parametrize(
    ("token", "type_", "meant"),
    [
        (
            "Nghị quyết số 01/NQ-CP ngày 01/01/2021 của Chính phủ",
            "",
            Mention("resolution", "01/NQ-CP", date(2021, 1, 1), "Chính phủ"),
        ),
        (
            "Nghị quyết số 68/NQ-CP ngày 01 tháng 7 năm 2021",
            "",
            Mention("resolution", "68/NQ-CP", date(2021, 7, 1), "Chính phủ"),  # by the ending of its number
        ),
        ("Quyết định số 23/2021/QĐ-TTg", "", Mention("decision", "23/2021/QĐ-TTg", None, "Thủ tướng Chính phủ")),
        (
            "Chương trình số 09-CTr/TU ngày 15/4/2021",
            "",
            Mention("programme", "09-CTr/TU", date(2021, 4, 15), "Tỉnh ủy"),
        ),
        ("Chỉ thị số 16", "", Mention("directive", "16", None, "")),
        ("15", "directive", Mention("directive", "15", None, "")),
        ("Nghị quyết Đại hội XIII của Đảng", "", Mention("resolution", "", None, "Đại hội XIII của Đảng")),
    ],
)
def test_parts_of_a_mention(token: str, type_: str, meant: Mention) -> None:
    assert parse_mention(token, type_) == meant


@pytest.mark.parametrize(
    ("token", "type_", "message"),
    [
        ("15", "", "give its type"),
        ("Chỉ thị số 16", "plan", "is a directive, the row says plan"),
        ("Nghị quyết của tỉnh", "", "names no document"),
        ("Nghị quyết số 01/NQ-CP ngày 31/02/2021", "", "no date"),
    ],
)
def test_what_is_no_mention(token: str, type_: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_mention(token, type_)
