"""Why a decision on an organisation's credits is refused."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownSuspensionError(ArchiveError):
    """No case has this identifier."""

    code: ClassVar[str] = "suspension_unknown"
    template: ClassVar[str] = "No suspension has this identifier. See the list of suspensions."


class SuspensionDaysError(ArchiveError):
    """The days of a decision contradict each other, or lie in the future."""

    code: ClassVar[str] = "suspension_days"
    template: ClassVar[str] = (
        "The days do not fit: the period must end after it begins, and the decision cannot lie in "
        "the future or before the one that it follows. Correct the days."
    )


class SuspensionIncompleteError(ArchiveError):
    """A decision needs its number and a reason."""

    code: ClassVar[str] = "suspension_incomplete"
    template: ClassVar[str] = (
        "A decision needs its number and a reason. Write both as they stand in the decision."
    )


class SuspensionWithoutRuleError(ArchiveError):
    """No rule says how long credits may be held."""

    code: ClassVar[str] = "suspension_without_rule"
    template: ClassVar[str] = (
        "No rule on suspensions is in force on {day}, so no clock can be set. Publish one first."
    )


class ExtensionsUsedUpError(ArchiveError):
    """The hold was extended as often as the rule allows."""

    code: ClassVar[str] = "suspension_extended_enough"
    template: ClassVar[str] = (
        "The rule allows {most} extensions, and they are used up. Release or revoke the credits."
    )
