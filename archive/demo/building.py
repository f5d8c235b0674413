"""Filling an empty archive with the demo district, through the services' bulk path.

The facts are the same for a seed, a size and a day: names, documents, courses, days,
results, corrections, and archive numbers too, so that guides can name a worker. (Numbers
of real workers are random; only a demo worker's is drawn from the seed.) Identifiers of
rows, salts and keys are fresh each time.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from random import Random
from typing import Self
from uuid import UUID

from sqlmodel import Session, select

from archive.db import Database
from archive.demo import accreditations, decisions, law, requests, teaching, uses
from archive.demo.accounts import DemoAccount, accounts, give_dossier, open_posters, open_sign_ins
from archive.demo.bodies import BODIES, BUREAU, STREET
from archive.demo.decisions import Staff
from archive.demo.lives import District
from archive.demo.population import population, told_lives
from archive.demo.refusals import DemoNotEmptyError
from archive.demo.steps import Life
from archive.dossiers.sealing import Source
from archive.dossiers.writing import DossierWriter, Newcomer, Posting, writing
from archive.people import organisations, streets
from archive.people.models import Account, Organisation, Worker
from archive.people.synthetic import credit_code
from archive.settings import Settings
from credit_bank.collecting import no_collection
from schemas.ids import ALPHABET, RANDOM_CHARACTERS, archive_number_from
from schemas.vocabulary import LEARNING_KINDS, Act, RecordKind, Role, Way

CHUNK = 500
"""Workers a transaction: enough that a commit costs little, few enough to fit in memory."""

STREET_EVERY = 3
"""One worker in so many belongs to the street office."""

_SOURCE = Source(way=Way.DEMO)

Progress = Callable[[int, int], None]
"""Called with the number of workers that are written, and of all."""


@dataclass(frozen=True)
class Built:
    """What a demo district holds."""

    workers: int
    records: int
    """Records of learning that were posted, the withdrawn among them."""
    organisations: int
    by_kind: Mapping[RecordKind, int]
    by_act: Mapping[Act, int]
    accounts: tuple[DemoAccount, ...]


def build(
    archive: Database,
    settings: Settings,
    *,
    workers: int = 200,
    records: int = 1500,
    seed: int = 1,
    now: datetime,
    progress: Progress | None = None,
) -> Built:
    """Fill an archive that has no workers; ``records`` counts records of learning.

    Each chunk of workers is committed by itself; after a failure ``purge`` removes what is
    there. Raises DemoNotEmptyError.
    """
    district = District(seed, now, settings.zone)
    lived = max(0, records - teaching.will_post(district, workers))
    lives = population(district, workers, lived)
    with archive.transaction() as session:
        _refuse_filled(session)
        filling = _Filling.begin(session, district)
        staff = filling.staff(session)
        accreditations.accredit(session, district, staff)
        law.agree(session, district, dict(staff.of))
        filling.write(session, list(islice(lives, CHUNK)))
    while chunk := list(islice(lives, CHUNK)):
        if progress:
            progress(filling.workers, workers)
        with no_collection(), archive.transaction() as session:
            filling.write(session, chunk)
    with archive.transaction() as session:
        first = [archive_number(seed, place) for place in range(min(3, filling.workers))]
        staff = filling.staff(session)
        uses.furnish(session, first, by=staff.of[BUREAU], now=now, zone=settings.zone)
        posted = teaching.teach(session, district, staff, filling.workers)
        filling.kinds[RecordKind.TRAINING] += posted
        named = told_lives(district, workers, lived)
        told = {name: archive_number(seed, place) for place, name in enumerate(named)}
        decisions.decide(session, district, staff, told)
        requests.ask(session, district, staff, told)
    if progress:
        progress(filling.workers, workers)
    return filling.built(tuple(accounts(archive)))


def archive_number(seed: int, place: int) -> str:
    """Return the archive number of the demo worker at a place; the same for a seed."""
    chance = Random(f"number/{seed}/{place}")
    return archive_number_from("".join(chance.choices(ALPHABET, k=RANDOM_CHARACTERS)))


@dataclass
class _Filling:
    """What is needed to write the district, and what was written of it so far."""

    district: District
    organisations: dict[str, UUID]
    posters: dict[str, UUID]
    worker_account: Account
    approver_id: UUID
    workers: int = 0
    kinds: Counter[RecordKind] = field(default_factory=Counter)
    acts: Counter[Act] = field(default_factory=Counter)

    @classmethod
    def begin(cls, session: Session, district: District) -> Self:
        """Make the organisations and accounts."""
        bodies = _bodies(session, district.now)
        printed = open_sign_ins(session, bodies, now=district.now)
        posters = open_posters(session, bodies, printed, now=district.now)
        ids = {code: body.id for code, body in bodies.items()}
        return cls(district, ids, posters, printed[Role.WORKER], printed[Role.APPROVER].id)

    def staff(self, session: Session) -> Staff:
        """Return who acts for each organisation, and the bureau's second person."""
        of = {code: session.get_one(Account, own) for code, own in self.posters.items()}
        return Staff(of, session.get_one(Account, self.approver_id))

    def write(self, session: Session, lives: Sequence[Life]) -> None:
        """Write the next workers of the district, whole."""
        with writing(session) as writer:
            newcomers = [self._newcomer(at, one) for at, one in enumerate(lives, self.workers)]
            ids = writer.begin(newcomers)
            for worker_id, one in zip(ids, lives, strict=True):
                self._live(writer, worker_id, one)
        self._belong(session, ids)
        if not self.workers and ids:
            give_dossier(session, self.worker_account, ids[0])
        self.workers += len(ids)

    def _belong(self, session: Session, ids: Sequence[UUID]) -> None:
        """Let every third worker belong to the demo's street office; others to none."""
        office, first = self.organisations[STREET], self.workers
        theirs = [one for place, one in enumerate(ids, first) if place % STREET_EVERY == 0]
        streets.fill(session, dict.fromkeys(theirs, office), now=self.district.now)

    def built(self, sign_ins: tuple[DemoAccount, ...]) -> Built:
        """Return what was written."""
        return Built(
            workers=self.workers,
            records=sum(self.kinds[kind] for kind in LEARNING_KINDS),
            organisations=len(self.organisations),
            by_kind=self.kinds,
            by_act=self.acts,
            accounts=sign_ins,
        )

    def _newcomer(self, place: int, one: Life) -> Newcomer:
        return Newcomer(
            identity=one.person.identity,
            posting=self._posting(one.body, one.began_at),
            archive_number=archive_number(self.district.seed, place),
            is_demo=True,
        )

    def _live(self, writer: DossierWriter, worker_id: UUID, one: Life) -> None:
        """Write a life step by step, then expire what can no longer be used."""
        posted: dict[int, UUID] = {}
        for step in one.steps:
            posting = self._posting(step.body, step.at)
            match step.act:
                case Act.ADD:
                    posted[step.post] = writer.add(worker_id, step.record, posting).record_id
                    self.kinds[step.record.kind] += 1
                case Act.CORRECT:
                    known = posted[step.post]
                    writer.correct(worker_id, known, step.record, posting, step.reason)
                case Act.WITHDRAW:
                    known = posted[step.post]
                    writer.withdraw(worker_id, known, step.record, posting, step.reason)
            self.acts[step.act] += 1
        writer.settle()
        district = self.district
        writer.expire(worker_id, now=district.now, today=district.today, zone=district.zone)

    def _posting(self, body: str, at: datetime) -> Posting:
        return Posting(self.organisations[body], self.posters[body], at, _SOURCE)


def _refuse_filled(session: Session) -> None:
    if session.exec(select(Worker.worker_id).limit(1)).first() is not None:
        raise DemoNotEmptyError


def _bodies(session: Session, now: datetime) -> dict[str, Organisation]:
    """Return the demo organisations; one that an earlier purge had to keep is taken again."""
    known = {one.code: one for one in organisations.listed(session) if one.is_demo}
    return {
        body.code: known.get(body.code)
        or organisations.add(
            session,
            body.code,
            name=body.name,
            name_en=body.name_en,
            kind=body.kind,
            credit_code=credit_code(serial),
            street=body.street,
            is_demo=True,
            now=now,
        )
        for serial, body in enumerate(BODIES, 1)
    }
