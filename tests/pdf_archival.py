"""What PDF/A-3a and PDF/UA-1 ask of a file's structure, as far as our own documents can break it.

No validator of ISO 19005 is in the registries that this project installs from; this is no
replacement for one, but it sees each fault that one has found in our documents.
"""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    PdfObject,
    StreamObject,
)
from pyhanko.pdf_utils.reader import PdfFileReader

_ACTIONS = frozenset({"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/URI", "/GoToR"})
_CONTENT_TYPES = frozenset({"/Link", "/Movie", "/Sound", "/Screen", "/3D", "/RichMedia"})
_XMP = {
    "the part of PDF/A": rb'pdfaid:part="3"',
    "the level of PDF/A": rb'pdfaid:conformance="A"',
    "the part of PDF/UA": rb"<pdfuaid:part>1</pdfuaid:part>",
    "the schema of PDF/UA's own property": rb"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>",
    "the title": rb"<dc:title>",
}
_LEAVES = frozenset({"/H1", "/H2", "/P", "/TH", "/TD", "/Figure", "/Span"})
_INSIDE = {
    "/TR": {"/Table", "/TBody", "/THead"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    "/TBody": {"/Table"},
    "/THead": {"/Table"},
}
_OPERATOR = re.compile(rb"/(\w+)\s*(<<[^>]*>>)?\s*B(?:MC|DC)|\bEMC\b|\bT[jJ]\b|\bBT\b")


def faults(pdf: bytes) -> list[str]:
    """Return all that is wrong with a file; an empty list says that nothing was found."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    root = reader.root
    objects = list(_objects(reader))
    return [
        *_of_the_catalog(root),
        *_of_metadata(root),
        *_of_actions(objects),
        *_of_attachments(root, objects),
        *(fault for one in _fonts(objects) for fault in _of_font(one)),
        *(fault for one in objects for fault in _of_painting(one)),
        *_of_structure(root, reader),
    ]


def _objects(reader: PdfFileReader) -> Iterator[PdfObject]:
    """Return every object that can be reached from the root, each once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[PdfObject] = [reader.root, reader.trailer_view.get("/Info", DictionaryObject())]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if (key := (found.idnum, found.generation)) not in seen:
                seen.add(key)
                waiting.append(found.get_object())
            continue
        yield found
        if isinstance(found, DictionaryObject):
            waiting += [found.raw_get(name) for name in found]
        elif isinstance(found, ArrayObject):
            waiting += [found.raw_get(place) for place in range(len(found))]


def _of_the_catalog(root: DictionaryObject) -> Iterator[str]:
    if not _at(root, "/MarkInfo", "/Marked"):
        yield "the document is not marked as tagged"
    if not _at(root, "/Lang"):
        yield "the document has no language"
    if not _at(root, "/ViewerPreferences", "/DisplayDocTitle"):
        yield "the title is not displayed"
    intents = _at(root, "/OutputIntents") or []
    if [one["/S"] for one in intents] != ["/GTS_PDFA1"]:
        yield "there is not one output intent of PDF/A"
    for intent in intents:
        if intent["/DestOutputProfile"].data[36:40] != b"acsp":
            yield "the output intent has no ICC profile"


def _of_metadata(root: DictionaryObject) -> Iterator[str]:
    metadata = root["/Metadata"].data
    for what, pattern in _XMP.items():
        if not re.search(pattern, metadata):
            yield f"the metadata do not tell {what}"
    if metadata.count(b"<rdf:RDF") + metadata.count(b"<ns0:RDF") != 1:
        yield "the metadata are not of one piece"


def _of_actions(objects: list[PdfObject]) -> Iterator[str]:
    for found in objects:
        if isinstance(found, DictionaryObject):
            for name in _ACTIONS & set(found):
                yield f"there is an action: {name}"
            if _at(found, "/Type") == "/Annot" and _at(found, "/Subtype") in _CONTENT_TYPES:
                yield f"there is an annotation {found['/Subtype']}"
            if _at(found, "/Type") == "/Annot" and _at(found, "/Subtype") == "/Widget":
                yield from _of_widget(found)


def _of_widget(widget: DictionaryObject) -> Iterator[str]:
    if int(_at(widget, "/F") or 0) & 0b100 == 0:
        yield "a widget is not printed"
    if int(_at(widget, "/F") or 0) & 0b100011:
        yield "a widget is hidden"


def _of_attachments(root: DictionaryObject, objects: list[PdfObject]) -> Iterator[str]:
    if "/AF" not in root:
        yield "nothing is attached"
        return
    listed = [root["/AF"].raw_get(place) for place in range(len(root["/AF"]))]
    if len(set(listed)) != len(listed):
        yield "an attachment is listed twice"
    files = [one for one in objects if isinstance(one, DictionaryObject) and "/EF" in one]
    if len(files) != len(listed):
        yield "an attachment is not listed"
    for file in files:
        if not {"/F", "/UF", "/AFRelationship"} <= set(file):
            yield "an attachment lacks its name or its relationship"
        if "/Subtype" not in file["/EF"]["/F"]:
            yield "an attachment does not tell its media type"


def _fonts(objects: list[PdfObject]) -> list[DictionaryObject]:
    return [
        one for one in objects if isinstance(one, DictionaryObject) and _at(one, "/Type") == "/Font"
    ]


def _of_font(font: DictionaryObject) -> Iterator[str]:
    name = str(_at(font, "/BaseFont"))
    if font["/Subtype"] == "/Type0":
        if "/ToUnicode" not in font:
            yield f"{name} does not tell which characters its glyphs are"
        if font["/Encoding"] not in ("/Identity-H", "/Identity-V"):
            yield f"{name} has an encoding of its own"
        return
    descriptor = _at(font, "/FontDescriptor") or {}
    files = {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
    if len(files) != 1:
        yield f"{name} is not embedded"
    elif "/FontFile2" in files and _at(font, "/CIDToGIDMap") != "/Identity":
        yield f"{name} does not map its glyphs"
    if not re.match(r"/[A-Z]{6}\+", name):
        yield f"{name} is not named as a subset"
    if "/FontFile2" in files:
        yield from _of_widths(font, descriptor["/FontFile2"].data, name)


def _of_widths(font: DictionaryObject, program: bytes, name: str) -> Iterator[str]:
    """Widths in the file and in the font must not differ by more than a thousandth."""
    with TTFont(BytesIO(program)) as face:
        widths = [width for width, _ in face["hmtx"].metrics.values()]
        scale = 1000 / face["head"].unitsPerEm
    told = list(font["/W"])
    for first, run in zip(told[::2], told[1::2], strict=True):
        for place, width in enumerate(run, int(first)):
            if place < len(widths) and abs(float(width) - widths[place] * scale) > 1:
                yield f"{name}: glyph {place} is told {width} wide and is {widths[place] * scale}"


def _of_painting(found: PdfObject) -> Iterator[str]:
    if not isinstance(found, DictionaryObject):
        return
    if _at(found, "/Interpolate"):
        yield "a picture is interpolated"
    if "/SMask" in found and found["/SMask"] != "/None":
        yield "something is painted through a mask"
    for alpha in ("/CA", "/ca"):
        if alpha in found and _at(found, "/Type") != "/Annot" and float(found[alpha]) != 1:
            yield "something is transparent"
    if (_at(found, "/BM") or "/Normal") not in ("/Normal", "/Compatible"):
        yield "something is blended"
    if isinstance(found, StreamObject) and {"/F", "/FFilter"} & set(found):
        yield "a stream stands outside of the file"


def _of_structure(root: DictionaryObject, reader: PdfFileReader) -> Iterator[str]:
    tree: DictionaryObject | None = _at(root, "/StructTreeRoot")
    if tree is None:
        yield "there is no structure"
        return
    owners: Counter[tuple[int, int]] = Counter()
    pages = {page.idnum: place for place, page in enumerate(_pages(reader))}
    yield from _of_elements(_kids(tree), "/StructTreeRoot", pages, owners)
    if any(count > 1 for count in owners.values()):
        yield "a piece of content stands twice in the structure"
    for place, page in enumerate(_pages(reader)):
        yield from _of_marks(page.get_object(), place, owners)


def _of_elements(
    kids: list[PdfObject], parent: str, pages: dict[int, int], owners: Counter[tuple[int, int]]
) -> Iterator[str]:
    for one in kids:
        element = one.get_object() if isinstance(one, IndirectObject) else one
        if not isinstance(element, DictionaryObject) or _at(element, "/Type") == "/OBJR":
            continue
        kind = str(element["/S"])
        if kind in _INSIDE and parent not in _INSIDE[kind]:
            yield f"{kind} stands in {parent}"
        if kind == "/TH" and _at(element, "/A", "/Scope") is None:
            yield "a head of a table does not say what it heads"
        if kind == "/Figure" and not _at(element, "/Alt"):
            yield "a drawing has no words"
        for kid in _kids(element):
            if isinstance(kid, int):
                if kind not in _LEAVES:
                    yield f"{kind} holds content by itself"
                owners[pages[element.raw_get("/Pg").idnum], int(kid)] += 1
        yield from _of_elements(_kids(element), kind, pages, owners)


def _of_marks(
    page: DictionaryObject, place: int, owners: Counter[tuple[int, int]]
) -> Iterator[str]:
    """All text stands in one mark: an artifact, or content that the structure knows."""
    contents = page["/Contents"]
    parts = contents if isinstance(contents, ArrayObject) else [contents]
    depth, marked = 0, set()
    for found in _OPERATOR.finditer(b"\n".join(part.data for part in parts)):
        token = found.group()
        if token == b"EMC":
            depth -= 1
        elif token in (b"Tj", b"TJ"):
            if depth == 0:
                yield f"text of page {place + 1} is neither content nor artifact"
        elif token != b"BT":
            depth += 1
            if depth > 1:
                yield f"a mark of page {place + 1} stands in another"
            number = re.search(rb"/MCID (\d+)", found.group(2) or b"")
            if number:
                marked.add((place, int(number[1])))
            elif found.group(1) != b"Artifact":
                yield f"a mark of page {place + 1} is neither content nor artifact"
    if marked != {one for one in owners if one[0] == place}:
        yield f"the structure and the marks of page {place + 1} differ"


def _at(found: PdfObject, *names: str) -> Any:
    """Return what a dictionary, or one inside it, says by a name; None where it says nothing."""
    told: Any = found
    for name in names:
        if name not in told:
            return None
        told = told[name]
    return told


def _kids(element: DictionaryObject) -> list[PdfObject]:
    kids = _at(element, "/K")
    return list(kids) if isinstance(kids, ArrayObject) else [] if kids is None else [kids]


def _pages(reader: PdfFileReader) -> list[IndirectObject]:
    kids = reader.root["/Pages"]["/Kids"]
    return [kids.raw_get(place) for place in range(len(kids))]
