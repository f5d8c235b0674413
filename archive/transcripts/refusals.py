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
