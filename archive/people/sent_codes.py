"""One-time codes that are sent: six digits, five minutes, five tries, once, for one browser.

Asking only writes down that it was asked. Whether such a person exists is looked up by the
sender of notices, a moment later: so the answer to who asks is the same, in text, statements
and time, by the way it is built.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from archive.errors import ArchiveError, ClosedError
from archive.notices.messages import Notice
from archive.people import contacts, finding, outbox
from archive.people.arrival_models import CodePurpose, OneTimeCode
from archive.people.contact_forms import read_contact
from archive.people.contacts import CHANNELS, PURPOSES
from archive.people.look_ups import Claim, Sought, index_of
from archive.people.models import Account
from archive.people.outbox import Told
from archive.people.privacy import PersonKey, vault_of
from archive.people.sessions import digest_of, new_token
from schemas.vocabulary import ContactKind, Role

LASTS = timedelta(minutes=5)
TRIES = 5
_DIGITS = 6
_BYTES = hashlib.sha256().digest_size


class SentCodeWrongError(ArchiveError):
    """A code that was sent is wrong, too old, or was tried too often."""

    code: ClassVar[str] = "sent_code_wrong"
    template: ClassVar[str] = (
        "This code is not right, or its time is over. Check it once more, or ask for a new one."
    )


def kind_of(text: str) -> ContactKind:
    """Return whether a contact is written like an e-mail address or like a telephone number."""
    return ContactKind.EMAIL if "@" in text or "＠" in text else ContactKind.PHONE


def ask(
    session: Session,
    purpose: CodePurpose,
    contact: str,
    *,
    now: datetime,
    begins: tuple[UUID, bytes] | None = None,
) -> str:
    """Write down that a code is asked for, and return the token of the browser that asks.

    ``begins`` is the account that a registration would begin, and what it says, sealed.
    Raises ContactError for what is written like no contact.
    """
    return asked(session, purpose, contact, now=now, concerns=begins)[1]


def asked(
    session: Session,
    purpose: CodePurpose,
    contact: str,
    *,
    now: datetime,
    concerns: tuple[UUID, bytes] | None = None,
) -> tuple[OneTimeCode, str]:
    """Write down that a code is asked for; return the row with the browser's token.

    ``concerns`` is an account, and something sealed. Raises ContactError.
    """
    kind = kind_of(contact)
    value = read_contact(kind, contact)
    session.exec(delete(OneTimeCode).where(col(OneTimeCode.expires_at) <= now))
    token = new_token()
    row = OneTimeCode(
        token_digest=digest_of(token),
        purpose=purpose,
        reached_by=kind.value,
        contact_digest=_digests(session, kind, value),
        account_id=concerns[0] if concerns else None,
        sealed=concerns[1] if concerns else None,
        asked_at=now,
        expires_at=now + LASTS,
    )
    session.add(row)
    session.flush()
    return row, token


def unanswered(session: Session, purpose: CodePurpose, *, now: datetime) -> Sequence[OneTimeCode]:
    """Return what was asked for and not looked up yet."""
    waiting = (col(OneTimeCode.looked_at).is_(None), col(OneTimeCode.expires_at) > now)
    query = select(OneTimeCode).where(OneTimeCode.purpose == purpose, *waiting)
    return session.exec(query.with_for_update(skip_locked=True)).all()


def answer_sign_ins(session: Session, *, now: datetime) -> int:
    """Send a code to each who asked and is known by that contact alone; return how many."""
    return sum(
        _answer(session, one, now) for one in unanswered(session, CodePurpose.SIGN_IN, now=now)
    )


def _answer(session: Session, one: OneTimeCode, now: datetime) -> bool:
    one.looked_at = now
    session.add(one)
    kind = ContactKind(one.reached_by)
    account = _alone(session, meant_by(kind, one.contact_digest))
    if account is None or account.worker_id is None:
        return False
    try:
        to = contacts.contacts_of(session, account.worker_id)[kind]
    except ClosedError:
        return False
    key = vault_of(session).keys_of([account.worker_id])[account.worker_id]
    one.account_id = account.id
    send(session, one, (account.worker_id, key), to, Notice.SIGN_IN_CODE, now=now)
    return True


def send(
    session: Session,
    one: OneTimeCode,
    owner: tuple[UUID, PersonKey],
    to: str,
    notice: Notice,
    *,
    now: datetime,
) -> None:
    """Make a code and have it sent."""
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    one.code_digest = _digest(session, one.token_digest, code)
    one.looked_at = now
    session.add(one)
    facts = {"code": code, "minutes": str(LASTS // timedelta(minutes=1))}
    told = Told(CHANNELS[ContactKind(one.reached_by)], to, notice, facts)
    session.flush()
    key = f"code/{one.token_digest.hex()[:40]}"
    outbox.put(session, owner, key, told, now=now, useless_at=one.expires_at)


def try_once(session: Session, token: str, *, now: datetime) -> None:
    """Count a try before it is judged; raises SentCodeWrongError for the sixth.

    Call it in a transaction of its own, so that a refusal does not undo it.
    """
    mine = (
        col(OneTimeCode.token_digest) == digest_of(token),
        col(OneTimeCode.tries) < TRIES,
        col(OneTimeCode.expires_at) > now,
    )
    counted = update(OneTimeCode).where(*mine).values(tries=OneTimeCode.tries + 1)
    if session.exec(counted).rowcount != 1:
        raise SentCodeWrongError


def prove(session: Session, token: str, purpose: CodePurpose, code: str) -> OneTimeCode:
    """Return what a right code opens, used up; raises SentCodeWrongError.

    Where nobody was found the code is wrong, as any other.
    """
    own = digest_of(token)
    typed = _digest(session, own, "".join(code.split()))
    mine = (
        col(OneTimeCode.token_digest) == own,
        col(OneTimeCode.purpose) == purpose,
        col(OneTimeCode.code_digest) == typed,
    )
    used = session.exec(select(OneTimeCode).where(*mine).with_for_update()).one_or_none()
    gone = session.exec(delete(OneTimeCode).where(*mine)).rowcount
    if used is None or gone != 1:
        raise SentCodeWrongError
    return used


def meant_by(kind: ContactKind, digests: bytes) -> Claim:
    """Return what finds those who are reached at a contact, of the digests that were kept."""
    first, *rest = (digests[at : at + _BYTES] for at in range(0, len(digests), _BYTES))
    return Claim(PURPOSES[kind], first, tuple(rest))


def _digests(session: Session, kind: ContactKind, value: str) -> bytes:
    """Return the digests of a contact one after another: under the version in use, and earlier.

    The contact itself is not kept. Who asks in the very second in which a rotation moves the
    row that is meant gets no code, as one who is unknown, and asks again.
    """
    claim = index_of(session).claim(Sought(PURPOSES[kind], value))
    return b"".join((claim.digest, *claim.earlier))


def _alone(session: Session, claim: Claim) -> Account | None:
    """Return the one worker's account that a contact belongs to; a shared contact is nobody's."""
    found = finding.found(session, claim, most=2)
    if len(found) != 1:
        return None
    theirs = (col(Account.worker_id) == found[0].worker_id, col(Account.is_active))
    query = select(Account).where(*theirs, col(Account.role) == Role.WORKER).limit(2)
    accounts = session.exec(query).all()
    return accounts[0] if len(accounts) == 1 else None


def _digest(session: Session, token_digest: bytes, code: str) -> bytes:
    return vault_of(session).digest("one_time_code", f"{token_digest.hex()}/{code}")
