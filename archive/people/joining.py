"""Workers who register themselves: what they say is kept as said, and is no dossier.

Whoever knows somebody's number could otherwise begin that person's dossier, and find in it
later what schools and the bureau post. So a registration waits, outside every chain: it earns
no credit, has no level and no transcript. It is bound to a dossier when that has the very
number and name and the contact that was proved; else at the counter, by an activation code.
"""

import json
from datetime import date, datetime
from typing import ClassVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from archive.errors import ArchiveError
from archive.notices.messages import Notice
from archive.people import finding, sent_codes
from archive.people.arrival_models import CodePurpose, OneTimeCode, Registration
from archive.people.contact_forms import read_contact
from archive.people.contacts import PURPOSES
from archive.people.identity import read_document
from archive.people.look_ups import Claim, Sought, document_claim, index_of, is_held
from archive.people.models import Account, BlindIndex
from archive.people.names import plain_name
from archive.people.personal_models import SearchIndex
from archive.people.privacy import vault_of
from archive.people.workers import take_turn
from schemas.ids import new_id
from schemas.vocabulary import ContactKind, DocumentType, Role

_COLUMN = "one_time_code.sealed"
_KEPT = "registration.sealed"
_LONGEST_NAME = 60


class JoinNameMissingError(ArchiveError):
    """Nobody can be matched without a name."""

    code: ClassVar[str] = "join_name_missing"
    template: ClassVar[str] = (
        "The name is missing or too long. Enter it as it stands in the identity document."
    )


def ask(
    session: Session,
    *,
    number: str,
    document_type: DocumentType | None = None,
    name: str,
    contact: str,
    password_hash: str,
    now: datetime,
    today: date,
) -> str:
    """Take a registration and have a code sent to its contact; return the browser's token.

    Without ``document_type`` the kind is told from the number. It says nothing about whether
    the number is known. Raises IdentityError, ContactError,
    JoinNameMissingError.
    """
    document = read_document(number, today=today, type_given=document_type)
    told = plain_name(name)
    if not 0 < len(told) <= _LONGEST_NAME:
        raise JoinNameMissingError
    value = read_contact(sent_codes.kind_of(contact), contact)
    plain = {
        "type": document.type.value,
        "number": document.number,
        "name": told,
        "contact": value,
        "password": password_hash,
    }
    account_id = new_id()
    key = vault_of(session).key_of_account(account_id, now=now)
    sealed = key.seal(_COLUMN, json.dumps(plain).encode())
    return sent_codes.ask(session, CodePurpose.JOIN, contact, now=now, begins=(account_id, sealed))


def answer(session: Session, *, now: datetime) -> int:
    """Send the code of each new registration; return how many."""
    found = sent_codes.unanswered(session, CodePurpose.JOIN, now=now)
    for one in found:
        account_id, told = _opened(session, one, now)
        key = vault_of(session).key_of_account(account_id, now=now)
        sent_codes.send(
            session, one, (account_id, key), told["contact"], Notice.CONTACT_CODE, now=now
        )
    return len(found)


def finish(session: Session, token: str, code: str, *, now: datetime) -> Account:
    """Begin the account of a registration whose contact is proved. Raises SentCodeWrongError.

    The account has no dossier yet, whether or not there is one.
    """
    used = sent_codes.prove(session, token, CodePurpose.JOIN, code)
    account_id, told = _opened(session, used, now)
    account = Account(
        id=account_id,
        name=_name(account_id),
        role=Role.WORKER,
        password_hash=told.pop("password"),
        created_at=now,
    )
    session.add(account)
    session.flush()
    key = vault_of(session).key_of_account(account_id, now=now)
    session.add(
        Registration(
            account_id=account_id,
            sealed=key.seal(_KEPT, json.dumps(told).encode()),
            reached_by=used.reached_by,
            made_at=now,
        )
    )
    session.flush()
    return account


def settle(session: Session, *, now: datetime) -> int:
    """Bind each new registration to the dossier that it certainly means; return how many."""
    query = select(Registration).where(col(Registration.looked_at).is_(None))
    waiting = session.exec(query.with_for_update(skip_locked=True)).all()
    return sum(_bind(session, one, now) for one in waiting)


def pending(session: Session, account: Account) -> bool:
    """Whether an account has registered itself and is bound to no dossier."""
    return account.worker_id is None and session.get(Registration, account.id) is not None


def _bind(session: Session, one: Registration, now: datetime) -> bool:
    one.looked_at = now
    session.add(one)
    vault = vault_of(session)
    key = vault.key_of_account(one.account_id, now=now)
    told = json.loads(key.open(_KEPT, one.sealed))
    found = session.exec(_meant(session, told, one)).all()
    if len(found) == 1:  # Somebody may be erasing, merging or binding it just now.
        take_turn(session, found[0])
        found = session.exec(_meant(session, told, one)).all()
    account = session.get(Account, one.account_id)
    if len(found) != 1 or account is None:
        return False
    account.worker_id = found[0]
    session.add(account)
    session.delete(one)
    session.flush()
    return True


def _meant(session: Session, told: dict[str, str], one: Registration) -> SelectOfScalar[UUID]:
    """Return the query for the dossier with this number, name and contact, and no account."""
    document = read_document(told["number"], today=date.max, type_given=DocumentType(told["type"]))
    claim = document_claim(session, document)
    whose = col(BlindIndex.worker_id)

    def has(claim: Claim) -> ColumnElement[bool]:
        return exists().where(col(SearchIndex.worker_id) == whose, finding.is_found_by(claim))

    taken = exists().where(col(Account.worker_id) == whose, col(Account.is_active))
    contact = Sought(PURPOSES[ContactKind(one.reached_by)], told["contact"])
    return select(BlindIndex.worker_id).where(
        is_held(claim),
        has(finding.name_claim(session, told["name"])),
        has(index_of(session).claim(contact)),
        ~taken,
    )


def _opened(session: Session, one: OneTimeCode, now: datetime) -> tuple[UUID, dict[str, str]]:
    # A registration has both; only the codes of sign-ins have neither.
    account_id, sealed = cast("tuple[UUID, bytes]", (one.account_id, one.sealed))
    key = vault_of(session).key_of_account(account_id, now=now)
    return account_id, json.loads(key.open(_COLUMN, sealed))


def _name(account_id: UUID) -> str:
    """Return the account's name: of random letters, as nothing of a person may stand there."""
    return f"w-{account_id.hex[-12:]}"
