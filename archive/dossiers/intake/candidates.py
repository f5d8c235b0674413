"""Rows on their way into dossiers, and what the rows of a file said so far. Plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from archive.dossiers.headers import Field
from archive.dossiers.intake.findings import Fault
from archive.dossiers.intake.reading import Person
from archive.dossiers.sealing import Apart
from archive.people.identity import IdentityDocument
from schemas.ids import new_id
from schemas.records import Record as AnyRecord
from schemas.refusals import Refusal
from schemas.vocabulary import DocumentType, RowState, Severity


class NewPerson:
    """Somebody whom a file brings, and no dossier knew when it came."""

    __slots__ = ("_worker_id", "name", "row")

    def __init__(self, row: int, name: str) -> None:
        """Take the first row that tells of the person, and the name in it."""
        self.row = row
        self.name = name
        self._worker_id: UUID | None = None

    @property
    def worker_id(self) -> UUID:
        """The id that their dossier gets; made when somebody asks, for a check needs none."""
        if self._worker_id is None:
            self._worker_id = new_id()
        return self._worker_id


Whose = NewPerson | UUID
"""Whom a row is about: a new person, or the owner of a dossier."""


class Own(NamedTuple):
    """What one cell says that each person has alone."""

    facts: tuple[tuple[str, object], ...] | None
    """Names and values; None when it cannot be read."""
    faults: tuple[Fault, ...] = ()
    is_odd: bool = False
    """Whether rows with this cell have to be read one by one."""


class OwnNumber:
    """What one cell says that is a number and nothing else: kept of each row of a long list."""

    __slots__ = ("_name", "_number")

    faults: tuple[Fault, ...] = ()
    is_odd: bool = False

    def __init__(self, name: str, number: str) -> None:
        """Take the field, and its number."""
        self._name = name
        self._number = number

    @property
    def facts(self) -> tuple[tuple[str, object], ...]:
        """Its name and value."""
        return ((self._name, self._number),)


def whole(shared: AnyRecord | None, own: Iterable[Own | OwnNumber | None]) -> AnyRecord | None:
    """Return the record of what rows share and of what one person has alone."""
    if shared is None:
        return None
    facts: dict[str, object] = {}
    for one in own:
        if one and one.facts:
            facts.update(one.facts)
    return shared.model_copy(update=facts) if facts else shared


_NOWHERE: Mapping[str, int] = MappingProxyType({})


class Candidate:
    """A row on its way: what it says, what is wrong with it, what it would do."""

    __slots__ = (
        "_own",
        "_own_at",
        "_record",
        "apart",
        "faults",
        "person",
        "record_id",
        "row",
        "state",
        "street",
        "street_office_id",
        "whose",
    )

    def __init__(  # What a row says; most of it may be left out.
        self,
        row: int,
        person: Person | None,
        record: AnyRecord | None,
        faults: list[Fault] | None = None,
        street: str | None = None,
        own: Sequence[Own | OwnNumber | None] = (),
        own_at: Mapping[str, int] = _NOWHERE,
        apart: Apart | None = None,
    ) -> None:
        """Take what a row says.

        ``record`` may be what rows share, and ``own`` what this person has alone beside it:
        most rows of a check are never asked for more. ``own_at`` says where in it numbers
        stand, ``apart`` by what the record is told from the person's others, if whoever read
        the row knows it.
        """
        self.row = row
        self.person = person
        self._record = record
        self._own = own
        self._own_at = own_at
        self.faults = [] if faults is None else faults
        self.state = RowState.FAULTY
        self.street = street
        """The street as it is written; None when the row tells none."""
        self.street_office_id: UUID | None = None
        """Its office, when there is one of that name."""
        self.whose: Whose | None = None
        """None until the row was judged, and when it tells no person."""
        self.record_id: UUID | None = None
        """The record that is on file already; None for a new one."""
        self.apart = apart

    @property
    def record(self) -> AnyRecord | None:
        """The record that the row describes; None when anything is wrong with it."""
        if self._own:
            self._record, self._own = whole(self._record, self._own), ()
        return self._record

    @record.setter
    def record(self, record: AnyRecord | None) -> None:
        """Take what whoever looked again says that the row describes."""
        self._record, self._own, self.apart = record, (), None

    @property
    def parts(self) -> tuple[AnyRecord | None, Sequence[Own | OwnNumber | None]]:
        """What rows share of the record, and what this person has alone beside it."""
        return self._record, self._own

    def told(self, name: str) -> object:
        """Return a number of the record: its own identifier, or that of its paper."""
        at = self._own_at.get(name)
        one = self._own[at] if at is not None and self._own else None
        if one is not None and one.facts:
            return one.facts[0][1]  # A number's column tells it alone.
        return getattr(self._record, name, None)

    @property
    def worker_id(self) -> UUID | None:
        """Whose dossier; for a new person the id that their dossier gets."""
        return self.whose.worker_id if isinstance(self.whose, NewPerson) else self.whose

    @property
    def is_new_person(self) -> bool:
        """Whether the person has no dossier yet."""
        return isinstance(self.whose, NewPerson)

    @property
    def is_faulty(self) -> bool:
        """Whether the row cannot be written."""
        return any(fault.is_error for fault in self.faults)

    @property
    def is_warned(self) -> bool:
        """Whether something about the row is worth a look."""
        return any(not fault.is_error for fault in self.faults)

    def fault(self, refusal: Refusal, of: Field | None = None) -> None:
        """Keep an error."""
        self.faults.append(Fault(refusal, of))

    def warn(self, refusal: Refusal, of: Field | None = None) -> None:
        """Keep a warning."""
        self.faults.append(Fault(refusal, of, Severity.WARNING))


Identity = tuple[Whose | None, Apart | str]
"""What makes a record this one within a file: whose, and what; or the outer identifier alone."""


First = tuple[int, Whose, AnyRecord, Sequence[Own | OwnNumber | None]]
"""The first row of a file that describes a record: whose it is, and its ``parts``."""


@dataclass(slots=True)
class Said:
    """What the rows of a file said so far, so that it can be judged some rows at a time.

    Handed from one part of a file to the next, in order, it makes the parts tell what the
    whole would, whether or not the earlier parts were written meanwhile. A row may be
    judged again after an attempt that failed: no row repeats or contradicts itself.
    """

    people: dict[IdentityDocument | str, NewPerson] = field(default_factory=dict)
    """New people, by their document; most by its number alone, for there are many."""
    claimed: dict[tuple[str, str], tuple[int, Whose]] = field(default_factory=dict)
    """Certificate numbers and outer identifiers: whose, and the first row of each."""
    numbers: dict[str, First] = field(default_factory=dict)
    """Numbers of papers that are not kept apart by them, and the first row of each."""
    records: dict[Identity, First] = field(default_factory=dict)
    """Records by their identity, as the first row of each says them."""
    let_go: dict[tuple[str, bytes], UUID] = field(default_factory=dict)
    """What records claimed that rows of the file change: for this file it stays theirs."""


def key_of(person: Person) -> IdentityDocument | str:
    """Return by what a file keeps in mind whom it told of; most numbers are at hand as they are."""
    document = person.document
    if document.type is DocumentType.RESIDENT_ID_15:
        return document.upgraded().number
    return document.number if document.type is DocumentType.RESIDENT_ID else document
