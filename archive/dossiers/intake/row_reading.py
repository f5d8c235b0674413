"""The rows of a file, read as fast as lists repeat themselves. Pure: nothing is looked up.

What a row says is defined by ``read_row``, cell by cell. ``RowReader`` says the same: each
different cell of a column is read once, and so is each different combination of the cells that
rows share; where a row is out of the ordinary it asks ``read_row``.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import repeat

from archive.dossiers.cells.values import is_blank, shown
from archive.dossiers.columns import Columns
from archive.dossiers.headers import Field
from archive.dossiers.intake.candidates import Candidate, Own, OwnNumber
from archive.dossiers.intake.cell_reading import (
    Cells,
    Known,
    Name,
    OwnReader,
    Paper,
    PersonReader,
    Shared,
    SharedReader,
    own_number,
    shape,
)
from archive.dossiers.intake.kinds import read_record
from archive.dossiers.intake.own_parts import OWN
from archive.dossiers.intake.reading import Person, RowReading, read_person
from archive.dossiers.tables.table import CellValue, Column, Rows, TableRow
from schemas.vocabulary import RecordKind

_OF_PERSON = (Field.NAME, Field.DOCUMENT_NUMBER, Field.DOCUMENT_TYPE, Field.STREET)
_TOLD_BY_NUMBER = frozenset({RecordKind.CERTIFICATE, RecordKind.EDUCATION})
"""Kinds whose records are told apart by a number that each person has alone."""
_NUMBERS = {"outer_id": Field.OUTER_ID, "certificate_number": Field.CERTIFICATE_NUMBER}
_PAPER = (Field.DOCUMENT_NUMBER, Field.DOCUMENT_TYPE)


def read_row(row: TableRow, columns: Columns, today: date, *, date_1904: bool) -> Candidate:
    """Return what one row says, and all that is wrong with it."""
    reading = RowReading(row, columns, today, date_1904=date_1904)
    person = read_person(reading)
    record = read_record(reading, person)
    street = street_of(reading.value(Field.STREET))
    return Candidate(row.number, person, record, reading.faults, street=street)


class RowReader:
    """Reads the rows of one table; what it has read once it knows for the next rows."""

    def __init__(self, rows: Rows, columns: Columns, today: date, *, date_1904: bool) -> None:
        """Take the table, what its columns tell, and the local day."""
        self._columns, self._today, self._date_1904 = columns, today, date_1904
        self._values = [column.values for column in rows.columns]
        self._person = PersonReader(today)
        at = columns.places
        self._name_at, self._street_at = at[Field.NAME], at.get(Field.STREET)
        self._papers_at = [at[one] for one in _PAPER if one in at]
        self._names = Cells(self._person.name)
        self._papers = Cells(self._person.paper)
        self._papers_of_kind = Known(self._paper_of_kind)
        self._streets = Cells(street_of)
        self._own = [
            (at[field], Cells(OwnReader(columns.kind, field, part, today).read))
            for field, part in OWN[columns.kind].items()
            if field in at
        ]
        shared = {
            field: place
            for field, place in at.items()
            if field not in _OF_PERSON and field not in OWN[columns.kind]
        }
        self._shared_at = tuple(dict.fromkeys(shared.values()))
        told = Columns(columns.kind, shared, ())
        self._combined = SharedReader(told, len(self._values), today, date_1904=date_1904)
        self._shared = Known(self._combination)
        self._numbered_at: int | None = None
        if columns.kind is RecordKind.CERTIFICATE:
            self._numbered_at = at[Field.CERTIFICATE_NUMBER]
            self._own.append((self._numbered_at, Cells(own_number)))
        self._own_at = {
            name: place
            for place, (at_column, _) in enumerate(self._own)
            for name, field in _NUMBERS.items()
            if at.get(field) == at_column
        }
        self._shapes: dict[CellValue, int] = {}
        self._shaped = Known(self._first_of_shape)

    def read(self, rows: Rows) -> Iterator[Candidate]:
        """Yield what some rows of the table say."""
        is_apart, own_at = self._columns.kind not in _TOLD_BY_NUMBER, self._own_at
        for at, (number, name, paper, shared, own, street) in enumerate(self._told(rows)):
            record, apart, earliest, faults, is_odd = shared
            if is_odd or (earliest and paper.born and earliest < paper.born):
                yield self._alone(rows[at])
                continue
            found = [*name.faults, *paper.faults, *faults]
            for one in own:
                if one is None:
                    continue
                if one.is_odd:
                    is_odd = True
                if one.faults:
                    found += one.faults
                if one.facts is None:
                    record = None
            if is_odd:
                yield self._alone(rows[at])
                continue
            person = None
            if name.name is None or paper.document is None:
                record = None
            else:
                person = Person(name.name, paper.document)
                found += paper.warnings
            alone = own if record else ()
            apart = apart if is_apart else None
            yield Candidate(number, person, record, found, street, alone, own_at, apart)

    def _alone(self, row: TableRow) -> Candidate:
        return read_row(row, self._columns, self._today, date_1904=self._date_1904)

    def _told(
        self, rows: Rows
    ) -> Iterable[tuple[int, Name, Paper, Shared, Sequence[Own | OwnNumber | None], str | None]]:
        """Return, row by row, what its cells say each by itself."""
        columns = rows.columns
        shared = [
            map(self._shaped.__getitem__, columns[at].codes)
            if at == self._numbered_at
            else columns[at].codes
            for at in self._shared_at
        ]
        own = [known.of(columns[at]) for at, known in self._own]
        street = self._street_at
        return zip(
            rows.numbers,
            self._names.of(columns[self._name_at]),
            self._papers_of(columns),
            map(self._shared.__getitem__, zip(*shared, strict=True)),
            zip(*own, strict=True) if own else repeat(()),
            repeat(None) if street is None else self._streets.of(columns[street]),
            strict=False,  # What is the same for all rows has no end.
        )

    def _papers_of(self, columns: Sequence[Column]) -> Iterable[Paper]:
        if len(self._papers_at) == 1:
            return self._papers.of(columns[self._papers_at[0]])
        codes = (columns[at].codes for at in self._papers_at)
        return map(self._papers_of_kind.__getitem__, zip(*codes, strict=True))

    def _paper_of_kind(self, codes: tuple[int, ...]) -> Paper:
        number, kind = (
            self._values[at][code] for at, code in zip(self._papers_at, codes, strict=True)
        )
        return self._person.paper_of_kind(number, kind)

    def _combination(self, codes: tuple[int, ...]) -> Shared:
        pairs = zip(self._shared_at, codes, strict=True)
        return self._combined.read({at: self._values[at][code] for at, code in pairs})

    def _first_of_shape(self, code: int) -> int:
        """Return the first certificate's number that says the same but for which one it is."""
        return self._shapes.setdefault(shape(self._values[self._numbered_at or 0][code]), code)


def street_of(value: CellValue) -> str | None:
    """Return the street that a cell tells, as it is written."""
    return None if is_blank(value) else shown(value)
