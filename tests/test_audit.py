"""Who did and saw what: told before the answer leaves, in rows that stay; else nothing is told."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from archive.audit.acts import Act, acting
from archive.audit.group_commit import AccessLog
from archive.audit.refusals import AuditUnavailableError
from archive.audit.tables import ACCESS_EVENT, AUDIT_EVENT
from archive.db import Database
from archive.migrations.running import problems
from archive.people import look_ups
from archive.people.privacy import Vault, vault_of
from archive.people.trail import EVERYONE, REASON, trail_of
from archive.web.routers import ALL
from schemas.vocabulary import Permission, Role
from tests.builders import NOW
from tests.command_line import CommandLine


def accesses(archive):
    with trail_of(archive).store.reading() as session:
        return session.execute(select(ACCESS_EVENT).order_by(ACCESS_EVENT.c.id)).all()


def writes(archive):
    with archive.reading() as session:
        return session.execute(select(AUDIT_EVENT).order_by(AUDIT_EVENT.c.id)).all()


def worker_of(door, at=0):
    with door.house.archive.reading() as session:
        return look_ups.worker_numbered(session, door.numbers[at]).worker_id


def an_act(**more):
    return Act(at=NOW, action="dossier.read", role=Role.CLERK, **more)


def a_row():
    return an_act().row()


@contextmanager
def broken_log(archive):
    """The access log loses its table, and gets it back."""
    store = trail_of(archive).store
    with store.transaction() as session:
        session.execute(text("ALTER TABLE access_event RENAME TO access_gone"))
    yield
    with store.transaction() as session:
        session.execute(text("ALTER TABLE access_gone RENAME TO access_event"))


def test_who_looks_is_told_with_the_permission_that_the_page_names(either_door):
    archive = either_door.house.archive
    either_door.visit("clerk").get(f"/api/v1/workers/{either_door.numbers[0]}/dossier")

    [told] = accesses(archive)
    assert (told.role, told.action) == (Role.CLERK, Permission.READ_DOSSIER)
    assert told.worker_id == worker_of(either_door)
    assert (told.outcome, told.code) == ("done", None)
    assert len(told.source) == 16
    assert len(told.request) == 8
    assert writes(archive) == []


def test_a_log_that_cannot_be_written_refuses_the_answer_and_tells_nothing(either_door):
    clerk = either_door.visit("clerk")
    page = f"/bureau/records/{either_door.numbers[0]}"
    with broken_log(either_door.house.archive):
        refused = clerk.get(page)
        told = clerk.get(f"/api/v1/workers/{either_door.numbers[0]}/dossier")
    assert refused.status_code == told.status_code == 503
    assert told.json()["code"] == "audit_unavailable"
    assert "李明华" not in refused.text + told.text
    assert "电工" not in refused.text + told.text
    assert "暂时无法写入访问日志" in refused.text
    assert clerk.get(page).status_code == 200  # It recovers by itself.


def test_a_write_is_told_in_its_own_transaction_or_not_done(either_door):
    archive, number = either_door.house.archive, either_door.numbers[0]
    clerk = either_door.visit("clerk")
    path = f"/api/v1/workers/{number}/records/{either_door.record_ids[0]}"
    with archive.transaction() as session:
        session.execute(text("ALTER TABLE audit_event RENAME TO audit_gone"))
    refused = clerk.post(f"{path}/withdrawal", json={"reason": "误报"})
    with archive.transaction() as session:
        session.execute(text("ALTER TABLE audit_gone RENAME TO audit_event"))
    assert refused.json()["code"] == "audit_unavailable"
    assert clerk.get(path).status_code == 200
    assert writes(archive) == []

    assert clerk.post(f"{path}/withdrawal", json={"reason": "误报"}).is_success
    [told] = writes(archive)
    assert told.worker_id == worker_of(either_door)
    assert told.action == Permission.POST_RECORD


def test_every_reading_route_tells_exactly_whose_keys_it_opened(door, monkeypatch):
    opened: set[object] = set()
    keys_of = Vault.keys_of

    def noting(self, worker_ids):
        found = keys_of(self, worker_ids)
        opened.update(found)
        return found

    monkeypatch.setattr(Vault, "keys_of", noting)
    archive, walked, met = door.house.archive, 0, 0
    who = {"clerk": door.visit("clerk"), "approver": door.visit("approver")}
    who |= {"worker": door.visit("worker"), "trainer": door.visit("trainer")}
    for path in _reading_paths(door):
        for client in who.values():
            before = {row.id for row in accesses(archive)}
            opened.clear()
            client.get(path)
            fresh = [row for row in accesses(archive) if row.id not in before]
            told = [row.worker_id for row in fresh if row.outcome == "done"]
            assert len(told) == len(opened), path
            assert set(told) == opened, path
            assert all(row.action in set(Permission) for row in fresh), path
            walked, met = walked + 1, met + bool(opened)
    assert walked > 100
    assert met > 10


def _reading_paths(door):
    for router in ALL:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                path = route.path.replace("{number}", door.numbers[0])
                path = path.replace("{record_id}", str(door.record_ids[0]))
                if "{" not in path:
                    yield path


def test_what_is_denied_is_told_though_the_request_is_undone(either_door):
    archive = either_door.house.archive
    worker = either_door.visit("worker")
    own, other = (f"/api/v1/workers/{number}/dossier" for number in either_door.numbers)
    assert worker.get(other).status_code == 404
    assert either_door.visit("employer").get(own).status_code == 403

    first, second = accesses(archive)
    assert (first.outcome, first.code) == ("refused", "worker_unknown")
    assert first.worker_id == worker_of(either_door, 1)
    assert (second.outcome, second.code) == ("refused", "not_allowed")


def test_a_verified_document_tells_its_worker_that_a_stranger_looked(door):
    made = door.visit("worker").post("/me/transcript", data={"language": "zh"})
    archive = door.house.archive
    [issued] = writes(archive)
    assert issued.action in (Permission.READ_OWN, Permission.ISSUE_TRANSCRIPT)
    before = len(accesses(archive))

    door.visit().get(f"/verify/{made.headers['x-transcript-code']}")
    door.visit().post("/verify", files={"file": ("t.pdf", made.content)})

    for told in accesses(archive)[before:]:
        assert (told.actor_id, told.role, told.action) == (None, None, Permission.VERIFY)
        assert (told.worker_id, told.subject_kind) == (worker_of(door), "transcript")
    assert len(accesses(archive)) == before + 2


def test_a_command_tells_before_it_prints(monkeypatch, door, sqlite_settings):
    run = CommandLine(monkeypatch, sqlite_settings)
    before = len(accesses(door.house.archive))
    assert run("dossier", door.numbers[0]).status == 0
    [told] = accesses(door.house.archive)[before:]
    assert (told.role, told.action) == (Role.CONSOLE, "command:dossier show")
    assert told.worker_id == worker_of(door)

    with broken_log(door.house.archive):
        answered = run("dossier", door.numbers[0])
    assert answered.status == 1
    assert answered.stdout == ""
    assert "audit_unavailable" in answered.stderr


def test_going_over_everyone_is_one_event_and_not_one_a_person(monkeypatch, door, sqlite_settings):
    CommandLine(monkeypatch, sqlite_settings).done("chain", "verify")
    [told] = accesses(door.house.archive)
    assert (told.worker_id, told.subject_kind, told.people) == (None, EVERYONE, 2)


def test_a_typed_reason_is_sealed_under_the_key_of_whom_it_concerns(archive):
    worker_id = an_act().row()["id"]
    vault = vault_of(archive)
    vault.new_keys([worker_id], NOW)
    with acting(an_act(reason="本人来电核对")), archive.reading() as session:
        vault_of(session).keys_of([worker_id])
    [told] = accesses(archive)
    assert "本人".encode() not in told.reason
    assert (
        vault.keys_of([worker_id])[worker_id].open(REASON, told.reason).decode() == "本人来电核对"
    )


@pytest.mark.parametrize("act", ["UPDATE {} SET action = 'x'", "DELETE FROM {}"])
def test_no_event_is_changed_or_removed(archive, act):
    trail_of(archive).log.write([a_row()])
    with archive.transaction() as session:
        session.execute(AUDIT_EVENT.insert(), [a_row()])
    for database, table in (
        (trail_of(archive).store, "access_event"),
        (archive, "audit_event"),
    ):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
            session.execute(text(act.format(table)))


def test_a_lost_protection_of_the_access_log_is_found(archive):
    is_sqlite = archive.engine.dialect.name == "sqlite"
    name = "access_event_no_delete" if is_sqlite else "access_event_is_kept ON access_event"
    with trail_of(archive).store.transaction() as session:
        session.execute(text(f"DROP TRIGGER {name}"))
    assert problems(archive) == ["trigger_missing:access_event"]


def test_many_who_wait_share_commits_and_all_are_written(archive):
    log = trail_of(archive).log
    threads = [threading.Thread(target=log.write, args=([a_row()],)) for _ in range(40)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(accesses(archive)) == 40


class _Slow(Database):
    """A database whose commits take as long as they are let."""

    gate = threading.Event()

    @contextmanager
    def transaction(self):
        self.gate.wait(5)
        with super().transaction() as session:
            yield session


@pytest.fixture
def slow(sqlite_settings):
    _Slow.gate = threading.Event()
    log = AccessLog(_Slow(sqlite_settings.access_url), deadline=0.3, room=2)
    yield log
    _Slow.gate.set()
    log.close()


def test_who_waits_too_long_is_refused_and_so_is_who_finds_no_room(slow):
    refused = []

    def hand_in():
        try:
            slow.write([a_row()])
        except AuditUnavailableError:
            refused.append(time.monotonic())

    started = time.monotonic()
    threads = [threading.Thread(target=hand_in) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 8
    assert min(refused) - started < 0.2  # No room: at once.
    _Slow.gate.set()
    time.sleep(0.5)  # Those who gave up are thrown away.
    slow.write([a_row()])


def test_one_row_that_cannot_be_written_does_not_refuse_its_neighbours(sqlite_archive):
    log = trail_of(sqlite_archive).log
    row = a_row()
    log.write([row])
    with pytest.raises(AuditUnavailableError):
        log.write([row])  # Its identifier is there already.
    log.write([a_row()])
    assert len(accesses(sqlite_archive)) == 2


def test_a_closed_log_takes_nothing_more(sqlite_settings):
    log = AccessLog(Database(sqlite_settings.access_url))
    log.write([an_act(address="192.0.2.1").row(at=datetime.now(UTC))])
    log.close()
    with pytest.raises(AuditUnavailableError):
        log.write([a_row()])
