"""A ledger computed anew from what was brought is as it is stored, or it is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from archive.db import Database
from archive.dossiers import rebuilding
from archive.dossiers.auditing import audit_all
from archive.dossiers.writing import Posting, writing
from archive.people.key_store import WRAPPED_KEY
from archive.people.models import Worker
from archive.people.privacy import vault_of
from archive.settings import Settings
from credit_bank.history import history_of
from credit_bank.publishing import publish
from credit_bank.rebuilding import rebuild
from credit_bank.stored import stored_rows
from schemas.proofs import RebuildReport
from tests import test_cases_of_workers
from tests.builders import NOW, a_certificate, a_training, an_account, an_identity, an_organisation
from tests.forging import Dossier, forge
from tests.ledgers import Ledger
from tests.outcomes import a_course
from tests.test_auditing import judged_otherwise
from tests.test_rulebook import a_rule, body_of

LATER = datetime(2026, 1, 5, tzinfo=UTC)
ZONE = Settings(demo=False).zone
LIVES = [
    life
    for name, life in vars(test_cases_of_workers).items()
    if name.startswith("test_")
    and life.__code__.co_varnames[: life.__code__.co_argcount] == ("ledger",)
]


@pytest.mark.parametrize("life", LIVES)
def test_every_life_with_cases_is_computed_anew_as_it_is_stored(
    session: Session, life: Callable[[Ledger], None]
):
    ledger = Ledger(session)
    life(ledger)
    session.flush()

    rows = stored_rows(session, [ledger.worker_id])[ledger.worker_id]

    assert rows.entries
    assert rebuild(rows, history_of(session), now=LATER, zone=ZONE) == ([], [])


def test_what_expired_is_computed_anew(session: Session):
    ledger = Ledger(session)
    ledger.deposit(a_course("160", date(2015, 2, 1)), now=datetime(2015, 3, 1, tzinfo=UTC))
    ledger.expire(date(2025, 3, 1))
    ledger.deposit(a_course("160", date(2015, 2, 2)))
    rows = stored_rows(session, [ledger.worker_id])[ledger.worker_id]

    assert rebuild(rows, history_of(session), now=LATER, zone=ZONE) == ([], [])


@pytest.fixture
def filled(archive: Database) -> Database:
    """Return an archive with one dossier of a course and a certificate."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        posting = Posting(organisation.id, an_account(session, organisation=organisation).id, NOW)
        with writing(session) as writer:
            (worker_id,) = writer.enrol([an_identity()], posting)
            record = writer.add(worker_id, a_training("160"), posting).record_id
            writer.add(worker_id, a_certificate(), posting)
        with writing(session, [worker_id]) as writer:
            writer.correct(worker_id, record, a_training("80"), posting, "课时登记错误")
    return archive


def whose(archive: Database):
    with archive.reading() as session:
        return session.exec(select(Worker.worker_id)).one()


def compared(archive: Database, settings: Settings) -> RebuildReport:
    return rebuilding.compare(archive, settings, now=LATER)


def codes(report: RebuildReport) -> set[str]:
    return {one.code for one in report.differences}


def test_what_records_say_is_what_is_stored(filled, settings):
    report = compared(filled, settings)

    assert report.is_same
    assert (report.workers, report.outcomes, report.not_opened) == (1, 3, 0)


def test_an_outcome_that_its_record_does_not_bear_out_is_told(filled, settings):
    def learn_better(dossier: Dossier) -> None:
        """The result decides nothing here, so that the bank by itself finds all in order."""
        for told in (dossier.outcomes[-1]["outcome"], dossier.entries[-1]["trace"]["outcome"]):
            told["measures"]["score"] = "99"

    forge(filled, whose(filled), learn_better)

    assert audit_all(filled, settings).is_right
    assert codes(compared(filled, settings)) == {"outcome_differs"}


def test_credits_that_nothing_bears_out_are_told_and_never_repaired(filled, settings):
    def credit_a_level_that_nobody_held(dossier: Dossier) -> None:
        judged_otherwise(dossier.entries[0], held="125000")

    forge(filled, whose(filled), credit_a_level_that_nobody_held)

    report = rebuilding.rebuild(filled, settings, now=LATER)

    assert codes(report) == {"series_differs", "lot_differs", "account_differs"}
    assert report.posted == 0


def test_rows_that_are_not_as_they_were_hashed_are_not_computed_from(filled, settings):
    from tests.test_chains import tamper  # noqa: PLC0415  # Only here.

    tamper(filled, "UPDATE entry SET posted_units = 1 WHERE family = 'training'", "entry")

    report = rebuilding.rebuild(filled, settings, now=LATER)

    assert (codes(report), report.posted) == ({"rows_changed"}, 0)


def test_an_erased_dossier_is_computed_but_not_compared_with_its_records(filled, settings):
    with vault_of(filled).store.transaction() as session:
        session.connection().execute(WRAPPED_KEY.delete())

    report = compared(filled, settings)

    assert (report.is_same, report.not_opened) == (True, 1)


def test_a_rule_that_was_published_and_never_applied_is_told_and_then_posted(filled, settings):
    rule = a_rule("training-2024", "2024-01-01")
    with filled.transaction() as session:
        publish(
            session, [body_of(rule, replaces="training-2022")], now=datetime(2025, 6, 1, tzinfo=UTC)
        )

    assert {"series_differs", "lot_differs", "account_differs"} == codes(compared(filled, settings))
    report = rebuilding.rebuild(filled, settings, now=LATER)

    assert (report.posted, report.workers_posted, report.is_same) == (1, 1, True)
    assert compared(filled, settings).is_same
    assert audit_all(filled, settings).is_right
    assert rebuilding.rebuild(filled, settings, now=LATER).posted == 0
