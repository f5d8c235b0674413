"""Pages of arriving: signing in by a code that is sent, registering, activating by a code on paper.

No answer here tells whether somebody is known; see docs/decisions/0024.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from archive.errors import ArchiveError
from archive.limiting.figures import Group, Subject
from archive.people import activations, joining, passwords, sent_codes, sessions, sign_ins
from archive.people.accounts import AccountNameTakenError
from archive.people.activations import AccountNameTellingError, ActivationUnknownError
from archive.people.arrival_models import CodePurpose
from archive.people.contact_refusals import ContactError
from archive.people.identity_refusals import IdentityError
from archive.people.joining import JoinNameMissingError
from archive.people.models import Account
from archive.people.passwords import NewPasswordError
from archive.people.sent_codes import SentCodeWrongError
from archive.web import limits
from archive.web.api.asked import worker_for
from archive.web.arrival import AskedToken, arrived, asked, counted, go
from archive.web.audiences import Arriving, WorkerInviter
from archive.web.deps import HouseDep, Now, SessionDep, Today
from archive.web.page import Page, PageDep
from archive.web.statuses import status_of_form
from archive.web.steps import DeviceDep
from schemas.vocabulary import DocumentType, Permission

router = APIRouter(include_in_schema=False)
_Typed = Annotated[str, Form(max_length=400)]
_UNFIT = (IdentityError, ContactError, NewPasswordError, JoinNameMissingError)
_UNFIT_ACCOUNT = (
    ActivationUnknownError,
    AccountNameTellingError,
    AccountNameTakenError,
    NewPasswordError,
)


@router.get("/sign-in/sent")
def contact_form(page: PageDep, _asker: Arriving) -> Response:
    """Ask to which contact a code should go."""
    return _page(page, "arriving/contact.html", contact="")


@router.post("/sign-in/sent")
def ask_code(
    page: PageDep,
    house: HouseDep,
    request: Request,
    now: Now,
    asker: Arriving,
    contact: _Typed = "",
) -> Response:
    """Have a code sent, if somebody is known by this contact; the answer is the same if not."""
    limits.hit(request, house, Group.ONE_TIME_CODE, asker, {Subject.CONTACT: contact.strip()})
    try:
        with house.archive.transaction() as session:
            token = sent_codes.ask(session, CodePurpose.SIGN_IN, contact, now=now)
    except ContactError as refusal:
        return _page(page, "arriving/contact.html", refusal, contact=contact)
    return asked(house, "/sign-in/sent/code", token)


@router.get("/sign-in/sent/code")
def code_form(page: PageDep, _asker: Arriving) -> Response:
    """Ask for the code that was sent."""
    return _page(page, "arriving/code.html", to="/sign-in/sent")


@router.post("/sign-in/sent/code")
def take_code(
    page: PageDep,
    house: HouseDep,
    now: Now,
    asker: Arriving,
    device: DeviceDep,
    token: AskedToken,
    code: _Typed = "",
) -> Response:
    """Sign in by a code, and end what was signed in here before; a wrong one asks again."""
    try:
        counted(house, token, now)
        with house.archive.transaction() as session:
            used = sent_codes.prove(session, token, CodePurpose.SIGN_IN, code)
            account = session.get_one(Account, used.account_id)
            begun = sign_ins.after_first_proof(session, account, device=device, now=now)
            if asker is not None:
                sessions.end(session, asker.token_digest, now=now)
    except SentCodeWrongError as refusal:
        return _page(page, "arriving/code.html", refusal, to="/sign-in/sent")
    return arrived(house, begun)


@router.get("/join")
def join_form(page: PageDep, _asker: Arriving) -> Response:
    """Show the form by which workers register."""
    return _page(page, "arriving/join.html", told={}, types=tuple(DocumentType))


@router.post("/join")
def join(
    page: PageDep,
    house: HouseDep,
    request: Request,
    now: Now,
    today: Today,
    asker: Arriving,
    *,
    name: _Typed = "",
    number: _Typed = "",
    document_type: _Typed = "",
    contact: _Typed = "",
    password: _Typed = "",
) -> Response:
    """Take a registration and have a code sent to its contact."""
    counted_by = {Subject.NUMBER: number.strip(), Subject.CONTACT: contact.strip()}
    limits.hit(request, house, Group.JOIN, asker, counted_by)
    try:
        password_hash = passwords.hashed(password, name)  # Before any connection is held.
        with house.archive.transaction() as session:
            token = joining.ask(
                session,
                number=number,
                document_type=next((one for one in DocumentType if one == document_type), None),
                name=name,
                contact=contact,
                password_hash=password_hash,
                now=now,
                today=today,
            )
    except _UNFIT as refusal:
        told = {"name": name, "number": number, "contact": contact, "type": document_type}
        return _page(page, "arriving/join.html", refusal, told=told, types=tuple(DocumentType))
    return asked(house, "/join/code", token)


@router.get("/join/code")
def join_code_form(page: PageDep, _asker: Arriving) -> Response:
    """Ask for the code that was sent."""
    return _page(page, "arriving/code.html", to="/join")


@router.post("/join/code")
def take_join_code(
    page: PageDep,
    house: HouseDep,
    now: Now,
    _asker: Arriving,
    token: AskedToken,
    code: _Typed = "",
) -> Response:
    """Begin the account of a registration; what becomes of it is told at the next sign-in."""
    try:
        counted(house, token, now)
        with house.archive.transaction() as session:
            account = joining.finish(session, token, code, now=now)
    except SentCodeWrongError as refusal:
        return _page(page, "arriving/code.html", refusal, to="/join")
    return _page(page, "arriving/joined.html", account=account.name)


@router.get("/join/activate")
def activation_form(page: PageDep, _asker: Arriving) -> Response:
    """Ask for the code on paper, and for a name and a password."""
    return _page(page, "arriving/activate.html", name="")


@router.post("/join/activate")
def activate(
    page: PageDep,
    house: HouseDep,
    request: Request,
    now: Now,
    asker: Arriving,
    *,
    code: _Typed = "",
    name: _Typed = "",
    password: _Typed = "",
) -> Response:
    """Begin the account that a code is for, or bind the registered one that is signed in."""
    limits.hit(request, house, Group.JOIN, asker)
    try:
        with house.archive.transaction() as session:
            if asker is not None:
                own = session.get_one(Account, asker.account.id)
                activations.bind_account(session, code, own, now=now)
                return go("/me")
            activations.begin_account(session, code, name.strip(), password, now=now)
    except _UNFIT_ACCOUNT as refusal:
        return _page(page, "arriving/activate.html", refusal, name=name)
    return go("/sign-in")


@router.post("/bureau/records/{number}/activation")
def invite(
    number: str, page: PageDep, session: SessionDep, now: Now, me: WorkerInviter
) -> Response:
    """Make an activation code for a worker whose document was seen, and show it once."""
    worker = worker_for(session, number, me, Permission.INVITE_WORKER)
    code = activations.invite_worker(session, worker.worker_id, by=me.actor, now=now)
    until = now + activations.LASTS
    return page("arriving/invited.html", number=worker.archive_number, code=code, until=until)


def _page(
    page: Page, template: str, refusal: ArchiveError | None = None, **told: object
) -> Response:
    return page(template, status_of_form(refusal), refusal=refusal, **told)
