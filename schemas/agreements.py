"""Agreements on mutual recognition: what is proposed, and how it is shown."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract, Hundredths, Line, OccupationCode
from schemas.credits import Credits
from schemas.vocabulary import AgreementEffect, AgreementState, Rank

PartyCode = Annotated[str, Field(min_length=1, max_length=60)]
"""The code of an organisation, or ``scheme:CODE`` for another credit bank."""

Number = Annotated[str, Field(max_length=20)]
"""Credits or a fraction, as they are written: ``"2.5"``, ``"3/4"``."""


class AgreementDraft(Contract):
    """What one party proposes to the other."""

    giver: PartyCode
    receiver: PartyCode
    effect: AgreementEffect
    occupation: OccupationCode | None = None
    course: Line | None = None
    """The name of the course that is recognised."""
    rank: Rank | None = None
    """The level of what is recognised."""
    needed: Rank | None = None
    """The level that the receiver asks for."""
    overlap: Annotated[Hundredths, Field(ge=0, le=100)]
    factor: Number | None = None
    """Of a transfer: an exact fraction such as ``3/4``."""
    credits: Number | None = None
    """Of a transfer: what the giver credits for it, where no credit bank tells."""
    credits_a_year: Number | None = None
    requirement: Line | None = None
    """Of an exemption: the course or module that the receiver does not ask for any more."""
    lowered_by: Number | None = None
    in_force_from: date
    in_force_until: date | None = None
    notice_days: Annotated[int, Field(ge=1, le=365)] = 30
    source: Annotated[str, Field(min_length=4, max_length=200)]
    """Number or title of the agreement that was signed."""
    replaces: Annotated[str, Field(max_length=80)] | None = None
    """The agreement between the same parties that ends the day before this one begins."""


class PartyView(Contract):
    """A party of an agreement."""

    code: str
    name: Bilingual
    is_scheme: bool
    """Whether it is another credit bank, not an organisation of this archive."""


class AgreementView(Contract):
    """An agreement, proposed or published."""

    id: str
    state: AgreementState
    giver: PartyView
    receiver: PartyView
    effect: AgreementEffect
    occupation: OccupationCode | None
    occupation_name: Bilingual | None
    course: str | None
    rank: Rank | None
    needed: Rank | None
    overlap: Hundredths
    factor: str | None
    credits: Credits | None
    credits_a_year: Credits | None
    requirement: str | None
    lowered_by: Credits | None
    in_force_from: date
    in_force_until: date | None
    """Its last day: its own, or the day before its end or what replaces it."""
    notice_days: int
    source: str
    version: str | None
    """Digest of the published bytes; None while it is only proposed."""
    proposal_id: UUID | None
    """The proposal by which it came, or that still waits."""
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    answered_by: str | None = None
    reason: str | None = None
    """Why it was declined."""
    end_proposal_id: UUID | None = None
    """A notice of its end that a second person has not confirmed yet."""
    ends_on: date | None = None
    """The first day without it, as that notice says."""
    may_answer: bool = False
    """Whether the asking account may accept or decline it."""
    may_end: bool = False
    may_confirm_end: bool = False


class AgreementList(Contract):
    """Agreements, as they stand on a day."""

    on: date
    agreements: tuple[AgreementView, ...]


class SchemeView(Contract):
    """Another credit bank with which agreements can be made."""

    code: str
    name: Bilingual


class SchemeList(Contract):
    """All other credit banks in the directory."""

    schemes: tuple[SchemeView, ...]


class SchemeAsked(Contract):
    """Another credit bank to take into the directory."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,39}$")]
    name: Line
    name_en: Line
