"""A record on file as it would be typed into the form, and the form as a correction of it.

What a form cannot tell (a 工种 besides the occupation, what another credit bank credited) is
kept as it is: only what differs from the form that was shown counts as changed.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import personal, records
from archive.dossiers.cells import words
from archive.dossiers.headers import Field
from archive.dossiers.intake.findings import Fault
from archive.dossiers.intake.kinds import read_record
from archive.dossiers.intake.list_templates import Column
from archive.dossiers.intake.reading import Person
from archive.dossiers.intake.single import Judged, Typed, form_of, reading_of
from archive.dossiers.occupations import name_of
from archive.dossiers.sealing import source_of
from archive.people.actors import Actor
from archive.people.identity import IdentityDocument
from archive.texts import term
from schemas.contracts import plain_decimal
from schemas.records import CLASS_OF, Certificate, Competition, Training
from schemas.records import Record as AnyRecord
from schemas.refusals import Refusal
from schemas.vocabulary import Grade, Language, Way

_UNTOLD = frozenset({"trade", "scheme", "scheme_credits"})
_READERS: dict[Field, Callable[[str], object]] = {
    Field.RANK: words.rank,
    Field.MODE: words.mode,
    Field.INSTRUMENT: words.instrument,
    Field.TITLE_GRADE: words.title_grade,
    Field.TIER: words.tier,
    Field.GROUP: words.contest_group,
    Field.TEAM: words.team,
    Field.IS_SELECTION_TRIAL: words.yes,
    Field.IS_REGISTERED: words.yes,
    Field.DEGREE: words.degree,
    Field.CLASS_KIND: words.class_kind,
}
_OF_PERSON = frozenset({Field.NAME, Field.DOCUMENT_NUMBER, Field.DOCUMENT_TYPE, Field.STREET})


def correct(  # Whose, which, as typed, why, who, when.
    session: Session,
    worker_id: UUID,
    record_id: UUID,
    typed: Typed,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    today: date,
) -> Judged:
    """Supersede a record by what is typed, or tell everything that is wrong with it.

    Raises UnknownRecordError, ErasedError.
    """
    newest = records.newest_version(session, worker_id, record_id)
    known = records.content_of(session, newest)
    person = _person(session, worker_id)
    corrected, faults = _read(known, typed, person, today)
    if corrected is None:
        return Judged(faults)
    told = {str(field): text for field, text in typed.items() if text.strip()}
    source = source_of(Way.FORM, {"kind": known.kind, "fields": told, "reason": reason})
    try:
        with session.begin_nested():
            added = records.correct(
                session,
                worker_id,
                record_id,
                _merged(known, corrected, person, today),
                reason=reason,
                by=by,
                now=now,
                today=today,
                source=source,
            )
    except Refusal as refusal:
        return Judged((*faults, Fault(refusal)))
    return Judged(faults, added.state, added.record_id, worker_id)


def typed_of(record: AnyRecord) -> dict[Field, str]:
    """Return what would be typed for a record that is on file."""
    typed = {one.field: _typed(record, one) for one in fields_of_content(record)}
    if isinstance(record, Training | Certificate) and not typed.get(Field.SCORE):
        grade = getattr(record, "grade", None)
        is_told = grade and grade is not Grade.OTHER  # Another scale's word was not kept.
        typed[Field.SCORE] = term(f"grade.{grade}", Language.CHINESE) if is_told else ""
    if isinstance(record, Competition):
        typed[Field.AWARD] = term(f"prize.{record.prize}", Language.CHINESE) if record.prize else ""
        if record.contest_class:
            typed[Field.TIER] += "一二"[record.contest_class - 1] + "类"
    if isinstance(record, Certificate) and record.step:
        typed[Field.RANK] = term(f"step.{record.step}", Language.CHINESE)
    return typed


def fields_of_content(record: AnyRecord) -> list[Column]:
    """Return the fields of the form that tell what the record says, not whose it is."""
    return [one for one in form_of(record.kind) if one.field not in _OF_PERSON]


def _typed(record: AnyRecord, column: Column) -> str:
    value = getattr(record, column.field.value, None)
    if value is None:
        return ""
    if column.field is Field.OCCUPATION:
        return f"{value} {name_of(str(value)) or ''}".strip()
    if column.field in _READERS:
        return _chosen(column, value)
    if isinstance(value, Decimal):
        return plain_decimal(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _chosen(column: Column, value: object) -> str:
    """Return the first word of a drop-down that is read as a value."""
    for word in column.choices:
        try:
            if _READERS[column.field](word) == value:
                return word
        except Refusal:
            continue
    return ""


def _read(
    known: AnyRecord, typed: Typed, person: Person, today: date
) -> tuple[AnyRecord | None, tuple[Fault, ...]]:
    reading = reading_of(known.kind, typed, today)
    return read_record(reading, person), tuple(reading.faults)


def _merged(known: AnyRecord, corrected: AnyRecord, person: Person, today: date) -> AnyRecord:
    """Return the record on file with what differs from the form that was shown."""
    shown, _ = _read(known, typed_of(known), person, today)
    after, kept = corrected.model_dump(), known.model_dump()
    if shown:
        before = shown.model_dump()
        told = kept | {name: value for name, value in after.items() if before.get(name) != value}
    else:  # What is on file can't be typed as it stands, such as a course without hours.
        told = after | {name: kept[name] for name in _UNTOLD & kept.keys() if not after.get(name)}
    return CLASS_OF[known.kind].model_validate(told)


def _person(session: Session, worker_id: UUID) -> Person:
    """Return whose record it is, whom a certificate's number and the days are compared with."""
    known = personal.own_document(session, worker_id)
    return Person(known.name, IdentityDocument(known.document_type, known.document_number))
