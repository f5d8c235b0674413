"""What is refused because nobody could tell later that it happened."""

from typing import ClassVar

from archive.errors import ArchiveError


class AuditUnavailableError(ArchiveError):
    """The access log cannot be written, so nothing may be shown."""

    code: ClassVar[str] = "audit_unavailable"
    template: ClassVar[str] = (
        "The access log cannot be written right now, so nothing is shown and nothing was saved. "
        "Try again in a minute; if it lasts, the operator looks after the access log's database."
    )
