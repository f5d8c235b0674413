"""Cases of one worker, and decisions on issuers: what their events have come to. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from credit_bank.errors import CaseActRefusedError
from schemas.cases import Carried, CaseFact, IssuerFact, Lowered, Pick
from schemas.credits import LearningOutcome, TrainingMeasures
from schemas.refusals import Phrase
from schemas.vocabulary import CaseAct, CaseKind, IssuerAct, PairVerdict

_OPEN = CaseAct.OPEN
_NEXT: Mapping[CaseKind, Mapping[CaseAct | None, frozenset[CaseAct]]] = {
    CaseKind.REDEMPTION: {
        None: frozenset({_OPEN}),
        _OPEN: frozenset({CaseAct.ACCEPT, CaseAct.DECLINE, CaseAct.WITHDRAW, CaseAct.LAPSE}),
        CaseAct.ACCEPT: frozenset({CaseAct.ANNUL, CaseAct.CARRY}),
    },
    CaseKind.APPEAL: {
        None: frozenset({_OPEN}),
        _OPEN: frozenset({CaseAct.ANSWER, CaseAct.ESCALATE, CaseAct.WITHDRAW}),
        CaseAct.ANSWER: frozenset({CaseAct.ESCALATE, CaseAct.LAPSE, CaseAct.WITHDRAW}),
        CaseAct.ESCALATE: frozenset({CaseAct.DECIDE, CaseAct.WITHDRAW}),
    },
    CaseKind.REVIEW: {
        None: frozenset({CaseAct.DECIDE}),
        CaseAct.DECIDE: frozenset({CaseAct.DECIDE}),
    },
    CaseKind.MERGER: {
        None: frozenset({CaseAct.CARRY, CaseAct.CLOSE}),
    },
}
"""Which act may follow which; a review may be decided anew, for it binds no one else."""


@dataclass(slots=True)
class Case:
    """A case as its events have left it."""

    id: UUID
    kind: CaseKind
    opened_on: date
    last_on: date
    outcome_id: UUID | None = None
    other_id: UUID | None = None
    organisation_id: UUID | None = None
    offer_id: UUID | None = None
    picks: tuple[Pick, ...] = ()
    lowered: tuple[Lowered, ...] = ()
    last: CaseAct | None = None
    due_on: date | None = None
    verdict: PairVerdict | None = None
    is_upheld: bool | None = None
    carried_from: UUID | None = None
    carried: tuple[Carried, ...] = ()

    def follow(self, fact: CaseFact) -> None:
        """Take the next event; raises CaseActRefusedError when it cannot follow."""
        if fact.act not in _NEXT[self.kind].get(self.last, frozenset()):
            raise CaseActRefusedError(act=_word(fact.act), kind=self.kind, last=_word(self.last))
        self.last, self.last_on, self.due_on = fact.act, fact.effective_on, fact.due_on
        self.verdict = fact.verdict or self.verdict
        self.is_upheld = self.is_upheld if fact.is_upheld is None else fact.is_upheld

    @property
    def is_open(self) -> bool:
        """Whether something may still follow that changes what is held."""
        if self.kind is CaseKind.APPEAL:
            rejected = self.last is CaseAct.ANSWER and not self.is_upheld
            return rejected or self.last in (_OPEN, CaseAct.ESCALATE)
        return self.kind is CaseKind.REDEMPTION and self.last is _OPEN


def _word(act: CaseAct | IssuerAct | None) -> Phrase | str:
    """Return the word of a step, which the doors say in their language."""
    if act is None:
        return "—"
    return Phrase(f"{'case_act' if isinstance(act, CaseAct) else 'issuer_act'}.{act}")


def opened(fact: CaseFact) -> Case:
    """Return the case that an event begins; raises CaseActRefusedError."""
    case = Case(
        id=fact.case_id,
        kind=fact.kind,
        opened_on=fact.effective_on,
        last_on=fact.effective_on,
        outcome_id=fact.outcome_id,
        other_id=fact.other_id,
        organisation_id=fact.organisation_id,
        offer_id=fact.offer_id,
        picks=fact.picks,
        lowered=fact.lowered or (),
        carried_from=fact.carried_from,
        carried=fact.carried or (),
    )
    case.follow(fact)
    return case


def told_cases(facts: Iterable[CaseFact]) -> dict[UUID, Case]:
    """Return the cases that events, in their order, have come to."""
    cases: dict[UUID, Case] = {}
    for fact in facts:
        if fact.case_id in cases:
            cases[fact.case_id].follow(fact)
        else:
            cases[fact.case_id] = opened(fact)
    return cases


def verdicts_of(cases: Iterable[Case]) -> dict[frozenset[UUID], PairVerdict]:
    """Return what reviews found, by the pair of lineages."""
    return {
        frozenset({case.outcome_id, case.other_id}): case.verdict
        for case in cases
        if case.kind is CaseKind.REVIEW and case.outcome_id and case.other_id and case.verdict
    }


@dataclass(slots=True)
class Suspension:
    """Decisions on the credits of an issuer's outcomes, as the last has left them."""

    id: UUID
    first: IssuerFact
    last: IssuerFact

    def names(self, outcome: LearningOutcome) -> bool:
        """Whether the decision means this outcome."""
        first = self.first
        if outcome.issuer != first.issuer_id:
            return False
        if not first.begins_on <= outcome.effective_on <= first.ends_on:
            return False
        return self._names_course(outcome)

    def bars(self, outcome: LearningOutcome) -> bool:
        """Whether an outcome ended while its issuer was suspended: such are not taken.

        What ended before the decision is taken, also late, and held if the decision means it.
        """
        if outcome.issuer != self.first.issuer_id or not self._names_course(outcome):
            return False
        last = self.barred_until
        since = outcome.effective_on >= self.first.effective_on
        return since and (last is None or outcome.effective_on <= last)

    @property
    def barred_until(self) -> date | None:
        """The last day of the suspension; None while nobody said when it ends."""
        return self.last.due_on if self.holds else self.last.effective_on - timedelta(days=1)

    def _names_course(self, outcome: LearningOutcome) -> bool:
        measures, courses = outcome.measures, self.first.courses
        if not courses:
            return True
        if not isinstance(measures, TrainingMeasures):
            return False
        return measures.course in courses or measures.compared_name in courses

    @property
    def holds(self) -> bool:
        """Whether units are held now."""
        return self.last.act in (IssuerAct.SUSPEND, IssuerAct.EXTEND)

    @property
    def revokes(self) -> bool:
        """Whether units were revoked."""
        return self.last.act is IssuerAct.REVOKE


_NEXT_ISSUER: Mapping[IssuerAct | None, frozenset[IssuerAct]] = {
    None: frozenset({IssuerAct.SUSPEND}),
    IssuerAct.SUSPEND: frozenset({IssuerAct.EXTEND, IssuerAct.RELEASE, IssuerAct.REVOKE}),
    IssuerAct.EXTEND: frozenset({IssuerAct.RELEASE, IssuerAct.REVOKE}),
    IssuerAct.RELEASE: frozenset(),
    IssuerAct.REVOKE: frozenset(),
}
"""A hold is extended once at most."""


def told_suspensions(facts: Iterable[IssuerFact]) -> dict[UUID, Suspension]:
    """Return what decisions, in their order, have come to; raises CaseActRefusedError."""
    told: dict[UUID, Suspension] = {}
    for fact in facts:
        known = told.get(fact.case_id)
        last = known.last.act if known else None
        if fact.act not in _NEXT_ISSUER[last]:
            raise CaseActRefusedError(act=_word(fact.act), kind="suspension", last=_word(last))
        if known is None:
            told[fact.case_id] = Suspension(fact.case_id, fact, fact)
        else:
            known.last = fact
    return told
