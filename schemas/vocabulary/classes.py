"""Words for classes: how far one is, and what becomes of its members when it is closed."""

from enum import StrEnum


class ClassState(StrEnum):
    """How far a class is."""

    FILED = "filed"
    """Filed; it has not begun."""
    UNDER_WAY = "under_way"
    OVER = "over"
    """Its last day is over, and nothing was posted yet."""
    CLOSING = "closing"
    """Closed; its completions are being posted."""
    CLOSED = "closed"


class MemberFate(StrEnum):
    """What closing a class does, or did, with one member."""

    NEW = "new"
    """A record is posted."""
    CHANGED = "changed"
    """A record that is on file is superseded."""
    SAME = "same"
    """The record is on file already."""
    FAULTY = "faulty"
    """Something speaks against it; nothing is posted."""
    WITHDRAWN = "withdrawn"
    """Left the class; nothing is posted."""
    ABSENT = "absent"
    """Was never there and has no result; nothing is posted."""
