"""Handing a document over: issued by the transcripts' room, sent as a download."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import Response
from sqlmodel import Session

from archive.people.sessions import SignedIn
from archive.scans import scan_type
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.verification import verify_file
from archive.web.downloads import handed_over
from archive.web.house import House
from schemas.documents import DocumentAsked
from schemas.reports import VerificationReport
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import DocumentLanguage, ScanType

if TYPE_CHECKING:
    from archive.transcripts.issuing import Awaited, Issued
    from archive.transcripts.proofs import Proved
    from archive.transcripts.report_issuing import IssuedReport

PDF = "application/pdf"
JSON = "application/json"
_ENDINGS = {ScanType.PDF: "pdf", ScanType.JPEG: "jpg", ScanType.PNG: "png"}


def issued(
    house: House, worker_id: UUID, asked: DocumentAsked, *, by: SignedIn, now: datetime
) -> "Issued | Awaited":
    """Issue a document about a worker, or accept it for later; the caller holds no session."""
    from archive.transcripts.issuing import issue  # noqa: PLC0415  # Takes a moment to load.

    return issue(house.archive, worker_id, asked, by=by.actor, now=now, using=house.press)


def verified(
    house: House, session: Session, content: bytes, *, now: datetime
) -> VerificationReport:
    """Return what can be said of a file; raises VerificationBusyError when too many ask."""
    with house.verifying.place():
        trust, register = house.trust(session, at=now), DatabaseRegister(session)
        return verify_file(content, trust=trust, register=register, now=now)


def reported(
    house: House, report: VerificationReport, language: DocumentLanguage, *, now: datetime
) -> "IssuedReport":
    """Issue the report of a verification; the caller holds no session."""
    from archive.transcripts.report_issuing import issue_report  # noqa: PLC0415

    return issue_report(house.archive, report, language, now=now, using=house.press)


def report_handed_over(issued: "IssuedReport") -> Response:
    """Return the file of a verification report."""
    code = issued.payload.code
    response = handed_over(f"verification-report-{code}.pdf", issued.pdf, PDF)
    response.headers["X-Report-Code"] = code
    return response


def document_handed_over(
    transcript: TranscriptV1, pdf: bytes, *, is_again: bool = False
) -> Response:
    """Return the file of a document; its name tells the archive number, which names nobody.

    Of one that was issued before, the header ``X-Transcript-Same-As`` tells when.
    """
    response = handed_over(f"transcript-{transcript.holder.archive_number}.pdf", pdf, PDF)
    response.headers["X-Transcript-Code"] = transcript.code
    response.headers["X-Transcript-Id"] = str(transcript.id)
    if is_again:
        response.headers["X-Transcript-Same-As"] = transcript.issued_at.isoformat()
    return response


def proof_handed_over(made: "Proved") -> Response:
    """Return the proof of a single record or entry; its name tells the archive number alone."""
    return handed_over(made.name, made.body, JSON)


def evidence_handed_over(subject_id: UUID, content: bytes) -> Response:
    """Return a file that somebody sent along; its name tells nothing of it or of them."""
    kind = scan_type(content)
    return handed_over(f"evidence-{subject_id.hex[-12:]}.{_ENDINGS[kind]}", content, kind)


def exported(
    house: House, worker_id: UUID, *, by: SignedIn, now: datetime, language: DocumentLanguage
) -> Response:
    """Make the whole export of a dossier and return it; the caller holds no session."""
    from archive.transcripts.portable import export  # noqa: PLC0415  # Takes a second to load.

    portable = export(
        house.archive,
        worker_id,
        by=by.actor,
        now=now,
        language=language,
        using=house.press,
        proving=partial(house.keys_of_house, now=now),
    )
    return handed_over(f"dossier-{portable.archive_number}.zip", portable.body, "application/zip")
