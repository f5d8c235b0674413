"""Results of offered courses that platforms told: judged as rows of files, and posted.

Several may tell of one completion (a learner first completes, then passes): what they tell is
put together, and with what is on file. Who is meant stands in platform_people, which course in
platform_courses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import records
from archive.dossiers.intake.enrolling import append
from archive.dossiers.intake.judging import judge
from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.plan import WRITTEN
from archive.dossiers.intake.reading import Person
from archive.dossiers.records import as_kept, refuse_future
from archive.dossiers.sealing import Source, told_by
from archive.dossiers.writing import Posting
from archive.people.models import Organisation
from schemas.records import Training
from schemas.refusals import Refusal
from schemas.vocabulary import RowState, Way

_SAID = frozenset({"kind", "course_name", "course_code", "lacks_attendance"})
"""What every result of a course says alike, and what only all together can tell."""


@dataclass(slots=True)
class Outcome:
    """A result of one person in one course, and what became of it."""

    reference: str
    """What names it at the platform."""
    digest: str
    """Hex SHA-256 of what was sent."""
    person: Person
    record: Training
    state: RowState = RowState.FAULTY
    record_id: UUID | None = None
    refusal: Refusal | None = None


@dataclass(slots=True)
class _Group:
    """The results that tell of one completion."""

    candidate: Candidate
    outcomes: list[Outcome] = field(default_factory=list)


def post(
    session: Session,
    organisation: Organisation,
    outcomes: Sequence[Outcome],
    way: Way,
    *,
    by: UUID,
    now: datetime,
    today: date,
) -> None:
    """Write what the results tell, and note in each what became of it.

    The caller takes the organisation's turn.
    """
    groups = _grouped(outcomes, today)
    candidates = [one.candidate for one in groups]
    judge(session, organisation.id, candidates, today=today)
    _complete(session, candidates)
    _write(session, organisation, groups, way, Posting(organisation.id, by, now))
    for group in groups:
        for one in group.outcomes:
            _tell(one, group.candidate)


def merged(earlier: Training, later: Training) -> Training:
    """Return what two results of one completion tell together; the later one goes first."""
    told = {name: value for name, value in later if value is not None and name not in _SAID}
    return earlier.model_copy(update=told)


def _grouped(outcomes: Sequence[Outcome], today: date) -> list[_Group]:
    groups: dict[tuple[object, ...], _Group] = {}
    for place, one in enumerate(outcomes, start=1):
        record = one.record
        told = one.person.document.upgraded(), record.course_code, record.completed_on
        key = (*told, record.outer_id)
        if key not in groups:
            groups[key] = _Group(Candidate(place, one.person, record))
        candidate = groups[key].candidate
        groups[key].outcomes.append(one)
        if isinstance(candidate.record, Training):
            candidate.record = merged(candidate.record, record)
    for group in groups.values():
        _judge(group.candidate, today)
    return list(groups.values())


def _judge(candidate: Candidate, today: date) -> None:
    """Keep what speaks against a record by itself."""
    if candidate.record is None:
        return
    try:
        refuse_future(candidate.record, today)
        candidate.record = as_kept(candidate.record)
    except Refusal as refusal:
        candidate.fault(refusal)


def _complete(session: Session, candidates: Sequence[Candidate]) -> None:
    """Add to a record that is on file what it does not say yet; what is all said is the same."""
    for one in candidates:
        if one.state is not RowState.CHANGED or one.worker_id is None or one.record_id is None:
            continue
        row = records.newest_version(session, one.worker_id, one.record_id)
        on_file = records.content_of(session, row)
        if not isinstance(on_file, Training) or not isinstance(one.record, Training):
            continue
        one.record = merged(on_file, one.record)
        if told_by(one.record) == told_by(on_file):
            one.state = RowState.SAME


def _write(
    session: Session,
    organisation: Organisation,
    groups: Sequence[_Group],
    way: Way,
    posting: Posting,
) -> None:
    rows = []
    for group in groups:
        if group.candidate.state in WRITTEN:
            last = group.outcomes[-1]
            source = Source(way=way, reference=last.reference, digest=last.digest)
            rows.append((group.candidate, source))
    if rows:
        append(session, rows, posting, is_demo=organisation.is_demo)


def _tell(outcome: Outcome, candidate: Candidate) -> None:
    outcome.state = candidate.state
    if candidate.state is RowState.FAULTY:
        outcome.refusal = next((one.refusal for one in candidate.faults if one.is_error), None)
    else:
        outcome.record_id = candidate.record_id
