"""A small archive seen through its web door: one account a role, two workers with records."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from archive.dossiers import records
from archive.people import accounts, look_ups, sessions
from archive.people.models import Account, Organisation
from archive.settings import Settings
from archive.web.app import create_app
from archive.web.house import House
from schemas.vocabulary import OrganisationKind, Role
from tests.builders import NOW, TODAY, a_certificate, a_training, an_organisation, workers

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
OWN_PAGE = {"sec-fetch-site": "same-origin"}
STAFF = {
    "trainer": Role.TRAINER,
    "trainer administrator": Role.TRAINER_ADMINISTRATOR,
    "employer": Role.EMPLOYER,
    "employer administrator": Role.EMPLOYER_ADMINISTRATOR,
    "department": Role.DEPARTMENT_CLERK,
    "street": Role.STREET_CLERK,
    "clerk": Role.CLERK,
    "approver": Role.APPROVER,
    "second approver": Role.APPROVER,
    "administrator": Role.ADMINISTRATOR,
    "security administrator": Role.SECURITY_ADMINISTRATOR,
    "audit administrator": Role.AUDIT_ADMINISTRATOR,
}


@dataclass(frozen=True)
class Door:
    """The application, and who is behind it."""

    app: FastAPI
    numbers: tuple[str, str]
    """Archive numbers of “worker” and “other worker”."""
    record_ids: tuple[UUID, UUID]
    """A training of each of the two."""

    @property
    def house(self) -> House:
        """What the application shares."""
        house = self.app.state.house
        assert isinstance(house, House)
        return house

    def visit(self, name: str | None = None) -> TestClient:
        """Return a browser in which ``name`` is signed in, on a page of our own."""
        client = TestClient(self.app, headers=OWN_PAGE, follow_redirects=False)
        if name is not None:
            client.cookies.set(self.house.session_cookie, self.token(name))
        return client

    def program(self, name: str) -> TestClient:
        """Return a program with a bearer token of ``name``; it knows nothing of pages."""
        with self.house.archive.transaction() as session:
            account = accounts.named(session, name)
            token = sessions.issue_bearer(session, account, now=datetime.now(UTC))
        bearer = {"authorization": f"Bearer {token}"}
        return TestClient(self.app, headers=bearer, follow_redirects=False)

    def token(self, name: str) -> str:
        """Sign an account in without a password: checking one takes its time."""
        with self.house.archive.transaction() as session:
            return sessions.begin(session, accounts.named(session, name), now=datetime.now(UTC))


def a_door(settings: Settings) -> Door:
    """Return the web door of an archive that was just furnished."""
    app = create_app(settings)
    with app.state.house.archive.transaction() as session:
        bureau = an_organisation(session, "HR01", OrganisationKind.BUREAU)
        provider = an_organisation(session, "TP01")
        rival = an_organisation(session, "TP02")
        by = _staff(session, bureau, provider)
        an_account(session, "rival", Role.TRAINER, rival)
        ids = workers(session, provider, by, count=2)
        added: list[UUID] = []
        for name, worker_id in zip(("worker", "other worker"), ids, strict=True):
            an_account(session, name, Role.WORKER, None, worker_id)
            number = f"S00004403000124400000{len(added)}"
            added.append(_records(session, worker_id, provider, by, number))
        numbers = [look_ups.worker_known_as(session, one).archive_number for one in ids]
    return Door(app, (numbers[0], numbers[1]), (added[0], added[1]))


def an_account(
    session: Session,
    name: str,
    role: Role,
    organisation: Organisation | None,
    worker_id: UUID | None = None,
) -> Account:
    """Return a new account; tests sign it in by a token."""
    whose = organisation.id if organisation else None
    return accounts.add(session, name, role, organisation_id=whose, worker_id=worker_id, now=NOW)


def _staff(session: Session, bureau: Organisation, provider: Organisation) -> Account:
    street = an_organisation(session, "SO01", OrganisationKind.STREET_OFFICE)
    department = an_organisation(session, "DP01", OrganisationKind.DEPARTMENT)
    employer = an_organisation(session, "EP01", OrganisationKind.EMPLOYER)
    bodies = {
        Role.TRAINER: provider,
        Role.TRAINER_ADMINISTRATOR: provider,
        Role.EMPLOYER: employer,
        Role.EMPLOYER_ADMINISTRATOR: employer,
        Role.DEPARTMENT_CLERK: department,
        Role.STREET_CLERK: street,
    }
    made = {
        name: an_account(session, name, role, bodies.get(role, bureau))
        for name, role in STAFF.items()
    }
    return made["trainer"]


def _records(
    session: Session, worker_id: UUID, provider: Organisation, by: Account, number: str
) -> UUID:
    training, certificate = a_training(hours="36"), a_certificate(number=number)
    added = [
        records.add(
            session,
            worker_id,
            record,
            organisation_id=provider.id,
            by=by,
            now=NOW,
            today=TODAY,
        )
        for record in (training, certificate)
    ]
    return added[0].record_id
