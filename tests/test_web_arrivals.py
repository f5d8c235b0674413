"""Pages of arriving: a code that is sent, a registration, a code on paper."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from archive.notices.messages import Channel, Message
from archive.people import accounts, contacts, joining, look_ups, sent_codes, sessions
from archive.people.delivering import deliver
from schemas.vocabulary import ContactKind
from tests.builders import an_identity
from tests.doors import Door

PHONE, STRANGE = "13800000001", "13800000099"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
JOIN = {
    "name": an_identity().name,
    "number": an_identity().document_number,
    "contact": PHONE,
    "password": "right horse battery",
}


class Post:
    """Takes everything that is sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)


@pytest.fixture
def told(door):
    """The first worker has told a telephone number."""
    with door.house.archive.transaction() as session:
        account = accounts.named(session, "worker")
        assert account.worker_id is not None
        told = {ContactKind.PHONE: PHONE}
        clerk = accounts.named(session, "clerk")
        contacts.tell(session, account.worker_id, told, by=clerk, now=datetime.now(UTC))


def _swept(door: Door) -> list[Message]:
    now, post = datetime.now(UTC), Post()
    with door.house.archive.transaction() as session:
        sent_codes.answer_sign_ins(session, now=now)
        joining.answer(session, now=now)
        joining.settle(session, now=now)
    deliver(door.house.archive, dict.fromkeys(Channel, post), lambda: now)
    return post.sent


def _asked(door: Door, contact: str) -> TestClient:
    client = door.visit()
    response = client.post("/sign-in/sent", data={"contact": contact})
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in/sent/code")
    return client


def test_a_worker_signs_in_by_a_code_that_was_sent(door, told):
    client = _asked(door, PHONE)
    before = door.token("worker")
    client.cookies.set(door.house.session_cookie, before)
    [message] = _swept(door)
    response = client.post("/sign-in/sent/code", data={"code": message.facts["code"]})
    assert (response.status_code, response.headers["location"]) == (303, "/me")
    assert client.get("/me").status_code == 200
    with door.house.archive.reading() as session:
        assert sessions.find(session, before, now=datetime.now(UTC)) is None


def test_strangers_and_the_known_get_the_same_answers(door, told):
    seen = []
    door.visit().get("/")  # Whether there is demo data is asked once a minute.
    for contact in (PHONE, STRANGE):
        statements: list[str] = []

        def note(*args: object, told_to: list[str] = statements) -> None:
            statement = str(args[2])
            if not statement.startswith("PRAGMA"):  # A connection changes its mode or has it.
                told_to.append(statement)

        event.listen(door.house.archive.engine, "before_cursor_execute", note)
        client = _asked(door, contact)
        pages = [client.get("/sign-in/sent/code").text]
        pages.append(client.post("/sign-in/sent/code", data={"code": "000000"}).text)
        event.remove(door.house.archive.engine, "before_cursor_execute", note)
        seen.append((pages, statements))
        _swept(door)
        wrong = client.post("/sign-in/sent/code", data={"code": "nonsense"})
        seen[-1][0].append(wrong.text)
    assert seen[0] == seen[1]
    assert "sent_code_wrong" not in seen[0][0][0]


def test_a_code_does_not_open_another_browser(door, told):
    _asked(door, PHONE)
    [message] = _swept(door)
    thief = door.visit()
    response = thief.post("/sign-in/sent/code", data={"code": message.facts["code"]})
    assert response.status_code == 422
    assert thief.get("/me").status_code == 303


def test_what_is_no_contact_is_told_on_the_form(door):
    response = door.visit().post("/sign-in/sent", data={"contact": "12345"})
    assert response.status_code == 422
    assert 'value="12345"' in response.text


def test_who_asks_for_a_code_is_told_when_none_can_be_sent(door):
    assert all(
        "目前无法发送验证码" in door.visit().get(one).text for one in ("/join", "/sign-in/sent")
    )


def test_one_contact_gets_five_codes_an_hour(door, told):
    for _ in range(5):
        _asked(door, PHONE)
    assert door.visit().post("/sign-in/sent", data={"contact": PHONE}).status_code == 429
    _asked(door, STRANGE)


def _join(door: Door, **typed: str) -> tuple[TestClient, str]:
    client = door.visit()
    response = client.post("/join", data=JOIN | typed)
    assert (response.status_code, response.headers["location"]) == (303, "/join/code")
    [message] = _swept(door)
    return client, message.facts["code"]


def test_registering_says_the_same_whether_the_number_is_known_or_not(door, told):
    unknown = an_identity(77).document_number
    pages = []
    for typed in ({}, {"number": unknown}, {"name": "李明", "contact": STRANGE}):
        client, code = _join(door, **typed)
        joined = client.post("/join/code", data={"code": code})
        assert joined.status_code == 200
        pages.append(re.sub(r"w-[0-9a-f]{12}", "w-", joined.text))
    assert len(set(pages)) == 1


def test_who_is_registered_and_unproved_signs_in_and_sees_nothing(door, told):
    client, code = _join(door, contact=STRANGE)
    name = re.findall(r"w-[0-9a-f]{12}", client.post("/join/code", data={"code": code}).text)[0]
    _swept(door)
    form = {"name": name, "password": JOIN["password"]}
    client.post("/sign-in", data=form)
    home = client.get("/me")
    assert home.status_code == 200
    assert "/join/activate" in home.text
    assert "档案编号" not in home.text
    assert client.post("/me/transcript").status_code in {404, 405, 422}
    unbound = "dossier_unbound"
    assert unbound in client.get("/me/shares").text


def test_who_has_a_passport_registers_too(door):
    foreign = {"number": "AB1234567", "name": "Anna Example"}
    assert door.visit().post("/join", data=JOIN | foreign).status_code == 422
    _join(door, document_type="passport", **foreign)


def test_a_wrong_join_code_and_wrong_fields_show_the_form_again(door):
    client, _ = _join(door)
    assert client.post("/join/code", data={"code": "nonsense"}).status_code == 422
    for wrong in (
        {"number": "123"},
        {"contact": "x"},
        {"password": "short"},
        {"password": "password123"},
        {"name": " "},
    ):
        response = door.visit().post("/join", data=JOIN | wrong)
        assert response.status_code == 422, wrong
        assert JOIN["password"] not in response.text
        assert 'name="contact"' in response.text


_TELLING = (
    "李明华",
    "13800138000",
    "li@example.com",
    "li-13800138000",
    an_identity().document_number,
)


def test_a_code_on_paper_begins_the_account_of_a_worker(door):
    page = door.visit("clerk").post(f"/bureau/records/{door.numbers[0]}/activation").text
    assert f"{door.house.settings.public_url}/join/activate" in page
    code = next(one for one in CODE.findall(page) if one != door.numbers[0])
    visitor = door.visit()
    form = {"code": code, "name": "li-new", "password": "right horse battery"}
    for wrong in (*({"name": one} for one in _TELLING), {"password": "password123"}):
        refused = visitor.post("/join/activate", data=form | wrong)
        assert (refused.status_code, 'name="code"' in refused.text) == (422, True), wrong
    assert visitor.post("/join/activate", data=form).headers["location"] == "/sign-in"
    with door.house.archive.reading() as session:
        worker = look_ups.worker_numbered(session, door.numbers[0])
        assert accounts.named(session, "li-new").worker_id == worker.worker_id
        assert accounts.candidate(session, "worker") is None
    again = visitor.post("/join/activate", data=form | {"name": "li-newer"})
    assert again.status_code == 422
    assert "activation_unknown" not in again.headers.get("location", "")


def test_a_registered_worker_binds_the_account_with_the_code_from_the_counter(door):
    client, code = _join(door, contact=STRANGE)
    name = re.findall(r"w-[0-9a-f]{12}", client.post("/join/code", data={"code": code}).text)[0]
    page = door.visit("clerk").post(f"/bureau/records/{door.numbers[0]}/activation").text
    paper = next(one for one in CODE.findall(page) if one != door.numbers[0])
    me = door.visit(name)
    assert me.post("/join/activate", data={"code": paper}).headers["location"] == "/me"
    assert me.get("/me").status_code == 200


@pytest.mark.parametrize(
    "path", ["/sign-in/sent", "/sign-in/sent/code", "/join", "/join/code", "/join/activate"]
)
def test_every_page_of_arriving_opens_for_strangers_in_both_languages(door, path):
    client = door.visit()
    chinese, english = client.get(path), client.get(f"{path}?lang=en")
    assert (chinese.status_code, english.status_code) == (200, 200)
    assert "<form" in chinese.text
