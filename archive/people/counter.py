"""The counter: a visit begins with a person, a document and a scanned authorisation, and ends.

During a visit the clerk's own session acts as the worker (at_counter.py). What nobody may do
for another even there stands in permissions.py, NOT_AT_THE_COUNTER.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from archive.errors import ArchiveError, NotAllowedError
from archive.people import organisations
from archive.people.access import refuse_reading
from archive.people.actors import Actor
from archive.people.at_counter import OpenVisit
from archive.people.closing import closed
from archive.people.counter_models import CounterAct, Visit, VisitEnd
from archive.people.models import Account, Organisation, SignIn, Worker
from archive.people.privacy import vault_of
from archive.scans import Scans, scan_type
from schemas.ids import new_id
from schemas.vocabulary import DocumentType, Permission, ScanType, VisitPurpose

LASTS = timedelta(minutes=30)
_COLUMN = "visit.authorisation"
_SHOWN = 12
"""So many characters of a scan's digest tell it from all others on a page."""


class VisitOpenError(ArchiveError):
    """The session acts for somebody already."""

    code: ClassVar[str] = "visit_open"
    template: ClassVar[str] = (
        "You are still acting for another person. End that visit first, then begin the next."
    )


class UnknownVisitError(ArchiveError):
    """The dossier has no such visit, or none that the asker may see."""

    code: ClassVar[str] = "visit_unknown"
    template: ClassVar[str] = "This visit is not known here. See the list of visits of the dossier."


@dataclass(frozen=True, slots=True)
class Seen:
    """What lay on the counter."""

    document: DocumentType
    purpose: VisitPurpose
    authorisation: bytes
    """The scan as it was uploaded."""


@dataclass(frozen=True, slots=True)
class ToldVisit:
    """A visit with all that was done, and who did it."""

    visit: Visit
    account: str
    office: Organisation | None
    ended_at: datetime
    acts: tuple[CounterAct, ...] = ()

    @property
    def authorisation(self) -> str:
        """The first characters of the scan's digest."""
        return self.visit.authorisation.hex()[:_SHOWN]


def begin(
    session: Session, worker: Worker, seen: Seen, *, scans: Scans, by: Actor, now: datetime
) -> OpenVisit:
    """Note that a worker is present; return at what a session may stand from now on.

    Raises NotAllowedError for a dossier of another street,
    ScanTooLargeError, ScanUnreadableError, ErasedError, FrozenError.
    """
    refuse_reading(session, by, worker.worker_id, Permission.SERVE_AT_COUNTER)
    kind = scan_type(seen.authorisation)
    key = vault_of(session).keys_of([worker.worker_id]).get(worker.worker_id)
    if key is None:
        raise closed(session, worker.worker_id)
    visit = Visit(
        worker_id=worker.worker_id,
        id=new_id(),
        account_id=by.id,
        organisation_id=by.organisation_id,
        document_seen=seen.document,
        purpose=seen.purpose,
        authorisation=scans.keep(key.seal(_COLUMN, seen.authorisation)),
        authorisation_type=kind,
        opened_at=now,
        until=now + LASTS,
    )
    session.add(visit)
    session.flush()
    return OpenVisit(visit.id, worker.worker_id, worker.archive_number, visit.until)


def stand_at(session: Session, token_digest: bytes, visit: OpenVisit, *, now: datetime) -> None:
    """Let a browser's session act for the worker of a visit.

    Raises NotAllowedError for a program, VisitOpenError when it acts for somebody already.
    """
    mine = col(SignIn.token_digest) == token_digest
    signed = session.exec(select(SignIn).where(mine).with_for_update()).one()
    if signed.is_bearer:
        raise NotAllowedError
    if signed.visit_until is not None and now < signed.visit_until:
        raise VisitOpenError
    values = {
        "visit_id": visit.id,
        "visit_worker_id": visit.worker_id,
        "visit_number": visit.archive_number,
        "visit_until": visit.until,
    }
    session.exec(update(SignIn).where(mine).values(**values))


def end(session: Session, token_digest: bytes, visit: OpenVisit, *, now: datetime) -> None:
    """End a visit: from now on the session is the clerk's own again; ended twice is ended."""
    gone = dict.fromkeys(("visit_id", "visit_worker_id", "visit_number", "visit_until"))
    mine = (col(SignIn.token_digest) == token_digest, col(SignIn.visit_id) == visit.id)
    if session.exec(update(SignIn).where(*mine).values(**gone)).rowcount:
        session.add(VisitEnd(worker_id=visit.worker_id, visit_id=visit.id, ended_at=now))
        session.flush()


def of_worker(session: Session, worker_id: UUID) -> list[ToldVisit]:
    """Return every visit of a worker, the newest first, with all that was done there."""
    acts: dict[UUID, list[CounterAct]] = defaultdict(list)
    done = select(CounterAct).where(col(CounterAct.worker_id) == worker_id)
    for act in session.exec(done.order_by(col(CounterAct.done_at), col(CounterAct.id))):
        acts[act.visit_id].append(act)
    return [
        ToldVisit(visit, account, office, ended or visit.until, tuple(acts[visit.id]))
        for visit, account, office, ended in _told(session, [worker_id])
    ]


def marks(
    session: Session, worker_ids: Iterable[UUID]
) -> Mapping[UUID, tuple[CounterAct, ToldVisit]]:
    """Return what was done for some workers at the counter, by what was made there."""
    whose = list(set(worker_ids))
    done = list(session.exec(select(CounterAct).where(col(CounterAct.worker_id).in_(whose))))
    if not done:
        return {}
    visits = {
        visit.id: ToldVisit(visit, account, office, ended or visit.until)
        for visit, account, office, ended in _told(session, whose)
    }
    return {act.subject_id: (act, visits[act.visit_id]) for act in done}


def authorisation(
    session: Session, worker_id: UUID, visit_id: UUID, *, scans: Scans
) -> tuple[ScanType, bytes]:
    """Return the scanned authorisation of a visit; the caller may read the dossier.

    Raises UnknownVisitError, ScanGoneError, ErasedError, FrozenError, SealBrokenError.
    """
    visit = session.get(Visit, (worker_id, visit_id))
    if visit is None:
        raise UnknownVisitError
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return visit.authorisation_type, key.open(_COLUMN, scans.get(visit.authorisation))


def _told(
    session: Session, worker_ids: Sequence[UUID]
) -> list[tuple[Visit, str, Organisation | None, datetime | None]]:
    query = (
        select(Visit, Account.name, VisitEnd.ended_at)
        .join(Account, col(Account.id) == col(Visit.account_id))
        .outerjoin(
            VisitEnd,
            (col(VisitEnd.worker_id) == col(Visit.worker_id))
            & (col(VisitEnd.visit_id) == col(Visit.id)),
        )
        .where(col(Visit.worker_id).in_(worker_ids))
        .order_by(col(Visit.opened_at).desc(), col(Visit.id).desc())
    )
    found: list[tuple[Visit, str, datetime | None]] = [
        (visit, name, ended) for visit, name, ended in session.exec(query)
    ]
    ids = {visit.organisation_id for visit, _, _ in found if visit.organisation_id}
    known = organisations.by_id(session, ids) if ids else {}
    return [
        (visit, name, known.get(visit.organisation_id) if visit.organisation_id else None, ended)
        for visit, name, ended in found
    ]
