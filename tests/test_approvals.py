"""Two persons: who proposes cannot approve, nothing is answered twice, failure leaves nothing."""

from pathlib import Path

import pytest
from sqlalchemy import text

from archive.bureau import rules_desk
from archive.db import Database
from archive.errors import NotAllowedError
from archive.people import approvals
from archive.people.accounts import named
from archive.people.approvals import (
    OwnProposalError,
    ProposalAnsweredError,
    ProposalView,
    UnknownProposalError,
)
from archive.people.models import Account
from credit_bank.errors import RuleAlreadyPublishedError, RuleChangedError, RulesOverlapError
from credit_bank.publishing import rule_book, shipped_files
from schemas.ids import new_id
from schemas.vocabulary import Role
from tests.builders import NOW, an_account, an_organisation
from tests.test_rulebook import a_file, a_rule

BUREAU = {"clerk": Role.CLERK, "approver": Role.APPROVER, "chief": Role.CONSOLE}


@pytest.fixture
def staffed(archive: Database) -> Database:
    """Return an archive with accounts of every role, each called like its role."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        for name, role in BUREAU.items():
            an_account(session, name, role)
        for role in (Role.TRAINER, Role.EMPLOYER):
            an_account(session, role.value, role, organisation)
        an_account(session, "worker", Role.WORKER, worker_id=new_id())
    return archive


@pytest.fixture
def rule_file(tmp_path: Path) -> Path:
    """Return a file with a rule that may be published."""
    return a_file(tmp_path, a_rule())


def propose(archive: Database, path: Path, by: str = "clerk") -> ProposalView:
    """Propose to publish the rules of a file."""
    with archive.transaction() as session:
        return rules_desk.propose(session, path, by=named(session, by), now=NOW)


def answer(
    archive: Database, proposal: ProposalView, by: str = "approver", *, is_approved: bool = True
) -> ProposalView:
    """Answer a proposal."""
    with archive.transaction() as session:
        return approvals.answer(
            session,
            proposal.id,
            is_approved=is_approved,
            by=account(session, by),
            now=NOW,
            reason=None if is_approved else "依据不足",
        )


def account(session, name: str) -> Account:
    """Return an account by name."""
    return named(session, name)


def published(archive: Database) -> set[str]:
    """Return the names of all rules that are published."""
    with archive.reading() as session:
        return {one.rule.id for one in rule_book(session).rules}


def answers(archive: Database) -> int:
    """Return how many proposals were answered."""
    with archive.reading() as session:
        count = session.connection().execute(text("SELECT count(*) FROM proposal_answer"))
        return int(count.scalar_one())


def test_a_proposal_takes_effect_when_a_second_person_agrees(staffed, rule_file):
    proposal = propose(staffed, rule_file)
    assert "training-2027" not in published(staffed)

    answered = answer(staffed, proposal)

    assert answered.made == ("training-2027",)
    assert (answered.proposed_by, answered.answered_by) == ("clerk", "approver")
    assert "training-2027" in published(staffed)


def test_a_declined_proposal_has_no_effect_and_keeps_its_reason(staffed, rule_file):
    proposal = propose(staffed, rule_file)

    answered = answer(staffed, proposal, is_approved=False)

    assert (answered.is_approved, answered.reason, answered.made) == (False, "依据不足", ())
    assert "training-2027" not in published(staffed)


@pytest.mark.parametrize("name", ["approver", "chief"])
def test_nobody_answers_a_proposal_of_their_own(staffed, rule_file, name):
    proposal = propose(staffed, rule_file, by=name)

    for is_approved in (True, False):
        with pytest.raises(OwnProposalError):
            answer(staffed, proposal, by=name, is_approved=is_approved)
    assert answers(staffed) == 0


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_proposal_is_answered_once(staffed, rule_file, is_approved):
    proposal = propose(staffed, rule_file)
    answer(staffed, proposal, is_approved=is_approved)

    with pytest.raises(ProposalAnsweredError):
        answer(staffed, proposal, by="chief")
    assert answers(staffed) == 1


@pytest.mark.parametrize("name", ["trainer", "employer", "worker"])
def test_only_the_bureau_proposes(staffed, rule_file, name):
    with pytest.raises(NotAllowedError):
        propose(staffed, rule_file, by=name)


@pytest.mark.parametrize("name", ["trainer", "employer", "worker", "clerk"])
def test_only_approvers_and_administrators_answer(staffed, rule_file, name):
    proposal = propose(staffed, rule_file, by="chief")

    with pytest.raises(NotAllowedError):
        answer(staffed, proposal, by=name)
    assert answers(staffed) == 0


def test_an_unknown_proposal_is_named(staffed, rule_file):
    unknown = propose(staffed, rule_file).model_copy(update={"id": new_id()})

    with pytest.raises(UnknownProposalError, match=str(unknown.id)):
        answer(staffed, unknown)


def test_an_approval_whose_effect_is_refused_writes_nothing(staffed, tmp_path):
    first = propose(staffed, a_file(tmp_path, a_rule(), name="a.toml"))
    other = a_rule("training-2028", "2028-01-01")
    second = propose(staffed, a_file(tmp_path, other, name="b.toml"))
    answer(staffed, first)

    with pytest.raises(RulesOverlapError, match="training-2027"):
        answer(staffed, second)

    assert answers(staffed) == 1
    assert "training-2028" not in published(staffed)
    assert answer(staffed, second, is_approved=False).is_approved is False


def test_what_could_never_be_published_is_not_even_proposed(staffed, tmp_path):
    shipped = next(path for path in shipped_files() if path.stem == "training")
    with pytest.raises(RuleAlreadyPublishedError):
        propose(staffed, shipped)
    with pytest.raises(RuleChangedError):
        propose(staffed, a_file(tmp_path, a_rule("training-2022", "2022-09-15", replaces=None)))

    with staffed.reading() as session:
        assert approvals.listed(session) == []


def test_proposals_are_listed_newest_first_and_the_open_ones_by_themselves(staffed, tmp_path):
    first = propose(staffed, a_file(tmp_path, a_rule(), name="a.toml"))
    second = propose(staffed, a_file(tmp_path, a_rule("training-x"), name="b.toml"))
    answer(staffed, first, is_approved=False)

    with staffed.reading() as session:
        listed = approvals.listed(session)
        waiting = approvals.listed(session, only_open=True)

    assert {one.id for one in listed} == {first.id, second.id}
    assert [one.id for one in waiting] == [second.id]
    assert waiting[0].payload["ids"] == ["training-x"]
