"""Each invariant is broken on purpose, and the audit names exactly what does not hold."""

import json
from collections import deque
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from archive.db import Database
from archive.dossiers import rebuilding
from archive.dossiers.auditing import audit_all, audit_one
from archive.migrations.running import upgrade
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from archive.texts import translations
from credit_bank import bank
from credit_bank.auditing import BROKEN, audit
from credit_bank.bare_rows import bare_rows
from credit_bank.booking import Row
from credit_bank.bulk import table_of
from credit_bank.chain import canonical_bytes
from credit_bank.conversion import judge
from credit_bank.judging import EXPIRED as EXPIRED_TEXT
from credit_bank.models import RuleVersion
from credit_bank.motions import AVAILABLE, EXPIRED, Motion, exchange
from credit_bank.proving import is_plainly_right, written_law
from credit_bank.publishing import publication_times, rule_book
from credit_bank.rule_files import parse, version_of
from credit_bank.standing import DIFFERS
from credit_bank.stored import stored_rows
from schemas.credits import Trace
from schemas.ids import new_id
from schemas.proofs import AuditReport
from schemas.vocabulary import Account, CaseAct, Cause, Family, IssuerAct, Language
from tests.builders import NOW, TODAY
from tests.forging import Dossier, forge, rewrite, switch_off_triggers
from tests.golden.releases.make_dump import HERE
from tests.ledgers import Ledger
from tests.lives import lives
from tests.outcomes import a_course, a_level, shipped_rules
from tests.pacts import a_pact
from tests.test_cases_of_workers import a_decision
from tests.test_invariants import IN_A_DATABASE, live_through
from tests.test_upgrades import RELEASES, _restored

LATER = datetime(2025, 4, 1, tzinfo=UTC)
BY_CASES = date(2025, 3, 20)


@pytest.fixture
def whose(archive: Database):
    """A ledger of two courses, one of them corrected, and a certificate; no case."""
    with archive.transaction() as session:
        ledger = Ledger(session)
        ledger.deposit(a_course("160", date(2025, 2, 1)))
        other = a_course("80", date(2025, 2, 2))
        ledger.deposit(other)
        ledger.deposit(a_level())
        ledger.correct(other, hours="96", now=LATER)
    return ledger.worker_id


@pytest.fixture
def with_cases(archive: Database):
    """A ledger with a redemption that was declined, and one that was accepted."""
    with archive.transaction() as session:
        ledger = Ledger(session)
        course = a_course("160", date(2025, 2, 1))
        ledger.deposit(course)
        ledger.step(CaseAct.DECLINE, ledger.redeem((course, 30_000)), on=BY_CASES, now=LATER)
        ledger.step(CaseAct.ACCEPT, ledger.redeem((course, 60_000)), on=BY_CASES, now=LATER)
    return ledger.worker_id


def found(archive: Database, settings: Settings) -> AuditReport:
    """Return what the audit of everything finds; one ledger alone gives the same."""
    return audit_all(archive, settings)


def names(report: AuditReport) -> set[str]:
    """Return the invariants that do not hold."""
    return {finding.invariant for finding in report.findings}


def test_a_right_ledger_is_proved_at_once_and_one_with_cases_by_a_closer_look(
    archive, settings, whose, with_cases
):
    report = found(archive, settings)

    assert (report.is_right, report.findings) == (True, ())
    assert (report.workers, report.outcomes, report.looked_at_closely) == (2, 5, 1)
    assert audit_one(archive, whose).looked_at_closely == 0


@IN_A_DATABASE
@given(life=lives(), expire_at=st.sets(st.integers(0, 10), max_size=3))
def test_every_life_without_cases_is_proved_in_the_quick_walk(session: Session, life, expire_at):
    ledger = Ledger(session)
    deque(live_through(ledger, life, life.orders[0], sorted(expire_at)))
    session.flush()
    whose, rules = ledger.worker_id, rule_book(session)
    bare = bare_rows(session.connection(), whose, whose)

    assert is_plainly_right(whose.hex, bare[whose.hex], written_law(rules))
    rows = stored_rows(session, [whose])[whose]
    assert audit(rows, rules, publication_times(session)) == []


@IN_A_DATABASE
@given(life=lives(), chosen=st.randoms(use_true_random=False))
def test_no_value_of_another_row_is_taken_for_a_rows_own(session: Session, life, chosen):
    ledger = Ledger(session)
    deque(live_through(ledger, life, life.orders[0], []))
    session.flush()
    whose, law = ledger.worker_id.hex, written_law(rule_book(session))
    rows = bare_rows(session.connection(), ledger.worker_id, ledger.worker_id)[whose]
    table = chosen.choice(["links", "outcomes", "entries", "postings"])
    found = list(getattr(rows, table))
    others = [
        (row, other, column) for row in found for other in found for column in range(1, len(row))
    ]
    others = [one for one in others if one[0][one[2]] != one[1][one[2]]]
    assume(others)
    row, other, column = chosen.choice(others)
    found[found.index(row)] = (*row[:column], other[column], *row[column + 1 :])
    setattr(rows, table, tuple(found))

    assert not is_plainly_right(whose, rows, law)


def test_several_processes_find_the_same_as_one(archive, settings, whose, with_cases):
    forge(archive, whose, leave_a_gap)

    one, two = (audit_all(archive, settings, processes=hands) for hands in (1, 2))

    assert one == two
    assert names(two) == {"I3"}


def units(entry: Row, account: Account, more: int) -> None:
    """Change the units of an entry's posting into an account."""
    for posting in entry["postings"]:
        posting["units"] += more if posting["account"] == account else 0


def shift_between_entries(dossier: Dossier) -> None:
    units(dossier.entries[1], Account.ISSUED, 5)
    units(dossier.entries[3], Account.ISSUED, -5)


def lose_units(dossier: Dossier) -> None:
    units(dossier.entries[0], Account.ISSUED, 5)


def leave_a_gap(dossier: Dossier) -> None:
    dossier.entries[3]["revision"] = 2


def name_a_rule_that_had_ended(dossier: Dossier) -> None:
    entry = dossier.entries[0]
    legacy = shipped_rules().named("training-legacy")
    assert legacy is not None
    entry["rule_version"] = entry["trace"]["version"] = legacy.version
    entry["trace"] |= {"rule": legacy.rule.id, "source": legacy.rule.source}


def name_a_rule_of_another_family(dossier: Dossier) -> None:
    entry = dossier.entries[0]
    other = shipped_rules().in_force(Family.REDEMPTION, date(2025, 2, 1))
    assert other is not None
    entry["rule_version"] = other.version


def judged_otherwise(entry: Row, **context: str) -> None:
    """Let an entry be what another context would have given, with all that belongs to it."""
    trace = Trace.model_validate(entry["trace"] | {"context": context})
    rules = shipped_rules()
    result = judge(trace.outcome, rules.of_version(trace.version or ""), trace.context, rules)
    lost = entry["evaluated_units"] - result.units
    assert lost > 0
    for posting in entry["postings"]:
        posting["units"] += lost if posting["account"] == Account.ISSUED else -lost
    entry |= {"evaluated_units": result.units, "posted_units": result.units}
    entry |= {"reason": result.reason, "decision": result.decision}
    trace = trace.model_copy(update={"steps": result.steps})
    entry["trace"] = json.loads(canonical_bytes(trace.model_dump(mode="json")))


def reach_the_cap_too_early(dossier: Dossier) -> None:
    context = dossier.entries[0]["trace"]["context"]
    judged_otherwise(dossier.entries[0], **(context | {"used": "350000"}))


def credit_a_level_that_nobody_held(dossier: Dossier) -> None:
    judged_otherwise(dossier.entries[2], held="125000")


def take_from_another_lot(dossier: Dossier) -> None:
    another = dossier.entries[0]["postings"][0]["lot_id"]
    for posting in dossier.entries[1]["postings"]:
        if posting["account"] == Account.ISSUED:
            posting["lot_id"] = another


def explain_by_more_hours(dossier: Dossier) -> None:
    dossier.entries[0]["trace"]["outcome"]["measures"]["hours"] = "320"


def explain_with_another_figure(dossier: Dossier) -> None:
    dossier.entries[0]["trace"]["steps"][0]["facts"]["hours_per_credit"] = "8"


def explain_by_another_order(dossier: Dossier) -> None:
    dossier.entries[0]["trace"]["source"] = "另一文件"


def explain_nothing(dossier: Dossier) -> None:
    dossier.entries[0]["trace"] = {}


def explain_the_older_revision_otherwise(dossier: Dossier) -> None:
    dossier.entries[1]["trace"]["outcome"]["issuer_key"] = "another"


def explain_the_older_arithmetic_otherwise(dossier: Dossier) -> None:
    dossier.entries[1]["trace"]["steps"][0]["facts"]["credits"] = "50"


def learn_for_longer(dossier: Dossier) -> None:
    dossier.outcomes[0]["outcome"]["measures"]["hours"] = "320"


def fail_after_all(dossier: Dossier) -> None:
    dossier.outcomes[0]["outcome"]["measures"]["score"] = "59"


def pass_on_another_scale(dossier: Dossier) -> None:
    dossier.outcomes[0]["outcome"]["measures"]["score"] = "101"


def attend_too_little(dossier: Dossier) -> None:
    for told in (dossier.outcomes[0], dossier.entries[0]["trace"]):
        told["outcome"]["measures"]["attendance"] = "79"


def take_one_course_twice(dossier: Dossier) -> None:
    for told in (*dossier.outcomes[:2], *(one["trace"] for one in dossier.entries[:2])):
        told["outcome"]["measures"]["course_code"] = "1"


@pytest.mark.parametrize(
    ("edit", "broken"),
    [
        (fail_after_all, {"I5", "I9"}),
        (pass_on_another_scale, {"I5", "I9"}),
        (attend_too_little, {"I5", "I9"}),
        (shift_between_entries, {"I1"}),
        (lose_units, {"I1", "I8", "I12"}),
        (leave_a_gap, {"I3"}),
        (name_a_rule_that_had_ended, {"I4"}),
        (name_a_rule_of_another_family, {"I4", "I9"}),
        (reach_the_cap_too_early, {"I5"}),
        (credit_a_level_that_nobody_held, {"I5", "I7"}),
        (take_from_another_lot, {"I8"}),
        (explain_by_more_hours, {"I9"}),
        (explain_with_another_figure, {"I9"}),
        (explain_by_another_order, {"I9"}),
        (explain_nothing, {"I9"}),
        (explain_the_older_revision_otherwise, {"I9"}),
        (explain_the_older_arithmetic_otherwise, {"I9"}),
        (learn_for_longer, {"I5", "I9"}),
    ],
)
def test_a_forged_ledger_whose_chain_verifies_is_named_by_what_it_breaks(
    archive, settings, whose, edit, broken
):
    forge(archive, whose, edit)

    report = found(archive, settings)

    assert names(report) == broken
    assert report.findings == audit_one(archive, whose).findings
    assert all(finding.message.zh != finding.message.en for finding in report.findings)


def test_more_than_a_lot_has_is_named(archive, settings, whose):
    with archive.transaction() as session, bank.open_books(session, [whose]) as desk:
        book = desk.books[whose]
        lot = book.lots_in_order()[1]
        moves = exchange(AVAILABLE, EXPIRED, 200_000)
        motion = Motion(
            Family.SHELF_LIFE,
            Cause.EXPIRY,
            "shelf_life_over",
            TODAY,
            moves,
            EXPIRED_TEXT,
            facts={"day": TODAY.isoformat()},
        )
        book.move(lot, motion, now=LATER)

    assert names(found(archive, settings)) == {"I2", "I9"}  # It names no rule either.


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"hours":"160"', b'"hours": "160"'),
        (b'"hours":"160"', b'"hours":"160.0"'),
        (b'"hours":"160"', b'"hours":"0160"'),
        (b'"score":"85"', b'"score":"85","second":"1"'),
        (b'"attendance":null', b'"attendance":null,"compared":null'),
        (b'"kind":"training"', b'"kind":"honour"'),
        (b'"occupation":null', b'"occupation":"6"'),
        (b',"v":1}', b',"v":2}'),
    ],
)
def test_bytes_that_nobody_here_writes_are_never_taken_as_proved(archive, whose, old, new):
    assert rewrite(archive, whose, old, new)

    assert audit_one(archive, whose).looked_at_closely == 1


@pytest.mark.parametrize("table", ["entry", "outcome"])
def test_a_field_slipped_in_behind_a_reference_is_found(archive, settings, whose, table):
    with archive.reading() as session:
        query = text(f"SELECT reference FROM {table} ORDER BY recorded_at, id LIMIT 1")
        reference = session.connection().execute(query).scalar_one()
    slipped = f'{reference}","slipped":"in'
    assert rewrite(archive, whose, reference.encode() + b'"', slipped.encode() + b'"')
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        switch_off_triggers(connection)
        statement = f"UPDATE {table} SET reference = :new WHERE reference = :old"
        connection.execute(text(statement), {"new": slipped, "old": reference})

    assert names(found(archive, settings)) == {"I14"}


def reverse_before_the_original(dossier: Dossier) -> None:
    for entry in dossier.entries:
        if entry["reverses_id"]:
            entry["effective_on"] = entry["trace"]["day"] = "2025-02-10"


def ask_for_less(dossier: Dossier) -> None:
    for case in dossier.of("case"):
        for pick in case.get("picks", ()):
            pick["units"] -= 1


def decline_what_was_consumed(dossier: Dossier) -> None:
    dossier.of("case")[-1]["act"] = CaseAct.DECLINE


def answer_what_nobody_asked(dossier: Dossier) -> None:
    dossier.of("case")[0]["act"] = CaseAct.ACCEPT


@pytest.mark.parametrize(
    ("edit", "broken"),
    [
        (reverse_before_the_original, {"I13"}),
        (decline_what_was_consumed, {"I8"}),
        (ask_for_less, {"I8"}),
        (answer_what_nobody_asked, {"I14"}),
    ],
)
def test_a_forged_case_is_named_by_what_it_breaks(archive, settings, with_cases, edit, broken):
    forge(archive, with_cases, edit)

    assert names(found(archive, settings)) == broken


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET posted_units = posted_units + 1 WHERE revision = 1",
        "UPDATE entry SET reason = 'cap_partly' WHERE revision = 1",
        "UPDATE posting SET units = units + 1 WHERE account = 'issued'",
        "UPDATE outcome SET hours = 1 WHERE act = 'correct'",
        "UPDATE outcome SET rank = 3 WHERE rank IS NOT NULL",
        "UPDATE outcome SET subject_key = fingerprint WHERE rank IS NOT NULL",
        "UPDATE chain_link SET body = hash WHERE sequence = 3",
        "UPDATE chain_head SET sequence = sequence - 1",
        "DELETE FROM chain_link WHERE sequence = 8",
        "DELETE FROM chain_head",
    ],
)
def test_an_edited_row_is_named_by_the_chain(archive, settings, whose, statement):
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        switch_off_triggers(connection)
        assert connection.execute(text(statement)).rowcount > 0

    assert names(found(archive, settings)) == {"I14"}


@pytest.mark.parametrize("column", ["body", "in_force_from", "rule_id"])
def test_a_rule_that_is_not_as_it_was_published_is_named(archive, settings, whose, column):
    changed = {"body": "version", "in_force_from": "'1999-01-01'", "rule_id": "'another'"}[column]
    if column == "body":
        changed = "CAST(version AS BLOB)" if "sqlite" in str(archive.engine.url) else "body || 'x'"
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        _rules_unlocked(connection, archive)
        statement = f"UPDATE rule_version SET {column} = {changed} WHERE rule_id = :rule"
        connection.execute(text(statement), {"rule": "training-legacy"})

    report = found(archive, settings)

    assert names(report) == {"I14"}
    assert report.findings[0].rule == ("another" if column == "rule_id" else "training-legacy")


def _rules_unlocked(connection, archive: Database) -> None:
    if "sqlite" in str(archive.engine.url):
        for table in ("rule_version", "issuer_decision"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_update")
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def test_a_decision_on_an_issuer_that_was_edited_is_named(archive, settings, whose):
    case = new_id()
    with archive.transaction() as session:
        bank.decide_on_issuer(session, a_decision(IssuerAct.SUSPEND, case), by=None, now=NOW)
    assert found(archive, settings).is_right
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        _rules_unlocked(connection, archive)
        connection.execute(text("UPDATE issuer_decision SET act = 'release'"))

    report = found(archive, settings)

    assert [(one.invariant, one.row_id) for one in report.findings] == [("I14", case)]


def test_agreements_that_gain_round_a_circle_are_named(archive, settings, whose):
    there, back = a_pact("A", "B", factor="3/2"), a_pact("B", "A", factor="4/5")
    with archive.transaction() as session:  # Past the check that publishing would make.
        for body in (there, back):
            rule = parse(body, "test")
            row = {"rule_id": rule.id, "family": rule.family, "in_force_from": rule.in_force_from}
            row |= {"version": version_of(body), "published_at": NOW, "body": body}
            session.execute(table_of(RuleVersion).insert().values(**row))

    report = found(archive, settings)

    assert [finding.invariant for finding in report.findings] == ["I10"]
    assert report.findings[0].rule in {"agreement-a-b", "agreement-b-a"}


@pytest.mark.parametrize("release", RELEASES)
def test_the_ledgers_of_a_release_are_right_and_computed_anew_after_the_upgrade(release, tmp_path):
    settings = _restored(HERE / release, tmp_path / "var")
    archive = open_archive(settings)
    upgrade(archive, now=NOW)

    assert audit_all(archive, settings).findings == ()
    assert rebuilding.compare(archive, settings, now=LATER).differences == ()
    vault_of(archive).store.close()
    archive.close()


def test_every_finding_is_told_in_chinese():
    chinese = translations(Language.CHINESE)
    sentences = (*BROKEN.values(), *DIFFERS.values())

    assert [one for one in sentences if chinese.gettext(one) == one] == []
