"""Closing a class: shown first, then its completions are posted, each once.

Up to 500 members are posted with the closing itself; the rest of a larger class by a durable
job, 500 a step. What became of a member is written with the record, so that a second closing,
or one after a crash, posts only who is left.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from functools import partial
from typing import cast
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from archive.dossiers.classes import opening, roster
from archive.dossiers.classes.completions import POSTED, Completion, completions
from archive.dossiers.classes.lessons import lessons_of
from archive.dossiers.classes.models import ClassClosing, ClassMember, ClassPosting
from archive.dossiers.classes.opening import Found
from archive.dossiers.classes.refusals import (
    AttendanceNotNotedError,
    ClassEmptyError,
    ClassHasFaultsError,
    ClassNotOverError,
)
from archive.dossiers.intake.enrolling import append, take_turns
from archive.dossiers.sealing import source_of, told_by
from archive.dossiers.writing import Posting
from archive.errors import ArchiveError
from archive.jobs import desk
from archive.jobs.desk import WORKS, Steps, Told
from archive.people.actors import Actor
from archive.people.models import Organisation
from credit_bank.bulk import insert_rows, table_of
from schemas.classes import ClassClosed
from schemas.vocabulary import ClassState, MemberFate, Permission, Way

KIND = "class_close"
STEP = 500
"""Members a transaction: as many as a step of every other job has."""


def close(
    session: Session,
    class_id: UUID,
    *,
    without_faulty: bool,
    by: Actor,
    now: datetime,
    today: date,
) -> ClassClosed:
    """Close a class and post its completions; a class that is closed already is told so.

    Who failed is posted as not passed; who left, or was never there and has no result, is not
    posted. Raises UnknownClassError, ClassNotOverError, ClassEmptyError,
    AttendanceNotNotedError, ClassHasFaultsError.
    """
    opening.take_turn(session, class_id)
    found = opening.find(session, class_id, by=by, permission=Permission.RUN_CLASS)
    if session.get(ClassClosing, class_id) is not None:
        return standing(session, class_id)
    rows = roster.members_of(session, class_id)
    for refusal in hindrances(session, found, len(rows), today=today):
        raise refusal
    take_turns(session, found.own.organisation_id)
    judged = completions(session, found, rows, today=today)
    faulty = sum(one.fate is MemberFate.FAULTY for one in judged)
    if faulty and not without_faulty:
        raise ClassHasFaultsError(faulty=faulty)
    closing = ClassClosing(class_id=class_id, members=len(rows), closed_at=now, closed_by=by.id)
    session.add(closing)
    session.flush()
    if len(rows) <= STEP:
        _post(session, found, closing, judged, now=now)
    else:
        desk.ask(session, KIND, str(class_id), now=now)
    return standing(session, class_id)


def hindrances(
    session: Session, found: Found, members: int, *, today: date
) -> Sequence[ArchiveError]:
    """Return what speaks against closing a class as a whole."""
    refusals: list[ArchiveError] = []
    if today < found.filing.last_on:
        refusals.append(ClassNotOverError(last=found.filing.last_on))
    if not members:
        refusals.append(ClassEmptyError())
    if found.course.asks_attendance and not lessons_of(session, found.own.id):
        refusals.append(AttendanceNotNotedError())
    return refusals


def standing(session: Session, class_id: UUID) -> ClassClosed:
    """Return how far the closing of a class is."""
    fates = select(ClassPosting.fate, func.count()).group_by(col(ClassPosting.fate))
    counts = Counter(dict(session.exec(fates.where(col(ClassPosting.class_id) == class_id)).all()))
    closing = session.get_one(ClassClosing, class_id)
    waiting = closing.members - counts.total()
    return ClassClosed(
        id=class_id,
        state=ClassState.CLOSING if waiting else ClassState.CLOSED,
        counts={fate: counts[fate] for fate in MemberFate},
        waiting=waiting,
    )


def post_next(session: Session, class_id: UUID, *, now: datetime, today: date) -> int:
    """Post the next members of a class that is being closed; return how many are left."""
    opening.take_turn(session, class_id)
    closing = session.get_one(ClassClosing, class_id)
    settled = select(ClassPosting.member_id).where(col(ClassPosting.class_id) == class_id)
    waiting = (
        select(ClassMember)
        .where(col(ClassMember.class_id) == class_id, col(ClassMember.id).not_in(settled))
        .order_by(col(ClassMember.place))
        .limit(STEP)
    )
    rows = list(session.exec(waiting))
    if rows:
        found = opening.known(session, class_id)
        take_turns(session, found.own.organisation_id)
        judged = completions(session, found, rows, today=today)
        _post(session, found, closing, judged, now=now)
    return standing(session, class_id).waiting


def run(steps: Steps, key: str, zone: tzinfo) -> ClassClosed:
    """Post the completions of a closed class, 500 members a step; the job."""
    class_id = UUID(key)
    total = cast("int", steps.take(partial(_waiting, class_id)))
    left = total
    while left:
        step = partial(_step, class_id, zone)
        left = cast("int", steps.take(step, done=min(total, total - left + STEP), total=total))
    told = steps.take(partial(_told, class_id), done=total, total=total)
    return ClassClosed.model_validate_json(cast("str", told))


WORKS[KIND] = run


def _waiting(class_id: UUID, session: Session, _now: datetime) -> Told:
    return standing(session, class_id).waiting


def _step(class_id: UUID, zone: tzinfo, session: Session, now: datetime) -> Told:
    return post_next(session, class_id, now=now, today=now.astimezone(zone).date())


def _told(class_id: UUID, session: Session, _now: datetime) -> Told:
    return standing(session, class_id).model_dump_json()


def _post(
    session: Session,
    found: Found,
    closing: ClassClosing,
    judged: Sequence[Completion],
    *,
    now: datetime,
) -> None:
    """Write the records of some members, and what became of each."""
    organisation = session.get_one(Organisation, found.own.organisation_id)
    finishing = [
        (one.candidate, source_of(Way.CLASS, told_by(record), reference=str(found.own.id)))
        for one in judged
        if one.fate in POSTED and (record := one.candidate.record)
    ]
    posting = Posting(organisation.id, closing.closed_by, now)
    append(session, finishing, posting, is_demo=organisation.is_demo)
    settled = [_row(one, closing, now) for one in judged]
    insert_rows(session, table_of(ClassPosting), settled)


def _row(one: Completion, closing: ClassClosing, now: datetime) -> dict[str, object]:
    faults = (fault.refusal.code for fault in one.candidate.faults if fault.is_error)
    return {
        "class_id": closing.class_id,
        "member_id": one.member.id,
        "fate": one.fate,
        "code": next(faults, None),
        "worker_id": one.candidate.worker_id if one.fate in POSTED else None,
        "record_id": one.candidate.record_id if one.fate in POSTED else None,
        "posted_at": now,
    }
