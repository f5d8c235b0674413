"""Refusals of the credit bank."""

from typing import ClassVar

from schemas.refusals import Refusal


class CreditBankError(Refusal):
    """The base of the credit bank's refusals."""


class RuleFileError(CreditBankError):
    """A rule file cannot be read or contradicts itself."""

    code: ClassVar[str] = "rule_file_invalid"
    template: ClassVar[str] = (
        "The rule file {file} is refused: {problem}. Correct it and try again."
    )


class RuleExampleError(RuleFileError):
    """An example of a rule comes out otherwise than it says."""

    code: ClassVar[str] = "rule_example_fails"
    template: ClassVar[str] = (
        "The rule file {file} is refused: the example “{example}” of {rule} expects {expected} "
        "but gives {given}. Correct the rule or the example."
    )


class RuleExampleUnreadableError(RuleFileError):
    """An example of a rule does not say what its family needs."""

    code: ClassVar[str] = "rule_example_unreadable"
    template: ClassVar[str] = (
        "The rule file {file} is refused: the example “{example}” of {rule} cannot be read "
        "({problem}). See docs/rules.md for what an example of this family says."
    )


class RuleTwiceError(RuleFileError):
    """Two rules have one name."""

    code: ClassVar[str] = "rule_twice"
    template: ClassVar[str] = (
        "The rule file {file} is refused: {rule} stands there twice. Give each rule its own id."
    )


class RuleReplacesUnknownError(RuleFileError):
    """A rule replaces one that is not there, or one of another family."""

    code: ClassVar[str] = "rule_replaces_unknown"
    template: ClassVar[str] = (
        "The rule file {file} is refused: {rule} replaces {replaced}, which is not known in its "
        "family. Correct “replaces”, or leave it out."
    )


class RulesOverlapError(RuleFileError):
    """Two rules of a family are in force on one day."""

    code: ClassVar[str] = "rules_overlap"
    template: ClassVar[str] = (
        "The rule file {file} is refused: {first} and {second} are both in force on {day}. "
        "Let one end before, or say “replaces”."
    )


class RuleGapError(RuleFileError):
    """A day inside the term of a family is without a rule."""

    code: ClassVar[str] = "rule_gap"
    template: ClassVar[str] = (
        "The rule file {file} is refused: there would be no rule on {day}; the last one before "
        "is {rule}. Let a rule begin earlier or end later."
    )


class RuleChangedError(CreditBankError):
    """A rule that was published before now has other words under the same name."""

    code: ClassVar[str] = "rule_changed"
    template: ClassVar[str] = (
        "Rule {rule} was published and cannot be edited. "
        "Give the changed rule a new id, say from when it is in force, and publish it."
    )


class RuleAlreadyPublishedError(CreditBankError):
    """Exactly this rule is published already."""

    code: ClassVar[str] = "rule_already_published"
    template: ClassVar[str] = "Rule {rule} is already published just like this; nothing to do."


class ReferenceConflictError(CreditBankError):
    """A reference was used before for something else."""

    code: ClassVar[str] = "reference_conflict"
    template: ClassVar[str] = (
        "The reference {reference} was used before with other content. "
        "Repeat the original request, or use a new reference."
    )


class UnknownDossierError(CreditBankError):
    """No dossier was begun for this worker."""

    code: ClassVar[str] = "dossier_unknown"
    template: ClassVar[str] = "No dossier was begun for this worker. Add the worker first."


class CaseActRefusedError(CreditBankError):
    """Something cannot happen to a case any more, or not yet."""

    code: ClassVar[str] = "case_act_refused"
    template: ClassVar[str] = (
        "The case cannot take the step “{act}” now: its last step was “{last}”. "
        "Look at the case again."
    )


class UnknownCaseError(CreditBankError):
    """No case of this worker has this identifier."""

    code: ClassVar[str] = "case_unknown"
    template: ClassVar[str] = "No case {case} of this worker is known. See the worker's cases."


class LotTooSmallError(CreditBankError):
    """A redemption asks for more than a lot can give."""

    code: ClassVar[str] = "lot_too_small"
    template: ClassVar[str] = (
        "Not enough credits are left: {wanted} were asked for, {left} can be used. "
        "Look at what can be used now and choose again."
    )


class LotHeldError(CreditBankError):
    """Units that a redemption would consume are held by a dispute or a decision."""

    code: ClassVar[str] = "lot_held"
    template: ClassVar[str] = (
        "Some of these credits are held until a dispute is decided. "
        "Accept the redemption when they are released, or decline it."
    )


class AppealOpenError(CreditBankError):
    """An appeal about this outcome is not over yet."""

    code: ClassVar[str] = "appeal_open"
    template: ClassVar[str] = (
        "An appeal about this record is open already. Wait for its end, or withdraw it first."
    )


class DossierClosedError(CreditBankError):
    """The dossier was merged into another one and takes nothing any more."""

    code: ClassVar[str] = "dossier_closed"
    template: ClassVar[str] = (
        "This dossier was merged into another one of the same person and is closed. "
        "Look the person up again and use the dossier that is found."
    )


class MergerWaitsError(CreditBankError):
    """Something is open in a dossier that is to be merged."""

    code: ClassVar[str] = "merger_waits"
    template: ClassVar[str] = (
        "The dossiers cannot be merged yet: {redemptions} applications to use credits and "
        "{appeals} appeals of the dossier to be closed are open. First let the school answer each "
        "application, or the person withdraw it, at the counter too. Let the organisation answer "
        "each appeal, decide it under “Cases”, or let the person withdraw it. "
        "Then propose the merger again."
    )


class MergerUncoveredError(CreditBankError):
    """Used credits of the dossier to be closed have no lot in the other to be counted against."""

    code: ClassVar[str] = "merger_uncovered"
    template: ClassVar[str] = (
        "The dossier to be closed has used credits, and no record of the two earns any now. "
        "Let the bureau annul that use first."
    )
