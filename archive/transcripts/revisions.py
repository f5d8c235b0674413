"""What stands in a file behind its certifying signature: time stamps, and what belongs to them.

pyHanko tells whether the objects that later revisions change may be changed. Here it is told
whether those revisions hold anything else: an object that no table names is not seen by
pyHanko, but by a reader that makes its table anew.
"""

import re
from operator import itemgetter
from typing import BinaryIO, cast

from pyhanko.pdf_utils.generic import DictionaryObject, Reference, read_object
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

_HEAD = re.compile(rb"\s*(?P<object>(\d+) (\d+) obj)\s")
_END = re.compile(rb"\s*endobj\s")
_TABLE = re.compile(rb"\s*xref\s+(?:\d+ \d+\s+(?:\d{10} \d{5} [nf]\s+)*)+trailer\s+")
_CLOSE = re.compile(rb"\s*startxref\s+\d+\s+%%EOF\s*")


def is_certified_first(reader: PdfFileReader, signatures: list[EmbeddedPdfSignature]) -> bool:
    """Whether the first of the signatures certifies the document, and all others stamp it."""
    first, *others = signatures
    certifying = reader.root["/Perms"].raw_get("/DocMDP").reference
    revisions = [one.signed_revision for one in signatures]
    return (
        first.sig_object_type == "/Sig"
        and first.sig_field.raw_get("/V").reference == certifying
        and first.docmdp_level is MDPPerm.NO_CHANGES
        and all(one.sig_object_type == "/DocTimeStamp" for one in others)
        and len(set(revisions)) == len(revisions)
    )


def end_with_stamps(
    data: bytes, reader: PdfFileReader, signatures: list[EmbeddedPdfSignature]
) -> bool:
    """Whether the last signature ends where the file ends, and what is between belongs to them.

    The signatures must have been validated: their coverage is read here.
    """
    *earlier, last = signatures
    return (
        end_of(last) == len(data)
        and _coverage(last) is SignatureCoverageLevel.ENTIRE_FILE
        and all(_coverage(one) is SignatureCoverageLevel.ENTIRE_REVISION for one in earlier)
        and last.signed_revision == reader.xrefs.total_revisions - 1
        and _is_without_gaps(data, reader, signatures[0])
    )


def _coverage(signature: EmbeddedPdfSignature) -> SignatureCoverageLevel | None:
    """Return what pyHanko found when it validated; its annotation knows no value but None."""
    return cast("SignatureCoverageLevel | None", signature.coverage)


def end_of(signature: EmbeddedPdfSignature) -> int:
    """Return where the signed bytes end; -1 when they do not begin with the file."""
    start, _, after, length = (int(part) for part in signature.byte_range)
    return after + length if start == 0 else -1


def _is_without_gaps(data: bytes, reader: PdfFileReader, first: EmbeddedPdfSignature) -> bool:
    """Whether behind the first signature each object that a table names follows the other."""
    place = end_of(first)
    revisions = range(first.signed_revision + 1, reader.xrefs.total_revisions)
    for revision in revisions:
        found = _end_of_revision(data, reader, revision, place)
        if found is None:
            return False
        place = found
    return place == len(data)


def _end_of_revision(data: bytes, reader: PdfFileReader, revision: int, place: int) -> int | None:
    """Return where a revision ends that begins at ``place``; None when it holds a gap."""
    references = reader.xrefs.explicit_refs_in_revision(revision)
    places = {one: reader.xrefs.get_historical_ref(one, revision) for one in references}
    objects = [(offset, one) for one, offset in places.items() if isinstance(offset, int)]
    if len(objects) < len(places):
        return None
    stream = reader.stream
    for offset, reference in sorted(objects, key=itemgetter(0)):
        head = _HEAD.match(data, place)
        if head is None or head.start("object") != offset:
            return None
        read_object(_at(stream, head.end()), reference)
        end = _END.match(data, stream.tell())
        if end is None:
            return None
        place = end.end()
    table = _TABLE.match(data, place)
    if table is not None:
        _ = DictionaryObject.read_from_stream(_at(stream, table.end()), Reference(0, 0, pdf=reader))
        place = stream.tell()
    close = _CLOSE.match(data, place)
    return None if close is None else close.end()


def _at(stream: BinaryIO, place: int) -> BinaryIO:
    stream.seek(place)
    return stream
