"""From an item of a list to a candidate, judged as a row of a file is. Pure.

What the archive says of it (is it new, who else has the number) tells ``intake.matching``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel, ValidationError

from archive.dossiers import certificate_numbers
from archive.dossiers.cells import people
from archive.dossiers.cells.refusals import ValueMissingError
from archive.dossiers.headers import Field
from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.reading import Person
from archive.dossiers.intake.refusals import (
    AwardMissingError,
    CertificateHolderDiffersError,
    DayBeforeBirthError,
    DaysReversedError,
    IdAreaUnknownError,
    ScoreScaleError,
)
from archive.dossiers.occupation_refusals import OccupationError
from archive.dossiers.programs.batch_splitting import RawItem
from archive.dossiers.records import as_kept, refuse_future
from archive.errors import NotAllowedError
from archive.people import identity
from schemas.batches import PostedItem
from schemas.outputs import FieldFault
from schemas.records import CLASS_OF, Certificate, Competition, Training
from schemas.records import Record as AnyRecord
from schemas.refusals import Refusal
from schemas.vocabulary import Instrument, LearningKind, RecordKind, RowState

Faults = Callable[[ValidationError], tuple[FieldFault, ...]]
"""Says what is wrong with the form of a value: the doors know how."""
_FULL_SCALE = 100
_LAST_DAY = {
    RecordKind.TRAINING: Field.COMPLETED_ON,
    RecordKind.CERTIFICATE: Field.VALID_UNTIL,
    RecordKind.APPRENTICESHIP: Field.COMPLETED_ON,
    RecordKind.EDUCATION: Field.GRADUATED_ON,
    RecordKind.EXPERIENCE: Field.ENDED_ON,
}


@dataclass(frozen=True, slots=True)
class Item:
    """An item on its way: how it came, what it says, and what is wrong with its form."""

    raw: RawItem
    candidate: Candidate
    form: list[FieldFault] = field(default_factory=list)
    """Members that are missing, unknown or of a wrong type; ``field`` is the way to them."""

    @property
    def state(self) -> RowState:
        """What it would do."""
        return RowState.FAULTY if self.form else self.candidate.state


class _Kinded(BaseModel):
    """What must be known of a record before the rest of it can be."""

    kind: LearningKind


class ItemReader:
    """Reads items; knows the day, and whether other banks' credits may be told."""

    def __init__(self, faults: Faults, today: date, *, may_tell_schemes: bool) -> None:
        """Take who words faults of form."""
        self._faults = faults
        self._today = today
        self._may_tell_schemes = may_tell_schemes

    def read(self, raw: RawItem) -> Item:
        """Return an item with all that is wrong with it, as far as the item itself tells."""
        item = Item(raw, Candidate(raw.line or raw.number, None, None))
        if raw.refusal is not None:
            item.candidate.fault(raw.refusal)
            return item
        try:
            told = PostedItem.model_validate(raw.value)
        except ValidationError as invalid:
            item.form.extend(self._faults(invalid))
            return item
        item.candidate.street = told.street
        item.candidate.person = self._person(told, item.candidate)
        item.candidate.record = self._record(told, item)
        if item.candidate.record is not None:
            self._judge(item.candidate, item.candidate.record)
        return item

    def _person(self, told: PostedItem, candidate: Candidate) -> Person | None:
        name = document = None
        try:
            name = people.person_name(told.name)
        except Refusal as refusal:
            candidate.fault(refusal, Field.NAME)
        try:
            document = people.document(
                told.document_number, today=self._today, type_given=told.document_type
            )
        except Refusal as refusal:
            candidate.fault(refusal, Field.DOCUMENT_NUMBER)
        if name is None or document is None:
            return None
        if not identity.area_is_known(document):
            candidate.warn(IdAreaUnknownError(), Field.DOCUMENT_NUMBER)
        return Person(name, document)

    def _record(self, told: PostedItem, item: Item) -> AnyRecord | None:
        try:
            kind = _Kinded.model_validate(told.record).kind
            record = CLASS_OF[kind].model_validate(told.record)
        except ValidationError as invalid:
            if _is_reversed(invalid) and (last := _LAST_DAY.get(told.record["kind"])):
                item.candidate.fault(DaysReversedError(), last)
            else:
                item.form.extend(_within_record(one) for one in self._faults(invalid))
            return None
        return self._kept(record, item.candidate)

    def _kept(self, record: AnyRecord, candidate: Candidate) -> AnyRecord | None:
        """Return the record as it is kept; None when its numbers or words contradict it."""
        try:
            return as_kept(record)
        except OccupationError as refusal:
            candidate.fault(refusal, Field.OCCUPATION)
        except Refusal as refusal:
            candidate.fault(refusal, Field.CERTIFICATE_NUMBER)
        return None

    def _judge(self, candidate: Candidate, record: AnyRecord) -> None:
        """Keep what speaks against a record by itself, and against this person's having it."""
        try:
            refuse_future(record, self._today)
        except Refusal as refusal:
            candidate.fault(refusal, _day_field(record))
        if getattr(record, "scheme", None) is not None and not self._may_tell_schemes:
            candidate.fault(NotAllowedError())
        for lacking in _lacking(record):
            candidate.fault(*lacking)
        _remark(candidate, record)
        if candidate.person is not None:
            _judge_holder(candidate, record, candidate.person)


def _lacking(record: AnyRecord) -> Iterator[tuple[Refusal, Field]]:
    """Yield what a file would have to tell, too, before its row is taken."""
    match record:
        case Competition(prize=None, placement=None):
            yield AwardMissingError(), Field.AWARD
        case Certificate(instrument=Instrument.ONE_PLUS_X, step=None):
            yield ValueMissingError(), Field.RANK
        case Certificate(instrument=Instrument.PROFESSIONAL_TITLE, title_grade=None):
            yield ValueMissingError(), Field.TITLE_GRADE
        case Certificate(instrument=Instrument.QUALIFICATION, rank=None):
            yield ValueMissingError(), Field.RANK
        case _:
            pass


def _remark(candidate: Candidate, record: AnyRecord) -> None:
    """Warn of what may be meant otherwise."""
    if isinstance(record, Training) and record.score is not None and record.score > _FULL_SCALE:
        candidate.warn(ScoreScaleError(), Field.SCORE)
    if isinstance(record, Certificate) and record.instrument is Instrument.SKILL_LEVEL:
        number = certificate_numbers.read_skill_level(record.certificate_number)
        try:
            certificate_numbers.check_year(number, record.issued_on)
        except certificate_numbers.CertificateYearDiffersError as differs:
            candidate.warn(differs, Field.CERTIFICATE_NUMBER)


def _judge_holder(candidate: Candidate, record: AnyRecord, person: Person) -> None:
    """Refuse days before birth; warn of a number that holds another's identity number."""
    document = person.document
    born = identity.birth_date(document)
    for name, day in record:
        if born and isinstance(day, date) and day < born:
            candidate.fault(DayBeforeBirthError(), Field(name))
    number = getattr(record, "certificate_number", None)
    if number is None or not certificate_numbers.contains_identity(number):
        return
    if document.number not in number and document.upgraded().number not in number:
        candidate.warn(CertificateHolderDiffersError(), Field.CERTIFICATE_NUMBER)


def _day_field(record: AnyRecord) -> Field | None:
    """Return the field of a record's own day."""
    return next(
        (Field(name) for name, value in record if value and value == record.effective_on), None
    )


def _is_reversed(invalid: ValidationError) -> bool:
    """Whether nothing is wrong but the order of first and last day."""
    return [(one["type"], one["loc"]) for one in invalid.errors()] == [("value_error", ())]


def _within_record(fault: FieldFault) -> FieldFault:
    return fault.model_copy(update={"field": f"record.{fault.field}".rstrip(".")})
