"""Why a request with xAPI statements is refused as a whole."""

from typing import ClassVar

from archive.errors import ArchiveError


class StatementsRefusedError(ArchiveError):
    """The base: nothing of the request was taken."""


class XapiVersionError(StatementsRefusedError):
    """The header that names the version is missing, or names another."""

    code: ClassVar[str] = "xapi_version"
    template: ClassVar[str] = (
        "The header X-Experience-API-Version must name a version that is spoken here: "
        "1.0.0 to 1.0.3, or 2.0.0."
    )


class XapiTypeError(StatementsRefusedError):
    """The body is no JSON; statements with files are sent as multipart."""

    code: ClassVar[str] = "xapi_type"
    template: ClassVar[str] = (
        "Statements are taken as application/json in UTF-8 and not packed. "
        "Name files by their address (fileUrl) instead of sending them."
    )


class StatementsTooManyError(StatementsRefusedError):
    """More statements than are taken at once."""

    code: ClassVar[str] = "statements_too_many"
    template: ClassVar[str] = (
        "The request holds more than {most} statements. Send them in several requests."
    )


class StatementMalformedError(StatementsRefusedError):
    """A statement is not as the specification has it."""

    code: ClassVar[str] = "statement_malformed"
    template: ClassVar[str] = (
        "Statement {number} is not as the specification of xAPI has it: {fields}. Nothing of the "
        "request was taken. Correct it and send all of them again."
    )


class StatementTwiceError(StatementsRefusedError):
    """Two statements of one request have one identifier."""

    code: ClassVar[str] = "statement_twice"
    template: ClassVar[str] = (
        "Two statements of the request have one identifier. Nothing was taken. Give each its own."
    )


class StatementIdDiffersError(StatementsRefusedError):
    """The address names another identifier than the statement, or none."""

    code: ClassVar[str] = "statement_id_differs"
    template: ClassVar[str] = (
        "A PUT takes one statement, and its address names the identifier: statementId=UUID, the "
        "same as the statement's own if it has one."
    )


class StatementChangedError(StatementsRefusedError):
    """A statement of this identifier is here already, and says something else."""

    code: ClassVar[str] = "statement_changed"
    template: ClassVar[str] = (
        "A statement with the identifier of statement {number} was taken before and says "
        "something else. Nothing of the request was taken. A statement never changes: send a "
        "new one."
    )
