"""bean-check, an independent program, accepts the exported ledger, and no changed one."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from archive.db import Database
from archive.demo.building import build
from archive.dossiers.auditing import audit_all
from archive.people.models import Worker
from credit_bank import bank
from credit_bank.exporting import ledger_text, preamble
from credit_bank.models import Entry
from credit_bank.publishing import rule_book
from credit_bank.stored import stored_rows
from schemas.cases import CaseFact, Pick
from schemas.ids import new_id
from schemas.vocabulary import Account, CaseAct, CaseKind
from tests.builders import NOW, TODAY
from tests.command_line import CommandLine
from tests.ledgers import Ledger
from tests.outcomes import a_course

BEAN_CHECK = Path(sys.executable).parent / "bean-check"
LATER = datetime(2025, 4, 1, tzinfo=UTC)
NUMBER = "7K3M-9QXT-4D2P"


def complaints(path: Path) -> str:
    """Return what the independent program says of a ledger; nothing when it accepts it."""
    checked = subprocess.run([BEAN_CHECK, path], capture_output=True, text=True, check=False)
    assert bool(checked.returncode) == bool(checked.stderr), checked
    return checked.stderr


def told(text: str, folder: Path) -> str:
    path = folder / "ledger.beancount"
    path.write_text(text, encoding="utf-8")
    return complaints(path)


@pytest.fixture
def text(session) -> str:
    """The ledger of a life with grants, expiry, holds, a redemption, and what is owed."""
    ledger = Ledger(session)
    used, owing, appealed = (a_course("160", date(2025, 2, day)) for day in (1, 2, 3))
    old = a_course("32", date(2016, 5, 1))
    ledger.deposit(old, now=datetime(2016, 6, 1, tzinfo=UTC))
    ledger.expire(TODAY)
    ledger.deposit(used, owing)
    ledger.step(CaseAct.ACCEPT, ledger.redeem((used, 60_000), (owing, 90_000)), now=LATER)
    ledger.withdraw(used, now=LATER)
    ledger.withdraw(owing, now=LATER)
    ledger.deposit(appealed, now=LATER)
    ledger.deposit(a_course("160", date(2025, 3, 4)), now=LATER)
    late = a_course("16", date(2025, 3, 5))
    case = new_id()
    ledger.deposit(late, now=LATER)
    ledger.step(CaseAct.OPEN, case, kind=CaseKind.APPEAL, outcome_id=late.id, now=LATER)
    assert set(ledger.accounts) >= {Account.EXPIRED, Account.REDEEMED, Account.HELD}
    session.flush()
    rows = stored_rows(session, [ledger.worker_id])[ledger.worker_id]
    written = ledger_text(NUMBER, rows, rule_book(session))
    assert written.transactions == text_count(written.text, r"^\d{4}-\d\d-\d\d \*")
    assert written.assertions == text_count(written.text, r"^\d{4}-\d\d-\d\d balance")
    return preamble("学分银行") + written.text


def text_count(text: str, pattern: str) -> int:
    return len(re.findall(pattern, text, flags=re.MULTILINE))


def test_bean_check_accepts_the_ledger(text, tmp_path):
    assert f"Liabilities:{NUMBER}:Owed" in text
    assert "2017-01-01 balance" in text  # The end of 2016.
    assert told(text, tmp_path) == ""


def test_every_account_is_asserted_at_the_end_of_each_year_and_after_the_last_entry(text):
    accounts = re.findall(r"^\S+ open (\S+) UNIT$", text, flags=re.MULTILINE)
    days = [
        date.fromisoformat(day)
        for day in re.findall(r"^(\d{4}-\d\d-\d\d) \*", text, flags=re.MULTILINE)
    ]
    ends = {date(year + 1, 1, 1) for year in range(min(days).year, max(days).year)}
    ends.add(max(days) + timedelta(days=1))
    asserted = re.findall(r"^(\S+) balance (\S+) -?\d+ UNIT$", text, flags=re.MULTILINE)

    assert len(accounts) > 4
    assert sorted(asserted) == sorted(
        (day.isoformat(), account) for day in ends for account in accounts
    )


@pytest.mark.parametrize("sign", ["", "-"])
def test_one_unit_more_or_less_in_any_posting_is_refused(text, tmp_path, sign):
    wrong = re.sub(
        rf"^(  \w+:\S+  {sign})(\d+)( UNIT)$",
        lambda found: f"{found[1]}{int(found[2]) + 1}{found[3]}",
        text,
        count=1,
        flags=re.MULTILINE,
    )

    assert wrong != text
    assert "does not balance" in told(wrong, tmp_path)


def test_one_unit_more_on_both_sides_of_a_transaction_is_refused(text, tmp_path):
    wrong = text.replace("  20000 UNIT", "  20001 UNIT", 1).replace(
        "  -20000 UNIT", "  -20001 UNIT", 1
    )

    assert wrong != text
    assert "Balance failed" in told(wrong, tmp_path)


def test_a_transaction_that_is_left_out_is_refused(text, tmp_path):
    first, second = (found.start() for found in list(re.finditer(r"\n\n\d.* \*", text))[:2])

    assert "Balance failed" in told(text[:first] + text[second:], tmp_path)


def test_the_rule_and_the_arithmetic_stand_beside_each_transaction(text):
    assert 'rule: "training-2022"' in text
    assert "rule-in-force-from: 2022-09-15" in text
    assert "160 class hours ÷ 16 = 10 credits." in text


def test_a_whole_district_is_exported_and_accepted(monkeypatch, sqlite_settings, sqlite_archive):
    build(sqlite_archive, sqlite_settings, workers=60, records=450, now=NOW)
    number = redeeming(sqlite_archive)
    path = sqlite_settings.home / "ledger.beancount"
    cli = CommandLine(monkeypatch, sqlite_settings)

    receipt = cli.asked("ledger", "export", "--beancount", "--output", path)

    assert complaints(path) == ""
    assert receipt["workers"] == 60
    assert receipt["transactions"] > 300
    assert path.read_text(encoding="utf-8") == cli.done("ledger", "export", "--beancount")
    assert "Redeemed" in cli.done("ledger", "export", number, "--beancount")
    assert audit_all(sqlite_archive, sqlite_settings).is_right


def redeeming(archive: Database) -> str:
    """Let a worker of the district redeem a lot; return the archive number."""
    with archive.transaction() as session:
        of_whom = select(Worker).join(Entry, col(Entry.worker_id) == col(Worker.worker_id))
        worker = session.exec(of_whom.where(Entry.posted_units > 0)).first()
        assert worker is not None
        with bank.open_books(session, [worker.worker_id]) as desk:
            lots = desk.books[worker.worker_id].lots.values()
            lot = next(one for one in lots if one.units[Account.AVAILABLE] > 0)
            picks = (Pick(lot_id=lot.id, units=lot.units[Account.AVAILABLE]),)
        case = new_id()
        for act in (CaseAct.OPEN, CaseAct.ACCEPT):
            fact = CaseFact(
                id=case if act is CaseAct.OPEN else new_id(),
                case_id=case,
                kind=CaseKind.REDEMPTION,
                act=act,
                reference=f"{case}/{act}",
                effective_on=TODAY,
                picks=picks if act is CaseAct.OPEN else (),
            )
            bank.take_step(session, worker.worker_id, fact, by=None, now=NOW)
        return worker.archive_number


def test_a_format_has_to_be_named(monkeypatch, sqlite_settings):
    cli = CommandLine(monkeypatch, sqlite_settings)

    assert cli("ledger", "export").status == 2
    assert cli("ledger", "export", "--beancount", "--json").status == 2


def test_ledgers_are_audited_and_computed_anew_by_commands(
    monkeypatch, sqlite_settings, sqlite_archive
):
    build(sqlite_archive, sqlite_settings, workers=5, records=40, now=NOW)
    cli = CommandLine(monkeypatch, sqlite_settings)
    number = cli.done("worker", "list").split()[0]

    assert cli.asked("ledger", "audit")["workers"] == 5
    assert cli.asked("ledger", "audit", number)["workers"] == 1
    assert "All hold." in cli.done("ledger", "audit")
    assert cli.asked("ledger", "rebuild", "--check")["differences"] == []
    assert cli.asked("ledger", "rebuild", number)["workers"] == 1
    assert "All is stored as it was computed." in cli.done("ledger", "rebuild")
