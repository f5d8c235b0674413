"""The lessons of a class: of each the newest version, unless it was struck."""

from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.classes.models import ClassLesson


def lessons_of(session: Session, class_id: UUID) -> list[ClassLesson]:
    """Return the lessons of a class that were not struck, by day."""
    query = select(ClassLesson).where(col(ClassLesson.class_id) == class_id)
    newest = {row.id: row for row in session.exec(query.order_by(col(ClassLesson.version)))}
    standing = [row for row in newest.values() if not row.is_struck]
    return sorted(standing, key=lambda one: (one.held_on, one.id))
