"""Web page: one file that needs no network and no script.

Responsibility: hand the content to the template ``page.html``, where every text is escaped: a label is never markup.
Charts stand in the page as SVG, drawn anew for a narrow screen, with the letters of the typeface that they need.
"""

from __future__ import annotations

import base64
import io
import logging
import re
from functools import cache
from html import escape
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from kg_analysis.briefing.content import Briefing, Figure, clean, printable, roman
from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.charts.theme import FACES

_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;]")
_ID = re.compile(r'\b(id="|xlink:href="#|url\(#)')
_HEAD = re.compile(r"\s*<title>.*?</metadata>", re.S)
_STYLE = re.compile(r'<style type="text/css">.*?</style>', re.S)
_SIZE = re.compile(r'(<svg [^>]*?)width="[\d.]+pt" height="[\d.]+pt"')
_PATH = re.compile(r'(?<= d=")[^"]*')
_DECIMALS = re.compile(r"(\d+\.\d\d)\d+")
_TAG = re.compile(r"<[^>]+>")
_WEIGHTS = dict(zip(("normal", "bold"), FACES, strict=True))


def write(briefing: Briefing, layout: LayoutChoice, template: bytes | None = None) -> bytes:
    """The page; it has a layout of its own and takes no template."""
    del layout, template
    place = files(__package__)
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(lambda name: place.joinpath(name).read_text(encoding="utf-8")),
    )
    environment.filters |= {"words": clean, "anchor": anchor, "roman": roman, "linked": _linked, "drawn": drawn}
    page = environment.get_template("page.html").render(briefing=briefing, words=briefing.words)
    letters = "".join(sorted({*_TAG.sub("", page), *map(chr, range(32, 127))}))
    style = place.joinpath("page.css").read_text(encoding="utf-8") + _faces(letters)
    return page.replace("/* style */", style, 1).encode("utf-8")


def anchor(name: str) -> str:
    """A name as an id within the page."""
    return re.sub(r"[^\w-]", "-", name)


def drawn(figure: Figure) -> Markup:
    """SVG of a chart, and that for a narrow screen, of which the page shows one."""
    name = f"chart-{anchor(figure.chart.name)}"
    wide = inline(figure.chart.svg, name, figure)
    if not figure.narrow:
        return Markup('<div class="scroll chart" tabindex="0">{}</div>').format(wide)
    narrow = inline(figure.narrow, f"{name}-narrow", figure)
    return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(wide, narrow)


def inline(svg: bytes, prefix: str, figure: Figure) -> Markup:
    """SVG element of a chart, its finding as name and its alt text as description; ``prefix`` makes its ids its own."""
    text = svg.decode("utf-8")
    text = text[text.index("<svg ") :]
    title = f'<title id="{prefix}-title">{escape(printable(figure.chart.title))}</title>'
    description = f'<desc id="{prefix}-desc">{escape(printable(figure.chart.alt))}</desc>'
    text = _ID.sub(lambda found: f"{found[1]}{prefix}-", _STYLE.sub("", text))
    text = _HEAD.sub("", text, count=1).replace(">", f">{title}{description}", 1)
    text = _PATH.sub(lambda found: _DECIMALS.sub(r"\1", found[0]), text)  # never the labels: 4.321 is a number there
    names = f'role="img" aria-labelledby="{prefix}-title {prefix}-desc"'
    return Markup(_SIZE.sub(rf"\1{names}", text, count=1))  # noqa: S704  matplotlib escapes every label it draws


def _linked(text: str) -> Markup:
    """A text with its addresses as links."""
    whole = escape(clean(text))
    link = r'<a href="\g<0>" rel="noopener noreferrer">\g<0></a>'
    return Markup(_ADDRESS.sub(link, whole))  # noqa: S704  escaped before


def _faces(letters: str) -> str:
    """``@font-face`` rules with just the letters that the page uses."""
    return "".join(
        f"@font-face{{font-family:Arimo;font-weight:{weight};src:url(data:font/ttf;base64,{_subset(name, letters)})}}"
        for weight, name in _WEIGHTS.items()
    )


@cache
def _subset(name: str, letters: str) -> str:
    """Typeface file that holds the letters alone, in base64."""
    from fontTools import subset  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 13], glyph_names=False)
    options.drop_tables += ["FFTM"]
    face_file = files("kg_analysis.charts").joinpath("fonts", name)
    with TTFont(io.BytesIO(face_file.read_bytes()), lazy=True, recalcTimestamp=False) as face:
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters)
        cutter.subset(face)
        content = io.BytesIO()
        face.save(content)
    return base64.b64encode(content.getvalue()).decode("ascii")
