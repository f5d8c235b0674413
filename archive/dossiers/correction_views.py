"""Requests for correction and addition as they are told: to the worker, to who answers them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import corrections_found as found
from archive.dossiers.at_counter_views import Marks, marks_on
from archive.dossiers.correction_answers import added_since
from archive.dossiers.correction_cases import Case
from archive.dossiers.correction_models import CorrectionStep
from archive.dossiers.correction_steps import key_of, told_in
from archive.dossiers.models import Record
from archive.dossiers.names_on_file import names_of
from archive.dossiers.sealing import unseal
from archive.dossiers.titles import organisation_view, title_of
from archive.files import Evidence, EvidenceGoneError
from archive.people import organisations
from archive.people.actors import Actor
from archive.people.mergers import goes_on_in
from archive.people.models import Account
from archive.people.privacy import PersonKey, vault_of
from archive.people.workers import numbers_of
from credit_bank.publishing import rule_book
from credit_bank.working_days import Calendar
from schemas.corrections import Addable, CorrectionStepView, CorrectionView
from schemas.dossiers import OrganisationView
from schemas.vocabulary import CorrectionAct, Role

_BY_WORKER = (Role.WORKER, Role.CONSOLE)


def of_worker(session: Session, worker_id: UUID, *, today: date) -> tuple[CorrectionView, ...]:
    """Return a worker's requests, the newest first."""
    return _views(session, found.of_worker(session, worker_id, today=today), today)


def in_hand(
    session: Session, organisation_id: UUID | None, *, today: date
) -> tuple[CorrectionView, ...]:
    """Return the requests that an organisation has in hand, or all; those that go on first.

    Of a person who was frozen or erased nothing is told, and nothing can be done.
    """
    views = _views(session, found.in_hand(session, organisation_id, today=today), today)
    return tuple(one for one in views if one.holder is not None)


def own_view(session: Session, case_id: UUID, *, by: Actor, today: date) -> CorrectionView:
    """Return one of the asker's own requests; raises UnknownCorrectionError."""
    return _views(session, [found.own(session, case_id, by=by, today=today)], today)[0]


def addressed_view(session: Session, case_id: UUID, *, by: Actor, today: date) -> CorrectionView:
    """Return a request that the asker answers or decides; raises UnknownCorrectionError."""
    case = found.addressed(session, case_id, by=by, today=today)
    return _views(session, [case], today)[0]


def addable(session: Session, case_id: UUID, *, by: Actor, today: date) -> tuple[Addable, ...]:
    """Return the records that an answer can name as added; raises UnknownCorrectionError."""
    case = found.addressed(session, case_id, by=by, today=today)
    rows = added_since(session, case, by=by)
    keys = vault_of(session).keys_of({row.worker_id for row in rows})
    return tuple(
        Addable(
            record_id=row.id,
            title=title_of(unseal(keys[row.worker_id], row.sealed).content),
            kind=row.kind,
            effective_on=row.effective_on,
        )
        for row in rows
        if row.worker_id in keys
    )


def evidence_of(session: Session, case: Case, kept_in: Evidence) -> bytes:
    """Return the file that was sent along; raises EvidenceGoneError, FrozenError, ErasedError."""
    opening = case.opening
    if opening.evidence is None:
        raise EvidenceGoneError
    key = key_of(session, opening.worker_id)
    return kept_in.get(opening.evidence, opening.worker_id, key)


@dataclass(slots=True)
class _Known:
    """What is looked up for some requests at once."""

    today: date
    calendar: Calendar
    holders: Mapping[UUID, UUID]
    keys: Mapping[UUID, PersonKey]
    names: Mapping[UUID, str]
    numbers: Mapping[UUID, str]
    bodies: Mapping[UUID, OrganisationView]
    accounts: Mapping[UUID, Account]
    titles: Mapping[UUID, str]
    marks: Marks


def _views(session: Session, cases: Sequence[Case], today: date) -> tuple[CorrectionView, ...]:
    if not cases:
        return ()
    known = _known(session, cases, today)
    return tuple(_view(case, known) for case in cases)


def _known(session: Session, cases: Sequence[Case], today: date) -> _Known:
    steps = [step for case in cases for step in case.steps]
    whose = sorted({step.worker_id for step in steps})
    holders = {one: goes_on_in(session, one) for one in whose}
    everyone = sorted({*whose, *holders.values()})
    keys = vault_of(session).keys_of(everyone)
    names = names_of(session, everyone, keys)
    accounts = _accounts(session, steps)
    wanted = {step.organisation_id for step in steps}
    wanted |= {one.organisation_id for one in accounts.values() if one.organisation_id}
    bodies = organisations.by_id(session, wanted)
    return _Known(
        today=today,
        calendar=rule_book(session).calendar,
        holders=holders,
        keys=keys,
        names={one: known.present for one, known in names.items()},
        numbers=numbers_of(session, everyone),
        bodies={one: organisation_view(body) for one, body in bodies.items()},
        accounts=accounts,
        titles=_titles(session, cases, keys),
        marks=marks_on(session, everyone),
    )


def _accounts(session: Session, steps: Iterable[CorrectionStep]) -> dict[UUID, Account]:
    by = {step.recorded_by for step in steps if step.recorded_by}
    query = select(Account).where(col(Account.id).in_(by))
    return {one.id: one for one in session.exec(query)}


def _titles(
    session: Session, cases: Iterable[Case], keys: Mapping[UUID, PersonKey]
) -> dict[UUID, str]:
    """Return what the records that are wrong were called when the worker asked."""
    wanted = {case.opening.record_id for case in cases if case.opening.record_id}
    rows = session.exec(select(Record).where(col(Record.id).in_(wanted)))
    return {
        row.id: title_of(unseal(keys[row.worker_id], row.sealed).content)
        for row in rows
        if row.worker_id in keys
    }


def _view(case: Case, known: _Known) -> CorrectionView:
    opening = case.opening
    holder = known.holders[opening.worker_id]
    return CorrectionView(
        case_id=opening.case_id,
        kind=opening.kind,
        archive_number=known.numbers[holder],
        holder=known.names.get(holder),
        record_id=opening.record_id,
        title=known.titles.get(opening.record_id) if opening.record_id else None,
        answer_id=case.last.record_id if not case.state.is_open else None,
        organisation=known.bodies[case.last.organisation_id],
        state=case.state,
        opened_on=opening.effective_on,
        due_on=case.due_on if case.state.is_open else None,
        counts_on_weekdays=case.rests_on_weekdays(known.calendar),
        is_late=case.is_late(known.today),
        has_evidence=opening.evidence is not None,
        passes_left=case.passes_left,
        steps=(*(_step(one, known) for one in case.steps), *_by_clock(case, known)),
    )


def _step(step: CorrectionStep, known: _Known) -> CorrectionStepView:
    account = known.accounts.get(step.recorded_by) if step.recorded_by else None
    is_worker = account is None or step.id in known.marks or account.role in _BY_WORKER
    whose = account.organisation_id if account and not is_worker else None
    return CorrectionStepView(
        act=step.act,
        effective_on=step.effective_on,
        recorded_at=step.recorded_at,
        by=known.bodies.get(whose) if whose else None,
        organisation=known.bodies[step.organisation_id],
        due_on=step.due_on,
        told=told_in(known.keys.get(step.worker_id), step),
        record_id=step.record_id if step.act is not CorrectionAct.OPEN else None,
        counter=known.marks.get(step.id),
        is_by_clock=step.recorded_by is None,
    )


def _by_clock(case: Case, known: _Known) -> Iterable[CorrectionStepView]:
    """Yield the step that nobody wrote down yet, but that holds."""
    if case.turn is not None:
        yield CorrectionStepView(
            act=case.turn.act,
            effective_on=case.turn.effective_on,
            recorded_at=None,
            by=None,
            organisation=known.bodies[case.last.organisation_id],
            due_on=case.turn.due_on,
            told=None,
            is_by_clock=True,
        )
