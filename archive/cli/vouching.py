"""``account bind | unbind``: whom the city's identity service signs in without being a worker."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly

if TYPE_CHECKING:
    from archive.cli.voice import Voice

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]
Issuer = Annotated[
    str, typer.Option("--issuer", metavar="URL", help="The identity service; else the one set.")
]
Subject = Annotated[
    str,
    typer.Option(
        "--subject", metavar="-", help="Only -, the default: it is read from standard input."
    ),
]


@app.command("bind")
@plainly
def bind(
    name: Name,
    *,
    issuer: Issuer = "",
    subject: Subject = "-",
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Let the identity service sign an account in, by a subject on standard input."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.people import accounts, vouching
    from archive.people.access import refuse
    from archive.people.vouching_refusals import VouchingSubjectError
    from schemas.sign_ins import AccountBound
    from schemas.vocabulary import Permission

    if subject != "-":  # An argument stands in the list of processes and in histories.
        raise VouchingSubjectError
    told = _line()
    with writing(account) as opened:
        refuse(opened.by, Permission.MANAGE_SIGN_INS)
        whose = accounts.named(opened.session, name)
        where = issuer or opened.settings.oidc_issuer
        vouching.bind(opened.session, whose, where, told, by=opened.by, now=opened.now)
    receipt = AccountBound(account=name, issuer=where)

    def show(voice: "Voice") -> None:
        voice.say("{account} can sign in by {issuer}.", account=name, issuer=where)

    answer(receipt, opened.settings, show, as_json=as_json)


@app.command("unbind")
@plainly
def unbind(name: Name, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Let no identity service sign an account in any more."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.people import accounts, sessions, unfinished, vouching
    from archive.people.access import refuse
    from schemas.sign_ins import AccountUnbound
    from schemas.vocabulary import Permission

    with writing(account) as opened:
        refuse(opened.by, Permission.MANAGE_SIGN_INS)
        whose = accounts.named(opened.session, name)
        ended = vouching.unbind(opened.session, whose)
        unfinished.end_all(opened.session, whose.id)
        sessions.end_all(opened.session, whose, now=opened.now)
    receipt = AccountUnbound(account=name, ended=ended)

    def show(voice: "Voice") -> None:
        voice.say("Bindings ended: {count}. All sessions have ended.", count=ended)

    answer(receipt, opened.settings, show, as_json=as_json)


def _line() -> str:
    """Return the first line of standard input; at a terminal it is typed unseen."""
    if sys.stdin.isatty():
        return str(typer.prompt("Subject", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
