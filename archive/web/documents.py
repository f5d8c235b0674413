"""Handing a document over: issued by the transcripts' room, sent as a download."""

from datetime import datetime
from uuid import UUID

from fastapi import Response

from archive.people.sessions import SignedIn
from archive.scans import scan_type
from archive.web.downloads import handed_over
from archive.web.house import House
from schemas.documents import DocumentAsked
from schemas.vocabulary import DocumentLanguage, ScanType

PDF = "application/pdf"
_ENDINGS = {ScanType.PDF: "pdf", ScanType.JPEG: "jpg", ScanType.PNG: "png"}


def issued(
    house: House, worker_id: UUID, asked: DocumentAsked, *, by: SignedIn, now: datetime
) -> Response:
    """Issue a document about a worker and return it; the caller holds no session.

    The file's name tells the archive number, which names nobody.
    """
    from archive.transcripts.issuing import issue  # noqa: PLC0415  # Takes a second to load.

    document = issue(house.archive, worker_id, asked, by=by.actor, now=now, using=house.press)
    number = document.transcript.holder.archive_number
    response = handed_over(f"transcript-{number}.pdf", document.pdf, PDF)
    response.headers["X-Transcript-Code"] = document.transcript.code
    return response


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
        house.archive, worker_id, by=by.actor, now=now, language=language, using=house.press
    )
    return handed_over(f"dossier-{portable.archive_number}.zip", portable.body, "application/zip")
