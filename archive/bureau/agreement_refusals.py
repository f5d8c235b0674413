"""Refusals of proposals and notices on agreements."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownAgreementError(ArchiveError):
    """No published agreement has this id."""

    code: ClassVar[str] = "agreement_unknown"
    template: ClassVar[str] = (
        "No agreement {agreement} is in force or to come. See the list of agreements."
    )


class NoticeTooShortError(ArchiveError):
    """An agreement cannot end before its notice has run."""

    code: ClassVar[str] = "agreement_notice_short"
    template: ClassVar[str] = (
        "This agreement needs {days} days of notice: it can end on {earliest} at the earliest. "
        "Choose that day or a later one."
    )


class NoticePastError(ArchiveError):
    """A notice was confirmed after the day on which it should have taken effect."""

    code: ClassVar[str] = "agreement_notice_past"
    template: ClassVar[str] = (
        "The day of this notice, {day}, is over: an agreement never ends backwards. "
        "Decline it and give notice anew."
    )


class OursMissingError(ArchiveError):
    """Neither party is an organisation of this archive."""

    code: ClassVar[str] = "agreement_not_ours"
    template: ClassVar[str] = (
        "One party of an agreement is an organisation of this archive. "
        "What two other credit banks agree on is their own affair."
    )


class AgreementByRuleError(ArchiveError):
    """An agreement came as a rule file, past the other party."""

    code: ClassVar[str] = "agreement_by_rule"
    template: ClassVar[str] = (
        "An agreement is made and ended between its two parties, not published as a rule. "
        "Propose it with “agreements propose”, or end it with “agreements end”."
    )
