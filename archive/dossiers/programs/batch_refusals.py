"""Why a list of items, or one of its items, is not taken."""

from typing import ClassVar

from archive.errors import ArchiveError


class BatchRefusedError(ArchiveError):
    """The base: the list as a whole is refused, and nothing of it was written."""


class BatchTypeUnknownError(BatchRefusedError):
    """The body says that it is something else than JSON or lines of JSON."""

    code: ClassVar[str] = "batch_type_unknown"
    template: ClassVar[str] = (
        "Only application/json and application/x-ndjson are read here, in UTF-8. "
        "Name one of them as Content-Type."
    )


class BatchPackedError(BatchRefusedError):
    """The body is packed."""

    code: ClassVar[str] = "batch_packed"
    template: ClassVar[str] = "A packed body is not read here. Send it without Content-Encoding."


class BatchBrokenError(BatchRefusedError):
    """A list that breaks off, or goes wrong, somewhere."""

    code: ClassVar[str] = "batch_broken"
    template: ClassVar[str] = (
        "The list cannot be read from item {item} on: it is not JSON there. Nothing was written. "
        "Check quotes, commas and brackets, or send lines of JSON: then only that line is refused."
    )


class BatchNoListError(BatchRefusedError):
    """The body is JSON, but no list."""

    code: ClassVar[str] = "batch_no_list"
    template: ClassVar[str] = (
        "The body is no list. Send the items between [ and ], or one item a line as "
        "application/x-ndjson."
    )


class BatchEmptyError(BatchRefusedError):
    """There is no item."""

    code: ClassVar[str] = "batch_empty"
    template: ClassVar[str] = "The list holds no item. Send at least one."


class BatchTooLongError(BatchRefusedError):
    """There are more items than are taken at once."""

    code: ClassVar[str] = "batch_too_long"
    template: ClassVar[str] = (
        "The list holds more than {most} items. Nothing was written. Send it in several requests, "
        "each with an Idempotency-Key of its own."
    )


class BatchTooLargeError(BatchRefusedError):
    """The body is larger than what is taken at once."""

    code: ClassVar[str] = "batch_too_large"
    template: ClassVar[str] = (
        "The body is larger than {megabytes} MB. Nothing was written. Send the list in several "
        "requests, each with an Idempotency-Key of its own."
    )


class IdempotencyKeyUnfitError(BatchRefusedError):
    """The key is empty, too long, or holds what no header should."""

    code: ClassVar[str] = "idempotency_key_unfit"
    template: ClassVar[str] = (
        "An Idempotency-Key has 1 to {longest} visible Latin characters, such as a UUID. "
        "Choose another, or leave it out."
    )


class IdempotencyKeyUsedError(BatchRefusedError):
    """The key came before with another list."""

    code: ClassVar[str] = "idempotency_key_used"
    template: ClassVar[str] = (
        "This Idempotency-Key came before, with another list or another mode. Nothing was written. "
        "Send what you sent then, or choose a new key."
    )


class ItemFaultError(ArchiveError):
    """The base: one item is refused."""


class ItemNoObjectError(ItemFaultError):
    """An item is no object."""

    code: ClassVar[str] = "item_no_object"
    template: ClassVar[str] = (
        "The item is no object. Send name, document_number and record as members of one object."
    )


class ItemTooLargeError(ItemFaultError):
    """An item is larger than any record."""

    code: ClassVar[str] = "item_too_large"
    template: ClassVar[str] = (
        "Item {item} is larger than {kilobytes} KB. "
        "Send only the members that the description names."
    )
