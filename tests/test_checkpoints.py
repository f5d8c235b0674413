"""A checkpoint in other hands finds what a chain alone cannot show."""

import json

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from archive.db import Database
from archive.dossiers import chains
from archive.dossiers.writing import Posting, writing
from archive.people.models import Worker
from archive.settings import Settings
from archive.transcripts import checkpoints
from archive.transcripts.checkpoints import CheckpointUnusableError
from archive.transcripts.keys import DevelopmentKeys, development_keys
from credit_bank.merkle import merkle_root
from tests.builders import (
    NOW,
    a_certificate,
    a_training,
    an_account,
    an_identity,
    an_organisation,
)


@pytest.fixture
def keys(settings: Settings) -> DevelopmentKeys:
    """Return real signing keys."""
    return development_keys(settings.secrets_folder, now=NOW)


@pytest.fixture
def filled(archive: Database) -> Database:
    """Return an archive with two dossiers."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        posting = Posting(organisation.id, an_account(session, organisation=organisation).id, NOW)
        with writing(session) as writer:
            first, _ = writer.enrol([an_identity(1), an_identity(2)], posting)
            writer.add(first, a_training(), posting)
    return archive


def a_checkpoint(archive: Database, keys: DevelopmentKeys) -> bytes:
    """Return the checkpoint's file."""
    with archive.reading() as session:
        made = checkpoints.make(session, keys, now=NOW)
    return made.model_dump_json().encode()


def found(archive: Database, keys: DevelopmentKeys, file: bytes) -> list[str]:
    """Return the codes of what differs from the checkpoint."""
    checkpoint = checkpoints.read(file, keys.trust, now=NOW)
    with archive.reading() as session:
        return [fault.code for fault in checkpoints.compare(session, checkpoint).faults]


def test_what_was_only_appended_to_agrees_with_the_checkpoint(filled, keys):
    file = a_checkpoint(filled, keys)
    with filled.transaction() as session:
        worker_id = session.exec(select(Worker.worker_id).order_by(col(Worker.worker_id))).first()
        organisation = an_organisation(session, "TP02")
        trainer = an_account(session, "another", organisation=organisation)
        with writing(session, [worker_id]) as writer:
            writer.add(worker_id, a_certificate(), Posting(organisation.id, trainer.id, NOW))

    assert found(filled, keys, file) == []


def test_a_dossier_cut_at_its_end_is_found_though_its_chain_is_whole(filled, keys):
    file = a_checkpoint(filled, keys)
    with filled.engine.execution_options(archive_mode="write").begin() as connection:
        if filled.engine.dialect.name == "sqlite":
            for table in ("chain_link", "record", "outcome", "entry", "posting"):
                connection.exec_driver_sql("DROP TRIGGER " + f"{table}_no_delete")
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in ("posting", "entry", "outcome"):
            connection.exec_driver_sql("DELETE FROM " + table)
        connection.exec_driver_sql("DELETE FROM record WHERE kind = 'training'")
        connection.exec_driver_sql("DELETE FROM chain_link WHERE sequence > 2")
        connection.exec_driver_sql(
            "UPDATE chain_head SET sequence = 2, hash = (SELECT hash FROM chain_link "
            "WHERE chain_link.worker_id = chain_head.worker_id AND chain_link.sequence = 2)"
        )

    with filled.reading() as session:
        assert chains.verify(session).is_whole
    assert found(filled, keys, file) == ["chain_cut"]


def test_a_checkpoint_that_was_edited_is_refused(filled, keys):
    content = json.loads(a_checkpoint(filled, keys))
    content["heads"].pop()

    with pytest.raises(CheckpointUnusableError):
        checkpoints.read(json.dumps(content).encode(), keys.trust, now=NOW)


@pytest.mark.parametrize("edit", ["zz", "", "00", 5])
def test_a_checkpoint_whose_heads_are_no_hashes_is_refused(filled, keys, edit):
    content = json.loads(a_checkpoint(filled, keys))
    content["heads"][0]["hash"] = edit

    with pytest.raises(CheckpointUnusableError):
        checkpoints.read(json.dumps(content).encode(), keys.trust, now=NOW)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_checkpoint_is_refused(keys, content):
    with pytest.raises(CheckpointUnusableError):
        checkpoints.read(content, keys.trust, now=NOW)


def test_a_checkpoint_signed_by_another_authority_is_refused(filled, keys, tmp_path):
    forged = a_checkpoint(filled, development_keys(tmp_path / "other", now=NOW))

    with pytest.raises(CheckpointUnusableError):
        checkpoints.read(forged, keys.trust, now=NOW)


def test_the_merkle_root_is_that_of_the_standard():
    # RFC 6962's tree of the empty leaf, and of the first three leaves of its test vectors.
    assert merkle_root([b""]).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert merkle_root([b"", b"\x00", b"\x10"]).hex() == (
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    )
