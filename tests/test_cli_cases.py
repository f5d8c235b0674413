"""Appeals, reviews, suspensions and the nightly run on the command line; and the night watch."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive.dossiers import corrections
from archive.dossiers.redemptions import Moment
from archive.people import look_ups
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from schemas.corrections import CorrectionTold
from schemas.vocabulary import Role
from tests.builders import an_account, an_organisation, workers
from tests.command_line import CommandLine

WHY = ("--reason", "学时登记有误")


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> CommandLine:
    """Return the command line on an archive with a worker, on each database."""
    archive = open_archive(settings)
    with archive.transaction() as session:
        for code in ("TP01", "TP02"):
            body = an_organisation(session, code)
            trainer = an_account(session, f"trainer-{code}", organisation=body)
        an_account(session, "clerk", Role.CLERK)
        an_account(session, "approver", Role.APPROVER)
        workers(session, body, trainer)
    vault_of(archive).store.close()
    archive.close()
    return CommandLine(monkeypatch, settings)


def worker_of(line: CommandLine) -> str:
    return str(line.asked("worker", "list")["workers"][0]["archive_number"])


def added(line: CommandLine, organisation: str = "TP01", days: int = 10) -> str:
    day = datetime.now(UTC).date() - timedelta(days=days)
    record = {
        "kind": "training",
        "course_name": "电工技能提升",
        "hours": "36",
        "score": "90",
        "attendance": "100",
        "completed_on": day.isoformat(),
    }
    words = ("record", "add", worker_of(line), "-", "--organisation", organisation)
    return str(line.asked(*words, given=json.dumps(record))["record_id"])


def balance(line: CommandLine, account: str) -> str:
    return str(line.asked("statement", worker_of(line))["balances"][account])


def test_requests_of_workers_are_listed_and_shown(line, settings):
    assert line.asked("correction", "list")["requests"] == []
    archive = open_archive(settings)
    now = datetime.now(UTC)
    with archive.transaction() as session:
        worker = look_ups.worker_numbered(session, worker_of(line))
        me = an_account(session, "me", Role.WORKER, worker_id=worker.worker_id)
        told = CorrectionTold(text="少了一门课")
        case = corrections.ask_addition(
            session, worker.worker_id, "TP01", told, by=me, at=Moment(now, UTC)
        )
    vault_of(archive).store.close()
    archive.close()
    assert line.asked("correction", "list")["requests"][0]["case_id"] == str(case)
    assert str(case) in line.done("correction", "list", worker_of(line))
    assert "少了一门课" in line.done("correction", "show", str(case))
    assert line.refused("correction", "show", str(worker.worker_id)) == "correction_unknown"


def test_an_appeal_at_the_counter(line):
    added(line)
    [entry] = line.asked("statement", worker_of(line))["lines"]
    assert entry["appeal_until"] is not None
    assert "An appeal can be filed until" in line.done("statement", worker_of(line))

    filed = line.asked("appeal", "file", worker_of(line), entry["entry_id"], *WHY)
    case = filed["case_id"]
    assert (filed["state"], balance(line, "held")) == ("waiting", "2.25")
    again = ("appeal", "file", worker_of(line), entry["entry_id"], *WHY)
    assert line.refused(*again) == "appeal_open"
    assert case in line.done("appeal", "list")
    assert "学时登记有误" in line.done("appeal", "show", case)
    assert line.refused("appeal", "escalate", case, *WHY) == "appeal_pending"
    upheld = ("appeal", "answer", case, "--upheld", *WHY)
    assert line.refused(*upheld, "--as", "trainer-TP01") == "appeal_not_put_right"
    assert line.refused(*upheld, "--as", "trainer-TP02") == "appeal_unknown"

    rejected = ("appeal", "answer", case, "--rejected", *WHY, "--as", "trainer-TP01")
    assert line.asked(*rejected)["state"] == "rejected"
    assert line.asked("appeal", "escalate", case, *WHY)["state"] == "with_bureau"
    decided = line.asked("appeal", "decide", case, "--upheld", *WHY, "--as", "approver")
    assert (decided["state"], balance(line, "available")) == ("upheld", "2.25")
    assert line.refused("appeal", "withdraw", case) == "case_act_refused"
    assert "“Withdrawn” now: its last step was “Decided”" in line("appeal", "withdraw", case).stderr
    assert line.asked("appeal", "list", worker_of(line))["appeals"][0]["state"] == "upheld"


def test_a_pair_is_reviewed(line):
    earlier, later = added(line, days=20), added(line, "TP02")
    [pair] = line.asked("review", "list")["pairs"]
    assert (pair["earlier_id"], pair["later_id"]) == (earlier, later)
    assert later in line.done("review", "list")
    found = line.asked("review", "decide", worker_of(line), later, "distinct", *WHY)
    assert (found["verdict"], balance(line, "available")) == ("distinct", "4.5")
    line.done("review", "decide", worker_of(line), later, "same", *WHY)
    assert balance(line, "available") == "2.25"


def test_two_accounts_suspend_and_release_an_organisation(line):
    added(line)
    words: tuple[Any, ...] = (
        "suspension", "propose", "--organisation", "TP01", "--from", "2020-01-01",
        "--until", "2099-12-31", "--number", "示例决〔2026〕1号", *WHY, "--as", "clerk",
    )  # fmt: skip
    proposal = line.asked(*words)
    line.done("approve", proposal["id"], "--as", "approver")
    assert balance(line, "held") == "2.25"
    [case] = line.asked("suspension", "list")["suspensions"]
    assert case["case_id"] in line.done("suspension", "list")
    following = ("suspension", "next", case["case_id"], "release", "--number", "2", *WHY)
    released = line.asked(*following, "--as", "clerk")
    line.done("approve", released["id"], "--as", "approver")
    assert balance(line, "available") == "2.25"


def test_the_nightly_run_says_what_it_did(line):
    assert "no nightly run yet" in line.done("nightly-runs")
    added(line)
    report = line.asked("nightly")
    assert (report["expired"], report["postponed"]) == ("0", [])
    assert "Credits expired" in line.done("nightly")
    shown = line.asked("nightly-runs")["runs"]
    assert [(one["state"], one["report"]["expired"]) for one in shown] == [("done", "0")] * 2
    assert "done" in line.done("nightly-runs")
