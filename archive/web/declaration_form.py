"""The form of a self-declared record: which fields each kind has, and what was typed there."""

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.dossiers.occupation_refusals import OccupationError
from archive.dossiers.occupations import find_occupation
from archive.texts import both, explained
from archive.web.field_faults import faults_of
from schemas.contracts import Bilingual
from schemas.outputs import FieldFault
from schemas.records import CLASS_OF
from schemas.records import Record as AnyRecord
from schemas.vocabulary import (
    ContestTier,
    Degree,
    Instrument,
    Prize,
    Rank,
    RecordKind,
)

DISORDER = "The days do not fit together. Check the first and the last one."
MISSING = "Fill this in."
Typed = Annotated[str, Field(max_length=200)]


class Asked(NamedTuple):
    """A field of the form."""

    name: str
    label: str
    """A message id of the web catalogue, as the page of a record has it."""
    is_needed: bool = False
    input: str = "text"
    words: str = ""
    """The vocabulary whose words are chosen from."""
    members: tuple[str, ...] = ()


def _words(
    name: str, label: str, words: str, members: Iterable[object], *, is_needed: bool = False
) -> Asked:
    told = tuple(str(one) for one in members)
    return Asked(name, label, is_needed, "choice", words, told)


_OCCUPATION = Asked("occupation", "Occupation")
_RANK = _words("rank", "Skill level", "rank", (int(one) for one in Rank))
FIELDS: Mapping[RecordKind, tuple[Asked, ...]] = {
    RecordKind.TRAINING: (
        Asked("course_name", "Course", is_needed=True),
        Asked("hours", "Class hours", is_needed=True, input="number"),
        Asked("started_on", "Begun", input="date"),
        Asked("completed_on", "Completed", is_needed=True, input="date"),
        Asked("score", "Score", input="number"),
        _OCCUPATION,
    ),
    RecordKind.CERTIFICATE: (
        _words("instrument", "Kind of certificate", "instrument", Instrument, is_needed=True),
        Asked("certificate_number", "Certificate number", is_needed=True),
        Asked("title", "Title"),
        _OCCUPATION,
        _RANK,
        Asked("issued_on", "Issued", is_needed=True, input="date"),
        Asked("valid_until", "Certificate valid until", input="date"),
    ),
    RecordKind.COMPETITION: (
        Asked("event_name", "Contest", is_needed=True),
        Asked("item", "Item"),
        _words("tier", "Contest tier", "tier", ContestTier, is_needed=True),
        _words("prize", "Award", "prize", Prize),
        Asked("placement", "Placement", input="number"),
        Asked("awarded_on", "Awarded", is_needed=True, input="date"),
        _OCCUPATION,
    ),
    RecordKind.HONOUR: (
        Asked("title", "Honour", is_needed=True),
        Asked("awarding_body", "Honour awarded by"),
        _words("tier", "Level of the awarding body", "tier", ContestTier),
        Asked("awarded_on", "Awarded", is_needed=True, input="date"),
    ),
    RecordKind.EDUCATION: (
        Asked("school_name", "School", is_needed=True),
        Asked("major", "Major"),
        _words("degree", "Schooling", "degree", Degree, is_needed=True),
        Asked("started_on", "Begun", input="date"),
        Asked("graduated_on", "Graduated", is_needed=True, input="date"),
        Asked("certificate_number", "Certificate number"),
    ),
    RecordKind.EXPERIENCE: (
        Asked("employer_name", "Employer", is_needed=True),
        Asked("post", "Post"),
        Asked("started_on", "Begun", is_needed=True, input="date"),
        Asked("ended_on", "Ended", input="date"),
        _OCCUPATION,
    ),
}


class WrittenDeclaration(BaseModel):
    """What was typed; which of it belongs to the kind, ``FIELDS`` tells."""

    model_config = ConfigDict(extra="ignore")

    kind: RecordKind
    course_name: Typed = ""
    hours: Typed = ""
    score: Typed = ""
    started_on: Typed = ""
    completed_on: Typed = ""
    ended_on: Typed = ""
    graduated_on: Typed = ""
    awarded_on: Typed = ""
    issued_on: Typed = ""
    valid_until: Typed = ""
    instrument: Typed = ""
    certificate_number: Typed = ""
    title: Typed = ""
    occupation: Typed = ""
    rank: Typed = ""
    event_name: Typed = ""
    item: Typed = ""
    tier: Typed = ""
    prize: Typed = ""
    placement: Typed = ""
    awarding_body: Typed = ""
    school_name: Typed = ""
    major: Typed = ""
    degree: Typed = ""
    employer_name: Typed = ""
    post: Typed = ""
    file: UploadFile | None = None

    def typed(self) -> dict[str, str]:
        """Return what was typed into the fields of the kind, to be shown again."""
        return {one.name: getattr(self, one.name) for one in FIELDS.get(self.kind, ())}

    def read(self) -> tuple[AnyRecord | None, dict[str, Bilingual]]:
        """Return what is declared, or what is wrong by field; under no name what is of several."""
        told: dict[str, object] = {
            name: text.strip() for name, text in self.typed().items() if text.strip()
        }
        wrong: dict[str, Bilingual] = {}
        try:
            if "occupation" in told:
                told["occupation"] = find_occupation(str(told["occupation"])).code
        except OccupationError as refusal:
            del told["occupation"]
            wrong["occupation"] = explained(refusal)
        if self.rank.isdecimal() and "rank" in told:
            told["rank"] = int(self.rank)
        try:
            record = CLASS_OF[self.kind].model_validate(told)
        except ValidationError as faults:
            found = {one.field: one for one in faults_of(faults.errors())}
            wrong |= {field: _sentence(field, one) for field, one in found.items()}
            return None, wrong
        return (None if wrong else record), wrong


def _sentence(field: str, fault: FieldFault) -> Bilingual:
    if not field:
        return both(DISORDER)
    return both(MISSING) if fault.code == "missing" else fault.messages


def typed_of(record: AnyRecord) -> dict[str, str]:
    """Return what stands in the form of a declaration that is changed."""
    told = record.model_dump(mode="json", exclude_none=True)
    return {one.name: str(told.get(one.name, "")) for one in FIELDS[record.kind]}
