"""Publishing a rule takes two persons, and binds what it reaches back to."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from archive.bureau import rules_desk
from archive.dossiers import chains
from archive.dossiers.writing import Posting, writing
from archive.people import approvals
from credit_bank import bank
from credit_bank.errors import RuleAlreadyPublishedError, RuleFileError
from credit_bank.publishing import shipped_files
from schemas.credits import UNITS_PER_CREDIT
from schemas.vocabulary import Account, Role
from tests.builders import NOW, a_training, an_account, an_organisation, workers

DRAFT = """
family = "training"

[[rule]]
id = "training-2025"
in_force_from = 2025-01-01
replaces = "training-2022"
title = { zh = "培训折算学分（2025）", en = "Credits for training (2025)" }
clause = { zh = "每18学时折算1学分。", en = "18 class hours make one credit." }
hours_per_credit = 18
minimum_hours = 8
minimum_score = 60
full_score = 100
minimum_attendance = 80
passing_grades = ["excellent", "good", "pass"]
source = "示范规定（2025）第2条"

[[rule.example]]
name = "36 hours give two credits"
given = { hours = "36", score = "85", attendance = "95" }
expect = { credits = "2", reason = "granted" }
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Return a rule file that reaches back to the first of January."""
    path = tmp_path / "training-2025.toml"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_an_approved_rule_binds_what_it_reaches_back_to_and_nothing_earlier(session, draft):
    organisation = an_organisation(session)
    trainer = an_account(session, organisation=organisation)
    (worker_id,) = workers(session, organisation, trainer)
    with writing(session, [worker_id]) as writer:
        posting = Posting(organisation.id, trainer.id, NOW)
        writer.add(worker_id, a_training(completed_on=date(2024, 12, 31)), posting)
        writer.add(worker_id, a_training(completed_on=date(2025, 1, 1)), posting)
    proposal = rules_desk.propose(
        session, draft, by=an_account(session, "clerk", Role.CLERK), now=NOW
    )
    assert _available(session, worker_id) == 4.5 * UNITS_PER_CREDIT

    approver = an_account(session, "approver", Role.APPROVER)
    answered = approvals.answer(session, proposal.id, is_approved=True, by=approver, now=NOW)

    assert answered.made == ("training-2025",)
    assert _available(session, worker_id) == 4.25 * UNITS_PER_CREDIT
    assert [line.units for line in bank.statement(session, worker_id).lines] == [
        22_500,
        22_500,
        -2_500,
    ]
    assert chains.verify(session, worker_id).is_whole


def test_of_several_rules_in_one_file_the_earliest_day_counts_for_what_is_computed_anew(
    session, draft
):
    worker_id, _ = _with_a_course(session, date(2025, 1, 10))
    later = DRAFT[DRAFT.index("[[rule]]") :].replace("training-2022", "training-2025")
    later = later.replace('id = "training-2025"', 'id = "training-2025-march"')
    later = later.replace("in_force_from = 2025-01-01", "in_force_from = 2025-03-01")
    draft.write_text(DRAFT + later, encoding="utf-8")
    clerk, approver = (an_account(session, one, Role(one)) for one in ("clerk", "approver"))

    proposal = rules_desk.propose(session, draft, by=clerk, now=NOW)
    approvals.answer(session, proposal.id, is_approved=True, by=approver, now=NOW)

    assert _available(session, worker_id) == 2 * UNITS_PER_CREDIT


def test_a_declined_rule_binds_nobody(session, draft):
    clerk = an_account(session, "clerk", Role.CLERK)
    proposal = rules_desk.propose(session, draft, by=clerk, now=NOW)
    approver = an_account(session, "approver", Role.APPROVER)

    approvals.answer(
        session, proposal.id, is_approved=False, by=approver, now=NOW, reason="依据不足"
    )

    rules_desk.propose(session, draft, by=clerk, now=NOW)  # It is still unknown.


def test_what_is_published_already_is_not_proposed_again(session):
    clerk = an_account(session, "clerk", Role.CLERK)

    with pytest.raises(RuleAlreadyPublishedError):
        rules_desk.propose(session, shipped_files()[0], by=clerk, now=NOW)


def test_a_draft_whose_example_fails_is_not_even_proposed(session, draft):
    clerk = an_account(session, "clerk", Role.CLERK)
    draft.write_text(DRAFT.replace('credits = "2"', 'credits = "3"'), encoding="utf-8")

    with pytest.raises(RuleFileError, match="36 hours give two credits"):
        rules_desk.propose(session, draft, by=clerk, now=NOW)


def _with_a_course(session, completed_on: date) -> tuple[UUID, Posting]:
    """Return a worker with a course of 36 hours, and as whom its provider posts more."""
    organisation = an_organisation(session)
    trainer = an_account(session, organisation=organisation)
    (worker_id,) = workers(session, organisation, trainer)
    posting = Posting(organisation.id, trainer.id, NOW)
    with writing(session, [worker_id]) as writer:
        writer.add(worker_id, a_training(completed_on=completed_on), posting)
    return worker_id, posting


def _available(session, worker_id) -> int:
    return bank.balances(session, worker_id)[Account.AVAILABLE]
