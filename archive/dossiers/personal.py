"""A person's own data as staff see them: found by name, masked, or revealed with a reason."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.models import Record
from archive.dossiers.names_on_file import standing
from archive.dossiers.sealing import unseal
from archive.dossiers.shelves import newest_last
from archive.errors import ArchiveError, UnknownWorkerError
from archive.people import contacts, finding, revealing
from archive.people.access import within_reach
from archive.people.actors import Actor
from archive.people.identity import IdentityDocument, birth_date
from archive.people.models import Worker
from archive.people.names import searched_form
from archive.people.privacy import PersonKey, vault_of
from archive.people.written_numbers import masked
from schemas.identities import Identity
from schemas.personal import FoundPeople, FoundPerson, RevealedView
from schemas.vocabulary import ContactKind, Permission, PersonalField, RecordKind, RevealReason

MOST = 20
"""So many of one name are listed; of more, only the document tells who is meant."""
_CONTACTS = {
    ContactKind.PHONE: PersonalField.PHONE,
    ContactKind.EMAIL: PersonalField.EMAIL,
    ContactKind.ADDRESS: PersonalField.ADDRESS,
}


class NameUnknownError(ArchiveError):
    """Nobody bears this name."""

    code: ClassVar[str] = "name_unknown"
    template: ClassVar[str] = (
        "Nobody on file bears this name, now or before. A name is found only when it is written "
        "in full; check each character, or take the document."
    )


class TooManyCalledError(ArchiveError):
    """So many bear this name that a list would help nobody."""

    code: ClassVar[str] = "name_too_common"
    template: ClassVar[str] = (
        "More than {most} people bear this name. Take the document to find the one who is meant."
    )


def called(session: Session, name: str, *, by: Actor) -> FoundPeople:
    """Return everyone who bears a name or bore it, of those whom the asker may read.

    Raises NameUnknownError, TooManyCalledError.
    """
    claim = finding.name_claim(session, name)
    nobody = not searched_form(name)
    within = within_reach(by, Permission.FIND_DOSSIER)
    found = [] if nobody else finding.found(session, claim, within=within, most=MOST + 1)
    if not found:
        raise NameUnknownError
    if len(found) > MOST:
        raise TooManyCalledError(most=MOST)
    known = _identities(session, [one.worker_id for one in found])
    return FoundPeople(people=tuple(_found(one, known.get(one.worker_id)) for one in found))


def reveal(
    session: Session,
    worker: Worker,
    fields: Collection[PersonalField],
    *,
    reason: RevealReason,
    note: str = "",
    by: Actor,
    now: datetime,
) -> RevealedView:
    """Return masked values in full and keep that they were looked at, by whom and why.

    Who may is decided by the door's audience. Raises RevealEmptyError, FrozenError, ErasedError.
    """
    noted = revealing.note_reveal(
        session, worker.worker_id, fields, reason=reason, note=note, by=by, now=now
    )
    known = _identities(session, [worker.worker_id]).get(worker.worker_id)
    values = {
        _CONTACTS[kind]: value
        for kind, value in contacts.contacts_of(session, worker.worker_id).items()
    }
    if known is not None:
        values[PersonalField.DOCUMENT] = known.document_number
    return RevealedView(
        archive_number=worker.archive_number,
        reveal_id=noted.id,
        reason=reason,
        revealed_at=now,
        values={one: values[one] for one in PersonalField if one in fields and one in values},
    )


def own_document(session: Session, worker_id: UUID) -> Identity:
    """Return by which document a person is known, in full; raises UnknownWorkerError."""
    known = _identities(session, [worker_id]).get(worker_id)
    if known is None:
        raise UnknownWorkerError
    return known


def _identities(session: Session, worker_ids: Iterable[UUID]) -> dict[UUID, Identity]:
    whose = list(worker_ids)
    keys: dict[UUID, PersonKey] = vault_of(session).keys_of(whose)
    query = (
        select(Record)
        .where(col(Record.worker_id).in_(whose), col(Record.kind) == RecordKind.IDENTITY)
        .order_by(col(Record.worker_id), col(Record.recorded_at), col(Record.id))
    )
    found: dict[UUID, Identity] = {}
    for row in standing(newest_last(list(session.exec(query)))):
        key = keys.get(row.worker_id)
        content = unseal(key, row.sealed).content if key else None
        if isinstance(content, Identity):
            found.setdefault(row.worker_id, content)
    return found


def _found(worker: Worker, known: Identity | None) -> FoundPerson:
    if known is None:
        return FoundPerson(
            archive_number=worker.archive_number,
            document_type=None,
            document_number_masked=None,
            birth_year=None,
        )
    document = IdentityDocument(known.document_type, known.document_number)
    born = known.born_on or birth_date(document)
    return FoundPerson(
        archive_number=worker.archive_number,
        document_type=known.document_type,
        document_number_masked=masked(known.document_number),
        birth_year=born.year if born else None,
    )
