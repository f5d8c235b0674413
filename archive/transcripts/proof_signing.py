"""Signing the statement of a proof: CAdES, detached, with all that its judgement needs.

The time stamp is made over the whole file, so that the evidence in it cannot be exchanged, and
the signature stays provable when its certificate has ended. Who signs comes from ``keys``.
"""

import asyncio
import hashlib
from datetime import datetime

from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from archive.transcripts.grounds import Grounds, known_at, looked_at
from archive.transcripts.held_keys import digest_for
from archive.transcripts.keys import KeyProvider
from archive.transcripts.proof_files import base64_of, stamped_bytes, statement_bytes
from archive.transcripts.signing_refusals import STAMPER, ChainUnusableError
from archive.transcripts.time_stamps import TimeStamps
from schemas.keys import SigningProfile
from schemas.link_proofs import LinkProofV1, ProofEvidence, ProofLink, ProofStatementV1
from schemas.refusals import Phrase

STAMP_DIGEST = "sha256"
_WITH_LISTS = (SigningProfile.B_LT, SigningProfile.B_LTA)
_TRIES = 3
"""How often a proof is stamped when the authority takes a certificate not seen before."""


def signed_proof(  # What is stated and shown, by which key.
    statement: ProofStatementV1,
    link: ProofLink,
    path: tuple[str, ...],
    opening: str | None,
    *,
    keys: KeyProvider,
    profile: SigningProfile,
) -> LinkProofV1:
    """Return a proof signed and stamped at its moment; raises SigningUnavailableError."""
    at, told = statement.made_at, statement_bytes(statement)
    unstamped = LinkProofV1(
        statement=told.decode(),
        signature=base64_of(_signature(told, keys, at)),
        link=link,
        path=path,
        opening=opening,
    )
    if profile is SigningProfile.B_B:
        looked_at(keys, None, at=at, known=known_at(keys, None, at=at, has_lists=False))
        return unstamped
    stamps = keys.stamps
    for _ in range(_TRIES):
        known = known_at(keys, stamps, at=at, has_lists=profile in _WITH_LISTS)
        grounds = looked_at(keys, stamps, at=at, known=known)
        proof = unstamped.model_copy(update={"evidence": _evidence(grounds)})
        token, is_covered = _token(proof, stamps, grounds, at)
        if is_covered:
            return proof.model_copy(update={"time_stamp": base64_of(token)})
    raise ChainUnusableError(whose=Phrase(STAMPER))


def _signature(told: bytes, keys: KeyProvider, at: datetime) -> bytes:
    signing = keys.signer().async_sign_general_data(
        told,
        digest_for(keys.certificate),
        use_cades=True,
        signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
    )
    return bytes(asyncio.run(signing).dump())


def _evidence(grounds: Grounds) -> ProofEvidence:
    """Return the certificates below the roots, and the lists, where lists are to be kept."""
    if not grounds.known.has_lists:
        return ProofEvidence()
    ways = grounds.status.validation_paths or ()
    certificates = {one.dump() for way in ways for one in way.iter_certs(include_root=False)}
    return ProofEvidence(
        certificates=tuple(sorted(map(base64_of, certificates))),
        lists=tuple(base64_of(one.dump()) for one in grounds.known.lists),
    )


def _token(
    proof: LinkProofV1, stamps: TimeStamps, grounds: Grounds, at: datetime
) -> tuple[bytes, bool]:
    """Return a token over a file, and whether its certificate is one that was looked at."""
    stamper = stamps.stamper(at=at)
    digest = hashlib.sha256(stamped_bytes(proof)).digest()
    token = asyncio.run(stamper.async_timestamp(digest, STAMP_DIGEST))
    return bytes(token.dump()), all(grounds.cover(one.fingerprint) for one in stamper.stamps)
