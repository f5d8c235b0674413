"""What is told of an appeal: to the worker, to the organisation that answers, to the bureau."""

from datetime import date, datetime
from uuid import UUID

from schemas.contracts import Contract
from schemas.counter import CounterMark
from schemas.dossiers import OrganisationView
from schemas.vocabulary import AppealState, CaseAct


class AppealStep(Contract):
    """Something that happened to an appeal."""

    act: CaseAct
    effective_on: date
    recorded_at: datetime
    text: str | None
    """Why; None when nothing was said, or when it cannot be opened any more."""
    is_upheld: bool | None = None
    """Of an answer or a decision."""
    due_on: date | None = None
    """Until when the next one had to act."""
    counter: CounterMark | None = None
    """None unless it was done at the counter."""


class AppealView(Contract):
    """An appeal against a line of a statement, as it stands."""

    case_id: UUID
    archive_number: str
    holder: str | None
    """The worker's name; None when it cannot be opened any more."""
    record_id: UUID
    entry_id: UUID
    title: str | None
    organisation: OrganisationView
    """Who posted the record, and answers first."""
    state: AppealState
    opened_on: date
    due_on: date | None
    """The last day on which whoever is next can act; None when nobody is, or nobody set it."""
    counts_on_weekdays: bool
    """Whether that day was counted from Monday to Friday, for lack of a list of holidays."""
    is_open: bool
    can_escalate: bool
    """Whether the worker can take it to the bureau today."""
    is_put_right: bool
    """Whether the record was corrected or withdrawn since the appeal was filed."""
    steps: tuple[AppealStep, ...]


class AppealList(Contract):
    """Appeals, the newest first."""

    appeals: tuple[AppealView, ...]
