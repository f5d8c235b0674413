"""Rules, proposals, organisations, accounts and tokens on the command line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.people import accounts, sessions
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.people.synthetic import credit_code
from credit_bank.publishing import shipped_files
from tests.command_line import CommandLine

TRAINING = next(path for path in shipped_files() if path.stem == "training")


@pytest.fixture
def cli(monkeypatch, sqlite_settings):
    return CommandLine(monkeypatch, sqlite_settings)


def _rule_file(folder: Path, name: str = "training-2027", hours: int = 18) -> Path:
    """Return a rule file that takes the place of the rule in force, from 2027 on."""
    path = folder / "training-2027.toml"
    path.write_text(
        f"""family = "training"

[[rule]]
id = "{name}"
in_force_from = 2027-01-01
replaces = "training-2022"
hours_per_credit = {hours}
minimum_hours = "8"
minimum_score = "60"
full_score = "100"
minimum_attendance = "80"
passing_grades = ["excellent", "good", "pass"]
source = "Order no. 3 (2026), article 2"
title = {{ zh = "培训折算学分", en = "Credits for courses" }}
clause = {{ zh = "每18学时1学分。", en = "18 class hours make one credit." }}

[[rule.example]]
name = "36 hours give two credits"
given = {{ hours = "36", score = "80", attendance = "100" }}
expect = {{ credits = "2" }}
""",
        encoding="utf-8",
    )
    return path


def test_the_rules_in_force_depend_on_the_day(cli):
    old = {rule["id"] for rule in cli.asked("rules", "show", "--on", "2020-05-01")["rules"]}
    new = {rule["id"] for rule in cli.asked("rules", "show", "--on", "2024-05-01")["rules"]}
    assert "training-legacy" in old - new
    assert "training-2022" in new - old
    assert "教职成〔2019〕13号" in cli.done("rules", "show", "--on", "2024-05-01")


def test_published_and_shipped_rules_are_checked(cli):
    checked = cli.asked("rules", "check")
    assert (checked["against"], checked["new"]) == ("published", [])
    assert len(checked["rules"]) >= 11
    assert checked["examples"] >= len(checked["rules"])


def test_a_rule_file_is_checked_without_an_archive(cli, tmp_path):
    cli.set(HOME=str(tmp_path / "nowhere"))
    file = _rule_file(tmp_path)
    assert cli.asked("rules", "check", TRAINING)["new"] == []
    checked = cli.asked("rules", "check", file)
    assert (checked["against"], checked["new"]) == ("shipped", ["training-2027"])
    assert cli.refused("rules", "check", tmp_path / "none.toml") == "file_missing"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("where", ["an archive", "none"])
def test_a_wrong_rule_file_is_refused(cli, tmp_path, where):
    if where == "none":
        cli.set(HOME=str(tmp_path / "nowhere"))
    assert cli.refused("rules", "check", _rule_file(tmp_path, hours=17)) == "rule_example_fails"
    changed = tmp_path / "training.toml"
    text = TRAINING.read_text(encoding="utf-8").replace("article", "Article").replace("项", "条")
    changed.write_text(text.replace('source = "', 'source = "x', 1), encoding="utf-8")
    assert cli.refused("rules", "check", changed) == "rule_changed"


def test_publishing_a_rule_takes_a_second_person(cli, tmp_path):
    file = _rule_file(tmp_path)
    cli.done("account", "add", "li", "--role", "clerk", "--no-password")
    cli.done("account", "add", "wang", "--role", "approver", "--no-password")

    proposal = cli.asked("rules", "publish", file, "--as", "wang")["id"]

    assert cli.refused("approve", proposal, "--as", "wang") == "proposal_own"
    assert cli.refused("approve", proposal, "--as", "li") == "not_allowed"
    [waiting] = cli.asked("proposals", "list", "--open")["proposals"]
    assert waiting["id"] == proposal
    assert cli.asked("approve", proposal)["made"] == ["training-2027"]
    assert cli.asked("proposals", "list", "--open") == {"proposals": []}
    assert "approved by console" in cli.done("proposals", "list")
    assert cli.refused("approve", proposal) == "proposal_answered"
    rules = cli.asked("rules", "show", "--on", "2027-01-01")["rules"]
    assert "training-2027" in {rule["id"] for rule in rules}
    assert cli.refused("rules", "publish", file) == "rule_already_published"


def test_a_declined_proposal_has_no_effect(cli, tmp_path):
    cli.done("account", "add", "wang", "--role", "approver", "--no-password")
    told = cli.done("rules", "publish", _rule_file(tmp_path))
    [waiting] = cli.asked("proposals", "list")["proposals"]
    assert f"skills-archive approve {waiting['id']} --as" in told

    cli.done("proposals", "decline", waiting["id"], "--reason", "依据不足", "--as", "wang")

    assert cli.refused("approve", waiting["id"], "--as", "wang") == "proposal_answered"
    assert cli.asked("rules", "check", _rule_file(tmp_path))["new"] == ["training-2027"]


def test_organisations_are_added_and_listed(cli):
    words = ("organisation", "add", "EP09", "--name", "某公司", "--name-en", "A Company")
    added = cli.asked(*words, "--kind", "employer", "--credit-code", credit_code(9))
    assert cli.asked("organisation", "list")["organisations"] == [added]
    assert "某公司" not in cli.done("organisation", "list")
    assert "A Company" in cli.done("organisation", "list")
    assert cli.refused(*words, "--kind", "employer") == "organisation_code_taken"
    wrong = credit_code(9)[:-1] + "Z"
    assert cli.refused(*words, "--kind", "employer", "--credit-code", wrong) == "credit_code_form"


def test_only_an_administrator_adds_accounts_and_organisations(cli):
    cli.done("account", "add", "li", "--role", "clerk", "--no-password")
    body = ("--name", "某", "--name-en", "A", "--kind", "employer")
    assert cli.refused("organisation", "add", "EP09", *body, "--as", "li") == "not_allowed"
    assert cli.refused("account", "add", "x", "--role", "clerk", "--as", "li") == "not_allowed"
    assert cli.refused("account", "password", "li", "--as", "li") == "not_allowed"
    assert cli.refused("token", "console", "--as", "li") == "not_allowed"
    cli.done("account", "add", "root", "--role", "administrator", "--no-password")
    for words in (("add", "y", "--role", "clerk"), ("password", "li")):
        assert cli.refused("account", *words, "--as", "root") == "not_allowed"
    assert cli.refused("token", "li", "--as", "root") == "not_allowed"
    cli.done("token", "root", "--as", "root")


def test_a_password_is_made_up_or_read_and_signs_in(cli, sqlite_settings):
    made = cli.asked("account", "add", "boss", "--role", "administrator")["password"]
    _signs_in(sqlite_settings, "boss", made)

    receipt = cli.asked("account", "password", "boss", "--password-stdin", given="a new word\n")

    assert receipt["password"] is None
    _signs_in(sqlite_settings, "boss", "a new word")
    assert cli.refused("account", "password", "boss", "--password-stdin", given="x\n") == (
        "password_unfit"
    )
    assert cli.refused("account", "add", "boss", "--role", "clerk") == "account_name_taken"
    assert cli.refused("account", "password", "nobody") == "account_unknown"
    assert cli.refused("account", "password", "console") == "console_has_no_password"


def test_a_new_password_ends_what_was_signed_in(cli, sqlite_settings):
    cli.done("account", "add", "boss", "--role", "administrator")
    token = cli.done("token", "boss").strip()
    assert _is_known(sqlite_settings, token)
    cli.done("account", "password", "boss")
    assert not _is_known(sqlite_settings, token)


def test_a_token_is_told_once_and_lasts_as_long_as_asked(cli, sqlite_settings):
    cli.done("account", "add", "li", "--role", "clerk", "--no-password")
    receipt = cli.asked("token", "li", "--days", "7", "--as", "li")
    lasts = datetime.fromisoformat(receipt["expires_at"]) - datetime.now(UTC)
    assert 6.9 < lasts.total_seconds() / 86_400 <= 7
    assert _is_known(sqlite_settings, receipt["token"])
    assert receipt["token"] not in cli.done("account", "list")
    assert cli.refused("token", "nobody") == "account_unknown"


def _signs_in(settings, name, password):
    archive = open_archive(settings)
    with archive.reading() as session:
        account = accounts.candidate(session, name)
    assert accounts.proved(account, password).name == name
    vault_of(archive).store.close()
    archive.close()


def _is_known(settings, token):
    archive = open_archive(settings)
    with archive.reading() as session:
        found = sessions.find(session, token, now=datetime.now(UTC))
    vault_of(archive).store.close()
    archive.close()
    return found is not None
