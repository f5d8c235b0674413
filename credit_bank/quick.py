"""The quick way of deposits: what comes in order needs none of the dossiers that are there.

A judgement depends on what shares its subject, on the year's cap and on courses of its
name, all of which the database sums up, for many workers at once. Whatever else may matter
sends a deposit the long way: a correction, an earlier day, a case, a decision on the issuer,
an agreement about it, a certificate that names its course, a course of a name that is known
(under any number of its occupation), a level of an occupation that had another number.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select
from sqlmodel import Session, col
from sqlmodel import select as select_one

from credit_bank.booking import Deposit, course_keys, look_ups
from credit_bank.bulk import table_of
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

Outcomes = Mapping[UUID, LearningOutcome]
"""One outcome of each worker."""

_BATCH = 400  # Workers a query; below every database's limit on bound values.


_OUTCOME, _ENTRY, _EVENT = (table_of(one).c for one in (Outcome, Entry, CaseEvent))
_WHOSE: BindParameter[UUID] = bindparam("whose", expanding=True)
_SOUGHT: BindParameter[Any] = bindparam("sought", expanding=True)

_CASES = select(_EVENT.worker_id).where(_EVENT.worker_id.in_(_WHOSE)).distinct()
_OF_FIRST_RELEASE = (
    select(_OUTCOME.worker_id)
    .where(_OUTCOME.worker_id.in_(_WHOSE), _OUTCOME.subject_key.is_(None))
    .distinct()
)
_LATER = (
    select(_OUTCOME.worker_id, func.max(_OUTCOME.effective_on).label("last_on"))
    .where(_OUTCOME.worker_id.in_(_WHOSE), _OUTCOME.effective_on >= bindparam("since"))
    .group_by(_OUTCOME.worker_id)
)

# What is sought of some workers is compared beside the index: SQLite would else go through it
# once for each worker and each of the values.
_COURSES = (
    select(_OUTCOME.worker_id, _OUTCOME.course_key.label("told"))
    .where(_OUTCOME.worker_id.in_(_WHOSE), func.coalesce(_OUTCOME.course_key, b"").in_(_SOUGHT))
    .distinct()
)
_LEVELS = (
    select(_OUTCOME.worker_id, _OUTCOME.occupation.label("told"))
    .where(
        _OUTCOME.worker_id.in_(_WHOSE),
        _OUTCOME.kind == RecordKind.CERTIFICATE,
        func.coalesce(_OUTCOME.occupation, "").in_(_SOUGHT),
    )
    .distinct()
)
_SHARING = (
    select(_OUTCOME.worker_id, _OUTCOME.lineage_id, _OUTCOME.subject_key.label("told"))
    .where(_OUTCOME.worker_id.in_(_WHOSE), func.coalesce(_OUTCOME.subject_key, b"").in_(_SOUGHT))
    .distinct()
    .subquery()
)
_GRANTED = (_ENTRY.cause == Cause.GRANT, _ENTRY.family == bindparam("family"))
_CREDITED = (
    select(_SHARING.c.worker_id, _SHARING.c.told, func.sum(_ENTRY.posted_units).label("units"))
    .where(
        _ENTRY.worker_id == _SHARING.c.worker_id,
        _ENTRY.outcome_id == _SHARING.c.lineage_id,
        *_GRANTED,
    )
    .group_by(_SHARING.c.worker_id, _SHARING.c.told)
)
_USED = (
    select(_ENTRY.worker_id, func.sum(_ENTRY.posted_units).label("units"))
    .where(
        _ENTRY.worker_id.in_(_WHOSE),
        _ENTRY.effective_on.between(bindparam("first"), bindparam("last")),
        *_GRANTED,
    )
    .group_by(_ENTRY.worker_id)
)


class QuickLook:
    """What the database says of the outcomes of workers without reading them.

    Their chain heads are locked.
    """

    def __init__(self, session: Session | None, suspensions: Mapping[UUID, Suspension]) -> None:
        """Look by a session; None looks at dossiers that begin, in which there is nothing yet.

        ``suspensions`` are the decisions on issuers.
        """
        self._session = session
        self._suspensions = suspensions

    def is_fresh(self, worker_id: UUID, deposit: Deposit) -> bool:
        """Whether a deposit is a first one: neither a replay nor a correction."""
        if deposit.act is not Act.ADD or deposit.id != deposit.outcome.id:
            return False
        if deposit.is_new or self._session is None:
            return True
        known = select_one(Outcome.id).where(
            col(Outcome.worker_id) == worker_id,
            (col(Outcome.reference) == deposit.reference) | (col(Outcome.id) == deposit.id),
        )
        return self._session.exec(known.limit(1)).first() is None

    def judge(self, outcomes: Outcomes, rules: RuleBook) -> dict[UUID, Judgement | None]:
        """Return what the rules make of those outcomes that come in order, by worker.

        None stands for an outcome of a kind without a family. Of the workers left out the
        dossier must be read: something there may depend on the outcome, or it on something
        unusual.
        """
        usual = [
            (whose, one)
            for whose, one in outcomes.items()
            if _is_usual(one, rules, self._suspensions)
        ]
        judged: dict[UUID, Judgement | None] = {}
        for at in range(0, len(usual), _BATCH):
            part = dict(usual[at : at + _BATCH])
            for whose in self._disturbed(part, rules):
                part.pop(whose, None)
            judged |= self._judged(part, rules)
        return judged

    def _disturbed(self, outcomes: Outcomes, rules: RuleBook) -> set[UUID]:
        """Return in whose dossiers there is something before which an outcome cannot pass."""
        whose = list(outcomes)
        found = {row.worker_id for row in self._rows(_CASES, whose)}
        found |= {row.worker_id for row in self._rows(_OF_FIRST_RELEASE, whose)}
        first = min(one.effective_on for one in outcomes.values())
        for row in self._rows(_LATER, whose, since=first):
            if row.last_on >= outcomes[row.worker_id].effective_on:
                found.add(row.worker_id)
        named = {who: set(_courses(one, rules)) for who, one in outcomes.items()}
        levels = {who: _other_numbers(one, rules) for who, one in outcomes.items()}
        return found | self._that_have(_COURSES, named) | self._that_have(_LEVELS, levels)

    def _that_have(self, query: Select[Any], sought: Mapping[UUID, Any]) -> set[UUID]:
        """Return the workers of whom a query finds what is sought of them."""
        wanted = {worker_id: values for worker_id, values in sought.items() if values}
        if not wanted:
            return set()
        every = list(set().union(*wanted.values()))
        rows = self._rows(query, list(wanted), sought=every)
        return {row.worker_id for row in rows if row.told in wanted[row.worker_id]}

    def _judged(self, outcomes: Outcomes, rules: RuleBook) -> dict[UUID, Judgement | None]:
        judged: dict[UUID, Judgement | None] = dict.fromkeys(outcomes)
        alike: dict[tuple[Family, int], dict[UUID, LearningOutcome]] = defaultdict(dict)
        for worker_id, outcome in outcomes.items():
            family = FAMILY_OF.get(outcome.kind)
            if family is not None:
                alike[family, outcome.effective_on.year][worker_id] = outcome
        for (family, year), some in alike.items():
            used, credited = self._used(some, family, year), self._credited(some, family)
            for worker_id, outcome in some.items():
                standing = Standing()
                standing.used[family, year] = used.get(worker_id, 0)
                if shared := shared_subject(outcome):
                    standing.credited[shared] = credited.get(worker_id, 0)
                context = context_of(outcome, family, standing, rules)
                published = rules.in_force(family, outcome.effective_on)
                result = judge(outcome, published, context, rules)
                judged[worker_id] = Judgement(outcome, family, published, context, result)
        return judged

    def _used(self, outcomes: Outcomes, family: Family, year: int) -> dict[UUID, int]:
        """Return what outcomes of a year were granted in all, by worker."""
        days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
        rows = self._rows(_USED, list(outcomes), family=family, **days)
        return {row.worker_id: int(row.units) for row in rows}

    def _credited(self, outcomes: Outcomes, family: Family) -> dict[UUID, int]:
        """Return what the outcomes that share an outcome's subject were granted, by worker."""
        subjects = {
            worker_id: key
            for worker_id, outcome in outcomes.items()
            if (key := look_ups(outcome)["subject_key"])
        }
        if not subjects:
            return {}
        sought = list(set(subjects.values()))
        rows = self._rows(_CREDITED, list(subjects), family=family, sought=sought)
        return {
            row.worker_id: int(row.units) for row in rows if row.told == subjects[row.worker_id]
        }

    def _rows(self, query: Select[Any], whose: list[UUID], **told: object) -> Sequence[Row[Any]]:
        if self._session is None:
            return ()
        return self._session.connection().execute(query, {"whose": whose, **told}).all()


def _is_usual(
    outcome: LearningOutcome, rules: RuleBook, suspensions: Mapping[UUID, Suspension]
) -> bool:
    """Whether the outcome depends on nothing but what the database sums up."""
    measures = outcome.measures
    if isinstance(measures, CertificateMeasures) and measures.prepared_by:
        return False
    return not covering(outcome, rules) and not any(
        one.names(outcome) for one in suspensions.values()
    )


def _courses(outcome: LearningOutcome, rules: RuleBook) -> list[bytes]:
    """Return the digests of a course under every number of its occupation."""
    code = outcome.occupation or ""
    return course_keys(outcome, {code, *rules.kin.get(code, ())})


def _other_numbers(outcome: LearningOutcome, rules: RuleBook) -> frozenset[str]:
    """Return the numbers that the occupation of a certificate had or has besides its own."""
    if not isinstance(outcome.measures, CertificateMeasures):
        return frozenset()
    return rules.kin.get(outcome.occupation or "", frozenset())
