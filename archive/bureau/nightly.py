"""The nightly run: what has run out is ended, for everybody.

It is a job of steps; each is a transaction of its own, and done twice it changes nothing.
Who runs it, and when, is the doors' business.
"""

from collections import Counter
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import cast
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import correction_steps, corrections_found
from archive.dossiers.classes import forgetting
from archive.dossiers.intake.kept_files import kept_files
from archive.dossiers.programs import arrivals
from archive.jobs import desk
from archive.jobs.desk import WORKS, Step, Steps, Told
from archive.people import tidings
from archive.transcripts import batches, makings, refresh_job
from archive.transcripts.kept import kept_documents
from credit_bank import bank
from credit_bank.cases import Suspension
from credit_bank.due import (
    Overdue,
    count_workers,
    next_workers,
    oldest_usable,
    overdue_cases,
    overdue_suspensions,
    workers_with_old_lots,
)
from credit_bank.errors import CaseActRefusedError, CreditBankError, ReferenceConflictError
from credit_bank.publishing import rule_book
from schemas.cases import CaseFact
from schemas.credits import as_credits
from schemas.ids import new_id
from schemas.nightly import NightlyReport, NightlyRun, NightlyRuns
from schemas.vocabulary import CaseAct, CaseKind, CorrectionAct, IssuerAct

KIND = "nightly"
_MOST_CORRECTIONS = 2000
"""Requests for correction a night; the rest is judged when it is read, and written the next."""
BATCH = 500
"""Workers a step: few enough that nobody waits long for the database."""
_BEFORE_ALL = UUID(int=0)
_NEXT_DAY = timedelta(days=1)
_TAKEN, _NEEDLESS = "taken", ""


def run(steps: Steps, key: str, zone: tzinfo) -> NightlyReport:
    """End what had run out before a local day, which the key begins with.

    A step that is refused, although its clock has run out, is told by its code and tried
    again the next time; the others are taken all the same.
    """
    today = date.fromisoformat(key[:10])
    lapsed: Counter[str] = Counter()
    postponed: list[str] = []
    for told in _listed(steps.take(partial(_overdue, today))):
        kind, whose, case = told.split("/")
        answer = steps.take(partial(_lapse, today, UUID(whose), UUID(case)))
        lapsed[kind] += _is_taken(answer, postponed)
    held = _listed(steps.take(partial(_unreleased, today)))
    released = sum(
        _is_taken(steps.take(partial(_release, today, UUID(case))), postponed) for case in held
    )
    moved = Counter(_listed(steps.take(partial(_turn_over, today))))
    workers, units = _expire_everybody(steps, today, zone)
    accesses = cast("int", steps.take(_note_ended))
    files = cast("int", steps.take(_forget_files))
    steps.take(_forget_arrivals)
    rosters = _forget_rosters(steps, today)
    documents = cast("int", steps.take(_forget_documents))
    renewed, stopped = refresh_job.refresh(steps, today)
    if stopped is not None:
        postponed.append(stopped)
    return NightlyReport(
        day=today,
        workers=workers,
        expired=as_credits(units),
        appeals_lapsed=lapsed[CaseKind.APPEAL],
        redemptions_lapsed=lapsed[CaseKind.REDEMPTION],
        suspensions_released=released,
        accesses_ended=accesses,
        corrections_escalated=moved[CorrectionAct.ESCALATE],
        corrections_lapsed=moved[CorrectionAct.LAPSE],
        files_forgotten=files,
        rosters_forgotten=rosters,
        documents_forgotten=documents,
        files_refreshed=renewed.refreshed,
        files_unrefreshable=renewed.refused,
        postponed=tuple(postponed),
    )


WORKS[KIND] = run


def runs(session: Session, *, most: int = 30) -> NightlyRuns:
    """Return the last nightly runs, the newest first: how far each is, and what came out."""
    return NightlyRuns(
        runs=tuple(
            NightlyRun(
                id=job.id,
                day=date.fromisoformat(job.key[:10]),
                state=job.state,
                done=job.done,
                total=job.total,
                attempt=job.attempt,
                asked_at=job.asked_at,
                started_at=job.started_at,
                ended_at=job.ended_at,
                fault=job.fault,
                report=NightlyReport.model_validate_json(job.result) if job.result else None,
            )
            for job in desk.latest(session, KIND, most=most)
        )
    )


def _listed(told: Told) -> list[str]:
    return cast("list[str]", told)


def _is_taken(answer: Told, postponed: list[str]) -> bool:
    """Tell whether a step was taken; what others did meanwhile needs none, else it waits."""
    if answer not in (_TAKEN, _NEEDLESS):
        postponed.append(str(answer))
    return answer == _TAKEN


def _overdue(today: date, session: Session, _now: datetime) -> Told:
    return [f"{one.kind}/{one.worker_id}/{one.case_id}" for one in overdue_cases(session, today)]


def _unreleased(today: date, session: Session, _now: datetime) -> Told:
    return [str(one.last.case_id) for one in overdue_suspensions(session, today)]


def _answered(session: Session, now: datetime, step: Step) -> str:
    """Take a step inside the transaction; a refused one leaves nothing but its code."""
    try:
        with session.begin_nested():
            step(session, now)
    except (CaseActRefusedError, ReferenceConflictError):
        return _NEEDLESS
    except CreditBankError as refusal:
        return refusal.code
    return _TAKEN


def _lapse(today: date, whose: UUID, case_id: UUID, session: Session, now: datetime) -> Told:
    """End a case that nobody went on with: as of the day after the last, whenever it is found."""
    found = [one for one in overdue_cases(session, today, of=whose) if one.case_id == case_id]
    return _answered(session, now, partial(_lapsing, found[0])) if found else _NEEDLESS


def _lapsing(overdue: Overdue, session: Session, now: datetime) -> None:
    fact = CaseFact(
        id=new_id(),
        case_id=overdue.case_id,
        kind=overdue.kind,
        act=CaseAct.LAPSE,
        reference=f"{overdue.case_id}/lapse",
        effective_on=overdue.due_on + _NEXT_DAY,
        outcome_id=overdue.outcome_id,
        organisation_id=overdue.organisation_id,
        reason="clock_ran_out",
    )
    bank.take_step(session, overdue.worker_id, fact, by=None, now=now)


def _release(today: date, case_id: UUID, session: Session, now: datetime) -> Told:
    """Release what nobody decided about; all workers at once, as the decision held them."""
    found = [one for one in overdue_suspensions(session, today) if one.last.case_id == case_id]
    return _answered(session, now, partial(_releasing, found[0])) if found else _NEEDLESS


def _releasing(hold: Suspension, session: Session, now: datetime) -> None:
    last = hold.last
    if last.due_on is None:
        return
    told = {"id": new_id(), "act": IssuerAct.RELEASE, "due_on": None}
    fact = last.model_copy(update=told | {"effective_on": last.due_on + _NEXT_DAY})
    bank.decide_on_issuer(session, fact, by=None, now=now)


def _expire_everybody(steps: Steps, today: date, zone: tzinfo) -> tuple[int, int]:
    """Expire what can no longer be used; return how many workers were looked at, and the units."""
    total = cast("int", steps.take(_count))
    workers = units = done = 0
    last = _BEFORE_ALL
    while True:
        done = min(done + BATCH, total)
        step = partial(_expire_next, today, zone, last)
        told = cast("list[str]", steps.take(step, done=done, total=total))
        if not told:
            return workers, units
        last = UUID(told[0])
        workers, units = workers + int(told[1]), units + int(told[2])


def _note_ended(session: Session, now: datetime) -> Told:
    return tidings.note_ended(session, now=now)


def _forget_files(session: Session, now: datetime) -> Told:
    return kept_files(session).sweep(session, now=now)


def _forget_arrivals(session: Session, now: datetime) -> Told:
    """Remove what course platforms sent more than thirty days ago."""
    return arrivals.forget(session, now=now)


def _forget_documents(session: Session, now: datetime) -> Told:
    """Close documents that nobody makes any more, and forget files that nobody may ask for."""
    makings.close_left(session, now=now)
    batches.forget_old(session, now=now)
    return kept_documents(session).sweep(session, now=now)


def _forget_rosters(steps: Steps, today: date) -> int:
    """Let rosters of long ago name nobody any more; return how many."""
    forgotten = 0
    while found := cast("int", steps.take(partial(_forget_next_rosters, today))):
        forgotten += found
    return forgotten


def _forget_next_rosters(today: date, session: Session, _now: datetime) -> Told:
    return forgetting.forget_old(session, today=today)


def _turn_over(today: date, session: Session, now: datetime) -> Told:
    """Write down what the clocks of requests for correction did; return the acts."""
    found = corrections_found.run_out(session, today, most=_MOST_CORRECTIONS)
    return [str(correction_steps.write_down(session, one, now=now)) for one in found]


def _count(session: Session, _now: datetime) -> Told:
    return count_workers(session)


def _expire_next(
    today: date, zone: tzinfo, after: UUID, session: Session, now: datetime
) -> list[Told]:
    """Look at the next workers; return the last of them, how many had old lots, and the units."""
    batch = next_workers(session, after=after, most=BATCH)
    if not batch:
        return []
    before = oldest_usable(rule_book(session), today)
    old = workers_with_old_lots(session, before, after=after, until=batch[-1])
    units = bank.expire(session, old, now=now, today=today, zone=zone) if old else 0
    return [str(batch[-1]), str(len(old)), str(units)]
