"""What-if on the command line, on the bureau's pages and in the API."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from jinja2.ext import babel_extract

from archive.bureau import what_if_runs, what_if_tables
from archive.bureau.what_if_ages import AGE_GROUPS
from archive.bureau.what_if_runs import Asked, Runs, WhatIfBusyError, runs_of
from archive.cli import what_if_trying
from archive.people import accounts
from archive.texts import TEMPLATES, term, translations
from schemas.ids import new_id
from schemas.vocabulary import Language
from schemas.what_if import Grouping, Stage
from tests.builders import TODAY
from tests.command_line import CommandLine
from tests.doors import a_door
from tests.test_rules_desk import DRAFT
from tests.test_web_words import OPTIONS

WHAT_IF = "/bureau/rules/what-if"
BAD = DRAFT.replace('credits = "2"', 'credits = "3"')


def file_of(text: str) -> dict[str, tuple[str, bytes]]:
    return {"file": ("draft.toml", text.encode())}


# --- The command line


@pytest.fixture
def cli(monkeypatch, sqlite_settings):
    """Two workers with a course each."""
    opened = a_door(sqlite_settings)
    opened.house.close()
    cli = CommandLine(monkeypatch, sqlite_settings)
    cli.numbers = opened.numbers  # type: ignore[attr-defined]  # For this test alone.
    return cli


def test_the_command_tells_effects_groups_and_one_person_and_writes_its_files(cli, tmp_path):
    draft = tmp_path / "draft.toml"
    draft.write_text(DRAFT, encoding="utf-8")
    files = {name: tmp_path / name for name in ("groups.csv", "records.xlsx", "picture.svg")}
    options = (
        *("--ages", "--on", TODAY.isoformat(), "--person", cli.numbers[0]),
        *("-o", files["groups.csv"], "--records", files["records.xlsx"]),
        *("--picture", files["picture.svg"]),
    )

    told = cli.asked("rules", "what-if", draft, *options)
    said = cli.done("rules", "what-if", draft, *options)

    assert told["person"]["difference"] == "-0.25"
    assert told["report"]["persons"] == 2
    assert told["report"]["together"]["persons_losing"] is None  # Two are few.
    assert "36 class hours ÷ 18 = 2 credits." in said
    assert "Nothing was written." in said
    cli.set(LANG="zh")
    assert "未写入任何数据" in cli.done("rules", "what-if", draft)
    assert all(path.stat().st_size > 100 for path in files.values())
    assert cli.done("rules", "show", "--on", "2025-06-01").count("training-2025") == 0


def test_a_draft_that_cannot_be_published_is_refused_by_the_command(cli, tmp_path):
    draft = tmp_path / "draft.toml"
    draft.write_text(BAD, encoding="utf-8")
    assert cli.refused("rules", "what-if", draft) == "rule_example_fails"
    draft.write_text(DRAFT, encoding="utf-8")
    assert cli.refused("rules", "what-if", draft, "--person", "0000-0000-0001") == "worker_unknown"
    assert cli("rules", "what-if", draft, "-o", tmp_path / "table.pdf").status == 2


# --- Pages


def finished(client, address: str) -> str:
    """Look again, as the page does by itself, until the run is over."""
    for _ in range(120):
        response = client.get(address)
        if "refresh" not in response.headers:
            return str(response.text)
        assert "<progress" in response.text
        assert response.headers["refresh"] == "2"
        time.sleep(0.5)
    raise AssertionError


@pytest.mark.slow
def test_a_clerk_starts_a_run_watches_it_and_takes_everything_away(door):
    clerk = door.visit("clerk")
    assert 'action="/bureau/rules/what-if"' in clerk.get(WHAT_IF).text
    assert 'href="/bureau/rules/what-if"' in clerk.get("/bureau/rules").text

    response = clerk.post(WHAT_IF, files=file_of(DRAFT), data={"by_age": "1"})
    address = response.headers["location"]
    html = finished(clerk, address)

    assert "学分减少人数" in html
    assert "<svg" in html
    assert door.numbers[0] in html
    english = clerk.get(f"{address}?lang=en").text
    assert "Credits lost" in english
    person = clerk.post(f"{address}/person", data={"number": door.numbers[0]}).text
    assert "36 class hours ÷ 18 = 2 credits." in person
    assert clerk.post(f"{address}/person", data={"number": "nobody"}).status_code == 404
    assert clerk.get(f"{address}/person").headers["location"] == address
    kinds = {"picture.svg": "image/svg+xml; charset=utf-8", "groups.csv": "text/csv; charset=utf-8"}
    kinds |= dict.fromkeys(("groups.xlsx", "records.xlsx"), what_if_tables.XLSX_TYPE)
    for name, kind in kinds.items():
        taken = clerk.get(f"{address}/{name}")
        assert (taken.status_code, taken.headers["content-type"]) == (200, kind)
        assert name.rpartition(".")[2] in taken.headers["content-disposition"]
    assert clerk.get(f"{address}/groups.pdf").status_code == 404
    assert door.numbers[1].encode() in clerk.get(f"{address}/records.csv").content
    assert door.visit("approver").get(address).status_code == 410
    assert "training-2025" not in clerk.get("/bureau/rules?on=2025-06-01").text


def test_a_draft_that_is_refused_says_why_on_the_page(door):
    clerk = door.visit("clerk")
    response = clerk.post(WHAT_IF, files=file_of(BAD))
    assert response.status_code == 422
    assert "<code>rule_example_fails</code>" in response.text
    assert clerk.post(WHAT_IF).status_code == 422
    assert clerk.post(WHAT_IF, data={"draft": str(new_id())}).status_code == 410
    assert clerk.post(WHAT_IF, data={"draft": "nonsense"}).status_code == 410


@pytest.mark.parametrize("name", ["worker", "trainer", "employer"])
def test_trying_drafts_is_for_the_bureau(door, name):
    client = door.visit(name)
    assert client.get(WHAT_IF).status_code == 403
    assert client.post(WHAT_IF, files=file_of(DRAFT)).status_code == 403
    assert client.get(f"{WHAT_IF}/{new_id()}").status_code == 403


def test_an_uploaded_draft_can_be_tried_before_it_is_proposed(door, monkeypatch):
    monkeypatch.setattr(Runs, "start", Runs.wait)
    clerk = door.visit("clerk")
    draft = clerk.post("/bureau/rules/draft", files=file_of(DRAFT)).headers["location"]
    assert 'name="draft"' in clerk.get(draft).text
    started = clerk.post(WHAT_IF, data={"draft": draft.rpartition("/")[2]})
    assert "draft.toml" in clerk.get(started.headers["location"]).text


# --- Runs


@pytest.fixture
def waiting(door):
    """A run that waits, and what is needed to go on with it."""
    now = datetime.now(UTC)
    with door.house.archive.reading() as session:
        owner = accounts.named(session, "clerk").id
    runs = runs_of(door.house.archive, door.house.settings)
    asked = Asked("draft.toml", DRAFT.encode(), TODAY, by_age=False)
    run_id = runs.wait(door.house.archive, asked, owner=owner, now=now)
    return door, runs, run_id, owner, now


def test_one_draft_is_tried_at_a_time_and_a_run_that_fell_silent_does_not_block(waiting):
    door, runs, _, owner, now = waiting
    asked = Asked("draft.toml", DRAFT.encode(), TODAY, by_age=False)
    with pytest.raises(WhatIfBusyError):
        runs.wait(door.house.archive, asked, owner=owner, now=now)
    later = now + timedelta(minutes=11)
    assert runs.wait(door.house.archive, asked, owner=owner, now=later)


def test_a_run_that_was_stopped_says_so(waiting):
    _, runs, run_id, owner, now = waiting
    assert runs.get(run_id, owner=owner, now=now).stage is Stage.WAITING
    later = runs.get(run_id, owner=owner, now=now + timedelta(minutes=11))
    assert later.stage is Stage.FAILED
    assert later.message
    assert "重新开始" in later.message.zh


def test_a_run_that_fails_says_why_and_one_that_breaks_says_whom_to_tell(waiting, monkeypatch):
    door, runs, run_id, owner, now = waiting

    def broken(*_, **__):
        message = "something"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(what_if_runs, "what_if", broken)
    runs.run(door.house.archive, run_id, now=now)
    found = runs.get(run_id, owner=owner, now=now)
    assert found.stage is Stage.FAILED
    assert found.message
    assert "operator" in found.message.en


def test_what_lies_on_the_disk_names_no_rule_and_no_worker(waiting):
    door, runs, run_id, owner, now = waiting
    runs.run(door.house.archive, run_id, now=now)
    assert runs.get(run_id, owner=owner, now=now).stage is Stage.DONE
    kept = list((door.house.settings.home / what_if_runs.FOLDER).rglob("*"))
    whole = b"".join(path.read_bytes() for path in kept if path.is_file())
    assert len(kept) >= 5
    for secret in (b"training-2025", b"draft.toml", *(one.encode() for one in door.numbers)):
        assert secret not in whole


# --- The API


@pytest.mark.slow
def test_a_program_starts_a_run_and_reads_what_it_found(door):
    program = door.program("clerk")
    started = program.post("/api/v1/rules/what-if", files=file_of(DRAFT))
    assert started.status_code == 202
    address = f"/api/v1/rules/what-if/{UUID(started.json()['id'])}"
    for _ in range(120):
        found = program.get(address).json()
        if found["stage"] in {"done", "failed"}:
            break
        time.sleep(0.5)
    assert found["report"]["rules"] == ["training-2025"]
    person = program.get(f"{address}/persons/{door.numbers[0]}").json()
    assert person["difference"] == "-0.25"
    assert door.program("approver").get(address).status_code == 410
    assert program.post("/api/v1/rules/what-if", files=file_of(BAD)).status_code == 422


# --- Words


def test_every_message_and_word_of_what_if_is_in_chinese():
    chinese = translations(Language.CHINESE)
    with (TEMPLATES / "bureau" / "what_if_picture.svg").open("rb") as source:
        drawn = list(babel_extract(source, ("_", "gettext", "ngettext"), (), OPTIONS))
    told = {str(one[2]) for one in drawn if isinstance(one[2], str)}
    told |= {*what_if_tables.GROUP_COLUMNS, *what_if_tables.RECORD_COLUMNS}
    told |= {what_if_tables.WHOLE, what_if_tables.ALONE, *what_if_trying.STAGES.values()}
    told |= {what_if_runs.STOPPED, what_if_runs.FAULT}
    assert len(told) > 25
    assert {one for one in told if chinese.gettext(one) == one} == set()


@pytest.mark.parametrize("language", Language)
def test_every_stage_and_group_has_its_word(language):
    words = [f"grouping.{one}" for one in Grouping] + [f"stage.{one}" for one in Stage]
    words += [f"age_group.{one}" for one in AGE_GROUPS] + ["rank_group.none"]
    assert [one for one in words if term(one, language) == one] == []
