"""Accounts and keys by the API: what the pages do, by the same services, and never by a token."""

from tests.doors import OWN_PAGE

KEYS = "/api/v1/organisation/keys"
ASKED = {"title": "教务系统", "scopes": ["record.read"], "days": 30}


def test_a_key_is_made_rotated_and_revoked_by_the_api_and_names_what_operators_have(door):
    boss, guard = door.visit("trainer administrator"), door.visit("security administrator")
    made = boss.post(KEYS, json=ASKED).json()
    assert made["client_id"] == made["key"]
    record = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}"

    def opens(secret):
        program = {"authorization": f"Bearer {secret}"}
        return door.visit().get(record, headers=program).status_code == 200

    newer = boss.post(f"{KEYS}/{made['key']}/rotation", json={"days": 7}).json()["secret"]
    assert [opens(one) for one in (made["secret"], newer)] == [True, True]
    listed = [one.get(KEYS).json()["keys"] for one in (boss, guard)]
    assert listed[0] == listed[1]
    assert [(one["key"], one["prefix"]) for one in listed[0]] == [(made["key"], newer[:10])]
    assert made["secret"] not in str(listed)
    assert guard.post(f"{KEYS}/{made['key']}/revocation").status_code == 200
    assert [opens(one) for one in (made["secret"], newer)] == [False, False]

    for wrong, status in (
        ({"scopes": ["dossier.list"]}, 422),
        ({"scopes": []}, 422),
        ({"days": 731}, 422),
        ({"organisation": "TP02"}, 422),
    ):
        assert boss.post(KEYS, json=ASKED | wrong).status_code == status
    assert guard.post(KEYS, json=ASKED).status_code == 403


def test_what_changes_keys_and_accounts_needs_a_fresh_proof_and_no_token_has_one(door):
    for name, address in (
        ("trainer administrator", KEYS),
        ("administrator", "/api/v1/accounts/proposals"),
    ):
        program = door.program(name)
        assert program.get(address).status_code == 200
        refused = program.post(address, json=ASKED | {"organisation": "HR01", "role": "clerk"})
        assert (refused.status_code, refused.json()["code"]) == (403, "proof_needed")
    told = door.visit().get("/api/v1/openapi.json").json()["paths"]
    assert told[KEYS]["post"]["security"] == [{"session": ["key.manage"]}]
    assert told[KEYS]["get"]["security"] == [{"session": ["key.manage"]}, {"token": ["key.manage"]}]


def test_an_account_is_proposed_answered_and_closed_by_the_api(door):
    system, guard = door.visit("administrator"), door.visit("security administrator")
    asked = {"organisation": "HR01", "role": "clerk"}
    proposal = system.post("/api/v1/accounts/proposals", json=asked)
    assert proposal.status_code == 202
    for address, who in (("accounts", system), ("security", guard)):
        listed = who.get(f"/api/v1/{address}/proposals").json()["proposals"]
        assert [one["id"] for one in listed] == [proposal.json()["id"]]
    address = f"/api/v1/security/proposals/{proposal.json()['id']}"
    assert guard.post(address, json={"decision": "decline"}).status_code == 422
    [code] = guard.post(address, json={"decision": "approve"}).json()["made"]
    assert code
    invited = system.post(
        "/api/v1/accounts/invitations",
        json={"organisation": "TP01", "role": "trainer_administrator"},
    )
    assert (invited.status_code, invited.json()["role"]) == (201, "trainer_administrator")
    assert system.post("/api/v1/accounts/invitations", json=asked).json()["code"] == "account_role"

    members = guard.get("/api/v1/security/accounts").json()["accounts"]
    [clerk] = [one["account"] for one in members if one["name"] == "clerk"]
    changed = system.put(f"/api/v1/accounts/{clerk}/role", json={"role": "approver"})
    assert (changed.status_code, changed.json()["is_approved"]) == (202, None)
    assert guard.post(f"/api/v1/security/accounts/{clerk}/close").json()["keys_to_rotate"] == []
    after = system.get("/api/v1/accounts", headers=OWN_PAGE).json()["accounts"]
    assert [one["is_active"] for one in after if one["account"] == clerk] == [False]
