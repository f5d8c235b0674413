"""Shares and requests for access on the command line."""

from datetime import UTC, datetime

import pytest

from archive.dossiers import access_requests
from archive.people import accounts
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from schemas.access_requests import AccessAsked, AccessWanted
from schemas.vocabulary import OrganisationKind, Role
from tests.builders import an_account, an_organisation, workers
from tests.command_line import CommandLine

TERMS = ("--for", "示范用人单位", "--purpose", "应聘电工", "--days", "7")


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> CommandLine:
    """Return the command line on an archive with a worker and an employer, on each database."""
    archive = open_archive(settings)
    with archive.transaction() as session:
        body = an_organisation(session, "EP01", OrganisationKind.EMPLOYER)
        employer = an_account(session, "employer", Role.EMPLOYER, body)
        workers(session, body, employer)
    vault_of(archive).store.close()
    archive.close()
    return CommandLine(monkeypatch, settings)


def _worker(line: CommandLine) -> str:
    return str(line.asked("worker", "list")["workers"][0]["archive_number"])


def test_a_share_is_made_listed_and_taken_back(line):
    whose = _worker(line)
    narrowed = ("--kind", "training", "--since", "2024-01-01", "--until", "2025-01-01")
    made = line.asked("share", "make", whose, *TERMS, *narrowed, "--masked", "--frozen")
    assert made["url"].endswith(made["token"])
    assert made["share"]["scope"]["kinds"] == ["training"]
    told = line.done("share", "make", whose, *TERMS, "--credits", "--levels", "--no-download")
    assert "/s/" in told
    assert len(line.asked("share", "list", whose)["shares"]) == 2
    assert "示范用人单位" in line.done("share", "list", whose)

    share = made["share"]["id"]
    assert line.asked("share", "revoke", whose, share)["state"] == "revoked"
    assert "Taken back" in line.done("share", "revoke", whose, share)
    assert line.refused("share", "make", whose, *TERMS, "--kind", "identity") == "fields_invalid"
    assert line("share", "make", whose, *TERMS[:-1], "8").status == 2


def test_a_worker_without_shares_or_requests_is_told_so(line):
    whose = _worker(line)
    assert "No share links." in line.done("share", "list", whose)
    assert "No requests for access." in line.done("access-request", "list", whose)


def test_requests_are_granted_and_declined_at_the_counter(line, settings):
    whose = _worker(line)
    archive = open_archive(settings)
    with archive.transaction() as session:
        wanted = AccessWanted(purpose="招聘电工", contact="人事部")
        asked = AccessAsked(archive_number=whose, wanted=wanted)
        employer, now = accounts.named(session, "employer"), datetime.now(UTC)
        for _ in range(3):
            access_requests.ask(session, asked, by=employer, now=now, today=now.date())
    vault_of(archive).store.close()
    archive.close()
    found = line.asked("access-request", "list", whose)["requests"]
    assert "EP01" in line.done("access-request", "list", whose)
    first, second, third = (one["id"] for one in found)

    assert line.refused("access-request", "grant", whose, first) == "consent_missing"
    granted = line.asked("access-request", "grant", whose, first, "--days", "7", "--agrees")
    assert granted["state"] == "granted"
    assert "招聘电工" in line.done("access-request", "grant", whose, third, "--agrees")
    assert line.asked("access-request", "decline", whose, second)["state"] == "declined"
    assert line.refused("access-request", "decline", whose, second) == "access_answered"
