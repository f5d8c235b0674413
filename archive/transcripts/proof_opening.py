"""Opening a proof that anyone may have made: what its signature and its time stamp are worth.

The same judgement as that of a document: the stamp has to hold today, and the signature when
it was stamped. Nothing is decided here: see ``proof_checks``.
"""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from asn1crypto import cms, x509
from pyhanko.sign.validation.generic_cms import (
    async_validate_detached_cms,
    extract_certs_for_validation,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.status import SignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from archive.transcripts.exact import written_anew
from archive.transcripts.hostile import attempt, hush
from archive.transcripts.judging import Evidence, Stored, list_in
from archive.transcripts.proof_files import (
    ProofFile,
    claims_to_be_ours,
    der_in,
    read_file,
    stamped_bytes,
)
from archive.transcripts.signatures import SignatureFacts, StampFacts, may_sign, stamp_facts
from archive.transcripts.trust import TrustBundle
from schemas.link_proofs import LinkProofV1

_SIGNED_DATA = "signed_data"


@dataclass(frozen=True)
class OpenedProof:
    """What a file is and carries."""

    claims_to_be_ours: bool
    file: ProofFile | None = None
    """None when it is not a proof in its one spelling."""
    signature: SignatureFacts | None = None
    """None when it cannot be read."""


@dataclass(frozen=True)
class _Parts:
    """The parts of a file that are DER, read."""

    message: bytes
    signed: cms.SignedData
    token: cms.SignedData | None
    token_message: bytes | None


def open_proof(data: bytes, *, trust: TrustBundle, now: datetime) -> OpenedProof:
    """Return what is in a file; never raises."""
    hush()
    file = read_file(data)
    if file is None:
        return OpenedProof(claims_to_be_ours(data))
    facts = attempt(lambda: asyncio.run(_judged(file, trust, now.astimezone(UTC))))
    return OpenedProof(claims_to_be_ours=True, file=file, signature=facts)


async def _judged(file: ProofFile, trust: TrustBundle, now: datetime) -> SignatureFacts:
    proof = file.proof
    parts, evidence = _parts(proof), Evidence(trust, _stored(proof))
    stamp = await _stamp(proof, parts, evidence, now)
    moment = stamp.at if stamp is not None and stamp.is_sound else now
    certificate = extract_certs_for_validation(parts.signed).signer_cert
    first, last = certificate.not_valid_before, certificate.not_valid_after
    within = moment if first <= moment <= last else first.astimezone(UTC)

    async def judged(context: ValidationContext) -> SignatureStatus:
        return await async_validate_detached_cms(file.signed, parts.signed, context)

    status = await judged(evidence.context(trust.roots, within))
    key = await evidence.key(status, judged, roots=trust.roots, moment=within, until=moment)
    keys = [key, *([stamp.key] if stamp else [])]
    known = frozenset(one.dump() for found in keys for one in found.chain)
    is_exact = _is_exact(proof, parts, known if all(found.chain for found in keys) else None)
    return SignatureFacts(
        is_orderly=True,
        is_intact=status.intact and status.valid,
        covers_file=is_exact,
        reaches_end=is_exact,
        key=replace(key, is_trusted=key.is_trusted and may_sign(certificate)),
        names_us=False,
        claimed_at=_claimed_at(parts.signed),
        stamp=stamp,
        archived=(),
        has_store=evidence.has_store,
    )


async def _stamp(
    proof: LinkProofV1, parts: _Parts, evidence: Evidence, now: datetime
) -> StampFacts | None:
    token = parts.token
    if token is None:
        return None
    covered = stamped_bytes(proof)

    async def judged(context: ValidationContext) -> SignatureStatus:
        def imprint(algorithm: str) -> bytes:
            return hashlib.new(algorithm, covered).digest()

        return TimestampSignatureStatus(**await validate_tst_signed_data(token, context, imprint))

    return await stamp_facts(token, judged, evidence, now)


def _parts(proof: LinkProofV1) -> _Parts:
    message = der_in(proof.signature)
    if proof.time_stamp is None:
        return _Parts(message, _signed_in(message), None, None)
    token = der_in(proof.time_stamp)
    return _Parts(message, _signed_in(message), _signed_in(token), token)


def _signed_in(message: bytes) -> cms.SignedData:
    found = cms.ContentInfo.load(message, strict=True)
    if found["content_type"].native != _SIGNED_DATA:
        raise ValueError(_SIGNED_DATA)
    return found["content"]


def _stored(proof: LinkProofV1) -> Stored | None:
    """Return what the file carries; None when it carries nothing."""
    told = proof.evidence
    if not told.certificates and not told.lists:
        return None
    certificates = [x509.Certificate.load(der_in(one), strict=True) for one in told.certificates]
    return certificates, [list_in(der_in(one)) for one in told.lists]


def _is_exact(proof: LinkProofV1, parts: _Parts, known: frozenset[bytes] | None) -> bool:
    """Whether no byte of the file could be changed unnoticed.

    What is beside the signature is covered by the time stamp; without one nothing may be there.
    """
    has_store = bool(proof.evidence.certificates or proof.evidence.lists)
    if len(parts.signed["signer_infos"][0]["unsigned_attrs"]) or (has_store and not parts.token):
        return False
    if _spelled(parts.signed, known) != parts.message:
        return False
    return parts.token is None or _spelled(parts.token, known) == parts.token_message


def _spelled(signed: cms.SignedData, known: frozenset[bytes] | None) -> bytes | None:
    return attempt(lambda: written_anew(signed, known))


def _claimed_at(signed: cms.SignedData) -> datetime | None:
    """Return when it was signed, as the signer tells it."""
    for one in signed["signer_infos"][0]["signed_attrs"]:
        if one["type"].native == "signing_time":
            found = one["values"][0].native
            return found if isinstance(found, datetime) else None
    return None
