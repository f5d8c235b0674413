"""From a refusal to a finding of the report: where it stands, what was written, what to do."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.dossiers.cells.values import half_width, shown
from archive.dossiers.certificate_numbers import (
    contains_identity,
    is_qualification,
    resembles_skill_level,
)
from archive.dossiers.columns import Columns
from archive.dossiers.headers import Field
from archive.dossiers.tables.table import Table, TableRow
from archive.people.names import masked_name
from archive.people.written_numbers import is_rounded, masked, plain
from archive.texts import explained
from schemas.refusals import Refusal
from schemas.reports import Finding
from schemas.vocabulary import Severity

_LONGEST_VALUE = 60
_LONG_NUMBER = re.compile(r"[0-9]{14,}[0-9Xx]?")
_STAND_INS = {
    Field.STARTED_ON: Field.PERIOD,
    Field.COMPLETED_ON: Field.PERIOD,
    Field.AWARD: Field.PLACEMENT,
}
"""The column that tells a field when it has none of its own."""
_NAMES = frozenset({Field.NAME, Field.MASTER_NAME})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a row, or worth a look; ``field`` None means the whole row."""

    refusal: Refusal
    field: Field | None = None
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Whether the row cannot be written because of it."""
        return self.severity is Severity.ERROR


def findings_of_row(
    faults: Iterable[Fault], row: TableRow, table: Table, columns: Columns
) -> list[Finding]:
    """Return the faults of a row as the report tells them, from left to right."""
    placed = [(place_of(fault.field, columns.places), fault) for fault in faults]
    placed.sort(key=lambda one: len(table.headers) if one[0] is None else one[0])
    return [
        Finding(
            severity=fault.severity,
            code=fault.refusal.code,
            row=row.number,
            column=table.headers[place] if place is not None else None,
            value=_shown(fault.field, shown(row.cells[place])) if place is not None else None,
            message=explained(fault.refusal),
        )
        for place, fault in placed
    ]


def finding_of_file(
    refusal: Refusal, severity: Severity = Severity.ERROR, column: str | None = None
) -> Finding:
    """Return a fault of the file as a whole."""
    return Finding(
        severity=severity,
        code=refusal.code,
        row=None,
        column=column,
        value=None,
        message=explained(refusal),
    )


def place_of(field: Field | None, places: Mapping[Field, int]) -> int | None:
    """Return the column of a field, or of the one that tells it instead."""
    if field is None:
        return None
    if field not in places and field in _STAND_INS:
        field = _STAND_INS[field]
    return places.get(field)


def without_long_numbers(written: str) -> str:
    """Return a text in which what may be an identity number is masked, wherever it stands.

    Numbers slip into wrong columns, and some certificate numbers hold one. Numbers of
    skill-level certificates and qualifications hold none and are left as they are.
    """
    number = plain(written)
    is_harmless = resembles_skill_level(number) or is_qualification(number)
    if is_harmless and not contains_identity(number):
        return written
    return _LONG_NUMBER.sub(lambda found: masked(found[0]), half_width(written))


def _shown(field: Field | None, written: str) -> str:
    if field is Field.DOCUMENT_NUMBER:
        return written if is_rounded(plain(written)) else masked(half_width(written))
    if field in _NAMES:
        return masked_name(written)
    cut = written if len(written) <= _LONGEST_VALUE else written[: _LONGEST_VALUE - 1] + "…"
    return without_long_numbers(cut)
