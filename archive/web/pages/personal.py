"""Pages on how to reach a person, and on masked values that are shown in full for a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers import personal
from archive.people import contacts
from archive.people.contact_refusals import ContactError
from archive.web.api.asked import worker_for
from archive.web.audiences import ContactTeller, PersonalRevealer
from archive.web.deps import Fresh, Now, ReadingDep, SessionDep
from archive.web.page import PageDep
from archive.web.pages.worker import own_id
from archive.web.statuses import status_of
from schemas.refusals import Refusal
from schemas.vocabulary import ContactKind, Permission, PersonalField, RevealReason

router = APIRouter(include_in_schema=False)

_MINE = "/me/contact"
_RECORDS = "/bureau/records/{number}"
_Typed = Annotated[str, Form(max_length=400)]


@router.get(_MINE)
def mine(page: PageDep, me: ContactTeller, session: ReadingDep) -> Response:
    """Show how the archive reaches me, masked: others may see this screen."""
    return _form(page, contacts.masked_contacts_of(session, own_id(me)), _MINE)


@router.post(_MINE)
def tell_mine(
    page: PageDep,
    me: ContactTeller,
    session: SessionDep,
    now: Now,
    kind: Annotated[ContactKind, Form()],
    value: _Typed = "",
) -> Response:
    """Keep one way to reach me; an empty one is taken back."""
    whose = own_id(me)
    try:
        contacts.tell(session, whose, {kind: value}, by=me.actor, now=now)
    except ContactError as refusal:
        return _form(page, contacts.masked_contacts_of(session, whose), _MINE, refusal)
    return RedirectResponse(_MINE, status.HTTP_303_SEE_OTHER)


@router.post(_MINE + "/shown")
def shown(page: PageDep, me: ContactTeller, _fresh: Fresh, session: ReadingDep) -> Response:
    """Show my own document and contacts in full, once, to who proved it is me a moment ago."""
    whose = own_id(me)
    identity = personal.own_document(session, whose)
    values = {PersonalField.DOCUMENT: identity.document_number}
    told = contacts.contacts_of(session, whose)
    values |= {PersonalField(kind): value for kind, value in told.items()}
    return page("worker/contact_shown.html", values=values, back=_MINE)


@router.get(_RECORDS + "/contact")
def theirs(number: str, page: PageDep, me: ContactTeller, session: ReadingDep) -> Response:
    """Show how a worker is reached, masked."""
    worker = worker_for(session, number, me, Permission.TELL_CONTACT)
    address = f"/bureau/records/{worker.archive_number}"
    known = contacts.masked_contacts_of(session, worker.worker_id)
    return _form(page, known, f"{address}/contact", back=address)


@router.post(_RECORDS + "/contact")
def tell_theirs(  # Whose, what, by whom.
    number: str,
    page: PageDep,
    me: ContactTeller,
    session: SessionDep,
    now: Now,
    kind: Annotated[ContactKind, Form()],
    value: _Typed = "",
) -> Response:
    """Keep one way to reach a worker, as the counter or the bureau was told it."""
    worker = worker_for(session, number, me, Permission.TELL_CONTACT)
    address = f"/bureau/records/{worker.archive_number}"
    try:
        contacts.tell(session, worker.worker_id, {kind: value}, by=me.actor, now=now)
    except ContactError as refusal:
        known = contacts.masked_contacts_of(session, worker.worker_id)
        return _form(page, known, f"{address}/contact", refusal, back=address)
    return RedirectResponse(f"{address}/contact", status.HTTP_303_SEE_OTHER)


@router.get(_RECORDS + "/reveal")
def reveal_form(number: str, page: PageDep, me: PersonalRevealer, session: ReadingDep) -> Response:
    """Ask what is to be shown in full, and why."""
    worker = worker_for(session, number, me, Permission.REVEAL_PERSONAL_DATA)
    known = contacts.masked_contacts_of(session, worker.worker_id)
    fields = [PersonalField.DOCUMENT, *(PersonalField(kind) for kind in known)]
    return page(
        "bureau/reveal.html",
        number=worker.archive_number,
        fields=fields,
        known={PersonalField(kind): told for kind, told in known.items()},
        reasons=tuple(RevealReason),
    )


@router.post(_RECORDS + "/reveal")
def reveal(  # Whose, what, why.
    number: str,
    page: PageDep,
    me: PersonalRevealer,
    session: SessionDep,
    now: Now,
    reason: Annotated[RevealReason, Form()],
    fields: Annotated[list[PersonalField], Form()] = [],  # noqa: B006  # FastAPI copies it.
    note: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Show what was asked for in full, once; that it was shown is on record before it leaves."""
    worker = worker_for(session, number, me, Permission.REVEAL_PERSONAL_DATA)
    view = personal.reveal(session, worker, fields, reason=reason, note=note, by=me.actor, now=now)
    return page("bureau/revealed.html", view=view)


def _form(
    page: PageDep,
    known: dict[ContactKind, str],
    address: str,
    refusal: Refusal | None = None,
    back: str | None = None,
) -> Response:
    code = status.HTTP_200_OK if refusal is None else status_of(type(refusal))
    return page(
        "dossier/contact.html",
        code or status.HTTP_422_UNPROCESSABLE_CONTENT,
        kinds=tuple(ContactKind),
        known=known,
        address=address,
        refusal=refusal,
        back=back,
    )
