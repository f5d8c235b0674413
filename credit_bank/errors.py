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


class UnknownEntryError(CreditBankError):
    """No entry of the ledger has this identifier."""

    code: ClassVar[str] = "entry_unknown"
    template: ClassVar[str] = (
        "No entry {entry} is known. Take the entry's identifier from a statement."
    )


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
