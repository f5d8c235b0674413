"""Accreditations as the bureau and the organisations themselves are told them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from archive.bureau.accreditations import CHANGE, RECORD
from archive.dossiers.titles import occupation_name, organisation_view
from archive.people import organisations
from archive.people.accreditation import REQUIRED, changes_of, scope_of, spans_of, whole_of
from archive.people.accreditation_models import Accreditation, AccreditationChange
from archive.people.approvals import ProposalView
from archive.people.models import Account, Organisation
from schemas.accreditation import (
    AccreditationAsked,
    AccreditationChangeAsked,
    AccreditationChangeView,
    AccreditationList,
    AccreditationView,
    PostingScope,
    PostingScopeView,
)
from schemas.vocabulary import AccreditationState


def listed(
    session: Session, *, today: date, organisation_id: UUID | None = None
) -> AccreditationList:
    """Return what is on record of an organisation, or of all; what counts today first."""
    query = select(Accreditation)
    if organisation_id is not None:
        query = query.where(col(Accreditation.organisation_id) == organisation_id)
    known = list(session.exec(query))
    changes = changes_of(session, [one.id for one in known])
    bodies = organisations.by_id(session, {one.organisation_id for one in known})
    names = _names(session, known, (one for some in changes.values() for one in some))
    views = [
        _view(one, changes.get(one.id, []), bodies[one.organisation_id], names, today)
        for one in known
    ]
    order = list(AccreditationState)
    views.sort(key=lambda one: (one.organisation.code, order.index(one.state), one.first_on))
    return AccreditationList(
        is_required=bool(session.info.get(REQUIRED)), accreditations=tuple(views)
    )


def proposed(session: Session, proposal: ProposalView) -> Mapping[str, object] | None:
    """Return what a proposal would record, to be read before it is approved; None for others."""
    if proposal.action == RECORD:
        asked = AccreditationAsked.model_validate(proposal.payload["asked"], strict=False)
        whose = organisations.coded(session, asked.organisation)
        told: dict[str, object] = {"asked": asked, "scope": _told(asked.scope)}
    elif proposal.action == CHANGE:
        change = AccreditationChangeAsked.model_validate(proposal.payload["asked"], strict=False)
        known = session.get_one(Accreditation, UUID(proposal.payload["accreditation"]))
        whose = session.get_one(Organisation, known.organisation_id)
        left = _left_of(session, known, change)
        told = {"change": change, "scope": left and _told(left), "of": known.document}
    else:
        return None
    return {**told, "organisation": organisation_view(whose)}


def _view(
    one: Accreditation,
    changes: list[AccreditationChange],
    body: Organisation,
    names: Mapping[UUID, str],
    today: date,
) -> AccreditationView:
    spans = spans_of(one, changes)
    ended = spans[-1].last_on if spans else one.first_on
    if any(span.holds_on(today) for span in spans):
        state = AccreditationState.IN_FORCE
    else:
        to_come = bool(spans) and today < one.first_on
        state = AccreditationState.TO_COME if to_come else AccreditationState.OVER
    left = list(_left(one, changes))
    return AccreditationView(
        id=one.id,
        organisation=organisation_view(body),
        act=one.act,
        scope=_told(scope_of(one)),
        first_on=one.first_on,
        last_on=ended,
        document=one.document,
        state=state,
        recorded_by=names[one.recorded_by],
        recorded_at=one.recorded_at,
        changes=tuple(
            AccreditationChangeView(
                from_on=change.from_on,
                scope=_told(scope) if scope else None,
                reason=change.reason,
                document=change.document,
                recorded_by=names[change.recorded_by],
                recorded_at=change.recorded_at,
            )
            for change, scope in zip(changes, left, strict=True)
        ),
    )


def _left_of(
    session: Session, known: Accreditation, asked: AccreditationChangeAsked
) -> PostingScope | None:
    """Return all that a proposed change would leave of an accreditation."""
    if asked.scope is None:
        return None
    spans = spans_of(known, changes_of(session, [known.id]).get(known.id, ()))
    of_day = next((one for one in spans if one.holds_on(asked.from_on)), whole_of(known))
    return of_day.within(asked.scope).scope()


def _left(
    one: Accreditation, changes: Iterable[AccreditationChange]
) -> Iterator[PostingScope | None]:
    """Yield what each change leaves; None for an end."""
    span = whole_of(one)
    for change in changes:
        span = span.within(scope_of(change))
        yield None if change.is_end else span.scope()


def _told(scope: PostingScope) -> PostingScopeView:
    names = [occupation_name(code) for code in scope.occupations or ()]
    return PostingScopeView(
        **scope.model_dump(), occupation_names=tuple(name for name in names if name)
    )


def _names(
    session: Session,
    known: Iterable[Accreditation],
    changes: Iterable[AccreditationChange],
) -> dict[UUID, str]:
    """Return the accounts that recorded something, by id."""
    ids = {one.recorded_by for one in known} | {one.recorded_by for one in changes}
    query = select(Account.id, Account.name).where(col(Account.id).in_(ids))
    return dict(session.exec(query).all())
