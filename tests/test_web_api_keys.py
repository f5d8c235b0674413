"""The page of keys: made by an organisation's administrator, shown once, gone when revoked."""

import re

import pytest
from sqlmodel import col, select

from archive.people import accounts, organisations
from archive.people.api_key_models import ApiKey
from archive.people.models import Account
from schemas.vocabulary import Role
from tests.doors import an_account

SECRET = re.compile(r"ska_[\w-]{43}")
TOLD = {"title": "教务系统", "scopes": ["record.read", "record.post"], "days": "30"}


def test_a_key_is_made_shown_once_rotated_and_revoked(door):
    boss, guard = door.visit("trainer administrator"), door.visit("security administrator")
    more = {"role": "administrator", "organisation_id": "1", "worker_id": "1", "is_active": "0"}
    [secret] = SECRET.findall(boss.post("/organisation/keys", data=TOLD | more).text)
    with door.house.archive.reading() as session:
        key = session.exec(select(ApiKey)).one()
        account = session.exec(select(Account).where(col(Account.id) == key.account_id)).one()
    assert (account.role, account.worker_id, account.is_active) == (Role.TRAINER, None, True)
    record = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}"
    program = {"authorization": f"Bearer {secret}"}
    assert door.visit().get(record, headers=program).status_code == 200
    for client in (boss, guard):
        page = client.get("/organisation/keys").text
        assert (secret in page, secret[:10] in page, "教务系统" in page) == (False, True, True)
    address = f"/organisation/keys/{key.id}"
    [newer] = SECRET.findall(boss.post(f"{address}/rotate").text)
    gone = guard.post(f"{address}/revoke")
    assert "密钥已吊销" in guard.get(gone.headers["location"]).text
    for one in (secret, newer):
        bearer = {"authorization": f"Bearer {one}"}
        assert door.visit().get(record, headers=bearer).status_code == 401
    assert "key_unknown" in boss.post(f"{address}/rotate").text


def test_who_closes_an_account_is_told_which_keys_its_holder_knows(door):
    with door.house.archive.transaction() as session:
        body, role = organisations.coded(session, "TP01"), Role.TRAINER_ADMINISTRATOR
        leaving = accounts.named(session, "trainer administrator").id
        an_account(session, "other boss", role, body)
    door.visit("trainer administrator").post("/organisation/keys", data=TOLD)
    boss, guard = door.visit("other boss"), door.visit("security administrator")
    assert "账号已停用" not in boss.get("/organisation/keys").text

    staff_page = boss.post(f"/organisation/staff/{leaving}/close").headers["location"]
    care = f"/security/accounts/{leaving}/close"
    security_page = guard.post(care).headers["location"]
    [told] = guard.post(f"/api/v1{care}").json()["keys_to_rotate"]
    holder = {"account": "trainer administrator", "is_active": False}
    assert (told["title"], told["made_by"], told["rotated_by"]) == ("教务系统", holder, None)
    for client, page in ((boss, staff_page), (guard, security_page)):
        assert "知悉仍在使用的密钥" in client.get(page).text
        assert "教务系统" in client.get(page).text
    assert "账号已停用" in boss.get("/organisation/keys").text

    boss.post(f"/organisation/keys/{told['key']}/rotate")
    assert "更换人：" in boss.get("/organisation/keys").text
    assert "知悉仍在使用的密钥" not in boss.get(staff_page).text
    assert guard.post(f"/api/v1{care}").json()["keys_to_rotate"] == []


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["dossier.list"]}, {"scopes": ["king"]}, {"days": "731"}],
)
def test_a_key_names_what_operators_have_and_how_long(door, wrong):
    boss = door.visit("trainer administrator")
    answer = boss.post("/organisation/keys", data=TOLD | wrong)
    assert (answer.status_code, SECRET.findall(answer.text)) == (422, [])
