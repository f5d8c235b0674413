"""What an organisation is accredited to post, as it is asked for and told."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract, Line, OccupationCode
from schemas.dossiers import OrganisationView
from schemas.vocabulary import AccreditationAct, AccreditationState, LearningKind, Rank


class PostingScope(Contract):
    """Which records may be posted; what is left out is not limited."""

    kinds: tuple[LearningKind, ...] | None = Field(default=None, min_length=1)
    occupations: tuple[OccupationCode, ...] | None = Field(
        default=None, min_length=1, max_length=100
    )
    """Codes of the classification; a record without an occupation is in none of them."""
    highest_rank: Rank | None = None
    """A record without a level is below each."""


class AccreditationAsked(Contract):
    """What a clerk proposes to record: by which act, for what, from when to when."""

    organisation: str
    """The organisation's code."""
    act: AccreditationAct
    scope: PostingScope = PostingScope()
    first_on: date
    last_on: date | None = None
    """None while no end is known."""
    document: Line
    """Number and issuer of the paper that says so."""


class AccreditationChangeAsked(Contract):
    """What a clerk proposes to end, or to narrow from a day on."""

    from_on: date
    """The first day on which it no longer counts, or counts for less."""
    scope: PostingScope | None = None
    """What it still counts for, what is left out staying as it was; None ends it."""
    reason: Line
    document: Line
    """Number of the decision, or where else it was learnt."""


class PostingScopeView(PostingScope):
    """The same in words."""

    occupation_names: tuple[Bilingual, ...] = ()


class AccreditationChangeView(Contract):
    """An end or a narrowing that is on record."""

    from_on: date
    scope: PostingScopeView | None
    """All that is left from then on; None for an end."""
    reason: str
    document: str
    recorded_by: str
    recorded_at: datetime


class AccreditationView(Contract):
    """An accreditation and what became of it."""

    id: UUID
    organisation: OrganisationView
    act: AccreditationAct
    scope: PostingScopeView
    """As it was given; see the changes for what is left of it."""
    first_on: date
    last_on: date | None
    """The last day on which it counts for anything, ends taken into account."""
    document: str
    state: AccreditationState
    """On the day on which it is asked for."""
    recorded_by: str
    recorded_at: datetime
    changes: tuple[AccreditationChangeView, ...] = ()
    """The earliest first."""


class AccreditationList(Contract):
    """Accreditations; those that count first."""

    is_required: bool
    """Whether an organisation without any on record can post nothing."""
    accreditations: tuple[AccreditationView, ...]
