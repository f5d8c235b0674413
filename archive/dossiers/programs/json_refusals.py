"""Why what a program sent as JSON is not read."""

from typing import ClassVar

from archive.errors import ArchiveError


class JsonFaultError(ArchiveError):
    """The base: a text is no JSON that could be kept."""


class JsonBrokenError(JsonFaultError):
    """The text is no JSON."""

    code: ClassVar[str] = "json_broken"
    template: ClassVar[str] = (
        "This is not JSON, from character {character} on. Check quotes, commas and brackets."
    )


class JsonEncodingError(JsonFaultError):
    """The bytes are no UTF-8."""

    code: ClassVar[str] = "json_encoding"
    template: ClassVar[str] = "The text is not written in UTF-8. Send it in UTF-8."


class JsonMemberTwiceError(JsonFaultError):
    """An object has two members of one name, and programs disagree on which of them counts."""

    code: ClassVar[str] = "json_member_twice"
    template: ClassVar[str] = "An object has two members of one name. Keep the right one of them."


class JsonNumberError(JsonFaultError):
    """A number is larger, or longer, than anything that is measured here."""

    code: ClassVar[str] = "json_number_huge"
    template: ClassVar[str] = (
        "A number has more digits than anything that is recorded here, or is no number. "
        "Correct it; identifiers are sent as text."
    )


class JsonDeepError(JsonFaultError):
    """Objects and lists stand too deep within each other."""

    code: ClassVar[str] = "json_too_deep"
    template: ClassVar[str] = (
        "Objects and lists stand more than {deepest} deep within each other. "
        "Send only the members that the description names."
    )


class JsonTextError(JsonFaultError):
    """A text holds a NUL, or half a character, which no database keeps."""

    code: ClassVar[str] = "json_text_unfit"
    template: ClassVar[str] = (
        "A text holds a NUL or half a character. Remove what is not text and send it again."
    )
