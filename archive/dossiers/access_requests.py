"""Requests of organisations for access to a dossier: asking, answering, reading what was granted.

Whoever asks learns nothing from having asked: a request about nobody gets the same answer,
by the same statements, and stays in the list as one that nobody answers.
"""

import os
from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

from sqlmodel import Session, col, func, select

from archive.dossiers import reading
from archive.dossiers.document_purposes import purpose_told
from archive.dossiers.names_on_file import names_of
from archive.dossiers.scope_narrowing import narrowed
from archive.dossiers.scope_words import consent_words, version_for
from archive.dossiers.shares import content_of, states_of
from archive.dossiers.titles import organisation_view
from archive.errors import NotAllowedError
from archive.notices.messages import Notice
from archive.people import consents, look_ups, organisations, tidings
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.consents import REQUEST, WAITS, Asked, Granted
from archive.people.identity import read_document
from archive.people.identity_refusals import IdentityError
from archive.people.models import Account
from archive.people.privacy import PersonKey, vault_of
from archive.people.share_models import AccessRequest
from archive.people.share_refusals import (
    AccessRequestsTooManyError,
    ConsentMissingError,
    UnknownAccessError,
)
from credit_bank.chain import canonical_bytes
from schemas.access_requests import (
    AccessAsked,
    AccessSent,
    GrantAsked,
    RequestLine,
    RequestList,
    RequestView,
)
from schemas.contracts import Bilingual
from schemas.ids import new_id, read_archive_number
from schemas.shares import SharedView
from schemas.vocabulary import Permission

MOST_A_DAY = 200
"""A proposal of this project: more than an employer hires in a day, too few to try a list."""
_DAY = timedelta(days=1)
_SEAL_BYTES = 28
"""How much longer a sealed text is than a plain one: nonce and tag of AES-GCM."""


def ask(
    session: Session, asked: AccessAsked, *, by: Actor, now: datetime, today: date
) -> AccessSent:
    """Ask a worker for access, if there is such a worker; the answer does not tell.

    Raises NotAllowedError, AccessRequestsTooManyError, AccessPurposeLongError.
    """
    refuse(by, Permission.ASK_ACCESS)
    if by.organisation_id is None:
        raise NotAllowedError
    _refuse_too_many(session, by.organisation_id, now)
    if asked.wanted.with_documents:
        body = organisations.by_id(session, [by.organisation_id])[by.organisation_id]
        purpose_told(body, asked.wanted.purpose)  # Raises before anybody is asked in vain.
    whom = _worker_meant(session, asked, today=today) or new_id()
    key = vault_of(session).keys_of([whom]).get(whom)
    if not _is_named(session, whom, asked, key):
        whom, key = new_id(), None
    plain = canonical_bytes(asked.wanted.model_dump(mode="json"))
    row = AccessRequest(
        worker_id=whom,
        id=new_id(),
        organisation_id=by.organisation_id,
        reference=asked.reference,
        sealed=key.seal(REQUEST, plain) if key else os.urandom(len(plain) + _SEAL_BYTES),
        asked_at=now,
        asked_by=by.id,
        lapses_at=now + WAITS,
    )
    session.add(row)
    session.flush()
    tidings.note(session, whom, Notice.ACCESS_ASKED, f"access/{row.id.hex}/asked", now=now)
    return AccessSent(request=row.id, expires_at=row.lapses_at)


def lines(session: Session, *, by: Actor, now: datetime) -> tuple[RequestLine, ...]:
    """Return the requests of the own organisation, the newest first; raises NotAllowedError."""
    refuse(by, Permission.ASK_ACCESS)
    if by.organisation_id is None:
        raise NotAllowedError
    found = consents.asked_by(session, by.organisation_id)
    ids = {one.row.asked_by for one in found}
    query = select(Account.id, Account.name).where(col(Account.id).in_(ids))
    names: dict[UUID, str] = dict(session.exec(query).all())
    return tuple(
        RequestLine(
            id=one.row.id,
            reference=one.row.reference,
            state=one.state(now),
            asked_at=one.row.asked_at,
            asked_by=names[one.row.asked_by],
            expires_at=one.ends_at(),
            with_documents=one.is_for_documents(),
        )
        for one in found
    )


def views(session: Session, worker_id: UUID, *, by: Actor, now: datetime) -> RequestList:
    """Return the requests that a worker got, the newest first.

    Raises UnknownWorkerError; a person who was erased has none.
    """
    found = consents.addressed_to(session, worker_id, by=by)
    worker = look_ups.worker_known_as(session, worker_id)
    told = _views(session, worker_id, found, now)
    return RequestList(archive_number=worker.archive_number, requests=told)


def view(
    session: Session, worker_id: UUID, request_id: UUID, *, by: Actor, now: datetime
) -> RequestView:
    """Return one of a worker's requests; raises UnknownWorkerError, UnknownAccessError."""
    found = consents.one(session, worker_id, request_id, by=by)
    told = _views(session, worker_id, [found], now)
    if not told:
        raise UnknownAccessError
    return told[0]


def text_for(asking: RequestView, granted: GrantAsked, *, now: datetime, zone: tzinfo) -> Bilingual:
    """Return the text that the worker is shown before agreeing; raises ScopeEmptyError."""
    scope = narrowed(asking.wanted, granted.scope)
    until = (now + timedelta(days=granted.days)).astimezone(zone).date()
    version = version_for(asking, granted)
    return consent_words(asking, scope, days=granted.days, until=until, version=version)


def grant(
    session: Session,
    worker_id: UUID,
    request_id: UUID,
    granted: GrantAsked,
    *,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> RequestView:
    """Grant access, never to more than was asked for; kept with the text that was shown.

    Raises UnknownWorkerError, UnknownAccessError, ConsentMissingError, ScopeEmptyError,
    AccessAnsweredError.
    """
    asking = view(session, worker_id, request_id, by=by, now=now)
    if not granted.agrees:
        raise ConsentMissingError
    told = Granted(
        scope=narrowed(asking.wanted, granted.scope),
        words=text_for(asking, granted, now=now, zone=zone),
        with_documents=asking.with_documents and granted.with_documents,
    )
    found = consents.one(session, worker_id, request_id, by=by)
    version = version_for(asking, granted)
    consents.grant(session, found, told, version=version, days=granted.days, by=by, now=now)
    return view(session, worker_id, request_id, by=by, now=now)


def decline(
    session: Session, worker_id: UUID, request_id: UUID, *, by: Actor, now: datetime
) -> RequestView:
    """Decline a request. Raises UnknownWorkerError, UnknownAccessError, AccessAnsweredError."""
    consents.decline(session, consents.one(session, worker_id, request_id, by=by), by=by, now=now)
    return view(session, worker_id, request_id, by=by, now=now)


def take_back(
    session: Session, worker_id: UUID, request_id: UUID, *, by: Actor, now: datetime
) -> RequestView:
    """Take a consent back. Raises UnknownWorkerError, UnknownAccessError, AccessAnsweredError."""
    consents.take_back(session, consents.one(session, worker_id, request_id, by=by), by=by, now=now)
    return view(session, worker_id, request_id, by=by, now=now)


def shown(
    session: Session, request_id: UUID, *, by: Actor, now: datetime, today: date, zone: tzinfo
) -> SharedView:
    """Return what was granted, as the dossier stands, to staff of the organisation that asked.

    Raises NotAllowedError, UnknownAccessError, AccessNotGrantedError, AccessEndedError.
    """
    asked = consents.open_to(session, request_id, by=by, now=now)
    worker_id = asked.row.worker_id
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    granted = consents.granted_in(key, asked) if key else None
    if key is None or granted is None:
        raise UnknownAccessError
    dossier = reading.dossier(session, worker_id, today=today, zone=zone)
    content = content_of(dossier, granted.scope, now=now)
    organisation = organisations.by_id(session, [asked.row.organisation_id])
    return SharedView(
        for_whom=organisation[asked.row.organisation_id].name,
        purpose=consents.wanted_in(key, asked.row).purpose,
        frozen_at=None,
        expires_at=asked.ends_at(),
        may_download=True,
        seen_at=now,
        content=content,
        states=states_of(session, worker_id, content, dossier, today=today),
    )


def _refuse_too_many(session: Session, organisation_id: UUID, now: datetime) -> None:
    query = select(func.count()).where(
        col(AccessRequest.organisation_id) == organisation_id,
        col(AccessRequest.asked_at) > now - _DAY,
    )
    if session.exec(query).one() >= MOST_A_DAY:
        raise AccessRequestsTooManyError(most=MOST_A_DAY)


def _worker_meant(session: Session, asked: AccessAsked, *, today: date) -> UUID | None:
    """Return whom a request is about; None when nobody is known by that.

    An impossible number is looked up, too: what is written wrong must not answer faster.
    """
    if asked.archive_number is not None:
        number = read_archive_number(asked.archive_number) or asked.archive_number
        claim = look_ups.number_claim(session, number)
    else:
        try:
            document = read_document(asked.document_number or "", today=today)
            claim = look_ups.document_claim(session, document)
        except IdentityError:
            claim = look_ups.number_claim(session, "")
    return look_ups.holders(session, [claim]).get(claim)


def _is_named(session: Session, whom: UUID, asked: AccessAsked, key: PersonKey | None) -> bool:
    """Whether the name fits, where one is given; of nobody it is looked up all the same."""
    names = names_of(session, [whom], {whom: key} if key else {}).get(whom)
    if asked.name is None:
        return True
    return names is not None and names.is_present(asked.name)


def _views(
    session: Session, worker_id: UUID, found: list[Asked], now: datetime
) -> tuple[RequestView, ...]:
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        return ()
    bodies = organisations.by_id(session, [one.row.organisation_id for one in found])
    told = []
    for one in found:
        wanted, granted = consents.wanted_in(key, one.row), consents.granted_in(key, one)
        told.append(
            RequestView(
                id=one.row.id,
                organisation=organisation_view(bodies[one.row.organisation_id]),
                purpose=wanted.purpose,
                contact=wanted.contact,
                wanted=wanted.scope,
                days=wanted.days,
                with_documents=wanted.with_documents,
                state=one.state(now),
                asked_at=one.row.asked_at,
                expires_at=one.ends_at(),
                granted=granted.scope if granted else None,
                granted_documents=granted.with_documents if granted else False,
                words=granted.words if granted else None,
                text_version=one.consent.text_version if one.consent else None,
            )
        )
    return tuple(told)
