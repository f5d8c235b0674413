"""Pages of workers: the own dossier, its records and why each earned what it earned."""

from collections import defaultdict
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers import declaration_views, provenance, reading, sightings
from archive.dossiers import news as record_news
from archive.dossiers.news import NewsOfRecord
from archive.errors import DossierUnboundError, UnknownRecordError
from archive.notices.messages import Notice, title_of
from archive.people import affected, tidings
from archive.people.sessions import SignedIn
from archive.texts import in_language
from archive.web.audiences import RightsUser, Worker
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from schemas.dossiers import DossierView

router = APIRouter(include_in_schema=False)

_ELSEWHERE = {
    Notice.CORRECTION_MOVED: "/me/corrections",
    Notice.DECLARATION_ANSWERED: "/me/declarations",
    Notice.DOCUMENT_MOVED: "/me/documents",
}
_TOLD_AT = defaultdict(lambda: "/me/shares", _ELSEWHERE)
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
    return page(
        "worker/home.html",
        dossier=view,
        incidents=unread,
        news=news,
        declarations=declaration_views.of_worker(session, own_id(me)),
        of_records=_news_of_records(me, view),
        wants_digest=me.heard is None or me.heard.wants_digest,
    )


@router.post("/me/news/read")
def read_news(
    me: RightsUser,
    session: SessionDep,
    now: Now,
    until: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """Note that I have read what I was told, and of my records what was shown."""
    tidings.read(session, own_id(me), now=now)
    if until:
        record_news.read(session, own_id(me), until=until, by=me.actor)
    return RedirectResponse("/me", status.HTTP_303_SEE_OTHER)


@router.post("/me/news/digest")
def choose_digest(
    me: RightsUser, session: SessionDep, wanted: Annotated[Literal["yes", "no"], Form()]
) -> Response:
    """Switch the daily message on or off."""
    record_news.choose(session, own_id(me), wants_digest=wanted == "yes", by=me.actor)
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
        came=provenance.provenance(session, own_id(me), view.id, by=me.actor),
        note_at=None,
        prove_at=None if view.is_withdrawn else f"/me/proofs/{view.id}",
        ask_at=f"/me/records/{view.id}/correction",
    )


def _news_of_records(me: SignedIn, view: DossierView) -> list[NewsOfRecord]:
    """Return what is new to the holder; a clerk at the counter has nothing to confirm."""
    if me.visit is not None:
        return []
    return record_news.unread(view, me.heard, opened_at=me.account.created_at)


def own_id(me: SignedIn) -> UUID:
    """Return the worker whom the account belongs to; raises DossierUnboundError."""
    if me.actor.worker_id is None:
        raise DossierUnboundError
    return me.actor.worker_id
