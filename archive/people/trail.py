"""The trail that every session leaves: whose keys it opened, by whom, for what.

A writing session tells in its own transaction; a reading one by the access log, before it is
left. So nothing that a session opened can leave the house untold, whatever route it took.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from archive.audit.acts import Act, Notes, current, notes_of
from archive.audit.events import Outcome
from archive.audit.group_commit import AccessLog
from archive.audit.refusals import AuditUnavailableError
from archive.audit.tables import AUDIT_EVENT
from archive.db import Database
from archive.people.actors import Actor
from archive.people.privacy import Vault
from credit_bank.bulk import insert_rows
from schemas.ids import new_id
from schemas.refusals import Refusal
from schemas.vocabulary import Permission

REASON = "audit.reason"
SOURCE = "network_address"
_SOURCE_BYTES = 16
EVERYONE = "everyone"
"""The kind of subject of a scan that goes over all dossiers and tells of nobody."""


class Trail:
    """Tells what the sessions of one archive do."""

    def __init__(self, vault: Vault, log: AccessLog) -> None:
        """Take what seals reasons, and where accesses are told."""
        self._vault = vault
        self.log = log

    def before_commit(self, session: Session) -> None:
        """Tell what a writing session did, within it. Raises AuditUnavailableError."""
        act = current()
        if act is None:
            return
        notes = notes_of(session)
        rows = self._rows(act, notes, list(notes.workers))
        if not rows and notes.is_always_told:
            rows = [self._row(act)]
        try:
            insert_rows(session, AUDIT_EVENT, rows)
        except SQLAlchemyError as fault:
            raise AuditUnavailableError from fault

    @contextmanager
    def during_reading(self, session: Session) -> Iterator[None]:
        """Know a reading session while it is open, so that what it read can be told early."""
        act = current()
        if act is None:
            yield
            return
        with act.settling(lambda: self._access(act, session)):
            yield

    def after_reading(self, session: Session) -> None:
        """Tell what a reading session opened. Raises AuditUnavailableError."""
        act = current()
        if act is not None:
            self._access(act, session)

    def after_refusal(self, session: Session, fault: BaseException) -> None:
        """Tell what a session opened in vain: it may have been refused, and shown all the same."""
        act = current()
        if act is None or not isinstance(fault, Exception):
            return
        if isinstance(fault, AuditUnavailableError):
            return  # It says so itself that nothing can be told.
        code = fault.code if isinstance(fault, Refusal) else "unexpected"
        if self._access(act, session, outcome=Outcome.REFUSED.value, code=code):
            act.is_told = True

    def tell(self, act: Act, **more: object) -> None:
        """Tell an access of which no session knows, such as a failed sign-in."""
        self.log.write([self._row(act, **more)])

    def close(self) -> None:
        """Write what is left, and give all connections back."""
        self.log.close()

    @property
    def store(self) -> Database:
        """The access log's database."""
        return self.log.store

    def _access(self, act: Act, session: Session, **more: object) -> bool:
        notes = notes_of(session)
        whose = act.untold(notes.workers)
        rows = self._rows(act, notes, whose, **more)
        if not rows and notes.is_always_told:
            rows = [self._row(act, worker_id=act.asked_for, **more)]
        self.log.write(rows)
        act.told(whose)
        notes.is_always_told = False
        return bool(rows)

    def _rows(
        self, act: Act, notes: Notes, whose: list[UUID], **more: object
    ) -> list[dict[str, Any]]:
        reasons = self._sealed(act.reason, whose)
        alike = self._row(act, **more)
        rows = []
        for one in whose:
            kind, subject = notes.workers[one] or (None, None)
            rows.append(
                alike
                | {
                    "id": new_id(),
                    "worker_id": one,
                    "subject_kind": kind,
                    "subject_id": subject,
                    "reason": reasons.get(one),
                }
            )
        if notes.scanned:
            rows.append(self._row(act, subject_kind=EVERYONE, people=notes.scanned, **more))
            notes.scanned = 0
        return rows

    def _row(self, act: Act, **more: object) -> dict[str, Any]:
        source = None
        if act.address is not None:
            source = self._vault.digest(SOURCE, act.address)[:_SOURCE_BYTES]
        return act.row(source=source) | more

    def _sealed(self, reason: str | None, whose: Iterable[UUID]) -> dict[UUID, bytes]:
        if not reason:
            return {}
        keys = self._vault.keys_of(whose)
        return {one: key.seal(REASON, reason.encode()) for one, key in keys.items()}


def tell_made(  # Of whom, what was made, by whom, for whom.
    session: Session, worker_id: UUID, document_id: UUID, by: Actor, organisation_id: UUID
) -> None:
    """Tell that a job made a document for somebody who asked for many; no act, nothing told.

    The job tells of itself only; whose document it is wants to know for whom it was.
    """
    act = current()
    if act is None:
        return
    told = act.row(
        actor_id=by.id,
        role=by.role,
        organisation_id=organisation_id,
        action=str(Permission.ISSUE_FOR_MANY),
        worker_id=worker_id,
        subject_kind="transcript",
        subject_id=document_id,
    )
    insert_rows(session, AUDIT_EVENT, [told])


def trail_of(owner: Session | Database) -> Trail:
    """Return the trail that was handed to this session, or to this database."""
    trail = owner.info.get("trail")
    if not isinstance(trail, Trail):
        message = "the archive was opened without a trail"
        raise TypeError(message)
    return trail
