"""``record add | show | correct | withdraw``: single records of a dossier."""

import typer

from archive.cli.options import CONSOLE, As, Json, JsonFile, Organisation, Reason, RecordId, Worker
from archive.cli.plainly import plainly
from archive.cli.usage import UnusableError

app = typer.Typer(no_args_is_help=True)


@app.command("add")
@plainly
def add(
    worker: Worker,
    file: JsonFile,
    *,
    organisation: Organisation,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Add one record to a dossier; the same record again changes nothing."""
    from archive.cli import receipts
    from archive.cli.files import STANDARD_INPUT, read_object
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.record_fields import record_of
    from archive.dossiers import records
    from archive.dossiers.sealing import source_of, told_by
    from archive.people import organisations
    from schemas.vocabulary import Way

    if file == STANDARD_INPUT and worker == str(STANDARD_INPUT):
        raise UnusableError("standard input can hold the identity number or the record, not both")
    record = record_of(read_object(file))
    with writing(account) as opened:
        holder = worker_named(opened, worker)
        added = records.add(
            opened.session,
            holder.worker_id,
            record,
            organisation_id=organisations.coded(opened.session, organisation).id,
            by=opened.by,
            now=opened.now,
            today=opened.today,
            source=source_of(Way.COMMAND, told_by(record)),
        )
    receipts.tell(receipts.of(holder, added), opened.settings, as_json=as_json)


@app.command("show")
@plainly
def show(record: RecordId, *, as_json: Json = False) -> None:
    """Show one record with its history, what it earned and why."""
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.record_sheet import show_record
    from archive.dossiers import reading as dossiers
    from archive.dossiers import records
    from archive.errors import UnknownRecordError
    from schemas.outputs import RecordShown

    with reading() as opened:
        holder = records.holder_of(opened.session, record)
        dossier = dossiers.dossier(opened.session, holder, today=opened.today)
    view = dossier.record(record)
    if view is None:
        raise UnknownRecordError
    shown = RecordShown(archive_number=dossier.archive_number, record=view)
    answer(shown, opened.settings, lambda voice: show_record(voice, shown), as_json=as_json)


@app.command("correct")
@plainly
def correct(
    record: RecordId,
    file: JsonFile,
    *,
    reason: Reason,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Supersede a record: FILE holds the changed fields, null removes one."""
    from archive.cli import receipts
    from archive.cli.files import read_object
    from archive.cli.opened import writing
    from archive.cli.record_fields import changed
    from archive.dossiers import records
    from archive.dossiers.sealing import source_of, told_by
    from archive.people.access import refuse_changing
    from archive.people.look_ups import worker_known_as
    from schemas.vocabulary import Way

    changes = read_object(file)
    with writing(account) as opened:
        session = opened.session
        worker = worker_known_as(session, records.holder_of(session, record))
        newest = records.newest_version(session, worker.worker_id, record)
        refuse_changing(opened.by, newest.organisation_id, newest.kind)
        told = changed(records.content_of(session, newest), changes)
        corrected = records.correct(
            session,
            worker.worker_id,
            record,
            told,
            reason=reason,
            by=opened.by,
            now=opened.now,
            today=opened.today,
            source=source_of(Way.COMMAND, told_by(told)),
        )
    receipts.tell(receipts.of(worker, corrected), opened.settings, as_json=as_json)


@app.command("withdraw")
@plainly
def withdraw(
    record: RecordId, *, reason: Reason, account: As = CONSOLE, as_json: Json = False
) -> None:
    """Declare that a record never was; it stays in the dossier with the reason."""
    from archive.cli import receipts
    from archive.cli.opened import writing
    from archive.dossiers import records
    from archive.dossiers.sealing import source_of
    from archive.people.look_ups import worker_known_as
    from schemas.vocabulary import Way

    with writing(account) as opened:
        worker = worker_known_as(opened.session, records.holder_of(opened.session, record))
        withdrawn = records.withdraw(
            opened.session,
            worker.worker_id,
            record,
            reason=reason,
            by=opened.by,
            now=opened.now,
            source=source_of(Way.COMMAND, {"reason": reason}),
        )
    receipts.tell(receipts.of(worker, withdrawn), opened.settings, as_json=as_json)
