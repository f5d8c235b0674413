"""Verification reports as documents: registered, made and signed, their file registered.

No signature without a register line, as of every document (see issuing.py): the intent is
committed before anything is signed, the file's digest before a byte leaves. Killed in between,
an intent is left, which no code and no file answers to. A report is not kept and not finished
later: what it tells holds for its moment, and whoever wants it verifies once more.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session

from archive.db import Database
from archive.transcripts.intents import issuer_of_all
from archive.transcripts.ordering import order_for, order_of
from archive.transcripts.orders import Order
from archive.transcripts.payload import payload_bytes, payload_digest
from archive.transcripts.presses import Press
from archive.transcripts.report_composing import ReportCircumstances, compose_report
from archive.transcripts.report_models import ReportFile, ReportIntent
from archive.transcripts.report_register import hash_of
from archive.transcripts.signing_refusals import SigningUnavailableError
from schemas.contracts import Bilingual
from schemas.reports import VerificationReport
from schemas.verification_reports import ReportV1
from schemas.vocabulary import DocumentLanguage

if TYPE_CHECKING:
    from archive.transcripts.signing import SignedFile


@dataclass(frozen=True)
class IssuedReport:
    """A verification report that was issued."""

    pdf: bytes
    payload: ReportV1


def issue_report(
    archive: Database,
    report: VerificationReport,
    language: DocumentLanguage,
    *,
    now: datetime,
    using: Press,
) -> IssuedReport:
    """Issue the report of a verification that was just made, in transactions of its own.

    The caller must hold no writing session. Raises NothingToReportError, IssuerMissingError,
    DocumentsBusyError, SigningUnavailableError, DocumentFailedError.
    """
    with ExitStack() as held:
        with archive.transaction() as session:
            payload, order = _intended(session, report, language, now=now, using=using)
            held.enter_context(using.works.place())  # Without one nothing is left of the intent.
        signed = using.works.make(payload, at=now, order=order)
        with archive.transaction() as session:
            _complete(session, payload, signed, now=now, using=using)
    return IssuedReport(signed.pdf, payload)


def _intended(
    session: Session,
    report: VerificationReport,
    language: DocumentLanguage,
    *,
    now: datetime,
    using: Press,
) -> tuple[ReportV1, Order]:
    """Write the register line of a report that is to be signed."""
    issuer = issuer_of_all(session)
    order = order_of(session, issuer.id, using.keys)
    given = ReportCircumstances(
        now=now,
        timezone=using.timezone,
        language=language,
        base_url=using.base_url,
        issuer_code=issuer.code,
        issuer_name=Bilingual(zh=issuer.name, en=issuer.name_en),
        order=order,
    )
    payload = compose_report(report, given)
    session.add(_line(payload, issuer.id))
    session.flush()
    return payload, order


def _line(payload: ReportV1, issuer_id: UUID) -> ReportIntent:
    return ReportIntent(
        code_hash=hash_of(payload.code),
        id=payload.id,
        issuer_id=issuer_id,
        template=payload.template,
        language=payload.language,
        signer=payload.signer,
        is_development=payload.is_development,
        payload_digest=payload_digest(payload_bytes(payload)),
        checked_sha256=bytes.fromhex(payload.report.sha256),
        verdict=payload.report.verdict,
        reason=payload.report.reason,
        checked_at=payload.report.checked_at,
        intended_at=payload.issued_at,
    )


def _complete(
    session: Session, payload: ReportV1, signed: "SignedFile", *, now: datetime, using: Press
) -> None:
    """Register the signed file; one whose key was replaced or revoked meanwhile is thrown away."""
    if order_for(session, payload, using.keys) is None:
        raise SigningUnavailableError
    session.add(
        ReportFile(
            code_hash=hash_of(payload.code),
            sha256=sha256(signed.pdf).digest(),
            size_bytes=len(signed.pdf),
            profile=signed.profile,
            stamped_at=signed.stamped_at,
            stamper=signed.stamper,
            registered_at=now,
        )
    )
    session.flush()
