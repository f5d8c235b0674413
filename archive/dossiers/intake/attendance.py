"""Courses that ask for attendance: what a list does not tell is not taken as not asked for."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.courses import of_organisation
from archive.dossiers.headers import Field
from archive.dossiers.intake.candidates import Candidate
from archive.dossiers.intake.refusals import AttendanceMissingError
from schemas.records import Training


def ask_for_attendance(
    session: Session, organisation_id: UUID, candidates: Sequence[Candidate]
) -> None:
    """Refuse rows without attendance of courses that ask for it, as their catalogue entry says.

    The credit bank takes a missing attendance as not asked for; of a course that nobody
    described it knows no better.
    """
    asking = {one.code for one in of_organisation(session, organisation_id) if one.asks_attendance}
    if not asking:
        return
    for one in candidates:
        shared, _ = one.parts
        if not isinstance(shared, Training) or shared.course_code not in asking:
            continue
        if isinstance(one.record, Training) and one.record.attendance is None:
            one.fault(AttendanceMissingError(), Field.ATTENDANCE)
