"""Upgrading the database of each released version keeps its chains and balances."""

import json
import shutil
import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from archive.dossiers import chains, reading
from archive.migrations.running import problems, upgrade
from archive.people import look_ups
from archive.people.master_key_file import FILE_NAME
from archive.people.models import Worker
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from credit_bank import bank, publishing
from credit_bank.conversion import evaluate_again
from credit_bank.publishing import rule_book
from schemas.credits import ApprenticeshipMeasures
from schemas.vocabulary import Account, Cause, Family
from tests.builders import NOW, TODAY
from tests.golden.releases.make_dump import DATABASES, HERE, balances
from tests.ledgers import Ledger
from tests.outcomes import an_outcome

RELEASES = sorted(path.name for path in HERE.iterdir() if path.is_dir() and path.name[0].isdigit())


def test_there_is_a_released_version_to_upgrade():
    assert "0.1.0" in RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_a_released_database_keeps_chains_and_balances(release: str, tmp_path: Path):
    settings = _restored(HERE / release, tmp_path / "var")
    archive = open_archive(settings)

    upgrade(archive, now=NOW)

    expected = json.loads((HERE / release / "balances.json").read_text())
    with archive.reading() as session:
        assert balances(session) == expected
        assert chains.verify(session).is_whole
        names = [
            reading.dossier(
                session, look_ups.worker_numbered(session, number).worker_id, today=TODAY
            ).name
            for number in expected
        ]
    assert sorted(names) == ["李明华", "陈砚冬"]
    assert problems(archive) == []
    vault_of(archive).store.close()
    archive.close()


@pytest.mark.parametrize("release", RELEASES)
def test_every_explanation_of_a_release_still_gives_what_it_gave(release: str, tmp_path: Path):
    archive = open_archive(_restored(HERE / release, tmp_path / "var"))
    upgrade(archive, now=NOW)

    with archive.transaction() as session:
        workers = sorted(session.exec(select(Worker.worker_id)))
        before = [bank.statement(session, worker_id).lines for worker_id in workers]
        bank.recompute(session, workers, now=NOW)
        after = [bank.statement(session, worker_id).lines for worker_id in workers]
        rules = rule_book(session)

    lines = [line for found in before for line in found]
    assert {line.cause for line in lines} == {Cause.GRANT, Cause.EXPIRY}
    assert [evaluate_again(line.trace, rules) for line in lines] == [
        line.evaluated_units for line in lines
    ]
    assert after == before
    vault_of(archive).store.close()
    archive.close()


def test_rules_of_a_new_version_reach_the_outcomes_that_are_there(monkeypatch, tmp_path: Path):
    archive = open_archive(Settings(home=tmp_path / "var", demo=False))
    every = publishing.shipped_files()
    earlier = [path for path in every if path.stem != Family.APPRENTICESHIP]
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "shipped_files", lambda: earlier)
        upgrade(archive, now=NOW)
    apprenticeship = an_outcome(
        ApprenticeshipMeasures(hours=Decimal(160), class_number="1", is_registered=True),
        date(2024, 5, 1),
    )
    with archive.transaction() as session:
        ledger = Ledger(session)
        ledger.deposit(apprenticeship)
        assert ledger.accounts == {}

        worker_id = ledger.worker_id
    upgrade(archive, now=NOW)

    with archive.reading() as session:
        assert bank.balances(session, worker_id)[Account.AVAILABLE] == 100_000
    vault_of(archive).store.close()
    archive.close()


def _restored(dump: Path, home: Path) -> Settings:
    """Return the settings of a home as it was left by the release."""
    settings = Settings(home=home, demo=False)
    settings.secrets_folder.mkdir(parents=True, mode=0o700)
    shutil.copy(dump / FILE_NAME, settings.secrets_folder / FILE_NAME)
    (settings.secrets_folder / FILE_NAME).chmod(0o600)
    for name in DATABASES:
        connection = sqlite3.connect(home / name)
        connection.executescript((dump / f"{name}.sql").read_text(encoding="utf-8"))
        connection.close()
    return settings
