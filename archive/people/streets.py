"""Street offices: to which one a dossier belongs, and so whose clerks see it.

The bureau decides; the column 街道 of a list tells only what nobody told before.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.models import Organisation, StreetOf
from credit_bank.bulk import insert_rows, table_of
from schemas.vocabulary import OrganisationKind, Permission

_BATCH = 400  # Below every database's limit on bound values.
_settled = select(StreetOf.worker_id)
_TAIL = re.compile("(街道)?(办事处|办)?$")


class NotAStreetOfficeError(ArchiveError):
    """A dossier can belong to a street office only."""

    code: ClassVar[str] = "not_a_street_office"
    template: ClassVar[str] = (
        "{organisation} is not the code of a street office. See the list of organisations."
    )


def assign(
    session: Session, worker_id: UUID, office: Organisation | None, *, by: Actor, now: datetime
) -> None:
    """Let a dossier belong to a street office, or to none; that of before sees it no more.

    Raises NotAllowedError, NotAStreetOfficeError.
    """
    refuse(by, Permission.ASSIGN_STREET)
    if office is not None and office.kind is not OrganisationKind.STREET_OFFICE:
        raise NotAStreetOfficeError(organisation=office.code)
    session.exec(delete(StreetOf).where(col(StreetOf.worker_id) == worker_id))
    if office is not None:
        session.add(StreetOf(worker_id=worker_id, organisation_id=office.id, since=now))
    session.flush()


def fill(session: Session, told: Mapping[UUID, UUID], *, now: datetime) -> int:
    """Let dossiers that belong to no street office yet belong to one; return how many do now.

    What stands already stays: a list of an institution moves nobody.
    """
    whose = sorted(told)
    known: set[UUID] = set()
    for at in range(0, len(whose), _BATCH):
        part = select(StreetOf.worker_id).where(
            col(StreetOf.worker_id).in_(whose[at : at + _BATCH])
        )
        known.update(session.exec(part))
    rows = [
        {"worker_id": one, "organisation_id": told[one], "since": now}
        for one in whose
        if one not in known
    ]
    insert_rows(session, table_of(StreetOf), rows)
    return len(rows)


def office_of(session: Session, worker_id: UUID) -> Organisation | None:
    """Return the street office that a dossier belongs to; None when it belongs to none."""
    query = (
        select(Organisation)
        .join(StreetOf, col(StreetOf.organisation_id) == col(Organisation.id))
        .where(col(StreetOf.worker_id) == worker_id)
    )
    return session.exec(query).first()


def offices(session: Session) -> list[Organisation]:
    """Return all street offices, by code."""
    query = select(Organisation).where(col(Organisation.kind) == OrganisationKind.STREET_OFFICE)
    return list(session.exec(query.order_by(col(Organisation.code))))


def offices_by_word(session: Session) -> dict[str, UUID]:
    """Return all street offices by what a list may call them; see ``plain``."""
    return {
        plain(word): office.id
        for office in offices(session)
        for word in (office.street, office.name, office.name_en, office.code)
        if word
    }


def plain(word: str) -> str:
    """Return the name of a street as it is compared: 光明 for 光明街道办事处."""
    narrow = unicodedata.normalize("NFKC", word).replace(" ", "").casefold()
    return _TAIL.sub("", narrow) or narrow
