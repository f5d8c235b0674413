"""Who looked, as the worker reads it: in words, by day, never with a name of an account."""

from datetime import timedelta

import pytest

from archive.people.access_log import PAGE, looks_at, said
from archive.people.look_ups import worker_numbered
from archive.people.trail import trail_of
from schemas.vocabulary import Permission, Role
from tests.command_line import CommandLine
from tests.test_audit import an_act, worker_of


def looks(door, before=None):
    with door.house.archive.reading() as session:
        worker = worker_numbered(session, door.numbers[0])
        return looks_at(session, worker, zone=door.house.settings.zone, before=before)


def test_a_worker_reads_who_looked_when_and_at_what(either_door):
    number = either_door.numbers[0]
    either_door.visit("clerk").get(f"/api/v1/workers/{number}/dossier")
    withdrawal = f"/api/v1/workers/{number}/records/{either_door.record_ids[0]}/withdrawal"
    either_door.visit("trainer").post(withdrawal, json={"reason": "误报"})
    me = either_door.visit("worker")
    me.get("/me")

    page = me.get("/me/access").text
    assert "光明示范培训中心 " in page
    assert "查看了您的档案" in page
    assert "登记或更改了您的记录" in page
    assert "您本人查看1次" in page
    assert ">clerk<" not in page
    told = me.get(f"/api/v1/workers/{number}/access").json()
    assert [one["role"] for one in told["days"][0]["looks"]] == ["trainer", "clerk"]
    assert "clerk" not in {one.get("name") for one in told["days"][0]["looks"]}


def test_another_workers_log_is_as_unknown_as_a_missing_one(door):
    me = door.visit("worker")
    other = me.get(f"/api/v1/workers/{door.numbers[1]}/access")
    missing = me.get("/api/v1/workers/7K3M-9QXT-4D2P/access")
    assert other.status_code == missing.status_code == 404
    assert other.json() == missing.json()
    assert door.visit("clerk").get(f"/api/v1/workers/{door.numbers[0]}/access").status_code == 403


def test_looks_come_fifty_at_a_time_and_none_is_lost(either_door):
    whose, log = worker_of(either_door), trail_of(either_door.house.archive).log
    log.write([an_act().row(worker_id=whose) for _ in range(PAGE + 7)])
    first = looks(either_door)
    assert sum(len(day.looks) for day in first.days) == PAGE
    second = looks(either_door, first.older)
    assert sum(len(day.looks) for day in second.days) == 7
    assert second.older is None


def test_own_looks_are_counted_by_day_and_those_at_others_are_not_shown(either_door):
    log, other = trail_of(either_door.house.archive).log, worker_of(either_door, 1)
    own = an_act()
    own.role = Role.WORKER
    rows = [
        own.row(worker_id=worker_of(either_door), at=own.at + timedelta(days=at % 2))
        for at in range(5)
    ]
    log.write([*rows, an_act().row(worker_id=other)])
    assert [(day.own, day.looks) for day in looks(either_door).days] == [(2, ()), (3, ())]


def test_a_refused_look_and_one_over_all_dossiers_are_told(either_door):
    either_door.visit("other worker").get(f"/api/v1/workers/{either_door.numbers[0]}/dossier")
    log = trail_of(either_door.house.archive).log
    over_all = {"subject_kind": "everyone", "people": 2, "action": "command:chain verify"}
    log.write([an_act().row(**over_all)])
    told = [one for day in looks(either_door).days for one in day.looks]
    both = {one.what.zh: (one.is_refused, one.role) for one in told}
    assert both == {
        "查看了您的档案": (True, Role.WORKER),
        "对全部档案进行了核对：在服务器命令行执行了“chain verify”": (False, Role.CLERK),
    }


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_is_told_in_words(permission):
    assert said(permission).zh != permission
    assert not said(permission).zh.startswith("permission.")


def test_the_command_shows_the_same(monkeypatch, door, sqlite_settings):
    door.visit("clerk").get(f"/api/v1/workers/{door.numbers[0]}/dossier")
    run = CommandLine(monkeypatch, sqlite_settings)
    told = run.asked("access", "log", door.numbers[0])
    assert told["days"][0]["looks"][0]["role"] == "clerk"
    assert "looked at your dossier" in run.done("access", "log", door.numbers[0])
