"""What organisations offer: published by themselves, read by everyone who is signed in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import courses
from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.offer_models import Offer
from archive.dossiers.offered import Row, by_standing, every, newest, of_day
from archive.dossiers.redemption_refusals import (
    OfferEndPastError,
    OfferUnclearError,
    OfferUnfitError,
    UnknownOfferError,
)
from archive.dossiers.titles import occupation_name, organisation_view
from archive.people import organisations
from archive.people.access import refuse_offering, refuse_posting
from archive.people.actors import Actor
from archive.people.models import Organisation
from credit_bank.publishing import rule_book
from credit_bank.redemption_sources import rule_on
from schemas.contracts import Bilingual
from schemas.credits import UNITS_PER_CREDIT, as_credits
from schemas.redemptions import (
    CourseAsked,
    OfferAsked,
    OfferList,
    OfferPublished,
    OfferView,
    OwnOffers,
)
from schemas.vocabulary import Use

Kind = Literal["offer", "course"]
CITING = frozenset({Use.LEVEL_APPLICATION, Use.ENTITLEMENT})
"""Uses that rest on records, by law: neither can be bought with credits."""


def publish(
    session: Session,
    asked: OfferAsked | CourseAsked,
    organisation: Organisation,
    *,
    by: Actor,
    now: datetime,
) -> OfferPublished:
    """Publish an offer or a course; it replaces what the organisation had under its code.

    Raises NotAllowedError, OfferUnfitError, CourseIdentifierTakenError.
    """
    _refuse_offering(asked.kind, organisation, by)
    told: dict[str, Any] = {
        **asked.model_dump(exclude={"kind", "credits", "identifiers"}),
        "organisation_id": organisation.id,
        "published_at": now,
        "published_by": by.id,
    }
    if isinstance(asked, OfferAsked):
        _refuse_unfit(asked)
        return _put(session, Offer(**told, units=int(asked.credits * UNITS_PER_CREDIT)))
    course = OfferedCourse(**told)
    put = _put(session, course)
    courses.keep_identifiers(session, course, asked.identifiers)
    return put


def end(  # What, whose, until when, by whom.
    session: Session,
    kind: Kind,
    code: str,
    organisation: Organisation,
    *,
    last_day: date,
    by: Actor,
    now: datetime,
    today: date,
) -> OfferPublished:
    """Let an offer or a course end after a day; what was applied for can still be answered.

    What was to come under its code does not come. Raises NotAllowedError, UnknownOfferError,
    OfferEndPastError.
    """
    _refuse_offering(kind, organisation, by)
    if last_day < today:
        raise OfferEndPastError
    told = {"published_at": now, "published_by": by.id, "in_force_until": last_day}
    if kind == "course":
        ending = _again(session, OfferedCourse, organisation, code, today, told)
        before = courses.find(session, organisation.id, code)
        known = courses.identifiers_of(session, [before.id] if before else [])
        put = _put(session, ending)
        courses.keep_identifiers(session, ending, [one for some in known.values() for one in some])
        return put
    return _put(session, _again(session, Offer, organisation, code, today, told))


def on_day(session: Session, day: date) -> list[Offer]:
    """Return the offers of a day, by organisation and code."""
    return of_day(every(session, Offer), day)


def courses_on(session: Session, day: date) -> list[OfferedCourse]:
    """Return the courses that everyone is offered on a day, by organisation and code."""
    return [one for one in of_day(every(session, OfferedCourse), day) if one.is_published]


def of_organisation(session: Session, organisation_id: UUID, day: date) -> OwnOffers:
    """Return what an organisation offers on a day, what is to come, and what has ended."""
    offers = [one for one in every(session, Offer) if one.organisation_id == organisation_id]
    found = every(session, OfferedCourse)
    taught = [one for one in found if one.organisation_id == organisation_id]
    first, second = by_standing(offers, day), by_standing(taught, day)
    return OwnOffers(
        in_force=_told(session, first[0], second[0], day),
        coming=_told(session, first[1], second[1], day),
        ended=_told(session, first[2], second[2], day),
    )


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
    return _told(session, on_day(session, day), courses_on(session, day), day)


def _told(
    session: Session, offers: Sequence[Offer], taught: Sequence[OfferedCourse], day: date
) -> OfferList:
    return OfferList(
        on=day,
        offers=tuple(views(session, offers, day)),
        courses=tuple(courses.views(session, taught)),
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


def _refuse_unfit(asked: OfferAsked) -> None:
    is_citing = asked.use in CITING
    lacks_level = asked.use is Use.LEVEL_APPLICATION and (
        asked.rank is None or asked.occupation is None
    )
    if is_citing is bool(asked.credits) or lacks_level:
        raise OfferUnfitError


def _refuse_offering(kind: Kind, organisation: Organisation, by: Actor) -> None:
    """Raise NotAllowedError: who offers a course must be able to post its records."""
    if kind == "course":
        refuse_posting(by, organisation.id)
    else:
        refuse_offering(by, organisation.id)


def _again(  # Of which table, whose, which, as of when, what is told otherwise.
    session: Session,
    table: type[Row],
    organisation: Organisation,
    code: str,
    today: date,
    told: Mapping[str, object],
) -> Row:
    """Return what counts today under a code (or was last to come), told otherwise in part."""
    rows = [one for one in every(session, table) if one.organisation_id == organisation.id]
    lasting = [one for one in of_day(rows, today) if one.code == code]
    found = lasting[0] if lasting else newest(session, table, organisation.id, code)
    if found is None:
        raise UnknownOfferError(offer=code[:80])
    return table(**{**found.model_dump(exclude={"id", "replaces_id"}), **told})


def _put(session: Session, row: Offer | OfferedCourse) -> OfferPublished:
    before = (
        newest(session, Offer, row.organisation_id, row.code)
        if isinstance(row, Offer)
        else newest(session, OfferedCourse, row.organisation_id, row.code)
    )
    row.replaces_id = before.id if before else None
    session.add(row)
    session.flush()
    return OfferPublished(id=row.id, code=row.code, replaces=row.replaces_id)
