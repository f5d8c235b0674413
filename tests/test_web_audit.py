"""The pages of the audit administrator: search, download, seals; each told, none for others."""

import json

import pytest

from tests.test_audit import accesses


@pytest.fixture
def auditor(door):
    """A browser of the audit administrator, after two looks of which one was refused."""
    door.visit("clerk").get(f"/api/v1/workers/{door.numbers[0]}/dossier")
    door.visit("employer").get(f"/api/v1/workers/{door.numbers[0]}/dossier")
    return door.visit("audit administrator")


def test_an_audit_administrator_begins_with_the_search(door, auditor):
    assert 'href="/audit"' in auditor.get("/").text
    page = auditor.get("/audit").text
    assert ("检索审计日志" in page, "/audit/seals" in page) == (True, True)
    assert "Only what was refused" in auditor.get("/audit?lang=en").text


def test_the_search_tells_account_role_and_number_in_words(door, auditor):
    asked = {"worker": door.numbers[0], "account": "clerk", "action": "dossier.read"}
    page = auditor.post("/audit", data=asked).text
    [told] = [one for one in accesses(door.house.archive) if one.role == "clerk"]
    assert all(word in page for word in ("clerk", "人力资源部门经办人", "查看档案", told.request))
    assert "not_allowed" not in page
    refused = auditor.post("/audit", data={"refused": "true"}).text
    assert "not_allowed" in refused
    assert auditor.post("/audit", data={"until": "2020-01-01"}).text.count("<table") == 0
    assert accesses(door.house.archive)[-1].action == "audit.search"


def test_what_nobody_bears_finds_nothing_and_says_so(auditor):
    for typed in ({"account": "nobody"}, {"worker": "0000-0000-0000"}):
        answer = auditor.post("/audit", data=typed)
        assert answer.status_code in {404, 422}
        assert "未能检索" in answer.text
    assert auditor.post("/audit", data={"since": "yesterday"}).status_code == 422
    assert auditor.post("/audit", data={"until": "9999-12-31"}).status_code == 200


def test_fifty_events_a_page_and_then_the_earlier_ones(door, auditor):
    for _ in range(52):
        door.visit("clerk").get(f"/api/v1/workers/{door.numbers[1]}/dossier")
    first = auditor.post("/audit", data={"account": "clerk"}).text
    assert first.count("<tr>") == 51
    older = first.split('name="before" value="')[1].split('"')[0]
    second = auditor.post("/audit", data={"account": "clerk", "before": older}).text
    assert second.count("<tr>") == 4


def test_an_export_is_told_before_it_leaves_and_has_a_safe_name(door, auditor):
    answer = auditor.post("/audit/export", data={"account": "clerk", "form": "jsonl"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["account"] for one in lines] == ["clerk"]
    assert 'filename="' in answer.headers["content-disposition"]
    assert "filename*=UTF-8''%E5%AE%A1" in answer.headers["content-disposition"]
    told = [one for one in accesses(door.house.archive) if one.action == "audit.export"]
    assert len(told) == 1
    wide = auditor.post("/audit/export", data={})
    assert wide.content.startswith(b"\xef\xbb\xbfid,at,account")
    assert auditor.post("/audit/export", data={"account": "nobody"}).status_code == 404


def test_the_state_of_the_seals_is_shown_and_verified_on_request(door, auditor):
    assert "近一日待封存" in auditor.get("/audit/seals").text
    page = auditor.post("/audit/seals").text
    assert "日志完整，未经改动" in page
    assert accesses(door.house.archive)[-1].action == "audit.verify"


def test_programs_search_export_and_verify_the_audit(door, auditor):
    found = auditor.post("/api/v1/audit/search", json={"account": "clerk"}).json()
    assert [one["worker"] for one in found["lines"]] == [door.numbers[0]]
    lines = auditor.post("/api/v1/audit/export", json={"form": "jsonl", "account": "clerk"})
    assert len(lines.text.splitlines()) == 1
    assert auditor.post("/api/v1/audit/verify").json()["faults"] == []
    assert (
        door.visit("security administrator").post("/api/v1/audit/search", json={}).status_code
        == 403
    )
