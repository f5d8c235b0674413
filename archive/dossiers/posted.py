"""What an organisation posted lately: its files, without anything that names a person."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.models import IntakeBatch
from archive.people.models import Account
from schemas.contracts import Contract
from schemas.vocabulary import RecordKind


class PostedFile(Contract):
    """A file that was written to the archive."""

    id: UUID
    kind: RecordKind
    rows: int
    written: int
    """Rows that changed a dossier; the others were on file already, or faulty."""
    posted_by: str
    posted_at: datetime


def lately(session: Session, organisation_id: UUID, *, most: int = 20) -> list[PostedFile]:
    """Return the files that an organisation posted last, newest first."""
    query = (
        select(IntakeBatch, Account.name)
        .join(Account, col(Account.id) == col(IntakeBatch.posted_by))
        .where(col(IntakeBatch.organisation_id) == organisation_id)
        .order_by(col(IntakeBatch.id).desc())
        .limit(most)
    )
    return [
        PostedFile(
            id=batch.id,
            kind=batch.kind,
            rows=batch.rows,
            written=batch.written,
            posted_by=name,
            posted_at=batch.posted_at,
        )
        for batch, name in session.exec(query)
    ]
