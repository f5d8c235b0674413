"""Activation codes on paper: a clerk hands one over, and it binds or begins one account.

Twelve characters, fourteen days, once. The same mechanism invites the staff of an
organisation, by whoever may run it.
"""

import re
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people import accounts
from archive.people.access import reaches_organisation, refuse, refuse_reading
from archive.people.actors import Actor
from archive.people.arrival_models import Activation, Registration
from archive.people.closures import in_turn
from archive.people.models import Account
from archive.people.privacy import vault_of
from schemas.ids import new_archive_number, read_archive_number
from schemas.vocabulary import Permission, Role

LASTS = timedelta(days=14)
_PLAIN_NAME = re.compile(r"(?!.*\d{7})[A-Za-z][A-Za-z0-9._-]{0,39}")
"""No Chinese name, e-mail address, telephone or identity number has this form."""


class ActivationUnknownError(ArchiveError):
    """An activation code is wrong, too old, or was used before; which is not told."""

    code: ClassVar[str] = "activation_unknown"
    template: ClassVar[str] = (
        "This activation code is not right, was used before, or is older than 14 days. "
        "Compare it with the paper, or ask at the counter for a new one."
    )


class AccountNameTellingError(ArchiveError):
    """The name of a worker's account stands in clear, so that it must not tell who it is."""

    code: ClassVar[str] = "account_name_telling"
    template: ClassVar[str] = (
        "An account name is not kept secret, so it must not tell who you are. Begin it with a "
        "Latin letter, and use at most 40 letters, digits, dots and dashes; no long number."
    )


def invite_worker(session: Session, worker_id: UUID, *, by: Actor, now: datetime) -> str:
    """Return an activation code for a worker whose identity was seen; earlier ones end.

    The code is told only this once. Raises NotAllowedError, UnknownWorkerError, ErasedError,
    DossierClosedError.
    """
    refuse(by, Permission.INVITE_WORKER)
    refuse_reading(session, by, worker_id, Permission.INVITE_WORKER)
    in_turn(session, worker_id)
    end_of_worker(session, worker_id, now=now)
    return _make(session, Role.WORKER, worker_id, None, by, now)


def invite_staff(
    session: Session, organisation_id: UUID, role: Role, *, by: Actor, now: datetime
) -> str:
    """Return an activation code that begins an account of an organisation's staff.

    Which roles somebody may give is asked where they are given (``staff``,
    ``account_opening``). The code is told only this once. Raises NotAllowedError.
    """
    if not reaches_organisation(by, Permission.MANAGE_STAFF, organisation_id):
        refuse(by, Permission.MANAGE_ACCOUNTS)
    return _make(session, role, None, organisation_id, by, now)


def end_of_worker(session: Session, worker_id: UUID, *, now: datetime) -> None:
    """End every unused code for a dossier: another is made, or nobody signs in there any more."""
    unused = (col(Activation.worker_id) == worker_id, col(Activation.used_at).is_(None))
    session.exec(update(Activation).where(*unused).values(expires_at=now))


def end_handed_out(session: Session, by: UUID, *, now: datetime) -> None:
    """End every unused code that an account handed out: nobody vouches for them any more."""
    unused = (col(Activation.made_by) == by, col(Activation.used_at).is_(None))
    session.exec(update(Activation).where(*unused).values(expires_at=now))


def begin_account(
    session: Session, code: str, name: str, password: str, *, now: datetime
) -> Account:
    """Begin the account that a code is for.

    Raises ActivationUnknownError, AccountNameTellingError, AccountNameTakenError,
    PasswordUnfitError and what else ``passwords.hashed`` refuses.
    """
    one = _use_up(session, code, now)
    if one.worker_id is not None and not _PLAIN_NAME.fullmatch(name):
        raise AccountNameTellingError
    account = accounts.add(
        session,
        name,
        Role(one.role),
        password=password,
        organisation_id=one.organisation_id,
        worker_id=one.worker_id,
        now=now,
    )
    _end_others(session, one, account)
    return account


def bind_account(session: Session, code: str, account: Account, *, now: datetime) -> None:
    """Bind a registered account to the dossier that a code is for.

    Raises ActivationUnknownError, also for a code that is for no worker.
    """
    one = _use_up(session, code, now)
    if one.worker_id is None or account.role is not Role.WORKER or account.worker_id is not None:
        raise ActivationUnknownError
    account.worker_id = one.worker_id
    session.add(account)
    _end_others(session, one, account)
    registered = session.get(Registration, account.id)
    if registered is not None:
        session.delete(registered)
    session.flush()


def _make(
    session: Session,
    role: Role,
    worker_id: UUID | None,
    organisation_id: UUID | None,
    by: Actor,
    now: datetime,
) -> str:
    code = new_archive_number()  # The same form: drawn, with a check character.
    session.add(
        Activation(
            code_digest=_digest(session, code),
            role=role.value,
            worker_id=worker_id,
            organisation_id=organisation_id,
            made_by=by.id,
            made_at=now,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    return code


def _use_up(session: Session, text: str, now: datetime) -> Activation:
    code = read_archive_number(text) or ""
    mine = (
        col(Activation.code_digest) == _digest(session, code),
        col(Activation.used_at).is_(None),
        col(Activation.expires_at) > now,
    )
    one = session.exec(select(Activation).where(*mine).with_for_update()).one_or_none()
    if one is None:
        raise ActivationUnknownError
    one.used_at = now
    session.add(one)
    session.flush()
    return one


def _end_others(session: Session, one: Activation, account: Account) -> None:
    """Note who used it; of a worker one account is left: the one whose holder was seen."""
    one.used_by = account.id
    session.add(one)
    if one.worker_id is not None:
        others = (col(Account.worker_id) == one.worker_id, col(Account.id) != account.id)
        session.exec(update(Account).where(*others).values(is_active=False))
    session.flush()


def _digest(session: Session, code: str) -> bytes:
    return vault_of(session).digest("activation", code)
