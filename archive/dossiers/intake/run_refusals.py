"""Why a file is not written, a run not stopped, a batch not undone."""

from typing import ClassVar

from archive.errors import ArchiveError


class RunUnknownError(ArchiveError):
    """There is no such run, or it is another organisation's."""

    code: ClassVar[str] = "run_unknown"
    template: ClassVar[str] = (
        "No posted file of your organisation has this number. Look it up in the list of files."
    )


class ListUnreadableError(ArchiveError):
    """Not one row of the file can be read, so that nothing can be written."""

    code: ClassVar[str] = "list_unreadable"
    template: ClassVar[str] = (
        "Not one row of this file can be read. Check the file: the report says what to do."
    )


class RunOverError(ArchiveError):
    """A run has ended already, so that it cannot be stopped."""

    code: ClassVar[str] = "run_over"
    template: ClassVar[str] = (
        "This file is written already, or was stopped before. Look at what was written; "
        "it can be undone for {days} days."
    )


class RunHaltedError(ArchiveError):
    """The disk filled while a file was being written; what is written stays."""

    code: ClassVar[str] = "run_halted"
    template: ClassVar[str] = (
        "The archive's disk is full: {done} of {rows} rows of this file are done and stay so. "
        "Tell the system administrator to make room. Then the server goes on by itself; without "
        "one, “posted resume {number}” does. Do not send the file again."
    )


class AllTooManyError(ArchiveError):
    """All or nothing is one transaction, and everybody else waits for it."""

    code: ClassVar[str] = "all_too_many"
    template: ClassVar[str] = (
        "“All or nothing” is possible up to {most} rows. Split the file, or write the rows that "
        "are without fault and correct the others afterwards."
    )


class UndoOverError(ArchiveError):
    """There is nothing to undo, or it is too late."""

    code: ClassVar[str] = "undo_over"
    template: ClassVar[str] = (
        "Only a file that was written in the last {days} days can be undone, and only once. "
        "Withdraw single records instead, each with its reason."
    )


class UndoBlockedError(ArchiveError):
    """Something rests on records of the batch."""

    code: ClassVar[str] = "undo_blocked"
    template: ClassVar[str] = (
        "This file cannot be undone as a whole, for something rests on {count} of its records "
        "(rows {rows}): they were corrected since, appealed against, reviewed, their credits are "
        "used, or a class was closed upon them. Nothing was changed. Withdraw the other records "
        "one by one."
    )


class UndoReasonMissingError(ArchiveError):
    """Undoing needs a reason: it stands in each dossier."""

    code: ClassVar[str] = "undo_reason_missing"
    template: ClassVar[str] = (
        "Say why the file is undone; the reason stands in each dossier that it wrote to."
    )
