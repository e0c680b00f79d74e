"""Pictures of a drawn figure: PNG, SVG and PDF, each with title and alt text and without a clock.

Responsibility: turn a figure into bytes, drawing it as few times as can be.
"""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

SVG_DPI = 72  # points: the unit of the format


def png(figure: Figure, title: str, alt: str, compress_level: int = 3) -> bytes:
    """Picture of what is already drawn on the canvas; saving through matplotlib would draw it again."""
    info = PngInfo()
    info.add_itxt("Title", title, lang="", tkey="Title")
    info.add_itxt("Description", alt, lang="", tkey="Description")
    content = io.BytesIO()
    canvas_ = figure.canvas
    if not isinstance(canvas_, FigureCanvasAgg):
        raise TypeError(f"chart canvas is {type(canvas_).__name__}; open it with charts.frame.canvas")
    image = Image.frombuffer("RGBA", canvas_.get_width_height(), canvas_.buffer_rgba(), "raw", "RGBA", 0, 1).convert(
        "RGB"
    )
    image.save(content, format="png", pnginfo=info, dpi=(figure.dpi, figure.dpi), compress_level=compress_level)
    return content.getvalue()


def svg(figure: Figure, title: str, alt: str) -> bytes:
    """Vector picture; saving through the figure would first go through all of it once without drawing."""
    content = io.StringIO()
    canvas_, dpi = figure.canvas, figure.dpi
    try:
        figure.dpi = SVG_DPI
        FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None, "Title": title, "Description": alt})
    finally:
        figure.set_canvas(canvas_)
        figure.dpi = dpi
    return content.getvalue().encode("utf-8")


def pdf(figure: Figure, title: str, alt: str) -> bytes:
    """Vector picture for print."""
    content = io.BytesIO()
    undated = {"CreationDate": None, "Title": title, "Subject": alt}
    figure.savefig(content, format="pdf", facecolor="white", metadata=undated)
    return content.getvalue()
