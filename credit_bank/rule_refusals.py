"""Refusals of rule files for what stands in single rules: units, sources, exceptions, repeals."""

from typing import ClassVar

from credit_bank.errors import RuleFileError


class RuleUnitUnknownError(RuleFileError):
    """A value that should be a number of credits is none."""

    code: ClassVar[str] = "rule_unit_unknown"
    template: ClassVar[str] = (
        "The rule file {file} is refused: “{field}” of {rule} is no number of credits. Write "
        'credits in quotes, "27.5", with digits and at most four places.'
    )


class RuleSourceMissingError(RuleFileError):
    """A rule, an exception or a repeal does not say on which law it rests."""

    code: ClassVar[str] = "rule_source_missing"
    template: ClassVar[str] = (
        "The rule file {file} is refused: {rule} has no “{field}”. Name the order and its article."
    )


class RuleExceptionsMeetError(RuleFileError):
    """Two exceptions of a rule could apply to one outcome."""

    code: ClassVar[str] = "rule_exceptions_meet"
    template: ClassVar[str] = (
        "The rule file {file} is refused: the exceptions {first} and {second} of {rule} could "
        "both apply to one record. Narrow one of them by day, issuer, occupation or course."
    )


class RuleExceptionIdleError(RuleFileError):
    """An exception can never apply: its days lie outside those of its rule."""

    code: ClassVar[str] = "rule_exception_idle"
    template: ClassVar[str] = (
        "The rule file {file} is refused: the exception {exception} of {rule} lies outside the "
        "days of its rule and could never apply. Correct its days."
    )


class RepealUnknownError(RuleFileError):
    """What is repealed is not known."""

    code: ClassVar[str] = "repeal_unknown"
    template: ClassVar[str] = (
        "The rule file {file} is refused: {rule} repeals {repealed}, which is not known in its "
        "family. Correct “repeals”."
    )


class RepealTooLateError(RuleFileError):
    """What is repealed has ended before."""

    code: ClassVar[str] = "repeal_too_late"
    template: ClassVar[str] = (
        "The rule file {file} is refused: {rule} repeals {repealed} from {day} on, but that rule "
        "has ended by then. Correct the day, or leave the repeal out."
    )
