"""``dossier WORKER`` shows one; ``dossier freeze | unfreeze | erase`` propose a decision on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.options import CONSOLE, As, Json, Reason, Worker
from archive.cli.plainly import plainly
from archive.cli.short_groups import ShortGroup

if TYPE_CHECKING:
    from schemas.vocabulary import ClosureAct

SHOW = "show"
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]
Ground = Annotated[
    str | None,
    typer.Option("--ground", metavar="ID", help="Why it must be kept, if erasure was asked for."),
]


class ShowingGroup(ShortGroup):
    """Shows the dossier where only a worker is named."""

    usual = SHOW


app = typer.Typer(cls=ShowingGroup)


@app.command(SHOW, hidden=True)
@plainly
def show(worker: Worker, *, as_json: Json = False) -> None:
    """Show a worker's dossier: levels, credits and every record."""
    from archive.cli.answers import answer
    from archive.cli.dossier_sheet import show_dossier
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.dossiers import reading as dossiers

    with reading() as opened:
        holder = worker_named(opened, worker)
        view = dossiers.dossier(
            opened.session, holder.worker_id, today=opened.today, zone=opened.settings.zone
        )
    answer(view, opened.settings, lambda voice: show_dossier(voice, view), as_json=as_json)


@app.command("export")
@plainly
def export(worker: Worker, *, output: Output, account: As = CONSOLE, as_json: Json = False) -> None:
    """Write a whole dossier to FILE: transcript, data, tables, who looked, proofs."""
    import hashlib

    from archive.cli.answers import answer
    from archive.cli.draft_files import draft_of
    from archive.cli.issuing import exported_for
    from archive.cli.opened import acting_on
    from archive.cli.voice import Voice
    from schemas.personal import ExportedView

    with draft_of(output) as draft, acting_on(account) as acting:
        portable = exported_for(acting, worker)
        draft.write(portable.body)
    view = ExportedView(
        archive_number=portable.archive_number,
        records=portable.records,
        sha256=hashlib.sha256(portable.body).hexdigest(),
        size_bytes=len(portable.body),
    )

    def tell(voice: Voice) -> None:
        voice.say("Written to {file}.", file=output)
        voice.facts([("Archive number", view.archive_number), ("SHA-256", view.sha256)])

    answer(view, acting.settings, tell, as_json=as_json)


@app.command("freeze")
@plainly
def freeze(
    worker: Worker,
    *,
    reason: Reason,
    ground: Ground = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Propose to freeze a dossier: kept, but neither shown nor added to."""
    from schemas.vocabulary import ClosureAct

    _propose(worker, ClosureAct.FREEZE, reason, ground, account, as_json=as_json)


@app.command("unfreeze")
@plainly
def unfreeze(
    worker: Worker, *, reason: Reason, account: As = CONSOLE, as_json: Json = False
) -> None:
    """Propose to lift the freeze of a dossier."""
    from schemas.vocabulary import ClosureAct

    _propose(worker, ClosureAct.UNFREEZE, reason, None, account, as_json=as_json)


@app.command("erase")
@plainly
def erase(worker: Worker, *, reason: Reason, account: As = CONSOLE, as_json: Json = False) -> None:
    """Propose to erase a person's data, for good; a second account approves."""
    from schemas.vocabulary import ClosureAct

    _propose(worker, ClosureAct.ERASE, reason, None, account, as_json=as_json)


def _propose(
    worker: str, act: "ClosureAct", reason: str, ground: str | None, account: str, *, as_json: bool
) -> None:
    from archive.bureau import dossier_closures
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal

    with writing(account) as opened:
        view = dossier_closures.propose(
            opened.session,
            worker_named(opened, worker),
            act,
            reason=reason,
            ground=ground,
            by=opened.by,
            now=opened.now,
            today=opened.today,
        )
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)
