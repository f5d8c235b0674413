"""Refusals of the dossiers' room."""

from typing import ClassVar

from archive.errors import ArchiveError


class RecordExistsError(ArchiveError):
    """A record of this identity is in the dossier, with other content."""

    code: ClassVar[str] = "record_exists"
    template: ClassVar[str] = (
        "This record is in the dossier already, with other content. "
        "Correct record {record} instead of adding it again."
    )


class OuterIdTakenError(ArchiveError):
    """The organisation used its identifier for another worker's record."""

    code: ClassVar[str] = "outer_id_taken"
    template: ClassVar[str] = (
        "Your identifier of this record belongs to a record of another worker. "
        "Check the identifier and the person."
    )


class CertificateTakenError(ArchiveError):
    """The certificate's number belongs to another worker."""

    code: ClassVar[str] = "certificate_taken"
    template: ClassVar[str] = (
        "This certificate number is on file for another person. "
        "Check the number and the person against the certificate."
    )


class RecordWithdrawnError(ArchiveError):
    """A withdrawn record cannot be corrected or withdrawn again."""

    code: ClassVar[str] = "record_withdrawn"
    template: ClassVar[str] = (
        "This record was withdrawn. "
        "If it is true after all, add it as a single record, not by a file."
    )


class RecordKindChangedError(ArchiveError):
    """A correction cannot turn a record into one of another kind."""

    code: ClassVar[str] = "record_kind_changed"
    template: ClassVar[str] = (
        "A correction cannot change the kind of a record. "
        "Withdraw it with a reason and add a new one."
    )


class DayInFutureError(ArchiveError):
    """The record's day lies in the future."""

    code: ClassVar[str] = "day_in_future"
    template: ClassVar[str] = (
        "The day {day} lies in the future. "
        "Post the record when it has happened, or correct the day."
    )


class ReasonMissingError(ArchiveError):
    """A correction or withdrawal needs a reason."""

    code: ClassVar[str] = "reason_missing"
    template: ClassVar[str] = "A correction or withdrawal needs a reason. Say why in a few words."


class DocumentTakenError(ArchiveError):
    """A worker with this document number exists."""

    code: ClassVar[str] = "document_taken"
    template: ClassVar[str] = (
        "A worker with this document number has a dossier already. Look the worker up instead."
    )


class PostingClosedError(ArchiveError):
    """Nothing can be posted for this person; why is told to nobody but the bureau."""

    code: ClassVar[str] = "posting_closed"
    template: ClassVar[str] = (
        "Nothing can be posted for this person at present. Ask the bureau, and post the others."
    )
