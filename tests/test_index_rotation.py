"""Versions of the key of look-ups: every look-up moves, and is found at every moment."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from archive.cli import job_kinds
from archive.db import Database
from archive.dossiers import chains, names_found, records
from archive.dossiers.errors import CertificateTakenError, DocumentTakenError
from archive.dossiers.writing import Posting, writing
from archive.jobs.desk import WORKS, PlainSteps, Step, Told
from archive.people import closing, contacts, contacts_found, finding, index_rotation
from archive.people.identity import IdentityDocument
from archive.people.index_keys import FIRST, FOR_GOOD
from archive.people.key_store import WRAPPED_KEY
from archive.people.look_ups import (
    Claim,
    Purpose,
    Sought,
    holders,
    index_of,
    worker_with_document,
)
from archive.people.master_key_refusals import (
    IndexKeyMissingError,
    KeyVersionCurrentError,
    KeyVersionUnknownError,
    KeyVersionUsedError,
)
from archive.people.models import Account, BlindIndex, IndexVersion, Organisation, Worker
from archive.people.names import searched_form
from archive.people.opening import open_archive
from archive.people.personal_models import SearchIndex
from archive.people.privacy import vault_of
from archive.transcripts.register import DatabaseRegister
from schemas.keys import RotationReport
from schemas.vocabulary import ClosureAct, ContactKind, DocumentType, Role
from tests.builders import NOW, TODAY, a_certificate, a_training, an_account, an_identity
from tests.test_nightly import ZONE
from tests.test_transcripts_issuing import desk, signing_keys  # noqa: F401  # Fixtures.
from tests.test_vault import BORN, CERTIFICATE, ID_NUMBER, NAME, close, fill

LATER = NOW + timedelta(days=1)
PHONE = "13800138000"
DOCUMENT = IdentityDocument(DocumentType.RESIDENT_ID, ID_NUMBER)


def begin(archive: Database) -> int:
    """Put a new version in use, and move nothing yet."""
    with archive.transaction() as session:
        return index_rotation.make(session, now=LATER)


def rotate(archive: Database) -> RotationReport:
    """Move every look-up under the version in use."""
    return index_rotation.run(PlainSteps(archive, lambda: LATER), "", ZONE)


def sought_by(archive: Database, version: int) -> dict[str, int]:
    """Return how many are found by the name and the telephone, digested under one version."""
    vault = vault_of(archive)
    told = (Purpose.NAME, searched_form(NAME)), (Purpose.PHONE, PHONE)
    with archive.reading() as session:
        return {
            purpose: len(
                finding.found(
                    session, Claim(purpose, vault.index_digest(version, purpose, value)), most=9
                )
            )
            for purpose, value in told
        }


def rows_by_version(archive: Database) -> dict[int, int]:
    with archive.reading() as session:
        return {one.version: one.rows for one in index_rotation.listed(session).versions}


def found(archive: Database) -> UUID:
    with archive.reading() as session:
        return worker_with_document(session, DOCUMENT).worker_id


def test_everybody_is_found_before_during_and_after_a_rotation(archive, settings):
    worker_id = fill(archive)
    other = open_archive(settings)
    assert found(other) == worker_id
    before = rows_by_version(archive)[FIRST]

    version = begin(archive)
    assert rows_by_version(archive) == {FIRST: before, version: 0}
    assert found(archive) == found(other) == worker_id
    report = rotate(archive)

    assert (report.version, report.moved, report.left) == ("2", before, 0)
    assert rows_by_version(archive) == {FIRST: 0, version: before}
    assert found(archive) == found(other) == worker_id
    with archive.reading() as session:
        assert chains.verify(session).is_whole
    close(other)


def test_names_and_contacts_move_too_and_a_rotation_that_was_killed_goes_on(archive, monkeypatch):
    """Two share a name and a telephone, one of them frozen: both are found throughout."""
    frozen = fill(archive)
    with archive.transaction() as session:
        [other] = enrol(session, an_identity(5, NAME))
        by = an_account(session, "teller", Role.CLERK)
        for worker_id in (frozen, other):
            contacts.tell(session, worker_id, {ContactKind.PHONE: PHONE}, by=by, now=NOW)
    closing.mark(vault_of(archive).store, frozen, act=ClosureAct.FREEZE, now=NOW)
    assert sought_by(archive, FIRST) == {Purpose.NAME: 2, Purpose.PHONE: 2}
    version = begin(archive)
    monkeypatch.setattr(index_rotation, "BATCH", 1)

    with pytest.raises(KilledError):
        index_rotation.run(StepsUntilKilled(archive, steps=2), "", ZONE)
    halfway = {Purpose.NAME: 1, Purpose.PHONE: 1}
    assert sought_by(archive, FIRST) == sought_by(archive, version) == halfway
    with archive.reading() as session:
        assert len(finding.found(session, finding.name_claim(session, NAME), most=9)) == 2
    with pytest.raises(KeyVersionUsedError), archive.transaction() as session:
        index_rotation.retire(session, FIRST)

    assert rotate(archive).left == 0
    assert sought_by(archive, FIRST) == {Purpose.NAME: 0, Purpose.PHONE: 0}
    assert sought_by(archive, version) == {Purpose.NAME: 2, Purpose.PHONE: 2}


class KilledError(BaseException):
    """As a process that ends in the middle."""


class StepsUntilKilled(PlainSteps):
    """Takes some steps, and is killed before the next."""

    def __init__(self, archive: Database, *, steps: int) -> None:
        """Take so many steps."""
        super().__init__(archive, lambda: LATER)
        self._left = steps

    def take(self, step: Step, *, done: int | None = None, total: int | None = None) -> Told:
        """Take a step, or be killed."""
        self._left -= 1
        if self._left < 0:
            raise KilledError
        return super().take(step, done=done, total=total)


def test_contacts_of_an_older_archive_are_found_again(archive):
    worker_id = fill(archive)
    with archive.transaction() as session:
        by = an_account(session, "teller", Role.CLERK)
        contacts.tell(session, worker_id, {ContactKind.PHONE: PHONE}, by=by, now=NOW)
        session.exec(delete(SearchIndex))

    assert (names_found.fill(archive), contacts_found.fill(archive)) == (1, 1)
    assert contacts_found.fill(archive) == 0
    assert sought_by(archive, FIRST) == {Purpose.NAME: 1, Purpose.PHONE: 1}


def test_a_number_cannot_be_claimed_twice_while_it_is_under_the_former_version(archive):
    fill(archive)
    begin(archive)

    with pytest.raises(DocumentTakenError), archive.transaction() as session:
        enrol(session, an_identity(77, NAME, BORN))
    with archive.transaction() as session:
        [stranger] = enrol(session, an_identity(5, "何晓彤"))
    with pytest.raises(CertificateTakenError), archive.transaction() as session:
        add(session, stranger, a_certificate(number=CERTIFICATE))


def add(session: Any, worker_id: UUID, record: Any) -> None:
    with writing(session, [worker_id]) as writer:
        writer.add(worker_id, record, posting(session))


def enrol(session: Any, identity: Any) -> list[UUID]:
    with writing(session) as writer:
        return writer.enrol([identity], posting(session))


def posting(session: Any) -> Posting:
    account = session.exec(select(Account).where(col(Account.organisation_id).is_not(None))).first()
    return Posting(account.organisation_id, account.id, NOW)


def test_what_is_written_during_a_rotation_comes_under_the_new_version(archive):
    fill(archive)
    version = begin(archive)
    before = rows_by_version(archive)

    with archive.transaction() as session:
        enrol(session, an_identity(5, "何晓彤"))

    assert rows_by_version(archive) == {FIRST: before[FIRST], version: 3}
    rotate(archive)
    assert rows_by_version(archive) == {FIRST: 0, version: before[FIRST] + 3}


def test_what_a_record_gave_up_is_not_looked_up_again(archive):
    worker_id = fill(archive)
    with archive.transaction() as session:
        for row in session.exec(select(BlindIndex).where(BlindIndex.purpose == "certificate")):
            session.delete(row)
    begin(archive)

    rotate(archive)

    with archive.reading() as session:
        claim = index_of(session).claim(Sought(Purpose.CERTIFICATE, CERTIFICATE))
        assert holders(session, [claim]) == {}
        assert session.exec(select(BlindIndex.worker_id)).first() == worker_id


def test_codes_and_files_of_documents_are_found_after_a_rotation(desk):  # noqa: F811  # It is the fixture.
    issued = desk.issue()
    version = begin(desk.archive)
    report = rotate(desk.archive)

    assert report.left == 0
    with desk.archive.reading() as session:
        assert DatabaseRegister(session).by_code(issued.transcript.code) is not None
        rows = session.exec(select(BlindIndex).where(BlindIndex.purpose == Purpose.TRANSCRIPT))
        assert {row.version for row in rows} == {version}


def test_what_a_destroyed_key_leaves_untold_stays_findable_and_keeps_its_version(desk):  # noqa: F811
    issued = desk.issue()
    vault = vault_of(desk.archive)
    with vault.store.transaction() as keys:
        keys.connection().execute(
            delete(WRAPPED_KEY).where(WRAPPED_KEY.c.worker_id == desk.worker_id)
        )
    with desk.archive.transaction() as session:  # As an erasure does.
        personal = col(BlindIndex.purpose).in_((Purpose.DOCUMENT, Purpose.CERTIFICATE))
        session.exec(delete(BlindIndex).where(personal))
        session.exec(delete(SearchIndex))
    begin(desk.archive)

    report = rotate(desk.archive)

    assert report.left == 1
    with desk.archive.reading() as session:
        register = DatabaseRegister(session)
        assert register.by_code(issued.transcript.code) is not None
    with pytest.raises(KeyVersionUsedError), desk.archive.transaction() as session:
        index_rotation.retire(session, FIRST)


def test_an_empty_version_is_retired_and_the_frozen_one_is_no_version(archive):
    worker_id = fill(archive)
    vault = vault_of(archive)
    with pytest.raises(KeyVersionCurrentError), archive.transaction() as session:
        index_rotation.retire(session, FIRST)
    begin(archive)
    rotate(archive)
    for unknown in (FOR_GOOD, 9):
        with pytest.raises(KeyVersionUnknownError), archive.transaction() as session:
            index_rotation.retire(session, unknown)

    with archive.transaction() as session:
        index_rotation.retire(session, FIRST)
    index_rotation.destroy(vault, FIRST)

    assert list(rows_by_version(archive)) == [2]
    assert found(archive) == worker_id
    with pytest.raises(IndexKeyMissingError):
        vault.index_digest(FIRST, "any", "thing")
    assert vault.digest("any", "thing")


def test_digests_that_chains_hash_are_the_same_after_a_rotation(archive):
    worker_id = fill(archive)
    vault = vault_of(archive)
    before = vault.digest("record", "anything")
    begin(archive)
    rotate(archive)

    assert vault.digest("record", "anything") == before
    with archive.transaction() as session:
        organisation = session.exec(select(Organisation)).one()
        same = records.add(
            session,
            worker_id,
            a_certificate(number=CERTIFICATE),
            organisation_id=organisation.id,
            by=session.exec(select(Account)).one(),
            now=LATER,
            today=TODAY,
        )
        assert same.state == "same"


def test_a_rotation_begun_amid_a_posting_waits_for_it(archive, settings):
    """Whoever writes under the former version is waited for, so that no row is missed."""
    fill(archive)
    is_writing, may_end = threading.Event(), threading.Event()

    def post() -> None:
        with archive.transaction() as session:
            enrol(session, an_identity(5, "何晓彤"))
            is_writing.set()
            assert may_end.wait(30)

    thread = threading.Thread(target=post)
    thread.start()
    assert is_writing.wait(30)
    other = open_archive(settings)
    second = threading.Thread(target=begin, args=(other,))
    second.start()
    second.join(0.5)
    assert second.is_alive()
    may_end.set()
    thread.join(30)
    second.join(30)

    assert not second.is_alive()
    assert rotate(archive).left == 0
    assert set(rows_by_version(archive)) == {1, 2}
    close(other)


def test_writers_that_waited_for_a_new_version_write_under_it(archive, settings):
    fill(archive)
    other = open_archive(settings)
    seen: list[int] = []

    def post() -> None:
        with other.transaction() as session:
            enrol(session, an_identity(5, "何晓彤"))
            seen.append(index_of(session).version)

    with archive.transaction() as session:
        version = index_rotation.make(session, now=LATER)
        thread = threading.Thread(target=post)
        thread.start()
        thread.join(0.5)
    thread.join(30)

    assert seen == [version]
    assert rotate(archive).left == 0
    close(other)


def test_every_kind_of_job_is_known_and_a_claim_shows_no_number():
    assert set(job_kinds.KINDS) <= set(WORKS)
    assert set(job_kinds.TELLING) <= set(index_rotation.VALUES)
    assert ID_NUMBER not in repr(Sought(Purpose.DOCUMENT, ID_NUMBER))


def test_every_purpose_of_look_ups_is_moved_by_a_rotation(desk):  # noqa: F811
    purposes = {value for name, value in vars(Purpose).items() if name.isupper()}
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.add(desk.worker_id, a_training(outer_id="T-1"), posting(session))
        by = an_account(session, "teller", Role.CLERK)
        told = {ContactKind.PHONE: PHONE, ContactKind.EMAIL: "li@example.cn"}
        contacts.tell(session, desk.worker_id, told, by=by, now=NOW)
    desk.issue()
    with desk.archive.reading() as session:
        kept = {*session.exec(select(BlindIndex.purpose))}
        assert kept | {*session.exec(select(SearchIndex.purpose))} == purposes
        assert session.exec(select(Worker.worker_id)).first()
        assert session.exec(select(IndexVersion.version)).all() == [FIRST]
    begin(desk.archive)

    assert rotate(desk.archive).left == 0
