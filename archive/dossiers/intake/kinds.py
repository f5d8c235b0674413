"""How a row becomes a record of each kind. Pure."""

from datetime import date

from pydantic import ValidationError

from archive.dossiers import certificate_numbers
from archive.dossiers.cells import days, figures, values, words
from archive.dossiers.cells.refusals import ValueMissingError
from archive.dossiers.headers import Field
from archive.dossiers.intake.own_parts import OWN, Facts, Part, paper_number
from archive.dossiers.intake.reading import Person, RowReading
from archive.dossiers.intake.refusals import (
    AwardMissingError,
    CertificateHolderDiffersError,
    CertificateKindUnclearError,
    DayBeforeBirthError,
    DaysReversedError,
    ValueNotAcceptedError,
)
from archive.dossiers.occupation_refusals import OccupationUnknownError
from archive.dossiers.occupations import find_occupation
from archive.people.identity import birth_date
from schemas.records import CLASS_OF
from schemas.records import Record as AnyRecord
from schemas.refusals import Refusal
from schemas.vocabulary import LEVEL_GIVING, Instrument, Rank, RecordKind


def read_record(reading: RowReading, person: Person | None) -> AnyRecord | None:
    """Return the record that a row describes; None when anything is wrong with it."""
    kind = reading.columns.kind
    facts = SHARED[kind](reading)
    for part in OWN[kind].values():
        facts |= part(reading)
    return record_of(reading, facts, person)


def record_of(reading: RowReading, facts: Facts, person: Person | None) -> AnyRecord | None:
    """Return the record that some facts make; what they are not is a fault of the row."""
    _check_days(reading, facts, person)
    if person is not None:
        _check_holder(reading, facts, person)
    if reading.is_faulty:
        return None
    try:
        told = {name: fact for name, fact in facts.items() if fact is not None}
        return CLASS_OF[reading.columns.kind].model_validate(told)
    except ValidationError as invalid:
        for error in invalid.errors():
            name = str(error["loc"][0]) if error["loc"] else ""
            told_by = Field(name) if name in set(Field) else None
            reading.fault(ValueNotAcceptedError(), told_by)
        return None


def _training(reading: RowReading) -> Facts:
    return {
        **_occupation(reading),
        **_first_and_last(reading),
        "course_name": reading.required(Field.COURSE_NAME, values.text),
        "course_code": reading.optional(Field.COURSE_CODE, values.text),
        "rank": reading.optional(Field.RANK, words.rank),
        "hours": reading.required(Field.HOURS, figures.hours),
        "mode": reading.optional(Field.MODE, words.mode),
    }


def _certificate(reading: RowReading) -> Facts:
    number = reading.required(Field.CERTIFICATE_NUMBER, paper_number)
    issued_on = reading.past_day(Field.ISSUED_ON, required=True)
    instrument = _instrument(reading, number)
    score = reading.optional(Field.SCORE, figures.score)
    facts: Facts = {
        **_occupation(reading),
        "certificate_number": number,
        "instrument": instrument,
        "title": reading.optional(Field.TITLE, values.text),
        "score": score.points if score else None,
        "issued_on": issued_on,
        "valid_until": reading.day(Field.VALID_UNTIL)
        if reading.has_end(Field.VALID_UNTIL)
        else None,
        "prepared_by": reading.optional(Field.PREPARED_BY, values.text),
    }
    if instrument is Instrument.ONE_PLUS_X:
        facts["step"] = reading.required(Field.RANK, words.step)
    if instrument is Instrument.PROFESSIONAL_TITLE:
        column = Field.TITLE_GRADE if reading.has(Field.TITLE_GRADE) else Field.RANK
        facts["title_grade"] = reading.required(column, words.title_grade)
    if instrument in LEVEL_GIVING:
        facts["rank"] = reading.optional(Field.RANK, words.rank)
    if instrument is Instrument.SKILL_LEVEL and number:
        _check_skill_level(reading, facts, number, issued_on)
    elif instrument is Instrument.QUALIFICATION and not reading.has(Field.RANK):
        reading.fault(ValueMissingError(), Field.RANK)
    return facts


def _check_skill_level(
    reading: RowReading, facts: Facts, number: str, issued_on: date | None
) -> None:
    """Compare what the number tells with the row; a row without a level has the number's."""
    given = facts["rank"]
    try:
        rank = certificate_numbers.rank_told(number, given if isinstance(given, Rank) else None)
    except Refusal as refusal:
        reading.fault(refusal, Field.CERTIFICATE_NUMBER)
        return
    if not reading.has(Field.RANK):
        facts["rank"] = rank
    if issued_on is None:
        return
    try:
        certificate_numbers.check_year(certificate_numbers.read_skill_level(number), issued_on)
    except certificate_numbers.CertificateYearDiffersError as differs:
        reading.warn(differs, Field.CERTIFICATE_NUMBER)


def _instrument(reading: RowReading, number: str | None) -> Instrument | None:
    """Return the kind of a certificate: named, or told by its title or the form of its number."""
    if reading.has(Field.INSTRUMENT):
        return reading.required(Field.INSTRUMENT, words.instrument)
    if reading.has(Field.TITLE):
        try:
            return words.instrument(reading.value(Field.TITLE))
        except Refusal:
            pass  # A title of its own; the number may tell.
    for told_by, instrument in _FORMS:
        if number and told_by(number):
            return instrument
    if number:
        reading.fault(CertificateKindUnclearError(), Field.CERTIFICATE_NUMBER)
    return None


_FORMS = (
    (certificate_numbers.is_special_operation, Instrument.SPECIAL_OPERATION),
    (certificate_numbers.is_qualification, Instrument.QUALIFICATION),
    (certificate_numbers.resembles_skill_level, Instrument.SKILL_LEVEL),
)


def _competition(reading: RowReading) -> Facts:
    award = reading.optional(Field.AWARD, words.award)
    place = reading.optional(Field.PLACEMENT, figures.placement)
    if not reading.has(Field.AWARD) and not reading.has(Field.PLACEMENT):
        reading.fault(AwardMissingError(), Field.AWARD)
    return {
        **_occupation(reading),
        "event_name": reading.required(Field.EVENT_NAME, values.text),
        "item": reading.optional(Field.ITEM, values.text),
        "tier": reading.required(Field.TIER, words.tier),
        "contest_class": reading.optional(Field.TIER, words.contest_class),
        "prize": award.prize if award else None,
        "placement": place or (award.placement if award else None),
        "group": reading.optional(Field.GROUP, words.contest_group),
        "is_selection_trial": reading.optional(Field.IS_SELECTION_TRIAL, words.yes),
        "team": reading.optional(Field.TEAM, words.team),
        "awarded_on": reading.past_day(Field.AWARDED_ON, required=True),
    }


def _apprenticeship(reading: RowReading) -> Facts:
    return {
        **_occupation(reading),
        "employer_name": reading.required(Field.EMPLOYER_NAME, values.text),
        "master_name": reading.optional(Field.MASTER_NAME, values.text),
        "rank": reading.optional(Field.RANK, words.rank),
        "hours": reading.optional(Field.HOURS, figures.hours),
        "class_number": reading.optional(Field.CLASS_NUMBER, values.text),
        "is_registered": reading.optional(Field.IS_REGISTERED, words.yes),
        "started_on": reading.past_day(Field.STARTED_ON, required=True),
        "completed_on": reading.past_day(Field.COMPLETED_ON, required=True),
    }


def _honour(reading: RowReading) -> Facts:
    return {
        "title": reading.required(Field.TITLE, values.text),
        "awarding_body": reading.optional(Field.AWARDING_BODY, values.text),
        "tier": reading.optional(Field.TIER, words.tier),
        "awarded_on": reading.past_day(Field.AWARDED_ON, required=True),
    }


def _education(reading: RowReading) -> Facts:
    goes_on = reading.has(Field.EXPECTED_ON) and not reading.has(Field.GRADUATED_ON)
    occupation = _occupation(reading)
    return {
        "occupation": occupation.get("occupation"),
        "school_name": reading.required(Field.SCHOOL_NAME, values.text),
        "major": reading.optional(Field.MAJOR, values.text),
        "degree": reading.required(Field.DEGREE, words.degree),
        "class_kind": reading.optional(Field.CLASS_KIND, words.class_kind),
        "rank": reading.optional(Field.RANK, words.rank),
        "started_on": reading.past_day(Field.STARTED_ON, required=goes_on),
        "graduated_on": reading.past_day(Field.GRADUATED_ON, required=not goes_on),
        "expected_on": reading.day(Field.EXPECTED_ON) if goes_on else None,
    }


def _experience(reading: RowReading) -> Facts:
    return {
        **_occupation(reading),
        "employer_name": reading.required(Field.EMPLOYER_NAME, values.text),
        "post": reading.optional(Field.POST, values.text),
        "started_on": reading.past_day(Field.STARTED_ON, required=True),
        "ended_on": reading.past_day(Field.ENDED_ON) if reading.has_end(Field.ENDED_ON) else None,
    }


SHARED: dict[RecordKind, Part] = {
    RecordKind.TRAINING: _training,
    RecordKind.CERTIFICATE: _certificate,
    RecordKind.COMPETITION: _competition,
    RecordKind.APPRENTICESHIP: _apprenticeship,
    RecordKind.HONOUR: _honour,
    RecordKind.EDUCATION: _education,
    RecordKind.EXPERIENCE: _experience,
}
"""What rows of a list mostly share: the course and its days, the contest, the school."""


def _occupation(reading: RowReading) -> Facts:
    """Return occupation and 工种; an unknown name is kept as the 工种, with a warning."""
    trade = reading.optional(Field.TRADE, values.text)
    if not reading.has(Field.OCCUPATION):
        return {"trade": trade}
    written = reading.required(Field.OCCUPATION, values.text)
    code = reading.optional(Field.OCCUPATION_CODE, values.text)
    if written is None:
        return {}
    try:
        found = find_occupation(f"{code} {written}" if code else written)
    except OccupationUnknownError as unknown:
        reading.warn(unknown, Field.OCCUPATION)
        return {"trade": trade or written}
    except Refusal as refusal:
        reading.fault(refusal, Field.OCCUPATION)
        return {}
    return {"occupation": found.code, "trade": trade or found.trade}


def _first_and_last(reading: RowReading) -> Facts:
    """Return first and last day, from two columns or from one that holds both."""
    if reading.has(Field.COMPLETED_ON) or Field.PERIOD not in reading.columns.places:
        return {
            "started_on": reading.past_day(Field.STARTED_ON),
            "completed_on": reading.past_day(Field.COMPLETED_ON, required=True),
        }
    both = reading.required(Field.PERIOD, days.period)
    if both is None:
        return {}
    reading.required(Field.PERIOD, lambda _: reading.refuse_future(both[1]))
    return {"started_on": both[0], "completed_on": both[1]}


_FIRST_AND_LAST = (
    (Field.STARTED_ON, Field.COMPLETED_ON),
    (Field.STARTED_ON, Field.GRADUATED_ON),
    (Field.STARTED_ON, Field.EXPECTED_ON),
    (Field.STARTED_ON, Field.ENDED_ON),
    (Field.ISSUED_ON, Field.VALID_UNTIL),
)


def _check_days(reading: RowReading, facts: Facts, person: Person | None) -> None:
    """Refuse a last day before the first, and any day before the person was born."""
    for first, last in _FIRST_AND_LAST:
        begins, ends = facts.get(first), facts.get(last)
        if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
            reading.fault(DaysReversedError(), last)
    born = birth_date(person.document) if person else None
    for name, day in facts.items():
        if born and isinstance(day, date) and day < born:
            reading.fault(DayBeforeBirthError(), Field(name))


def _check_holder(reading: RowReading, facts: Facts, person: Person) -> None:
    """Warn when a certificate's number holds another person's identity number."""
    number = facts.get("certificate_number")
    if not isinstance(number, str) or not certificate_numbers.contains_identity(number):
        return
    document = person.document
    if document.number not in number and document.upgraded().number not in number:
        reading.warn(CertificateHolderDiffersError(), Field.CERTIFICATE_NUMBER)
