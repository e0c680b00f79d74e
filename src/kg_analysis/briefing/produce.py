"""The files of a briefing, put into place together with their record in the manifest.

Responsibility: from a dataset and a selection to files. Nothing in place is touched before every new file is complete.
The same content gives the same bytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from kg_analysis import manifest
from kg_analysis.briefing.build import build
from kg_analysis.briefing.content import Briefing
from kg_analysis.briefing.desk import Desk, Missing, Witness
from kg_analysis.briefing.registry import SHOWN
from kg_analysis.briefing.selection import Selection
from kg_analysis.briefing.template import read_template
from kg_analysis.charts import frame
from kg_analysis.charts.frame import drawn
from kg_analysis.charts.overview import page_one
from kg_analysis.data.dataset import Dataset
from kg_analysis.disk import check_outputs, repacked
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext
from kg_analysis.spreadsheet import csv_bytes

FORMATS = ("docx", "pptx", "xlsx", "html")
PICTURES = ("png", "svg", "pdf")  # of the charts and of page one
SIZES = ("full", "half")  # of a chart: 160 x 90 mm and 160 x 120 mm
_PACKAGES = ("python-docx", "python-pptx", "xlsxwriter", "jinja2")  # that write its files


@dataclass(frozen=True)
class Produced:
    """What was written, under which name, and what the year's figures did not allow.

    Attributes
    ----------
    name : str
        ``briefing``, in English ``briefing-en``.
    files : tuple of Path
    left_out : tuple of str
        Reasons, each once; also what was taken out of a template.
    """

    name: str
    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def produce(
    data: Dataset, choice: Selection, folder: Path, formats: Iterable[str] = FORMATS, template: Path | None = None
) -> Produced:
    """Write a briefing in each format, page one as a picture, and the table of its numbers.

    Parameters
    ----------
    data : Dataset
    choice : Selection
    folder : Path
        Where the files go: ``briefing.docx`` …, ``page_one.png`` and ``.pdf``, in English ``briefing-en.docx`` …
    formats : iterable of str
        Of ``docx``, ``pptx``, ``xlsx`` and ``html``; with ``png``, ``svg`` or ``pdf``, its charts go to
        ``briefing-charts/``.
    template : Path or None
        Word file whose styles and header block take the place of the usual ones.

    Raises
    ------
    DataError
        An unknown format; a template that is none or carries what it may not; a folder that cannot be written; a file
        that is open elsewhere. Whatever was in place stays.
    """
    wanted = chosen(formats)
    if template is not None and "docx" not in wanted:
        raise DataError(f"{template.name}: a template is for docx, which --format leaves out; add docx or drop it")
    own, remarks = (None, []) if template is None else read_template(template)
    end = "" if choice.language == "vi" else f"-{choice.language}"
    written = [each for each in wanted if each in FORMATS]
    outputs = {each: folder / f"briefing{end}.{each}" for each in written}
    check_outputs(outputs, {"--template": template}, ())
    _refuse_open(folder, [f"briefing{end}.{each}" for each in written])
    briefing = build(data, choice, slides=not {"pptx", "xlsx"}.isdisjoint(written), narrow="html" in written)
    contents = {
        f"briefing{end}.{each}": written_as(each, briefing, choice, own if each == "docx" else None) for each in written
    }
    contents[f"tables/briefing{end.replace('-', '_')}_numbers.csv"] = csv_bytes(briefing.numbers.data)
    contents |= {f"page_one{end}.{kind}": page for kind, page in first_pages(briefing, data).items()}
    charts = [each for each in wanted if each in PICTURES]
    contents |= {f"briefing{end}-charts/{name}": picture for name, picture in pictures(data, choice, charts).items()}
    parameters = {"year": data.year, "area": data.area, "language": choice.language, "formats": wanted}
    skipped = [{"what": "briefing", "why": why} for why in briefing.left_out]
    packages = manifest.packages() | {each: version(each) for each in _PACKAGES}
    section = manifest.Section(parameters | {"selection": choice.model_dump()}, data.inputs, [], skipped, packages)
    key = manifest.key_of("briefing", parameters)
    manifest.commit(folder, key, contents, section, replaces=False)
    return Produced(f"briefing{end}", tuple(folder / name for name in contents), (*briefing.left_out, *remarks))


def written_as(name: str, briefing: Briefing, choice: Selection, template: bytes | None = None) -> bytes:
    """A briefing in one format; its module is imported when it is asked for, since each brings a library of its own."""
    content: bytes = importlib.import_module(f"kg_analysis.briefing.{name}").write(briefing, choice.layout, template)
    return content if name == "html" else repacked(content, briefing.day.isoformat())


def first_pages(briefing: Briefing, data: Dataset) -> dict[str, bytes]:
    """Page one of a briefing alone as an A4 picture, ``png`` and ``pdf``; none where no key number is known."""
    opening = briefing.page_one
    if opening is None:
        return {}
    context = ReportContext(data, NumberFormatter(briefing.language))
    figure = page_one(opening.numbers.data, [each.text for each in opening.sentences], context)
    return {"png": frame.png(figure), "pdf": frame.pdf(figure)}


def pictures(data: Dataset, choice: Selection, formats: Iterable[str]) -> dict[str, bytes]:
    """Every chart of a selection in each format and in two sizes, by file name: ``growth_periods-half.pdf``.

    A chart whose figures are not printed is not among them.
    """
    listed = list(formats)
    found: dict[str, bytes] = {}
    for size in SIZES if listed else ():
        page = Witness(choice.language)
        desk = Desk(ReportContext(data, page), page, choice.inputs.model_dump())
        for name in _charts(choice):
            with drawn(size, pdf="pdf" in listed):
                chart = desk.named("charts", name)
            if not isinstance(chart, Missing):
                found |= {f"{name}-{size}.{each}": getattr(chart, each) for each in listed}
    return found


def chosen(names: Iterable[str]) -> list[str]:
    """Formats by name, each once.

    Raises
    ------
    DataError
        Every unknown format, with the choices.
    """
    listed = list(dict.fromkeys(each.strip() for each in names))
    known = [*FORMATS, *PICTURES]
    unknown = [each for each in listed if each not in known]
    if unknown:
        raise DataError(f"format {each!r} is not known; formats: {', '.join(known)}" for each in unknown)
    return listed


def _charts(choice: Selection) -> list[str]:
    """Charts of all parts and findings of the selection, each once."""
    sections = [choice.section[each] for each in choice.sections]
    named = [chart for each in sections for part in each.parts for chart in choice.part[part].charts]
    shown = [SHOWN[one][0] for each in sections for one in each.findings]
    return [each for each in dict.fromkeys([*named, *shown]) if each]


def _refuse_open(folder: Path, names: Iterable[str]) -> None:
    """Refuse files that Word, Excel, PowerPoint or LibreOffice has open: saving there would undo the new ones."""
    problems = []
    for name in names:
        marks = (f".~lock.{name}#", f"~${name}", f"~${name[2:]}")  # Office shortens names of more than eight letters
        if mark := next((each for each in marks if (folder / each).exists()), None):
            problems.append(
                f"{folder / name}: is open elsewhere; close it (or remove {mark} if nobody has it open) and repeat"
            )
    if problems:
        raise DataError(problems)
