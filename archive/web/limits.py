"""Which routes are counted together, and by whom; the figures stand in archive/limiting.

Audiences call this for every route, so that none can forget it. What only a form tells (the
name of an account, the number on a certificate) its route counts by ``hit``.
"""

import hashlib
from collections.abc import Mapping

from fastapi import Request

from archive.limiting.figures import Group, Subject
from archive.people.sessions import SignedIn
from archive.web.addresses import address_of
from archive.web.house import House
from schemas.vocabulary import Permission

_API = "/api/"
_NUMBERS = ("code", "token", "number")
"""Names of parameters in paths that carry a number which somebody could guess."""

OF_ROUTE: Mapping[tuple[str, str], Group] = {
    ("POST", "/sign-in"): Group.SIGN_IN,
    ("POST", "/sign-in/passkey"): Group.SIGN_IN,
    ("GET", "/sign-in/identity"): Group.SIGN_IN,
    ("GET", "/sign-in/identity/return"): Group.SECOND_STEP,
    ("POST", "/sign-in/passkey/answer"): Group.SECOND_STEP,
    ("POST", "/sign-in/code"): Group.SECOND_STEP,
    ("POST", "/sign-in/code/passkey"): Group.SECOND_STEP,
    ("POST", "/sign-in/enrol"): Group.SECOND_STEP,
    ("POST", "/sign-in/enrol/passkey"): Group.SECOND_STEP,
    ("POST", "/prove"): Group.SECOND_STEP,
    ("POST", "/prove/passkey"): Group.SECOND_STEP,
    ("POST", "/prove/passkey/answer"): Group.SECOND_STEP,
    ("POST", "/verify"): Group.VERIFY_FILE,
    ("GET", "/verify/{code}"): Group.VERIFY_CODE,
    ("POST", "/verify/report"): Group.REPORT,
    ("POST", "/api/v1/verify/report"): Group.REPORT,
    ("GET", "/s/{token}"): Group.SHARE,
    ("GET", "/s/{token}/data"): Group.SHARE,
    ("POST", "/s/{token}"): Group.SHARE_PIN,
    ("POST", "/organisation/access/new"): Group.ACCESS_REQUEST,
    ("POST", "/api/v1/access-requests"): Group.ACCESS_REQUEST,
    ("POST", "/api/v1/shares/opening"): Group.SHARE_PIN,
    ("POST", "/trainer/intake"): Group.INTAKE,
    ("POST", "/trainer/classes/{class_id}/roster/file"): Group.INTAKE,
    ("POST", "/api/v1/classes/{class_id}/roster"): Group.INTAKE,
    ("POST", "/api/v1/intake"): Group.INTAKE,
    ("POST", "/api/v1/records/batch"): Group.INTAKE,
    ("POST", "/api/v1/badges"): Group.INTAKE,
    ("POST", "/trainer/badges"): Group.INTAKE,
    ("POST", "/api/v1/verify"): Group.VERIFY_FILE,
    ("GET", "/api/v1/verify/{code}"): Group.VERIFY_CODE,
}
"""Routes that are counted by what they are."""

OF_PERMISSION: Mapping[Permission, Group] = {
    Permission.FIND_DOSSIER: Group.LOOK_UP,
    Permission.LOOK_UP_PERSON: Group.PERSON,
    Permission.EXPORT_RECORDS: Group.EXPORT,
    Permission.ISSUE_TRANSCRIPT: Group.EXPORT,
}
"""Routes that are counted by what may be done there."""


def count(request: Request, house: House, asker: SignedIn | None, permission: Permission) -> None:
    """Count a request by its route, and a program's by its key; raises RateLimitedError."""
    if asker is not None and asker.is_bearer:
        hit(request, house, Group.API, asker)
    route = getattr(request.scope.get("route"), "path", "")
    group = OF_ROUTE.get((request.method, route)) or OF_PERMISSION.get(permission)
    if group is not None:
        numbers = (request.path_params.get(name) for name in _NUMBERS)
        number = next((one for one in numbers if one), "")
        hit(request, house, group, asker, {Subject.NUMBER: str(number)})


def count_unknown(request: Request, house: House, token: str) -> None:
    """Count a token or cookie that belongs to nobody; raises RateLimitedError.

    The same one again is not counted: a browser keeps an ended session's cookie.
    """
    kept = hashlib.sha256(token.encode()).hexdigest()
    address = address_of(request, house.settings.proxies)
    if house.limiter.is_new(Group.UNKNOWN_TOKEN, kept):
        house.limiter.hit(Group.UNKNOWN_TOKEN, {Subject.ADDRESS: address})


def hit(
    request: Request,
    house: House,
    group: Group,
    asker: SignedIn | None = None,
    told: Mapping[Subject, str] | None = None,
) -> None:
    """Count a request of a group for all whom it concerns; raises RateLimitedError.

    All secrets and tokens of one key count together, or more tokens would bring more requests.
    """
    subjects = {Subject.ADDRESS: address_of(request, house.settings.proxies)}
    if asker is not None:
        actor = asker.actor
        program = asker.token_digest.hex() if actor.narrowed_to is None else str(actor.id)
        subjects |= {Subject.ACCOUNT: str(actor.id), Subject.PROGRAM: program}
        subjects |= {Subject.ORGANISATION: str(actor.organisation_id or "")}
    house.limiter.hit(group, subjects | dict(told or {}))
