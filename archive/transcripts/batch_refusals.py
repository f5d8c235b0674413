"""Refusals of documents for many, apart from it: whoever only answers them loads nothing else."""

from typing import ClassVar

from archive.errors import ArchiveError


class BatchNotBegunError(ArchiveError):
    """What was asked for cannot be begun as it was asked for; nothing was."""


class BatchUnknownError(ArchiveError):
    """There is no such batch, or not for whoever asks; or its time is over."""

    code: ClassVar[str] = "document_batch_unknown"
    template: ClassVar[str] = (
        "There is no such list of documents any more. Documents are kept together for {days} "
        "days; ask for them again."
    )


class BatchEmptyError(BatchNotBegunError):
    """Nobody is meant by a batch."""

    code: ClassVar[str] = "document_batch_empty"
    template: ClassVar[str] = (
        "There is nothing to issue: no completion was posted from this class, or the list is empty."
    )


class BatchConsentsMissingError(BatchNotBegunError):
    """Nobody has consented to documents for the organisation."""

    code: ClassVar[str] = "document_batch_no_consents"
    template: ClassVar[str] = (
        "Nobody has consented to signed documents for this organisation, or every consent has "
        "ended. Ask for access, and say that documents are wanted."
    )


class BatchTooManyError(BatchNotBegunError):
    """A batch would hold more documents than one may."""

    code: ClassVar[str] = "document_batch_too_many"
    template: ClassVar[str] = "At most {most} documents are made at once. Split the list."


class BatchQuotaError(BatchNotBegunError):
    """The lists of an organisation hold as much as they may."""

    code: ClassVar[str] = "document_batch_quota"
    template: ClassVar[str] = (
        "The lists of your organisation of the last {days} days hold {held} documents, and at "
        "most {most} are kept together. Fetch and wait until the oldest go, or ask for fewer."
    )


class BatchRoomError(BatchNotBegunError):
    """The disk has no room for the documents of a batch."""

    code: ClassVar[str] = "document_batch_room"
    template: ClassVar[str] = (
        "These documents need about {needed} MB, and the archive's disk has {free} MB to spare. "
        "Nothing was begun. Ask for fewer, or have the operator make room."
    )


class BatchNumbersUnknownError(BatchNotBegunError):
    """Some of the archive numbers are nobody's."""

    code: ClassVar[str] = "document_batch_numbers_unknown"
    template: ClassVar[str] = (
        "Not known as archive numbers: number {places} of the list. "
        "Correct them; nothing was begun."
    )


class BatchReferencesUnknownError(BatchNotBegunError):
    """Some of the references are of no request that the organisation made."""

    code: ClassVar[str] = "document_batch_references_unknown"
    template: ClassVar[str] = (
        "Your organisation made no request with this reference: number {places} of the list. "
        "Correct them; nothing was begun."
    )


class BatchUnclearError(BatchNotBegunError):
    """It is not clear of whom the documents are to be."""

    code: ClassVar[str] = "document_batch_unclear"
    template: ClassVar[str] = (
        "Say of whom the documents are to be, in one way: a class, archive numbers, or consents "
        "to one organisation."
    )


class BatchStoppedError(ArchiveError):
    """A batch was stopped before this document of it was made."""

    code: ClassVar[str] = "document_batch_stopped"
    template: ClassVar[str] = (
        "The list was stopped before this document was made. Begin another list if it is wanted."
    )


class BatchOverError(ArchiveError):
    """A batch has ended already."""

    code: ClassVar[str] = "document_batch_over"
    template: ClassVar[str] = "These documents are finished, or were stopped before."
