"""What the signature of a file and its time stamps are worth, each at the time that is proven.

A certificate outlives neither its term nor its key, a document has to: the last time stamp has
to hold today, each one before it until the one after it was made, and the signature at the
time of its own stamp. Nothing is decided here: see ``checks``.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.generic_cms import (
    extract_tst_data_iter,
    message_imprint_checker,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.status import SignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from archive.transcripts.exact import is_exact
from archive.transcripts.hostile import attempt
from archive.transcripts.judging import Evidence, KeyFacts, Validate
from archive.transcripts.only_stamps import OnlyStamps
from archive.transcripts.revisions import end_of, end_with_stamps, is_certified_first
from archive.transcripts.trust import TrustBundle

MOST_SIGNATURES = 50
"""More than a document gathers in a century of refreshing; a file with more is not heard."""


@dataclass(frozen=True)
class StampFacts:
    """A time stamp."""

    at: datetime
    is_intact: bool
    """Whether it is signed, and of just what it stands for."""
    key: KeyFacts
    until: datetime
    """Until when it has to hold by itself: the next stamp's time, or now."""

    @property
    def is_sound(self) -> bool:
        """Whether it proves its time."""
        revoked = self.key.revoked
        end = self.until if revoked is not None and revoked.is_compromised else self.at
        return (
            self.is_intact
            and self.key.is_trusted
            and self.key.is_alive
            and (revoked is None or revoked.at > end)
        )


@dataclass(frozen=True)
class SignatureFacts:
    """What was found out of the signatures of a file: one that certifies it, and time stamps."""

    is_orderly: bool
    """Whether one certifies the document, and all others are time stamps."""
    is_intact: bool
    covers_file: bool
    """Whether no byte of the file could be changed unnoticed."""
    reaches_end: bool
    """Whether the last signature ends where the file ends, as others write signatures too."""
    key: KeyFacts
    names_us: bool
    """Whether its certificate claims to come from one of the trusted roots."""
    claimed_at: datetime | None
    """The time of signing as the signer tells it."""
    stamp: StampFacts | None
    """The time stamp of the signature itself."""
    archived: tuple[StampFacts, ...]
    """The time stamps of the document, in the order in which they were made."""
    has_store: bool
    """Whether it carries what is needed to judge it later."""

    @property
    def stamps(self) -> tuple[StampFacts, ...]:
        """All time stamps, the first one first."""
        return (*([self.stamp] if self.stamp else []), *self.archived)

    @property
    def proven_at(self) -> datetime | None:
        """The time at which the signature was there for certain; None when nothing proves one."""
        stamps = self.stamps
        return stamps[0].at if stamps and all(one.is_sound for one in stamps) else None

    @property
    def profile(self) -> str:
        """How it is made to last, in the words of PAdES."""
        if self.stamp is None:
            return "B-B"
        if not self.has_store:
            return "B-T"
        return "B-LTA" if self.archived else "B-LT"


def facts_of(
    data: bytes, reader: PdfFileReader, trust: TrustBundle, now: datetime
) -> SignatureFacts | None:
    """Return what the signatures of a file are worth; None when it has none that can be heard.

    May raise whatever the parsers raise of a hostile file.
    """
    signatures = reader.embedded_signatures
    regular = [one for one in signatures if one.sig_object_type == "/Sig"]
    if not regular or len(signatures) > MOST_SIGNATURES:
        return None
    evidence = Evidence.of_pdf(reader, trust)
    return asyncio.run(_judged(data, reader, signatures, evidence, now.astimezone(UTC)))


async def _judged(
    data: bytes,
    reader: PdfFileReader,
    signatures: list[EmbeddedPdfSignature],
    evidence: Evidence,
    now: datetime,
) -> SignatureFacts:
    """Judge the last time stamp first, and the signature at the time that they prove."""
    signature = next(one for one in signatures if one.sig_object_type == "/Sig")
    archived: list[StampFacts] = []
    until = now
    for one in reversed(signatures):
        if one.sig_object_type == "/DocTimeStamp":
            archived.insert(0, await _document_stamp(one, evidence, until))
            until = archived[0].at
    stamp = await _signature_stamp(signature, evidence, until)
    stamps = [*([stamp] if stamp else []), *archived]
    is_proven = bool(stamps) and all(one.is_sound for one in stamps)
    moment = stamps[0].at if is_proven else now
    is_orderly = attempt(lambda: is_certified_first(reader, signatures)) or False
    is_intact, may_stay, key = await _signature(signature, evidence, moment)
    keys = [key, *(one.key for one in stamps)]
    return SignatureFacts(
        is_orderly=is_orderly,
        is_intact=is_intact,
        covers_file=is_orderly
        and may_stay
        and (attempt(lambda: _covered(data, reader, signatures, keys)) or False),
        reaches_end=attempt(lambda: end_of(signatures[-1]) == len(data)) or False,
        key=key,
        names_us=any(
            one.issuer.human_friendly in evidence.trust.names
            for one in (signature.signer_cert, *signature.other_embedded_certs)
        ),
        claimed_at=signature.self_reported_timestamp,
        stamp=stamp,
        archived=tuple(archived),
        has_store=evidence.has_store,
    )


def _covered(
    data: bytes,
    reader: PdfFileReader,
    signatures: list[EmbeddedPdfSignature],
    keys: list[KeyFacts],
) -> bool:
    """Whether no byte of the file is left that could be changed unnoticed."""
    known = frozenset(one.dump() for key in keys for one in key.chain)
    validated = known if all(key.chain for key in keys) else None
    return end_with_stamps(data, reader, signatures) and all(
        is_exact(data, one, validated) for one in signatures
    )


async def _signature(
    signature: EmbeddedPdfSignature, evidence: Evidence, moment: datetime
) -> tuple[bool, bool, KeyFacts]:
    """Return whether it is intact, whether what was added later may be there, and its key."""
    certificate, roots = signature.signer_cert, evidence.trust.roots
    first, last = certificate.not_valid_before, certificate.not_valid_after
    within = moment if first <= moment <= last else first.astimezone(UTC)

    async def again(context: ValidationContext) -> SignatureStatus:
        return await async_validate_pdf_signature(signature, context, skip_diff=True)

    status = await async_validate_pdf_signature(
        signature, evidence.context(roots, within), diff_policy=OnlyStamps()
    )
    key = await evidence.key(status, again, roots=roots, moment=within, until=moment)
    is_key_for_documents = may_sign(certificate)
    return (
        status.intact and status.valid,
        bool(status.docmdp_ok),
        replace(key, is_trusted=key.is_trusted and is_key_for_documents),
    )


async def _document_stamp(
    signature: EmbeddedPdfSignature, evidence: Evidence, until: datetime
) -> StampFacts:
    token = signature.signed_data

    async def judged(context: ValidationContext) -> SignatureStatus:
        return await async_validate_pdf_timestamp(signature, context, skip_diff=True)

    return await stamp_facts(token, judged, evidence, until)


async def _signature_stamp(
    signature: EmbeddedPdfSignature, evidence: Evidence, until: datetime
) -> StampFacts | None:
    tokens = list(extract_tst_data_iter(signature.signer_info, signed=False))
    if not tokens:
        return None

    async def judged(context: ValidationContext) -> SignatureStatus:
        imprint = message_imprint_checker(signature.signer_info)
        return TimestampSignatureStatus(
            **await validate_tst_signed_data(tokens[0], context, imprint)
        )

    return await stamp_facts(tokens[0], judged, evidence, until)


async def stamp_facts(
    token: cms.SignedData, judged: Validate, evidence: Evidence, until: datetime
) -> StampFacts:
    """Judge a time stamp at the time that it tells, and whether it holds until another."""
    at = token["encap_content_info"]["content"].parsed["gen_time"].native.astimezone(UTC)
    roots = (*evidence.trust.roots, *evidence.trust.stamp_roots)
    status = await judged(evidence.context(roots, at))
    return StampFacts(
        at=at,
        is_intact=status.intact and status.valid,
        key=await evidence.key(status, judged, roots=roots, moment=at, until=until),
        until=until,
    )


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether a certificate is for signing documents; pyHanko asks that of no trusted root."""
    usage = certificate.key_usage_value
    return not certificate.ca and usage is not None and "non_repudiation" in usage.native
