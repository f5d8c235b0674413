"""Pages of workers: the own dossier, its records and why each earned what it earned."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from archive.dossiers import reading, sightings
from archive.errors import UnknownRecordError, UnknownWorkerError
from archive.people import affected
from archive.people.sessions import SignedIn
from archive.texts import in_language
from archive.web.audiences import TranscriptIssuer, Worker
from archive.web.deps import HouseDep, Now, ReadingDep, Today
from archive.web.documents import issued
from archive.web.page import PageDep
from schemas.vocabulary import DocumentLanguage

router = APIRouter(include_in_schema=False)


@router.get("/me")
def home(page: PageDep, me: Worker, session: ReadingDep, today: Today, house: HouseDep) -> Response:
    """Show the own dossier."""
    view = reading.dossier(session, own_id(me), today=today, zone=house.settings.zone)
    unread = affected.of_worker(session, own_id(me), unread=True) if me.has_news else []
    return page("worker/home.html", dossier=view, incidents=unread)


@router.get("/me/records/{record_id}")
def record(
    record_id: UUID, page: PageDep, me: Worker, session: ReadingDep, today: Today
) -> Response:
    """Show one of the own records in full."""
    view = reading.dossier(session, own_id(me), today=today).record(record_id)
    if view is None:
        raise UnknownRecordError
    words = in_language("My dossier", page.language)
    return page(
        "dossier/record.html",
        view=view,
        back="/me",
        back_words=words,
        sightings=sightings.of_record(session, own_id(me), view.id),
        note_at=None,
    )


@router.post("/me/transcript")
def transcript(
    house: HouseDep,
    me: TranscriptIssuer,
    now: Now,
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Issue the own dossier as a signed PDF and hand it over."""
    return issued(house, own_id(me), by=me, now=now, language=language)


def own_id(me: SignedIn) -> UUID:
    """Return the worker whom the account belongs to; raises UnknownWorkerError."""
    if me.actor.worker_id is None:
        raise UnknownWorkerError
    return me.actor.worker_id
