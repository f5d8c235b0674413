"""A lot: the units that one outcome earned under one family, and where they are now."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from credit_bank.conversion import GRANTING
from schemas.credits import LearningOutcome
from schemas.vocabulary import Account, Family

__all__ = ["GRANTING", "Departure", "Lot", "Place"]


class Place(NamedTuple):
    """Where units of a lot stand besides ``available``: in an account, under a case."""

    account: Account
    family: Family
    case_id: UUID | None


class Departure(NamedTuple):
    """Under what, and as of which day, units left ``available``."""

    family: Family
    case_id: UUID | None
    day: date


@dataclass(slots=True)
class Lot:
    """Units that one outcome earned under one family.

    A lot is known by its granting posting. All units of a lot, in all accounts, sum to
    zero: ``issued`` and ``owed`` are stored negative.
    """

    id: UUID
    family: Family
    outcome: LearningOutcome
    granted_at: datetime
    """When units were last added: the notice before they expire counts from here."""
    units: dict[Account, int] = field(default_factory=lambda: defaultdict(int))
    places: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    departures: dict[Departure, int] = field(default_factory=lambda: defaultdict(int))
    applications: dict[UUID, UUID] = field(default_factory=dict)
    """By redemption: the entry that holds its units, so that it can be reversed once."""

    def move(
        self, family: Family, case_id: UUID | None, day: date, account: Account, units: int
    ) -> None:
        """Remember that units came into (+) or went out of (-) an account."""
        self.units[account] += units
        if account is Account.AVAILABLE and family is not self.family:
            self.departures[Departure(family, case_id, day)] -= units
        elif account not in (Account.AVAILABLE, Account.ISSUED):
            self.places[Place(account, family, case_id)] += units

    def placed(self, account: Account, family: Family, case_id: UUID | None = None) -> int:
        """Return the units in an account under a case."""
        return self.places.get(Place(account, family, case_id), 0)

    def left_under(self, family: Family, case_id: UUID | None) -> list[tuple[date, int]]:
        """Return the days on which units left under a case and are still gone, latest first."""
        days = [
            (departure.day, units)
            for departure, units in self.departures.items()
            if units > 0 and (departure.family, departure.case_id) == (family, case_id)
        ]
        return sorted(days, reverse=True)

    def left_before(self, day: date) -> bool:
        """Whether units left ``available`` before a day."""
        return any(units > 0 and one.day < day for one, units in self.departures.items())

    def lying_since(self, day: date) -> list[tuple[date, int]]:
        """Return since when, ``day`` at the earliest, units lie in ``available``; latest first.

        What came back later cannot leave as of a day before: it lay elsewhere then.
        """
        moved: dict[date, int] = defaultdict(int)
        for departure, units in self.departures.items():
            if departure.day > day:
                moved[departure.day] -= units
        found, left = list[tuple[date, int]](), self.units[Account.AVAILABLE]
        balance = left
        for moved_on in sorted(moved, reverse=True):
            balance -= moved[moved_on]
            lay = max(0, min(balance, left))
            if lay < left:
                found.append((moved_on, left - lay))
                left = lay
        return [*found, (day, left)] if left else found

    def cases_with(self, account: Account, family: Family) -> list[UUID]:
        """Return the cases of a family that have units of the lot in an account.

        In the order of their ids, for the database knows no order in which they came.
        """
        return sorted(
            place.case_id
            for place, units in self.places.items()
            if units and place.case_id and (place.account, place.family) == (account, family)
        )
