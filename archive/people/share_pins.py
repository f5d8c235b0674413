"""PINs of share links: counted before they are judged, and what a browser shows in their place.

Which PIN a link has stands among its terms, in ``shares``.
"""

import secrets
from datetime import datetime

from sqlmodel import Session

from archive.notices.messages import Notice
from archive.people import attempts, passwords, tidings
from archive.people.attempts import Attempt, SignInLockedError
from archive.people.privacy import vault_of
from archive.people.share_refusals import (
    SharePinLockedError,
    SharePinNeededError,
    SharePinWrongError,
)
from archive.people.shares import OpenedShare

_PIN_COUNTED = "share-pin"


def count_pin(session: Session, share: OpenedShare, *, now: datetime) -> Attempt:
    """Count a PIN before it is judged, in a transaction of its own.

    The worker is told when it was the last before a wait. Raises SharePinLockedError while
    the next one has to wait.
    """
    try:
        attempt = attempts.count(session, _counted(session, share), now=now)
    except SignInLockedError as locked:
        raise SharePinLockedError(**locked.facts) from None
    if attempt.until is not None:
        key = f"share/{share.row.id.hex}/locked/{now:%Y%m%d}"  # Once a day is enough.
        tidings.note(session, share.row.worker_id, Notice.SHARE_LOCKED, key, now=now)
    return attempt


def refuse_wrong_pin(share: OpenedShare, pin: str, attempt: Attempt) -> None:
    """Raise SharePinWrongError or SharePinLockedError unless it is the share's PIN.

    Call it without a connection: judging takes its time. Raises SignInBusyError.
    """
    if passwords.is_right(share.told.pin_hash, pin):
        return
    refusal = attempt.failed(SharePinWrongError())
    if isinstance(refusal, SignInLockedError):
        raise SharePinLockedError(**refusal.facts)
    raise refusal


def forget_pins(session: Session, share: OpenedShare) -> None:
    """Count PINs anew after the right one."""
    attempts.forget(session, _counted(session, share))


def pass_of(session: Session, share: OpenedShare, until: datetime) -> str:
    """Return what a browser shows for half an hour in place of the PIN; see ``refuse_unpassed``."""
    moment = str(int(until.timestamp()))
    proof = vault_of(session).digest("share-pass", f"{share.row.id}:{share.told.pin_hash}:{moment}")
    return f"{moment}.{proof.hex()}"


def refuse_unpassed(
    session: Session, share: OpenedShare, shown: str | None, *, now: datetime
) -> None:
    """Raise SharePinNeededError unless no PIN is asked for, or a pass of this share is shown."""
    if share.told.pin_hash is None:
        return
    moment = (shown or "").partition(".")[0]
    if not moment.isdecimal() or len(moment) > len("99999999999"):
        raise SharePinNeededError
    if int(moment) <= now.timestamp():
        raise SharePinNeededError
    until = datetime.fromtimestamp(int(moment), now.tzinfo)
    if not secrets.compare_digest(pass_of(session, share, until).encode(), str(shown).encode()):
        raise SharePinNeededError


def _counted(session: Session, share: OpenedShare) -> bytes:
    return vault_of(session).digest(_PIN_COUNTED, share.row.id.hex)
