"""A worker with records of several kinds, to be shared in parts."""

from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import records, shares
from archive.people.actors import Actor
from archive.people.models import Organisation
from archive.people.shares import OpenedShare
from schemas.careers import Experience
from schemas.shares import ShareAsked, ShareScope
from schemas.vocabulary import OrganisationKind, Rank, Role
from tests.builders import (
    NOW,
    TODAY,
    WELDER,
    a_certificate,
    a_competition,
    a_training,
    an_account,
    an_organisation,
    workers,
)

if TYPE_CHECKING:
    from schemas.records import Record as AnyRecord

TRAINING, CERTIFICATE, CONTEST, WORK = "电工技能提升", "电工", "深圳市职业技能竞赛", "光明电器厂"


@dataclass(frozen=True)
class Sharing:
    """Who shares what, and who would like to see it."""

    me: Actor
    other: Actor
    employer: Actor
    rival: Actor
    posted_by: Actor
    provider: Organisation
    worker_id: UUID
    other_id: UUID
    training: UUID
    certificate: UUID
    contest: UUID
    work: UUID

    def share(self, session: Session, **asked: object) -> tuple[OpenedShare, str]:
        """Make a share as the worker does."""
        wanted = ShareAsked.model_validate(
            {"for_whom": "示范用人单位", "purpose": "应聘电工", "scope": ShareScope(), **asked}
        )
        return shares.make(
            session, self.worker_id, wanted, by=self.me, now=NOW, today=TODAY, zone=UTC
        )


def a_sharing(session: Session) -> Sharing:
    """Return a worker with a training, a certificate, an award and work, and some others."""
    provider = an_organisation(session, "TP01")
    bodies = [
        an_organisation(session, code, OrganisationKind.EMPLOYER) for code in ("EP01", "EP02")
    ]
    trainer = an_account(session, "trainer", Role.TRAINER, provider)
    mine, others = workers(session, provider, trainer, count=2)
    told: tuple[AnyRecord, ...] = (
        a_training(),
        a_certificate(rank=Rank.SENIOR),
        a_competition(),
        Experience(employer_name=WORK, occupation=WELDER, started_on=date(2020, 1, 1)),
    )
    ids = [
        records.add(
            session, mine, one, organisation_id=provider.id, by=trainer, now=NOW, today=TODAY
        ).record_id
        for one in told
    ]
    return Sharing(
        an_account(session, "worker", Role.WORKER, None, mine),
        an_account(session, "other worker", Role.WORKER, None, others),
        an_account(session, "employer", Role.EMPLOYER, bodies[0]),
        an_account(session, "rival", Role.EMPLOYER, bodies[1]),
        trainer,
        provider,
        mine,
        others,
        *ids,
    )
