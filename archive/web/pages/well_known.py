"""Addresses that programs know beforehand: whom to tell of a hole, where to change a password."""

from datetime import timedelta

from fastapi import APIRouter, Response, status
from fastapi.responses import PlainTextResponse, RedirectResponse

from archive.web.audiences import Reader
from archive.web.deps import HouseDep, Now
from archive.web.refusals import PageUnknownError

router = APIRouter(include_in_schema=False)

_HOLDS = timedelta(days=180)


@router.get("/.well-known/security.txt")
def security(house: HouseDep, now: Now, _asker: Reader) -> Response:
    """Tell whom to write to about a hole (RFC 9116); not found where no setting says."""
    contact = house.settings.security_contact
    if not contact:
        raise PageUnknownError
    lines = (
        f"Contact: {contact}",
        f"Expires: {(now + _HOLDS).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: zh, en",
        f"Canonical: {house.settings.public_url}/.well-known/security.txt",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


@router.get("/.well-known/change-password")
def change_password(_asker: Reader) -> Response:
    """Lead a password manager to where a password is changed."""
    return RedirectResponse("/account", status.HTTP_303_SEE_OTHER)
