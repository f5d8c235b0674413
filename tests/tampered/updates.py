"""Attacks by rewriting: an incremental update of a signed file, or all objects written anew."""

from collections.abc import Callable
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer

NAME = generic.NameObject
FORGED_PAYLOAD = b'{"schema_name":"skills-archive/transcript/1","holder":"someone else"}'


def overlay(pdf: bytes) -> bytes:
    """A white rectangle over the page, as an incremental update."""

    def paint(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        cover = generic.StreamObject(stream_data=b"q 1 1 1 rg 50 600 400 100 re f Q")
        old = page.raw_get("/Contents")
        both = generic.ArrayObject([old, writer.add_object(cover)])
        page[NAME("/Contents")] = both
        writer.update_container(page)

    return _updated(pdf, paint)


def annotation(pdf: bytes) -> bytes:
    """A free text annotation on the page: what a certified file must not get."""

    def annotate(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                NAME("/Type"): NAME("/Annot"),
                NAME("/Subtype"): NAME("/FreeText"),
                NAME("/Rect"): generic.ArrayObject(
                    [generic.NumberObject(part) for part in (50, 600, 300, 640)]
                ),
                NAME("/Contents"): generic.TextStringObject("首席技师"),
                NAME("/DA"): generic.TextStringObject("/Helv 12 Tf 0 g"),
            }
        )
        known = list(page.get("/Annots", []))
        page[NAME("/Annots")] = generic.ArrayObject([*known, writer.add_object(note)])
        writer.update_container(page)

    return _updated(pdf, annotate)


def swapped_attachment(pdf: bytes) -> bytes:
    """Other data in place of ours, as an incremental update."""
    return with_payload(pdf, FORGED_PAYLOAD)


def with_payload(pdf: bytes, payload: bytes) -> bytes:
    """Return a file with other data attached."""

    def swap(writer: IncrementalPdfFileWriter) -> None:
        specification = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
        forged = generic.StreamObject(stream_data=payload)
        specification["/EF"][NAME("/F")] = writer.add_object(forged)
        writer.update_container(specification["/EF"])

    return _updated(pdf, swap)


def changed_seal(pdf: bytes) -> bytes:
    """Another appearance of the signature's field: another seal in its place."""

    def redraw(writer: IncrementalPdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0]
        box = generic.ArrayObject([generic.NumberObject(part) for part in (0, 0, 100, 100)])
        drawn = generic.StreamObject(
            {NAME("/Type"): NAME("/XObject"), NAME("/Subtype"): NAME("/Form"), NAME("/BBox"): box},
            stream_data=b"1 0 0 rg 0 0 100 100 re f",
        )
        look = generic.DictionaryObject({NAME("/N"): writer.add_object(drawn)})
        field[NAME("/AP")] = look
        field[NAME("/Rect")] = box
        writer.update_container(field)

    return _updated(pdf, redraw)


def changed_store(pdf: bytes) -> bytes:
    """Other lists of revoked keys: what a stamped file may get, but only with a stamp after it."""

    def empty(writer: IncrementalPdfFileWriter) -> None:
        forged = generic.StreamObject(stream_data=b"0")
        store = generic.DictionaryObject(
            {NAME("/CRLs"): generic.ArrayObject([writer.add_object(forged)])}
        )
        writer.root[NAME("/DSS")] = writer.add_object(store)
        writer.update_root()

    return _updated(pdf, empty)


def shadow_that_hides(pdf: bytes) -> bytes:
    """A shadow attack: what covered the page is taken away after signing."""

    def uncover(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[NAME("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"q Q"))
        writer.update_container(page)

    return _updated(pdf, uncover)


def shadow_that_replaces(pdf: bytes) -> bytes:
    """A shadow attack: the fonts are changed, so that the same codes show other words."""

    def refont(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        other = {
            NAME("/Type"): NAME("/Font"),
            NAME("/Subtype"): NAME("/Type1"),
            NAME("/BaseFont"): NAME("/Helvetica"),
        }
        fonts = page["/Resources"]["/Font"]
        for name in fonts:
            fonts[NAME(name)] = writer.add_object(generic.DictionaryObject(other))
        writer.update_container(fonts)

    return _updated(pdf, refont)


def shadow_that_hides_and_replaces(pdf: bytes) -> bytes:
    """A shadow attack: another tree of pages takes the place of the one that was signed."""

    def replant(writer: IncrementalPdfFileWriter) -> None:
        page = generic.DictionaryObject(
            {
                NAME("/Type"): NAME("/Page"),
                NAME("/MediaBox"): writer.root["/Pages"]["/Kids"][0]["/MediaBox"],
            }
        )
        leaf = writer.add_object(page)
        tree = generic.DictionaryObject(
            {
                NAME("/Type"): NAME("/Pages"),
                NAME("/Kids"): generic.ArrayObject([leaf]),
                NAME("/Count"): generic.NumberObject(1),
            }
        )
        page[NAME("/Parent")] = writer.add_object(tree)
        writer.root[NAME("/Pages")] = page.raw_get("/Parent")
        writer.update_root()

    return _updated(pdf, replant)


def empty_update(pdf: bytes) -> bytes:
    """A revision that changes nothing but is there."""
    return _updated(pdf, lambda writer: writer.update_root())


def second_attachment(pdf: bytes) -> bytes:
    """A second file of the same name beside ours."""

    def attach(writer: IncrementalPdfFileWriter) -> None:
        tree = writer.root["/Names"]["/EmbeddedFiles"]
        name, specification = tree["/Names"][0], tree["/Names"].raw_get(1)
        tree[NAME("/Names")] = generic.ArrayObject([name, specification, name, specification])
        writer.update_container(tree)

    return _updated(pdf, attach)


def removed_signature(pdf: bytes) -> bytes:
    """The pages and the data, without the signature."""
    writer = _rewritten(pdf)
    for key in ("/AcroForm", "/Perms"):
        writer.root.pop(NAME(key), None)
    return _written(writer)


def rewritten_with_signature(pdf: bytes) -> bytes:
    """Every object written anew, the signature carried along."""
    return _written(_rewritten(pdf))


def _updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    return _written(writer)


def _rewritten(pdf: bytes) -> PdfFileWriter:
    return copy_into_new_writer(PdfFileReader(BytesIO(pdf)))


def _written(writer: PdfFileWriter | IncrementalPdfFileWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()
