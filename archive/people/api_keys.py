"""Keys of organisations for their programs: made, rotated, revoked; each may only what it names.

A key is an account of its own, so that what a program wrote tells which one it was. Its
secret is 256 random bits, told once; only the digest is kept, as of any token (sessions.py).
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from archive.errors import ArchiveError, NotAllowedError
from archive.people import access_tokens, accounts, organisations, sessions
from archive.people.access import reaches_organisation, refuse
from archive.people.actors import Actor
from archive.people.api_key_holders import Holder, holders_of
from archive.people.api_key_models import ApiKey
from archive.people.models import Account, Organisation, SignIn
from archive.people.permissions import TABLE, scope_of
from schemas.ids import new_id
from schemas.vocabulary import OrganisationKind, Permission, Role, Scope

MARK = "ska_"
"""Every secret begins so, that it is known for what it is where it leaks."""
USUAL = timedelta(days=365)
LONGEST = timedelta(days=730)
OVERLAP = timedelta(days=7)
_SECRET_BYTES = 32
_SHOWN = 10
_OPERATORS = {
    OrganisationKind.TRAINING_PROVIDER: Role.TRAINER,
    OrganisationKind.TECHNICAL_SCHOOL: Role.TRAINER,
    OrganisationKind.VOCATIONAL_SCHOOL: Role.TRAINER,
    OrganisationKind.ASSESSMENT_BODY: Role.TRAINER,
    OrganisationKind.ASSOCIATION: Role.TRAINER,
    OrganisationKind.EMPLOYER: Role.EMPLOYER,
}
"""As whom a program of an organisation acts; other bodies have no keys."""
PERSONS_ONLY = frozenset({Permission.OWN_ACCOUNT})
"""What no program does: accounts, passwords and second factors are persons' own."""


class KeyScopeError(ArchiveError):
    """A key would have nothing, or something that its organisation's operators have not."""

    code: ClassVar[str] = "key_scope"
    template: ClassVar[str] = (
        "A key names at least one permission, and only such as operators of its organisation "
        "have: {allowed}."
    )


class KeyLifetimeError(ArchiveError):
    """A key would last for no day, or for too many."""

    code: ClassVar[str] = "key_lifetime"
    template: ClassVar[str] = "A key lasts from 1 to {days} days. Choose a number between them."


class UnknownKeyError(ArchiveError):
    """No open key has this identifier, or none that the asker may see."""

    code: ClassVar[str] = "key_unknown"
    template: ClassVar[str] = "This key is not known here, or was revoked. See the list of keys."


@dataclass(frozen=True, slots=True)
class Made:
    """A secret, told only this once."""

    key: ApiKey
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A key as it is listed; nothing secret is among it."""

    key: ApiKey
    organisation: Organisation
    scopes: tuple[Permission, ...]
    expires_at: datetime
    last_used_at: datetime | None
    """To the hour; None when it was never used."""
    made_by: Holder
    rotated_by: Holder | None
    """None while the first secret opens."""


def allowed_to(organisation: Organisation) -> frozenset[Permission]:
    """Return what keys of an organisation can name; nothing where it has none."""
    role = _OPERATORS.get(organisation.kind)
    return _allowed_as(role) if role else frozenset()


def with_keys(organisation: Organisation | None) -> Organisation:
    """Return the own organisation where it can have keys; raises NotAllowedError elsewhere."""
    if organisation is None or not allowed_to(organisation):
        raise NotAllowedError
    return organisation


def all_scopes() -> frozenset[Permission]:
    """Return what keys can name at all, of whatever organisation."""
    return frozenset[Permission]().union(*map(_allowed_as, _OPERATORS.values()))


def _allowed_as(role: Role) -> frozenset[Permission]:
    return frozenset(
        one
        for one, reach in TABLE.items()
        if role in reach and None not in reach and one not in PERSONS_ONLY
    )


def make(  # Whose, called what, for what, until when, by whom.
    session: Session,
    organisation: Organisation,
    title: str,
    scopes: Iterable[Permission],
    *,
    lasts: timedelta = USUAL,
    by: Actor,
    now: datetime,
) -> Made:
    """Make a key of an organisation.

    Raises NotAllowedError, KeyScopeError, KeyLifetimeError.
    """
    if by.narrowed_to is not None or not reaches_organisation(
        by, Permission.MANAGE_KEYS, organisation.id
    ):
        raise NotAllowedError
    wanted, allowed = frozenset(scopes), allowed_to(organisation)
    if not wanted or not wanted <= allowed:
        raise KeyScopeError(allowed=", ".join(sorted(allowed)) or "-")
    _refuse_lifetime(lasts)
    key_id = new_id()
    account = accounts.add(
        session,
        f"key-{key_id.hex[-12:]}",
        _OPERATORS[organisation.kind],
        organisation_id=organisation.id,
        is_demo=organisation.is_demo,
        now=now,
    )
    account.scopes = " ".join(sorted(wanted))
    secret = _secret_for(session, account.id, now, now + lasts)
    key = ApiKey(
        id=key_id,
        account_id=account.id,
        organisation_id=organisation.id,
        title=title.strip() or "-",
        prefix=secret[:_SHOWN],
        made_by=by.id,
        made_at=now,
    )
    session.add_all((account, key))
    session.flush()
    return Made(key, secret, now + lasts)


def rotate(
    session: Session, key_id: UUID, *, lasts: timedelta = USUAL, by: Actor, now: datetime
) -> Made:
    """Give a key a new secret; the one of before opens for seven days more, at the longest.

    Access tokens that were got by it end at once: a program asks for a new one.

    Raises UnknownKeyError, KeyLifetimeError.
    """
    key = _open_key(session, key_id, by)
    _refuse_lifetime(lasts)
    ends = now + OVERLAP
    older = (
        col(SignIn.account_id) == key.account_id,
        col(SignIn.revoked_at).is_(None),
        col(SignIn.expires_at) > ends,
    )
    session.exec(update(SignIn).where(*older).values(expires_at=ends))
    access_tokens.end_all(session, key.account_id, now=now)
    secret = _secret_for(session, key.account_id, now, now + lasts)
    key.prefix, key.rotated_by = secret[:_SHOWN], by.id
    session.add(key)
    session.flush()
    return Made(key, secret, now + lasts)


def revoke(session: Session, key_id: UUID, *, by: Actor, now: datetime) -> ApiKey:
    """Revoke a key with every secret of it: from the next request on it opens nothing.

    Raises UnknownKeyError.
    """
    key = _open_key(session, key_id, by)
    account = session.get_one(Account, key.account_id)
    sessions.end_all(session, account, now=now)
    account.is_active = False
    key.revoked_at = now
    session.add_all((account, key))
    session.flush()
    return key


def listed(session: Session, *, by: Actor) -> list[Told]:
    """Return the open keys that somebody may see, the newest first.

    Those of the own organisation, or all for the security administrator. Raises
    NotAllowedError.
    """
    refuse(by, Permission.MANAGE_KEYS)
    of_secrets = col(SignIn.scopes).is_(None)
    newest = (
        select(
            SignIn.account_id,
            func.max(SignIn.expires_at).filter(of_secrets).label("expires"),
            func.max(SignIn.seen_at).label("seen"),
            func.max(SignIn.created_at).filter(of_secrets).label("made"),
        )
        .group_by(col(SignIn.account_id))
        .subquery()
    )
    query = (
        select(ApiKey, Account.scopes, newest.c.expires, newest.c.seen, newest.c.made)  # type: ignore[call-overload]  # SQLModel has types for four at most.
        .join(Account, col(Account.id) == col(ApiKey.account_id))
        .join(newest, newest.c.account_id == col(ApiKey.account_id))
        .where(col(ApiKey.revoked_at).is_(None))
        .order_by(col(ApiKey.made_at).desc(), col(ApiKey.id).desc())
    )
    if scope_of(by, Permission.MANAGE_KEYS) is not Scope.ALL:
        query = query.where(col(ApiKey.organisation_id) == by.organisation_id)
    found = list(session.exec(query))
    bodies = organisations.by_id(session, {row[0].organisation_id for row in found})
    holders = holders_of(session, [row[0] for row in found])
    return [
        Told(
            key,
            bodies[key.organisation_id],
            tuple(Permission(one) for one in scopes.split()),
            expires,
            seen.replace(minute=0, second=0, microsecond=0) if seen > made else None,
            holders[key.made_by],
            holders[key.rotated_by] if key.rotated_by else None,
        )
        for key, scopes, expires, seen, made in found
    ]


def seen_by(session: Session, account_id: UUID, *, by: Actor) -> list[Told]:
    """Return the open keys whose newest secret an account was told, the newest first.

    Closing the account ends none of them: a program would stop. Whoever looks after them
    gives them another secret. Raises NotAllowedError.
    """
    return [
        one
        for one in listed(session, by=by)
        if (one.key.rotated_by or one.key.made_by) == account_id
    ]


def _open_key(session: Session, key_id: UUID, by: Actor) -> ApiKey:
    key = session.get(ApiKey, key_id)
    if key is None or key.revoked_at is not None or by.narrowed_to is not None:
        raise UnknownKeyError
    if not reaches_organisation(by, Permission.MANAGE_KEYS, key.organisation_id):
        raise UnknownKeyError
    return key


def _refuse_lifetime(lasts: timedelta) -> None:
    if not timedelta(days=1) <= lasts <= LONGEST:
        raise KeyLifetimeError(days=LONGEST.days)


def _secret_for(session: Session, account_id: UUID, now: datetime, until: datetime) -> str:
    secret = MARK + secrets.token_urlsafe(_SECRET_BYTES)
    opens = SignIn(
        token_digest=sessions.digest_of(secret),
        account_id=account_id,
        is_bearer=True,
        created_at=now,
        seen_at=now,
        expires_at=until,
    )
    session.add(opens)
    session.flush()
    return secret
