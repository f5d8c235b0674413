"""Keys by which an organisation's programs act: listed, made, rotated, revoked.

What changes something needs a proof of a moment ago, as on the page: no bearer token does it.
"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from archive.people import api_keys
from archive.people.api_key_lines import keys_told, secret_told
from archive.people.api_keys import LONGEST, USUAL
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import KeyManager
from archive.web.deps import Fresh, Now, ReadingDep, SessionDep
from schemas.api_keys import KeyList, KeyRevoked, KeySecret
from schemas.contracts import Contract
from schemas.vocabulary import Permission

router = APIRouter(prefix="/api/v1/organisation/keys", tags=["Keys"], responses=PROBLEMS)


class RotationAsked(Contract):
    """How long a new secret opens."""

    days: Annotated[int, Field(ge=1, le=LONGEST.days)] = USUAL.days


class KeyAsked(RotationAsked):
    """A key to make: what the program is called, and what it may."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    scopes: Annotated[tuple[Permission, ...], Field(min_length=1, max_length=len(Permission))]


@router.get("")
def key_list(asker: KeyManager, session: ReadingDep) -> KeyList:
    """List the open keys of the own organisation; for the security administrator all."""
    return keys_told(api_keys.listed(session, by=asker.actor))


@router.post("", status_code=status.HTTP_201_CREATED)
def make(asked: KeyAsked, asker: KeyManager, session: SessionDep, now: Now, _: Fresh) -> KeySecret:
    """Make a key of the own organisation; its secret is told only this once."""
    made = api_keys.make(
        session,
        api_keys.with_keys(asker.organisation),
        asked.title,
        asked.scopes,
        lasts=timedelta(days=asked.days),
        by=asker.actor,
        now=now,
    )
    return secret_told(made)


@router.post("/{key_id}/rotation")
def rotate(
    key_id: UUID,
    asked: RotationAsked,
    asker: KeyManager,
    session: SessionDep,
    now: Now,
    _: Fresh,
) -> KeySecret:
    """Give a key a new secret, told only this once; the old one opens for seven days more."""
    lasts = timedelta(days=asked.days)
    return secret_told(api_keys.rotate(session, key_id, lasts=lasts, by=asker.actor, now=now))


@router.post("/{key_id}/revocation")
def revoke(key_id: UUID, asker: KeyManager, session: SessionDep, now: Now, _: Fresh) -> KeyRevoked:
    """Revoke a key: from the next request on it opens nothing."""
    api_keys.revoke(session, key_id, by=asker.actor, now=now)
    return KeyRevoked(key=key_id, revoked_at=now)
