"""House style: colours by use, fonts and line work.

Responsibility: constants, and the measure of their contrast. A colour means the same on every chart of a briefing;
labels and line styles carry the meaning too, since two of the colours print as the same grey.
"""

from __future__ import annotations

from collections.abc import Iterable

INK, MUTED, RULE, SHADE = "#222222", "#595959", "#D9D9D9", "#F3F3F3"
FOCUS, SECOND, THIRD, CONTEXT = "#12436D", "#C04A00", "#1F7A72", "#737373"  # each at least 4.5:1 on white
PALE = "#C9D6E2"  # fill beside FOCUS, never for text

SIZE = (8.5, 4.8)  # inches
# Full width of the text of an A4 page, half a page, and two lower ones with larger text for a page of prose.
SIZES = {"full": SIZE, "half": (8.5, 6.4), "strip": (7.6, 3.6), "band": (7.6, 2.4)}
DPI = 200

HATCH = {"actual": "", "estimate": "////", "plan": "", "scenario": ""}
DASH = {"actual": "-", "estimate": "-", "plan": "--", "scenario": "--"}


def luminance(rgb: Iterable[float]) -> float:
    """Relative luminance of a colour, 0 (black) to 1 (white), as WCAG 2 defines it for contrast."""
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


THEME = {
    "font.family": "DejaVu Sans",  # ships with matplotlib and holds every Vietnamese letter
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "hatch.color": "white",
    "hatch.linewidth": 1.0,
    "text.color": INK,
    "text.parse_math": False,  # a label with two $ is text
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "ytick.left": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "kg_analysis",
    "pdf.fonttype": 42,  # text that can be searched and copied
}
