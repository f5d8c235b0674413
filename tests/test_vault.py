"""Secrets: what a thief of the database sees, and what only the right keys open."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from archive.db import Database
from archive.dossiers import chains, reading, records
from archive.dossiers.models import IntakeBatch, Record
from archive.dossiers.sealing import COLUMN, Source, seal, unseal, written
from archive.dossiers.writing import Posting, writing
from archive.errors import ErasedError, SealBrokenError
from archive.migrations.running import upgrade
from archive.migrations.tables import METADATA
from archive.people.identity import IdentityDocument
from archive.people.look_ups import number_claim, worker_numbered, worker_with_document
from archive.people.models import Account, Worker
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.people.synthetic import resident_number
from archive.settings import Settings
from credit_bank.checking import ROW_CHANGED
from schemas.ids import new_id
from schemas.vocabulary import DocumentType, RecordKind
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_competition,
    a_training,
    an_account,
    an_identity,
    an_organisation,
)
from tests.test_chains import tamper

NAME = "欧阳静雯"
BORN = date(1987, 11, 23)
ID_NUMBER = resident_number(BORN, 77)
CERTIFICATE = "S000044030001244000007"
SECRETS = (
    NAME,
    ID_NUMBER,
    CERTIFICATE,
    "19871123",
    "1987-11-23",
    "数控车床操作与编程实训",
    "粤赛题库导出.xlsx",
    "成绩由四十九分更正",
    "龙华杯",
)


def fill(archive: Database) -> UUID:
    """Write a dossier full of secrets; return its worker."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        trainer = an_account(session, organisation=organisation)
        posting = Posting(organisation.id, trainer.id, NOW, a_source(session, trainer))
        course = a_training(course_name="数控车床操作与编程实训", outer_id=f"{ID_NUMBER}-01")
        with writing(session) as writer:
            identity = an_identity(77, NAME, BORN)
            (worker_id,) = writer.enrol([identity], posting)
            added = writer.add(worker_id, course, posting)
            writer.add(worker_id, a_certificate(number=CERTIFICATE), posting)
            writer.add(worker_id, a_competition(event="龙华杯"), posting)
        records.correct(
            session,
            worker_id,
            added.record_id,
            course.model_copy(update={"note": "成绩由四十九分更正"}),
            reason="成绩由四十九分更正",
            by=trainer,
            now=NOW,
            today=TODAY,
        )
    return worker_id


def a_source(session: Session, trainer: Account) -> Source:
    """Return the row of a file that names a person."""
    assert trainer.organisation_id
    batch = IntakeBatch(
        id=new_id(),
        organisation_id=trainer.organisation_id,
        digest=b"digest",
        kind=RecordKind.TRAINING,
        rows=1,
        written=1,
        posted_by=trainer.id,
        posted_at=NOW,
    )
    session.add(batch)
    session.flush()
    cells = {"姓名": NAME, "身份证号": ID_NUMBER}
    return Source(file_name="粤赛题库导出.xlsx", batch_id=batch.id, row=3, cells=cells)


def everything_in(archive: Database) -> Iterator[tuple[str, bytes]]:
    """Yield all text and bytes of every table of a database, with where they stand."""
    tables = METADATA.sorted_tables
    with archive.engine.execution_options(archive_mode="read").connect() as connection:
        for table in tables:
            for column in table.columns:
                for value in connection.execute(select(column)).scalars():
                    told = value if isinstance(value, bytes) else str(value).encode()
                    yield f"{table.name}.{column.name}", told


def an_archive(home: Path, settings: Settings | None = None) -> Database:
    """Return a new archive of its own."""
    opened = open_archive(settings or Settings(home=home, demo=False))
    upgrade(opened, now=NOW)
    return opened


def close(archive: Database) -> None:
    """Give all connections back."""
    vault_of(archive).store.close()
    archive.close()


# --- A stolen database


def test_a_stolen_database_reveals_no_name_and_no_number(archive):
    fill(archive)

    seen = list(everything_in(archive))

    assert {"record.sealed", "chain_link.body", "blind_index.digest"} <= {one for one, _ in seen}
    for where, told in seen:
        for secret in SECRETS:
            assert secret.encode() not in told, where
            assert secret.encode("utf-16-le") not in told, where
            assert secret.encode().hex().encode() not in told, where


def test_a_stolen_sqlite_file_reveals_nothing_in_its_raw_bytes(sqlite_archive, home):
    fill(sqlite_archive)

    files = [*home.glob("archive.db*"), *home.glob("keys.db*")]

    assert files
    for path in files:
        content = path.read_bytes()
        assert not any(secret.encode() in content for secret in SECRETS), path.name


def test_digests_of_two_archives_have_nothing_in_common(tmp_path):
    digests = []
    for name in ("one", "other"):
        opened = an_archive(tmp_path / name)
        fill(opened)
        with opened.reading() as session:
            rows = session.connection().execute(
                text("SELECT digest FROM blind_index WHERE purpose <> 'archive_number'")
            )
            digests.append(set(rows.scalars()))
            rows = session.connection().execute(
                text("SELECT content_digest FROM record UNION SELECT identity_digest FROM record")
            )
            digests[-1] |= set(rows.scalars())
        close(opened)

    one, other = digests
    assert len(one) == len(other) > 0
    assert not one & other


def test_equal_values_of_two_purposes_have_different_digests(sqlite_archive):
    vault = vault_of(sqlite_archive)

    assert vault.digest("certificate", "1") != vault.digest("outer_id", "1")
    assert vault.digest("ab", "c") != vault.digest("a", "bc")
    assert vault.digest("certificate", "1") == vault.digest("certificate", "1")


def test_the_same_content_sealed_twice_looks_different(sqlite_archive):
    worker_id = fill(sqlite_archive)
    with sqlite_archive.reading() as session:
        key = vault_of(session).keys_of([worker_id])[worker_id]

    assert key.seal(COLUMN, b"same") != key.seal(COLUMN, b"same")


# --- What opens, and what does not


def test_a_commitment_is_salted_so_that_nobody_can_guess_what_was_committed_to(sqlite_archive):
    """It stays when a person's key is destroyed; the same course of the same day is no secret."""
    [key] = vault_of(sqlite_archive).new_keys([new_id()], NOW).values()
    told = written(a_training())

    one, other = (seal(key, told, source=None, reason=None).commitment for _ in range(2))

    assert one != other


def test_sealed_text_opens_in_no_other_column_person_or_form(archive):
    worker_id = fill(archive)
    with archive.transaction() as session:
        vault = vault_of(session)
        key = vault.keys_of([worker_id])[worker_id]
        stranger = vault.new_keys([new_id()], NOW)
        sealed = session.exec(select(Record.sealed)).first()
    assert sealed is not None
    assert unseal(key, sealed).content.kind == "identity"

    with pytest.raises(SealBrokenError):
        key.open("record.other", sealed)
    for other in stranger.values():
        with pytest.raises(SealBrokenError):
            other.open(COLUMN, sealed)
    for broken in (sealed[:-1], sealed[1:], b"", sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(SealBrokenError):
            key.open(COLUMN, broken)


def test_a_wrapped_key_that_was_moved_to_another_person_opens_nothing(archive):
    worker_id = fill(archive)
    vault = vault_of(archive)
    thief = new_id()
    vault.new_keys([thief], NOW)
    with vault.store.transaction() as session:
        session.connection().execute(
            text(
                "UPDATE wrapped_key SET wrapped = "
                "(SELECT wrapped FROM wrapped_key WHERE worker_id = :one) "
                "WHERE worker_id = :other"
            ),
            {"one": worker_id.hex, "other": thief.hex},
        )

    with pytest.raises(SealBrokenError):
        vault.keys_of([thief])


def test_a_key_that_is_kept_elsewhere_opens_only_where_it_was_bound(sqlite_archive):
    fill(sqlite_archive)
    vault = vault_of(sqlite_archive)
    version, wrapped = vault.wrap(b"k" * 32, b"here")
    assert vault.unwrap(version, wrapped, b"here") == b"k" * 32
    for where, cut in ((b"there", wrapped), (b"here", wrapped[:-1]), (b"here", b"")):
        with pytest.raises(SealBrokenError):
            vault.unwrap(version, cut, where)
    assert vault.new_keys([], NOW) == {}


def test_a_destroyed_key_is_gone_and_the_dossier_stays_verifiable(archive):
    worker_id = fill(archive)
    vault = vault_of(archive)
    with vault.store.transaction() as session:
        session.connection().execute(text("DELETE FROM wrapped_key"))

    assert vault.keys_of([worker_id]) == {}
    with archive.reading() as session:
        assert chains.verify(session).is_whole
        with pytest.raises(ErasedError):
            reading.dossier(session, worker_id, today=TODAY)


def test_sealed_text_that_was_cut_off_is_a_changed_row_and_no_traceback(sqlite_archive):
    fill(sqlite_archive)
    tamper(sqlite_archive, "UPDATE record SET sealed = x'00' WHERE kind = 'identity'", "record")

    with sqlite_archive.reading() as session:
        report = chains.verify(session)

    assert [(fault.table, fault.code) for fault in report.faults] == [("record", ROW_CHANGED)]


def test_a_worker_is_found_by_document_and_archive_number_and_by_nothing_else(archive):
    worker_id = fill(archive)
    with archive.reading() as session:
        worker = session.get_one(Worker, worker_id)
        document = IdentityDocument(DocumentType.RESIDENT_ID, ID_NUMBER)

        assert worker_with_document(session, document) is worker
        assert worker_numbered(session, worker.archive_number.lower()) is worker
        assert number_claim(session, worker.archive_number).digest != (
            worker.archive_number.encode()
        )
        passport = IdentityDocument(DocumentType.PASSPORT, ID_NUMBER)
        with pytest.raises(Exception, match="No worker"):
            worker_with_document(session, passport)


def test_a_session_without_a_vault_says_so(tmp_path):
    bare = Database(f"sqlite:///{tmp_path / 'bare.db'}")
    with bare.reading() as session, pytest.raises(TypeError, match="vault"):
        vault_of(session)
    bare.close()
