"""Refusals of issuing, apart from it: whoever only answers them need not load what lays out."""

from typing import ClassVar

from archive.errors import ArchiveError


class IssuerMissingError(ArchiveError):
    """No bureau is on file in whose name a document could be issued."""

    code: ClassVar[str] = "issuer_missing"
    template: ClassVar[str] = (
        "No bureau is on file, so nobody can issue a document. "
        "Add the organisation of kind “bureau” first."
    )


class DocumentRefusedError(ArchiveError):
    """No document can be made of what was asked for. Base of its reasons."""


class NothingChosenError(DocumentRefusedError):
    """It was not said which occupation, period, records or certificate is meant."""

    code: ClassVar[str] = "document_nothing_chosen"
    template: ClassVar[str] = (
        "Nothing was chosen for this kind of document. "
        "Say which occupation, period, records or certificate it is to be about."
    )


class ChoiceUnusedError(DocumentRefusedError):
    """Something was chosen of which this kind of document makes no use."""

    code: ClassVar[str] = "document_choice_unused"
    template: ClassVar[str] = (
        "What was chosen does not belong to this kind of document, which would tell more than "
        "was meant. Choose the kind that fits, or leave the choice out."
    )


class RecordWithdrawnError(DocumentRefusedError):
    """A chosen record was withdrawn: it never was."""

    code: ClassVar[str] = "document_record_withdrawn"
    template: ClassVar[str] = (
        "A chosen record was withdrawn by its issuer, so no document can tell it. "
        "Look at the dossier again and choose among the records that stand."
    )


class PeriodReversedError(DocumentRefusedError):
    """The first day of a period is after its last."""

    code: ClassVar[str] = "document_period_reversed"
    template: ClassVar[str] = (
        "The first day of the period is after the last. Change one of them, or leave one out."
    )


class OccupationEmptyError(DocumentRefusedError):
    """No record of the dossier is of the occupation."""

    code: ClassVar[str] = "document_occupation_empty"
    template: ClassVar[str] = (
        "No record of this dossier is of that occupation. "
        "Choose one of those that stand in the dossier."
    )


class NotOneCertificateError(DocumentRefusedError):
    """The proof of a certificate was asked for something else."""

    code: ClassVar[str] = "document_not_one_certificate"
    template: ClassVar[str] = (
        "This proof is of exactly one certificate. "
        "Choose one, or ask for a document of chosen records."
    )


class PurposeTooLongError(DocumentRefusedError):
    """What a document is for does not fit on it."""

    code: ClassVar[str] = "document_purpose_long"
    template: ClassVar[str] = (
        "What the document is for has room for {most} characters. Say it in fewer words."
    )


class WholeNumberRefusedError(DocumentRefusedError):
    """Somebody else than the holder wants the whole number of the holder's document."""

    code: ClassVar[str] = "document_number_not_yours"
    template: ClassVar[str] = (
        "Only the holder can have the whole number of an identity document printed, alone or "
        "at the counter. Ask for the document with the number in part."
    )


class DocumentsBusyError(ArchiveError):
    """So many documents are being made that no more may wait."""

    code: ClassVar[str] = "documents_busy"
    template: ClassVar[str] = (
        "Many documents are being made right now. Wait half a minute, then ask again."
    )
    seconds = 30
    """After which asking again makes sense."""
