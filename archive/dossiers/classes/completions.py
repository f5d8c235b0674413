"""What closing a class would do with each member: the same checks as a file's rows pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from archive.dossiers.classes import attendance, roster
from archive.dossiers.classes.lessons import lessons_of
from archive.dossiers.classes.models import ClassMember
from archive.dossiers.classes.opening import Found
from archive.dossiers.classes.refusals import ResultMissingError
from archive.dossiers.classes.roster import Member
from archive.dossiers.errors import PostingClosedError
from archive.dossiers.intake.matching import Candidate, match
from archive.dossiers.intake.reading import Person
from schemas.records import Training
from schemas.vocabulary import MemberFate, RowState

_NONE = Decimal(0)
_FATES = {
    RowState.NEW: MemberFate.NEW,
    RowState.CHANGED: MemberFate.CHANGED,
    RowState.SAME: MemberFate.SAME,
    RowState.DUPLICATE: MemberFate.SAME,
    RowState.FAULTY: MemberFate.FAULTY,
}
POSTED = frozenset({MemberFate.NEW, MemberFate.CHANGED, MemberFate.SAME})
"""With whom a record is handed to the writer; what is on file already changes nothing."""


@dataclass(frozen=True, slots=True)
class Completion:
    """One member when the class is closed."""

    member: Member
    attendance: Decimal | None
    """What the record tells; None when the course does not ask for it."""
    candidate: Candidate
    fate: MemberFate


def completions(
    session: Session, found: Found, rows: Sequence[ClassMember], *, today: date
) -> list[Completion]:
    """Judge what closing does with some members; nothing is written."""
    members = roster.opened(session, rows)
    hours = attendance.hours_by_member(session, found.own.id, [one.id for one in members])
    has_lessons = bool(lessons_of(session, found.own.id))
    drafts = []
    for member in members:
        attended = hours.get(member.id, _NONE)
        share = attendance.percentage(attended, found.course.hours)
        is_absent = has_lessons and not attended and not member.told.has_result
        drafts.append(_draft(found, member, share, is_absent=is_absent))
    finishing = [one.candidate for one in drafts if one.fate is MemberFate.NEW]
    match(session, found.own.organisation_id, finishing, today=today)
    return [_judged(one) for one in drafts]


def _draft(found: Found, member: Member, share: Decimal, *, is_absent: bool) -> Completion:
    """Return a member on the way; NEW stands for whoever finished, until it is judged."""
    told = share if found.course.asks_attendance else None
    person = Person(member.name, member.document) if member.name and member.document else None
    candidate = Candidate(member.place, person, _record(found, member, told) if person else None)
    if member.told.has_left:
        return Completion(member, told, candidate, MemberFate.WITHDRAWN)
    if person is None:
        candidate.fault(PostingClosedError())
        return Completion(member, told, candidate, MemberFate.FAULTY)
    if is_absent:
        return Completion(member, told, candidate, MemberFate.ABSENT)
    if not member.told.has_result:
        candidate.warn(ResultMissingError())
    return Completion(member, told, candidate, MemberFate.NEW)


def _judged(one: Completion) -> Completion:
    if one.fate is not MemberFate.NEW:
        return one
    fate = _FATES[one.candidate.state]
    return Completion(one.member, one.attendance, one.candidate, fate)


def _record(found: Found, member: Member, share: Decimal | None) -> Training:
    """Return the record of a member: of the course as it was when the class was opened."""
    course, filing = found.course, found.filing
    return Training(
        course_name=course.title,
        course_code=course.code,
        occupation=course.occupation,
        rank=course.rank,
        hours=course.hours,
        attendance=share,
        score=member.told.score,
        grade=member.told.grade,
        mode=course.mode,
        started_on=filing.first_on,
        completed_on=filing.last_on,
    )
