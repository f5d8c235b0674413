"""By whose consent documents were made, and whether that was taken back since."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people import consents
from archive.transcripts.consent_models import DocumentConsent
from schemas.vocabulary import ConsentAct


def of_documents(session: Session, worker_id: UUID) -> dict[UUID, DocumentConsent]:
    """Return by document of a dossier by whose consent it was made; of others nothing."""
    mine = col(DocumentConsent.worker_id) == worker_id
    return {one.transcript_id: one for one in session.exec(select(DocumentConsent).where(mine))}


def taken_back_at(session: Session, worker_id: UUID, transcript_id: UUID) -> datetime | None:
    """Return when the consent was taken back by which a document was made; None if it stands."""
    made = session.get(DocumentConsent, (worker_id, transcript_id))
    if made is None:
        return None
    answers = consents.with_request(session, worker_id, made.request_id).answers
    return next((one.said_at for one in answers if one.act is ConsentAct.TAKE_BACK), None)
