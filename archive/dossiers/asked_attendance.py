"""Which trainings lack the attendance that their course asks for, as the credit bank is told.

One answer for every way into a dossier: writing.py asks for each training that enters one, the
intake before it, so that the report can name the row.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.postings import Draft, Posting
from archive.dossiers.sealing import content_digest, normalised, written
from archive.dossiers.shelves import Version
from archive.people.privacy import Vault
from schemas.records import Record as AnyRecord
from schemas.records import Training
from schemas.vocabulary import Way

_Versions = dict[str, list[OfferedCourse]]
"""Versions of courses by code, each after the one that it replaces."""


@dataclass(slots=True)
class _Catalogue:
    """What one organisation ever offered; nothing when none of it asks for attendance."""

    exactly: _Versions = field(default_factory=lambda: defaultdict(list))
    loosely: _Versions = field(default_factory=lambda: defaultdict(list))
    """By the code as the rule on double counting compares it."""
    answers: dict[tuple[str, date], bool] = field(default_factory=dict)


class AskedAttendance:
    """Knows which courses ask for attendance; asks once for each organisation in a transaction."""

    def __init__(self, session: Session) -> None:
        """Know nothing yet."""
        self._session = session
        self._known: dict[UUID, _Catalogue] = {}

    def heard(self, record: AnyRecord, posting: Posting) -> AnyRecord:
        """Return a new record as it is kept: with what is so of its attendance.

        A class is held as its course was when the class was opened, and tells it itself.
        """
        is_of_class = posting.source is not None and posting.source.way is Way.CLASS
        return record if is_of_class else self.told(record, posting.organisation_id)

    def told(self, record: AnyRecord, organisation_id: UUID) -> AnyRecord:
        """Return a record with what is so of its attendance, whatever its author said of that."""
        if not isinstance(record, Training):
            return record
        lacks = record.attendance is None and self.is_asked(record, organisation_id)
        if lacks is record.lacks_attendance:
            return record
        return record.model_copy(update={"lacks_attendance": lacks})

    def is_asked(self, record: Training, organisation_id: UUID) -> bool:
        """Whether the course asks for it, as it was filed for the day on which it began.

        Another credit bank's courses are asked for nothing here.
        """
        code = record.course_code
        if code is None or record.scheme is not None:
            return False
        catalogue = self._of(organisation_id)
        if not catalogue.exactly:
            return False
        day = record.started_on or record.completed_on
        if (code, day) not in catalogue.answers:
            versions = catalogue.exactly.get(code) or catalogue.loosely.get(normalised(code))
            asks = versions is not None and _on(versions, day).asks_attendance
            catalogue.answers[code, day] = asks
        return catalogue.answers[code, day]

    def _of(self, organisation_id: UUID) -> _Catalogue:
        if organisation_id not in self._known:
            mine = col(OfferedCourse.organisation_id) == organisation_id
            order = (col(OfferedCourse.published_at), col(OfferedCourse.id))
            rows = list(self._session.exec(select(OfferedCourse).where(mine).order_by(*order)))
            found = self._known[organisation_id] = _Catalogue()
            for one in rows if any(one.asks_attendance for one in rows) else ():
                found.exactly[one.code].append(one)
                found.loosely[normalised(one.code)].append(one)
        return self._known[organisation_id]


def is_said(vault: Vault, draft: Draft, known: Version) -> bool:
    """Whether a record on file says just what a draft does."""
    if draft.content == known.content:
        return True
    return was_let_in(vault, draft.worker_id, draft.record, known.content)


def was_let_in(vault: Vault, worker_id: UUID, record: AnyRecord, content: bytes) -> bool:
    """Whether just this training is on file from before its course asked for attendance.

    ``content`` is the digest of what is on file. What asks for more later takes nothing back.
    """
    if not isinstance(record, Training) or not record.lacks_attendance:
        return False
    return content == content_digest(vault, worker_id, written(as_let_in(record)))


def as_let_in(record: AnyRecord) -> AnyRecord:
    """Return a training as it was before its course asked for attendance."""
    return record.model_copy(update={"lacks_attendance": False})


def _on(versions: Sequence[OfferedCourse], day: date) -> OfferedCourse:
    """Return the version that counts on a day, over or not; before all of them the earliest.

    What replaces another does so from its own first day on, as ``offered.of_day`` tells.
    """
    begun = [one for one in versions if one.in_force_from <= day]
    return begun[-1] if begun else min(reversed(versions), key=lambda one: one.in_force_from)
