"""The pages of the bureau, over HTTP, on a real archive."""

from datetime import UTC, date, datetime

import pytest

from archive.bureau import rules_desk
from archive.people import accounts
from archive.people.synthetic import resident_number
from credit_bank.rule_files import SHIPPED
from tests.doors import Door


def test_a_clerk_finds_a_dossier_by_identity_number_that_stands_in_no_address(door):
    number = resident_number(date(1990, 5, 17), 1)
    client = door.visit("clerk")
    response = client.post("/bureau/records", data={"document_number": number})
    assert response.headers["location"] == f"/bureau/records/{door.numbers[0]}"
    assert "电工技能提升" in client.get(response.headers["location"]).text


@pytest.mark.parametrize(
    "form",
    [
        {"document_number": "990000199005170019"},
        {"document_number": "4.40311E+17"},
        {"archive_number": "0000-0000-0000"},
        {},
    ],
)
def test_a_search_that_finds_nothing_says_why_and_repeats_no_identity_number(door, form):
    response = door.visit("clerk").post("/bureau/records", data=form)
    assert response.status_code in {404, 422}
    assert "未打开档案" in response.text
    assert form.get("document_number", "-") not in response.text.replace("2024-03-05", "") or not (
        form.get("document_number")
    )


def test_rules_are_shown_as_of_a_day_and_where_there_is_none_that_is_said(door):
    client = door.visit("clerk")
    old, new = (client.get(f"/bureau/rules?on={day}").text for day in ("2020-01-01", "2024-01-01"))
    assert "training-legacy" in old
    assert "相当于大专" not in old
    assert "没有生效的规则" in client.get("/bureau/rules?on=2026-06-01").text
    assert "entitlement" in new


def test_changing_the_language_keeps_the_day(door):
    html = door.visit("clerk").get("/bureau/rules?on=2020-01-01").text
    assert "/bureau/rules?on=2020-01-01&amp;lang=en" in html


def test_organisations_are_listed_and_filtered_by_kind(door):
    client = door.visit("clerk")
    assert "TP02" in client.get("/bureau/organisations").text
    assert "TP02" not in client.get("/bureau/organisations?kind=bureau").text


def test_a_second_person_decides_and_the_first_cannot(door, tmp_path):
    proposal = _proposed(door, tmp_path, by="approver")
    own = door.visit("approver")
    assert "须由另一人审批" in own.get("/bureau/approvals").text
    address = f"/bureau/approvals/{proposal}"
    assert own.post(address, data={"decision": "approve"}).status_code == 403
    assert door.visit("clerk").post(address, data={"decision": "approve"}).status_code == 403

    second = door.visit("second approver")
    assert second.post(address, data={"decision": "decline"}).status_code == 422
    assert second.post(address, data={}).status_code == 422
    assert second.post(address, data={"decision": "approve"}).status_code == 303
    assert "yearly-cap-2027" in second.get("/bureau/rules?on=2027-06-01").text
    assert second.post(address, data={"decision": "approve"}).status_code == 409


def test_a_declined_proposal_changes_nothing_and_keeps_its_reason(door, tmp_path):
    proposal = _proposed(door, tmp_path, by="clerk")
    client = door.visit("approver")
    form = {"decision": "decline", "reason": "the council has not met"}
    assert client.post(f"/bureau/approvals/{proposal}", data=form).status_code == 303
    assert "the council has not met" in client.get("/bureau/approvals").text
    assert "yearly-cap-2022" in client.get("/bureau/rules?on=2027-06-01").text


def _proposed(door: Door, folder, *, by: str) -> str:
    """Propose next year's cap, in the words of this year's."""
    shipped = (SHIPPED / "yearly_cap.toml").read_text(encoding="utf-8")
    rule = shipped[shipped.index('[[rule]]\nid = "yearly-cap-2022"') :]
    later = 'in_force_from = 2027-01-01\nreplaces = "yearly-cap-2022"'
    rule = rule.replace("yearly-cap-2022", "yearly-cap-2027", 1)
    rule = rule.replace("in_force_from = 2022-09-15", later, 1)
    draft = folder / "draft.toml"
    draft.write_text('family = "yearly_cap"\n\n' + rule, encoding="utf-8")
    with door.house.archive.transaction() as session:
        account = accounts.named(session, by)
        view = rules_desk.propose(session, draft, by=account, now=datetime.now(UTC))
    return str(view.id)
