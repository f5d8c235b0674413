"""PDFs of others: what people upload that never came from this archive."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, StreamObject
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from tests.authorities import Authority, an_authority, signed
from tests.transcript_samples import NOW

NAME = NameObject
SINCE = NOW - timedelta(days=90)


def _written(writer: PdfFileWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def _blank() -> PdfFileWriter:
    writer = PdfFileWriter()
    content = writer.add_object(StreamObject(stream_data=b"q Q"))
    writer.insert_page(
        PageObject(contents=content, media_box=(0, 0, 595, 842), resources=DictionaryObject())
    )
    return writer


def unsigned() -> bytes:
    """A page that nobody signed."""
    return _written(_blank())


def encrypted() -> bytes:
    """A page under a password."""
    writer = _blank()
    writer.encrypt(owner_pass="owner", user_pass="user")
    return _written(writer)


def with_form() -> bytes:
    """A form in XFA, as offices of taxes like them."""
    writer = _blank()
    form = writer.add_object(StreamObject(stream_data=b"<xdp:xdp xmlns:xdp='http://ns'/>"))
    writer.root[NAME("/AcroForm")] = DictionaryObject(
        {NAME("/Fields"): generic.ArrayObject(), NAME("/XFA"): form}
    )
    return _written(writer)


def with_attachment() -> bytes:
    """Another attachment than ours, among names that lead in a circle."""
    writer = _blank()
    tree = DictionaryObject()
    tree[NAME("/Kids")] = generic.ArrayObject([writer.add_object(tree)])
    writer.root[NAME("/Names")] = DictionaryObject({NAME("/EmbeddedFiles"): tree})
    return _written(writer)


def slipped(remark: bytes = b"") -> bytes:
    """A whole page whose table breaks a rule that viewers forgive; a library for pictures does."""
    parts = [
        b"%PDF-1.4\n%" + remark + b"\n",
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n",
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n",
    ]
    places = [sum(map(len, parts[:count])) for count in (1, 2, 3, 4)]
    table = b"".join(b"%010d 00000 n \n" % place for place in places[:3])
    return b"".join(parts) + (
        b"xref\n0 4\n0000000000 65536 f \n%btrailer\n<</Size 4/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, places[3])
    )


def inflated() -> bytes:
    """A small file whose page takes 200 MB when it is unpacked."""
    writer = _blank()
    bomb = StreamObject(stream_data=bytes(200 * 2**20))
    bomb.compress()
    page = writer.root["/Pages"]["/Kids"][0]
    page[NAME("/Contents")] = writer.add_object(bomb)
    return _written(writer)


def broken() -> bytes:
    """The first half of a file."""
    whole = unsigned()
    return whole[: len(whole) // 2]


def signed_by(by: Authority) -> bytes:
    """A page signed by someone else, as anyone may sign."""
    return signed(unsigned(), by, NOW, field="Signature1", certify=False)


def a_stranger() -> Authority:
    """Return an authority of which nobody here has heard."""
    return an_authority(SINCE, name="Elsewhere")


UNREADABLE: dict[str, Callable[[], bytes]] = {"encrypted": encrypted, "broken": broken}
UNSIGNED: dict[str, Callable[[], bytes]] = {
    one.__name__: one for one in (unsigned, with_form, with_attachment, slipped, inflated)
}
