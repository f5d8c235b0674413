"""What an organisation posts of days on which it is suspended, or not accredited, is not taken.

One check for single records and for files: writing.py calls it for every row that enters a
dossier, the intake before it, so that the report can name the row.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.shelves import Version
from archive.errors import ArchiveError
from archive.people.accreditation import Accredited
from credit_bank.cases import Suspension
from schemas.credits import LearningOutcome
from schemas.records import Record as AnyRecord


class IssuerSuspendedError(ArchiveError):
    """The record ended while the organisation was suspended."""

    code: ClassVar[str] = "issuer_suspended"
    template: ClassVar[str] = (
        "The organisation is suspended from {first} on by the decision {source}; what ended since "
        "cannot be posted. What ended before can, and its credits are held if the decision "
        "means it."
    )


class IssuerWasSuspendedError(IssuerSuspendedError):
    """The record ended while the organisation was suspended; that time is over."""

    code: ClassVar[str] = "issuer_was_suspended"
    template: ClassVar[str] = (
        "The organisation was suspended from {first} to {last} by the decision {source}; what "
        "ended in this time cannot be posted. Check the day."
    )


def refuse_barred(
    outcome: LearningOutcome | None, decisions: Iterable[Suspension], *, known_day: date | None
) -> None:
    """Raise IssuerSuspendedError for an outcome of a day on which its issuer was suspended.

    A record that is on file under the same day is let pass: it may be corrected.
    """
    if outcome is None or outcome.effective_on == known_day:
        return
    for one in decisions:
        if not one.bars(outcome):
            continue
        first, source = one.first.effective_on, one.first.source
        last = one.barred_until
        if one.holds or last is None:
            raise IssuerSuspendedError(first=first, source=source)
        raise IssuerWasSuspendedError(first=first, last=last, source=source)


class Gate:
    """Lets pass what organisations are accredited for; asks once for each in a transaction."""

    def __init__(self, session: Session) -> None:
        """Know nothing yet."""
        self._session = session
        self._known: dict[UUID, Accredited] = {}

    def refuse(self, record: AnyRecord, organisation_id: UUID, *, known: Version | None) -> None:
        """Raise NotAccreditedError unless the organisation may post the record.

        What is on file may be corrected, as long as day, occupation and level stay as they are:
        else whoever is accredited for one occupation could correct its records into another.
        """
        asked = (record.effective_on, record.occupation, record.rank)
        if known is None or asked != (known.effective_on, known.occupation, known.rank):
            self._of(organisation_id).refuse(record)

    def asks_of(self, organisation_id: UUID) -> bool:
        """Whether anything that the organisation posts could be refused."""
        known = self._of(organisation_id)
        return bool(known.spans) or known.is_required

    def _of(self, organisation_id: UUID) -> Accredited:
        if organisation_id not in self._known:
            self._known[organisation_id] = Accredited.of(self._session, organisation_id)
        return self._known[organisation_id]
