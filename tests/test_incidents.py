"""The register of incidents: kept step by step, the persons affected told until they read it."""

import pytest
from sqlmodel import select

from archive.people.outbox_models import Outbox
from schemas.ids import new_id
from tests.command_line import CommandLine

OPENED = {
    "happened": "经办人账号被他人使用",
    "began_on": "2020-01-01",
    "found_on": "2026-11-02",
    "data": "姓名、证书编号",
    "measures": "已停用该账号",
}
TOLD = {"harm": "可能被冒用身份", "advice": "请修改密码", "contact": "0755-00000000"}


@pytest.fixture
def keeper(either_door):
    """A browser of the security administrator."""
    return either_door.visit("security administrator")


def opened(keeper):
    """Open an incident and return the address of its page."""
    answer = keeper.post("/security/incidents", data=OPENED)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_whom_an_account_looked_at_is_told_until_it_was_read(either_door, keeper):
    door = either_door
    me, other = door.visit("worker"), door.visit("other worker")
    assert me.post("/me/contact", data={"kind": "phone", "value": "13800138000"}).is_redirect
    door.visit("clerk").get(f"/api/v1/workers/{door.numbers[0]}/dossier")
    page = opened(keeper)
    listed = {"account": "clerk", "since": "2020-01-01"}
    assert keeper.post(f"{page}/persons", data=listed).status_code == 303
    assert "有人员尚未告知" in keeper.get(page).text
    assert "您的个人信息发生安全事件" not in me.get("/me").text
    assert keeper.post(f"{page}/tell", data=TOLD).status_code == 303

    for where in ("/me", "/me/privacy"):
        told = me.get(where).text
        assert all(word in told for word in (*TOLD.values(), OPENED["data"], "已停用该账号"))
        assert OPENED["happened"] not in told  # For the register only.
    assert TOLD["harm"] not in other.get("/me/privacy").text
    with door.house.archive.reading() as session:
        assert len(session.exec(select(Outbox)).all()) == 1

    notice = f"/me/privacy/incidents/{page.rsplit('/', 1)[1]}"
    assert other.post(notice).status_code == 404
    assert me.post(notice).status_code == me.post(notice).status_code == 303
    assert TOLD["harm"] not in me.get("/me").text
    assert TOLD["harm"] in me.get("/me/privacy").text  # It can be read again.
    assert "已阅" in keeper.get(page).text


def test_persons_are_listed_by_number_and_told_once(either_door, keeper):
    door, page = either_door, opened(keeper)
    listed = {"numbers": "\n".join(door.numbers)}
    assert keeper.post(f"{page}/persons", data=listed).status_code == 303
    again = keeper.post(f"{page}/persons", data=listed)
    assert (again.status_code, "incident_nobody" in again.text) == (422, True)
    assert keeper.post(f"{page}/persons", data={"account": "clerk"}).status_code == 422
    assert keeper.post(f"{page}/persons", data={"numbers": "7K3M-9QXT-4D2Y"}).status_code in {
        404,
        422,
    }
    assert keeper.post(f"{page}/tell", data=TOLD | {"harm": " "}).status_code == 422
    assert keeper.post(f"{page}/tell", data=TOLD).status_code == 303
    assert "incident_nobody" in keeper.post(f"{page}/tell", data=TOLD).text


def test_an_incident_closes_with_a_report_and_takes_nothing_more(either_door, keeper):
    for wrong in ({"ended_on": "2019-12-31"}, {"found_on": "2019-12-31"}):
        answer = keeper.post("/security/incidents", data=OPENED | wrong)
        assert (answer.status_code, "incident_days" in answer.text) == (422, True)
    page = opened(keeper)
    keeper.post(f"{page}/persons", data={"numbers": either_door.numbers[0]})
    step = {"kind": "reported", "text": "11 月 2 日电话报告网信部门"}
    assert keeper.post(f"{page}/steps", data=step).status_code == 303
    assert keeper.post(f"{page}/steps", data=step | {"kind": "closed"}).status_code == 422
    untold = keeper.post(f"{page}/close", data={"text": "已结案"})
    assert (untold.status_code, "incident_untold" in untold.text) == (409, True)
    empty = keeper.post(f"{page}/close", data={"text": " ", "untold": "true"})
    assert (empty.status_code, "incident_words_missing" in empty.text) == (422, True)
    assert keeper.post(f"{page}/close", data={"text": "已结案", "untold": "true"}).is_redirect
    closed = keeper.post(f"{page}/steps", data=step)
    assert (closed.status_code, "incident_closed" in closed.text) == (409, True)
    shown = keeper.get(page).text
    assert all(word in shown for word in ("网信部门", "已结案", "security administrator"))
    assert "incident_unknown" in keeper.get(f"/security/incidents/{new_id()}").text


def test_the_text_of_an_incident_stands_nowhere_in_clear(door):
    opened(door.visit("security administrator"))
    files = [one for one in door.house.settings.home.rglob("*.db*") if one.is_file()]
    assert files
    assert all(OPENED["happened"].encode() not in one.read_bytes() for one in files)


def test_incidents_are_kept_by_commands_too(monkeypatch, door, sqlite_settings):
    run = CommandLine(monkeypatch, sqlite_settings)
    words = ("--happened", "x", "--data", "x", "--measures", "x", "--began", "2020-01-01")
    begun = ("incident", "open", *words, "--found", "2026-11-02")
    assert run.refused(*begun, "--as", "clerk") == "not_allowed"
    own = run.asked(*begun)["id"]
    told = ("--harm", "x", "--advice", "x", "--contact", "x")
    assert run.refused("incident", "tell", own, *told) == "incident_nobody"
    done = run.asked("incident", "tell", own, *told, "--worker", door.numbers[0])
    assert (done["affected"], done["told"]) == (1, 1)
    assert run.asked("incident", "list")["incidents"][0]["told"] == 1
    assert own in run.done("incident", "list")
    run.done("incident", "close", own, "--report", "x")
    assert run.refused("incident", "close", own, "--report", "x") == "incident_closed"
