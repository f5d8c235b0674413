"""The bureau's pages and the API about rules, over HTTP, on a real archive."""

import re

import pytest

from archive.texts import term
from archive.web.pages.rules import in_words
from credit_bank import bank
from credit_bank.comparing import against
from credit_bank.rule_files import read_file
from schemas.ids import new_id
from schemas.vocabulary import Family, Language
from tests.outcomes import shipped_rules
from tests.test_repeals import a_repeal
from tests.test_rulebook import a_file, a_rule

RULE = 'family = "training"\n' + a_rule()
REPEAL = 'family = "entitlement"\n' + a_repeal()


def uploaded(client, text: str) -> str:
    response = client.post("/bureau/rules/draft", files={"file": ("draft.toml", text.encode())})
    assert response.status_code == 303
    return str(response.headers["location"])


# --- Pages


def test_a_clerk_uploads_a_rule_and_an_approver_reads_what_would_change(door):
    clerk = door.visit("clerk")
    draft = uploaded(clerk, RULE)
    html = clerk.get(draft).text
    assert "规则可以提请" in html
    assert "<del>16</del>" in html
    assert "<ins>18</ins>" in html
    assert "每学分学时" in html

    assert clerk.post(draft).headers["location"] == "/bureau/approvals"

    approver = door.visit("approver")
    html = approver.get("/bureau/approvals").text
    assert "<ins>18</ins>" in html
    (address,) = set(re.findall(r'action="(/bureau/approvals/[0-9a-f-]+)"', html))
    assert approver.post(address, data={"decision": "approve"}).status_code == 303
    assert "training-2027" in approver.get("/bureau/rules?on=2027-06-01").text
    told = approver.get("/bureau/rules/training").text
    assert "提出人" in told
    assert "clerk" in told
    assert "2026年12月31日" in told
    assert "无需提请" in clerk.get(uploaded(clerk, RULE)).text


def test_a_repeal_is_uploaded_read_and_approved_alike(door):
    clerk = door.visit("clerk")
    draft = uploaded(clerk, REPEAL)
    assert "<ins>2023-12-31</ins>" in clerk.get(draft).text
    clerk.post(draft)
    approver = door.visit("approver")
    html = approver.get("/bureau/approvals").text
    assert "不再有规则（有意为之）" in html
    (address,) = set(re.findall(r'action="(/bureau/approvals/[0-9a-f-]+)"', html))
    assert approver.post(address, data={"decision": "approve"}).status_code == 303

    assert "没有生效的规则" in approver.get("/bureau/rules?on=2024-06-01").text
    assert "已废止" in approver.get("/bureau/rules/entitlement").text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (RULE.replace('credits = "2"', 'credits = "3"'), "rule_example_fails"),
        (RULE.replace('replaces = "training-2022"', ""), "rules_overlap"),
        (RULE.replace("training-2027", "training-2022"), "rule_changed"),
        ("not a rule", "rule_file_invalid"),
    ],
)
def test_a_draft_that_is_refused_says_why_on_its_page_and_cannot_be_proposed(door, text, code):
    clerk = door.visit("clerk")
    draft = uploaded(clerk, text)

    response = clerk.get(draft)

    assert response.status_code in {409, 422}
    assert f"<code>{code}</code>" in response.text
    assert "提请1条规则" not in response.text
    assert clerk.post(draft).status_code in {409, 422}
    assert clerk.get("/bureau/approvals").text.count("<article") == 0


def test_a_draft_is_its_uploaders_alone_and_can_be_discarded(door):
    clerk = door.visit("clerk")
    draft = uploaded(clerk, RULE)
    assert door.visit("approver").get(draft).status_code == 410
    assert clerk.post(f"{draft}/discard").status_code == 303
    assert clerk.get(draft).status_code == 410
    assert clerk.get(f"/bureau/rules/draft/{new_id()}").status_code == 410
    assert clerk.post("/bureau/rules/draft").status_code == 422


def test_every_family_stands_on_the_page_and_has_its_history(door):
    client = door.visit("clerk")
    html = client.get("/bureau/rules?on=2024-06-01").text
    for family in Family:
        assert f'id="{family}"' in html
        assert client.get(f"/bureau/rules/{family}").status_code == 200
    assert client.get("/bureau/rules/weather").status_code == 404


def test_what_is_still_to_be_set_stands_on_the_page_and_in_the_answer(door):
    page = door.visit("clerk").get("/bureau/rules?on=2024-05-01").text
    assert "尚需设定" in page
    assert "未设定该级别竞赛的处理：世界级。" in page
    told = door.visit().get("/api/v1/rules?on=2024-05-01").json()["unset"]
    assert [(one["family"], one["rule"]) for one in told] == [("promotion", "promotion-2022")]


def test_rules_are_shown_as_they_were_published_on_a_day(door):
    client = door.visit("clerk")
    html = client.get("/bureau/rules?on=2024-06-01&known_on=2020-01-01").text
    assert "以截至2020年1月1日已发布的规则为准" in html
    assert "training-2022" not in html


@pytest.mark.parametrize("name", ["worker", "trainer", "employer"])
def test_rules_of_the_bureau_are_for_the_bureau(door, name):
    client = door.visit(name)
    for address in ("/bureau/rules", "/bureau/rules/draft", "/bureau/rules/training"):
        assert client.get(address).status_code == 403
    files = {"file": ("draft.toml", RULE.encode())}
    assert client.post("/bureau/rules/draft", files=files).status_code == 403


@pytest.mark.parametrize("language", Language)
def test_every_value_of_a_rule_has_its_name(language):
    fields = {field for one in shipped_rules().rules for field in type(one.rule).model_fields} - {
        "family"
    }

    assert len(fields) > 50
    assert {one for one in fields if term(f"rule_field.{one}", language).count(".")} == set()


def test_differences_are_told_in_the_readers_words(tmp_path):
    found = against(read_file(a_file(tmp_path, a_rule())), shipped_rules())

    (zh,), (en,) = (in_words(found, language) for language in Language)

    names = [[value["name"] for value in one["values"]] for one in (zh, en)]  # type: ignore[attr-defined]  # A list.
    assert "条文 · 英文" in names[0]
    assert "Clause · English" in names[1]
    assert all(not str(one["field"]).startswith("example") for one in zh["values"])  # type: ignore[attr-defined]  # A list.


# --- The API


def test_programs_check_and_propose_rules(door):
    program = door.program("clerk")
    files = {"file": ("draft.toml", RULE.encode())}

    draft = program.post("/api/v1/rules/drafts", files=files)
    wrong = {"file": ("draft.toml", RULE.replace('"2"', '"3"').encode())}
    refused = program.post("/api/v1/rules/drafts", files=wrong)
    proposed = program.post("/api/v1/rules/proposals", files=files)

    assert draft.json()["new"] == ["training-2027"]
    assert (refused.status_code, refused.json()["code"]) == (422, "rule_example_fails")
    assert proposed.status_code == 201
    approved = door.program("approver").post(
        f"/api/v1/approvals/{proposed.json()['id']}", json={"decision": "approve"}
    )
    assert approved.json()["made"] == ["training-2027"]
    versions = program.get("/api/v1/rules/history/training").json()["versions"]
    assert (versions[0]["id"], versions[0]["proposed_by"]) == ("training-2027", "clerk")
    for name in ("trainer", "worker"):
        other = door.program(name)
        assert other.post("/api/v1/rules/drafts", files=files).status_code == 403
        assert other.get("/api/v1/rules/history/training").status_code == 403


def test_programs_compare_rules_and_days_and_never_read_files_of_the_server(door, tmp_path):
    program = door.program("clerk")
    path = a_file(tmp_path, a_rule())

    found = program.get("/api/v1/rules/diff?first=training-legacy&second=training-2022")
    file = program.get(f"/api/v1/rules/diff?first={path}&second=training-2022")
    rules = program.get("/api/v1/rules?on=2024-06-01&known_on=2020-01-01")

    assert found.json()["differences"][0]["after"] == "training-2022"
    assert (file.status_code, file.json()["code"]) == (404, "rule_unknown")
    assert rules.json()["rules"] == []


def test_an_entry_is_explained_to_its_worker_and_the_bureau_only(door):
    with door.house.archive.reading() as session:
        from archive.people import look_ups  # noqa: PLC0415  # Only here.

        worker = look_ups.worker_numbered(session, door.numbers[0])
        entry = bank.statement(session, worker.worker_id).lines[0].entry_id
    address = f"/api/v1/entries/{entry}/explanation"

    for name in ("worker", "clerk"):
        told = door.program(name).get(address).json()
        assert told["comes_out_again"] is True
        assert told["clause"]["zh"]
    others = door.program("other worker").get(address)
    assert (others.status_code, others.json()["code"]) == (404, "entry_unknown")
    for name in ("trainer", "employer"):
        refused = door.program(name).get(address)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
