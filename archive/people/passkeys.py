"""Passkeys (WebAuthn): registered, used as the whole proof or as the second factor, removed.

A passkey proves possession and, because the device must verify its user, a second thing
besides. An unlikely sign count (a copied key) is refused. What the browser says is judged
by py_webauthn; attestation is not asked for, so that no maker of devices is told.
"""

import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, update
from sqlmodel import Session, col, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from archive.errors import ArchiveError
from archive.people.factor_models import Passkey
from archive.people.models import Account
from archive.people.privacy import vault_of

MOST = 10
"""Of one account: enough for every device, too few to fill a disk."""
LONGEST_NAME = 60
_TIMEOUT_MS = 120_000
_COLUMN = "passkey.name"
_FAULTS = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, binascii.Error)
"""What py_webauthn lets through of an answer that is none."""


class PasskeyRefusedError(ArchiveError):
    """A passkey's answer does not prove what it should."""

    code: ClassVar[str] = "passkey_refused"
    template: ClassVar[str] = (
        "This passkey was not accepted. Try once more, or use another way to sign in."
    )


class PasskeyUnknownError(ArchiveError):
    """The account has no passkey of this identifier."""

    code: ClassVar[str] = "passkey_unknown"
    template: ClassVar[str] = "This passkey was removed already. Look at the list again."


class PasskeysFullError(ArchiveError):
    """The account has as many passkeys as one may have."""

    code: ClassVar[str] = "passkeys_full"
    template: ClassVar[str] = (
        "An account has at most {most} passkeys. Remove one that is not used any more."
    )


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks for a passkey: the site as browsers know it."""

    id: str
    """The host name; a passkey of one host is never offered to another."""
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as its owner sees it in a list."""

    handle: str
    name: str
    created_at: datetime
    used_at: datetime | None


def registration(session: Session, account: Account, challenge: bytes, party: Party) -> str:
    """Return the JSON with which a browser makes a new passkey."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_name=account.name,
        user_id=account.id.bytes,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(session, account),
    )
    return options_to_json(options)


def request(session: Session, account: Account | None, challenge: bytes, party: Party) -> str:
    """Return the JSON with which a browser uses a passkey, of an account or of anyone."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        allow_credentials=_descriptors(session, account) if account else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def register(
    session: Session,
    account: Account,
    answer: str,
    name: str,
    *,
    challenge: bytes,
    party: Party,
    now: datetime,
) -> None:
    """Keep a new passkey. Raises PasskeyRefusedError or PasskeysFullError."""
    if len(_of(session, account)) >= MOST:
        raise PasskeysFullError(most=MOST)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _FAULTS as unfit:
        raise PasskeyRefusedError from unfit
    if session.get(Passkey, made.credential_id) is not None:
        raise PasskeyRefusedError
    key = vault_of(session).key_of_account(account.id, now=now)
    called = "".join(one for one in name.strip() if one.isprintable())[:LONGEST_NAME]
    session.add(
        Passkey(
            credential_id=made.credential_id,
            account_id=account.id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=key.seal(_COLUMN, called.encode()),
            created_at=now,
        )
    )
    session.flush()


def prove(
    session: Session,
    answer: str,
    *,
    whose: Account | None,
    challenge: bytes,
    party: Party,
    now: datetime,
) -> Account:
    """Return whose passkey answered; ``whose`` is None where any may. Raises PasskeyRefusedError.

    The sign count moves on only from the value that was judged: of two answers that come
    at once with one count only one is accepted.
    """
    try:
        told = json.loads(answer)
        credential_id = base64url_to_bytes(told["rawId"])
        handle = told["response"].get("userHandle")
        user = base64url_to_bytes(handle) if handle else None
    except _FAULTS as unfit:
        raise PasskeyRefusedError from unfit
    kept, account = _kept(session, credential_id, whose)
    before = kept.sign_count
    if user is not None and user != account.id.bytes:
        raise PasskeyRefusedError
    try:
        judged = verify_authentication_response(
            credential=told,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=before,
            require_user_verification=True,
        )
    except _FAULTS as unfit:
        raise PasskeyRefusedError from unfit
    same = (col(Passkey.credential_id) == credential_id, col(Passkey.sign_count) == before)
    moved = update(Passkey).where(*same)
    values = {"sign_count": judged.new_sign_count, "used_at": now}
    if session.exec(moved.values(**values)).rowcount != 1:
        raise PasskeyRefusedError
    return account


def listed(session: Session, account: Account, *, now: datetime) -> tuple[PasskeyView, ...]:
    """Return the passkeys of an account, the oldest first."""
    found = _of(session, account)
    if not found:
        return ()
    key = vault_of(session).key_of_account(account.id, now=now)
    return tuple(
        PasskeyView(
            one.credential_id.hex(),
            key.open(_COLUMN, one.name).decode(),
            one.created_at,
            one.used_at,
        )
        for one in found
    )


def count(session: Session, account: Account) -> int:
    """Return how many passkeys an account has."""
    return len(_of(session, account))


def remove(session: Session, account: Account, handle: str) -> None:
    """Forget one passkey; raises PasskeyUnknownError."""
    for one in _of(session, account):
        if one.credential_id.hex() == handle:
            session.delete(one)
            session.flush()
            return
    raise PasskeyUnknownError


def remove_all(session: Session, account: Account) -> None:
    """Forget every passkey of an account."""
    session.exec(delete(Passkey).where(col(Passkey.account_id) == account.id))


def _kept(session: Session, credential_id: bytes, whose: Account | None) -> tuple[Passkey, Account]:
    query = (
        select(Passkey, Account)
        .join(Account, col(Account.id) == col(Passkey.account_id))
        .where(Passkey.credential_id == credential_id, col(Account.is_active))
    )
    found = session.exec(query).one_or_none()
    if found is None or (whose is not None and found[1].id != whose.id):
        raise PasskeyRefusedError
    return found[0], found[1]


def _of(session: Session, account: Account) -> list[Passkey]:
    mine = select(Passkey).where(Passkey.account_id == account.id)
    return list(session.exec(mine.order_by(col(Passkey.created_at), col(Passkey.credential_id))))


def _descriptors(session: Session, account: Account) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one.credential_id) for one in _of(session, account)]
