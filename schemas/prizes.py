"""A contest's own prize table: up to which place each prize goes."""

from collections.abc import Mapping

from schemas.vocabulary import Prize


def prize_of(placement: int, table: Mapping[Prize, int]) -> Prize | None:
    """Return the prize of a place by a contest's own table; None beyond its last place."""
    return next((prize for prize in Prize if placement <= table.get(prize, 0)), None)


def refuse_disorder(table: Mapping[Prize, int]) -> None:
    """Raise ValueError when a lower prize does not end at a later place than a higher one."""
    last = [table[prize] for prize in Prize if prize in table]
    if last != sorted(set(last)):
        message = "in a prize table each lower prize ends at a later place"
        raise ValueError(message)
