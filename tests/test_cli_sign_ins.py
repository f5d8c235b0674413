"""Second factors, waits and sessions on the command line, and the codes of the demo."""

from datetime import UTC, datetime

import pytest
import time_machine

from archive.people import accounts, attempts, factors, sessions, totp
from archive.people.attempts import SignInLockedError
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from schemas.vocabulary import Role
from tests.builders import NOW
from tests.command_line import CommandLine
from tests.test_factors import SECRET


@pytest.fixture
def cli(monkeypatch, sqlite_settings):
    return CommandLine(monkeypatch, sqlite_settings)


@pytest.fixture
def archive(sqlite_settings):
    opened = open_archive(sqlite_settings)
    with opened.transaction() as session:
        account = accounts.add(session, "lin", Role.CLERK, now=NOW)
        totp.give(session, account.id, SECRET, now=NOW)
        accounts.add(session, "wang", Role.WORKER, now=NOW)
        accounts.add(session, "guard", Role.SECURITY_ADMINISTRATOR, now=NOW)
        accounts.add(session, "root", Role.ADMINISTRATOR, now=NOW)
    yield opened
    vault_of(opened).store.close()
    opened.close()


def test_a_reset_removes_the_factor_and_the_sessions(cli, archive):
    now = datetime.now(UTC)
    with archive.transaction() as session:
        token = sessions.begin(session, accounts.named(session, "lin"), now=now)
    told = cli.asked("account", "factor", "reset", "lin", "--as", "guard")
    assert told == {"account": "lin", "removed": 1, "enrols_next": True}
    with archive.reading() as session:
        assert sessions.find(session, token, now=now) is None
        assert not factors.has_any(session, accounts.named(session, "lin"))
    assert "sets up a new one" in cli.done("account", "factor", "reset", "lin")
    assert "sets up a new one" not in cli.done("account", "factor", "reset", "wang")


def test_an_account_that_has_to_wait_is_let_in_at_once(cli, archive):
    now = datetime.now(UTC)
    with archive.transaction() as session:
        subject = attempts.of_name(session, "lin")
        for _ in range(5):
            attempts.count(session, subject, now=now)
    with pytest.raises(SignInLockedError), archive.transaction() as session:
        attempts.count(session, subject, now=now)
    assert cli.asked("account", "unlock", "lin") == {"account": "lin", "had_to_wait": True}
    with archive.transaction() as session:
        attempts.count(session, subject, now=now)
    assert "at once" in cli.done("account", "unlock", "lin")


def test_sessions_are_listed_without_a_secret_and_ended(cli, archive):
    now = datetime.now(UTC)
    with archive.transaction() as session:
        account = accounts.named(session, "lin")
        token = sessions.begin(session, account, now=now, device="chrome/windows")
        sessions.issue_bearer(session, account, now=now)
    listed = cli.asked("account", "sessions", "lin")
    assert sorted(str(one["device"]) for one in listed["sessions"]) == ["None", "chrome/windows"]
    told = cli.done("account", "sessions", "lin", "--revoke")
    assert "chrome/windows" in told
    assert "a program" in told
    assert token not in told
    assert cli.asked("account", "sessions", "lin")["sessions"] == []


@pytest.mark.parametrize(
    "words", [("account", "factor", "reset"), ("account", "unlock"), ("account", "sessions")]
)
def test_only_the_security_administrator_and_the_console_manage_sign_ins(cli, archive, words):
    for name in ("lin", "wang", "root"):
        assert cli.refused(*words, "lin", "--as", name) == "not_allowed"
    cli.done(*words, "lin", "--as", "guard")
    assert cli.refused(*words, "nobody") == "account_unknown"


def test_the_code_of_a_demo_account_is_the_next_one_that_is_accepted(cli, archive, monkeypatch):
    with archive.transaction() as session:
        account = accounts.add(session, "demo-lin", Role.CLERK, is_demo=True, now=NOW)
        totp.give(session, account.id, SECRET, now=NOW)
    told: list[str] = []
    waited: list[float] = []
    with time_machine.travel(datetime.now(UTC)) as clock:

        def wait(seconds: float) -> None:
            waited.append(seconds)
            clock.shift(seconds)

        monkeypatch.setattr("time.sleep", wait)
        for _ in range(3):  # The third has to wait for the next step of thirty seconds.
            code = cli.done("demo", "code", "demo-lin").strip()
            with archive.transaction() as session:
                totp.prove(session, account.id, code, now=datetime.now(UTC))
            told.append(code)
        assert cli.asked("demo", "code", "demo-lin")["account"] == "demo-lin"
    assert (len(set(told)), bool(waited)) == (3, True)


def test_no_code_is_told_of_a_real_account_or_of_one_without(cli, archive):
    with archive.transaction() as session:
        accounts.add(session, "demo-wang", Role.WORKER, is_demo=True, now=NOW)
    for name in ("lin", "demo-wang"):
        assert cli.refused("demo", "code", name) == "demo_code_missing"
    assert cli.refused("demo", "code", "nobody") == "account_unknown"


def test_staff_are_bound_to_the_identity_service_by_a_subject_from_standard_input(cli, archive):
    bind = ("account", "bind", "lin", "--issuer", "https://identity.example")
    told = cli.asked(*bind, "--as", "guard", given="a subject\n")
    assert told == {"account": "lin", "issuer": "https://identity.example"}
    assert cli.refused(*bind, given="another\n") == "identity_bound_already"
    other = ("account", "bind", "root", "--issuer", "https://identity.example")
    assert cli.refused(*other, given="a subject\n") == "identity_bound_already"
    assert cli.refused(*other, given="\n") == "identity_subject_missing"
    assert cli.refused(*other, "--subject", "told", given="x\n") == "identity_subject_missing"
    assert cli.refused("account", "bind", "root", given="x\n") == "identity_subject_missing"
    assert cli.refused(*other, "--as", "lin", given="x\n") == "not_allowed"
    now = datetime.now(UTC)
    with archive.transaction() as session:
        token = sessions.begin(session, accounts.named(session, "lin"), now=now)
    assert cli.refused("account", "unbind", "lin", "--as", "wang") == "not_allowed"
    assert cli.asked("account", "unbind", "lin", "--as", "guard")["ended"] == 1
    with archive.reading() as session:
        assert sessions.find(session, token, now=now) is None
    assert "https://identity.example" in cli.done(*other, given="a subject\n")
    assert "Bindings ended: 1." in cli.done("account", "unbind", "root")
