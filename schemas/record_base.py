"""The base of every kind of record: which day counts, which outcome it is."""

from datetime import date
from typing import Any, Protocol
from uuid import UUID

from schemas.contracts import Contract, Line, OccupationCode
from schemas.credits import LearningOutcome, Measures
from schemas.vocabulary import Rank


class Keyed(Protocol):
    """Turns free text into a keyed digest: the same text, however written, the same digest."""

    def __call__(self, text: str) -> str:
        """Return the digest of a text."""

    def compared(self, course_name: str) -> str:
        """Return the digest of a course name as the rule on double counting compares it."""


class Unkeyed:
    """Leaves texts as they are, where nothing of them is kept or compared."""

    def __call__(self, text: str) -> str:
        """Return the text."""
        return text

    def compared(self, course_name: str) -> str:
        """Return the name."""
        return course_name


class RecordBase(Contract):
    """What every record has: who it came from is told by the dossier, not here.

    The whole of it is kept encrypted under its person's key; what the archive and the bank
    have to work with stands beside it in clear columns (design decision 10).
    """

    occupation: OccupationCode | None = None
    rank: Rank | None = None
    outer_id: Line | None = None
    """The organisation's own identifier of this record."""
    note: Line | None = None

    def told(self, name: str) -> Any:  # noqa: ANN401  # Whatever the field has.
        """Return a field that not every kind of record has; None where it tells nothing."""
        return self.__dict__.get(name)

    @property
    def effective_on(self) -> date | None:
        """The day from which the record counts; None for one without a day."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """What tells this record from others of its kind: a number or a name."""
        raise NotImplementedError

    def measures(self, keyed: Keyed) -> Measures | None:
        """Return what the credit bank measures it by, or None when it is no learning."""
        raise NotImplementedError

    def outcome(
        self, outcome_id: UUID, issuer: UUID, issuer_key: str, keyed: Keyed
    ) -> LearningOutcome | None:
        """Return the learning outcome for the credit bank, or None when it is none."""
        measures, day = self.measures(keyed), self.effective_on
        if measures is None or day is None:
            return None
        return LearningOutcome(
            id=outcome_id,
            effective_on=day,
            issuer=issuer,
            issuer_key=issuer_key,
            occupation=self.occupation,
            rank=self.rank,
            measures=measures,
        )


def in_order(first: date | None, last: date | None) -> None:
    """Raise ValueError when the last of two days lies before the first."""
    if first and last and last < first:
        message = "the last day lies before the first day"
        raise ValueError(message)
