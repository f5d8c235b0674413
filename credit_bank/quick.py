"""The quick way of a deposit: what comes in order needs none of the dossier that is there.

A judgement depends on what shares its subject, on the year's cap and on courses of its
name, all of which the database sums up. Whatever else may matter sends the deposit the
long way: a correction, an earlier day, a case, a decision on the issuer, an agreement about
it, a certificate that names its course, a course of a name that is known (under any number
of its occupation), a level of an occupation that had another number.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from credit_bank.booking import Deposit, course_keys, look_ups
from credit_bank.cases import Suspension
from credit_bank.conversion import (
    FAMILY_OF,
    Judgement,
    Standing,
    context_of,
    judge,
    shared_subject,
)
from credit_bank.models import CaseEvent, Entry, Outcome
from credit_bank.rulebook import RuleBook
from credit_bank.transferring import covering
from schemas.credits import CertificateMeasures, LearningOutcome
from schemas.vocabulary import Act, Cause, Family, RecordKind


class QuickLook:
    """What the database says of one worker's outcomes without reading them."""

    def __init__(self, session: Session, worker_id: UUID) -> None:
        """Look at one worker, whose chain head is locked."""
        self._session = session
        self._worker_id = worker_id

    def is_fresh(self, deposit: Deposit) -> bool:
        """Whether a deposit is a first one: neither a replay nor a correction."""
        known = select(Outcome.id).where(
            col(Outcome.worker_id) == self._worker_id,
            (col(Outcome.reference) == deposit.reference) | (col(Outcome.id) == deposit.id),
        )
        first = deposit.act is Act.ADD and deposit.id == deposit.outcome.id
        return first and self._session.exec(known.limit(1)).first() is None

    def is_in_order(
        self, outcome: LearningOutcome, rules: RuleBook, suspensions: Mapping[UUID, Suspension]
    ) -> bool:
        """Whether nothing that is there depends on the outcome, and it on nothing unusual."""
        measures = outcome.measures
        if isinstance(measures, CertificateMeasures) and measures.prepared_by:
            return False
        if covering(outcome, rules) or any(one.names(outcome) for one in suspensions.values()):
            return False
        return not self._is_anything_in_the_way(outcome, rules)

    def judge(self, outcome: LearningOutcome, rules: RuleBook) -> Judgement | None:
        """Return what the rules make of an outcome in order; None when its kind has no family."""
        family = FAMILY_OF.get(outcome.kind)
        if family is None:
            return None
        standing, shared = Standing(), shared_subject(outcome)
        if shared:
            standing.credited[shared] = self._credited(family, outcome)
        year = outcome.effective_on.year
        standing.used[family, year] = self._used(family, year)
        context = context_of(outcome, family, standing, rules)
        published = rules.in_force(family, outcome.effective_on)
        return Judgement(
            outcome, family, published, context, judge(outcome, published, context, rules)
        )

    def _is_anything_in_the_way(self, outcome: LearningOutcome, rules: RuleBook) -> bool:
        mine = col(Outcome.worker_id) == self._worker_id
        later = select(Outcome.id).where(mine, col(Outcome.effective_on) >= outcome.effective_on)
        old = select(Outcome.id).where(mine, col(Outcome.subject_key).is_(None))
        case = select(CaseEvent.id).where(col(CaseEvent.worker_id) == self._worker_id)
        ways = [later, old, case]
        kin = rules.kin.get(outcome.occupation or "")
        if kin and isinstance(outcome.measures, CertificateMeasures):
            ways.append(
                select(Outcome.id).where(
                    mine,
                    col(Outcome.kind) == RecordKind.CERTIFICATE,
                    col(Outcome.occupation).in_(kin),
                )
            )
        codes = {outcome.occupation or "", *(kin or ())}
        if courses := course_keys(outcome, codes):
            ways.append(select(Outcome.id).where(mine, col(Outcome.course_key).in_(courses)))
        return any(self._session.exec(way.limit(1)).first() is not None for way in ways)

    def _credited(self, family: Family, outcome: LearningOutcome) -> int:
        """Return what the outcomes that share its subject were granted in all."""
        shared = select(Outcome.lineage_id).where(
            col(Outcome.worker_id) == self._worker_id,
            col(Outcome.subject_key) == look_ups(outcome)["subject_key"],
        )
        granted = self._granted(family).where(col(Entry.outcome_id).in_(shared))
        return int(self._session.exec(granted).one())

    def _used(self, family: Family, year: int) -> int:
        """Return what outcomes of a year were granted in all."""
        whole = col(Entry.effective_on).between(date(year, 1, 1), date(year, 12, 31))
        granted = self._granted(family).where(whole)
        return int(self._session.exec(granted).one())

    def _granted(self, family: Family) -> SelectOfScalar[int]:
        return select(func.coalesce(func.sum(col(Entry.posted_units)), 0)).where(
            col(Entry.worker_id) == self._worker_id,
            col(Entry.cause) == Cause.GRANT,
            col(Entry.family) == family,
        )
