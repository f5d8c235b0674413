"""A roster, an attendance and a closing as people read them: with the members' names.

The own organisation and the bureau read names in full, for who calls a roster must; numbers
are masked. Every reading is told in the audit, and to each member whose dossier is known.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from math import ceil
from uuid import UUID

from sqlmodel import Session, col, select

from archive.audit.acts import notes_of
from archive.dossiers.classes import attendance, opening, roster, views
from archive.dossiers.classes.closing import hindrances
from archive.dossiers.classes.completions import Completion, completions
from archive.dossiers.classes.models import ClassPosting
from archive.dossiers.classes.opening import Found
from archive.dossiers.classes.roster import Member
from archive.dossiers.intake.findings import Fault, finding_of_file
from archive.people.actors import Actor
from archive.people.written_numbers import masked
from schemas.classes import ClosingLine, ClosingPreview
from schemas.reports import Finding
from schemas.rosters import Attendance, LessonView, MemberView, Roster
from schemas.vocabulary import MemberFate, Permission

PAGE = 100
"""Members on a page: few enough for a phone, and for the fields of one form."""
_NONE = Decimal(0)


def page_of(
    session: Session, class_id: UUID, *, by: Actor, page: int = 1, size: int = PAGE
) -> Roster:
    """Return a page of a roster; raises UnknownClassError."""
    found = opening.find(session, class_id, by=by, permission=Permission.READ_CLASS)
    rows = roster.members_of(session, class_id)
    shown = roster.opened(session, rows[size * (page - 1) : size * page])
    hours = attendance.hours_by_member(session, class_id, [one.id for one in shown])
    posted = _posted(session, class_id)
    ours = [posted[one.id] for one in shown if one.id in posted]
    notes_of(session).opened(row.worker_id for row in ours if row.worker_id)
    return Roster(
        members=tuple(
            _member(one, hours.get(one.id, _NONE), found, posted.get(one.id)) for one in shown
        ),
        page=page,
        pages=max(1, ceil(len(rows) / size)),
        total=len(rows),
    )


def attendance_of(session: Session, class_id: UUID, *, by: Actor) -> Attendance:
    """Return lessons and hours by member; raises UnknownClassError."""
    found = opening.find(session, class_id, by=by, permission=Permission.READ_CLASS)
    return attendance.overview(session, class_id, found.course.hours)


def lesson_of(
    session: Session, class_id: UUID, lesson_id: UUID, *, by: Actor
) -> tuple[LessonView, dict[UUID, Decimal]]:
    """Return a lesson and the hours that members attended.

    Raises UnknownClassError, UnknownLessonError.
    """
    opening.find(session, class_id, by=by, permission=Permission.READ_CLASS)
    lesson, hours = attendance.of_lesson(session, class_id, lesson_id)
    present = sum(one > 0 for one in hours.values())
    told = LessonView(id=lesson.id, held_on=lesson.held_on, hours=lesson.hours, present=present)
    return told, hours


def preview(
    session: Session, class_id: UUID, *, by: Actor, today: date, page: int = 1, size: int = PAGE
) -> ClosingPreview:
    """Return what closing a class would post and what speaks against it; nothing is written.

    Who cannot be recorded stands first. Raises UnknownClassError.
    """
    found = opening.find(session, class_id, by=by, permission=Permission.RUN_CLASS)
    rows = roster.members_of(session, class_id)
    judged = completions(session, found, rows, today=today)
    first = sorted(judged, key=lambda one: (not one.candidate.faults, one.member.place))
    counts = Counter(one.fate for one in judged)
    against = hindrances(session, found, len(rows), today=today)
    return ClosingPreview(
        of=views.views(session, [found], today=today)[0],
        counts={fate: counts[fate] for fate in MemberFate},
        findings=tuple(finding_of_file(one) for one in against),
        lines=tuple(_line(one) for one in first[size * (page - 1) : size * page]),
        page=page,
        pages=max(1, ceil(len(rows) / size)),
    )


def _member(
    one: Member, attended: Decimal, found: Found, posting: ClassPosting | None
) -> MemberView:
    return MemberView(
        id=one.id,
        place=one.place,
        name=one.name,
        document=masked(one.document.number) if one.document else None,
        account=one.told.account,
        score=one.told.score,
        grade=one.told.grade,
        has_left=one.told.has_left,
        reason=one.told.reason,
        hours=attended,
        attendance=attendance.percentage(attended, found.course.hours),
        fate=posting.fate if posting else None,
        code=posting.code if posting else None,
        record_id=posting.record_id if posting else None,
    )


def _posted(session: Session, class_id: UUID) -> dict[UUID, ClassPosting]:
    query = select(ClassPosting).where(col(ClassPosting.class_id) == class_id)
    return {row.member_id: row for row in session.exec(query)}


def _line(one: Completion) -> ClosingLine:
    return ClosingLine(
        member=one.member.id,
        place=one.member.place,
        name=one.member.name,
        fate=one.fate,
        score=one.member.told.score,
        grade=one.member.told.grade,
        attendance=one.attendance,
        findings=tuple(_findings(one.candidate.faults, one.member.place)),
    )


def _findings(faults: Iterable[Fault], place: int) -> Sequence[Finding]:
    """Return faults as a file's report tells them; the row is the place on the roster."""
    return [
        finding_of_file(one.refusal, one.severity).model_copy(update={"row": place})
        for one in faults
    ]
