"""What workers said to requests for access: kept word for word, never overwritten.

Asking, and what is shown to whom access was granted, are the dossiers' room's affair.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from archive.audit.acts import concern
from archive.people.access import refuse, refuse_reading
from archive.people.actors import Actor
from archive.people.privacy import PersonKey, vault_of
from archive.people.share_models import AccessRequest, Consent
from archive.people.share_refusals import (
    AccessAnsweredError,
    AccessEndedError,
    AccessNotGrantedError,
    UnknownAccessError,
)
from credit_bank.chain import canonical_bytes
from schemas.access_requests import AccessWanted
from schemas.contracts import Bilingual, Contract
from schemas.ids import new_id
from schemas.shares import ShareScope
from schemas.vocabulary import ConsentAct, Permission, RequestState

REQUEST, CONSENT = "access_request.sealed", "consent.sealed"
SUBJECT = "access_request"
WITH_DOCUMENTS = "access-documents-2026-11"
"""The version of a consent by which signed documents are made, too; its words stand elsewhere."""
WAITS = timedelta(days=30)
"""How long a request waits for an answer."""
_BATCH = 400


class Granted(Contract):
    """What was granted, and the words that the worker agreed to."""

    scope: ShareScope
    words: Bilingual
    with_documents: bool = False
    """Whether signed documents may be made of what lies in the scope, too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with all that was said to it."""

    row: AccessRequest
    answers: tuple[Consent, ...]

    @property
    def consent(self) -> Consent | None:
        """The consent that was given, also one that was taken back; None when none was."""
        return next((one for one in self.answers if one.act is ConsentAct.GRANT), None)

    def state(self, now: datetime) -> RequestState:
        """Return how it stands at a moment; what was taken back or declined stays so.

        The order of the rows does not matter: a clock that was set back opens nothing.
        """
        acts = {one.act for one in self.answers}
        if ConsentAct.MERGE in acts:
            return RequestState.ENDED if ConsentAct.GRANT in acts else RequestState.LAPSED
        if ConsentAct.TAKE_BACK in acts:
            return RequestState.TAKEN_BACK
        if ConsentAct.DECLINE in acts:
            return RequestState.DECLINED
        consent = self.consent
        if consent is None:
            waits = now < self.row.lapses_at
            return RequestState.WAITING if waits else RequestState.LAPSED
        lasts = consent.expires_at is not None and now < consent.expires_at
        return RequestState.GRANTED if lasts else RequestState.ENDED

    def is_for_documents(self) -> bool:
        """Whether the consent that was given is one to signed documents, too."""
        return self.consent is not None and self.consent.text_version == WITH_DOCUMENTS

    def ends_at(self) -> datetime:
        """Return until when it waits; once granted, until when the access lasts."""
        granted = self.consent.expires_at if self.consent else None
        return granted or self.row.lapses_at


def addressed_to(session: Session, worker_id: UUID, *, by: Actor) -> list[Asked]:
    """Return the requests that a worker got, the newest first; raises UnknownWorkerError."""
    refuse_reading(session, by, worker_id, Permission.ANSWER_ACCESS)
    return _with_answers(session, _rows(session, worker_id))


def one(session: Session, worker_id: UUID, request_id: UUID, *, by: Actor) -> Asked:
    """Return one of a worker's requests; raises UnknownWorkerError, UnknownAccessError."""
    refuse_reading(session, by, worker_id, Permission.ANSWER_ACCESS)
    found = _with_answers(session, _rows(session, worker_id, request_id))
    if not found:
        raise UnknownAccessError
    return found[0]


def asked_by(session: Session, organisation_id: UUID) -> list[Asked]:
    """Return the requests that an organisation made, the newest first."""
    query = select(AccessRequest).where(col(AccessRequest.organisation_id) == organisation_id)
    ordered = query.order_by(col(AccessRequest.asked_at).desc(), col(AccessRequest.id).desc())
    return _with_answers(session, session.exec(ordered).all())


def open_to(session: Session, request_id: UUID, *, by: Actor, now: datetime) -> Asked:
    """Return a request by which somebody may read now: staff of the organisation it names only.

    Raises NotAllowedError, UnknownAccessError for another's as for a missing one,
    AccessNotGrantedError, AccessEndedError.
    """
    refuse(by, Permission.READ_GRANTED)
    query = select(AccessRequest).where(
        col(AccessRequest.id) == request_id,
        col(AccessRequest.organisation_id) == by.organisation_id,
    )
    row = session.exec(query).one_or_none()
    if row is None:
        raise UnknownAccessError
    [found] = _with_answers(session, [row])
    refuse_ended(found, now=now)
    concern(session, row.worker_id, SUBJECT, row.id)
    return found


def refuse_ended(asked: Asked, *, now: datetime) -> None:
    """Raise unless a consent stands at this moment: AccessEndedError, AccessNotGrantedError."""
    state = asked.state(now)
    if state in {RequestState.ENDED, RequestState.TAKEN_BACK}:
        raise AccessEndedError
    if state is not RequestState.GRANTED:
        raise AccessNotGrantedError


def with_request(session: Session, worker_id: UUID, request_id: UUID) -> Asked:
    """Return a request with all that was said to it by now; raises UnknownAccessError."""
    found = _with_answers(session, _rows(session, worker_id, request_id))
    if not found:
        raise UnknownAccessError
    return found[0]


def grant(
    session: Session,
    asked: Asked,
    granted: Granted,
    *,
    version: str,
    days: int,
    by: Actor,
    now: datetime,
) -> Consent:
    """Write down that access is granted, in which words. Raises AccessAnsweredError."""
    asked = _in_turn(session, asked)
    if asked.state(now) is not RequestState.WAITING:
        raise AccessAnsweredError
    key = vault_of(session).keys_of([asked.row.worker_id])[asked.row.worker_id]
    sealed = key.seal(CONSENT, canonical_bytes(granted.model_dump(mode="json")))
    said = _said(asked, ConsentAct.GRANT, by.id, now)
    said.text_version, said.sealed, said.expires_at = version, sealed, now + timedelta(days=days)
    return _kept(session, said)


def decline(session: Session, asked: Asked, *, by: Actor, now: datetime) -> Consent:
    """Write down that access is declined. Raises AccessAnsweredError."""
    asked = _in_turn(session, asked)
    if asked.state(now) is not RequestState.WAITING:
        raise AccessAnsweredError
    return _kept(session, _said(asked, ConsentAct.DECLINE, by.id, now))


def take_back(session: Session, asked: Asked, *, by: Actor, now: datetime) -> Consent:
    """Write down that a consent is taken back, at once. Raises AccessAnsweredError."""
    asked = _in_turn(session, asked)
    if asked.state(now) is not RequestState.GRANTED:
        raise AccessAnsweredError
    return _kept(session, _said(asked, ConsentAct.TAKE_BACK, by.id, now))


def end_all(session: Session, worker_id: UUID, *, by: UUID, now: datetime) -> int:
    """End what waits and what was granted in a dossier that is merged; return how many.

    A consent was given to what one dossier held, not to what the joined one holds (PIPL,
    article 23): whoever needs it asks anew.
    """
    found = _with_answers(session, _rows(session, worker_id))
    open_ones = (RequestState.WAITING, RequestState.GRANTED)
    ended = [one for one in found if one.state(now) in open_ones]
    for one in ended:
        session.add(_said(one, ConsentAct.MERGE, by, now))
    session.flush()
    return len(ended)


def wanted_in(key: PersonKey, row: AccessRequest) -> AccessWanted:
    """Return what a request asks for and why."""
    return AccessWanted.model_validate(json.loads(key.open(REQUEST, row.sealed)))


def granted_in(key: PersonKey, asked: Asked) -> Granted | None:
    """Return what was granted; None when nothing was."""
    if asked.consent is None or asked.consent.sealed is None:
        return None
    return Granted.model_validate(json.loads(key.open(CONSENT, asked.consent.sealed)))


def _in_turn(session: Session, asked: Asked) -> Asked:
    """Return a request as it stands when everyone who answers it just now has done so."""
    row = session.get_one(
        AccessRequest, (asked.row.worker_id, asked.row.id), with_for_update={"key_share": True}
    )
    [found] = _with_answers(session, [row])
    return found


def _said(asked: Asked, act: ConsentAct, by: UUID, now: datetime) -> Consent:
    return Consent(
        worker_id=asked.row.worker_id,
        id=new_id(),
        request_id=asked.row.id,
        act=act,
        said_at=now,
        said_by=by,
    )


def _kept(session: Session, said: Consent) -> Consent:
    session.add(said)
    session.flush()
    return said


def _rows(
    session: Session, worker_id: UUID, request_id: UUID | None = None
) -> Sequence[AccessRequest]:
    query = select(AccessRequest).where(col(AccessRequest.worker_id) == worker_id)
    if request_id is not None:
        query = query.where(col(AccessRequest.id) == request_id)
    ordered = query.order_by(col(AccessRequest.asked_at).desc(), col(AccessRequest.id).desc())
    return session.exec(ordered).all()


def _with_answers(session: Session, rows: Sequence[AccessRequest]) -> list[Asked]:
    """Return requests with the answers to each; one statement a few hundred of them."""
    answers: dict[UUID, list[Consent]] = defaultdict(list)
    for at in range(0, len(rows), _BATCH):
        part = rows[at : at + _BATCH]
        query = select(Consent).where(
            col(Consent.worker_id).in_({one.worker_id for one in part}),
            col(Consent.request_id).in_([one.id for one in part]),
        )
        for said in session.exec(query.order_by(col(Consent.id))):
            answers[said.request_id].append(said)
    return [Asked(row, tuple(answers[row.id])) for row in rows]
