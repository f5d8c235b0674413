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
    COMMAND = "command"
    DEMO = "demo"
    """Made up for the demonstration."""
