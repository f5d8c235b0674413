"""Plain things to test with. Every person here is synthetic (area 990000)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.certificate_numbers import CODE_OF_RANK
from archive.dossiers.writing import Posting, writing
from archive.people import accounts, organisations
from archive.people.models import Account, Organisation
from archive.people.synthetic import resident_number
from schemas.identities import Identity
from schemas.records import Certificate, Competition, Training
from schemas.vocabulary import (
    ContestTier,
    DocumentType,
    OrganisationKind,
    Prize,
    Rank,
    Role,
)

NOW = datetime(2025, 3, 1, 2, 0, tzinfo=UTC)
TODAY = date(2025, 3, 1)
ELECTRICIAN = "6-31-01-03"
WELDER = "6-18-02-04"


def an_organisation(
    session: Session,
    code: str = "TP01",
    kind: OrganisationKind = OrganisationKind.TRAINING_PROVIDER,
) -> Organisation:
    """Return a new organisation."""
    return organisations.add(
        session, code, name="光明示范培训中心", name_en="Demo Training Centre", kind=kind, now=NOW
    )


def an_account(
    session: Session,
    name: str = "trainer",
    role: Role = Role.TRAINER,
    organisation: Organisation | None = None,
    worker_id: UUID | None = None,
) -> Account:
    """Return a new account without a password."""
    return accounts.add(
        session,
        name,
        role,
        organisation_id=organisation.id if organisation else None,
        worker_id=worker_id,
        now=NOW,
    )


def an_identity(serial: int = 1, name: str = "李明华", born: date = date(1990, 5, 17)) -> Identity:
    """Return the identity of a synthetic person."""
    return Identity(
        name=name,
        document_type=DocumentType.RESIDENT_ID,
        document_number=resident_number(born, serial),
        born_on=born,
    )


def workers(
    session: Session, organisation: Organisation, account: Account, count: int = 1
) -> Sequence[UUID]:
    """Enrol some synthetic workers."""
    posting = Posting(organisation.id, account.id, NOW)
    with writing(session) as writer:
        return writer.enrol([an_identity(serial) for serial in range(1, count + 1)], posting)


def a_training(
    hours: str = "36",
    completed_on: date = date(2025, 2, 1),
    course_name: str = "电工技能提升",
    score: str | None = "85",
    attendance: str | None = "95",
    course_code: str | None = None,
    outer_id: str | None = None,
) -> Training:
    """Return a finished course."""
    return Training(
        course_name=course_name,
        course_code=course_code,
        occupation=ELECTRICIAN,
        hours=Decimal(hours),
        score=Decimal(score) if score else None,
        attendance=Decimal(attendance) if attendance else None,
        completed_on=completed_on,
        outer_id=outer_id,
    )


def a_certificate(
    rank: Rank = Rank.INTERMEDIATE,
    issued_on: date = date(2024, 6, 1),
    number: str | None = None,
    occupation: str = ELECTRICIAN,
) -> Certificate:
    """Return a skill-level certificate, whose number tells its level."""
    return Certificate(
        certificate_number=number or f"S00004403000124{CODE_OF_RANK[rank]}000001",
        occupation=occupation,
        rank=rank,
        issued_on=issued_on,
    )


def a_competition(
    prize: Prize | None = Prize.FIRST,
    tier: ContestTier = ContestTier.CITY,
    event: str = "深圳市职业技能竞赛",
    awarded_on: date = date(2024, 10, 1),
) -> Competition:
    """Return a result in a competition."""
    return Competition(event_name=event, tier=tier, prize=prize, awarded_on=awarded_on)
