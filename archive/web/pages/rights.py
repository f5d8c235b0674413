"""Pages on the rights over personal data: the notice, the own page, the bureau's answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.bureau import keeping, processing
from archive.people import affected, closing, contacts, revealing, rights
from archive.people.closures import state_of
from archive.web.audiences import DossierExporter, Reader, RightsAnswerer, RightsUser
from archive.web.deps import Fresh, HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.documents import exported
from archive.web.page import PageDep
from archive.web.pages.worker import own_id
from schemas.vocabulary import ClosureAct, DocumentLanguage, RequestAnswer, RequestKind

router = APIRouter(include_in_schema=False)

_MINE = "/me/privacy"
_WAITING = "/bureau/requests"


@router.get("/privacy")
def notice(page: PageDep, _anyone: Reader, today: Today) -> Response:
    """Tell everyone who handles which data, for what and on which basis, and one's rights."""
    told = processing.notice()
    return page(
        "public/privacy.html",
        notice=told,
        processing=told.on(today),
        grounds=keeping.keeping().on(today),
        answering=keeping.keeping().answer,
    )


@router.get(_MINE)
def mine(page: PageDep, me: RightsUser, session: ReadingDep, today: Today) -> Response:
    """Show what I can do about my data, what I asked for, and who saw masked values in full."""
    whose = own_id(me)
    is_frozen = state_of(session, whose) is ClosureAct.FREEZE
    known = {} if is_frozen else contacts.masked_contacts_of(session, whose)
    return page(
        "worker/privacy.html",
        is_frozen=is_frozen,
        contacts=known,
        reveals=[] if is_frozen else revealing.reveals_of(session, whose),
        requests=rights.of_worker(session, whose),
        kinds=[kind for kind in RequestKind if (kind is RequestKind.UNFREEZE) == is_frozen],
        answering=keeping.keeping().answer,
        incidents=affected.of_worker(session, whose),
        today=today,
    )


@router.post(_MINE + "/incidents/{incident_id}")
def read(incident_id: UUID, me: RightsUser, session: SessionDep, now: Now) -> Response:
    """Note that I have read a notice of an incident."""
    affected.read(session, own_id(me), incident_id, now=now)
    return RedirectResponse(_MINE, status.HTTP_303_SEE_OTHER)


@router.post(_MINE + "/requests")
def ask(  # What, why.
    me: RightsUser,
    session: SessionDep,
    now: Now,
    today: Today,
    kind: Annotated[RequestKind, Form()],
    text: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Ask for something about my data; the bureau answers in time."""
    days = keeping.keeping().answer.days
    rights.ask(session, own_id(me), kind, text, days=days, by=me.actor, now=now, today=today)
    return RedirectResponse(_MINE, status.HTTP_303_SEE_OTHER)


@router.post("/me/export")
def export(
    house: HouseDep,
    me: DossierExporter,
    _fresh: Fresh,
    now: Now,
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Hand my whole dossier over, as one file."""
    with house.archive.reading() as session:
        closing.refuse_frozen(session, own_id(me))
    return exported(house, own_id(me), by=me, now=now, language=language)


@router.get(_WAITING)
def waiting(page: PageDep, _me: RightsAnswerer, session: ReadingDep, today: Today) -> Response:
    """Show which requests wait for the bureau's answer."""
    return page(
        "bureau/requests.html",
        requests=rights.waiting(session),
        answers=tuple(RequestAnswer),
        today=today,
    )


@router.post(_WAITING + "/{request_id}")
def answer(  # Which, how, in which words.
    request_id: UUID,
    me: RightsAnswerer,
    session: SessionDep,
    now: Now,
    how: Annotated[RequestAnswer, Form()],
    text: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Answer a request of a person."""
    rights.answer(session, request_id, how, text, by=me.actor, now=now)
    return RedirectResponse(_WAITING, status.HTTP_303_SEE_OTHER)
