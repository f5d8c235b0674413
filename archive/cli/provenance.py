"""``provenance RECORD``: where the rows of a record came from."""

from uuid import UUID

import typer

from archive.cli.options import CONSOLE, Json, RecordId
from archive.cli.plainly import plainly

app = typer.Typer()


@app.command("provenance")
@plainly
def provenance(record: RecordId, *, as_json: Json = False) -> None:
    """Tell where a record came from: who, when, which way, file, row, digest."""
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.provenance_sheet import show_provenance
    from archive.dossiers import provenance as told
    from archive.dossiers import records
    from archive.people.actors import Acting
    from schemas.vocabulary import Role

    with reading() as opened:
        session = opened.session
        holder = records.holder_of(session, record)
        by = Acting(
            UUID(int=0), CONSOLE, Role.CONSOLE
        )  # The console's account may not be made yet.
        view = told.provenance(session, holder, record, by=by)
    answer(view, opened.settings, lambda voice: show_provenance(voice, view), as_json=as_json)
