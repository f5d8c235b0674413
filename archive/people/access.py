"""Whether somebody may do something to somebody's: the table of permissions, asked.

What is another's and what is missing answer the same, with as many statements, so that
nothing can be probed. Who may do nothing of the kind at all is told so.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, true
from sqlmodel import Session, col, select

from archive.errors import NotAllowedError, UnknownRecordError, UnknownWorkerError
from archive.people.actors import Actor
from archive.people.models import StreetOf, Worker
from archive.people.permissions import scope_of
from schemas.vocabulary import LEARNING_KINDS, Permission, RecordKind, Scope


def may(by: Actor | None, permission: Permission) -> bool:
    """Whether somebody may do such a thing to anything at all."""
    return scope_of(by, permission) is not None


def may_all(by: Actor | None, permission: Permission) -> bool:
    """Whether somebody may do such a thing to everybody's: the bureau's staff, mostly."""
    return scope_of(by, permission) is Scope.ALL


def refuse(by: Actor | None, permission: Permission) -> None:
    """Raise NotAllowedError unless somebody may do such a thing at all."""
    if not may(by, permission):
        raise NotAllowedError


def reaches_organisation(by: Actor, permission: Permission, organisation_id: UUID | None) -> bool:
    """Whether somebody may do such a thing for an organisation."""
    match scope_of(by, permission):
        case Scope.ALL:
            return True
        case Scope.ORGANISATION:
            return organisation_id is not None and organisation_id == by.organisation_id
        case _:
            return False


def reaches_worker(session: Session, by: Actor, permission: Permission, worker_id: UUID) -> bool:
    """Whether somebody may do such a thing to a worker's dossier.

    A street office's clerk costs one statement, whether the dossier is theirs or not.
    """
    match scope_of(by, permission):
        case Scope.ALL:
            return True
        case Scope.OWN:
            return by.worker_id == worker_id
        case Scope.STREET:
            street = select(StreetOf.organisation_id).where(col(StreetOf.worker_id) == worker_id)
            belongs_to = session.exec(street).first()
            return belongs_to is not None and belongs_to == by.organisation_id
        case _:
            return False


def within_reach(by: Actor, permission: Permission) -> ColumnElement[bool]:
    """Return the condition on a row of workers that somebody may do such a thing to that one.

    A look-up with it takes one statement, whether a dossier is missing or another's.
    """
    match scope_of(by, permission):
        case Scope.ALL:
            return true()
        case Scope.OWN:
            return col(Worker.worker_id) == by.worker_id
        case Scope.STREET:
            return exists().where(
                col(StreetOf.worker_id) == col(Worker.worker_id),
                col(StreetOf.organisation_id) == by.organisation_id,
            )
        case _:
            return false()


def refuse_posting(
    by: Actor, organisation_id: UUID, kind: RecordKind = RecordKind.TRAINING
) -> None:
    """Raise NotAllowedError unless somebody may post such records for the organisation.

    All kinds of learning are alike; names and documents only the bureau records.
    """
    if not reaches_organisation(by, _to_post(kind), organisation_id):
        raise NotAllowedError


def refuse_offering(by: Actor, organisation_id: UUID) -> None:
    """Raise NotAllowedError unless somebody may say what the organisation gives for credits.

    Employers may too: they receive applications for levels that they assess themselves.
    """
    if not reaches_organisation(by, Permission.PUBLISH_OFFER, organisation_id):
        raise NotAllowedError


def refuse_changing(by: Actor, organisation_id: UUID, kind: RecordKind) -> None:
    """Raise UnknownRecordError unless somebody may change such records of an organisation.

    Raises NotAllowedError for names and documents, which only the bureau changes.
    """
    if reaches_organisation(by, _to_post(kind), organisation_id):
        return
    if kind not in LEARNING_KINDS:
        raise NotAllowedError
    raise UnknownRecordError


def refuse_reading(
    session: Session,
    by: Actor,
    worker_id: UUID,
    permission: Permission = Permission.READ_DOSSIER,
) -> None:
    """Raise UnknownWorkerError unless somebody may do such a thing to this worker's dossier."""
    if not reaches_worker(session, by, permission, worker_id):
        raise UnknownWorkerError


def refuse_deciding(by: Actor) -> None:
    """Raise NotAllowedError unless somebody may answer proposals."""
    refuse(by, Permission.ANSWER_PROPOSAL)


def refuse_proposing(by: Actor) -> None:
    """Raise NotAllowedError unless somebody may propose what a second person decides."""
    refuse(by, Permission.PROPOSE)


def refuse_administering(by: Actor) -> None:
    """Raise NotAllowedError unless somebody may run the system: accounts, bodies, machinery."""
    refuse(by, Permission.MANAGE_SYSTEM)


def _to_post(kind: RecordKind) -> Permission:
    return Permission.POST_RECORD if kind in LEARNING_KINDS else Permission.POST_IDENTITY
