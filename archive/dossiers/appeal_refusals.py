"""Why an appeal, or a step in one, is refused."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownAppealError(ArchiveError):
    """No appeal has this identifier, or none that the asker may see."""

    code: ClassVar[str] = "appeal_unknown"
    template: ClassVar[str] = "No appeal is known here by this identifier. See the list of appeals."


class UnknownLineError(ArchiveError):
    """No line of the worker's statement has this identifier."""

    code: ClassVar[str] = "line_unknown"
    template: ClassVar[str] = (
        "The statement has no such line. Copy the line's identifier from the statement."
    )


class WhyMissingError(ArchiveError):
    """A step needs a reason."""

    code: ClassVar[str] = "why_missing"
    template: ClassVar[str] = "A reason is needed here. Say why in a few words."


class AppealLateError(ArchiveError):
    """The time to appeal is over."""

    code: ClassVar[str] = "appeal_late"
    template: ClassVar[str] = (
        "An appeal against this line could be filed until {day}. "
        "Ask the organisation that posted the record to correct it instead."
    )


class AppealNotHereError(ArchiveError):
    """The line follows from a decision or from the worker's own application."""

    code: ClassVar[str] = "appeal_not_here"
    template: ClassVar[str] = (
        "This line follows from a decision of the bureau or from an application of your own, not "
        "from a record. Appeal against the line that the record earned, or turn to the bureau."
    )


class AppealRepeatedError(ArchiveError):
    """The line was appealed against before, and that is over."""

    code: ClassVar[str] = "appeal_repeated"
    template: ClassVar[str] = (
        "An appeal against this line is over already. "
        "When the record is corrected, its new line can be appealed against."
    )


class AppealWithoutRuleError(ArchiveError):
    """No rule says how long an appeal may take."""

    code: ClassVar[str] = "appeal_without_rule"
    template: ClassVar[str] = (
        "No rule on appeals is in force on {day}, so no clock can be set. "
        "The bureau has to publish one first."
    )


class AppealPendingError(ArchiveError):
    """The organisation still has time to answer."""

    code: ClassVar[str] = "appeal_pending"
    template: ClassVar[str] = (
        "The organisation has until {day} to answer. "
        "From the day after on the appeal can be taken to the bureau."
    )


class EscalationLateError(ArchiveError):
    """The time to ask the bureau is over."""

    code: ClassVar[str] = "escalation_late"
    template: ClassVar[str] = (
        "The appeal could be taken to the bureau until {day}. The answer stands."
    )


class NotPutRightError(ArchiveError):
    """An appeal is upheld only with what it asked for."""

    code: ClassVar[str] = "appeal_not_put_right"
    template: ClassVar[str] = (
        "The record is still as it was when the appeal was filed. "
        "Correct or withdraw it first, then uphold the appeal."
    )


class OwnAnswerError(ArchiveError):
    """Who answered an appeal cannot decide on it as second instance."""

    code: ClassVar[str] = "appeal_own_answer"
    template: ClassVar[str] = (
        "The first answer came from your own account. Another account of the bureau has to decide."
    )
