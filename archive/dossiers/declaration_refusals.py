"""Why a self-declared record, or a step of one, is refused."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownDeclarationError(ArchiveError):
    """No declaration has this identifier, or none that the asker may see."""

    code: ClassVar[str] = "declaration_unknown"
    template: ClassVar[str] = (
        "No self-declared record is known here by this identifier. See the list of them."
    )


class DeclarationsTooManyError(ArchiveError):
    """A worker has declared as much as is kept without anyone confirming it."""

    code: ClassVar[str] = "declarations_too_many"
    template: ClassVar[str] = (
        "{most} self-declared records are kept that nobody has confirmed. "
        "Have some confirmed, or withdraw those that are not needed."
    )


class DeclarationActRefusedError(ArchiveError):
    """The declaration stands so that this cannot be done."""

    code: ClassVar[str] = "declaration_act_refused"
    template: ClassVar[str] = (
        "This cannot be done as the self-declared record stands now. Look at it again."
    )


class DeclarationReasonMissingError(ArchiveError):
    """Who declines says why."""

    code: ClassVar[str] = "declaration_reason_missing"
    template: ClassVar[str] = "Say in a few words why it is not confirmed; the worker reads it."
