"""What every list does to be written, whichever way it came.

Lists of one organisation take turns; people without a dossier get one; dossiers without a
street office get the one that the list names. How records are judged stands in matching.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.reading import Person
from archive.dossiers.opened import Opened
from archive.dossiers.sealing import Source
from archive.dossiers.writing import DossierWriter, Newcomer, Posting, writing
from archive.people import streets
from archive.people.identity import birth_date
from archive.people.models import Organisation
from schemas.identities import Identity
from schemas.ids import new_archive_number


def take_turns(session: Session, organisation_id: UUID) -> None:
    """Let one list of an organisation be written at a time; a second sees what the first wrote.

    Whoever only refers to the organisation does not wait. SQLite has one writer anyway.
    """
    whose = select(Organisation.id).where(col(Organisation.id) == organisation_id)
    session.exec(whose.with_for_update(key_share=True)).one()


def append(
    session: Session,
    rows: Sequence[tuple[Candidate, Source]],
    posting: Posting,
    *,
    is_demo: bool,
    opened: Opened | None = None,
) -> frozenset[UUID]:
    """Append the records of rows that were judged, each with where it came from.

    A person without a dossier gets one, which came from there as well; return whose began.
    Each row is told its record. ``opened`` are the dossiers if they are open already. Raises
    what another writer's doings meanwhile refuse.
    """
    known = [one.worker_id for one, _ in rows if one.worker_id and not one.is_new_person]
    posted = [(one, replace(posting, source=source)) for one, source in rows]
    with writing(session, known, opened) as writer:
        begun = _enrol(writer, posted, is_demo=is_demo)
        for one, from_there in posted:
            if one.record is None or one.worker_id is None:
                continue  # A row to write has both; this tells it to the type checker.
            one.record_id = writer.add(one.worker_id, one.record, from_there).record_id
    return begun


def _enrol(
    writer: DossierWriter, rows: Sequence[tuple[Candidate, Posting]], *, is_demo: bool
) -> frozenset[UUID]:
    """Begin a dossier for each new person; of two rows of one person the first tells of it."""
    new: dict[UUID, Newcomer] = {}
    for one, from_there in rows:
        if not one.is_new_person or one.worker_id is None or one.person is None:
            continue
        if one.worker_id not in new:
            identity, number = _identity(one.person), new_archive_number()
            new[one.worker_id] = Newcomer(identity, from_there, number, is_demo, one.worker_id)
    return frozenset(writer.begin(list(new.values())))


def _identity(person: Person) -> Identity:
    return Identity(
        name=person.name,
        document_type=person.document.type,
        document_number=person.document.number,
        born_on=birth_date(person.document),
    )


def fill_streets(
    session: Session, rows: Sequence[Candidate], enrolled: Collection[UUID], now: datetime
) -> None:
    """Let dossiers that belong to no street office yet belong to the one that a row names."""
    told = {
        one.worker_id: one.street_office_id
        for one in reversed(rows)  # Of two rows the first counts.
        if one.worker_id and one.street_office_id and not one.is_faulty
        if not one.is_new_person or one.worker_id in enrolled
    }
    streets.fill(session, told, now=now)
