"""How often who may ask: the one table, group of routes by group.

The figures are this project's proposals. Addresses are shared (a school, a telephone network, a
firm's proxy), so what an address may do is generous; what one account, program, organisation or
number may do is not. A window begins with its first request and ends all at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from limits import RateLimitItem, parse


class Subject(StrEnum):
    """Of whom or what requests are counted."""

    ADDRESS = "address"
    ACCOUNT = "account"
    """Who is signed in, or whose name was typed."""
    PROGRAM = "program"
    """One token or key of a program."""
    ORGANISATION = "organisation"
    NUMBER = "number"
    """A certificate, transcript, share or archive number that was asked for."""
    CONTACT = "contact"
    """A phone number or e-mail address that something is sent to."""


class Group(StrEnum):
    """Routes that are counted together."""

    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105  # The name of a group.
    ONE_TIME_CODE = "one_time_code"
    JOIN = "join"
    VERIFY_CODE = "verify_code"
    VERIFY_FILE = "verify_file"
    REPORT = "report"
    """Verification reports as signed documents."""
    SHARE = "share"
    SHARE_PIN = "share_pin"
    ACCESS_REQUEST = "access_request"
    LOOK_UP = "look_up"
    PERSON = "person"
    """Whether somebody of a name and number is on file."""
    EXPORT = "export"
    INTAKE = "intake"
    API = "api"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests of one subject in one window."""

    subject: Subject
    item: RateLimitItem


def _of(**figures: str) -> tuple[Limit, ...]:
    return tuple(Limit(Subject(name), parse(figure)) for name, figure in figures.items())


LIMITS: Mapping[Group, tuple[Limit, ...]] = {
    Group.SIGN_IN: _of(address="100 per 5 minutes"),  # Names that are typed: people/attempts.py.
    Group.SECOND_STEP: _of(address="100 per 5 minutes"),
    Group.UNKNOWN_TOKEN: _of(address="100 per 10 minutes"),
    Group.ONE_TIME_CODE: _of(address="30 per 10 minutes", contact="5 per 1 hour"),
    Group.JOIN: _of(address="30 per 10 minutes", number="5 per 1 hour"),
    Group.VERIFY_CODE: _of(address="300 per 1 minute", number="600 per 1 minute"),
    Group.VERIFY_FILE: _of(address="60 per 1 minute"),
    Group.REPORT: _of(address="20 per 10 minutes", account="20 per 10 minutes"),
    Group.SHARE: _of(address="300 per 1 minute", number="600 per 1 minute"),
    Group.SHARE_PIN: _of(address="30 per 10 minutes", number="20 per 10 minutes"),
    Group.ACCESS_REQUEST: _of(account="30 per 1 hour", organisation="100 per 1 hour"),
    Group.LOOK_UP: _of(account="120 per 1 minute", organisation="600 per 1 minute"),
    Group.PERSON: _of(account="60 per 10 minutes", organisation="300 per 10 minutes"),
    Group.EXPORT: _of(account="30 per 10 minutes", organisation="120 per 10 minutes"),
    Group.INTAKE: _of(account="60 per 10 minutes", organisation="300 per 10 minutes"),
    Group.API: _of(program="600 per 1 minute", organisation="3000 per 1 minute"),
}
