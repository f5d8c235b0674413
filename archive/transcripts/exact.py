"""Whether a signature stands in its file in the one way in which it is written, byte for byte.

A signature binds what was signed, but not the bytes around it: certificates that ride along,
other spellings of the same value, the padding of its gap. Here each signature and time stamp
is written anew from the parts that a key or a digest binds, and compared with what is found.
So no byte of the last signature of a file is left that could be changed unnoticed. (That an
ECDSA signature has a twin that holds as well is known; the register, which knows the digest of
the whole file, tells the two apart.) Whether a signature holds is told by ``signatures``.
"""

from asn1crypto import cms, core, x509
from pyhanko.sign.general import SignedDataCerts
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

_INTEGER, _BIT_STRING, _OCTETS, _NULL, _OID, _SEQUENCE, _SET = 2, 3, 4, 5, 6, 0x30, 0x31
_FIRST, _SECOND = 0xA0, 0xA1
"""The context-specific tags [0] and [1]."""
_DATA, _SIGNED_DATA, _TIME_STAMP = "data", "signed_data", "signature_time_stamp_token"
_SHORT = 0x80  # A length below it is written as itself.


def is_exact(data: bytes, signature: EmbeddedPdfSignature, known: frozenset[bytes] | None) -> bool:
    """Whether the gap of a signature holds exactly the signature, and zeros behind it.

    Certificates that ride along have to be among the ``known``, those that were validated;
    None when nothing was, so that it is told of the trust and not of them.
    """
    _, before, after, _ = (int(part) for part in signature.byte_range)
    content = signature.pkcs7_content
    message = written_anew(signature.signed_data, known)
    return (
        data[before:after] == b"<" + content.hex().upper().encode() + b">"
        and message is not None
        and content == message.ljust(len(content), b"\0")
    )


def written_anew(signed: cms.SignedData, known: frozenset[bytes] | None) -> bytes | None:
    """Return a signed message as it has to be written; None when it holds anything else."""
    found = extract_certs_for_validation(signed)
    signer = signed["signer_infos"][0]
    certificates = _certificates(signed, found, known)
    stamps = _unsigned(signer, known)
    if certificates is None or stamps is None:
        return None
    algorithm = _algorithm(signer["digest_algorithm"])
    inner = signed["encap_content_info"]
    is_data = inner["content_type"].native == _DATA
    content = b"" if is_data else _der(_FIRST, _der(_OCTETS, bytes(inner["content"])))
    name, is_by_key = _identifier(signer, found.signer_cert)
    version = b"\3" if is_by_key else b"\1"
    information = _der(
        _SEQUENCE,
        _der(_INTEGER, version),
        name,
        algorithm,
        _der(_FIRST, signer["signed_attrs"].contents),
        _algorithm(signer["signature_algorithm"]),
        _der(_OCTETS, signer["signature"].native),
        stamps,
    )
    message = _der(
        _SEQUENCE,
        _der(_INTEGER, version if is_data else b"\3"),
        _der(_SET, algorithm),
        _der(_SEQUENCE, _identity(inner["content_type"]), content),
        _der(_FIRST, certificates),
        _der(_SET, information),
    )
    kind = cms.ContentType(_SIGNED_DATA)
    return _der(_SEQUENCE, _identity(kind), _der(_FIRST, message))


def _certificates(
    signed: cms.SignedData, found: SignedDataCerts, known: frozenset[bytes] | None
) -> bytes | None:
    """Return the certificates, each once; None when one is not written as it was signed."""
    told = [one.chosen.dump() for one in signed["certificates"]]
    if len(set(told)) != len(told) or found.attribute_certs:
        return None
    if known is not None and not known.issuperset(told):
        return None
    everyone = (found.signer_cert, *found.other_certs)
    return b"".join(told) if all(_is_exact_certificate(one) for one in everyone) else None


def _is_exact_certificate(certificate: x509.Certificate) -> bool:
    """Whether nothing outside the signed part of a certificate could be otherwise."""
    body, algorithm = certificate["tbs_certificate"], certificate["signature_algorithm"]
    value = certificate["signature_value"]
    if body["signature"].dump() != algorithm.dump():
        return False
    bits = _der(_BIT_STRING, b"\0", value.native)
    anew = _der(_SEQUENCE, _der(_SEQUENCE, body.contents), body["signature"].dump(), bits)
    return bool(anew == certificate.dump())


def _unsigned(signer: cms.SignerInfo, known: frozenset[bytes] | None) -> bytes | None:
    """Return what is told beside the signed attributes: one time stamp or nothing."""
    attributes = signer["unsigned_attrs"]
    if isinstance(attributes, core.Void) or len(attributes) == 0:
        return b""
    only = attributes[0]
    if len(attributes) > 1 or only["type"].native != _TIME_STAMP or len(only["values"]) != 1:
        return None
    token = written_anew(only["values"][0]["content"], known)
    if token is None:
        return None
    return _der(_SECOND, _der(_SEQUENCE, _identity(only["type"]), _der(_SET, token)))


def _identifier(signer: cms.SignerInfo, certificate: x509.Certificate) -> tuple[bytes, bool]:
    """Return how the signer is named, and whether by its key rather than by its issuer."""
    if signer["sid"].name == "subject_key_identifier":
        return _der(0x80, certificate.key_identifier or b""), True
    body = certificate["tbs_certificate"]
    serial = _der(_INTEGER, body["serial_number"].contents)
    return _der(_SEQUENCE, certificate.issuer.chosen.dump(), serial), False


def _algorithm(found: core.Sequence) -> bytes:
    """Return an algorithm with the parameters it has, of which "none" has two spellings."""
    name = _identity(found["algorithm"])
    parameters = found["parameters"]
    if isinstance(parameters, core.Void):
        return _der(_SEQUENCE, name)
    if isinstance(parameters, core.Null):
        return _der(_SEQUENCE, name, _der(_NULL))
    return _der(_SEQUENCE, name, parameters.dump())


def _identity(found: core.ObjectIdentifier) -> bytes:
    return _der(_OID, found.contents)


def _der(tag: int, *parts: bytes) -> bytes:
    """Return one element of DER: its length in the one way that DER allows."""
    content = b"".join(parts)
    length = len(content)
    if length < _SHORT:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _SHORT | len(size))) + size + content
