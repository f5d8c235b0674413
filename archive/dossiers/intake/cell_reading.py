"""What different cells of a column say, and different combinations of cells that rows share.

Each is read once, by the readers that read a single row; see ``row_reading``. Pure.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from archive.dossiers.cells import people
from archive.dossiers.certificate_numbers import contains_identity, is_skill_level
from archive.dossiers.columns import Columns
from archive.dossiers.headers import Field
from archive.dossiers.intake.candidates import Own, OwnNumber
from archive.dossiers.intake.findings import Fault
from archive.dossiers.intake.kinds import SHARED, record_of
from archive.dossiers.intake.own_parts import Part
from archive.dossiers.intake.reading import RowReading, read_person
from archive.dossiers.intake.refusals import ValueNotAcceptedError
from archive.dossiers.sealing import Apart, told_apart_by
from archive.dossiers.tables.table import CellValue, Column, TableRow
from archive.people.identity import IdentityDocument, NumberReader, birth_date
from schemas.records import CLASS_OF
from schemas.records import Record as AnyRecord
from schemas.vocabulary import RecordKind

_HAN_NAME = re.compile("[一-鿿]{2,20}")
_BLANK_NAME = "暂无"
_PLAIN_NUMBER = re.compile("[A-Za-z0-9/-]{8,17}")
"""Too short to hold an identity number, too long to be a sign for an empty cell."""
_YEAR_AND_LEVEL = slice(13, 16)
_SOMEBODY = "某某"
_Key = TypeVar("_Key")
_Said = TypeVar("_Said")


class Known(dict[_Key, _Said], Generic[_Key, _Said]):
    """What was read, by what it was read from; what is missing is read when it is asked for."""

    def __init__(self, read: Callable[[_Key], _Said]) -> None:
        """Take what reads."""
        super().__init__()
        self._read = read

    def __missing__(self, key: _Key) -> _Said:
        """Read it."""
        found = self[key] = self._read(key)
        return found


class Cells(dict[int, _Said], Generic[_Said]):
    """What the different cells of one column say."""

    def __init__(self, read: Callable[[CellValue], _Said]) -> None:
        """Take what reads a cell."""
        super().__init__()
        self._read = read
        self._values: Sequence[CellValue] = ()

    def of(self, column: Column) -> Iterable[_Said]:
        """Return what the cells of some rows say; where each differs nothing is remembered."""
        values, codes = column
        if isinstance(codes, range):
            return map(self._read, values[codes.start : codes.stop])
        self._values = values
        return map(self.__getitem__, codes)

    def __missing__(self, code: int) -> _Said:
        """Read a cell for the first time."""
        found = self[code] = self._read(self._values[code])
        return found


class Name(NamedTuple):
    """A name, or why there is none."""

    name: str | None
    faults: tuple[Fault, ...] = ()


class Paper(NamedTuple):
    """An identity document, or why there is none."""

    document: IdentityDocument | None
    born: date | None = None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    """Told only of a person whose name could be read, too."""


class Shared(NamedTuple):
    """What the cells say that rows share."""

    record: AnyRecord | None
    """None when anything is wrong with them."""
    apart: Apart | None
    """By what the record is told from others of the person, as far as these cells say."""
    earliest: date | None
    faults: tuple[Fault, ...]
    is_odd: bool
    """Whether rows with these cells have to be read one by one."""


class PersonReader:
    """Reads names and documents of a list, each once."""

    def __init__(self, today: date) -> None:
        """Take the local day."""
        self._today = today
        self._numbers = NumberReader(today)

    def name(self, value: CellValue) -> Name:
        """Return the name that a cell tells; most are two or three Chinese characters."""
        if isinstance(value, str) and _HAN_NAME.fullmatch(value) and value != _BLANK_NAME:
            return Name(value)
        reading = self._reading({Field.NAME: value})
        name = reading.required(Field.NAME, people.person_name)
        return Name(name, tuple(reading.faults))

    def paper(self, value: CellValue) -> Paper:
        """Return the document that a cell tells where no column tells its kind."""
        found = self._numbers.read(value) if isinstance(value, str) else None
        if found is not None and found[2]:
            return tuple.__new__(Paper, (found[0], found[1], (), ()))  # In a third of the time.
        return self.paper_of_kind(value, "")

    def paper_of_kind(self, value: CellValue, kind: CellValue) -> Paper:
        """Return the document that a cell tells, and another its kind."""
        told = {
            Field.NAME: _SOMEBODY,
            Field.DOCUMENT_NUMBER: value,
            Field.DOCUMENT_TYPE: kind,
        }
        reading = self._reading(told)
        person = read_person(reading)
        if person is None:
            return Paper(None, None, tuple(reading.faults))
        document = person.document
        return Paper(document, birth_date(document), (), tuple(reading.faults))

    def _reading(self, told: Mapping[Field, CellValue]) -> RowReading:
        places = {field: at for at, field in enumerate(told)}
        columns = Columns(RecordKind.TRAINING, places, ())
        return RowReading(TableRow(0, tuple(told.values())), columns, self._today)


class SharedReader:
    """Reads combinations of the cells that rows share."""

    def __init__(self, columns: Columns, width: int, today: date, *, date_1904: bool) -> None:
        """Take what the columns tell that are shared, and how many the table has."""
        self._columns, self._width = columns, width
        self._today, self._date_1904 = today, date_1904

    def read(self, cells: Mapping[int, CellValue]) -> Shared:
        """Return what some cells say, told by their columns."""
        row = TableRow(0, tuple(cells.get(at, "") for at in range(self._width)))
        reading = RowReading(row, self._columns, self._today, date_1904=self._date_1904)
        facts = SHARED[self._columns.kind](reading)
        record = record_of(reading, facts, None)
        number = facts.get("certificate_number")
        return Shared(
            record,
            told_apart_by(record) if record else None,
            min((day for day in facts.values() if isinstance(day, date)), default=None),
            tuple(reading.faults),
            any(isinstance(fault.refusal, ValueNotAcceptedError) for fault in reading.faults)
            or (isinstance(number, str) and contains_identity(number)),
        )


class OwnReader:
    """Reads cells of one column that each person has alone."""

    def __init__(self, kind: RecordKind, field: Field, part: Part, today: date) -> None:
        """Take what the column tells, and what reads it."""
        self._kind, self._part, self._today = kind, part, today
        self._columns = Columns(kind, {field: 0}, ())
        self._is_number = field in {Field.CERTIFICATE_NUMBER, Field.OUTER_ID}
        self._is_plain = field is Field.OUTER_ID
        self._name = field.value

    def read(self, value: CellValue) -> Own | OwnNumber | None:
        """Return what a cell says; None when it says nothing."""
        if self._is_number and value.__class__ is str and _PLAIN_NUMBER.fullmatch(value):
            number = value if self._is_plain or value.isupper() else value.upper()
            return OwnNumber(self._name, number)
        reading = RowReading(TableRow(0, (value,)), self._columns, self._today)
        told = self._part(reading)
        found = tuple((name, fact) for name, fact in told.items() if fact is not None)
        if reading.is_faulty:
            return Own(None, tuple(reading.faults))
        if not found and not reading.faults:
            return None
        return Own(found, tuple(reading.faults), not all(map(self._fits, found)))

    def _fits(self, fact: tuple[str, object]) -> bool:
        """Whether a record takes a fact as it is, and it holds no identity number."""
        name, value = fact
        if isinstance(value, str) and name == "certificate_number" and contains_identity(value):
            return False
        try:
            return bool(_adapter(self._kind, name).validate_python(value) == value)
        except ValidationError:
            return False


@cache
def _adapter(kind: RecordKind, name: str) -> TypeAdapter[Any]:
    """Return what checks one field of a record alone."""
    field = CLASS_OF[kind].model_fields[name]
    told: Any = field.annotation
    return TypeAdapter(Annotated[told, *field.metadata] if field.metadata else told)


def own_number(value: CellValue) -> Own | None:
    """Return the number of a certificate whose ``shape`` told the rest."""
    is_shaped = isinstance(value, str) and is_skill_level(value)
    return Own((("certificate_number", value),)) if is_shaped else None


def shape(value: CellValue) -> CellValue:
    """Return what a certificate's number says beside which one it is.

    Numbers of skill levels tell assessor, year and level, and nothing else that a row is read
    by; of others each is a thing of its own.
    """
    if isinstance(value, str) and is_skill_level(value):
        return value[0] + value[_YEAR_AND_LEVEL]
    return value
