"""What every list does before its records are written, whichever way it came.

Lists of one organisation take turns; people without a dossier get one; dossiers without a
street office get the one that the list names. How records are judged stands in matching.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.reading import Person
from archive.dossiers.writing import DossierWriter, Newcomer, Posting
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


def enrol(
    writer: DossierWriter, rows: Sequence[Candidate], posting: Posting, *, is_demo: bool
) -> frozenset[UUID]:
    """Begin a dossier for each new person; return whose, by the ids that the rows say."""
    new = {
        one.worker_id: one.person
        for one in rows
        if one.is_new_person and one.worker_id and one.person
    }
    return frozenset(
        writer.begin(
            [
                Newcomer(_identity(person), posting, new_archive_number(), is_demo, worker_id)
                for worker_id, person in new.items()
            ]
        )
    )


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
