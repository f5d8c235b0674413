"""``account factor reset | unlock | sessions``: who cannot get in, or should not have."""

from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly

if TYPE_CHECKING:
    from archive.cli.voice import Voice
    from schemas.sign_ins import SessionList

app = typer.Typer(no_args_is_help=True)
factor_app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]
Revoke = Annotated[bool, typer.Option("--revoke", help="End them all, programs included.")]


@factor_app.command("reset")
@plainly
def reset(name: Name, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Remove an account's second factors; its next sign-in enrols anew."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.people import accounts, factors
    from archive.people.access import refuse
    from schemas.sign_ins import FactorsReset
    from schemas.vocabulary import Permission

    with writing(account) as opened:
        refuse(opened.by, Permission.MANAGE_SIGN_INS)
        whose = accounts.named(opened.session, name)
        removed = factors.of(opened.session, whose, now=opened.now).count
        factors.reset(opened.session, whose, now=opened.now)
    receipt = FactorsReset(account=name, removed=removed, enrols_next=factors.needed(whose.role))

    def show(voice: "Voice") -> None:
        voice.say("Second factors removed: {count}. All sessions have ended.", count=removed)
        if receipt.enrols_next:
            voice.say("The next sign-in with the password sets up a new one.")

    answer(receipt, opened.settings, show, as_json=as_json)


@app.command("unlock")
@plainly
def unlock(name: Name, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Let an account that has to wait after failed attempts sign in at once."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.people import accounts, attempts
    from archive.people.access import refuse
    from schemas.sign_ins import Unlocked
    from schemas.vocabulary import Permission

    with writing(account) as opened:
        refuse(opened.by, Permission.MANAGE_SIGN_INS)
        whose = accounts.named(opened.session, name)
        had_to_wait = attempts.waits(opened.session, whose, now=opened.now)
        attempts.unlock(opened.session, whose)
    receipt = Unlocked(account=name, had_to_wait=had_to_wait)

    def show(voice: "Voice") -> None:
        voice.say("The account can sign in at once.")

    answer(receipt, opened.settings, show, as_json=as_json)


@app.command("sessions")
@plainly
def list_sessions(
    name: Name, *, revoke: Revoke = False, account: As = CONSOLE, as_json: Json = False
) -> None:
    """List where an account is signed in, or end it all."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.people import accounts, sessions, unfinished
    from archive.people.access import refuse
    from schemas.sign_ins import SessionLine, SessionList
    from schemas.vocabulary import Permission

    with writing(account) as opened:
        refuse(opened.by, Permission.MANAGE_SIGN_INS)
        whose = accounts.named(opened.session, name)
        found = sessions.listed(opened.session, whose, now=opened.now)
        if revoke:
            unfinished.end_all(opened.session, whose.id)
            sessions.end_all(opened.session, whose, now=opened.now)
    listed = SessionList(
        account=name,
        are_revoked=revoke,
        sessions=tuple(
            SessionLine(
                device=None if one.is_bearer else one.device,
                is_program=one.is_bearer,
                created_at=one.created_at,
                seen_at=one.seen_at,
                expires_at=one.expires_at,
            )
            for one in found
        ),
    )
    answer(listed, opened.settings, lambda voice: _show(voice, listed), as_json=as_json)


def _show(voice: "Voice", listed: "SessionList") -> None:
    voice.table(
        ("Device", "Since", "Last seen", "Until"),
        [
            (
                one.device or voice.sentence("a program"),
                voice.moment(one.created_at),
                voice.moment(one.seen_at),
                voice.moment(one.expires_at),
            )
            for one in listed.sessions
        ],
    )
    if listed.are_revoked:
        voice.say("All of them have ended.")
