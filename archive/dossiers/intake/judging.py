"""Judging rows, whichever way they came: ``match``, and whether they lack their attendance.

Rows without the attendance that their course asks for are taken, marked, and said to be so
before they are written. Which these are ``asked_attendance`` knows for every way into a
dossier; a class, whose course may have been filed anew since, is matched alone.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.asked_attendance import AskedAttendance
from archive.dossiers.headers import Field
from archive.dossiers.intake.matching import Candidate, Said, match
from archive.dossiers.intake.refusals import AttendanceMissingError
from archive.dossiers.opened import Opened
from schemas.records import Record as AnyRecord
from schemas.records import Training


def judge(
    session: Session,
    organisation_id: UUID,
    candidates: Sequence[Candidate],
    *,
    today: date,
    said: Said | None = None,
    opened: Opened | None = None,
) -> None:
    """Tell of each row what ``match`` tells, and of its attendance.

    What is on file from before its course asked for attendance stays as it is.
    """
    lacking = _marked(session, organisation_id, candidates)
    match(session, organisation_id, candidates, today=today, said=said, opened=opened)
    for one in lacking:
        if isinstance(one.record, Training) and one.record.lacks_attendance:
            one.warn(AttendanceMissingError(), Field.ATTENDANCE)


def _marked(
    session: Session, organisation_id: UUID, candidates: Iterable[Candidate]
) -> list[Candidate]:
    """Let rows tell what is so of their attendance; return those that lack it.

    Rows share most of their record; only where the course asks is more of it read.
    """
    asked, lacking = AskedAttendance(session), []
    unasked: AnyRecord | None = None
    for one in candidates:
        shared, _ = one.parts
        if shared is unasked or not isinstance(shared, Training):
            continue
        if not (shared.lacks_attendance or asked.is_asked(shared, organisation_id)):
            unasked = shared  # That of a class stands in one row after the other.
            continue
        before = one.record or shared
        told = asked.told(before, organisation_id)
        if told is not before:
            one.record = told
        if isinstance(told, Training) and told.lacks_attendance:
            lacking.append(one)
    return lacking
