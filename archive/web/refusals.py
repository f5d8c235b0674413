"""Refusals of the web door itself: what was asked for cannot be asked like this."""

from typing import ClassVar

from archive.errors import ArchiveError


class PageUnknownError(ArchiveError):
    """Nothing is found at this address, or nothing that the asker may see."""

    code: ClassVar[str] = "not_found"
    template: ClassVar[str] = (
        "Nothing is found at this address. Check it, or begin again on the first page."
    )


class MethodUnknownError(ArchiveError):
    """The address exists, but not for this method."""

    code: ClassVar[str] = "method_not_allowed"
    template: ClassVar[str] = (
        "This address does not take such a request. Go back and use the buttons of the page."
    )


class RequestInvalidError(ArchiveError):
    """Fields of the request are missing or have a wrong form."""

    code: ClassVar[str] = "request_invalid"
    template: ClassVar[str] = (
        "Some of what was sent is missing or has a wrong form: {fields}. Correct it and send again."
    )


class RequestUnreadableError(ArchiveError):
    """The body of the request cannot be read."""

    code: ClassVar[str] = "request_unreadable"
    template: ClassVar[str] = (
        "What was sent cannot be read. Send the form again, or check the format of the body."
    )


class CrossSiteError(ArchiveError):
    """A form of another site, or one that has gone stale, was sent to us."""

    code: ClassVar[str] = "cross_site"
    template: ClassVar[str] = (
        "This form did not come from our own page, or the page was open too long. "
        "Open the page again and send the form once more."
    )


class PasswordsDifferError(ArchiveError):
    """A new password and its repetition are not the same."""

    code: ClassVar[str] = "passwords_differ"
    template: ClassVar[str] = (
        "The new password was typed differently the second time. Type both again."
    )


class NoFileError(ArchiveError):
    """A form that needs a file came without one."""

    code: ClassVar[str] = "no_file"
    template: ClassVar[str] = "No file was chosen. Choose a file, then send the form again."


class VerificationBusyError(ArchiveError):
    """So many files are being verified that no more may wait."""

    code: ClassVar[str] = "verification_busy"
    template: ClassVar[str] = (
        "Many files are being verified right now. Wait a few seconds, then send the file again."
    )
    seconds = 10
    """After which sending again makes sense."""


class CodeUnreadableError(ArchiveError):
    """What was typed is no verification code."""

    code: ClassVar[str] = "code_unreadable"
    template: ClassVar[str] = (
        "This is not a verification code: a code has 16 letters and digits, in groups of four. "
        "Compare it with the document; I, L and O do not occur in it."
    )


class DatabaseUnavailableError(ArchiveError):
    """The database does not answer, or was never set up."""

    code: ClassVar[str] = "database_unavailable"
    template: ClassVar[str] = (
        "The archive cannot reach its data right now; nothing was saved. "
        "Try again in a minute; if it lasts, the operator runs “skills-archive db check”."
    )


class UnexpectedError(ArchiveError):
    """Something went wrong that nobody foresaw."""

    code: ClassVar[str] = "unexpected"
    template: ClassVar[str] = (
        "Something went wrong on our side; nothing was saved. "
        "Try again in a few minutes; if it happens again, give the bureau the number {request}."
    )
