"""What is told of a request for correction or addition: to the worker and who answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from schemas.contracts import Contract
from schemas.counter import CounterMark
from schemas.dossiers import OrganisationView
from schemas.vocabulary import CorrectionAct, CorrectionKind, CorrectionState, RecordKind

Told = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class CorrectionTold(Contract):
    """What a step says: kept sealed under the person's key."""

    text: Told = ""
    """What is wrong or missing; of an answer, why."""
    right: Told = ""
    """What would be right; only where the request is opened."""
    file_name: str = ""
    """How the worker called the file that is sent along."""


class CorrectionStepView(Contract):
    """Something that happened to a request."""

    act: CorrectionAct
    effective_on: date
    recorded_at: datetime | None
    """None of what the clock did and nobody has written down yet."""
    by: OrganisationView | None
    """Whose staff did it; None for the worker and the clock."""
    organisation: OrganisationView
    """With whom it is from then on."""
    due_on: date | None
    told: CorrectionTold | None
    """None when nothing was said, or it cannot be opened any more."""
    record_id: UUID | None = None
    """The record that answers the request."""
    is_by_clock: bool = False
    """Whether nobody did it: a last day was over."""
    counter: CounterMark | None = None


class CorrectionView(Contract):
    """A request for correction or addition, as it stands."""

    case_id: UUID
    kind: CorrectionKind
    archive_number: str
    holder: str | None
    """The worker's name; None when it cannot be opened any more."""
    record_id: UUID | None
    """The record that is wrong; None when one is missing."""
    title: str | None
    """What that record is called."""
    answer_id: UUID | None
    """The record that answers it, once corrected or added."""
    organisation: OrganisationView
    """Whose turn it is, or was last."""
    state: CorrectionState
    opened_on: date
    due_on: date | None
    counts_on_weekdays: bool
    """Whether that day was counted from Monday to Friday, for lack of a list of holidays."""
    is_late: bool
    """Whether the bureau should have decided before."""
    has_evidence: bool
    passes_left: int
    steps: tuple[CorrectionStepView, ...]

    @property
    def is_open(self) -> bool:
        """Whether anyone can still do something about it."""
        return self.state.is_open


class Addable(Contract):
    """A record that an answer can name as the one that was missing."""

    record_id: UUID
    title: str
    kind: RecordKind
    effective_on: date | None


class CorrectionList(Contract):
    """Requests for correction and addition; to who answers, those due soonest first."""

    requests: tuple[CorrectionView, ...]
