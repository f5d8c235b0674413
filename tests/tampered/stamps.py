"""Attacks on the time stamps of a file: taken out, or taken from another file."""

import re

from asn1crypto import cms


def gap(pdf: bytes) -> tuple[int, int]:
    """Return where the signature stands, brackets included."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    return start, pdf.index(b">", start) + 1


def swapped_stamp(pdf: bytes, other: bytes) -> bytes:
    """The last time stamp of another file in place of this one's."""
    start, end = gap(pdf)
    first, last = gap(other)
    token = other[first + 1 : last - 1].rstrip(b"0")
    return pdf[: start + 1] + token.ljust(end - start - 2, b"0") + pdf[end - 1 :]


def without_signature_stamp(pdf: bytes) -> bytes:
    """The time stamp taken out of a signature that no later stamp covers."""
    return _with_signature_stamp(pdf, None)


def swapped_signature_stamp(pdf: bytes, other: bytes) -> bytes:
    """The time stamp of another file's signature in a signature that no later stamp covers."""
    return _with_signature_stamp(pdf, _message(other)["content"]["signer_infos"][0])


def _with_signature_stamp(pdf: bytes, other: cms.SignerInfo | None) -> bytes:
    start, end = gap(pdf)
    message = _message(pdf)
    signer = message["content"]["signer_infos"][0]
    kept = {name: signer[name] for name in signer.native if name != "unsigned_attrs"}
    if other is not None:
        kept["unsigned_attrs"] = other["unsigned_attrs"]
    parts = {name: message["content"][name] for name in ("version", "digest_algorithms")}
    parts |= {name: message["content"][name] for name in ("encap_content_info", "certificates")}
    signed = cms.SignedData(parts | {"signer_infos": [cms.SignerInfo(kept)]})
    told = bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())
    return (
        pdf[: start + 1] + told.hex().upper().encode().ljust(end - start - 2, b"0") + pdf[end - 1 :]
    )


def _message(pdf: bytes) -> cms.ContentInfo:
    start, end = gap(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode()))


def before_the_last_stamp(pdf: bytes) -> bytes:
    """The file as it was before its last time stamp."""
    ends = [found.end() for found in re.finditer(rb"%%EOF\s*", pdf)]
    return pdf[: ends[-2]]
