"""Removing the classes of demo organisations, with rosters, lessons and closings."""

from uuid import UUID

from sqlalchemy import Connection, Select, Table, delete, select

from archive.dossiers.classes.models import (
    ClassCheck,
    ClassClosing,
    ClassFiling,
    ClassLesson,
    ClassMark,
    ClassMember,
    ClassPosting,
    ClassPresence,
    TrainingClass,
)
from archive.people.models import Organisation
from credit_bank.bulk import table_of

TABLES: list[Table] = [
    table_of(one)
    for one in (
        ClassCheck,
        ClassClosing,
        ClassPosting,
        ClassPresence,
        ClassLesson,
        ClassMark,
        ClassMember,
        ClassFiling,
        TrainingClass,
    )
]
"""Those that refer to others first."""
_CLASSES = table_of(TrainingClass)


def remove_classes(connection: Connection) -> None:
    """Remove the classes of demo organisations; what closing posted is a dossier's."""
    for table in TABLES:
        whose = table.c.id if table is _CLASSES else table.c.class_id
        connection.execute(delete(table).where(whose.in_(_of_demo())))


def keys_of_classes(connection: Connection) -> list[UUID]:
    """Return by what the keys of these classes and of their rosters are kept."""
    members = table_of(ClassMember)
    theirs = select(members.c.id).where(members.c.class_id.in_(_of_demo()))
    found = [connection.execute(query).scalars() for query in (_of_demo(), theirs)]
    return [own for some in found for own in some]


def _of_demo() -> Select[tuple[UUID]]:
    organisations = table_of(Organisation)
    demo = select(organisations.c.id).where(organisations.c.is_demo)
    return select(_CLASSES.c.id).where(_CLASSES.c.organisation_id.in_(demo))
