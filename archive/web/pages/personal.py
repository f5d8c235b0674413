"""Pages on how to reach a person, and on masked values that are shown in full for a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from archive.dossiers import personal
from archive.limiting.figures import Group, Subject
from archive.people import confirming, contacts
from archive.people.at_counter import mark_rest
from archive.people.contact_refusals import ContactError
from archive.people.contacts import Reached
from archive.people.sent_codes import SentCodeWrongError
from archive.web import limits
from archive.web.api.asked import worker_for
from archive.web.arrival import AskedToken, asked, counted, go
from archive.web.audiences import ContactTeller, PersonalRevealer
from archive.web.deps import Fresh, HouseDep, Now, ReadingDep, SessionDep
from archive.web.page import PageDep
from archive.web.pages.worker import own_id
from archive.web.statuses import status_of_form
from schemas.refusals import Refusal
from schemas.vocabulary import ContactKind, Permission, PersonalField, RevealReason

router = APIRouter(include_in_schema=False)

_MINE = "/me/contact"
_RECORDS = "/bureau/records/{number}"
_Typed = Annotated[str, Form(max_length=400)]


@router.get(_MINE)
def mine(page: PageDep, me: ContactTeller, session: ReadingDep) -> Response:
    """Show how the archive reaches me, masked: others may see this screen."""
    return _form(page, contacts.reached(session, own_id(me)), _MINE)


@router.post(_MINE)
def tell_mine(
    page: PageDep,
    me: ContactTeller,
    _fresh: Fresh,
    house: HouseDep,
    request: Request,
    session: SessionDep,
    now: Now,
    kind: Annotated[ContactKind, Form()],
    value: _Typed = "",
) -> Response:
    """Keep one way to reach me, and send a code to it; an empty one is taken back.

    Whoever has my phone number can sign in by it, so that a session left open changes none.
    """
    whose = own_id(me)
    if value.strip() and kind in contacts.CHANNELS:
        limits.hit(request, house, Group.ONE_TIME_CODE, me, {Subject.CONTACT: value.strip()})
    try:
        contacts.tell(session, whose, {kind: value}, by=me.actor, now=now)
    except ContactError as refusal:
        return _form(page, contacts.reached(session, whose), _MINE, refusal)
    token = confirming.ask(session, whose, kind, by=me.actor, now=now) if value.strip() else None
    return go(_MINE) if token is None else asked(house, _MINE, token)


@router.post(_MINE + "/code")
def send_code(
    me: ContactTeller,
    house: HouseDep,
    request: Request,
    session: SessionDep,
    now: Now,
    kind: Annotated[ContactKind, Form()],
) -> Response:
    """Send a new code to the contact of mine that waits."""
    counted_by = {Subject.CONTACT: f"{own_id(me)}/{kind}"}
    limits.hit(request, house, Group.ONE_TIME_CODE, me, counted_by)
    token = confirming.ask(session, own_id(me), kind, by=me.actor, now=now)
    return go(_MINE) if token is None else asked(house, _MINE, token)


@router.post(_MINE + "/confirm")
def confirm(
    page: PageDep,
    me: ContactTeller,
    _fresh: Fresh,
    house: HouseDep,
    now: Now,
    token: AskedToken,
    code: _Typed = "",
) -> Response:
    """Use a contact of mine from now on, when the code that was sent there is right."""
    whose = own_id(me)
    try:
        counted(house, token, now)
        with house.archive.transaction() as session:
            confirming.confirm(session, whose, token, code, by=me.actor, now=now)
            mark_rest(session, Permission.TELL_CONTACT, by=me.actor, now=now)
    except SentCodeWrongError as refusal:
        with house.archive.reading() as session:
            return _form(page, contacts.reached(session, whose), _MINE, refusal)
    return go(_MINE)


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
    reached = contacts.reached(session, worker.worker_id)
    return _form(page, reached, f"{address}/contact", back=address)


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
        reached = contacts.reached(session, worker.worker_id)
        return _form(page, reached, f"{address}/contact", refusal, back=address)
    return go(f"{address}/contact")


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
    reached: Reached,
    address: str,
    refusal: Refusal | None = None,
    back: str | None = None,
) -> Response:
    return page(
        "dossier/contact.html",
        status_of_form(refusal),
        kinds=tuple(ContactKind),
        known=reached.masked(),
        waiting=reached.masked_waiting(),
        address=address,
        refusal=refusal,
        back=back,
    )
