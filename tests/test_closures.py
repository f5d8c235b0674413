"""Frozen and erased dossiers: decided by two, told to few, and readable to nobody."""

import sqlite3
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select as select_core
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from archive.bureau import dossier_closures, keeping
from archive.bureau.dossier_closures import (
    ClosureActRefusedError,
    ClosureReasonMissingError,
    KeepingRequiredError,
    UnknownGroundError,
)
from archive.db import Database
from archive.dossiers import chains, personal, reading, records
from archive.dossiers.merging import Deed, merge
from archive.errors import ErasedError, FrozenError, NotAllowedError, UnknownWorkerError
from archive.migrations.running import upgrade
from archive.people import accounts, approvals, closing, closures, contacts, look_ups, revealing
from archive.people.identity import IdentityDocument
from archive.people.key_store import WRAPPED_KEY
from archive.people.models import Account, BlindIndex, ProposalAnswer, Worker
from archive.people.opening import open_archive
from archive.people.personal_models import SearchIndex
from archive.people.privacy import vault_of
from archive.settings import Settings
from credit_bank.models import ChainLink
from schemas.ids import new_id
from schemas.vocabulary import ClosureAct, ContactKind, PersonalField, RevealReason, Role
from tests.builders import NOW, TODAY, a_training, an_account, an_identity, an_organisation, workers
from tests.conftest import _server, _url

LATER = NOW + timedelta(hours=1)
FREEZE, UNFREEZE, ERASE = ClosureAct.FREEZE, ClosureAct.UNFREEZE, ClosureAct.ERASE


def furnished(session: Session) -> Worker:
    """Return a worker with a record, a phone, an account and a second person in the bureau."""
    body = an_organisation(session)
    clerk = an_account(session, "clerk", Role.CLERK, body)
    an_account(session, "approver", Role.APPROVER, body)
    worker_id, other = workers(session, body, clerk, 2)
    records.add(
        session, worker_id, a_training(), organisation_id=body.id, by=clerk, now=NOW, today=TODAY
    )
    contacts.tell(session, worker_id, {ContactKind.PHONE: "13800138000"}, by=clerk, now=NOW)
    contacts.tell(session, other, {ContactKind.PHONE: "13800138000"}, by=clerk, now=NOW)
    an_account(session, "李明华 13800138000", Role.WORKER, worker_id=worker_id)
    return session.get_one(Worker, worker_id)


def named(session: Session, name: str) -> Account:
    return accounts.named(session, name)


def proposed(
    session: Session, worker: Worker, act: ClosureAct, **told: str
) -> approvals.ProposalView:
    return dossier_closures.propose(
        session,
        worker,
        act,
        reason=told.pop("reason", "本人书面申请"),
        **told,
        by=named(session, "clerk"),
        now=NOW,
        today=TODAY,
    )


def decided(session: Session, worker: Worker, act: ClosureAct) -> None:
    view = proposed(session, worker, act)
    by = named(session, "approver")
    approvals.answer(session, view.id, is_approved=True, by=by, now=NOW)


@pytest.fixture
def filled(archive):
    """Return an archive with one furnished worker."""
    with archive.transaction() as session:
        furnished(session)
    return archive


def the_worker(session: Session) -> Worker:
    return session.exec(select(Worker).order_by(col(Worker.worker_id))).all()[0]


def close(archive: Database, act: ClosureAct) -> Worker:
    with archive.transaction() as session:
        worker = the_worker(session)
        decided(session, worker, act)
    return worker


class StoppedError(Exception):
    """Something fails after a decision, before it is written."""


def not_written(archive: Database, act: ClosureAct) -> Worker:
    """Decide, and roll all of it back."""
    with archive.reading() as session:
        before = the_worker(session)
    with suppress(StoppedError), archive.transaction() as session:
        worker = the_worker(session)
        decided(session, worker, act)
        with pytest.raises(ErasedError):  # From the first step on nobody gets the key.
            reading.dossier(session, worker.worker_id, today=TODAY)
        raise StoppedError
    return before


def keys_in(archive: Database) -> set[object]:
    with vault_of(archive).store.reading() as store:
        return set(store.execute(select(WRAPPED_KEY.c.worker_id)).scalars())


def test_a_frozen_dossier_is_neither_read_nor_added_to_until_two_lift_it(filled):
    worker = close(filled, FREEZE)
    with filled.transaction() as session:
        by = named(session, "clerk")
        attempts = [
            lambda: reading.dossier(session, worker.worker_id, today=TODAY),
            lambda: contacts.contacts_of(session, worker.worker_id),
            lambda: contacts.tell(session, worker.worker_id, {}, by=by, now=NOW),
            lambda: revealing.reveals_of(session, worker.worker_id),
            lambda: personal.reveal(
                session,
                worker,
                [PersonalField.PHONE],
                reason=RevealReason.IDENTITY_CHECK,
                by=by,
                now=NOW,
            ),
            lambda: records.add(
                session,
                worker.worker_id,
                a_training(course_name="焊工"),
                organisation_id=an_organisation(session, "TP08").id,
                by=by,
                now=NOW,
                today=TODAY,
            ),
        ]
        for attempt in attempts:
            with pytest.raises(FrozenError):
                attempt()
        [listed, _] = personal.called(session, "李明华", by=by).people
        assert (listed.document_type, listed.birth_year) == (None, None)
    with filled.reading() as session:
        assert chains.verify(session).faults == ()  # Proved, with the sealed text as well.

    close(filled, UNFREEZE)
    with filled.reading() as session:
        assert reading.dossier(session, worker.worker_id, today=TODAY).records


def test_an_erased_person_is_found_by_nothing_and_proofs_still_hold(filled):
    with filled.reading() as session:
        links = session.exec(select(ChainLink.hash)).all()
    worker = close(filled, ERASE)

    identity = an_identity(1)
    document = IdentityDocument(identity.document_type, identity.document_number)
    with filled.reading() as session:
        by = named(session, "clerk")
        found = look_ups.worker_numbered(session, worker.archive_number)
        assert found.worker_id == worker.worker_id
        with pytest.raises(ErasedError):
            reading.dossier(session, worker.worker_id, today=TODAY)
        with pytest.raises(ErasedError):
            revealing.reveals_of(session, worker.worker_id)
        with pytest.raises(UnknownWorkerError):
            look_ups.worker_with_document(session, document)
        assert len(personal.called(session, "李明华", by=by).people) == 1  # The namesake.
        mine = session.exec(select(SearchIndex).where(SearchIndex.worker_id == worker.worker_id))
        assert mine.all() == []
        kept = select(BlindIndex.purpose).where(BlindIndex.worker_id == worker.worker_id)
        assert set(session.exec(kept)) <= set(closures.PSEUDONYMS)
        assert chains.verify(session).faults == ()
        assert session.exec(select(ChainLink.hash)).all() == links
        names = session.exec(select(Account.name)).all()
        assert not [name for name in names if "李明华" in name or "138" in name]
    assert worker.worker_id not in keys_in(filled)


def test_a_decision_holds_for_the_dossiers_that_were_merged_into_the_one_it_is_on(filled):
    with filled.transaction() as session:
        survivor, joined = session.exec(select(Worker).order_by(col(Worker.worker_id))).all()
        deed = Deed(named(session, "clerk").id, NOW, ZoneInfo("Asia/Shanghai"), bytes(32))
        merge(session, joined.worker_id, survivor.worker_id, deed)
    whose = [survivor.worker_id, joined.worker_id]
    vault = vault_of(filled)

    close(filled, FREEZE)
    assert vault.keys_of(whose) == {}
    close(filled, UNFREEZE)
    assert set(vault.keys_of(whose)) == set(whose)
    with vault.store.reading() as store:
        kept = [dict(row) for row in store.execute(select_core(WRAPPED_KEY)).mappings()]
    close(filled, ERASE)
    assert keys_in(filled).isdisjoint(whose)

    with vault.store.transaction() as store:  # An old copy of the key store comes back.
        missing = [row for row in kept if row["worker_id"] in whose]
        store.execute(WRAPPED_KEY.insert(), missing)
    with filled.reading() as session:
        closing.settle(vault.store, closures.newest(session), now=LATER)
    assert keys_in(filled).isdisjoint(whose)


def test_who_was_erased_may_begin_anew_under_the_same_document(filled):
    close(filled, ERASE)
    with filled.transaction() as session:
        by = named(session, "clerk")
        body = an_organisation(session, "TP09")
        assert workers(session, body, by, 1)


def test_an_older_copy_of_the_archive_and_todays_keys_tell_nothing(sqlite_settings, tmp_path):
    archive = open_archive(sqlite_settings)
    with archive.transaction() as session:
        furnished(session)
    with (
        sqlite3.connect(sqlite_settings.home / "archive.db") as now_there,
        sqlite3.connect(tmp_path / "older.db") as copy,
    ):
        now_there.backup(copy)
    worker = close(archive, ERASE)

    older = Database(f"sqlite:///{tmp_path / 'older.db'}", archive.info)
    with older.reading() as session, pytest.raises(ErasedError):
        reading.dossier(session, worker.worker_id, today=TODAY)
    older.close()
    archive.close()


def test_a_destroyed_key_is_in_no_page_and_no_log_of_the_key_store(sqlite_settings):
    archive = open_archive(sqlite_settings)
    with archive.transaction() as session:
        worker_id = furnished(session).worker_id
    with vault_of(archive).store.reading() as store:
        query = select(WRAPPED_KEY.c.wrapped).where(WRAPPED_KEY.c.worker_id == worker_id)
        wrapped = store.execute(query).scalar_one()
    files = list(sqlite_settings.home.glob("keys.db*"))
    assert any(wrapped in path.read_bytes() for path in files)

    close(archive, ERASE)

    vault_of(archive).store.close()
    archive.close()
    left = [path.name for path in files if path.exists() and wrapped in path.read_bytes()]
    assert left == []


def test_an_erasure_that_is_not_written_changes_nothing(filled):
    worker = not_written(filled, ERASE)
    with filled.reading() as session:
        assert reading.dossier(session, worker.worker_id, today=TODAY).records


def test_a_frozen_dossier_stays_frozen_when_its_erasure_is_not_written(filled):
    close(filled, FREEZE)
    worker = not_written(filled, ERASE)
    with filled.reading() as session, pytest.raises(FrozenError):
        reading.dossier(session, worker.worker_id, today=TODAY)


def the_store_is_away(*_of: object) -> None:
    raise OperationalError("", None, Exception())


@pytest.mark.parametrize("stop", [lambda *_: None, the_store_is_away])
def test_what_a_crash_left_is_unreadable_and_the_next_start_finishes_it(filled, monkeypatch, stop):
    """The process dies after the archive's commit, or the key store does."""
    with monkeypatch.context() as patch:
        patch.setattr(closing, "destroy", stop)
        close(filled, ERASE)
    with filled.reading() as session:
        worker = the_worker(session)
        assert closures.state_of(session, worker.worker_id) is ERASE
        with pytest.raises(ErasedError):
            reading.dossier(session, worker.worker_id, today=TODAY)
    assert worker.worker_id in keys_in(filled)

    upgrade(filled, now=LATER)

    assert worker.worker_id not in keys_in(filled)


def test_keys_that_come_back_with_an_old_key_store_are_destroyed_again(filled):
    store = vault_of(filled).store
    with store.reading() as session:
        before = session.execute(select_core(WRAPPED_KEY)).mappings().all()
    worker = close(filled, ERASE)
    with store.transaction() as session:
        [row] = [dict(one) for one in before if one["worker_id"] == worker.worker_id]
        session.execute(WRAPPED_KEY.insert().values(row))

    upgrade(filled, now=LATER)

    assert worker.worker_id not in keys_in(filled)


def test_marks_follow_the_decisions_but_wait_for_what_may_be_under_way(filled):
    store = vault_of(filled).store
    with filled.reading() as session:
        worker_id = the_worker(session).worker_id
    closing.mark(store, worker_id, act=FREEZE, now=NOW)  # And nothing was decided.

    assert closing.settle(store, {}, now=NOW + timedelta(minutes=1)) == 0
    assert closing.settle(store, {}, now=LATER) == 1
    assert closing.marked(store) == {}

    assert closing.settle(store, {worker_id: FREEZE}, now=NOW) == 1
    assert closing.settle(store, {worker_id: FREEZE}, now=NOW) == 0
    assert closing.settle(store, {worker_id: UNFREEZE}, now=NOW) == 0
    assert closing.settle(store, {worker_id: UNFREEZE}, now=LATER) == 1
    assert closing.settle(store, {worker_id: UNFREEZE}, now=LATER) == 0


def test_a_decision_needs_a_reason_two_persons_and_a_dossier_that_stands_so(session):
    worker = furnished(session)
    with pytest.raises(ClosureReasonMissingError):
        proposed(session, worker, FREEZE, reason=" ")
    with pytest.raises(ClosureActRefusedError):
        proposed(session, worker, UNFREEZE)
    with pytest.raises(UnknownGroundError):
        proposed(session, worker, FREEZE, ground="because")
    trainer = an_account(session, "trainer", Role.TRAINER)
    with pytest.raises(NotAllowedError):
        dossier_closures.propose(
            session, worker, ERASE, reason="x", by=trainer, now=NOW, today=TODAY
        )
    view = proposed(session, worker, ERASE)
    with pytest.raises(NotAllowedError):
        approvals.answer(session, view.id, is_approved=True, by=named(session, "clerk"), now=NOW)
    assert dossier_closures.reason_of(session, view.payload) == "本人书面申请"
    assert "本人书面申请" not in str(view.payload)


def test_why_a_proposal_was_answered_is_sealed_and_goes_with_the_person(filled):
    why = "李明华本人没有申请"
    with filled.transaction() as session:
        worker, approver = the_worker(session), named(session, "approver")
        view = proposed(session, worker, FREEZE)
        told = approvals.answer(
            session, view.id, is_approved=False, reason=why, by=approver, now=NOW
        )
        assert told.reason == why
        [kept] = session.exec(select(ProposalAnswer)).all()
        assert (kept.reason, why.encode() in (kept.sealed or b"")) == (None, False)
        assert [one.reason for one in approvals.listed(session, dossier_closures.FREEZE)] == [why]
    close(filled, ERASE)
    with filled.reading() as session:
        assert [one.reason for one in approvals.listed(session, dossier_closures.FREEZE)] == [None]


def test_once_erased_nothing_more_is_decided_and_the_reason_is_gone(filled):
    with filled.transaction() as session:
        worker = the_worker(session)
        view = proposed(session, worker, ERASE)
        late = proposed(session, worker, FREEZE)
        approver = named(session, "approver")
        approvals.answer(session, view.id, is_approved=True, by=approver, now=NOW)
    with filled.transaction() as session:
        assert dossier_closures.reason_of(session, view.payload) is None
        with pytest.raises(ClosureActRefusedError):
            approvals.answer(session, late.id, is_approved=True, by=approver, now=NOW)
        with pytest.raises(ClosureActRefusedError):
            proposed(session, worker, FREEZE)


def test_what_the_law_keeps_is_frozen_instead(session, monkeypatch):
    worker = furnished(session)
    held = keeping.Ground(
        id="credits_held",
        check="held",
        name=keeping.keeping().ground[0].name,
        in_force_from=TODAY,
        source="–",
    )
    monkeypatch.setattr(dossier_closures, "grounds_of", lambda *_, **__: (held,))
    with pytest.raises(KeepingRequiredError) as refused:
        proposed(session, worker, ERASE)
    assert refused.value.facts["grounds"] == "credits_held"
    proposed(session, worker, FREEZE, ground="credits_held")


def test_every_ground_is_dated_sourced_and_found_out_by_somebody():
    known = keeping.keeping()
    assert known.answer.days == 15
    assert {one.check for one in known.ground} == {"redemption", "appeal", "held", "desk"}
    assert all(one.source and one.name.zh and one.name.en for one in known.ground)
    assert keeping.desk_grounds(TODAY)
    ended = known.ground[0].model_copy(update={"in_force_until": TODAY})
    assert (
        keeping.Keeping(answer=known.answer, freeze=known.freeze, ground=(ended,)).on(TODAY) == ()
    )


def test_other_rooms_forget_with_the_archive(filled, monkeypatch):
    forgotten = []
    monkeypatch.setattr(closures, "FORGETTINGS", [lambda _, whose: forgotten.append(whose)])
    worker = close(filled, ERASE)
    assert forgotten == [worker.worker_id]


def test_an_erasure_inside_a_savepoint_waits_for_the_whole(filled):
    with filled.transaction() as session:
        worker = the_worker(session)
        with session.begin_nested():
            decided(session, worker, ERASE)
        assert worker.worker_id in keys_in(filled)
    assert worker.worker_id not in keys_in(filled)


def test_a_key_store_on_postgresql_destroys_and_writes_itself_anew(home):
    name = f"keys_{new_id().hex}"
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}"')
    archive = open_archive(Settings(home=home, demo=False, key_database_url=_url(name)))
    upgrade(archive, now=NOW)
    with archive.transaction() as session:
        furnished(session)
    worker = close(archive, ERASE)
    assert worker.worker_id not in keys_in(archive)
    assert keys_in(archive)  # The others' are there.
    vault_of(archive).store.close()
    archive.close()
    with _server() as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
