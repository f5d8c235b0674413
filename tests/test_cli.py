"""The promises of the command line: every command, its help, its schema, its refusals."""

import ast
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer._click.exceptions import UsageError
from typer.main import get_command

from archive.cli import refusals
from archive.cli.app import GROUPS, assembled
from archive.cli.database_problems import SENTENCES
from archive.cli.schemas import CONTRACTS, RECORD, SCHEMA_OF_COMMAND
from archive.cli.usage import PHRASES, refusal_of
from archive.settings import Settings
from archive.texts import translations
from schemas.records import CLASS_OF
from schemas.refusals import all_refusals
from schemas.vocabulary import Language
from tests.command_line import CommandLine

CODE = Path(refusals.__file__).parent
PROMISED = {
    "serve", "demo", "demo purge", "intake", "worker list", "record add", "record show",
    "record correct", "record withdraw", "dossier show", "dossier freeze", "dossier unfreeze",
    "dossier erase", "dossier export", "statement", "transcript issue", "verify",
    "chain verify", "rules check", "rules show", "rules diff", "rules explain", "rules what-if",
    "rules publish",
    "approve", "proposals list",
    "access matrix", "token", "account list", "account add", "account invite",
    "account password",
    "organisation list",
    "organisation add", "db upgrade", "db check", "schema",
}  # fmt: skip
WRITING = {
    "dossier freeze", "dossier unfreeze", "dossier erase", "dossier export",
    "demo", "demo purge", "intake", "record add", "record correct", "record withdraw",
    "transcript issue", "rules publish", "approve", "proposals decline", "token", "account add",
    "account password", "account invite", "organisation add", "chain checkpoint", "ledger rebuild",
    "redemption publish", "redemption apply", "redemption accept", "redemption decline",
    "redemption withdraw", "redemption annul", "redemption end",
    "redemption list",  # It writes nothing, but shows each account what concerns it.
    "agreements propose", "agreements accept", "agreements decline", "agreements end",
    "agreements scheme", "exchange import",
    "appeal answer", "appeal decide", "appeal escalate", "appeal file", "appeal withdraw",
    "accreditation end", "accreditation narrow", "accreditation propose",
    "review decide", "suspension next", "suspension propose",
    "account factor reset", "account sessions", "account unlock", "account bind", "account unbind",
    "class close", "class list", "class show", "course add", "course list",
    "access-request decline", "access-request grant", "share make", "share revoke",
    "incident close", "incident open", "incident tell",
    "audit seal", "key make", "key revoke", "key rotate", "merger propose", "worker street",
    "keys fetch-lists", "keys new", "keys revoke", "keys rotate", "keys seal",
    "keys master new", "keys master retire", "keys master rotate",
    "keys index retire", "keys index rotate",
    # These write nothing but the log, and show each account what concerns it.
    "incident list", "transcript fetch", "transcript list", "transcript refresh",
    "access-request list", "audit export", "audit search", "audit verify", "key list",
    "merger list", "merger preview", "merger show", "prove", "share list",
    "posted cancel", "posted resume", "posted undo",
    "document-list begin", "document-list fetch", "document-list lines", "document-list list",
    "document-list show", "document-list stop",
}  # fmt: skip


@pytest.fixture
def cli(monkeypatch, sqlite_settings):
    return CommandLine(monkeypatch, sqlite_settings)


def _commands(command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    if command.callback is not None and path:
        yield " ".join(path), command
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*path, name))


COMMANDS = dict(_commands(get_command(assembled())))


def test_every_promised_command_is_there_():
    assert set(COMMANDS) >= PROMISED


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_tells_in_one_line_what_it_does(cli, name):
    told = cli.done(*name.split(), "--help")
    [first] = [line for line in told.splitlines() if line.startswith("  ")][:1]
    assert first.strip() == str(COMMANDS[name].help).strip()
    assert len(first) < 90


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"serve"}))
def test_every_command_prints_json_whose_schema_is_told(cli, name):
    options = {option for one in COMMANDS[name].params for option in one.opts}
    assert "--json" in options
    schema = cli("schema", SCHEMA_OF_COMMAND[name]).document
    assert schema == cli("schema", name.replace(" ", "-")).document
    assert schema["type"] == "object"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_exactly_the_writing_commands_name_who_acts(name):
    options = {option for one in COMMANDS[name].params for option in one.opts}
    assert ("--as" in options) == (name in WRITING)


def test_the_schema_of_a_record_tells_every_kind(cli):
    schema = cli("schema", RECORD).document
    assert {str(kind) for kind in CLASS_OF} == set(schema["discriminator"]["mapping"])


def test_the_names_of_schemas_are_listed_and_others_refused(cli):
    assert set(cli.asked("schema")["names"]) == {*CONTRACTS, RECORD}
    assert cli.done("schema").split() == sorted({*CONTRACTS, RECORD})
    assert "schema_unknown" in cli.refused("schema", "nothing")


def _sentences() -> Iterator[str]:
    """Yield every sentence that the command line can say, from its code."""
    for path in sorted(CODE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _said(node)
    for refusal in all_refusals():
        if refusal.__module__.startswith("archive.cli"):
            yield refusal.template
    yield from (*SENTENCES.values(), *PHRASES)
    yield from (told for _, told in GROUPS.values())
    for command in COMMANDS.values():
        yield command.help
        yield from (one.help for one in command.params if one.help and one.name != "help")


def _said(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", "")
    if name in {"say", "sentence"} and isinstance(call.args[0], ast.Constant):
        yield str(call.args[0].value)
    if getattr(call.func, "id", "") == "UnusableError" and isinstance(call.args[0], ast.Constant):
        yield str(call.args[0].value)
    if name == "table" and isinstance(call.args[0], ast.Tuple):
        yield from (str(one.value) for one in call.args[0].elts if isinstance(one, ast.Constant))
    if name == "add_typer":
        helps = [one.value for one in call.keywords if one.arg == "help"]
        yield from (str(one.value) for one in helps if isinstance(one, ast.Constant))
    if name == "facts":
        pairs = [one for one in ast.walk(call) if isinstance(one, ast.Tuple)]
        firsts = [pair.elts[0] for pair in pairs if len(pair.elts) == 2]
        yield from (str(one.value) for one in firsts if isinstance(one, ast.Constant))


def test_every_sentence_is_translated():
    catalogue = translations(Language.CHINESE)
    said = set(_sentences())
    assert len(said) > 150
    assert [one for one in sorted(said) if catalogue.gettext(one) == one and one != "SHA-256"] == []


def test_the_help_is_chinese_unless_english_is_asked_for(cli, monkeypatch, capsys):
    cli.set(LANG="zh")
    monkeypatch.setattr("sys.argv", ["skills-archive", "worker", "--help"])
    from archive.cli import main  # noqa: PLC0415  # As the installed command imports it.

    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "列出全部档案编号" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        "worker list", "dossier 7K3M-9QXT-4D2P", "statement 7K3M-9QXT-4D2P", "chain verify",
        "rules show", "rules check", "account list", "organisation list", "proposals list",
        "db check", "demo accounts", "intake {example} --organisation TP01",
        "record show 01a20427-5f78-7175-8a10-2fba7c946a44", "token console",
    ],
)  # fmt: skip
def test_where_no_archive_is_nothing_is_made(cli, tmp_path, words):
    cli.set(HOME=str(tmp_path / "nowhere"))
    example = Path("docs/examples/training-2024.xlsx")
    assert cli.refused(*words.format(example=example).split()) == "archive_missing"
    assert not (tmp_path / "nowhere").exists()


def test_an_older_database_is_not_touched(cli):
    import sqlite3  # noqa: PLC0415  # Only to turn the clock back.

    with sqlite3.connect(cli.home / "archive.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()

    assert cli.refused("worker", "list") == "database_not_ready"
    problems = cli.asked("db", "check", status=1)["problems"]
    assert [problem["code"] for problem in problems] == ["not_upgraded"]


def test_a_database_that_cannot_be_reached_is_told_apart(cli):
    cli.set(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert cli.refused("worker", "list", status=3) == "database_unusable"


def test_a_setting_that_cannot_be_used_is_named(cli):
    cli.set(PORT="many")
    answered = cli("worker", "list")
    assert (answered.status, "ARCHIVE_PORT" in answered.stderr) == (1, True)


def test_a_fault_of_the_program_is_one_line_without_what_it_worked_on(cli, monkeypatch):
    def broken(_session):
        message = "李明华"
        raise RuntimeError(message)

    monkeypatch.setattr("archive.people.workers.listed", broken)
    assert cli.refused("worker", "list") == "internal_fault"
    assert "李明华" not in cli("worker", "list").stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("dossier", "argument_missing"),
        ("intake --commit", "argument_missing"),
        ("statement X --as-of 5.3.2024", "argument_unusable"),
        ("record show 990000199001011234", "argument_unusable"),
        ("review decide 1 2 3 --reason x", "argument_unusable"),
        ("rules shw", "command_unknown"),
        ("worker list --al", "option_unknown"),
        ("db check --json=yes", "option_incomplete"),
        ("db check 990000199001011234", "argument_extra"),
        ("ledger export", "arguments_contradict"),
    ],
)
def test_wrong_usage_ends_with_2_and_repeats_nothing_that_was_typed(cli, words, code):
    assert cli.refused(*words.split(), status=2) == code
    assert "990000199001011234" not in cli(*words.split()).stderr


def test_a_word_that_is_none_of_a_list_is_told_the_list(cli):
    told = cli("suspension", "next", "01a20427-5f78-7175-8a10-2fba7c946a44", "x").stderr
    assert "suspend, extend, release, revoke" in told


def test_no_words_at_all_show_the_help_and_end_with_2(cli):
    answered = cli()
    assert (answered.status, "Usage:" in answered.stdout + answered.stderr) == (2, True)


def test_other_wrong_usage_is_told_to_read_the_help():
    assert refusal_of(UsageError("An odd one.")).code == "usage_wrong"


def test_settings_of_a_folder_that_cannot_be_used_are_refused(cli):
    cli.set(HOME="/proc/nowhere")
    assert cli.refused("db", "upgrade") == "disk_refuses"


def test_upgrading_a_fresh_folder_makes_an_archive_and_the_consoles_account(monkeypatch, tmp_path):
    cli = CommandLine(monkeypatch, Settings(home=tmp_path / "fresh", demo=False))
    assert any(done.startswith("archive_db ") for done in cli.asked("db", "upgrade")["done"])
    assert cli.asked("db", "upgrade") == {"done": []}
    assert cli.asked("db", "check") == {"problems": [], "is_ready": True}
    [account] = cli.asked("account", "list")["accounts"]
    assert (account["name"], account["role"], account["can_sign_in"]) == (
        "console", "console", False,
    )  # fmt: skip


def test_a_port_that_is_taken_is_refused_by_its_number(cli):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        cli.set(PORT=str(taken.getsockname()[1]))

        refused = cli("serve")

        assert refused.status == 1
        assert "port_taken" in refused.stderr


def test_an_address_of_another_machine_is_refused(cli):
    cli.set(HOST="192.0.2.1")  # An address for documents: no machine has it.

    refused = cli("serve")

    assert refused.status == 1
    assert "address_unusable" in refused.stderr
