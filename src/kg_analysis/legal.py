"""Legal documents as Vietnamese reports name them: type, number, date, issuer.

Responsibility: from a mention ("Nghị quyết số 01/NQ-CP ngày 01/01/2021 của Chính phủ") to its parts. What the mention
leaves out stays empty, but for the issuer that the number's ending names by rule.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from kg_analysis.errors import DataError
from kg_analysis.periods import parse_date

TYPES = {
    "nghị quyết": "resolution",
    "quyết định": "decision",
    "kế hoạch": "plan",
    "chỉ thị": "directive",
    "chương trình": "programme",
    "báo cáo": "report",
}
# Ending of the number, as the rules on drafting documents fix it, and whom it stands for.
_ISSUERS = {
    "NQ-CP": "Chính phủ",
    "QĐ-TTg": "Thủ tướng Chính phủ",
    "CT-TTg": "Thủ tướng Chính phủ",
    "NQ/TU": "Tỉnh ủy",
    "CTr/TU": "Tỉnh ủy",
    "NQ-HĐND": "HĐND tỉnh",
    "QĐ-UBND": "UBND tỉnh",
    "KH-UBND": "UBND tỉnh",
    "BC-UBND": "UBND tỉnh",
}
_SPELLINGS = {"Hội đồng nhân dân tỉnh": "HĐND tỉnh", "UBND tỉnh Kiên Giang": "UBND tỉnh"}
_MENTION = re.compile(
    rf"(?:(?P<type>{'|'.join(TYPES)})\s+)?(?:số\s+)?(?P<number>\d+[\w/-]*)"
    r"(?:\s+ngày\s+(?P<date>\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}))?"
    r"(?:\s+của\s+(?P<issuer>[^\d]+))?",
    re.IGNORECASE,
)


_CONGRESS = re.compile(r"Nghị quyết (Đại hội\b[^\d]*)")  # issued without a number; the congress is its issuer


@dataclass(frozen=True)
class Mention:
    """A legal document as mentioned.

    Attributes
    ----------
    type, number : str
        The number empty for the resolution of a congress, which has none.
    date : date or None
        None where it is not printed.
    issuer : str
        In its short form, as printed or by the number's ending; empty where neither says.
    """

    type: str
    number: str
    date: date | None
    issuer: str


def parse_mention(token: str, type_: str = "") -> Mention:
    """Parts of a mention of a legal document.

    Parameters
    ----------
    token : str
        As printed.
    type_ : str, optional
        Type where the token leaves it out, e.g. the "15" of "Chỉ thị 16, 15".

    Raises
    ------
    DataError
        If the token is no mention, says no type, or says another type than the one given.
    """
    text = unicodedata.normalize("NFC", token).strip()
    if congress := _CONGRESS.fullmatch(text):
        return Mention("resolution", "", None, congress[1])
    match = _MENTION.fullmatch(text)
    if not match:
        raise DataError(f"{token!r} names no document; expected e.g. Nghị quyết số 01/NQ-CP ngày 01/01/2021")
    printed = TYPES.get((match["type"] or "").lower(), "")
    if not (printed or type_):
        raise DataError(f"{token!r} does not say what kind of document it is; give its type")
    if printed and type_ and printed != type_:
        raise DataError(f"{token!r} is a {printed}, the row says {type_}; empty the row's type")
    ending = re.sub(r"^\d+(/\d{4})?[/-]", "", match["number"])
    day = parse_date(match["date"], 0) if match["date"] else None
    issuer = (match["issuer"] or _ISSUERS.get(ending, "")).strip()
    return Mention(printed or type_, match["number"], day, _SPELLINGS.get(issuer, issuer))
