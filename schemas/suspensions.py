"""What the bureau decides on the credits of an organisation, as it is told."""

from datetime import date, datetime
from uuid import UUID

from schemas.contracts import Contract
from schemas.dossiers import OrganisationView
from schemas.vocabulary import IssuerAct


class IssuerStep(Contract):
    """One decision of a case."""

    act: IssuerAct
    effective_on: date
    recorded_at: datetime
    due_on: date | None
    """Until when it holds unless something else is decided."""
    source: str
    """Number and day of the decision."""


class SuspensionView(Contract):
    """A case on an organisation's credits, as the last decision has left it."""

    case_id: UUID
    organisation: OrganisationView
    begins_on: date
    ends_on: date
    """First and last day of the records that are meant."""
    courses: tuple[str, ...]
    """Names as the decision gave them; none means every record."""
    state: IssuerAct
    due_on: date | None
    """The last day of the hold; None when it is over."""
    can_be_extended: bool
    reason: str
    steps: tuple[IssuerStep, ...]


class SuspensionList(Contract):
    """Cases on organisations' credits, the newest first."""

    suspensions: tuple[SuspensionView, ...]


class SuspensionAsked(Contract):
    """What a clerk proposes to begin."""

    organisation: str
    """The organisation's code."""
    begins_on: date
    ends_on: date
    courses: tuple[str, ...] = ()
    number: str
    """The decision's number."""
    decided_on: date
    reason: str


class SuspensionFollowing(Contract):
    """What a clerk proposes to decide in a case that was begun."""

    act: IssuerAct
    number: str
    decided_on: date
    reason: str
