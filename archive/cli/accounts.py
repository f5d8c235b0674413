"""``account list | add | password`` and ``token``: who can sign in, also for the first time.

What helps when somebody cannot, ``account factor``, ``unlock`` and ``sessions``, is in sign_ins.
"""

from datetime import timedelta
from typing import Annotated

import typer

from archive.cli import sign_ins, vouching
from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly
from schemas.vocabulary import Role

app = typer.Typer(no_args_is_help=True)
app.add_typer(sign_ins.factor_app, name="factor", help="Second factors of accounts.")
app.registered_commands += sign_ins.app.registered_commands
app.registered_commands += vouching.app.registered_commands
token_app = typer.Typer()
Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]
RoleOption = Annotated[Role, typer.Option("--role", help="As whom it acts.")]
OrganisationCode = Annotated[
    str | None, typer.Option("--organisation", metavar="CODE", help="Whose account it is.")
]
ArchiveNumber = Annotated[
    str | None,
    typer.Option("--worker", metavar="NUMBER", help="The archive number of a worker's account."),
]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help="Read the password from standard input instead of making one up.",
    ),
]
NoPassword = Annotated[
    bool, typer.Option("--no-password", help="For the command line and tokens only.")
]
Days = Annotated[
    int, typer.Option("--days", min=1, max=366, help="How long the token can be used.")
]

Invited = Annotated[
    str, typer.Argument(metavar="WORKER", help="Archive number, or - to read a document's number.")
]


@app.command("list")
@plainly
def list_accounts(*, as_json: Json = False) -> None:
    """List all accounts with their roles."""
    from archive.cli.account_sheet import accounts_listed, show_accounts
    from archive.cli.answers import answer
    from archive.cli.opened import reading

    with reading() as opened:
        found = accounts_listed(opened.session)
    answer(found, opened.settings, lambda voice: show_accounts(voice, found), as_json=as_json)


@app.command("add")
@plainly
def add(
    name: Name,
    *,
    role: RoleOption,
    organisation: OrganisationCode = None,
    worker: ArchiveNumber = None,
    password_stdin: FromStdin = False,
    no_password: NoPassword = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Add an account; its password is made up and told once."""
    from archive.cli import passwords
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.people import accounts, organisations
    from archive.people.access import refuse
    from schemas.vocabulary import Permission

    password = None if no_password else passwords.given_or_new(from_stdin=password_stdin)
    with writing(account) as opened:
        session = opened.session
        refuse(opened.by, Permission.GIVE_CREDENTIALS)
        made = accounts.add(
            session,
            name,
            role,
            password=password,
            organisation_id=organisations.coded(session, organisation).id if organisation else None,
            worker_id=worker_named(opened, worker).worker_id if worker else None,
            now=opened.now,
        )
        made.password_until = opened.now + accounts.MADE_UP_LASTS if password else None
    told = None if password_stdin else password
    passwords.tell(name, role, told, opened.settings, as_json=as_json)


@app.command("password")
@plainly
def password(
    name: Name,
    *,
    password_stdin: FromStdin = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Give an account a new password and sign it out everywhere."""
    from archive.cli import passwords
    from archive.cli.opened import writing
    from archive.cli.refusals import ConsoleHasNoPasswordError
    from archive.people import accounts, sessions
    from archive.people.access import refuse
    from schemas.vocabulary import Permission

    if name == CONSOLE:
        raise ConsoleHasNoPasswordError(account=name)
    fresh = passwords.given_or_new(from_stdin=password_stdin)
    with writing(account) as opened:
        refuse(opened.by, Permission.GIVE_CREDENTIALS)
        whose = accounts.named(opened.session, name)
        until = opened.now + accounts.MADE_UP_LASTS
        accounts.set_password(opened.session, whose, fresh, until=until)
        sessions.end_all(opened.session, whose, now=opened.now)
    told = None if password_stdin else fresh
    passwords.tell(name, whose.role, told, opened.settings, as_json=as_json)


@token_app.command("token")
@plainly
def token(name: Name, *, days: Days = 90, account: As = CONSOLE, as_json: Json = False) -> None:
    """Make a token with which a program uses the API; it is told once."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.voice import Voice
    from archive.people import accounts, sessions
    from archive.people.access import refuse
    from schemas.outputs import TokenReceipt
    from schemas.vocabulary import Permission

    lasts = timedelta(days=days)
    with writing(account) as opened:
        whose = accounts.named(opened.session, name)
        if whose.id != opened.by.id:
            refuse(opened.by, Permission.GIVE_CREDENTIALS)
        made = sessions.issue_bearer(opened.session, whose, now=opened.now, lasts=lasts)
    receipt = TokenReceipt(account=name, token=made, expires_at=opened.now + lasts)

    def show(voice: Voice) -> None:
        voice.line(receipt.token)

    answer(receipt, opened.settings, show, as_json=as_json)


@app.command("invite")
@plainly
def invite(worker: Invited, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Make an activation code for a worker whose identity was seen; it is told once."""
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.voice import Voice
    from archive.people import activations
    from archive.people.access import refuse_reading
    from schemas.sign_ins import ActivationReceipt
    from schemas.vocabulary import Permission

    with writing(account) as opened:
        found = worker_named(opened, worker)
        refuse_reading(opened.session, opened.by, found.worker_id, Permission.INVITE_WORKER)
        code = activations.invite_worker(
            opened.session, found.worker_id, by=opened.by, now=opened.now
        )
        receipt = ActivationReceipt(
            archive_number=found.archive_number, code=code, until=opened.now + activations.LASTS
        )

    def show(voice: Voice) -> None:
        voice.say(
            "Activation code of {number}: {code}, until {until}. It is told only this once.",
            number=receipt.archive_number,
            code=receipt.code,
            until=voice.moment(receipt.until),
        )

    answer(receipt, opened.settings, show, as_json=as_json)
