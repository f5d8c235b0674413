"""Which of the published rows counts on a day: what replaces another does so from its first day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, select

from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.offer_models import Offer

Row = TypeVar("Row", Offer, OfferedCourse)


def every(session: Session, table: type[Row]) -> list[Row]:
    """Return all that was ever published."""
    return list(session.exec(select(table)))


def newest(session: Session, table: type[Row], organisation_id: UUID, code: str) -> Row | None:
    """Return what nothing replaces under a code of an organisation; None when nothing was."""
    wanted = (organisation_id, code)
    last = _unreplaced(every(session, table))
    return next((one for one in last if (one.organisation_id, one.code) == wanted), None)


def of_day(rows: Sequence[Row], day: date) -> list[Row]:
    """Return what counts on a day: what replaces something does so from its own first day on."""
    begun = [one for one in rows if one.in_force_from <= day]
    replaced = set(_replaced(rows, begun))
    in_force = [
        one
        for one in begun
        if one.id not in replaced and (one.in_force_until is None or day <= one.in_force_until)
    ]
    return sorted(in_force, key=_place)


def by_standing(rows: Sequence[Row], day: date) -> tuple[list[Row], list[Row], list[Row]]:
    """Return what counts on a day, what begins later, and the last of what has ended."""
    last = _unreplaced(rows)
    now: list[Row] = of_day(rows, day)
    coming: list[Row] = [one for one in last if one.in_force_from > day and _begins(one)]
    lasting = {one.code for one in (*now, *coming)}
    ended = [one for one in last if one.code not in lasting]
    return now, sorted(coming, key=_place), sorted(ended, key=_place)


def _begins(one: Row) -> bool:
    return one.in_force_until is None or one.in_force_from <= one.in_force_until


def _unreplaced(rows: Sequence[Row]) -> list[Row]:
    replaced = {one.replaces_id for one in rows}
    return [one for one in rows if one.id not in replaced]


def _replaced(rows: Sequence[Row], by: Iterable[Row]) -> Iterator[UUID]:
    """Yield all that some rows replace, and what those had replaced."""
    before = {one.id: one.replaces_id for one in rows}
    for one in by:
        earlier = one.replaces_id
        while earlier is not None:
            yield earlier
            earlier = before.get(earlier)


def _place(one: Row) -> tuple[str, str]:
    return (str(one.organisation_id), one.code)
