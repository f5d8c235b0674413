"""What ``next-step`` is asked for: an offer, or a level of an occupation."""

from datetime import date
from typing import TYPE_CHECKING, Literal

from archive.cli.usage import ANY_OF, UnusableError

if TYPE_CHECKING:
    from sqlmodel import Session

    from archive.dossiers.next_steps import Goal


def goal_named(
    session: "Session", offer: str | None, occupation: str | None, rank: int | None, day: date
) -> "Goal":
    """Return the goal that options name; raises UnknownOfferError, OccupationError."""
    from archive.dossiers import offers
    from archive.dossiers.next_steps import Goal
    from archive.dossiers.occupations import find_occupation
    from schemas.vocabulary import Rank

    if offer is not None and occupation is None and rank is None:
        return Goal(offer=offers.named(session, offer, day))
    if offer is None and occupation is not None and rank is not None:
        return Goal(occupation=find_occupation(occupation).code, rank=Rank(rank))
    raise UnusableError("give --offer, or --occupation and --rank")


def cost_named(by: str) -> Literal["hours", "fee"]:
    """Return what is to be least."""
    if by == "hours":
        return "hours"
    if by == "fee":
        return "fee"
    raise UnusableError(ANY_OF, choices="hours, fee")
