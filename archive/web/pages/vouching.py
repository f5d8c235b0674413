"""Signing in by the city's identity service: going there, and coming back.

Going there is a link, not a form: browsers hold a form's redirection against our own policy.
"""

from datetime import date, datetime

from fastapi import APIRouter, Request, Response

from archive.people import sessions, sign_ins, vouching, vouching_states
from archive.people.sign_ins import Partial, Whole
from archive.people.vouching_refusals import (
    VouchingCancelledError,
    VouchingError,
    VouchingRefusedError,
    VouchingStateUnknownError,
)
from archive.people.vouching_service import IdentityService
from archive.people.vouching_states import Attempt
from archive.people.vouching_tokens import Claims
from archive.web import steps
from archive.web.audiences import Arriving
from archive.web.deps import HouseDep, Now, Today
from archive.web.house import VOUCHING_RETURN, House
from archive.web.navigation import home_of
from archive.web.refusals import PageUnknownError
from archive.web.steps import DeviceDep

router = APIRouter(include_in_schema=False)
_CANCELLED = frozenset({"access_denied", "login_required", "consent_required"})
_LONGEST = 4096


@router.get("/sign-in/identity")
def go_there(house: HouseDep, now: Now, _: Arriving, request: Request) -> Response:
    """Send the browser to the identity service, and let it keep the token of this sign-in.

    Another site's link leads to our own page first: where the service knows the browser, nobody
    would be asked anything (ASVS 5.0, 7.6.2).
    """
    service = _service(house)
    goal = steps.own_path(request.query_params.get("next", ""))
    if request.headers.get("sec-fetch-site") == "cross-site":
        return steps.go(steps.with_goal("/sign-in", goal))
    with house.archive.transaction() as session:
        attempt = vouching_states.begin(session, goal, now=now)
    there = service.address_for(attempt, now=now)
    return steps.vouching(house, steps.go(there), attempt.browser)


@router.get(VOUCHING_RETURN)
def come_back(
    house: HouseDep, now: Now, today: Today, asker: Arriving, device: DeviceDep, request: Request
) -> Response:
    """Take the browser back, once, and go on as after a right password."""
    service = _service(house)
    try:
        attempt = _used_up(house, request, now)
        claims = _vouched(service, attempt, request, now)
        begun = _begun(house, claims, device, now, today)
    except VouchingError as refusal:
        raise steps.told(house, refusal) from refusal
    if asker is not None:
        with house.archive.transaction() as session:
            sessions.end(session, asker.token_digest, now=now)
    return steps.vouched(house, _onward(house, begun, attempt.goal))


def _service(house: House) -> IdentityService:
    """Return the identity service; raises PageUnknownError where none is set."""
    if house.identity_service is None:
        raise PageUnknownError
    return house.identity_service


def _used_up(house: House, request: Request, now: datetime) -> Attempt:
    """Use the state up and commit that, whatever becomes of the rest."""
    browser, state = steps.vouching_of(house, request), _one(request, "state")
    if not (browser and state):
        raise VouchingStateUnknownError
    with house.archive.transaction() as session:
        return vouching_states.use_up(session, browser, state, now=now)


def _vouched(service: IdentityService, attempt: Attempt, request: Request, now: datetime) -> Claims:
    error, code = _one(request, "error"), _one(request, "code")
    if error in _CANCELLED:
        raise VouchingCancelledError
    if error or not code:
        raise VouchingRefusedError
    return service.vouched(attempt, code, _one(request, "iss"), now=now)


def _one(request: Request, name: str) -> str | None:
    """Return a parameter that stands once in the address, as the standard asks."""
    found = request.query_params.getlist(name)
    return found[0] if len(found) == 1 and len(found[0]) <= _LONGEST else None


def _begun(
    house: House, claims: Claims, device: str, now: datetime, today: date
) -> Whole | Partial:
    settings = house.settings
    with house.archive.transaction() as session:
        account = vouching.account_of(
            session,
            claims,
            number_claim=settings.oidc_id_number_claim,
            name_claim=settings.oidc_name_claim,
            now=now,
            today=today,
        )
        return sign_ins.after_first_proof(session, account, device=device, now=now)


def _onward(house: House, begun: Whole | Partial, goal: str) -> Response:
    if isinstance(begun, Whole):
        there = goal or home_of(begun.account.role)
        return steps.signed_in(house, steps.go(there), begun.token)
    path = "/sign-in/enrol" if begun.must_enrol else "/sign-in/code"
    onward = steps.go(steps.with_goal(path, goal))
    return steps.under_way(house, steps.signed_out(house, onward), begun.token)
