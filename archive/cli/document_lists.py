"""``document-list begin | list | show | lines | fetch | stop``: documents made for many.

What is begun here is made by the server that runs, or by the next that starts.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly
from schemas.vocabulary import DocumentLanguage

if TYPE_CHECKING:
    from schemas.documents import BatchView

app = typer.Typer(no_args_is_help=True)
List = Annotated[UUID, typer.Argument(metavar="LIST", help="The list's number.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]
Numbers = Annotated[
    Path | None,
    typer.Option("--numbers", metavar="FILE", help="Archive numbers, one a line; - reads them."),
]
ClassId = Annotated[
    UUID | None, typer.Option("--class", metavar="CLASS", help="A closed class's identifier.")
]
ByConsent = Annotated[
    bool, typer.Option("--by-consent", help="Of those who consented to documents.")
]
Organisation = Annotated[
    str | None,
    typer.Option("--organisation", metavar="CODE", help="For which one; with --by-consent."),
]
References = Annotated[
    list[str] | None,
    typer.Option("--reference", metavar="TEXT", help="Of one request; several may be given."),
]
Scope = Annotated[
    Literal["dossier", "credits"],
    typer.Option("--scope", help="What documents about archive numbers are about."),
]
Lang = Annotated[
    DocumentLanguage | None,
    typer.Option("--lang", help="In which language it is written; default that of ARCHIVE_LANG."),
]
Key = Annotated[
    str | None,
    typer.Option("--key", metavar="TEXT", help="Given again with the same, the same list comes."),
]


@app.command("begin")
@plainly
def begin(
    *,
    numbers: Numbers = None,
    class_id: ClassId = None,
    by_consent: ByConsent = False,
    organisation: Organisation = None,
    reference: References = None,
    scope: Scope = "dossier",
    lang: Lang = None,
    key: Key = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Have documents made for many: of archive numbers, of a class, or by consent."""
    from archive.cli.answers import answer
    from archive.cli.contract_fields import contract_of
    from archive.cli.document_list_sheet import show_list
    from archive.cli.files import read_bytes
    from archive.cli.opened import writing
    from archive.transcripts import batch_asking, batch_views
    from archive.transcripts.batch_orders import told_in
    from schemas.documents import BatchAsked

    listed = told_in(read_bytes(numbers).decode("utf-8-sig", "replace")) if numbers else ()
    told: dict[str, object] = {"numbers": listed, "class_id": class_id, "by_consent": by_consent}
    told |= {"organisation": organisation, "references": reference or (), "scope": scope}
    with writing(account) as opened:
        language = lang or DocumentLanguage(opened.settings.lang)
        asked = contract_of(BatchAsked, {**told, "language": language})
        batch, _ = batch_asking.begin(opened.session, asked, key=key, by=opened.by, now=opened.now)
        view = batch_views.view_of(opened.session, batch, today=opened.today)
    answer(view, opened.settings, lambda voice: show_list(voice, view), as_json=as_json)


@app.command("list")
@plainly
def list_lists(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """List the documents for many that an account's organisation asked for lately."""
    from archive.cli.answers import answer
    from archive.cli.document_list_sheet import show_lists
    from archive.cli.opened import acting_on
    from archive.transcripts import batch_views, batches
    from schemas.documents import BatchList

    with acting_on(account) as acting, acting.archive.reading() as session:
        lists = tuple(
            batch_views.view_of(session, one, today=acting.today)
            for one in batches.of_asker(session, by=acting.by, now=acting.now)
        )
    found = BatchList(lists=lists)
    answer(found, acting.settings, lambda voice: show_lists(voice, found), as_json=as_json)


@app.command("show")
@plainly
def show(list_id: List, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Show how far a list is, what it waits for, and the first that were refused."""
    from archive.cli.answers import answer
    from archive.cli.document_list_sheet import show_list
    from archive.cli.opened import acting_on

    with acting_on(account) as acting, acting.archive.reading() as session:
        from archive.transcripts import batch_views, batches

        batch = batches.found(session, list_id, by=acting.by, now=acting.now)
        view = batch_views.view_of(session, batch, today=acting.today)
    answer(view, acting.settings, lambda voice: show_list(voice, view), as_json=as_json)


@app.command("lines")
@plainly
def lines(list_id: List, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Show every line of a list: its document, or why there is none."""
    from archive.cli.answers import answer
    from archive.cli.document_list_sheet import show_lines
    from archive.cli.opened import acting_on
    from archive.transcripts import batch_views, batches
    from archive.transcripts.batch_orders import MOST

    with acting_on(account) as acting, acting.archive.reading() as session:
        batch = batches.found(session, list_id, by=acting.by, now=acting.now)
        found = batch_views.page_of(session, batch, after=0, most=MOST, today=acting.today)
    answer(found, acting.settings, lambda voice: show_lines(voice, found), as_json=as_json)


@app.command("fetch")
@plainly
def fetch(list_id: List, *, output: Output, account: As = CONSOLE, as_json: Json = False) -> None:
    """Write the documents of a list to FILE: a ZIP, with a table of all lines."""
    from archive.cli.answers import answer
    from archive.cli.document_list_sheet import show_list
    from archive.cli.draft_files import draft_of
    from archive.cli.opened import acting_on
    from archive.transcripts import batch_views, batches
    from archive.transcripts.batch_files import Reader, streamed

    with draft_of(output) as draft, acting_on(account) as acting:
        with acting.archive.reading() as session:
            batch = batches.found(session, list_id, by=acting.by, now=acting.now)
            view = batch_views.view_of(session, batch, today=acting.today)
            session.expunge(batch)
        moment = acting.now.astimezone(acting.settings.zone)
        of = Reader(acting.settings.lang, acting.today, acting.now, moment)
        for piece in streamed(acting.archive, batch, of):
            draft.write(piece)
    answer(view, acting.settings, lambda voice: show_list(voice, view), as_json=as_json)


@app.command("stop")
@plainly
def stop(list_id: List, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Stop a list between two steps; what was issued stays."""
    from archive.cli.answers import answer
    from archive.cli.document_list_sheet import show_list
    from archive.cli.opened import writing
    from archive.transcripts import batch_views, batches

    with writing(account) as opened:
        batches.cancel(opened.session, list_id, by=opened.by, now=opened.now)
        batch = batches.found(opened.session, list_id, by=opened.by, now=opened.now)
        view: BatchView = batch_views.view_of(opened.session, batch, today=opened.today)
    answer(view, opened.settings, lambda voice: show_list(voice, view), as_json=as_json)
