"""A crosswalk that is published late: it takes two persons and reaches who is concerned."""

from datetime import date

from sqlmodel import Session

from archive.bureau import rules_desk
from archive.db import Database
from archive.dossiers import rebuilding
from archive.dossiers.auditing import audit_all
from archive.dossiers.certificate_numbers import CODE_OF_RANK
from archive.dossiers.writing import Posting, writing
from archive.people import approvals
from archive.people.accounts import named
from archive.settings import Settings
from credit_bank import bank
from schemas.records import Certificate
from schemas.vocabulary import Account, Rank, Role
from tests.builders import (
    ELECTRICIAN,
    NOW,
    WELDER,
    a_certificate,
    an_account,
    an_organisation,
    workers,
)
from tests.test_crosswalk import LATER, a_line, an_edition

RELATED = """
family = "related_occupations"
[[rule]]
id = "related-occupations-2001"
in_force_from = 2001-01-01
replaces = "related-occupations-2000"
title = { zh = "相关职业对照表", en = "Related occupations" }
clause = { zh = "按表。", en = "As the table says." }
source = "（示例）"
table = [{ occupation = "6-31-01-03 电工", related = ["6-18-02-04 焊工"] }]
[[rule.example]]
name = "A welder's work counts for an electrician"
given = { wanted = "6-31-01-03", occupation = "6-18-02-04" }
expect = { nearness = "related" }
"""


def test_a_crosswalk_that_two_persons_publish_reaches_everybody_concerned_and_nobody_else(
    archive: Database, settings: Settings
):
    lives = {
        "concerned": [a_record(1, 2020, ELECTRICIAN), a_record(2, 2024, WELDER, Rank.SENIOR)],
        "of before": [a_record(3, 2020, ELECTRICIAN), a_record(4, 2023, WELDER, Rank.SENIOR)],
        "of one number": [a_record(5, 2024, WELDER, Rank.SENIOR)],
    }
    with archive.transaction() as session:
        district = District(session, lives)
    assert district.available(archive) == [525_000, 525_000, 375_000]
    before = district.lines(archive)

    district.published(archive, an_edition(a_line(WELDER, ELECTRICIAN), since=date(2024, 1, 1)))

    assert district.available(archive) == [375_000, 525_000, 375_000]
    found = district.lines(archive)
    assert found == [[*before[0], -150_000], *before[1:]]
    assert audit_all(archive, settings, processes=1).is_right
    assert rebuilding.compare(archive, settings, now=LATER, processes=1).is_same
    district.published(archive, RELATED)  # What is related decides of conditions alone.
    assert district.lines(archive) == found
    assert audit_all(archive, settings, processes=1).is_right


def a_record(serial: int, year: int, occupation: str, rank: Rank = Rank.JUNIOR) -> Certificate:
    """Return a certificate of June of a year, with a number of its own."""
    number = f"S00004403000{year % 2000}{CODE_OF_RANK[rank]}{serial:06}"
    return a_certificate(rank, date(year, 6, 1), number, occupation)


class District:
    """Workers with records, and two persons who publish rules."""

    def __init__(self, session: Session, lives: dict[str, list[Certificate]]) -> None:
        organisation = an_organisation(session)
        trainer = an_account(session, organisation=organisation)
        an_account(session, "clerk", Role.CLERK)
        an_account(session, "approver", Role.APPROVER)
        self.workers = workers(session, organisation, trainer, count=len(lives))
        posting = Posting(organisation.id, trainer.id, NOW)
        for worker_id, records in zip(self.workers, lives.values(), strict=True):
            with writing(session, [worker_id]) as writer:
                for record in records:
                    writer.add(worker_id, record, posting)

    def published(self, archive: Database, text: str) -> None:
        """Let a clerk propose a rule file and an approver approve."""
        with archive.transaction() as session:
            proposal = rules_desk.propose_content(
                session, text.encode(), "draft.toml", by=named(session, "clerk"), now=NOW
            )
            approver = named(session, "approver")
            approvals.answer(session, proposal.id, is_approved=True, by=approver, now=NOW)

    def available(self, archive: Database) -> list[int]:
        """Return what each worker can use."""
        with archive.reading() as session:
            return [bank.balances(session, one)[Account.AVAILABLE] for one in self.workers]

    def lines(self, archive: Database) -> list[list[int]]:
        """Return what was posted for each worker, in order."""
        with archive.reading() as session:
            return [
                [line.units for line in bank.statement(session, one).lines] for one in self.workers
            ]
