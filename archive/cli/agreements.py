"""``agreements list | propose | accept | decline | end | schemes | scheme``: recognition."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, InputFile, Json, On, Reason, day
from archive.cli.plainly import plainly

if TYPE_CHECKING:
    from schemas.agreements import AgreementDraft

app = typer.Typer(no_args_is_help=True)
ProposalId = Annotated[UUID, typer.Argument(metavar="ID", help="The proposal's identifier.")]
AgreementId = Annotated[str, typer.Argument(metavar="ID", help="The agreement's id.")]
AsAsked = Annotated[
    str | None,
    typer.Option(
        "--for", metavar="ACCOUNT", help="Also what waits for this account; default what is public."
    ),
]
PartyAsked = Annotated[
    str | None,
    typer.Option("--party", metavar="CODE", help="One organisation, or scheme:CODE."),
]
FirstDay = Annotated[
    date,
    typer.Option(
        "--from",
        parser=day,
        metavar="DAY",
        help="The first day without the agreement.",
    ),
]
SchemeCode = Annotated[str, typer.Argument(metavar="CODE", help="A short code, such as SZ-CB.")]
ChineseName = Annotated[str, typer.Option("--name", help="Its name in Chinese.")]
EnglishName = Annotated[str, typer.Option("--name-en", help="Its name in English.")]


@app.command("list")
@plainly
def list_agreements(
    *, on: On = None, party: PartyAsked = None, account: AsAsked = None, as_json: Json = False
) -> None:
    """List agreements on mutual recognition as of a day."""
    from archive.bureau.agreement_parties import party_named
    from archive.bureau.agreement_views import agreements
    from archive.cli.agreement_sheet import show_agreements
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.people import accounts

    with reading() as opened:
        session = opened.session
        asker = accounts.named(session, account) if account else None
        key = party_named(session, party).key if party else None
        found = agreements(session, on or opened.today, asker=asker, party=key)
    answer(found, opened.settings, lambda voice: show_agreements(voice, found), as_json=as_json)


@app.command("propose")
@plainly
def propose(file: InputFile, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Propose the agreement in FILE (TOML or JSON) to the other party."""
    from archive.bureau import agreements as desk
    from archive.cli.agreement_sheet import show_proposed
    from archive.cli.answers import answer
    from archive.cli.opened import writing

    draft = _draft(_fields(file))
    with writing(account) as opened:
        view = desk.propose(opened.session, draft, by=opened.by, now=opened.now)
    answer(view, opened.settings, lambda voice: show_proposed(voice, view), as_json=as_json)


@app.command("accept")
@plainly
def accept(proposal: ProposalId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Accept what the other party proposed, or confirm a notice."""
    _answer(proposal, is_accepted=True, reason=None, account=account, as_json=as_json)


@app.command("decline")
@plainly
def decline(
    proposal: ProposalId, *, reason: Reason, account: As = CONSOLE, as_json: Json = False
) -> None:
    """Decline what the other party proposed, with a reason."""
    _answer(proposal, is_accepted=False, reason=reason, account=account, as_json=as_json)


@app.command("end")
@plainly
def end(
    agreement: AgreementId,
    *,
    first_day: FirstDay,
    reason: Reason,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Give notice of the end of an agreement; a second account confirms it."""
    from archive.bureau import agreements as desk
    from archive.cli.agreement_sheet import show_proposed
    from archive.cli.answers import answer
    from archive.cli.opened import writing

    with writing(account) as opened:
        view = desk.end(
            opened.session,
            agreement,
            on=first_day,
            reason=reason,
            by=opened.by,
            now=opened.now,
            zone=opened.settings.zone,
        )
    answer(view, opened.settings, lambda voice: show_proposed(voice, view), as_json=as_json)


@app.command("schemes")
@plainly
def list_schemes(*, as_json: Json = False) -> None:
    """List other credit banks with which agreements can be made."""
    from archive.bureau.agreement_parties import scheme_list
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.voice import Voice

    with reading() as opened:
        found = scheme_list(opened.session)

    def show(voice: Voice) -> None:
        rows = [(one.code, voice.pick(one.name)) for one in found.schemes]
        voice.table(("Code", "Name of the credit bank"), rows)

    answer(found, opened.settings, show, as_json=as_json)


@app.command("scheme")
@plainly
def add_scheme(
    code: SchemeCode,
    *,
    name: ChineseName,
    name_en: EnglishName,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Take another credit bank into the directory."""
    from archive.bureau.agreement_parties import scheme_view
    from archive.cli.answers import answer
    from archive.cli.contract_fields import contract_of
    from archive.cli.opened import writing
    from archive.people import schemes
    from schemas.agreements import SchemeAsked

    asked = contract_of(SchemeAsked, {"code": code, "name": name, "name_en": name_en})
    with writing(account) as opened:
        view = scheme_view(schemes.add(opened.session, asked, by=opened.by, now=opened.now))
    answer(
        view,
        opened.settings,
        lambda voice: voice.say("The credit bank {code} was added.", code=view.code),
        as_json=as_json,
    )


def _answer(
    proposal: UUID, *, is_accepted: bool, reason: str | None, account: str, as_json: bool
) -> None:
    from archive.bureau import agreements as desk
    from archive.cli.agreement_sheet import show_proposed
    from archive.cli.answers import answer
    from archive.cli.opened import writing

    with writing(account) as opened:
        view = desk.answer(
            opened.session,
            proposal,
            is_accepted=is_accepted,
            reason=reason,
            by=opened.by,
            now=opened.now,
        )
    answer(view, opened.settings, lambda voice: show_proposed(voice, view), as_json=as_json)


def _fields(file: Path) -> dict[str, Any]:
    """Return what a TOML or JSON file says; raises NotJsonError for what is neither."""
    import tomllib

    from archive.cli.files import read_bytes, read_object
    from archive.files import NotJsonError

    if file.suffix != ".toml":
        return read_object(file)
    try:
        return tomllib.loads(read_bytes(file).decode(), parse_float=str)
    except ValueError as unreadable:
        raise NotJsonError from unreadable


def _draft(fields: dict[str, Any]) -> "AgreementDraft":
    from archive.cli.contract_fields import contract_of
    from schemas.agreements import AgreementDraft

    return contract_of(AgreementDraft, fields)
