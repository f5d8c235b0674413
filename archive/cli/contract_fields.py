"""From the fields of a file to what a service takes; what is wrong with each is told."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from archive.cli.refusals import FieldsInvalidError
from archive.web.field_faults import faults_of
from schemas.contracts import Contract

Wanted = TypeVar("Wanted", bound=Contract)


def contract_of(kind: type[Wanted], fields: Mapping[str, object]) -> Wanted:
    """Return the contract that fields describe. Raises FieldsInvalidError."""
    try:
        return kind.model_validate(fields, strict=False)
    except ValidationError as invalid:
        errors = faults_of(invalid.errors(include_input=False, include_url=False))
        raise FieldsInvalidError(
            errors=errors, fields=", ".join(one.field for one in errors)
        ) from None
