"""One record typed into a form: read, judged and written as a row of a list is.

What a form can tell of a number that is on file under another name, only a form without any
other fault can be told, which would have been written had the number been unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.columns import Columns, fields_of
from archive.dossiers.errors import PostingClosedError
from archive.dossiers.headers import Field
from archive.dossiers.intake.enrolling import append, fill_streets, take_turns
from archive.dossiers.intake.findings import Fault
from archive.dossiers.intake.judging import judge
from archive.dossiers.intake.kinds import read_record
from archive.dossiers.intake.list_templates import Column, columns_of_template
from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.reading import Person, RowReading, read_person
from archive.dossiers.intake.refusals import NameDiffersError
from archive.dossiers.sealing import source_of
from archive.dossiers.tables.table import TableRow
from archive.dossiers.writing import Posting
from archive.people.access import refuse_posting
from archive.people.actors import Actor
from archive.people.identity import IdentityDocument
from archive.people.models import Organisation
from archive.people.names import masked_name
from archive.people.on_file import on_file
from schemas.ids import new_id
from schemas.vocabulary import DocumentType, RecordKind, RowState, Way

Typed = Mapping[Field, str]
"""What stands in each field of the form."""
_MORE_CHOICES = {
    (RecordKind.CERTIFICATE, Field.RANK): ("初级", "中级", "高级"),  # Steps of 1+X.
    (RecordKind.COMPETITION, Field.TIER): tuple(
        f"{tier}级{kind}类" for tier in ("国家", "省", "市") for kind in ("一", "二")
    ),
}
"""What a form offers besides, for nobody can type into its drop-downs."""
_ROW = 1
PERSON_OF = RecordKind.TRAINING
"""The kind whose fields of the person stand for those of every kind."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a form."""

    faults: tuple[Fault, ...]
    state: RowState = RowState.FAULTY
    record_id: UUID | None = None
    """The record on file, when it was written or had been before."""
    worker_id: UUID | None = None

    @property
    def is_faulty(self) -> bool:
        """Whether anything speaks against it."""
        return any(fault.is_error for fault in self.faults)


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a look-up tells: faults of what was typed, or whether both are on file together."""

    faults: tuple[Fault, ...] = ()
    name_masked: str | None = None
    """Of a person who is on file under this name and number; None for everything else."""
    worker_id: UUID | None = None


def form_of(kind: RecordKind) -> list[Column]:
    """Return the fields of the form of a kind, as the empty list of it has them.

    Raises KindNotListedError.
    """
    return [
        one._replace(choices=(*one.choices, *_MORE_CHOICES.get((kind, one.field), ())))
        for one in columns_of_template(kind)
    ]


def look_up(session: Session, typed: Typed, *, today: date) -> LookedUp:
    """Tell whether somebody of this name and number is on file; nothing less is told.

    Who may ask is decided by the door's audience.
    """
    reading = reading_of(PERSON_OF, typed, today)
    person = read_person(reading)
    if person is None or reading.is_faulty:
        return LookedUp(tuple(reading.faults))
    found = on_file(session, person.name, person.document)
    name = masked_name(person.name) if found else None
    return LookedUp(tuple(reading.faults), name, found)


def post(  # What was typed, whose it is, who posts it, when.
    session: Session,
    kind: RecordKind,
    typed: Typed,
    organisation: Organisation,
    *,
    replaces: bool = False,
    by: Actor,
    now: datetime,
    today: date,
) -> Judged:
    """Write one record, or tell everything that is wrong with it.

    The same form again changes nothing. A record that is on file with other values is
    superseded only when ``replaces`` says that this is meant. Raises NotAllowedError,
    KindNotListedError.
    """
    refuse_posting(by, organisation.id)
    one = _candidate(kind, typed, today)
    if one.is_faulty or one.record is None:
        return Judged(tuple(one.faults))
    take_turns(session, organisation.id)
    before = tuple(one.faults)
    judge(session, organisation.id, [one], today=today)
    _hide_others(session, organisation.id, one, before, today)
    judged = Judged(tuple(one.faults), one.state)
    waits = one.state is RowState.CHANGED and not replaces
    if judged.is_faulty or waits or one.worker_id is None:
        return judged
    told = {str(field): text for field, text in typed.items() if text.strip()}
    source = source_of(Way.FORM, {"kind": kind, "fields": told})
    posting = Posting(organisation.id, by.id, now)
    begun = append(session, [(one, source)], posting, is_demo=organisation.is_demo)
    fill_streets(session, [one], begun, now)
    return Judged(tuple(one.faults), one.state, one.record_id, one.worker_id)


def _candidate(kind: RecordKind, typed: Typed, today: date) -> Candidate:
    reading = reading_of(kind, typed, today)
    person = read_person(reading)
    record = read_record(reading, person)
    street = typed.get(Field.STREET, "").strip() or None
    return Candidate(_ROW, person, record, reading.faults, street=street)


def reading_of(kind: RecordKind, typed: Typed, today: date) -> RowReading:
    """Return the fields of a form as a row of a list."""
    fields = [one for one in fields_of(kind) if one in typed]
    columns = Columns(kind, {field: at for at, field in enumerate(fields)}, ())
    return RowReading(TableRow(_ROW, tuple(typed[one] for one in fields)), columns, today)


def _hide_others(
    session: Session, organisation_id: UUID, one: Candidate, before: Sequence[Fault], today: date
) -> None:
    """Tell of a number under another name only where an unknown one would have been written.

    Else whoever types a record that cannot be posted would learn whose numbers are on file.
    """
    telling = (NameDiffersError, PostingClosedError)
    if one.person is None or not any(isinstance(fault.refusal, telling) for fault in one.faults):
        return
    nobody = IdentityDocument(DocumentType.PASSPORT, new_id().hex.upper())
    stranger = Candidate(_ROW, Person(one.person.name, nobody), one.record, street=one.street)
    judge(session, organisation_id, [stranger], today=today)
    if stranger.is_faulty:
        one.faults[:] = [*before, *stranger.faults]
