"""Shares and access for programs: tokens in bodies, looks that are looks, consent that is said."""

from tests.doors import Door

PIN = "246810"
ASKED = {"for_whom": "示范用人单位", "purpose": "应聘电工"}
WANTED = {"purpose": "招聘电工", "contact": "人事部 0755-00000000"}


def _address(door: Door, what: str = "shares") -> str:
    return f"/api/v1/workers/{door.numbers[0]}/{what}"


def test_a_program_makes_opens_extends_replaces_and_revokes_a_share(either_door: Door):
    me, anyone = either_door.program("worker"), either_door.visit()
    made = me.post(_address(either_door), json={**ASKED, "days": 7})
    assert made.status_code == 201, made.text
    token, share = made.json()["token"], made.json()["share"]["id"]
    assert made.json()["url"].endswith(f"/s/{token}")

    seen = anyone.post("/api/v1/shares/opening", json={"token": token})
    assert seen.json()["content"]["name"] == "李明华"
    own = f"{_address(either_door)}/{share}"
    longer = me.post(f"{own}/extension", json={"days": 180}).json()
    assert longer["expires_at"] > made.json()["share"]["expires_at"]
    new = me.post(f"{own}/rotation").json()["token"]
    assert me.get(_address(either_door)).json()["shares"][0]["looks"][0]["visitor"] == 1
    assert me.post(f"{own}/revocation").json()["state"] == "revoked"
    codes = [
        anyone.post("/api/v1/shares/opening", json={"token": one}).json()["code"]
        for one in (token, new, "x")
    ]
    assert codes == ["share_unknown", "share_revoked", "share_unknown"]


def test_a_program_needs_the_pin_and_a_wrong_one_is_no_look(door: Door):
    me, anyone = door.program("worker"), door.visit()
    token = me.post(_address(door), json={**ASKED, "pin": PIN}).json()["token"]
    answers = [
        anyone.post("/api/v1/shares/opening", json={"token": token, **more})
        for more in ({}, {"pin": "111111"}, {"pin": PIN})
    ]
    assert [one.status_code for one in answers] == [401, 401, 200]
    assert [one.json().get("code") for one in answers[:2]] == [
        "share_pin_needed",
        "share_pin_wrong",
    ]
    [listed] = me.get(_address(door)).json()["shares"]
    assert len(listed["looks"]) == 1

    anyone.post(f"/s/{token}", data={"pin": "111111"})
    days = me.get(f"/api/v1/workers/{door.numbers[0]}/access").json()["days"]
    told = [one["action"] for day in days for one in day["looks"] if not one["is_refused"]]
    assert told == ["share_pin", "share.open", "share_pin", "share_pin"]


def test_a_program_gets_no_data_of_a_share_that_may_only_be_read(door: Door):
    asked = {**ASKED, "may_download": False}
    token = door.program("worker").post(_address(door), json=asked).json()["token"]
    answer = door.visit().post("/api/v1/shares/opening", json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (403, "share_no_download")


def test_a_program_asks_grants_reads_and_takes_back(either_door: Door):
    me, employer = either_door.program("worker"), either_door.program("employer")
    asked = {"archive_number": either_door.numbers[0], "wanted": WANTED}
    sent = employer.post("/api/v1/access-requests", json=asked)
    assert sent.status_code == 201, sent.text
    request = sent.json()["request"]
    [told] = me.get(_address(either_door, "access-requests")).json()["requests"]
    assert (told["id"], told["state"]) == (request, "waiting")
    own = f"{_address(either_door, 'access-requests')}/{request}"
    assert me.post(f"{own}/grant", json={}).json()["code"] == "consent_missing"
    assert me.post(f"{own}/grant", json={"agrees": True}).json()["state"] == "granted"
    address = f"/api/v1/access-requests/{request}/dossier"
    assert len(employer.get(address).json()["content"]["records"]) == 2
    assert me.post(f"{own}/refusal").json()["code"] == "access_answered"
    assert me.post(f"{own}/withdrawal").json()["state"] == "taken_back"
    assert employer.get(address).json()["code"] == "access_ended"
    listed = employer.get("/api/v1/access-requests").json()["requests"]
    assert [one["state"] for one in listed] == ["taken_back"]
