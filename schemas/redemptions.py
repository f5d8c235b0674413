"""What credits can do: offers, the preview of an application, and what became of it.

Amounts are credits as people read them; ``lot_id`` and ``units`` are those of the ledger.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from schemas.addresses import HttpsAddress, Iri
from schemas.applications import ProofView
from schemas.cases import Pick
from schemas.contracts import Bilingual, Contract, Hundredths, Line, OccupationCode
from schemas.counter import CounterMark
from schemas.credits import Credits
from schemas.dossiers import OrganisationView
from schemas.vocabulary import CaseAct, Decision, Fulfilment, Limit, Mode, Rank, Use

OfferCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
"""The organisation's own code of an offer or a course: Latin letters, digits, ``.-_``."""


class Published(Contract):
    """What every offer tells; the same code again replaces what stood under it."""

    code: OfferCode
    title: Line
    title_en: Line
    occupation: OccupationCode | None = None
    rank: Rank | None = None
    in_force_from: date
    in_force_until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.in_force_until and self.in_force_until < self.in_force_from:
            message = "the last day lies before the first"
            raise ValueError(message)
        return self


class OfferAsked(Published):
    """Something that is given for credits, or for records that are shown."""

    kind: Literal["offer"] = "offer"
    use: Use
    credits: Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=4)] = Decimal(0)
    """What is consumed; none where records are only cited."""


class CourseAsked(Published):
    """A course that can be taken."""

    kind: Literal["course"] = "course"
    hours: Annotated[Hundredths, Field(gt=0, le=10_000)]
    fee_fen: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    mode: Mode | None = None
    asks_attendance: bool = False
    """Whether attendance is part of passing."""
    resource: HttpsAddress | None = None
    """Where its digital resource can be opened."""
    identifiers: Annotated[tuple[Iri, ...], Field(max_length=20)] = ()
    """Under which course platforms know it: activities of xAPI, achievements of Open Badges."""
    is_published: bool = True
    """Whether the public catalogue shows it."""


class OfferView(Contract):
    """Something that is offered, and by whom."""

    id: UUID
    code: str
    use: Use
    title: Bilingual
    organisation: OrganisationView
    occupation: str | None
    occupation_name: Bilingual | None
    rank: Rank | None
    credits: Credits
    consumes: bool
    """Whether credits are used up; else records are only shown."""
    in_force_from: date
    in_force_until: date | None


class CourseView(Contract):
    """A course that can be taken."""

    id: UUID
    code: str
    title: Bilingual
    organisation: OrganisationView
    occupation: str | None
    occupation_name: Bilingual | None
    rank: Rank | None
    hours: Hundredths
    fee_fen: int | None
    mode: Mode | None
    asks_attendance: bool = False
    resource: str | None = None
    identifiers: tuple[str, ...] = ()
    is_published: bool = True
    in_force_from: date
    in_force_until: date | None


class OfferList(Contract):
    """What is offered on a day."""

    on: date
    offers: tuple[OfferView, ...]
    courses: tuple[CourseView, ...]


class OwnOffers(Contract):
    """What an organisation offers, by whether it counts today."""

    in_force: OfferList
    coming: OfferList
    ended: OfferList


class OfferEndAsked(Contract):
    """That something is not offered any more after a day."""

    kind: Literal["offer", "course"] = "offer"
    last_day: date


class OfferPublished(Contract):
    """What was published: an offer or a course."""

    id: UUID
    code: str
    replaces: UUID | None


class LotLine(Contract):
    """A lot: what is left of it, what would be taken, and why."""

    lot_id: UUID
    record_id: UUID
    title: str
    provider: Bilingual
    available: Credits
    taken: Credits
    last_day: date | None
    reason: Bilingual
    limits: tuple[Limit, ...] = ()
    """What keeps the rest of it from being used."""


class LoweredView(Contract):
    """What an agreement takes off what is asked for, and by which record."""

    agreement: str
    version: str
    giver: str
    """The code of the party whose record is recognised."""
    clause: Bilingual
    source: str
    record_id: UUID
    title: str
    credits: Credits


class Preview(Contract):
    """What an application would use, or why it cannot be made."""

    archive_number: str
    offer: OfferView
    on: date
    is_possible: bool
    is_limited: bool
    """Whether the limits of a redemption bind."""
    rule: str | None
    source: str | None
    asked: Credits
    """What the offer asks for of everyone."""
    needed: Credits
    """What is left of it after agreements: so much would be consumed."""
    lowered: tuple[LoweredView, ...] = ()
    available: Credits
    missing: Credits
    lines: tuple[LotLine, ...]
    problems: tuple[Bilingual, ...]
    picks: tuple[Pick, ...]
    """What ``apply`` would hold: give it back to get exactly this, or a refusal."""
    cites: tuple[ProofView, ...] = ()
    """Records that would be shown; nothing of them is used up."""
    state: Fulfilment | None = None
    """Where records are cited: whether the conditions hold."""


class UsedLot(Contract):
    """What an application took of one lot."""

    record_id: UUID
    title: str
    provider: Bilingual
    credits: Credits


class RedemptionEvent(Contract):
    """Something that happened to an application."""

    act: CaseAct
    effective_on: date
    recorded_at: datetime
    note: str | None
    """What was written with it."""
    reason: str | None
    """A code of the vocabulary, for what happened by itself."""
    counter: CounterMark | None = None
    """None unless it was done at the counter."""


class RedemptionView(Contract):
    """An application and what became of it."""

    id: UUID
    archive_number: str
    name: str
    offer: OfferView | None
    """None when the offer is not known here any more."""
    state: CaseAct
    """The last thing that happened."""
    credits: Credits
    """What is consumed, after agreements."""
    lots: tuple[UsedLot, ...]
    lowered: tuple[LoweredView, ...] = ()
    """What agreements took off what the offer asks for."""
    cites: tuple[ProofView, ...]
    opened_on: date
    waits_days: int | None = None
    """How many days it has waited for its answer, to which no rule sets an end; else None."""
    events: tuple[RedemptionEvent, ...]

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return self.state is CaseAct.OPEN


class RedemptionList(Contract):
    """Applications, those that wait first, then the newest."""

    redemptions: tuple[RedemptionView, ...]


class ChosenCourse(Contract):
    """A course of the way to a goal, and what it would earn."""

    course: CourseView
    credits: Credits
    decision: Decision
    reason: str
    """A code of the vocabulary, ``reason.<code>``."""
    why: tuple[Bilingual, ...]


class NextStep(Contract):
    """The cheapest courses that reach a goal, or why none do."""

    archive_number: str
    on: date
    """The day on which all courses are taken to be passed."""
    by: Literal["hours", "fee"]
    offer: OfferView | None
    occupation: str | None
    occupation_name: Bilingual | None
    rank: Rank | None
    is_reached: bool
    """Whether the courses (or what is there already) reach the goal."""
    is_cut: bool
    """Whether the search ended early: then something cheaper may exist."""
    courses: tuple[ChosenCourse, ...]
    hours: Hundredths
    fee_fen: int
    fees_unknown: int
    """How many of the courses have a fee that nobody told."""
    says: tuple[Bilingual, ...]
    useless: tuple[ChosenCourse, ...]
    """Offered courses that would earn nothing, and why."""
    preview: tuple[LotLine, ...] = ()
    """What the redemption would use then."""
