"""Statement, appeals, reviews, suspensions over HTTP: the whole way, and nobody else's way in."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from archive.bureau import nightly
from archive.dossiers import records
from archive.jobs import desk
from archive.people import accounts, look_ups
from credit_bank import bank
from tests.builders import NOW, TODAY, a_training
from tests.doors import Door


@pytest.fixture
def fresh(door: Door) -> UUID:
    """Return a line of the worker's that was recorded just now."""
    now = datetime.now(UTC)
    with door.house.archive.transaction() as session:
        trainer = accounts.named(session, "trainer")
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        assert trainer.organisation_id is not None
        day = now.date() - timedelta(days=3)
        records.add(
            session,
            whose,
            a_training(hours="32", course_name="焊接安全", completed_on=day),
            organisation_id=trainer.organisation_id,
            by=trainer,
            now=now,
            today=now.date(),
        )
        return bank.statement(session, whose).lines[-1].entry_id


def file(door: Door, line: UUID) -> str:
    response = door.visit("worker").post(
        f"/me/statement/{line}/appeal", data={"text": "应为48学时"}
    )
    assert response.status_code == 303
    return response.headers["location"].rpartition("/")[2]


def test_a_statement_tells_why_and_until_when_a_line_can_be_appealed_against(door, fresh):
    html = door.visit("worker").get("/me/statement").text
    assert "32学时 ÷ 16 = 2学分" in html
    assert "training-2022" in html
    assert f"/me/statement/{fresh}/appeal" in html
    assert "截至" in html
    english = door.visit("worker").get("/me/statement?lang=en").text
    assert "32 class hours ÷ 16 = 2 credits." in english


def test_a_long_statement_is_shown_in_parts_and_a_line_finds_its_own(door):
    with door.house.archive.transaction() as session:
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        trainer = accounts.named(session, "trainer")
        assert trainer.organisation_id is not None
        for number in range(60):
            records.add(
                session,
                whose,
                a_training(hours="8", course_name=f"课程{number}"),
                organisation_id=trainer.organisation_id,
                by=trainer,
                now=NOW,
                today=TODAY,
            )
        lines = bank.statement(session, whose).lines
    worker = door.visit("worker")
    newest, oldest = lines[-1].entry_id.hex, lines[0].entry_id.hex

    first = worker.get("/me/statement").text
    assert (first.count('class="card record"'), f"{len(lines)}条" in first) == (50, True)
    assert (newest in first, oldest in first, "第1页，共2页" in first) == (True, False, True)
    assert 'href="/me/statement?part=2"' in first
    last = worker.get("/me/statement?part=9").text
    assert (newest in last, oldest in last) == (False, True)
    assert oldest in worker.get(f"/me/statement?line={lines[0].entry_id}").text
    dated = worker.get("/me/statement?as_of=2026-01-01&part=1").text
    assert "/me/statement?part=2&amp;as_of=2026-01-01" in dated


def test_what_brings_an_earlier_grant_up_to_date_is_called_an_adjustment(door):
    with door.house.archive.transaction() as session:
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        records.withdraw(
            session,
            whose,
            door.record_ids[0],
            reason="重复报送",
            by=accounts.named(session, "trainer"),
            now=NOW,
        )
    html = door.visit("worker").get("/me/statement").text
    assert (html.count("调整</span>"), "−2.25" in html) == (1, True)


def test_a_statement_of_another_day_says_so(door, fresh):
    html = door.visit("worker").get("/me/statement?as_of=2025-02-01&known_on=2025-03-05").text
    assert "以下不是今日的学分账户" in html
    assert "焊接安全" not in html


def test_an_appeal_goes_all_the_way(door, fresh):
    case = file(door, fresh)
    mine = door.visit("worker").get(f"/me/appeals/{case}").text
    assert "待机构答复" in mine
    assert "应为48学时" in mine
    assert "冻结" in door.visit("worker").get("/me/statement").text

    assert "焊接安全" in door.visit("trainer").get("/trainer/appeals").text
    told = {"finding": "rejected", "text": "签到记录无误"}
    answered = door.visit("trainer").post(f"/trainer/appeals/{case}", data=told)
    assert answered.status_code == 303
    asked = door.visit("worker").post(
        f"/me/appeals/{case}", data={"act": "escalate", "text": "请复核"}
    )
    assert asked.status_code == 303
    assert "作出复核决定" in door.visit("clerk").get(f"/bureau/cases/appeals/{case}").text
    decision = {"act": "decide", "finding": "rejected", "text": "经查无误"}
    decided = door.visit("approver").post(f"/bureau/cases/appeals/{case}", data=decision)
    assert decided.status_code == 303
    html = door.visit("worker").get(f"/me/appeals/{case}").text
    assert "复核决定：不成立" in html
    assert "行政复议" in html


def test_anothers_appeal_is_not_told_from_none(door, fresh):
    case = file(door, fresh)
    for name, path in (
        ("other worker", "/me/appeals/"),
        ("rival", "/trainer/appeals/"),
    ):
        client = door.visit(name)
        other, none = client.get(path + case), client.get(path + str(missing := uuid4()))
        assert other.status_code == none.status_code == 404
        assert other.text.replace(case, "") == none.text.replace(str(missing), "")
    posted = door.visit("rival").post(
        f"/trainer/appeals/{case}", data={"finding": "rejected", "text": "x"}
    )
    assert posted.status_code == 404
    assert "焊接安全" not in door.visit("rival").get("/trainer/appeals").text


def test_a_late_appeal_is_refused_on_its_page_with_the_day(door):
    with door.house.archive.reading() as session:
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        line = bank.statement(session, whose).lines[0].entry_id
    response = door.visit("worker").post(f"/me/statement/{line}/appeal", data={"text": "晚了"})
    assert response.status_code == 409
    assert "2025-03-21" in response.text


def test_two_persons_suspend_an_organisation_on_the_pages(door, fresh):
    told = {
        "organisation": "TP01",
        "begins_on": "2020-01-01",
        "ends_on": "2099-12-31",
        "number": "示例决〔2026〕1号",
        "decided_on": datetime.now(UTC).date().isoformat(),
        "reason": "签到记录待核查",
        "courses": "焊接安全\n",
    }
    assert door.visit("clerk").post("/bureau/cases/suspensions", data=told).status_code == 303
    html = door.visit("approver").get("/bureau/approvals").text
    assert "签到记录待核查" in html
    [proposal] = re.findall(r'action="/bureau/approvals/([0-9a-f-]+)"', html)[:1]
    door.visit("approver").post(f"/bureau/approvals/{proposal}", data={"decision": "approve"})
    assert "示例决〔2026〕1号" in door.visit("clerk").get("/bureau/cases/suspensions").text
    assert "冻结学分 2" in re.sub(r"\s+", " ", door.visit("worker").get("/me").text)


def test_a_pair_is_reviewed_on_the_pages(door):
    with door.house.archive.transaction() as session:
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        rival = accounts.named(session, "rival")
        assert rival.organisation_id is not None
        now = datetime.now(UTC)
        later = records.add(
            session,
            whose,
            a_training(hours="40", completed_on=now.date() - timedelta(days=2)),
            organisation_id=rival.organisation_id,
            by=rival,
            now=now,
            today=now.date(),
        ).record_id
    address = f"/bureau/cases/pairs/{door.numbers[0]}/{later}"
    clerk = door.visit("clerk")
    assert address in clerk.get("/bureau/cases/pairs").text
    assert "是否为同一课程" in clerk.get(address).text
    told = {"verdict": "distinct", "text": "期班不同"}
    assert clerk.post(address, data=told).status_code == 303
    assert "期班不同" in clerk.get(address).text
    assert (
        door.visit("clerk").get(f"/bureau/cases/pairs/{door.numbers[1]}/{later}").status_code == 404
    )


def test_the_bureau_sees_how_far_the_nightly_run_is_and_what_came_out(door):
    with door.house.archive.transaction() as session:
        desk.ask(session, nightly.KIND, "2026-01-02", now=NOW)
    page = door.visit("clerk").get("/bureau/cases/nightly").text
    assert "2026年1月2日" in page
    assert "等待开始" in page
    with door.house.archive.transaction() as session:
        [job] = desk.unfinished(session)
        desk.advance(session, job.id, 500, 2_000)
        desk.begin(session, job.id, now=NOW)
    assert "500 / 2000" in door.visit("clerk").get("/bureau/cases/nightly").text
