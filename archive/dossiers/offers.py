"""What organisations offer: published by themselves, read by everyone who is signed in."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.offer_models import Offer, OfferedCourse
from archive.dossiers.redemption_refusals import (
    OfferUnclearError,
    OfferUnfitError,
    UnknownOfferError,
)
from archive.dossiers.titles import occupation_name, organisation_view
from archive.people import organisations
from archive.people.access import refuse_posting
from archive.people.models import Account, Organisation
from credit_bank.publishing import rule_book
from credit_bank.redemption_sources import rule_on
from schemas.contracts import Bilingual
from schemas.credits import UNITS_PER_CREDIT, as_credits
from schemas.redemptions import (
    CourseAsked,
    CourseView,
    OfferAsked,
    OfferList,
    OfferPublished,
    OfferView,
)
from schemas.vocabulary import Use

Row = TypeVar("Row", Offer, OfferedCourse)
CITING = frozenset({Use.LEVEL_APPLICATION, Use.ENTITLEMENT})
"""Uses that rest on records, by law: neither can be bought with credits."""


def publish(
    session: Session,
    asked: OfferAsked | CourseAsked,
    organisation: Organisation,
    *,
    by: Account,
    now: datetime,
) -> OfferPublished:
    """Publish an offer or a course; it replaces what the organisation had under its code.

    Raises NotAllowedError, OfferUnfitError.
    """
    refuse_posting(by, organisation.id)
    told: dict[str, Any] = {
        **asked.model_dump(exclude={"kind", "credits"}),
        "organisation_id": organisation.id,
        "published_at": now,
        "published_by": by.id,
    }
    row: Offer | OfferedCourse
    if isinstance(asked, OfferAsked):
        _refuse_unfit(asked)
        before = _newest(session, Offer, organisation.id, asked.code)
        units = int(asked.credits * UNITS_PER_CREDIT)
        row = Offer(**told, units=units, replaces_id=before.id if before else None)
    else:
        course = _newest(session, OfferedCourse, organisation.id, asked.code)
        row = OfferedCourse(**told, replaces_id=course.id if course else None)
    session.add(row)
    session.flush()
    return OfferPublished(id=row.id, code=row.code, replaces=row.replaces_id)


def on_day(session: Session, day: date) -> list[Offer]:
    """Return the offers of a day, by organisation and code."""
    return _of_day(_live(session, Offer), day)


def courses_on(session: Session, day: date) -> list[OfferedCourse]:
    """Return the courses that are offered on a day, by organisation and code."""
    return _of_day(_live(session, OfferedCourse), day)


def named(session: Session, text: str, day: date) -> Offer:
    """Return the offer of a day that a code, ``ORGANISATION:CODE`` or an identifier means.

    Raises UnknownOfferError, OfferUnclearError.
    """
    wanted = text.strip()
    whose = {one.id: one.code for one in organisations.listed(session)}
    found = [
        one
        for one in on_day(session, day)
        if wanted in (one.code, f"{whose[one.organisation_id]}:{one.code}", str(one.id))
    ]
    if not found:
        raise UnknownOfferError(offer=wanted[:80])
    if len(found) > 1:
        example = f"{whose[found[0].organisation_id]}:{found[0].code}"
        raise OfferUnclearError(offer=wanted[:80], example=example)
    return found[0]


def versions_of(session: Session, offer: Offer) -> set[UUID]:
    """Return all that the organisation ever published under the offer's code."""
    query = select(Offer.id).where(
        col(Offer.organisation_id) == offer.organisation_id, col(Offer.code) == offer.code
    )
    return set(session.exec(query))


def known(session: Session, ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """Return some offers by their identifiers, replaced ones too."""
    query = select(Offer).where(col(Offer.id).in_(set(ids)))
    return {one.id: one for one in session.exec(query)}


def listed(session: Session, day: date) -> OfferList:
    """Return everything that is offered on a day."""
    offers, courses = on_day(session, day), courses_on(session, day)
    return OfferList(
        on=day,
        offers=tuple(views(session, offers, day)),
        courses=tuple(course_views(session, courses)),
    )


def views(session: Session, offers: Iterable[Offer], day: date) -> list[OfferView]:
    """Return offers as people read them."""
    told = list(offers)
    whose = organisations.by_id(session, (one.organisation_id for one in told))
    rule = rule_on(rule_book(session), day)
    consuming = rule.consumes if rule else frozenset(Use) - CITING
    return [
        OfferView(
            id=one.id,
            code=one.code,
            use=one.use,
            title=Bilingual(zh=one.title, en=one.title_en),
            organisation=organisation_view(whose[one.organisation_id]),
            occupation=one.occupation,
            occupation_name=occupation_name(one.occupation),
            rank=one.rank,
            credits=as_credits(one.units),
            consumes=one.use in consuming,
            in_force_from=one.in_force_from,
            in_force_until=one.in_force_until,
        )
        for one in told
    ]


def course_views(session: Session, courses: Iterable[OfferedCourse]) -> list[CourseView]:
    """Return courses as people read them."""
    told = list(courses)
    whose = organisations.by_id(session, (one.organisation_id for one in told))
    return [
        CourseView(
            id=one.id,
            code=one.code,
            title=Bilingual(zh=one.title, en=one.title_en),
            organisation=organisation_view(whose[one.organisation_id]),
            occupation=one.occupation,
            occupation_name=occupation_name(one.occupation),
            rank=one.rank,
            hours=one.hours,
            fee_fen=one.fee_fen,
            mode=one.mode,
            in_force_from=one.in_force_from,
            in_force_until=one.in_force_until,
        )
        for one in told
    ]


def _refuse_unfit(asked: OfferAsked) -> None:
    is_citing = asked.use in CITING
    lacks_level = asked.use is Use.LEVEL_APPLICATION and (
        asked.rank is None or asked.occupation is None
    )
    if is_citing is bool(asked.credits) or lacks_level:
        raise OfferUnfitError


def _live(session: Session, table: type[Row]) -> list[Row]:
    """Return what nothing replaces yet."""
    rows = list(session.exec(select(table)))
    replaced = {one.replaces_id for one in rows}
    return [one for one in rows if one.id not in replaced]


def _newest(session: Session, table: type[Row], organisation_id: UUID, code: str) -> Row | None:
    found = (
        one
        for one in _live(session, table)
        if (one.organisation_id, one.code) == (organisation_id, code)
    )
    return next(found, None)


def _of_day(rows: Iterable[Row], day: date) -> list[Row]:
    in_force = [
        one
        for one in rows
        if one.in_force_from <= day and (one.in_force_until is None or day <= one.in_force_until)
    ]
    return sorted(in_force, key=lambda one: (str(one.organisation_id), one.code))
