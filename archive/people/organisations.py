"""Organisations: who posts records, employs people, or runs the archive."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from archive.errors import ArchiveError, UnknownOrganisationError
from archive.people.models import Organisation
from schemas.vocabulary import OrganisationKind


class OrganisationCodeTakenError(ArchiveError):
    """An organisation with this code exists."""

    code: ClassVar[str] = "organisation_code_taken"
    template: ClassVar[str] = (
        "An organisation has the code {organisation} already. Choose another code."
    )


def add(  # noqa: PLR0913  # All that is known of an organisation.
    session: Session,
    code: str,
    *,
    name: str,
    name_en: str,
    kind: OrganisationKind,
    now: datetime,
    credit_code: str | None = None,
    street: str | None = None,
    is_demo: bool = False,
) -> Organisation:
    """Add an organisation; raises OrganisationCodeTakenError."""
    if session.exec(select(Organisation).where(col(Organisation.code) == code)).first():
        raise OrganisationCodeTakenError(organisation=code)
    organisation = Organisation(
        code=code,
        name=name,
        name_en=name_en,
        kind=kind,
        credit_code=credit_code,
        street=street,
        is_demo=is_demo,
        created_at=now,
    )
    session.add(organisation)
    try:
        session.flush()
    except IntegrityError:  # Another took the code between the look and the writing.
        raise OrganisationCodeTakenError(organisation=code) from None
    return organisation


def coded(session: Session, code: str) -> Organisation:
    """Return the organisation with a code; raises UnknownOrganisationError."""
    query = select(Organisation).where(col(Organisation.code) == code.strip())
    organisation = session.exec(query).one_or_none()
    if organisation is None:
        raise UnknownOrganisationError(organisation=code)
    return organisation


def listed(session: Session) -> list[Organisation]:
    """Return all organisations, by kind and code."""
    query = select(Organisation).order_by(col(Organisation.kind), col(Organisation.code))
    return list(session.exec(query))


def by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, Organisation]:
    """Return some organisations by id."""
    query = select(Organisation).where(col(Organisation.id).in_(set(ids)))
    return {organisation.id: organisation for organisation in session.exec(query)}
