"""Refusals that only a command can meet, and the exit status of each."""

import errno
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

from archive.errors import ArchiveError
from schemas.refusals import Refusal

if TYPE_CHECKING:
    from schemas.outputs import FieldFault


class Status(IntEnum):
    """How a command ends; scripts decide by it."""

    DONE = 0
    REFUSED = 1
    """Refused, not valid, past validity, revoked, or a faulty row."""
    CANNOT_CHECK = 3
    """Cannot be checked now. 2 is wrong usage, told by the library."""


class CannotCheckError(ArchiveError):
    """The base of what cannot be told now, though it may be another time."""


class ArchiveMissingError(ArchiveError):
    """There is no archive in the data folder, and only setting one up makes one."""

    code: ClassVar[str] = "archive_missing"
    template: ClassVar[str] = (
        "There is no archive in the data folder yet. Run “make run”, or “skills-archive db "
        "upgrade” for an empty one; ARCHIVE_HOME names another data folder."
    )


class DatabaseUnusableError(CannotCheckError):
    """The database does not answer."""

    code: ClassVar[str] = "database_unusable"
    template: ClassVar[str] = (
        "The database cannot be used now: it does not answer, is locked or damaged. Try again; "
        "if it stays so, check the server and ARCHIVE_DATABASE_URL."
    )


class FileMissingError(ArchiveError):
    """A file that was named does not exist."""

    code: ClassVar[str] = "file_missing"
    template: ClassVar[str] = "There is no file of this name. Check the name and the folder."


class FileUnreadableError(ArchiveError):
    """A file that was named cannot be read."""

    code: ClassVar[str] = "file_unreadable"
    template: ClassVar[str] = (
        "The file cannot be read ({problem}). Check that it is a file and that you may read it."
    )


class FileUnwritableError(ArchiveError):
    """A file cannot be written where it was asked for."""

    code: ClassVar[str] = "file_unwritable"
    template: ClassVar[str] = (
        "The file cannot be written there ({problem}). "
        "Name a file in a folder that exists and that you may write to."
    )


class DiskRefusesError(ArchiveError):
    """The operating system refused a file of the data folder."""

    code: ClassVar[str] = "disk_refuses"
    template: ClassVar[str] = (
        "The data folder cannot be used ({problem}). "
        "Check ARCHIVE_HOME, your rights to it and the space that is left."
    )


class NumberAsArgumentError(ArchiveError):
    """An identity number stands on the command line, where others can see it."""

    code: ClassVar[str] = "number_as_argument"
    template: ClassVar[str] = (
        "An identity number never stands in a command: others can read it there. "
        "Write “-” in its place and give the number on standard input."
    )


class RecordInvalidError(ArchiveError):
    """Fields of a record are missing or cannot be used; ``errors`` tells each."""

    code: ClassVar[str] = "record_invalid"
    template: ClassVar[str] = (
        "These fields of the record are missing or cannot be used: {fields}. "
        "“skills-archive schema record” tells what each takes."
    )

    def __init__(self, *, errors: tuple["FieldFault", ...], fields: str) -> None:
        """Keep what is wrong with each field, besides their names."""
        self.errors = errors
        super().__init__(fields=fields)


class OrganisationNeededError(ArchiveError):
    """An account without an organisation acts, and none was named."""

    code: ClassVar[str] = "organisation_needed"
    template: ClassVar[str] = (
        "This account belongs to no organisation. Name the one that vouches with --organisation."
    )


class FieldsInvalidError(RecordInvalidError):
    """Fields of what a file proposes are missing or cannot be used; ``errors`` tells each."""

    code: ClassVar[str] = "fields_invalid"
    template: ClassVar[str] = (
        "These fields are missing or cannot be used: {fields}. "
        "“skills-archive schema” lists what describes them."
    )


class JobStoppedError(ArchiveError):
    """Durable work met a fault, and waits for somebody to put its cause right."""

    code: ClassVar[str] = "job_stopped"
    template: ClassVar[str] = (
        "The work stopped by a fault ({fault}); what is done stays done. "
        "Put the cause right, then give the command again: it goes on there."
    )


class RegisterNeededError(CannotCheckError):
    """A code was given where there is no register to ask."""

    code: ClassVar[str] = "register_needed"
    template: ClassVar[str] = (
        "A code can only be checked where the register is. "
        "Check it on the issuing body's verification page, or give the PDF file."
    )


class ReportNeedsArchiveError(CannotCheckError):
    """A signed report was asked for where the archive is not, or under roots of one's own."""

    code: ClassVar[str] = "report_needs_archive"
    template: ClassVar[str] = (
        "A report is signed by the archive itself, with the roots that it trusts. "
        "Give the command where the archive is, without --trust, or use its verification page."
    )


class TrustNeededError(CannotCheckError):
    """A file is to be verified, but nobody is trusted here."""

    code: ClassVar[str] = "trust_needed"
    template: ClassVar[str] = (
        "No trusted root certificate is known here. Give the PEM file that the issuing body "
        "publishes with --trust."
    )


class PortTakenError(ArchiveError):
    """Another program listens on the port."""

    code: ClassVar[str] = "port_taken"
    template: ClassVar[str] = (
        "Port {port} on {host} is in use by another program, perhaps another start of this one. "
        "Stop that, or set ARCHIVE_PORT to another port."
    )


class AddressUnusableError(ArchiveError):
    """The address is none of this machine, or not for us to listen on."""

    code: ClassVar[str] = "address_unusable"
    template: ClassVar[str] = (
        "This machine cannot listen on {host}, port {port} ({problem}). "
        "Correct ARCHIVE_HOST or ARCHIVE_PORT."
    )


class ConsoleHasNoPasswordError(ArchiveError):
    """The account of the command line is no account to sign in with."""

    code: ClassVar[str] = "console_has_no_password"
    template: ClassVar[str] = (
        "The account {account} belongs to the command line and has no password. "
        "Add an account of your own with “account add”."
    )


class UnknownSchemaError(ArchiveError):
    """No output has this name."""

    code: ClassVar[str] = "schema_unknown"
    template: ClassVar[str] = (
        "No schema has this name. “skills-archive schema” without a name lists all."
    )


class InternalFaultError(ArchiveError):
    """A fault of the program itself; what it was working on is not told, for it may be private."""

    code: ClassVar[str] = "internal_fault"
    template: ClassVar[str] = (
        "The program itself failed ({kind} at {place}); what was not finished was not saved. "
        "Please report this line to those who look after the archive."
    )


def problem_of(fault: OSError) -> str:
    """Return the operating system's short name of a fault, the same in every language."""
    return errno.errorcode.get(fault.errno or 0, type(fault).__name__)


def status_of(refusal: Refusal) -> Status:
    """Return the exit status of a refusal."""
    return Status.CANNOT_CHECK if isinstance(refusal, CannotCheckError) else Status.REFUSED
