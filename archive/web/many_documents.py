"""Handing documents for many over as one file, while they are read."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from archive.dossiers.redemptions import Moment
from archive.people.sessions import SignedIn
from archive.transcripts import batches
from archive.web.downloads import attachment
from archive.web.house import House
from schemas.vocabulary import Language

ZIP = "application/zip"


def batch_together(
    house: House, batch_id: UUID, *, by: SignedIn, at: Moment, language: Language
) -> Response:
    """Return the documents of a batch with a table of all; raises BatchUnknownError."""
    from archive.transcripts.batch_files import Reader, streamed  # noqa: PLC0415  # Once a list.

    with house.archive.reading() as session:
        batch = batches.found(session, batch_id, by=by.actor, now=at.now)
        session.expunge(batch)
    of = Reader(language, at.today, at.now, at.now.astimezone(at.zone))
    name = f"documents-{batch.id.hex[-12:]}.zip"
    return StreamingResponse(
        streamed(house.archive, batch, of), media_type=ZIP, headers=attachment(name)
    )
