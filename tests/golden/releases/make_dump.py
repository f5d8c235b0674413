"""Writes the dump of a release: both databases as SQL, the master keys, and what must hold.

Run once when a release is made, ``python -m tests.golden.releases.make_dump 0.1.0``, and
never again for it: ``test_upgrades.py`` upgrades every dump to the present version.
"""

import json
import shutil
import sqlite3
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session, select

from archive.dossiers.writing import Posting, writing
from archive.migrations.running import upgrade
from archive.people.master_key_file import FILE_NAME
from archive.people.models import Worker
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from credit_bank import bank
from schemas.identities import NameChange
from schemas.vocabulary import Rank
from tests.builders import (
    NOW,
    a_certificate,
    a_competition,
    a_training,
    an_account,
    an_identity,
    an_organisation,
)

HERE = Path(__file__).parent
DATABASES = ("archive.db", "keys.db")
EARLIER = datetime(2016, 3, 1, 2, 0, tzinfo=UTC)


def fill(session: Session) -> None:
    """Put in what a release must carry over: levels, corrections, withdrawals, expiry."""
    organisation = an_organisation(session)
    trainer = an_account(session, organisation=organisation)
    early = Posting(organisation.id, trainer.id, EARLIER)
    posting = Posting(organisation.id, trainer.id, NOW)
    with writing(session) as writer:
        first, second = writer.enrol(
            [an_identity(1), an_identity(2, "陈砚秋", date(1988, 3, 4))], early
        )
        writer.add(first, a_training("80", date(2016, 2, 1)), early)
        writer.expire(first, now=NOW, today=NOW.date(), zone=UTC)
        writer.add(first, a_certificate(), posting)
        course = writer.add(first, a_training("36"), posting)
        changed = a_training("40")
        writer.correct(first, course.record_id, changed, posting, "课时登记错误")
        writer.add(second, a_competition(), posting)
        senior = a_certificate(Rank.SENIOR, number="S000044030001243000002")
        wrong = writer.add(second, senior, posting)
        writer.withdraw(second, wrong.record_id, senior, posting, "误报")
        renamed = NameChange(name="陈砚冬", former_name="陈砚秋", changed_on=date(2024, 5, 1))
        writer.add(second, renamed, posting)


def balances(session: Session) -> dict[str, dict[str, int]]:
    """Return every worker's units by account, by archive number."""
    workers = session.exec(select(Worker)).all()
    return {
        worker.archive_number: {
            account.value: units
            for account, units in bank.balances(session, worker.worker_id).items()
        }
        for worker in workers
    }


def main(release: str) -> None:
    """Write the dump of a release beside this file."""
    folder = HERE / release
    folder.mkdir()
    home = Path(tempfile.mkdtemp())
    settings = Settings(home=home, demo=False)
    archive = open_archive(settings)
    upgrade(archive, now=NOW)
    with archive.transaction() as session:
        fill(session)
    with archive.reading() as session:
        expected = json.dumps(balances(session), indent=2, sort_keys=True)
    vault_of(archive).store.close()
    archive.close()
    for name in DATABASES:
        with sqlite3.connect(home / name) as connection:
            dumped = "\n".join(connection.iterdump())
        (folder / f"{name}.sql").write_text(dumped + "\n", encoding="utf-8")
    shutil.copy(settings.secrets_folder / FILE_NAME, folder / FILE_NAME)
    (folder / "balances.json").write_text(expected + "\n", encoding="utf-8")
    shutil.rmtree(home)


if __name__ == "__main__":
    main(sys.argv[1])
