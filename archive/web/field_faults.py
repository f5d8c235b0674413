"""What is wrong with single fields of a request; the values themselves are never repeated."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from archive.texts import both
from schemas.outputs import FieldFault

_HARMLESS = re.compile(  # A key that a program invented could be a name.
    r"[a-z_]{1,40}|[a-z]{2,14}(Page|Type|Types|Info|Pattern|Activities|Agents|Groups|Url)"
)
WRONG_FORM = "This value has a wrong form. See the API's description of the field."
_SENTENCES = {
    "missing": "This field is missing. Send it.",
    "extra_forbidden": "This field is not known here. Leave it out.",
    "json_invalid": "This is not JSON. Check quotes, commas and brackets.",
    "literal_error": "This is none of the values that are known here: {expected}.",
    "enum": "This is none of the values that are known here: {expected}.",
    "greater_than": "This number is too small. It must be greater than {gt}.",
    "greater_than_equal": "This number is too small. It must be at least {ge}.",
    "less_than_equal": "This number is too large. It must be at most {le}.",
    "string_too_short": "This text is empty or too short. Write at least {min_length} character.",
    "string_too_long": "This text is too long. Write at most {max_length} characters.",
    "date_from_datetime_parsing": "This is not a day. Write it as 2024-03-05.",
    "date_parsing": "This is not a day. Write it as 2024-03-05.",
    "uuid_parsing": "This is not an identifier. Take it from an answer of the API.",
    "decimal_parsing": "This is not a number. Write digits, with a point if need be.",
    "int_parsing": "This is not a whole number. Write digits only.",
    "union_tag_not_found": "The field “kind” is missing. It tells what the rest means.",
    "union_tag_invalid": "This kind is not known here. See the API's description.",
}


def faults_of(errors: Iterable[Any]) -> tuple[FieldFault, ...]:
    """Return the faults that the library found, each field told once."""
    found = {_field(error["loc"]): error for error in reversed(list(errors))}
    return tuple(_fault(field, found[field]) for field in sorted(found))


def faults_in(invalid: ValidationError) -> tuple[FieldFault, ...]:
    """Return the faults of a value that was held against its contract."""
    return faults_of(invalid.errors(include_input=False, include_url=False))


def _fault(field: str, error: Mapping[str, Any]) -> FieldFault:
    template = _SENTENCES.get(error["type"], WRONG_FORM)
    try:
        messages = both(template, error.get("ctx", {}))
    except KeyError:  # The library changed what it tells: the plain sentence still helps.
        messages = both(WRONG_FORM)
    return FieldFault(field=field, code=error["type"], messages=messages)


def _field(location: Sequence[str | int]) -> str:
    parts = [
        part if isinstance(part, int) or _HARMLESS.fullmatch(part) else "?" for part in location
    ]
    return ".".join(str(part) for part in parts)
