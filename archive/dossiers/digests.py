"""The daily message: how many records of a dossier are new, corrected or withdrawn.

A durable job, once a local morning. It reads the records that came since the last one,
organisation by organisation, which an index of theirs serves: posting pays nothing for it.
Each worker gets at most one a day, only when something happened, and its words name nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import cast
from uuid import UUID

from sqlmodel import Session, and_, case, col, exists, func, or_, select

from archive.dossiers.models import Record
from archive.dossiers.news import happening_of, keep
from archive.jobs import desk
from archive.jobs.desk import WORKS, Steps, Told
from archive.notices.messages import Notice
from archive.people import contacts, outbox
from archive.people.contacts import CHANNELS
from archive.people.models import Merger, Organisation
from archive.people.personal_models import Contact, NewsMark
from archive.people.privacy import PersonKey, vault_of
from credit_bank.models import ChainLink, is_link_of
from schemas.news import DigestReport
from schemas.vocabulary import LEARNING_KINDS, Act, ContactKind, Happening

KIND = "digest"
MORNING = timedelta(hours=8)
"""From when on a local day's messages are sent; nobody is woken by one."""
EVENING = timedelta(hours=21)
PAGE = 250
"""Records a step: few enough that nobody waits long for the database."""
_OVERLAP = timedelta(days=2)
"""A transaction may take long; what it wrote is found the next day at the latest."""
_FIRST_DAY = timedelta(days=1)
_WORTH = timedelta(days=2)
_FIRST = (ContactKind.EMAIL, ContactKind.PHONE)
"""By mail where there is one, else by a text message, which costs money."""
_BATCH = 400

_TOLD, _READ = col(NewsMark.told_sequence), col(NewsMark.read_sequence)
_LARGER = case((_TOLD > _READ, _TOLD), else_=_READ)

Counts = dict[UUID, Counter[Happening]]


def run(steps: Steps, key: str, _zone: tzinfo) -> DigestReport:
    """Tell every worker once what happened in the dossier; the key begins with the local day."""
    day = date.fromisoformat(key[:10])
    since = str(steps.take(_since))
    workers = sent = 0
    for body in cast("list[str]", steps.take(partial(_posting, since))):
        after = [since, UUID(int=0).hex]
        while True:
            step = partial(_tell_next, day, since, UUID(body), after)
            told = cast("list[str | int]", steps.take(step))
            if not told:
                break
            after = [str(told[0]), str(told[1])]
            workers, sent = workers + int(told[2]), sent + int(told[3])
    return DigestReport(day=day, workers=workers, sent=sent)


WORKS[KIND] = run


def _since(session: Session, now: datetime) -> Told:
    """Return from when on records may not have been told of yet."""
    before = [one.asked_at for one in desk.latest(session, KIND, most=2)][1:]
    return ((before[0] - _OVERLAP) if before else now - _FIRST_DAY).isoformat()


def _posting(since: str, session: Session, _now: datetime) -> Told:
    """Return the organisations that have posted since."""
    posted = exists().where(
        col(Record.organisation_id) == col(Organisation.id),
        col(Record.recorded_at) > datetime.fromisoformat(since),
    )
    found = session.exec(select(Organisation.id).where(posted).order_by(col(Organisation.id)))
    return [one.hex for one in found]


def _tell_next(
    day: date, since: str, body: UUID, after: Sequence[str], session: Session, now: datetime
) -> Told:
    """Tell the workers of the next records; return the last record and how many were told."""
    rows = _page(session, body, after)
    if not rows:
        return []
    whose = sorted({worker_id for worker_id, _, _ in rows})
    counted, known = _untold(session, whose, datetime.fromisoformat(since))
    marks = [NewsMark(worker_id=one, told_sequence=known[one]) for one in counted]
    sent = _send(session, _wanting(session, counted), counted, day, now)
    keep(session, marks)
    _, at, last = rows[-1]
    return [at.isoformat(), last.hex, len(counted), sent]


def _page(
    session: Session, body: UUID, after: Sequence[str]
) -> Sequence[tuple[UUID, datetime, UUID]]:
    """Return whose the next records are, with moment and id of each."""
    at, last = datetime.fromisoformat(after[0]), UUID(after[1])
    follows = and_(col(Record.recorded_at) == at, col(Record.id) > last)
    query = (
        select(Record.worker_id, Record.recorded_at, Record.id)
        .where(col(Record.organisation_id) == body, col(Record.recorded_at) >= at)
        .where(or_(col(Record.recorded_at) > at, follows))
        .order_by(col(Record.recorded_at), col(Record.id))
        .limit(PAGE)
    )
    return session.exec(query).all()


def _untold(
    session: Session, whose: Sequence[UUID], since: datetime
) -> tuple[Counts, dict[UUID, int]]:
    """Return what happened in some dossiers that nobody was told of, and up to which link.

    What the holder has confirmed reading needs no message. A dossier that was merged into
    another tells nothing any more.
    """
    closed = exists().where(col(Merger.worker_id) == col(Record.worker_id))
    acts: dict[UUID, dict[UUID, list[Act]]] = defaultdict(lambda: defaultdict(list))
    known: dict[UUID, int] = {}
    for at in range(0, len(whose), _BATCH):
        query = (
            select(  # type: ignore[call-overload]  # SQLModel has types for four at most.
                Record.worker_id,
                Record.original_id,
                Record.act,
                ChainLink.sequence,
                func.coalesce(_LARGER, 0),
            )
            .join(ChainLink, is_link_of(Record, "record"))
            .outerjoin(NewsMark, col(NewsMark.worker_id) == col(Record.worker_id))
            .where(
                col(Record.worker_id).in_(whose[at : at + _BATCH]),
                col(Record.recorded_at) > since,
                col(Record.kind).in_(LEARNING_KINDS),
                ~closed,
            )
            .order_by(col(Record.worker_id), col(ChainLink.sequence))
        )
        for worker_id, original_id, act, sequence, heard in session.exec(query):
            if sequence > heard:
                acts[worker_id][original_id].append(act)
                known[worker_id] = sequence
    counted = {
        worker_id: Counter(happening_of(one) for one in records.values())
        for worker_id, records in acts.items()
    }
    return counted, known


def _wanting(session: Session, whose: Iterable[UUID]) -> list[UUID]:
    """Return who has told a way to be reached, and did not switch the message off."""
    wanted, told = list(whose), list[UUID]()
    for at in range(0, len(wanted), _BATCH):
        part = wanted[at : at + _BATCH]
        query = select(Contact.worker_id).distinct().where(col(Contact.worker_id).in_(part))
        declined = exists().where(
            col(NewsMark.worker_id) == col(Contact.worker_id), ~col(NewsMark.wants_digest)
        )
        told += session.exec(query.where(col(Contact.kind).in_(_FIRST), ~declined))
    return sorted(told)


def _send(
    session: Session, whose: Sequence[UUID], counted: Counts, day: date, now: datetime
) -> int:
    """Put a message to each into the outbox; the key makes it one a day. Return how many."""
    sent = 0
    for worker_id, key in vault_of(session).keys_of(whose).items():
        told = _told(session, worker_id, key, counted[worker_id])
        if told is not None:
            name, until = f"digest/{worker_id.hex}/{day}", now + _WORTH
            sent += outbox.put(session, (worker_id, key), name, told, now=now, useless_at=until)
    return sent


def _told(
    session: Session, worker_id: UUID, key: PersonKey, count: Counter[Happening]
) -> outbox.Told | None:
    known = contacts.reached(session, worker_id, key).known
    kind = next((one for one in _FIRST if one in known), None)
    if kind is None:
        return None
    facts = {one.value: str(count[one]) for one in Happening}
    return outbox.Told(CHANNELS[kind], known[kind], Notice.RECORDS_DIGEST, facts)
