"""Refusals of the demo room."""

from typing import ClassVar

from archive.errors import ArchiveError


class DemoNotEmptyError(ArchiveError):
    """The archive has workers already; a demo district is never mixed with them."""

    code: ClassVar[str] = "demo_not_empty"
    template: ClassVar[str] = (
        "This archive has workers already, so no demo district is added. "
        "Purge the demo data first, or set ARCHIVE_HOME to another folder."
    )


class DemoKeptError(ArchiveError):
    """A purge kept what dossiers of real workers, or decisions, rest on; told, not raised."""

    code: ClassVar[str] = "demo_kept"
    template: ClassVar[str] = (
        "Real dossiers or decisions rest on some of the demo, so it was kept: "
        "organisations {organisations}; accounts {accounts}, now closed. "
        "Do not post for these organisations any more."
    )


class DemoCodeMissingError(ArchiveError):
    """The account is none of the demo's, or it signs in without a code of an app."""

    code: ClassVar[str] = "demo_code_missing"
    template: ClassVar[str] = (
        "The account {account} has no code that could be printed here. "
        "“skills-archive demo accounts” tells which demo accounts need one."
    )
