"""PDF files with text as paragraphs, rows of tables and footnotes.

Responsibility: open the file, tell a scan and a locked or cut-off file from a report, and put the pages together. How
pages become lines stands in ``pdf_page``, how lines become paragraphs in ``pdf_flow``.
"""

from __future__ import annotations

import pypdfium2

from kg_analysis.errors import DataError
from kg_analysis.ingest.blocks import Block
from kg_analysis.ingest.pdf_flow import flow
from kg_analysis.ingest.pdf_page import PageContent, read_page

_MOST_PAGES = 500
_FEWEST_LETTERS = 10  # fewer on a page with a picture: a scan
_UNKNOWN = 0.05  # share of letters without a meaning from which the text cannot be used


def read_pdf(content: bytes) -> tuple[list[Block], list[str]]:
    """Blocks of a PDF in order of reading, and remarks on what was left out.

    Raises
    ------
    DataError
        If the file is cut off, broken, locked, too long, a scan, or written in fonts that do not say their letters.
    """
    if b"%%EOF" not in content[-4096:]:
        raise DataError("the PDF is cut off, its end is missing; get the file anew")
    try:
        pages = [read_page(page) for page in _pages(content)]
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        reason = "is locked with a password; save it without one" if locked else "is broken; get the file anew"
        raise DataError(f"the PDF {reason}") from None
    _refuse_scan(pages)
    _refuse_unknown_letters(pages)
    return flow(pages)


def _pages(content: bytes) -> list[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(content)
    if len(document) > _MOST_PAGES:
        raise DataError(f"the PDF has {len(document)} pages, at most {_MOST_PAGES} are read; give the report alone")
    if len(document) == 0:
        raise DataError("the PDF has no pages; get the file anew")
    return [document[index] for index in range(len(document))]


def _refuse_scan(pages: list[PageContent]) -> None:
    letters = [sum(each.isalpha() for piece in page.pieces for each in piece.text) for page in pages]
    scanned = [
        number
        for number, (page, count) in enumerate(zip(pages, letters, strict=True), 1)
        if page.pictures and count < _FEWEST_LETTERS
    ]
    remedy = "have their text recognised (OCR) and checked, or ask for the Word file"
    if scanned and len(scanned) * 2 >= len(pages):
        raise DataError(f"the PDF is a scan: {len(scanned)} of {len(pages)} pages hold a picture and no text; {remedy}")
    if scanned:
        listed = ", ".join(map(str, scanned))
        raise DataError(f"pages {listed} hold a picture and no text; {remedy}, or take them out of the file")


def _refuse_unknown_letters(pages: list[PageContent]) -> None:
    text = "".join(piece.text for page in pages for piece in page.pieces)
    unknown = sum(each == "\ufffd" or "\ue000" <= each <= "\uf8ff" or each == "\0" for each in text)
    if text and unknown / len(text) > _UNKNOWN:
        raise DataError(
            f"the fonts of the PDF do not say their letters ({unknown} of {len(text)} are unknown); ask for the Word "
            "file, or have the text recognised (OCR) and checked"
        )
