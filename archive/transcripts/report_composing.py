"""From the answer of a verification to the payload of a report: what it will state for good.

Of a file whose signer this archive does not vouch for no name is taken over: whoever made it
chose them, and would have them under our signature.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from archive.errors import ArchiveError
from archive.transcripts.answers import OF_PROOFS_ALONE
from archive.transcripts.codes import new_code
from archive.transcripts.orders import Order
from schemas.contracts import Bilingual
from schemas.ids import new_id
from schemas.reports import FoundSignature, VerificationReport, VerifiedDocument
from schemas.transcripts import TranscriptIssuer
from schemas.verification_reports import (
    Reported,
    ReportedChange,
    ReportedCheck,
    ReportedDocument,
    ReportedNote,
    ReportedSignature,
    ReportV1,
)
from schemas.vocabulary import DocumentLanguage

_NOTHING_READ = "unreadable"


class NothingToReportError(ArchiveError):
    """Something was verified of which no report is made."""

    code: ClassVar[str] = "report_of_nothing"
    template: ClassVar[str] = (
        "A report is made of a PDF that can be read and is no report itself. "
        "Verify the document with its file; a report is verified anew instead."
    )


@dataclass(frozen=True)
class ReportCircumstances:
    """How, when and in whose name a report is made."""

    now: datetime
    timezone: str
    language: DocumentLanguage
    base_url: str
    issuer_code: str
    issuer_name: Bilingual
    order: Order
    """By whose key it is signed, and which seal it shows."""


def compose_report(report: VerificationReport, given: ReportCircumstances) -> ReportV1:
    """Return the payload with a new code; raises NothingToReportError."""
    code = new_code()
    return ReportV1(
        id=new_id(),
        code=code,
        language=given.language,
        timezone=given.timezone,
        issued_at=given.now,
        issuer=TranscriptIssuer(code=given.issuer_code, name=given.issuer_name),
        report=reported(report),
        verify_url=f"{given.base_url}/verify/{code.replace('-', '')}",
        is_development=given.order.is_development,
        signer=given.order.fingerprint,
        seal=given.order.seal_sha256,
    )


def can_report(report: VerificationReport) -> bool:
    """Whether a report can be made: of a file, of a PDF, and of no report."""
    is_of_proof = any(check.code == OF_PROOFS_ALONE for check in report.checks)
    is_readable = report.reason != _NOTHING_READ and not is_of_proof
    return report.sha256 is not None and report.report is None and is_readable


def reported(report: VerificationReport) -> Reported:
    """Return what a report states of an answer; raises NothingToReportError."""
    if report.sha256 is None or not can_report(report):
        raise NothingToReportError
    return Reported(
        verdict=report.verdict,
        reason=report.reason,
        message=report.message,
        checked_at=report.checked_at,
        sha256=report.sha256,
        checks=tuple(
            ReportedCheck(
                number=one.number,
                code=one.code,
                state=one.state,
                title=one.title,
                message=one.message,
            )
            for one in report.checks
        ),
        changed=tuple(
            ReportedChange(number=one.number, act=one.act, changed_on=one.changed_on)
            for one in report.changed
        ),
        noted=tuple(
            ReportedNote(
                number=one.number,
                is_revoked=one.note.is_revoked,
                since=one.note.since,
                source=one.note.source,
            )
            for one in report.noted
        ),
        document=None if report.document is None else _document(report.document),
        signature=None if report.signature is None else _signature(report.signature),
    )


def _document(found: VerifiedDocument) -> ReportedDocument:
    return ReportedDocument(
        code=found.code,
        holder_name_masked=found.holder_name_masked,
        archive_number=found.archive_number,
        issued_at=found.issued_at,
        valid_until=found.valid_until,
        issuer=found.issuer,
        levels=found.levels,
        entitlement=found.entitlement,
        records=found.records,
        credits=found.credits,
        is_demo=found.is_demo,
        is_development=found.is_development,
    )


def _signature(found: FoundSignature) -> ReportedSignature:
    return ReportedSignature(
        is_trusted=found.is_trusted,
        is_intact=found.is_intact,
        reaches_end=found.reaches_end,
        fingerprint=found.fingerprint,
        signer_name=found.signer_name if found.is_trusted else None,
        stamped_at=found.stamped_at if found.is_trusted else None,
    )
