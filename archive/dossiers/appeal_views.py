"""Appeals as they are told: to the worker, to the organisation that answers, to the bureau."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.appealed import (
    addressed,
    changed_since,
    filed_lately,
    filing,
    filings,
    line_of,
    own,
)
from archive.dossiers.at_counter_views import Marks, marks_on
from archive.dossiers.models import Record
from archive.dossiers.names_on_file import names_of
from archive.dossiers.notes import note_in
from archive.dossiers.sealing import unseal
from archive.dossiers.shelves import newest_last
from archive.dossiers.titles import organisation_view, title_of
from archive.people import organisations
from archive.people.actors import Actor
from archive.people.models import Organisation, Worker
from archive.people.permissions import scope_of
from archive.people.privacy import PersonKey, vault_of
from credit_bank.cases import Case, told_cases
from credit_bank.desk import events_with_bodies
from credit_bank.models import CaseEvent
from credit_bank.publishing import rule_book
from credit_bank.traces import case_fact_in
from credit_bank.working_days import Calendar
from schemas.appeals import AppealStep, AppealView
from schemas.cases import CaseFact
from schemas.vocabulary import AppealState, CaseAct, Permission, Scope

_BATCH = 400  # Workers a query; below every database's limit on bound values.
_MOST = 200  # Appeals on a list; the newest are shown.


def of_worker(session: Session, worker_id: UUID, *, today: date) -> tuple[AppealView, ...]:
    """Return a worker's appeals, the newest first."""
    return _views(session, filings(session, worker_id)[::-1], today)


def addressed_to(
    session: Session, organisation_id: UUID | None, *, today: date
) -> tuple[AppealView, ...]:
    """Return the newest appeals that an organisation answers, or all; the open ones first."""
    found = _views(session, filed_lately(session, organisation_id, most=_MOST), today)
    return tuple(sorted(found, key=lambda one: not one.is_open))


def own_view(session: Session, case_id: UUID, *, by: Actor, today: date) -> AppealView:
    """Return one of the asker's own appeals; raises UnknownAppealError."""
    return _views(session, [own(session, case_id, by)], today)[0]


def addressed_view(session: Session, case_id: UUID, *, by: Actor, today: date) -> AppealView:
    """Return one appeal that the asker answers or decides; raises UnknownAppealError."""
    return _views(session, [addressed(session, case_id, by)], today)[0]


def one(session: Session, case_id: UUID, *, today: date) -> AppealView:
    """Return an appeal to who runs the archive; raises UnknownAppealError."""
    return _views(session, [filing(session, case_id)], today)[0]


def seen_by(session: Session, case_id: UUID, *, by: Actor, today: date) -> AppealView:
    """Return one appeal to whom it concerns: its worker, its organisation, the bureau.

    Raises UnknownAppealError.
    """
    if scope_of(by, Permission.READ_APPEAL) is Scope.OWN:
        return own_view(session, case_id, by=by, today=today)
    return addressed_view(session, case_id, by=by, today=today)


@dataclass(slots=True)
class _Known:
    """What is looked up for some appeals at once."""

    today: date
    calendar: Calendar
    keys: Mapping[UUID, PersonKey]
    names: Mapping[UUID, str]
    workers: Mapping[UUID, Worker]
    organisations: Mapping[UUID, Organisation]
    titles: Mapping[UUID, str]
    marks: Marks
    steps: dict[UUID, list[tuple[CaseEvent, CaseFact]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def _views(session: Session, openings: Sequence[CaseEvent], today: date) -> tuple[AppealView, ...]:
    found: dict[UUID, AppealView] = {}
    whose = list(dict.fromkeys(opening.worker_id for opening in openings))
    for at in range(0, len(whose), _BATCH):
        part = set(whose[at : at + _BATCH])
        mine = [opening for opening in openings if opening.worker_id in part]
        known = _known(session, mine, today)
        for opening in mine:
            changed = changed_since(session, opening.worker_id, opening.recorded_at)
            found[opening.id] = _view(opening, known, is_put_right=opening.outcome_id in changed)
    return tuple(found[opening.id] for opening in openings)


def _known(session: Session, openings: Sequence[CaseEvent], today: date) -> _Known:
    whose = sorted({opening.worker_id for opening in openings})
    keys = vault_of(session).keys_of(whose)
    names = names_of(session, whose, keys)
    workers = session.exec(select(Worker).where(col(Worker.worker_id).in_(whose)))
    wanted = {opening.organisation_id for opening in openings if opening.organisation_id}
    known = _Known(
        today=today,
        calendar=rule_book(session).calendar,
        keys=keys,
        names={worker_id: one.present for worker_id, one in names.items()},
        workers={worker.worker_id: worker for worker in workers},
        organisations=organisations.by_id(session, wanted),
        titles=_titles(session, openings, keys),
        marks=marks_on(session, whose),
    )
    cases = {opening.case_id for opening in openings}
    for event, body in events_with_bodies(session, whose):
        if event.case_id in cases:
            known.steps[event.case_id].append((event, case_fact_in(body)))
    return known


def _titles(
    session: Session, openings: Sequence[CaseEvent], keys: Mapping[UUID, PersonKey]
) -> dict[UUID, str]:
    """Return what each record is called now; nothing of a person whose key is destroyed."""
    query = select(Record).where(
        col(Record.worker_id).in_([opening.worker_id for opening in openings]),
        col(Record.original_id).in_([opening.outcome_id for opening in openings]),
    )
    newest = {row.original_id: row for row in newest_last(list(session.exec(query)))}
    return {
        record_id: title_of(unseal(keys[row.worker_id], row.sealed).content)
        for record_id, row in newest.items()
        if row.worker_id in keys
    }


def _view(opening: CaseEvent, known: _Known, *, is_put_right: bool) -> AppealView:
    steps = known.steps[opening.case_id]
    case = told_cases(fact for _, fact in steps)[opening.case_id]
    key = known.keys.get(opening.worker_id)
    state = state_of(case, known.today)
    if opening.outcome_id is None or opening.organisation_id is None:
        raise ValueError(opening.id)  # An appeal is filed with both.
    return AppealView(
        case_id=case.id,
        archive_number=known.workers[opening.worker_id].archive_number,
        holder=known.names.get(opening.worker_id),
        record_id=opening.outcome_id,
        entry_id=line_of(opening),
        title=known.titles.get(opening.outcome_id),
        organisation=organisation_view(known.organisations[opening.organisation_id]),
        state=state,
        opened_on=case.opened_on,
        due_on=case.due_on if case.is_open else None,
        counts_on_weekdays=case.is_open and _lacks_list(case, known.calendar),
        is_open=case.is_open,
        can_escalate=_can_escalate(case, state, known.today),
        is_put_right=is_put_right,
        steps=tuple(
            AppealStep(
                act=fact.act,
                effective_on=fact.effective_on,
                recorded_at=event.recorded_at,
                text=note_in(key, event),
                is_upheld=fact.is_upheld,
                due_on=fact.due_on,
                counter=known.marks.get(event.id),
            )
            for event, fact in steps
        ),
    )


def state_of(case: Case, today: date) -> AppealState:  # noqa: PLR0911  # One answer a state.
    """Return where an appeal stands, in the word that people are told."""
    match case.last:
        case CaseAct.ANSWER if not case.is_upheld:
            return AppealState.REJECTED
        case CaseAct.ESCALATE:
            return AppealState.WITH_BUREAU
        case CaseAct.DECIDE if not case.is_upheld:
            return AppealState.DISMISSED
        case CaseAct.ANSWER | CaseAct.DECIDE:
            return AppealState.UPHELD
        case CaseAct.WITHDRAW:
            return AppealState.WITHDRAWN
        case CaseAct.LAPSE:
            return AppealState.LAPSED
        case _:
            late = case.due_on is not None and case.due_on < today
            return AppealState.OVERDUE if late else AppealState.WAITING


def _can_escalate(case: Case, state: AppealState, today: date) -> bool:
    in_time = case.due_on is None or today <= case.due_on
    return state is AppealState.OVERDUE or (state is AppealState.REJECTED and in_time)


def _lacks_list(case: Case, calendar: Calendar) -> bool:
    """Whether a year on the way to the last day has no list of holidays."""
    if case.due_on is None:
        return False
    years = range((case.last_on + timedelta(days=1)).year, case.due_on.year + 1)
    return any(year not in calendar.by_year for year in years)
