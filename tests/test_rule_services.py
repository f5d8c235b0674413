"""Rules at the desk: history, drafts, names in exceptions, and the explanation of an entry."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.bureau import rules_desk
from archive.bureau.explaining import UnknownEntryError, explain
from archive.bureau.rule_references import UnknownRuleError, compared
from archive.bureau.rule_views import history, rules_on
from archive.dossiers.writing import Posting, writing
from archive.errors import UnknownOrganisationError
from archive.people import approvals
from credit_bank import bank
from credit_bank.errors import RuleChangedError
from credit_bank.rule_files import read_file
from schemas.records import Competition
from schemas.vocabulary import ContestGroup, ContestTier, Decision, Family, Prize, Rank, Role
from tests.builders import (
    ELECTRICIAN,
    NOW,
    TODAY,
    a_training,
    an_account,
    an_organisation,
    workers,
)
from tests.test_repeals import a_repeal, a_repeal_file
from tests.test_rule_exceptions import an_exception
from tests.test_rulebook import a_file, a_rule

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = an_exception(when='issuer = ["TP01"], course_code = ["e-01"]')


@pytest.fixture
def worker(session):
    organisation = an_organisation(session)
    trainer = an_account(session, organisation=organisation)
    (worker_id,) = workers(session, organisation, trainer)
    with writing(session, [worker_id]) as writer:
        posting = Posting(organisation.id, trainer.id, NOW)
        writer.add(worker_id, a_training("36", date(2025, 2, 1), course_code="E-01"), posting)
        prize = Competition(
            event_name="全国职业技能大赛",
            tier=ContestTier.NATIONAL,
            group=ContestGroup.STAFF,
            prize=Prize.FIRST,
            placement=1,
            occupation=ELECTRICIAN,
            awarded_on=date(2024, 11, 1),
        )
        writer.add(worker_id, prize, posting)
    return worker_id


def publish(session, path: Path) -> None:
    clerk = an_account(session, "clerk", Role.CLERK)
    approver = an_account(session, "approver", Role.APPROVER)
    view = rules_desk.propose(session, path, by=clerk, now=NOW)
    approvals.answer(session, view.id, is_approved=True, by=approver, now=NOW)


def line_of(session, worker_id, units: int):
    lines = bank.statement(session, worker_id).lines
    return next(line for line in lines if line.units == units)


# --- History, and what was known when


def test_the_history_tells_when_and_by_whom_a_rule_was_published(session, tmp_path):
    publish(session, a_file(tmp_path, a_rule()))

    newest, *shipped = history(session, Family.TRAINING).versions

    assert (newest.id, newest.proposed_by, newest.approved_by) == (
        "training-2027",
        "clerk",
        "approver",
    )
    assert newest.proposal_id is not None
    assert newest.published_at == NOW
    assert [one.id for one in shipped] == ["training-2022", "training-legacy"]
    assert shipped[0].in_force_until == date(2026, 12, 31)
    assert shipped[0].proposal_id is None


def test_a_repealed_rule_stays_in_the_history_with_its_repeal(session, tmp_path):
    publish(session, a_repeal_file(tmp_path, a_repeal()))

    (found,) = history(session, Family.ENTITLEMENT).versions

    assert found.repeal is not None
    assert found.repeal.id == "entitlement-2022-repeal"
    assert found.in_force_until == date(2023, 12, 31)


def test_rules_are_shown_as_they_were_published_on_a_day(session):
    local = NOW.astimezone(ZONE).date()

    then = rules_on(session, TODAY, known_on=local - timedelta(days=1), zone=ZONE)
    now = rules_on(session, TODAY, known_on=local, zone=ZONE)

    assert then.rules == ()
    assert now.rules == rules_on(session, TODAY, zone=ZONE).rules
    assert now.rules


# --- Drafts


def test_a_draft_tells_what_it_would_change_and_writes_nothing(session, tmp_path):
    path = a_file(tmp_path, a_rule())

    found = rules_desk.draft(session, path.read_bytes(), path.name)

    assert found.new == ("training-2027",)
    assert found.examples == 1
    (changed,) = found.differences
    assert (changed.before, changed.after) == ("training-2022", "training-2027")
    assert [one.id for one in history(session, Family.TRAINING).versions] == [
        "training-2022",
        "training-legacy",
    ]


def test_a_draft_that_edits_a_published_rule_is_refused(session, tmp_path):
    path = a_file(tmp_path, a_rule("training-2022", "2022-09-15", replaces=None))

    with pytest.raises(RuleChangedError):
        rules_desk.draft(session, path.read_bytes(), path.name)


# --- Names in exceptions


def test_an_exception_names_organisation_and_course_as_an_official_writes_them(
    session, worker, tmp_path
):
    rule = a_rule(begins="2025-01-01", more=NIGHT)

    publish(session, a_file(tmp_path, rule))

    found = explain(session, line_of(session, worker, 7_500).entry_id.hex, today=TODAY)
    assert str(found.evaluated_credits) == "3"
    assert found.exception is not None
    assert found.exception.id == "night-courses"
    assert found.exception.source == "（示例）补充通知"
    assert found.steps[0].zh == "此处适用该规则的例外条款“night-courses”。"
    assert found.comes_out_again


def test_a_published_exception_holds_no_name_of_a_course(session, worker, tmp_path):
    path = a_file(tmp_path, a_rule(begins="2025-01-01", more=NIGHT))

    view = rules_desk.propose(session, path, by=an_account(session, "clerk", Role.CLERK), now=NOW)

    assert "e-01" not in str(view.payload).lower().replace("training-2027", "")
    again = rules_desk.draft(session, str(path.read_text("utf-8")).encode(), path.name)
    assert again.new == ("training-2027",)


def test_an_exception_for_an_unknown_organisation_is_refused(session, tmp_path):
    path = a_file(tmp_path, a_rule(more=an_exception(when='issuer = ["XX99"]')))

    with pytest.raises(UnknownOrganisationError):
        rules_desk.draft(session, path.read_bytes(), path.name)


# --- The explanation of an entry


def test_an_entry_is_explained_with_rule_clause_source_and_arithmetic(session, worker):
    line = line_of(session, worker, 22_500)

    found = explain(session, str(line.entry_id), today=TODAY)

    assert found.title == "电工技能提升"
    assert found.rule == "training-2022"
    assert found.clause is not None
    assert "每16学时折算1学分" in found.clause.zh
    assert found.source is not None
    assert "第13条" in found.source
    assert [step.zh for step in found.steps] == ["36学时 ÷ 16 = 2.25学分。"]
    assert [step.en for step in found.steps] == ["36 class hours ÷ 16 = 2.25 credits."]
    assert found.reason.zh == "按规则认定学分。"
    assert found.decision is Decision.GRANTED
    assert found.comes_out_again
    assert found.promotion is None


def test_a_competition_is_explained_with_the_level_that_it_supports(session, worker):
    found = explain(session, line_of(session, worker, 160_000).entry_id.hex, today=TODAY)

    assert found.promotion is not None
    assert found.promotion.rank is Rank.TECHNICIAN
    assert found.promotion.rank_name is not None
    assert found.promotion.rank_name.zh == "技师（二级）"
    assert found.promotion.rule == "promotion-2022"


def test_the_first_part_of_an_entry_is_enough_while_only_one_begins_so(session, worker):
    entry_id = line_of(session, worker, 22_500).entry_id.hex

    assert explain(session, entry_id[:31], today=TODAY).entry_id.hex == entry_id


@pytest.mark.parametrize("entry", ["", "0197", "nonsense", "0" * 32, "0" * 40])
def test_an_unknown_entry_is_refused(session, worker, entry):
    with pytest.raises(UnknownEntryError):
        explain(session, entry, today=TODAY)


# --- What is compared


def test_rules_versions_files_and_days_are_compared(session, tmp_path):
    path = a_file(tmp_path, a_rule())
    versions = {one.id: one.version for one in history(session, Family.TRAINING).versions}
    words = [
        ("training-legacy", "training-2022"),
        (versions["training-legacy"][:12], versions["training-2022"]),
        ("2022-09-14", "training-2022"),
        ("training-legacy", "2022-09-15"),
    ]

    for first, second in words:
        (found,) = compared(session, first, second).differences
        assert (found.before, found.after) == ("training-legacy", "training-2022")
    days = compared(session, "2022-09-14", "2022-09-15").differences
    assert {one.family for one in days} > {Family.TRAINING, Family.PROMOTION}
    assert compared(session, "2024-01-01", "2023-05-01").differences[0].family == "working_days"
    (mine,) = compared(session, str(path), None, read=in_file).differences
    assert (mine.before, mine.after) == ("training-2022", "training-2027")
    (mine,) = compared(session, str(path), "2022-09-14", read=in_file).differences
    assert (mine.before, mine.after) == ("training-2027", "training-legacy")


def in_file(name: str) -> list[bytes]:
    return read_file(Path(name))


def test_a_file_is_read_for_the_command_line_only(session, tmp_path):
    with pytest.raises(UnknownRuleError):
        compared(session, str(a_file(tmp_path, a_rule())), None)


@pytest.mark.parametrize("word", ["training-2023", "2024-13-01", "abcdef", "0" * 8, ""])
def test_what_names_nothing_is_refused(session, word):
    with pytest.raises(UnknownRuleError):
        compared(session, word, "training-2022")
