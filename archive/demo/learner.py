"""Someone who learns, while the demo district is made up, and what organisations post of it."""

from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from archive.demo.people import Person
from archive.demo.trades import Trade
from schemas.records import Record as AnyRecord


class Posted(NamedTuple):
    """A record, and the code of the organisation that posts it."""

    body: str
    record: AnyRecord


@dataclass(frozen=True, slots=True)
class Learner:
    """A person with a trade, a place in the district, and luck."""

    place: int
    person: Person
    trade: Trade
    chance: Random
    deck: list[int] = field(default_factory=list)
    """The courses of the trade that are still to come, by number."""
