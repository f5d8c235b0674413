"""What is told of a case of one worker: a redemption, an appeal, the review of a pair.

Nothing here names a person: free text is sealed by the archive and only committed to.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from schemas.contracts import Contract, Line
from schemas.vocabulary import CaseAct, CaseKind, Family, IssuerAct, PairVerdict


class Pick(Contract):
    """Units of one lot that a redemption asks for."""

    lot_id: UUID
    units: int = Field(gt=0)


class Lowered(Contract):
    """Units that an agreement takes off what is asked for: nothing is consumed for them."""

    agreement: Line
    """The id of the rule."""
    version: Line
    """Its digest: the exact words that were in force."""
    outcome_id: UUID
    """The lineage that the agreement recognises."""
    units: int = Field(gt=0)


class CarriedLot(Contract):
    """Since when the holder has had the units that one family granted for a carried record."""

    family: Family
    units: int = Field(gt=0)
    """What was granted in all when it was carried."""
    granted_at: datetime


class Carried(Contract):
    """A record of the merged dossier, and what it is called in the surviving one."""

    origin_id: UUID
    """The record in the merged dossier, by its id for good."""
    version_id: UUID
    """Its row that stood when it was carried."""
    record_id: UUID
    """The record in the surviving dossier, by its id for good."""
    is_double: bool = False
    """Whether the surviving dossier had it already: then nothing was added for it."""
    is_changed: bool = False
    """Of a double: whether the surviving dossier's says something else; it stands."""
    lots: tuple[CarriedLot, ...] = ()


class CaseFact(Contract):
    """One event of a case, as the chain hashes it."""

    id: UUID
    case_id: UUID
    """The id of the first event."""
    kind: CaseKind
    act: CaseAct
    reference: str = Field(max_length=80)
    """Who tells it names it once: the same again is a replay or a conflict."""
    effective_on: date
    outcome_id: UUID | None = None
    """The lineage that an appeal is about; of a pair, the later one."""
    other_id: UUID | None = None
    """Of a pair, the earlier lineage."""
    organisation_id: UUID | None = None
    offer_id: UUID | None = None
    picks: tuple[Pick, ...] = ()
    cites: tuple[UUID, ...] = ()
    """The lineages that are shown as evidence; nothing of them is used up."""
    lowered: tuple[Lowered, ...] | None = None
    """What agreements took off what the offer asks for; None when none did."""
    due_on: date | None = None
    verdict: PairVerdict | None = None
    is_upheld: bool | None = None
    """Of an answer or a decision on an appeal; None before there is one."""
    reason: str | None = None
    """A code of the vocabulary catalogue, ``reason.<code>``."""
    carried_from: UUID | None = None
    """The case of a merged dossier that this one carries on."""
    dossier_id: UUID | None = None
    """Of a merger: the worker of the other dossier, by pseudonym."""
    carried: tuple[Carried, ...] | None = None
    """Of a merger: which records came from the other dossier."""


class IssuerFact(Contract):
    """One decision on the credits of an issuer's outcomes."""

    id: UUID
    case_id: UUID
    act: IssuerAct
    issuer_id: UUID
    effective_on: date
    begins_on: date
    """First day of the outcomes that are meant."""
    ends_on: date
    """Last day of the outcomes that are meant."""
    courses: tuple[str, ...] = ()
    """Keyed digests of the courses that are meant; none means every outcome."""
    due_on: date | None = None
    source: str
    """The decision's number and date."""
