"""Refusals of agreements on mutual recognition."""

from typing import ClassVar

from credit_bank.errors import CreditBankError


class AgreementError(CreditBankError):
    """The base of what is wrong with an agreement."""


class AgreementCycleError(AgreementError):
    """Credits that go round some agreements come back as more."""

    code: ClassVar[str] = "agreement_cycle_gains"
    template: ClassVar[str] = (
        "With this agreement credits would grow by going round: {cycle}; one credit comes back "
        "as {gain}. Lower a factor, or let one of these agreements end before."
    )


class AgreementNotRecognisedError(AgreementError):
    """An agreement does not pass the test of the rule on recognition."""

    code: ClassVar[str] = "agreement_not_recognised"
    template: ClassVar[str] = (
        "The agreement {agreement} does not pass the test of recognition: {problem} "
        "Compare level and content again, or agree on additional work."
    )


class AgreementReplacesOtherError(AgreementError):
    """An agreement would take the place of one between other parties."""

    code: ClassVar[str] = "agreement_replaces_other"
    template: ClassVar[str] = (
        "The agreement {agreement} cannot take the place of {replaced}: that one is between "
        "other parties. Leave “replaces” out."
    )
