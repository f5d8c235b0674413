"""Forms as they were typed, held against the contract of what they ask for. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from archive.web.field_faults import faults_in
from schemas.outputs import FieldFault

Asked = TypeVar("Asked", bound=BaseModel)
Faults = tuple[FieldFault, ...]


def filled(written: BaseModel) -> dict[str, str]:
    """Return the fields that were filled in, without the spaces around them."""
    typed = ((name, str(text).strip()) for name, text in written.model_dump().items())
    return {name: text for name, text in typed if text}


def read_as(
    contract: type[Asked], told: Mapping[str, object], *, whole: str
) -> tuple[Asked | None, Faults]:
    """Return what a form asks for, or what is wrong with its fields.

    ``whole`` is the field beside which a fault of several fields together is shown.
    """
    try:
        return contract.model_validate(told), ()
    except ValidationError as invalid:
        return None, tuple(
            one.model_copy(update={"field": one.field.split(".")[0] or whole})
            for one in faults_in(invalid)
        )
