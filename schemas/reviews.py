"""Pairs of courses that may be one, as the bureau reviews them."""

from datetime import date
from uuid import UUID

from schemas.contracts import Contract
from schemas.dossiers import OrganisationView, RecordView
from schemas.vocabulary import PairVerdict


class PairLine(Contract):
    """A pair on the list, without anything that names a person."""

    archive_number: str
    later_id: UUID
    """The record that posts nothing while the pair waits."""
    earlier_id: UUID
    later_by: OrganisationView
    earlier_by: OrganisationView
    later_on: date
    earlier_on: date
    verdict: PairVerdict | None
    """None while nobody decided."""
    decided_on: date | None


class PairList(Contract):
    """Pairs, the longest waiting first; those that were decided after them."""

    pairs: tuple[PairLine, ...]


class PairView(Contract):
    """Both records of a pair, to be compared."""

    archive_number: str
    earlier: RecordView
    later: RecordView
    verdict: PairVerdict | None
    decided_on: date | None
    reason: str | None
    """Why it was decided so; None when it was not, or when it cannot be opened any more."""
