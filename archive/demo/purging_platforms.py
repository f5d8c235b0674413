"""Removing what programs posted for demo organisations, and the platforms that these trusted."""

from uuid import UUID

from sqlalchemy import Connection, Select, Table, delete, select

from archive.dossiers.programs.badges.platform_models import Platform, PlatformStep
from archive.dossiers.programs.batch_models import PostedBatch
from archive.dossiers.programs.outcome_models import PlatformArrival, PostedStatement
from archive.people.models import Organisation
from credit_bank.bulk import table_of

_STEPS, _PLATFORMS = table_of(PlatformStep), table_of(Platform)
TABLES: list[Table] = [
    _STEPS,
    _PLATFORMS,
    *(table_of(one) for one in (PostedBatch, PostedStatement, PlatformArrival)),
]
"""Those that refer to others first. By none of them a dossier is told; they only tell again."""


def remove_posted(connection: Connection) -> None:
    """Remove the lists, statements and platforms of demo organisations."""
    theirs = select(_PLATFORMS.c.id).where(_PLATFORMS.c.organisation_id.in_(_of_demo()))
    connection.execute(delete(_STEPS).where(_STEPS.c.platform_id.in_(theirs)))
    for table in TABLES[1:]:
        connection.execute(delete(table).where(table.c.organisation_id.in_(_of_demo())))


def keys_of_arrivals(connection: Connection) -> list[UUID]:
    """Return by what the keys are kept under which arrivals were sealed: the organisations'."""
    return list(connection.execute(_of_demo()).scalars())


def _of_demo() -> Select[UUID]:
    organisations = table_of(Organisation)
    return select(organisations.c.id).where(organisations.c.is_demo)
