"""Opening a PDF that anyone may have made: what it carries, and what its signature is worth.

Nothing is judged here. Whatever a hostile file makes the parser do ends as "not readable".
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import TypeVar

from asn1crypto import cms, x509
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from archive.transcripts.signing import FIELD_NAME
from archive.transcripts.trust import TrustBundle
from schemas.transcripts import TRANSCRIPT_FILE_NAME

MEBIBYTE = 2**20
MAXIMUM_SIZE = 30 * MEBIBYTE
"""The longest document that we issue has a tenth of it."""
_OURS = TRANSCRIPT_FILE_NAME
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=32 * MEBIBYTE),
    document_budget=DocumentDecodeBudget(base_allowance=128 * MEBIBYTE, max_ratio=20),
)
_PARSERS = ("pyhanko", "pyhanko_certvalidator")
Found = TypeVar("Found")


@dataclass(frozen=True)
class SignatureFacts:
    """What was found out of the one signature of a file."""

    is_intact: bool
    covers_file: bool
    is_trusted: bool
    is_in_time: bool
    """Whether the moment of checking lies in the life of the signer's certificate."""
    names_us: bool
    """Whether its certificate claims to come from one of the trusted roots."""
    fingerprint: str


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
    """None when there is not exactly one, or it cannot be read."""


def open_file(data: bytes, *, trust: TrustBundle, now: datetime) -> OpenedFile:
    """Return what is in a file; never raises."""
    _hush()
    is_pdf = data.startswith(b"%PDF-") and len(data) <= MAXIMUM_SIZE
    claims = is_pdf and FIELD_NAME.encode() in data
    reader = _attempt(lambda: _reader(data)) if is_pdf else None
    attachments = _attempt(lambda: _attachments(reader)) if reader else None
    if reader is None or attachments is None:
        return OpenedFile(is_pdf=is_pdf, is_readable=False, claims_to_be_ours=claims)
    signatures = _attempt(lambda: reader.embedded_signatures)
    facts = _facts(data, signatures, trust, now) if signatures else None
    names = [name for name, _ in attachments]
    return OpenedFile(
        is_pdf=True,
        is_readable=True,
        claims_to_be_ours=claims or _OURS in names or (facts is not None and facts.names_us),
        payload=attachments[0][1] if names == [_OURS] else None,
        is_signed=signatures != [],
        signature=facts,
    )


def _hush() -> None:
    """Keep what the parsers say of a stranger's file out of every log: it names the signer."""
    for name in _PARSERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _attempt(read: Callable[[], Found]) -> Found | None:
    """Return what ``read`` finds, or None whatever a hostile file makes it raise."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - the parsers promise nothing for such files.
        return None


def _reader(data: bytes) -> PdfFileReader:
    reader = PdfFileReader(BytesIO(data), strict=True, decode_limits=_LIMITS)
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


def _facts(
    data: bytes, signatures: list[EmbeddedPdfSignature], trust: TrustBundle, now: datetime
) -> SignatureFacts | None:
    if len(signatures) != 1:
        return None
    return _attempt(lambda: _facts_of_one(data, signatures[0], trust, now))


def _facts_of_one(
    data: bytes, signature: EmbeddedPdfSignature, trust: TrustBundle, now: datetime
) -> SignatureFacts:
    certificate = signature.signer_cert
    first, last = certificate.not_valid_before, certificate.not_valid_after
    in_time = first <= now <= last
    moment = (now if in_time else first).astimezone(UTC)
    context = ValidationContext(trust_roots=trust.roots, allow_fetching=False, moment=moment)
    status = _attempt(lambda: validate_pdf_signature(signature, context))
    return SignatureFacts(
        is_intact=status is not None and status.intact and status.valid,
        covers_file=bool(status and status.docmdp_ok) and _covers(data, signature),
        is_trusted=status is not None and status.trusted and _may_sign(certificate),
        is_in_time=in_time,
        names_us=_names_us(signature, trust),
        fingerprint=sha256(certificate.dump()).hexdigest(),
    )


def _names_us(signature: EmbeddedPdfSignature, trust: TrustBundle) -> bool:
    certificates = (signature.signer_cert, *signature.other_embedded_certs)
    return any(one.issuer.human_friendly in trust.names for one in certificates)


def _covers(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the signed bytes are all bytes of the file but the signature's own.

    The gap has to hold exactly the signature, written in the one way we write it, with
    nothing but zeros behind it: no byte of the file is left to be changed.
    """
    start, end_of_first, start_of_last, length = (int(part) for part in signature.byte_range)
    content = signature.pkcs7_content
    message = _written_anew(signature)
    return (
        start == 0
        and start_of_last + length == len(data)
        and data[end_of_first:start_of_last] == b"<" + content.hex().upper().encode() + b">"
        and content == message.ljust(len(content), b"\0")
    )


def _written_anew(signature: EmbeddedPdfSignature) -> bytes:
    """Return the signature as we write it, made from the parts that its key or digest binds.

    Of certificates it holds those that lead upwards from the signer's, by their names. What
    rides along in other parts (other certificates, unsigned attributes, other spellings of the
    same value) is lost, so that the bytes differ.
    """
    signer = signature.signer_info
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": signature.md_algorithm}],
            "encap_content_info": {"content_type": "data"},
            "certificates": _upwards(signature),
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": signer["sid"],
                    "digest_algorithm": {"algorithm": signature.md_algorithm},
                    "signed_attrs": signer["signed_attrs"],
                    "signature_algorithm": signer["signature_algorithm"],
                    "signature": signer["signature"],
                }
            ],
        }
    )
    message = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return bytes(message.dump())


def _upwards(signature: EmbeddedPdfSignature) -> list[x509.Certificate]:
    way, others = [signature.signer_cert], list(signature.other_embedded_certs)
    while above := [one for one in others if one.subject == way[-1].issuer]:
        way.append(above[0])
        others.remove(above[0])
    return way


def _may_sign(certificate: x509.Certificate) -> bool:
    """Whether a certificate is for signing documents; pyHanko asks that of no trusted root."""
    usage = certificate.key_usage_value
    return not certificate.ca and usage is not None and "non_repudiation" in usage.native
