"""Accreditations recorded, narrowed and ended: one of the bureau proposes, another approves.

What they mean for a record that is posted is judged in archive/people/accreditation.py.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.occupation_refusals import OccupationCodeUnknownError
from archive.dossiers.occupations import name_of
from archive.people import approvals, organisations
from archive.people.accreditation import changes_of, spans_of
from archive.people.accreditation_models import Accreditation, AccreditationChange
from archive.people.accreditation_refusals import (
    AccreditationDaysError,
    AccreditationNotNarrowerError,
    UnknownAccreditationError,
)
from archive.people.actors import Actor
from archive.people.approvals import ProposalView
from archive.people.models import Organisation
from schemas.accreditation import AccreditationAsked, AccreditationChangeAsked, PostingScope
from schemas.ids import new_id

RECORD = "record_accreditation"
CHANGE = "change_accreditation"


def propose(
    session: Session, asked: AccreditationAsked, *, by: Actor, now: datetime
) -> ProposalView:
    """Propose to record what an organisation may post.

    Raises NotAllowedError, UnknownOrganisationError, AccreditationDaysError,
    OccupationCodeUnknownError.
    """
    organisation = organisations.coded(session, asked.organisation)
    if asked.last_on is not None and asked.last_on < asked.first_on:
        raise AccreditationDaysError
    _refuse_unknown(asked.scope)
    payload = {
        "accreditation": str(new_id()),
        "organisation_id": str(organisation.id),
        "asked": asked.model_dump(mode="json"),
        "recorded_by": str(by.id),
        "ids": [organisation.code, asked.document],
    }
    return approvals.propose(session, RECORD, payload, by=by, now=now)


def propose_change(
    session: Session,
    accreditation_id: UUID,
    asked: AccreditationChangeAsked,
    *,
    by: Actor,
    now: datetime,
) -> ProposalView:
    """Propose to end an accreditation from a day on, or to leave less of it.

    Raises NotAllowedError, UnknownAccreditationError, AccreditationDaysError,
    AccreditationNotNarrowerError, OccupationCodeUnknownError.
    """
    known = known_as(session, accreditation_id)
    _refuse_change(session, known, asked)
    organisation = session.get_one(Organisation, known.organisation_id)
    payload = {
        "change": str(new_id()),
        "accreditation": str(known.id),
        "asked": asked.model_dump(mode="json"),
        "recorded_by": str(by.id),
        "ids": [organisation.code, asked.document],
    }
    return approvals.propose(session, CHANGE, payload, by=by, now=now)


def known_as(session: Session, accreditation_id: UUID) -> Accreditation:
    """Return the accreditation with an identifier; raises UnknownAccreditationError."""
    known = session.get(Accreditation, accreditation_id)
    if known is None:
        raise UnknownAccreditationError
    return known


def record(
    session: Session,
    organisation_id: UUID,
    asked: AccreditationAsked,
    *,
    by_id: UUID,
    now: datetime,
    accreditation_id: UUID | None = None,
) -> Accreditation:
    """Record what was decided; whether two persons did is the caller's to ensure."""
    kept = Accreditation(
        id=accreditation_id or new_id(),
        organisation_id=organisation_id,
        act=asked.act,
        **_limits(asked.scope),
        first_on=asked.first_on,
        last_on=asked.last_on,
        document=asked.document,
        recorded_by=by_id,
        recorded_at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def record_change(
    session: Session,
    known: Accreditation,
    asked: AccreditationChangeAsked,
    *,
    by_id: UUID,
    now: datetime,
    change_id: UUID | None = None,
) -> AccreditationChange:
    """Record an end or a narrowing, as ``record`` does.

    Raises AccreditationDaysError, AccreditationNotNarrowerError: another may have been
    recorded since it was proposed.
    """
    _refuse_change(session, known, asked)
    kept = AccreditationChange(
        id=change_id or new_id(),
        accreditation_id=known.id,
        from_on=asked.from_on,
        is_end=asked.scope is None,
        **_limits(asked.scope or PostingScope()),
        reason=asked.reason,
        document=asked.document,
        recorded_by=by_id,
        recorded_at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def _refuse_change(session: Session, known: Accreditation, asked: AccreditationChangeAsked) -> None:
    spans = spans_of(known, changes_of(session, [known.id]).get(known.id, ()))
    of_day = [one for one in spans if one.holds_on(asked.from_on)]
    if not of_day:
        raise AccreditationDaysError
    if asked.scope is None:
        return
    _refuse_unknown(asked.scope)
    if not of_day[0].is_narrowed_by(asked.scope):
        raise AccreditationNotNarrowerError


def _refuse_unknown(scope: PostingScope) -> None:
    if any(name_of(code) is None for code in scope.occupations or ()):
        raise OccupationCodeUnknownError


def _limits(scope: PostingScope) -> dict[str, Any]:
    return {
        "kinds": _written(scope.kinds),
        "occupations": _written(scope.occupations),
        "highest_rank": scope.highest_rank,
    }


def _written(limit: Iterable[str] | None) -> str | None:
    return None if limit is None else " ".join(dict.fromkeys(limit))


def _record(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    kept = record(
        session,
        UUID(payload["organisation_id"]),
        AccreditationAsked.model_validate(payload["asked"], strict=False),
        by_id=UUID(payload["recorded_by"]),
        now=now,
        accreditation_id=UUID(payload["accreditation"]),
    )
    return [str(kept.id)]


def _change(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    # Two changes of one accreditation that are approved at once take turns.
    known = session.get(Accreditation, UUID(payload["accreditation"]), with_for_update=True)
    if known is None:
        raise UnknownAccreditationError
    kept = record_change(
        session,
        known,
        AccreditationChangeAsked.model_validate(payload["asked"], strict=False),
        by_id=UUID(payload["recorded_by"]),
        now=now,
        change_id=UUID(payload["change"]),
    )
    return [str(kept.id)]


approvals.EFFECTS[RECORD] = _record
approvals.EFFECTS[CHANGE] = _change
