"""Handing a document over: issued by the transcripts' room, sent as a download."""

from datetime import datetime
from uuid import UUID

from fastapi import Response

from archive.people.sessions import SignedIn
from archive.web.house import House
from schemas.vocabulary import DocumentLanguage

PDF = "application/pdf"


def issued(
    house: House, worker_id: UUID, *, by: SignedIn, now: datetime, language: DocumentLanguage
) -> Response:
    """Issue a worker's transcript and return it; the caller holds no session.

    The file's name tells the archive number, which names nobody.
    """
    from archive.transcripts.issuing import issue  # noqa: PLC0415  # Takes a second to load.

    document = issue(
        house.archive, worker_id, by=by.actor, now=now, language=language, using=house.press
    )
    number = document.transcript.holder.archive_number
    headers = {
        "Content-Disposition": f'attachment; filename="transcript-{number}.pdf"',
        "X-Transcript-Code": document.transcript.code,
    }
    return Response(document.pdf, media_type=PDF, headers=headers)


def exported(
    house: House, worker_id: UUID, *, by: SignedIn, now: datetime, language: DocumentLanguage
) -> Response:
    """Make the whole export of a dossier and return it; the caller holds no session."""
    from archive.transcripts.portable import export  # noqa: PLC0415  # Takes a second to load.

    portable = export(
        house.archive, worker_id, by=by.actor, now=now, language=language, using=house.press
    )
    headers = {
        "Content-Disposition": f'attachment; filename="dossier-{portable.archive_number}.zip"'
    }
    return Response(portable.body, media_type="application/zip", headers=headers)
