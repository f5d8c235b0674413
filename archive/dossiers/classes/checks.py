"""Spot checks of classes by the bureau: the day, who went, what was found."""

import json
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.classes import opening
from archive.dossiers.classes.models import CHECK, ClassCheck
from archive.dossiers.classes.refusals import CheckDayError, UnknownClassError
from archive.dossiers.redemptions import Moment
from archive.people.actors import Actor
from archive.people.keys_apart import keys_apart
from archive.people.privacy import PersonKey
from credit_bank.chain import canonical_bytes
from schemas.classes import SpotCheckAsked, SpotCheckNoted, SpotCheckView
from schemas.vocabulary import Permission


def note(
    session: Session,
    class_id: UUID,
    asked: SpotCheckAsked,
    *,
    by: Actor,
    at: Moment,
) -> SpotCheckNoted:
    """Note a spot check; the organisation reads it, too.

    Raises UnknownClassError, CheckDayError.
    """
    found = opening.find(session, class_id, by=by, permission=Permission.CHECK_CLASS)
    filed_on = found.own.opened_at.astimezone(at.zone).date()
    if not filed_on <= asked.checked_on <= at.today:
        raise CheckDayError(first=filed_on)
    key = keys_apart(session, [class_id]).get(class_id)
    if key is None:
        raise UnknownClassError
    plain = canonical_bytes({"inspector": asked.inspector, "found": asked.found})
    row = ClassCheck(
        class_id=class_id,
        checked_on=asked.checked_on,
        sealed=key.seal(CHECK, plain),
        noted_at=at.now,
        noted_by=by.id,
    )
    session.add(row)
    session.flush()
    return SpotCheckNoted(id=row.id)


def of_class(session: Session, class_id: UUID, key: PersonKey) -> tuple[SpotCheckView, ...]:
    """Return the spot checks of a class, the newest first."""
    query = select(ClassCheck).where(col(ClassCheck.class_id) == class_id)
    order = (col(ClassCheck.checked_on).desc(), col(ClassCheck.noted_at).desc())
    return tuple(
        SpotCheckView(
            id=row.id,
            checked_on=row.checked_on,
            noted_at=row.noted_at,
            **json.loads(key.open(CHECK, row.sealed)),
        )
        for row in session.exec(query.order_by(*order))
    )
