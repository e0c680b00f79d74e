"""The reader's Word template: what it may carry, and what is taken out of it.

Responsibility: an allow-list. Relationships, fields and elements that a letterhead needs pass; what no text points to
is taken out and named; everything that fetches, runs or embeds is refused, all at once. It is done in the limited
process, which gives back the file as it wrote it.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from kg_analysis.errors import DataError
from kg_analysis.untrusted import read_apart, read_content

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# fmt: off
_RELATIONS = frozenset((
    "officeDocument", "styles", "stylesWithEffects", "numbering", "settings", "webSettings", "fontTable", "font",
    "theme", "header", "footer", "footnotes", "endnotes", "image", "core-properties", "extended-properties",
    "thumbnail", "customXml", "customXmlProps",
))
_FIELDS = frozenset((
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "STYLEREF",
    "TOC", "TC", "REF", "PAGEREF", "NOTEREF", "SEQ", "TITLE", "SUBJECT", "AUTHOR", "FILENAME", "NUMWORDS",
))
_REFUSED = frozenset(("object", "control", "altChunk", "subDoc", "OLEObject", "script", "mailMerge"))
_ADDRESSES = frozenset(("src", "href", "link", "target"))
# fmt: on
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def read_template(path: Path) -> tuple[bytes, list[str]]:
    """A template as it may be used, and remarks on what was taken out.

    Raises
    ------
    DataError
        If it cannot be read or is no Word document; everything in it that fetches, runs or embeds.
    """
    content = read_content(path, "template", "a Word document (docx)")
    if not content.startswith(b"PK\x03\x04"):
        raise DataError(f"{path.name}: the template is no Word document; give one saved as docx")
    packed, remarks = read_apart("template", path, content)
    return base64.b64decode(packed), [f"{path.name}: {each}" for each in remarks]


# --- in the limited process


def cleaned(content: bytes) -> tuple[bytes, list[str]]:
    """A Word file with only what a template may carry, and what was taken out of it.

    Raises
    ------
    DataError
        Everything in it that is refused.
    """
    from docx import Document  # noqa: PLC0415  the caller has its own

    package = Document(io.BytesIO(content)).part.package
    remarks: list[str] = []
    problems: list[str] = []
    for source in [package, *package.iter_parts()]:
        name = str(getattr(source, "partname", "the package"))
        root = _root(source)
        if root is not None:
            problems += (f"{name} {each}" for each in _refused(root))
        for relation in list(source.rels.values()):
            kind = relation.reltype.rpartition("/")[2]
            if not relation.is_external and kind in _RELATIONS:
                continue
            what = f"a link to {relation.target_ref[:80]!r}" if relation.is_external else f"a part of kind {kind}"
            if root is not None and _is_needed(root, relation.rId, kind):
                problems.append(f"{name} has {what} ({kind}), which a template may not carry; remove it in Word")
            else:
                del source.rels[relation.rId]
                remarks.append(f"{what} taken out of {name}")
        if root is not None and hasattr(source, "_blob"):
            source._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if problems:
        raise DataError(dict.fromkeys(problems))
    stream = io.BytesIO()
    package.save(stream)
    Document(io.BytesIO(stream.getvalue()))  # raises here, and not in the process of the briefing
    return stream.getvalue(), remarks


def _root(source: Any) -> Any | None:
    """Elements of a part; None where it is no XML."""
    element = getattr(source, "element", None)
    if element is not None or not str(getattr(source, "content_type", "")).endswith("xml"):
        return element
    return etree.fromstring(source.blob, _PARSER)


def _is_needed(root: Any, relation: str, kind: str) -> bool:
    """Whether a part points to a relationship that is to go, once pointers that a text can do without are taken out."""
    held = [each for each in root.iter(etree.Element) if relation in _pointers(each).values()]
    for element in held:
        if kind == "hyperlink" and element.tag == f"{_W}hyperlink":
            del element.attrib[f"{_R}id"]
        elif kind == "attachedTemplate":
            element.getparent().remove(element)
    return any(relation in _pointers(each).values() for each in root.iter(etree.Element))


def _pointers(element: Any) -> dict[str, str]:
    return {name: value for name, value in element.attrib.items() if name.startswith(_R)}


def _refused(root: Any) -> Iterator[str]:
    """Elements, addresses and fields of a part that a template may not have."""
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name in _REFUSED:
            yield f"holds {name!r}, which a template may not carry; remove it in Word"
        for attribute, value in element.attrib.items():
            if etree.QName(attribute).localname in _ADDRESSES and re.match(r"[a-z]+:|//|\\\\", value, re.IGNORECASE):
                yield f"points to {value[:80]!r}; remove it in Word"
    for code in _codes(root):
        word = (code.split() or [""])[0].upper()
        if word not in _FIELDS and not re.match(r"\s*HYPERLINK\s+\\l\s", code, re.IGNORECASE):
            yield f"has the field {word[:40]!r}, which is none of those a template may have; remove it in Word"


def _codes(root: Any) -> Iterator[str]:
    """Instructions of fields; one may be spread over runs, and a field may stand in another's instruction."""
    yield from (str(each.get(f"{_W}instr")) for each in root.iter(f"{_W}fldSimple"))
    open_codes: list[str] = []
    for element in root.iter(f"{_W}fldChar", f"{_W}instrText"):
        kind = element.get(f"{_W}fldCharType")
        if element.tag == f"{_W}instrText":
            if not open_codes:
                open_codes.append("")
            open_codes[-1] += element.text or ""
        elif kind == "begin":
            open_codes.append("")
        elif kind == "separate" and open_codes:
            yield open_codes[-1]
        elif kind == "end" and open_codes:
            yield open_codes.pop()
    yield from open_codes
