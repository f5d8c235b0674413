"""Pages of workers: the own dossier, its records and why each earned what it earned."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers import reading, sightings
from archive.errors import DossierUnboundError, UnknownRecordError
from archive.notices.messages import Notice, title_of
from archive.people import affected, tidings
from archive.people.sessions import SignedIn
from archive.texts import in_language
from archive.web.audiences import RightsUser, TranscriptIssuer, Worker
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.documents import issued
from archive.web.page import PageDep
from schemas.vocabulary import DocumentLanguage

router = APIRouter(include_in_schema=False)

_TOLD_AT = defaultdict(lambda: "/me/shares", {Notice.CORRECTION_MOVED: "/me/corrections"})
"""On which page more is told of a piece of news."""


@router.get("/me")
def home(page: PageDep, me: Worker, session: ReadingDep, today: Today, house: HouseDep) -> Response:
    """Show the own dossier, or how an account comes to one."""
    if me.actor.worker_id is None:
        return page("worker/unproved.html")
    view = reading.dossier(session, own_id(me), today=today, zone=house.settings.zone)
    unread = affected.of_worker(session, own_id(me), unread=True) if me.has_news else []
    told = tidings.unread(session, own_id(me)) if me.has_news else []
    news = [(title_of(one.notice), one.noted_at, _TOLD_AT[one.notice]) for one in told]
    return page("worker/home.html", dossier=view, incidents=unread, news=news)


@router.post("/me/news/read")
def read_news(me: RightsUser, session: SessionDep, now: Now) -> Response:
    """Note that I have read what I was told."""
    tidings.read(session, own_id(me), now=now)
    return RedirectResponse("/me", status.HTTP_303_SEE_OTHER)


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
        ask_at=f"/me/records/{view.id}/correction",
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
    """Return the worker whom the account belongs to; raises DossierUnboundError."""
    if me.actor.worker_id is None:
        raise DossierUnboundError
    return me.actor.worker_id
