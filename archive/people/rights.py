"""Requests by which a person uses a right over personal data, and the bureau's answers.

What is said stands sealed under the person's key; of an erased person it is gone. By which day
an answer is due is told by the rule in force when it was asked (bureau/keeping.toml).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.errors import ArchiveError, ErasedError
from archive.people.access import refuse, refuse_reading
from archive.people.actors import Actor
from archive.people.closures import state_of
from archive.people.personal_models import PersonalRequest
from archive.people.privacy import PersonKey, vault_of
from archive.people.workers import numbers_of, take_turn
from schemas.ids import new_id
from schemas.vocabulary import ClosureAct, Permission, RequestAnswer, RequestKind

_COLUMN = "personal_request.sealed"


class RequestWaitingError(ArchiveError):
    """A request of this kind waits for its answer already."""

    code: ClassVar[str] = "request_waiting"
    template: ClassVar[str] = (
        "You have asked for this already; the bureau answers by {day}. Wait for the answer."
    )


class UnknownRequestError(ArchiveError):
    """No request of this identifier waits for an answer."""

    code: ClassVar[str] = "request_unknown"
    template: ClassVar[str] = (
        "No request with this identifier waits for an answer. See the list of requests."
    )


class AnswerMissingError(ArchiveError):
    """A person gets an answer in words."""

    code: ClassVar[str] = "request_answer_missing"
    template: ClassVar[str] = "Say in a few words what was decided and why; the person reads it."


class AnswerNotDoneError(ArchiveError):
    """What the answer says was done has not been done."""

    code: ClassVar[str] = "request_answer_not_done"
    template: ClassVar[str] = (
        "This answer tells the person of something that has not been done. Propose it under "
        "“Freeze or erase”, have a second person approve it, and answer then."
    )


_SAYS: dict[tuple[RequestKind, RequestAnswer], frozenset[ClosureAct | None]] = {
    (RequestKind.ERASE, RequestAnswer.GRANTED): frozenset(),  # To erase is the answer itself.
    (RequestKind.ERASE, RequestAnswer.FROZEN_INSTEAD): frozenset({ClosureAct.FREEZE}),
    (RequestKind.FREEZE, RequestAnswer.GRANTED): frozenset({ClosureAct.FREEZE}),
    (RequestKind.UNFREEZE, RequestAnswer.GRANTED): frozenset({None}),
}
"""How the dossier must stand for an answer to be true; others say nothing of that."""


@dataclass(frozen=True, slots=True)
class RequestTold:
    """A request, and what became of it."""

    id: UUID
    worker_id: UUID
    kind: RequestKind
    text: str | None
    """None when the person was erased since."""
    asked_at: datetime
    due_on: date | None
    archive_number: str = ""
    answer: RequestAnswer | None = None
    answer_text: str | None = None
    answered_at: datetime | None = None

    def is_late(self, today: date) -> bool:
        """Whether it should have been answered before."""
        return self.answer is None and self.due_on is not None and self.due_on < today


def ask(
    session: Session,
    worker_id: UUID,
    kind: RequestKind,
    text: str,
    *,
    days: int,
    by: Actor,
    now: datetime,
    today: date,
) -> UUID:
    """Keep a request, also of a person whose dossier is frozen; return its identifier.

    ``days`` is how long it may wait. Raises NotAllowedError, UnknownWorkerError,
    RequestWaitingError, ErasedError.
    """
    refuse(by, Permission.USE_RIGHTS)
    refuse_reading(session, by, worker_id, Permission.USE_RIGHTS)
    take_turn(session, worker_id)
    waiting = [one for one in of_worker(session, worker_id) if one.kind is kind]
    for one in waiting:
        if one.answer is None:
            raise RequestWaitingError(day=one.due_on)
    request_id = new_id()
    row = PersonalRequest(
        worker_id=worker_id,
        id=request_id,
        request_id=request_id,
        kind=kind,
        sealed=_key(session, worker_id).seal(_COLUMN, json.dumps(text.strip()).encode()),
        due_on=today + timedelta(days=days),
        recorded_at=now,
        recorded_by=by.id,
    )
    session.add(row)
    session.flush()
    return request_id


def answer(
    session: Session,
    request_id: UUID,
    how: RequestAnswer,
    text: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Answer a request; what it asks for is done elsewhere, by its own rules.

    Raises NotAllowedError, UnknownRequestError, AnswerMissingError, AnswerNotDoneError,
    ErasedError.
    """
    refuse(by, Permission.ANSWER_RIGHTS)
    if not text.strip():
        raise AnswerMissingError
    of_request = select(PersonalRequest).where(col(PersonalRequest.request_id) == request_id)
    session.exec(of_request.with_for_update()).all()  # Two who answer take turns.
    rows = session.exec(of_request).all()
    if len(rows) != 1:
        raise UnknownRequestError
    [asked] = rows
    key, stands = _key(session, asked.worker_id), state_of(session, asked.worker_id)
    if stands not in _SAYS.get((asked.kind, how), {stands}):
        raise AnswerNotDoneError
    row = PersonalRequest(
        worker_id=asked.worker_id,
        request_id=request_id,
        kind=asked.kind,
        answer=how,
        sealed=key.seal(_COLUMN, json.dumps(text.strip()).encode()),
        recorded_at=now,
        recorded_by=by.id,
    )
    session.add(row)
    session.flush()


def of_worker(session: Session, worker_id: UUID) -> list[RequestTold]:
    """Return a person's requests, the newest first."""
    query = select(PersonalRequest).where(col(PersonalRequest.worker_id) == worker_id)
    return _told(session, session.exec(query).all())


def waiting(session: Session) -> list[RequestTold]:
    """Return the requests that wait for an answer, the first due first.

    An erased person's wait for nothing more: the erasure was the answer, or made it needless.
    """
    answered = select(PersonalRequest.request_id).where(col(PersonalRequest.answer).is_not(None))
    query = select(PersonalRequest).where(col(PersonalRequest.request_id).not_in(answered))
    found = [one for one in _told(session, session.exec(query).all()) if one.text is not None]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.asked_at))


def _told(session: Session, rows: Sequence[PersonalRequest]) -> list[RequestTold]:
    whose = sorted({row.worker_id for row in rows})
    keys = vault_of(session).keys_to_prove(whose)
    numbers = numbers_of(session, whose)
    answers = {row.request_id: row for row in rows if row.answer is not None}
    told = []
    for row in rows:
        if row.answer is not None:
            continue
        key, answered = keys.get(row.worker_id), answers.get(row.request_id)
        told.append(
            RequestTold(
                id=row.request_id,
                worker_id=row.worker_id,
                kind=row.kind,
                text=_text(key, row),
                asked_at=row.recorded_at,
                due_on=row.due_on,
                archive_number=numbers.get(row.worker_id, ""),
                answer=answered.answer if answered else None,
                answer_text=_text(key, answered) if answered else None,
                answered_at=answered.recorded_at if answered else None,
            )
        )
    return sorted(told, key=lambda one: one.asked_at, reverse=True)


def _text(key: PersonKey | None, row: PersonalRequest) -> str | None:
    return str(json.loads(key.open(_COLUMN, row.sealed))) if key else None


def _key(session: Session, worker_id: UUID) -> PersonKey:
    key = vault_of(session).keys_to_prove([worker_id]).get(worker_id)
    if key is None:
        raise ErasedError
    return key
