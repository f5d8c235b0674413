"""``rules check | show | diff | explain | what-if | publish``: rules of the credit bank."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli import what_if
from archive.cli.options import CONSOLE, As, InputFile, Json, KnownOn, On
from archive.cli.plainly import plainly

if TYPE_CHECKING:
    from archive.cli.voice import Voice
    from schemas.outputs import RuleView

app = typer.Typer(no_args_is_help=True)
app.registered_commands += what_if.app.registered_commands
RuleFile = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="A rule file; without it what is published is checked."),
]
First = Annotated[
    str,
    typer.Argument(metavar="A", help="A rule's id or version, a rule file (.toml), or a day."),
]
Second = Annotated[
    str | None,
    typer.Argument(
        metavar="[B]", help="The same; without it A is a file, compared with what is published."
    ),
]
EntryId = Annotated[
    str,
    typer.Argument(metavar="ENTRY", help="An entry of a statement, or the first part of it."),
]


@app.command("check")
@plainly
def check(file: RuleFile = None, *, as_json: Json = False) -> None:
    """Check rules: examples, overlaps, gaps. A FILE needs no archive."""
    from archive.cli.answers import answer
    from archive.cli.rule_checks import check_file, check_published
    from archive.cli.voice import Voice
    from archive.settings import load_settings

    settings = load_settings()
    checked = check_file(file, settings) if file else check_published()

    def show(voice: Voice) -> None:
        voice.say(
            "Rules: {rules}. Examples: {examples}. All come out right and contradict nothing.",
            rules=len(checked.rules),
            examples=checked.examples,
        )
        for rule in checked.new:
            voice.say("Not published yet: {rule}", rule=rule)

    answer(checked, settings, show, as_json=as_json)


@app.command("show")
@plainly
def show_rules(*, on: On = None, known_on: KnownOn = None, as_json: Json = False) -> None:
    """Show the rules in force on a day, with their legal sources."""
    from archive.bureau.rule_views import rules_on
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.voice import Voice

    with reading() as opened:
        found = rules_on(
            opened.session, on or opened.today, known_on=known_on, zone=opened.settings.zone
        )

    def show(voice: Voice) -> None:
        voice.say("Rules in force on {day}:", day=voice.day(found.on))
        if found.known_on:
            voice.say("As published until {day}.", day=voice.day(found.known_on))
        for rule in found.rules:
            voice.line()
            until = voice.day(rule.in_force_until) if rule.in_force_until else ""
            voice.facts(
                [
                    ("Rule", rule.id),
                    ("Title", voice.pick(rule.title)),
                    ("In force", f"{voice.day(rule.in_force_from)} – {until}"),
                    ("Clause", voice.pick(rule.clause)),
                    ("Source", rule.source),
                    *_exceptions(voice, rule),
                ]
            )
        if found.unset:
            voice.line()
            voice.say("Still to be set:")
        for one in found.unset:
            family = voice.word("family", one.family)
            voice.line(f"{family} ({one.rule or '—'}): {voice.pick(one.message)}")

    answer(found, opened.settings, show, as_json=as_json)


def _exceptions(voice: "Voice", rule: "RuleView") -> list[tuple[str, str]]:
    """Return the exceptions of a rule as facts: title, name, source."""
    from schemas.contracts import Bilingual

    return [
        (
            "Exception",
            f"{voice.pick(Bilingual(**one['title']))} ({one['id']}): {one['source']}",
        )
        for one in rule.content.get("exception", ())
    ]


@app.command("diff")
@plainly
def diff(first: First, second: Second = None, *, as_json: Json = False) -> None:
    """Show what differs between two rules, versions, files or days."""
    from archive.bureau.rule_references import compared
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.rule_sheet import show_differences

    with reading() as opened:
        found = compared(opened.session, first, second, read=_rules_in)
    answer(found, opened.settings, lambda voice: show_differences(voice, found), as_json=as_json)


def _rules_in(name: str) -> list[bytes]:
    """Return the rules of a file; raises what names the file when it cannot be read."""
    from archive.cli.files import read_bytes
    from credit_bank.rule_files import read_file

    read_bytes(Path(name))  # Refused by name when it cannot be read at all.
    return read_file(Path(name))


@app.command("explain")
@plainly
def explain_entry(entry: EntryId, *, as_json: Json = False) -> None:
    """Explain an entry of a statement: rule, clause, source and arithmetic."""
    from archive.bureau.explaining import explain
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.rule_sheet import show_explanation

    with reading() as opened:
        found = explain(opened.session, entry, today=opened.today)
    answer(found, opened.settings, lambda voice: show_explanation(voice, found), as_json=as_json)


@app.command("publish")
@plainly
def publish(file: InputFile, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Propose to publish the rules of FILE; another account approves."""
    from archive.bureau import rules_desk
    from archive.cli.answers import answer
    from archive.cli.files import read_bytes
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal

    read_bytes(file)  # Refused by name when it cannot be read at all.
    with writing(account) as opened:
        view = rules_desk.propose(opened.session, file, by=opened.by, now=opened.now)
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)
