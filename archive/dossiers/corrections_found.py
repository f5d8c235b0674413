"""Finding requests for correction and addition, for those who may see them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import case
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, select

from archive.dossiers.correction_cases import CLOCKED, ENDING, Case, judged
from archive.dossiers.correction_models import CorrectionStep
from archive.dossiers.correction_refusals import UnknownCorrectionError
from archive.people.access import reaches_organisation, reaches_worker
from archive.people.actors import Actor
from archive.people.mergers import goes_on_in, is_or_was
from archive.people.models import Organisation
from credit_bank.publishing import rule_book
from schemas.vocabulary import CorrectionAct, OrganisationKind, Permission

_BATCH = 200
ANSWER_NOTHING = (OrganisationKind.EMPLOYER, OrganisationKind.STREET_OFFICE)
"""Bodies whose staff post no records: what they vouched for the bureau puts right."""
_HANDING = (CorrectionAct.OPEN, CorrectionAct.HAND_ON, CorrectionAct.DIRECT)
"""Acts by which an organisation gets a request."""
MOST = 300
"""Requests on a list: those that go on first, of them the oldest."""


def own(session: Session, case_id: UUID, *, by: Actor, today: date) -> Case:
    """Return a request of the asker's own, also of a dossier merged into it.

    Raises UnknownCorrectionError, also for another's.
    """
    found = _case(session, case_id, today)
    # Of a missing one somebody's is asked who is nobody: another's takes as many statements.
    holder = goes_on_in(session, found.opening.worker_id if found else case_id)
    if found is None or not reaches_worker(session, by, Permission.ASK_CORRECTION, holder):
        raise UnknownCorrectionError
    return found


def addressed(session: Session, case_id: UUID, *, by: Actor, today: date) -> Case:
    """Return a request that the asker's organisation has in hand; the bureau sees any.

    Raises UnknownCorrectionError, also for one that another organisation has.
    """
    found = _case(session, case_id, today)
    if found is None or not reaches_organisation(
        by, Permission.ANSWER_CORRECTION, found.last.organisation_id
    ):
        raise UnknownCorrectionError
    return found


def of_worker(session: Session, worker_id: UUID, *, today: date) -> list[Case]:
    """Return a worker's requests, the newest first, with those of merged dossiers."""
    query = select(CorrectionStep).where(is_or_was(col(CorrectionStep.worker_id), worker_id))
    return _newest_first(_cases(session, session.exec(query), today))


def in_hand(session: Session, organisation_id: UUID | None, *, today: date) -> list[Case]:
    """Return the requests that an organisation has in hand or answered; without one, all.

    Those that go on come first, what is due soonest before all. No more than ``MOST``.
    """
    ended = aliased(CorrectionStep)
    is_over = exists().where(
        col(ended.worker_id) == col(CorrectionStep.worker_id),
        col(ended.case_id) == col(CorrectionStep.case_id),
        col(ended.act).in_(ENDING),
    )
    query = select(CorrectionStep.worker_id, CorrectionStep.case_id)
    if organisation_id is None:
        query = query.where(col(CorrectionStep.act) == CorrectionAct.OPEN)
    else:
        query = query.where(
            col(CorrectionStep.organisation_id) == organisation_id,
            col(CorrectionStep.act).in_(_HANDING),
        )
    at = col(CorrectionStep.recorded_at)
    oldest_open = case((is_over, None), else_=at).asc()  # Who waits longest is never left off.
    wanted = session.exec(query.order_by(is_over, oldest_open, at.desc()).limit(MOST)).all()
    found = _newest_first(_cases(session, _steps(session, wanted), today))
    mine = (one for one in found if organisation_id in (None, one.last.organisation_id))
    return sorted(mine, key=lambda one: (not one.state.is_open, one.due_on or date.max))


def run_out(session: Session, today: date, *, most: int) -> list[Case]:
    """Return requests whose clock has run out before a day, and nobody wrote that down."""
    later = aliased(CorrectionStep)
    is_last = ~exists().where(
        col(later.worker_id) == col(CorrectionStep.worker_id),
        col(later.case_id) == col(CorrectionStep.case_id),
        col(later.number) > col(CorrectionStep.number),
    )
    query = select(CorrectionStep.worker_id, CorrectionStep.case_id).where(
        col(CorrectionStep.act).in_(CLOCKED), col(CorrectionStep.due_on) < today, is_last
    )
    wanted = session.exec(query.order_by(col(CorrectionStep.due_on)).limit(most)).all()
    return _cases(session, _steps(session, wanted), today)


def who_answers(session: Session, body: Organisation) -> Organisation:
    """Return who puts right what a body vouched for: itself, or the bureau."""
    if body.kind not in ANSWER_NOTHING:
        return body
    is_bureau = col(Organisation.kind) == OrganisationKind.BUREAU
    bureau = session.exec(select(Organisation).where(is_bureau).order_by(col(Organisation.code)))
    return bureau.first() or body


def _case(session: Session, case_id: UUID, today: date) -> Case | None:
    query = select(CorrectionStep).where(col(CorrectionStep.case_id) == case_id)
    steps, calendar = session.exec(query).all(), rule_book(session).calendar
    return judged(steps, today, calendar) if steps else None


def _steps(session: Session, wanted: Iterable[tuple[UUID, UUID]]) -> list[CorrectionStep]:
    """Return all steps of some cases, each told by worker and case."""
    pairs, steps = list(wanted), list[CorrectionStep]()
    for at in range(0, len(pairs), _BATCH):
        part = pairs[at : at + _BATCH]
        query = select(CorrectionStep).where(
            col(CorrectionStep.worker_id).in_({worker_id for worker_id, _ in part}),
            col(CorrectionStep.case_id).in_({case_id for _, case_id in part}),
        )
        steps += session.exec(query)
    return list({one.id: one for one in steps}.values())


def _cases(session: Session, steps: Iterable[CorrectionStep], today: date) -> list[Case]:
    by_case: dict[UUID, list[CorrectionStep]] = defaultdict(list)
    for one in steps:
        by_case[one.case_id].append(one)
    if not by_case:
        return []
    calendar = rule_book(session).calendar
    return [judged(one, today, calendar) for one in by_case.values()]


def _newest_first(cases: Iterable[Case]) -> list[Case]:
    return sorted(cases, key=lambda one: (one.opening.recorded_at, one.opening.id), reverse=True)
