"""Signing in, step by step: a proof in, and out comes a session or the next step.

No step hands out a session while a factor is wanting: until then there is an unfinished
sign-in, whose token opens the pages of the next step and no other. At each step the token
is another one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from archive.audit.acts import current, name_actor, notes_of
from archive.audit.events import Own
from archive.people import attempts, factors, passkeys, recovery, sessions, totp, unfinished
from archive.people.models import Account
from archive.people.passkeys import Party
from archive.people.unfinished import SignInExpiredError, Unfinished


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything is proved: the token of a session."""

    token: str
    account: Account


@dataclass(frozen=True, slots=True)
class Partial:
    """A factor is wanting: the token of an unfinished sign-in."""

    token: str
    must_enrol: bool
    """Whether there is no factor yet, so that one must be enrolled; else one is asked for."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A first factor was enrolled: the token of a session, and recovery codes told only now."""

    token: str
    recovery_codes: tuple[str, ...]


def after_first_proof(
    session: Session, account: Account, *, device: str, now: datetime
) -> Whole | Partial:
    """Go on after a right password, or after another house vouched for the account."""
    if factors.has_any(session, account):
        return Partial(unfinished.begin(session, account, now=now), must_enrol=False)
    if factors.needed(account.role):
        return Partial(unfinished.begin(session, account, now=now), must_enrol=True)
    return _whole(session, account, device=device, now=now)


def by_code(session: Session, one: Unfinished, code: str, *, device: str, now: datetime) -> Whole:
    """Finish with a code of an app or from paper. Raises CodeWrongError, SignInExpiredError."""
    factors.prove_by_code(session, one.whose, code, now=now)
    unfinished.use_up(session, one)
    return _whole(session, one.whose, device=device, now=now)


def by_passkey(
    session: Session, one: Unfinished, answer: str, party: Party, *, device: str, now: datetime
) -> Whole:
    """Finish with a passkey, as the second factor or as the whole proof.

    A passkey verifies its user itself, so that it needs no password beside it. Raises
    PasskeyRefusedError, SignInExpiredError.
    """
    account = passkeys.prove(
        session, answer, whose=one.account, challenge=one.challenge, party=party, now=now
    )
    unfinished.use_up(session, one)
    return _whole(session, account, device=device, now=now)


def enrol_totp(
    session: Session, one: Unfinished, code: str, *, device: str, now: datetime
) -> Enrolled:
    """Finish by enrolling an app as the first factor. Raises CodeWrongError, SignInExpiredError."""
    refuse_factor(session, one)
    account = one.whose
    totp.enrol(session, account.id, secret_of(session, one, now=now), code, now=now)
    return _enrolled(session, one, device=device, now=now)


def enrol_passkey(
    session: Session,
    one: Unfinished,
    answer: str,
    name: str,
    party: Party,
    *,
    device: str,
    now: datetime,
) -> Enrolled:
    """Finish by enrolling a passkey as the first factor.

    Raises PasskeyRefusedError, SignInExpiredError.
    """
    refuse_factor(session, one)
    account = one.whose
    passkeys.register(session, account, answer, name, challenge=one.challenge, party=party, now=now)
    return _enrolled(session, one, device=device, now=now)


def secret_of(session: Session, one: Unfinished, *, now: datetime) -> str:
    """Return the secret that is about to be enrolled."""
    return totp.opened(session, one.whose.id, one.secret or b"", now=now)


def refuse_factor(session: Session, one: Unfinished) -> None:
    """Raise SignInExpiredError where there is a factor: it is asked for before another is added."""
    if factors.has_any(session, one.whose):
        raise SignInExpiredError


def _enrolled(session: Session, one: Unfinished, *, device: str, now: datetime) -> Enrolled:
    unfinished.use_up(session, one)
    codes = recovery.make(session, one.whose, now=now)
    return Enrolled(_whole(session, one.whose, device=device, now=now).token, codes)


def _whole(session: Session, account: Account, *, device: str, now: datetime) -> Whole:
    _note(session, account)
    attempts.forget(session, attempts.of_name(session, account.name))
    return Whole(sessions.begin(session, account, now=now, device=device), account)


def _note(session: Session, account: Account) -> None:
    """Let the trail tell the sign-in, by whom; it is told in this transaction."""
    act = current()
    if act is not None:
        act.action = Own.SIGN_IN
    name_actor(account)
    notes_of(session).is_always_told = True
