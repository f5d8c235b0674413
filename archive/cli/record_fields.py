"""From the fields of a JSON object to a record; what is wrong with each is told."""

from collections.abc import Mapping

from pydantic import ValidationError

from archive.cli.refusals import RecordInvalidError
from archive.dossiers.errors import RecordKindChangedError
from archive.web.field_faults import faults_of
from schemas.outputs import FieldFault
from schemas.records import RECORD, Record


def record_of(fields: Mapping[str, object]) -> Record:
    """Return the record that fields describe. Raises RecordInvalidError."""
    try:
        return RECORD.validate_python(fields, strict=False)
    except ValidationError as invalid:
        found = faults_of(invalid.errors(include_input=False, include_url=False))
        errors = tuple(
            FieldFault(field=_name(one.field), code=one.code, messages=one.messages)
            for one in found
        )
        names = ", ".join(dict.fromkeys(one.field for one in errors))
        raise RecordInvalidError(errors=errors, fields=names) from None


def changed(record: Record, changes: Mapping[str, object]) -> Record:
    """Return a record with some fields replaced; null removes a field.

    Raises RecordInvalidError, or RecordKindChangedError for another kind.
    """
    if changes.get("kind", record.kind) != record.kind:
        raise RecordKindChangedError
    fields = {**record.model_dump(mode="json", exclude_none=True), **changes}
    return record_of({name: value for name, value in fields.items() if value is not None})


def _name(location: str) -> str:
    """Return a field's name without the kind of record that stands before it."""
    return location.partition(".")[2] or location or "kind"
