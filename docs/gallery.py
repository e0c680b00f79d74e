"""Makes docs/gallery.md and its pictures: every chart of the registry with the lines that make it, and page one.

Run: python docs/gallery.py. The pictures are small and of few colours, so that the repository stays light.
"""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from kg_analysis.briefing.build import first_page
from kg_analysis.briefing.desk import Desk, Witness
from kg_analysis.briefing.registry import FINDINGS, Finding
from kg_analysis.briefing.selection import read_selection
from kg_analysis.charts import frame
from kg_analysis.data.dataset import load
from kg_analysis.errors import DataError
from kg_analysis.narrative.context import ReportContext

DOCS = Path(__file__).resolve().parent
YEAR, AREA = 2021, "91"
# Charts that the English README shows.
README = ("covid_daily_cases", "growth_periods", "investment_versions", "growth_neighbours", "overview_targets")
WIDTH, COLOURS = 850, 64  # pixels; colours of a picture
HEAD = """# Gallery

Every chart with the lines that make it, for 2021 in Vietnamese; `NumberFormatter("en")` makes them in English. A
function of `kg_analysis.charts` takes frames and returns a matplotlib `Figure` whose rows are in `figure.data`;
`Frames` works the frames out that its parameters name. Made by `python docs/gallery.py`.

```python
from pathlib import Path

from kg_analysis.briefing.registry import Frames
from kg_analysis.data.dataset import load
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext

ctx = ReportContext(load(Path("data"), 2021, "91"), NumberFormatter("vi"))
frames = Frames(ctx)
```

## Page one

![Số liệu chủ yếu năm 2021](images/page_one.png)

```sh
kg briefing --year 2021    # writes page_one.png and page_one.pdf beside the four files
```
"""
ENTRY = """
## {title}

![{alt}](images/{name}.png)

```python
from kg_analysis.charts import {module}

figure = frames.call({module}.{function})
figure.savefig("{name}.png")
```
"""


def main() -> None:
    """Write the page and its pictures, in Vietnamese for all charts, in English for those of the README."""
    text = HEAD
    for language, folder in (("vi", DOCS / "images"), ("en", DOCS / "images" / "en")):
        folder.mkdir(parents=True, exist_ok=True)
        data, page, choice = load(DOCS.parent / "data", YEAR, AREA, citable=True), Witness(language), read_selection()
        desk = Desk(ReportContext(data, page), page, choice.inputs.model_dump())
        small(frame.png(first_page(desk.here)), folder / "page_one.png")
        for finding in FINDINGS.values():
            figure = drawn(finding, desk)
            if figure is None or finding.chart is None:
                continue
            words = figure.words  # type: ignore[attr-defined]
            if language == "en" and words.name not in README:
                continue
            small(frame.png(figure), folder / f"{words.name}.png")
            module, function = finding.chart.__module__.rpartition(".")[2], finding.chart.__name__
            if language == "vi":
                text += ENTRY.format(
                    title=words.title, alt=words.alt, name=words.name, module=module, function=function
                )
    (DOCS / "gallery.md").write_text(text.replace("\u00a0", " "), encoding="utf-8")


def drawn(finding: Finding, desk: Desk) -> Figure | None:
    """Chart of a finding; None where the year's figures do not allow it."""
    try:
        return None if finding.chart is None else desk.frames.call(finding.chart)
    except DataError:
        return None


def small(png: bytes, path: Path) -> None:
    """Write a picture in few colours and few pixels."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    height = round(WIDTH * picture.height / picture.width)
    picture.resize((WIDTH, height), Image.Resampling.LANCZOS).quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
