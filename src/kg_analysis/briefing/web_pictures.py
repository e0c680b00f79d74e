"""Charts inside a web page: SVG that needs nothing from outside and stands beside others.

Responsibility: make a chart's SVG part of a page (ids of its own, text alternative, no style for the rest of the page)
and bring along the letters of its typeface, so that its labels keep the widths they were laid out with.
"""

from __future__ import annotations

import base64
import io
import logging
import re
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

from kg_analysis.briefing.labels import printable
from kg_analysis.charts.chart import Chart

_ID = re.compile(r'\b(id="|xlink:href="#|url\(#)')
_HEAD = re.compile(r"\s*<title>.*?</metadata>", re.S)
_STYLE = re.compile(r'<style type="text/css">.*?</style>', re.S)
_SIZE = re.compile(r'(<svg [^>]*?)width="[\d.]+pt" height="[\d.]+pt"')
_PATH = re.compile(r'(?<= d=")[^"]*')
_DECIMALS = re.compile(r"(\d+\.\d\d)\d+")
_TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")
_FACES = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}


def inline(chart: Chart, prefix: str) -> str:
    """SVG element of a chart, its finding as name and its alt text as description.

    Parameters
    ----------
    chart : Chart
    prefix : str
        Sets its ids apart from those of other charts on the page.
    """
    text = chart.svg.decode("utf-8")
    text = text[text.index("<svg ") :]
    names = f"{prefix}-title {prefix}-desc"
    title = f'<title id="{prefix}-title">{escape(printable(chart.title))}</title>'
    description = f'<desc id="{prefix}-desc">{escape(printable(chart.alt))}</desc>'
    text = _ID.sub(lambda found: f"{found[1]}{prefix}-", _STYLE.sub("", text))
    text = _HEAD.sub("", text, count=1).replace(">", f">{title}{description}", 1)
    text = _PATH.sub(lambda found: _DECIMALS.sub(r"\1", found[0]), text)  # never the labels: 4.321 is a number there
    return _SIZE.sub(rf'\1role="img" aria-labelledby="{names}"', text, count=1)


def faces(charts: Iterable[Chart]) -> str:
    """``@font-face`` rules with just the letters that the charts use."""
    letters = {letter for chart in charts for text in _TEXT.findall(chart.svg.decode("utf-8")) for letter in text}
    if not letters:
        return ""
    used = "".join(sorted({*letters, *map(chr, range(32, 127))}))
    named = {weight: f"url(data:font/ttf;base64,{_subset(name, used)})" for weight, name in _FACES.items()}
    return "".join(
        f"@font-face{{font-family:'DejaVu Sans';font-weight:{weight};src:{file}}}" for weight, file in named.items()
    )


@cache
def _subset(name: str, letters: str) -> str:
    """Typeface file that holds the letters alone, in base64."""
    import matplotlib as mpl  # noqa: PLC0415
    from fontTools import subset  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 13], glyph_names=False)
    options.drop_tables += ["FFTM"]
    with TTFont(Path(mpl.get_data_path()) / "fonts" / "ttf" / name, lazy=True, recalcTimestamp=False) as face:
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters)
        cutter.subset(face)
        content = io.BytesIO()
        face.save(content)
    return base64.b64encode(content.getvalue()).decode("ascii")
