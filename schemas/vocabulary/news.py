"""Words for news of a dossier."""

from enum import StrEnum


class Happening(StrEnum):
    """What became of a record since somebody last heard of it."""

    ADDED = "added"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
