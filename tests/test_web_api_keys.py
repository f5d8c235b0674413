"""The page of keys: made by an organisation's administrator, shown once, gone when revoked."""

import re

import pytest
from sqlmodel import col, select

from archive.people.api_key_models import ApiKey
from archive.people.models import Account
from schemas.vocabulary import Role

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


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["dossier.list"]}, {"scopes": ["king"]}, {"days": "731"}],
)
def test_a_key_names_what_operators_have_and_how_long(door, wrong):
    boss = door.visit("trainer administrator")
    answer = boss.post("/organisation/keys", data=TOLD | wrong)
    assert (answer.status_code, SECRET.findall(answer.text)) == (422, [])
