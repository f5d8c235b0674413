"""I11: whatever is refused changes nothing, in no table of the archive."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from archive.bureau import rules_desk
from archive.db import Database
from archive.dossiers import errors as dossiers
from archive.dossiers import records
from archive.dossiers.writing import Posting, writing
from archive.errors import NotAllowedError, UnknownAccountError, UnknownRecordError
from archive.migrations.tables import METADATA
from archive.people import accounts, approvals, organisations
from archive.people.accounts import AccountNameTakenError, named
from archive.people.organisations import OrganisationCodeTakenError
from credit_bank import bank, publishing
from credit_bank.errors import (
    ReferenceConflictError,
    RuleAlreadyPublishedError,
    RuleChangedError,
    RuleExampleError,
    UnknownDossierError,
)
from schemas.ids import new_id
from schemas.refusals import Refusal
from schemas.vocabulary import OrganisationKind, Role
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_training,
    an_account,
    an_identity,
    an_organisation,
    workers,
)
from tests.ledgers import a_deposit
from tests.outcomes import a_course
from tests.test_rulebook import a_rule, body_of

NUMBER = "S000044030001244000001"


class Scene:
    """An archive with two dossiers and one who may post to them, as every test begins."""

    def __init__(self, session: Session) -> None:
        """Set the scene."""
        self.organisation = an_organisation(session)
        self.trainer = an_account(session, "trainer", organisation=self.organisation)
        an_account(session, "clerk", Role.CLERK)
        self.one, self.other = workers(session, self.organisation, self.trainer, count=2)
        self.record = self.add(session, a_training())
        self.gone = self.add(session, a_training(completed_on=date(2024, 3, 1)))
        self.add(session, a_certificate(number=NUMBER))
        self.withdraw(session, self.gone)

    def add(self, session, record, worker_id=None, by="trainer") -> UUID:
        """Add a record."""
        return records.add(
            session,
            worker_id or self.one,
            record,
            organisation_id=self.organisation.id,
            by=named(session, by),
            now=NOW,
            today=TODAY,
        ).record_id

    def correct(self, session, record, record_id=None, reason="错") -> None:
        """Correct a record."""
        records.correct(
            session,
            self.one,
            record_id or self.record,
            record,
            reason=reason,
            by=named(session, "trainer"),
            now=NOW,
            today=TODAY,
        )

    def withdraw(self, session, record_id=None, reason="错") -> None:
        """Withdraw a record."""
        records.withdraw(
            session,
            self.one,
            record_id or self.record,
            reason=reason,
            by=named(session, "trainer"),
            now=NOW,
        )

    def deposit(self, session, *deposits) -> None:
        """Bring outcomes to the bank."""
        bank.deposit(session, {self.one: deposits}, now=NOW)

    def enrol_twice(self, session) -> None:
        """Enrol a person who has a dossier beside one who has none."""
        posting = Posting(self.organisation.id, self.trainer.id, NOW)
        with writing(session) as writer:
            writer.enrol([an_identity(88, "新来者"), an_identity(1)], posting)

    def some_good_then_bad(self, session) -> None:
        """Write what is right first, then what is refused, in one transaction."""
        self.add(session, a_training(completed_on=date(2024, 9, 9)))
        self.correct(session, a_training(hours="40"))
        self.deposit(session, a_deposit(a_course("16")))
        self.add(session, a_certificate(number=NUMBER), self.other)


Deed = Callable[[Scene, Session], object]
TOMORROW = TODAY + timedelta(days=1)

REFUSED: dict[str, tuple[type[Refusal], Deed]] = {
    "another content under one identity": (
        dossiers.RecordExistsError,
        lambda scene, session: scene.add(session, a_training(hours="99")),
    ),
    "a day in the future": (
        dossiers.DayInFutureError,
        lambda scene, session: scene.add(session, a_training(completed_on=TOMORROW)),
    ),
    "a correction into the future": (
        dossiers.DayInFutureError,
        lambda scene, session: scene.correct(session, a_training(completed_on=TOMORROW)),
    ),
    "a certificate of another": (
        dossiers.CertificateTakenError,
        lambda scene, session: scene.add(session, a_certificate(number=NUMBER), scene.other),
    ),
    "another kind in a correction": (
        dossiers.RecordKindChangedError,
        lambda scene, session: scene.correct(
            session, a_certificate(number="S000044030001244000002")
        ),
    ),
    "a correction without a reason": (
        dossiers.ReasonMissingError,
        lambda scene, session: scene.correct(session, a_training(hours="40"), reason=" "),
    ),
    "a withdrawal without a reason": (
        dossiers.ReasonMissingError,
        lambda scene, session: scene.withdraw(session, reason="\t"),
    ),
    "a second withdrawal": (
        dossiers.RecordWithdrawnError,
        lambda scene, session: scene.withdraw(session, scene.gone),
    ),
    "a correction of what was withdrawn": (
        dossiers.RecordWithdrawnError,
        lambda scene, session: scene.correct(session, a_training(), scene.gone),
    ),
    "an unknown record": (
        UnknownRecordError,
        lambda scene, session: scene.withdraw(session, new_id()),
    ),
    "a clerk that does not exist": (
        UnknownAccountError,
        lambda scene, session: scene.add(session, a_training(), by="nobody"),
    ),
    "a document that is on file": (
        dossiers.DocumentTakenError,
        lambda scene, session: scene.enrol_twice(session),
    ),
    "good records before a bad one": (
        dossiers.CertificateTakenError,
        lambda scene, session: scene.some_good_then_bad(session),
    ),
    "a reference with other content": (
        ReferenceConflictError,
        lambda scene, session: scene.deposit(
            session,
            a_deposit(a_course("16"), reference="twice"),
            a_deposit(a_course("32"), reference="twice"),
        ),
    ),
    "a dossier that was not begun": (
        UnknownDossierError,
        lambda scene, session: bank.deposit(
            session,
            {scene.one: [a_deposit(a_course())], new_id(): [a_deposit(a_course())]},
            now=NOW,
        ),
    ),
    "a rule whose example fails": (
        RuleExampleError,
        lambda _, session: publishing.publish(
            session, [body_of(a_rule(expected="3"), replaces="training-2022")], now=NOW
        ),
    ),
    "a rule with other words under its name": (
        RuleChangedError,
        lambda _, session: publishing.publish(
            session, [body_of(a_rule("training-2022", "2022-09-15"))], now=NOW
        ),
    ),
    "a proposal of nothing new": (
        RuleAlreadyPublishedError,
        lambda _, session: rules_desk.propose(
            session, publishing.shipped_files()[0], by=named(session, "clerk"), now=NOW
        ),
    ),
    "a trainer's proposal": (
        NotAllowedError,
        lambda _, session: approvals.propose(
            session, "publish_rules", {}, by=named(session, "trainer"), now=NOW
        ),
    ),
    "a second account of one name": (
        AccountNameTakenError,
        lambda _, session: accounts.add(session, "trainer", Role.CLERK, now=NOW),
    ),
    "a second organisation of one code": (
        OrganisationCodeTakenError,
        lambda _, session: organisations.add(
            session, "TP01", name="一", name_en="One", kind=OrganisationKind.EMPLOYER, now=NOW
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_operation_changes_nothing(archive, case):
    refusal, deed = REFUSED[case]
    with archive.transaction() as session:
        scene = Scene(session)
    before = everything(archive)

    with pytest.raises(refusal), archive.transaction() as session:
        deed(scene, session)

    assert everything(archive) == before
    assert sum(bool(rows) for rows in before.values()) > 10  # Something could have changed.


def everything(archive: Database) -> dict[str, list[str]]:
    """Return every row of every table, in one order."""
    with archive.engine.execution_options(archive_mode="read").connect() as connection:
        return {
            name: sorted(repr(row) for row in connection.execute(text(f"SELECT * FROM {name}")))
            for name in METADATA.tables
        }
