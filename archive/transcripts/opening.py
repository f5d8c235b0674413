"""Opening a PDF that anyone may have made: what it carries, and what its signature is worth.

Nothing is judged here. Whatever a hostile file makes the parser do ends as "not readable".
"""

from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from archive.transcripts.field_names import FIELD_NAME
from archive.transcripts.hostile import attempt, hush
from archive.transcripts.measured_reading import Effort, MeasuredReader
from archive.transcripts.signatures import SignatureFacts, facts_of
from archive.transcripts.trust import TrustBundle
from schemas.transcripts import TRANSCRIPT_FILE_NAME

MEBIBYTE = 2**20
MAXIMUM_SIZE = 30 * MEBIBYTE
"""The longest document that we issue has a tenth of it."""
_OURS = TRANSCRIPT_FILE_NAME


@dataclass(frozen=True)
class OpenedFile:
    """What a file is and carries."""

    is_pdf: bool
    is_readable: bool
    claims_to_be_ours: bool
    payload: bytes | None = None
    """The attachment, when there is exactly one and it is ours by name."""
    is_signed: bool = False
    signature: SignatureFacts | None = None
    """None when there is none, or it cannot be read."""
    reader: PdfFileReader | None = None
    """For reading more, once the signature holds."""


def open_file(data: bytes, *, trust: TrustBundle, now: datetime) -> OpenedFile:
    """Return what is in a file; never raises."""
    hush()
    is_pdf = data.startswith(b"%PDF-") and len(data) <= MAXIMUM_SIZE
    effort = Effort()
    found = (_opened(data, trust, now, effort, is_strict=True) if is_pdf else None) or OpenedFile(
        is_pdf=is_pdf, is_readable=False, claims_to_be_ours=is_pdf and _names_our_field(data)
    )
    if found.is_readable or not is_pdf:
        return found
    return _of_others(data, trust, now, effort) or found


def _of_others(data: bytes, trust: TrustBundle, now: datetime, effort: Effort) -> OpenedFile | None:
    """Return a file that only forgives its writer's slips; None when it may be one of ours.

    Programs of others break small rules that every viewer forgives: such a file is whole, and
    calling it damaged would be wrong. Ours keep them all: to what claims to be one of them
    nothing is forgiven.
    """
    found = _opened(data, trust, now, effort, is_strict=False)
    return None if found is None or found.claims_to_be_ours else found


def _opened(
    data: bytes, trust: TrustBundle, now: datetime, effort: Effort, *, is_strict: bool
) -> OpenedFile | None:
    reader = attempt(lambda: _reader(data, effort, is_strict=is_strict))
    attachments = attempt(lambda: _attachments(reader)) if reader else None
    if reader is None or attachments is None:
        return None
    signatures = attempt(lambda: reader.embedded_signatures)
    facts = attempt(lambda: facts_of(data, reader, trust, now)) if signatures else None
    names = [name for name, _ in attachments]
    is_named = _OURS in names or (facts is not None and facts.names_us)
    return OpenedFile(
        is_pdf=True,
        is_readable=True,
        claims_to_be_ours=_names_our_field(data) or is_named,
        payload=attachments[0][1] if names == [_OURS] else None,
        is_signed=signatures != [],
        signature=facts,
        reader=reader,
    )


def _names_our_field(data: bytes) -> bool:
    return FIELD_NAME.encode() in data


def _reader(data: bytes, effort: Effort, *, is_strict: bool) -> PdfFileReader:
    reader = MeasuredReader(data, effort, is_strict=is_strict)
    _ = reader.root["/Pages"]["/Kids"]
    return reader


def _attachments(reader: PdfFileReader) -> list[tuple[str, bytes]]:
    """Return name and content of each attachment; our documents keep them in one flat list."""
    root = reader.root
    if "/Names" not in root or "/EmbeddedFiles" not in root["/Names"]:
        return []
    tree = root["/Names"]["/EmbeddedFiles"]
    names = tree.get("/Names", [])
    found = [_attachment(names[at], names[at + 1]) for at in range(0, len(names), 2)]
    if "/Kids" in tree:
        found.append(("", b""))  # Something that our documents never have.
    return found


def _attachment(name: object, specification: object) -> tuple[str, bytes]:
    if not isinstance(specification, DictionaryObject):
        return str(name), b""
    stream = specification["/EF"]["/F"]
    both = {str(name), str(specification.get("/UF", name)), str(specification.get("/F", name))}
    content = stream.data if isinstance(stream, StreamObject) else b""
    return (both.pop() if len(both) == 1 else ""), content
