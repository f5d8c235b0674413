"""What commands about sign-ins answer: factors removed, waits ended, sessions listed."""

from datetime import datetime

from schemas.contracts import Contract


class FactorsReset(Contract):
    """An account whose second factors were removed and whose sessions have ended."""

    account: str
    removed: int
    enrols_next: bool
    """Whether its next sign-in must set up a new one."""


class Unlocked(Contract):
    """An account that may sign in at once, whatever failed before."""

    account: str
    had_to_wait: bool


class SessionLine(Contract):
    """Where an account is signed in."""

    device: str | None
    """Family of browser and system, such as ``chrome/windows``; None for a program."""
    is_program: bool
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class SessionList(Contract):
    """Where an account is signed in, the one last seen first."""

    account: str
    are_revoked: bool
    """Whether they were ended just now."""
    sessions: tuple[SessionLine, ...]


class DemoCode(Contract):
    """The code that the sign-in page accepts from a demo account now; it works once."""

    account: str
    code: str


class ActivationReceipt(Contract):
    """An activation code for a worker, told only this once."""

    archive_number: str
    code: str
    until: datetime


class AccountBound(Contract):
    """An account that an identity service signs in from now on."""

    account: str
    issuer: str


class AccountUnbound(Contract):
    """An account that no identity service signs in any more."""

    account: str
    ended: int
    """How many bindings it had."""
