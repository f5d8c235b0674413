"""Whom a sign-in by the identity service signs in: who was bound before, or who is meant for sure.

A worker is meant by number *and* name of the service's signed claims, never by either alone.
Staff are bound by a person, on the command line. See docs/decisions/0027.
"""

import json
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from archive.people import finding
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.arrival_models import Registration
from archive.people.identity import IdentityDocument, read_document
from archive.people.identity_refusals import IdentityError
from archive.people.look_ups import document_claim, is_held
from archive.people.models import Account, BlindIndex
from archive.people.names import plain_name
from archive.people.personal_models import SearchIndex
from archive.people.privacy import vault_of
from archive.people.vouching_models import IdentityBinding
from archive.people.vouching_refusals import (
    VouchingAccountClosedError,
    VouchingClaimsError,
    VouchingMismatchError,
    VouchingSubjectError,
    VouchingTakenError,
)
from archive.people.vouching_tokens import Claims
from archive.people.workers import take_turn
from schemas.ids import new_id
from schemas.vocabulary import Permission, Role

_KEPT = "registration.sealed"
_BY_SERVICE = "identity"
"""How a registration was proved that no contact proves."""
_LONGEST_NAME = 60
_LONGEST_SUBJECT = 255


def account_of(
    session: Session,
    claims: Claims,
    *,
    number_claim: str,
    name_claim: str,
    now: datetime,
    today: date,
) -> Account:
    """Return the account that verified claims sign in; begin one for a worker who has none.

    Raises VouchingMismatchError, VouchingClaimsError, VouchingAccountClosedError.
    """
    issuer, digest = str(claims["iss"]), _digest(session, str(claims["iss"]), str(claims["sub"]))
    bound = session.get(IdentityBinding, digest)
    account = session.get_one(Account, bound.account_id) if bound else None
    if account is not None and account.is_active and not _waits(account):
        return account
    if account is not None and account.role is not Role.WORKER:
        raise VouchingAccountClosedError
    name, document = _told(claims, number_claim, name_claim, today)
    worker_id = _meant(session, name, document)
    if account is not None and account.is_active:
        return _settled(session, account, worker_id)
    if worker_id is None:
        if account is not None:
            raise VouchingAccountClosedError
        account = _begun(session, None, now)
        _register(session, account, name, document, now)
    else:
        account = _of_worker(session, worker_id, now)
    _bind(session, account, issuer, digest, now)
    return account


def bind(
    session: Session, account: Account, issuer: str, subject: str, *, by: Actor, now: datetime
) -> None:
    """Let a subject of an identity service sign an account in.

    Raises NotAllowedError, VouchingSubjectError, VouchingTakenError.
    """
    refuse(by, Permission.MANAGE_SIGN_INS)
    if not issuer or not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
        raise VouchingSubjectError
    digest = _digest(session, issuer, subject)
    mine = (col(IdentityBinding.account_id) == account.id, col(IdentityBinding.issuer) == issuer)
    taken = session.exec(select(IdentityBinding).where(*mine)).first()
    if taken is not None or session.get(IdentityBinding, digest) is not None:
        raise VouchingTakenError
    _bind(session, account, issuer, digest, now)


def unbind(session: Session, account: Account) -> int:
    """Let no identity service sign an account in; return how many bindings ended."""
    mine = col(IdentityBinding.account_id) == account.id
    return session.exec(delete(IdentityBinding).where(mine)).rowcount


def _waits(account: Account) -> bool:
    """Whether a worker's account is bound to no dossier yet."""
    return account.role is Role.WORKER and account.worker_id is None


def _told(
    claims: Claims, number_claim: str, name_claim: str, today: date
) -> tuple[str, IdentityDocument]:
    number, name = claims.get(number_claim), claims.get(name_claim)
    if not isinstance(number, str) or not isinstance(name, str):
        raise VouchingClaimsError
    told = plain_name(name)
    if not 0 < len(told) <= _LONGEST_NAME:
        raise VouchingClaimsError
    try:
        return told, read_document(number, today=today)
    except IdentityError:
        raise VouchingClaimsError from None


def _meant(session: Session, name: str, document: IdentityDocument) -> UUID | None:
    """Return whose dossier has the number; None when none has. Raises VouchingMismatchError."""
    held = is_held(document_claim(session, document))
    worker_id = session.exec(select(BlindIndex.worker_id).where(held)).one_or_none()
    if worker_id is None:
        return None
    take_turn(session, worker_id)  # What was erased meanwhile is found by no name.
    named = (
        col(SearchIndex.worker_id) == worker_id,
        finding.is_found_by(finding.name_claim(session, name)),
    )
    if session.exec(select(SearchIndex.worker_id).where(*named)).first() is None:
        raise VouchingMismatchError
    return worker_id


def _of_worker(session: Session, worker_id: UUID, now: datetime) -> Account:
    """Return the one account of a dossier, begun where there never was one."""
    theirs = (col(Account.worker_id) == worker_id, col(Account.role) == Role.WORKER)
    found = session.exec(select(Account).where(*theirs)).all()
    if not found:
        return _begun(session, worker_id, now)
    usable = [one for one in found if one.is_active]
    if not usable:
        raise VouchingAccountClosedError
    if len(usable) > 1:
        raise VouchingMismatchError
    return usable[0]


def _settled(session: Session, account: Account, worker_id: UUID | None) -> Account:
    """Bind a registered account to its dossier, if there is one by now and nobody has it."""
    if worker_id is None:
        return account
    taken = (col(Account.worker_id) == worker_id, col(Account.role) == Role.WORKER)
    if session.exec(select(Account.id).where(*taken)).first() is not None:
        raise VouchingMismatchError
    account.worker_id = worker_id
    session.add(account)
    registered = session.get(Registration, account.id)
    if registered is not None:
        session.delete(registered)
    session.flush()
    return account


def _begun(session: Session, worker_id: UUID | None, now: datetime) -> Account:
    account_id = new_id()
    name = f"w-{account_id.hex[-12:]}"  # Nothing of a person may stand there.
    account = Account(
        id=account_id, name=name, role=Role.WORKER, worker_id=worker_id, created_at=now
    )
    session.add(account)
    session.flush()
    return account


def _register(
    session: Session, account: Account, name: str, document: IdentityDocument, now: datetime
) -> None:
    """Keep what is vouched for, sealed, until a dossier has the number and the name.

    It is looked for at each sign-in, so that the sender of notices need not.
    """
    told = {"type": document.type.value, "number": document.number, "name": name, "contact": ""}
    key = vault_of(session).key_of_account(account.id, now=now)
    session.add(
        Registration(
            account_id=account.id,
            sealed=key.seal(_KEPT, json.dumps(told).encode()),
            reached_by=_BY_SERVICE,
            made_at=now,
            looked_at=now,
        )
    )
    session.flush()


def _bind(session: Session, account: Account, issuer: str, digest: bytes, now: datetime) -> None:
    """Keep whose account a subject is; of one account one subject of an issuer."""
    mine = (col(IdentityBinding.account_id) == account.id, col(IdentityBinding.issuer) == issuer)
    if session.exec(select(IdentityBinding).where(*mine)).first() is not None:
        raise VouchingMismatchError
    session.exec(delete(IdentityBinding).where(col(IdentityBinding.subject_digest) == digest))
    session.add(
        IdentityBinding(subject_digest=digest, issuer=issuer, account_id=account.id, bound_at=now)
    )
    session.flush()


def _digest(session: Session, issuer: str, subject: str) -> bytes:
    return vault_of(session).digest("identity_subject", f"{issuer}\n{subject}")
