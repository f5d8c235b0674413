"""Words for how something came into a dossier, and who may bring it there."""

from enum import StrEnum


class Way(StrEnum):
    """By which way a record came into the archive."""

    FILE = "file"
    FORM = "form"
    CLASS = "class"
    API = "api"
    XAPI = "xapi"
    BADGE = "badge"
    CASE = "case"
    EXCHANGE = "exchange"
    """From another credit bank."""
    UNDO = "undo"
    """A posted file was undone: what stood before stands again."""
    COMMAND = "command"
    DEMO = "demo"
    """Made up for the demonstration."""


class AccreditationAct(StrEnum):
    """By which act an organisation was accredited; each has an effect of its own in law."""

    LICENCE = "licence"
    FILING = "filing"
    RECOGNITION = "recognition"
    ENROLMENT = "enrolment"
    """Into a reserve."""


class AccreditationState(StrEnum):
    """How an accreditation stands on a day."""

    IN_FORCE = "in_force"
    TO_COME = "to_come"
    OVER = "over"


class PlatformAct(StrEnum):
    """What is done about a course platform after it was registered."""

    CONFIRM = "confirm"
    END = "end"
