"""``organisation list | add``: who posts records and employs people."""

from typing import Annotated

import typer

from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly
from schemas.vocabulary import OrganisationKind

app = typer.Typer(no_args_is_help=True)
Code = Annotated[str, typer.Argument(metavar="CODE", help="A short code of its own, such as TP01.")]
ChineseName = Annotated[str, typer.Option("--name", help="Its name in Chinese.")]
EnglishName = Annotated[str, typer.Option("--name-en", help="Its name in English.")]
KindOption = Annotated[OrganisationKind, typer.Option("--kind", help="What kind of body it is.")]
CreditCode = Annotated[
    str | None,
    typer.Option("--credit-code", metavar="CODE", help="Its unified social credit code."),
]
Street = Annotated[
    str | None, typer.Option("--street", help="The street that a street office looks after.")
]


@app.command("list")
@plainly
def list_organisations(*, as_json: Json = False) -> None:
    """List all organisations with their codes."""
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.voice import Voice
    from archive.dossiers.titles import organisation_view
    from archive.people import organisations
    from schemas.outputs import OrganisationList

    with reading() as opened:
        found = OrganisationList(
            organisations=tuple(map(organisation_view, organisations.listed(opened.session)))
        )

    def show(voice: Voice) -> None:
        voice.table(
            ("Code", "Name of the organisation", "Kind of organisation", "Street"),
            [
                (
                    one.code,
                    voice.pick(one.name),
                    voice.word("organisation_kind", one.kind),
                    one.street or "—",
                )
                for one in found.organisations
            ],
        )

    answer(found, opened.settings, show, as_json=as_json)


@app.command("add")
@plainly
def add(
    code: Code,
    *,
    name: ChineseName,
    name_en: EnglishName,
    kind: KindOption,
    credit_code: CreditCode = None,
    street: Street = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Add an organisation that can post records or employ people."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.voice import Voice
    from archive.dossiers.titles import organisation_view
    from archive.people import organisations
    from archive.people.access import refuse_administering
    from archive.people.organisation_codes import read_credit_code

    known_code = read_credit_code(credit_code) if credit_code else None
    with writing(account) as opened:
        refuse_administering(opened.by)
        added = organisations.add(
            opened.session,
            code,
            name=name,
            name_en=name_en,
            kind=kind,
            credit_code=known_code,
            street=street,
            now=opened.now,
        )
        view = organisation_view(added)

    def show(voice: Voice) -> None:
        voice.say("Organisation {code} was added.", code=view.code)

    answer(view, opened.settings, show, as_json=as_json)
