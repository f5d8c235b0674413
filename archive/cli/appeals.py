"""``appeal list | show | file | answer | escalate | decide | withdraw``: appeals at the counter."""

from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Reason, Worker
from archive.cli.plainly import plainly

app = typer.Typer(no_args_is_help=True)
AppealId = Annotated[UUID, typer.Argument(metavar="APPEAL", help="The appeal's identifier.")]
LineId = Annotated[UUID, typer.Argument(metavar="ENTRY", help="A line of the statement.")]
OneWorker = Annotated[
    str | None, typer.Argument(metavar="[WORKER]", help="Only this worker's; all without it.")
]
Upheld = Annotated[bool, typer.Option("--upheld/--rejected", help="What is found.")]
Withdrawing = Annotated[
    bool, typer.Option("--withdraw-record", help="Withdraw the record in the same step.")
]


@app.command("list")
@plainly
def list_appeals(worker: OneWorker = None, *, as_json: Json = False) -> None:
    """List appeals, the open ones first."""
    from archive.cli.answers import answer
    from archive.cli.appeal_sheet import show_appeals
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.dossiers import appeal_views
    from schemas.appeals import AppealList

    with reading() as opened:
        session, today = opened.session, opened.today
        if worker is None:
            found = appeal_views.addressed_to(session, None, today=today)
        else:
            whose = worker_named(opened, worker).worker_id
            found = appeal_views.of_worker(session, whose, today=today)
    listed = AppealList(appeals=found)
    answer(listed, opened.settings, lambda voice: show_appeals(voice, listed), as_json=as_json)


@app.command("show")
@plainly
def show(appeal: AppealId, *, as_json: Json = False) -> None:
    """Show one appeal with everything that was said."""
    _tell(appeal, as_json=as_json)


@app.command("file")
@plainly
def file(
    worker: Worker,
    entry: LineId,
    *,
    reason: Reason,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """File an appeal against a line of a worker's statement."""
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.dossiers import appeals

    with writing(account) as opened:
        appeal = appeals.file_appeal(
            opened.session,
            worker_named(opened, worker).worker_id,
            entry,
            text=reason,
            by=opened.by,
            now=opened.now,
            zone=opened.settings.zone,
        )
    _tell(appeal, as_json=as_json)


@app.command("answer")
@plainly
def answer_appeal(
    appeal: AppealId,
    *,
    upheld: Upheld,
    reason: Reason,
    withdraw_record: Withdrawing = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Answer as the organisation that posted the record."""
    from archive.cli.opened import writing
    from archive.dossiers import appeals

    with writing(account) as opened:
        appeals.answer(
            opened.session,
            appeal,
            is_upheld=upheld,
            withdraws_record=withdraw_record,
            text=reason,
            by=opened.by,
            now=opened.now,
            zone=opened.settings.zone,
        )
    _tell(appeal, as_json=as_json)


@app.command("escalate")
@plainly
def escalate(
    appeal: AppealId, *, reason: Reason, account: As = CONSOLE, as_json: Json = False
) -> None:
    """Take an appeal to the bureau."""
    from archive.cli.opened import writing
    from archive.dossiers import appeals

    with writing(account) as opened:
        appeals.escalate(
            opened.session,
            appeal,
            text=reason,
            by=opened.by,
            now=opened.now,
            zone=opened.settings.zone,
        )
    _tell(appeal, as_json=as_json)


@app.command("decide")
@plainly
def decide(
    appeal: AppealId,
    *,
    upheld: Upheld,
    reason: Reason,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Decide as the bureau, the second instance."""
    from archive.cli.opened import writing
    from archive.dossiers import appeals

    with writing(account) as opened:
        appeals.decide(
            opened.session,
            appeal,
            is_upheld=upheld,
            text=reason,
            by=opened.by,
            now=opened.now,
            zone=opened.settings.zone,
        )
    _tell(appeal, as_json=as_json)


@app.command("withdraw")
@plainly
def withdraw(appeal: AppealId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Give an appeal up; the credits are released at once."""
    from archive.cli.opened import writing
    from archive.dossiers import appeals

    with writing(account) as opened:
        appeals.withdraw(
            opened.session, appeal, by=opened.by, now=opened.now, zone=opened.settings.zone
        )
    _tell(appeal, as_json=as_json)


def _tell(appeal: UUID, *, as_json: bool) -> None:
    """Print an appeal as it stands."""
    from archive.cli.answers import answer
    from archive.cli.appeal_sheet import show_appeal
    from archive.cli.opened import reading
    from archive.dossiers import appeal_views

    with reading() as opened:
        view = appeal_views.one(opened.session, appeal, today=opened.today)
    answer(view, opened.settings, lambda voice: show_appeal(voice, view), as_json=as_json)
