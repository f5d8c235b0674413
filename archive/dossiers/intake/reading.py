"""From one row of a table to a person and a record. Pure: nothing is looked up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from archive.dossiers.cells import days, people
from archive.dossiers.cells.values import is_blank
from archive.dossiers.columns import Columns
from archive.dossiers.errors import DayInFutureError
from archive.dossiers.headers import Field
from archive.dossiers.intake.findings import Fault
from archive.dossiers.intake.refusals import IdAreaUnknownError
from archive.dossiers.tables.table import CellValue, TableRow
from archive.people import identity
from archive.people.identity import IdentityDocument
from schemas.refusals import Refusal
from schemas.vocabulary import Severity

_Value = TypeVar("_Value")


class Person(NamedTuple):
    """Whom a row is about."""

    name: str
    document: IdentityDocument


@dataclass(slots=True)
class RowReading:
    """Reads the cells of one row and keeps what is wrong with them; all of it, not the first."""

    row: TableRow
    columns: Columns
    today: date
    date_1904: bool = False
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_faulty(self) -> bool:
        """Whether anything is wrong, so that the row cannot be written."""
        return any(fault.is_error for fault in self.faults)

    def value(self, of: Field) -> CellValue:
        """Return the cell of a field; empty when the file has no such column."""
        place = self.columns.places.get(of)
        return self.row.cells[place] if place is not None else ""

    def has(self, of: Field) -> bool:
        """Whether the row tells this field at all."""
        return not is_blank(self.value(of))

    def required(self, of: Field, read: Callable[[CellValue], _Value]) -> _Value | None:
        """Return what a cell tells; None when it could not be read, which is a fault."""
        try:
            return read(self.value(of))
        except Refusal as refusal:
            self.fault(refusal, of)
            return None

    def optional(self, of: Field, read: Callable[[CellValue], _Value]) -> _Value | None:
        """Return what a cell tells; None when it is empty, or when it is at fault."""
        return self.required(of, read) if self.has(of) else None

    def past_day(self, of: Field, *, required: bool = False) -> date | None:
        """Return the day of a cell; one in the future is a fault."""
        if not required and not self.has(of):
            return None
        return self.required(of, self._read_past_day)

    def has_end(self, of: Field) -> bool:
        """Whether the row tells a last day, and not that there is none (``长期``, ``至今``)."""
        return self.has(of) and not days.is_open(self.value(of))

    def day(self, of: Field) -> date | None:
        """Return the day of a cell, which may lie in the future; None when it is empty."""
        return self.optional(of, lambda value: days.day(value, date_1904=self.date_1904))

    def fault(self, refusal: Refusal, of: Field | None = None) -> None:
        """Keep an error."""
        self.faults.append(Fault(refusal, of))

    def warn(self, refusal: Refusal, of: Field | None = None) -> None:
        """Keep a warning."""
        self.faults.append(Fault(refusal, of, Severity.WARNING))

    def refuse_future(self, day: date) -> None:
        """Raise DayInFutureError for a day that has not come yet."""
        if day > self.today:
            raise DayInFutureError(day=day)

    def _read_past_day(self, value: CellValue) -> date:
        found = days.day(value, date_1904=self.date_1904)
        self.refuse_future(found)
        return found


def read_person(reading: RowReading) -> Person | None:
    """Return whom the row is about; None when name or number could not be read."""
    name = reading.required(Field.NAME, people.person_name)
    faults_before = len(reading.faults)
    kind = reading.optional(Field.DOCUMENT_TYPE, people.document_type)
    if len(reading.faults) > faults_before:
        return None

    def read(value: CellValue) -> IdentityDocument:
        return people.document(value, today=reading.today, type_given=kind)

    document = reading.required(Field.DOCUMENT_NUMBER, read)
    if name is None or document is None:
        return None
    if not identity.area_is_known(document):
        reading.warn(IdAreaUnknownError(), Field.DOCUMENT_NUMBER)
    return Person(name, document)
