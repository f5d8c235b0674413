"""Pages of the exchange with other credit banks: lists of people out, and in by the bureau."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.dossiers import exchange, exchange_import
from archive.files import Upload, object_in
from archive.people import organisations, schemes
from archive.people.access import may_all, refuse_posting
from archive.people.actors import Actor
from archive.people.models import Organisation
from archive.people.sessions import SignedIn
from archive.web.api.asked import worker_for
from archive.web.audiences import RecordExporter, RecordImporter
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.downloads import handed_over
from archive.web.field_faults import faults_in
from archive.web.page import PageDep
from archive.web.uploading import read_upload
from schemas.exchange import ExchangeFile, ExchangeReport
from schemas.vocabulary import Permission

router = APIRouter(include_in_schema=False)

_HERE = "/agreements/desk/exchange"
_CODE = Form(max_length=40)


@router.get(_HERE)
def desk(page: PageDep, me: RecordExporter, session: ReadingDep) -> Response:
    """Show what can be taken away, and to the bureau how a file is brought in."""
    is_bureau = may_all(me.actor, Permission.EXPORT_RECORDS)
    return page(
        "agreements/exchange.html",
        is_bureau=is_bureau,
        organisations=organisations.listed(session) if is_bureau else [],
        schemes=schemes.listed(session) if is_bureau else [],
    )


@router.get(_HERE + "/file")
def download(  # Of whom.
    me: RecordExporter,
    session: ReadingDep,
    today: Today,
    organisation: Annotated[str, Query(max_length=40)] = "",
    worker: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Return what an organisation posted, or what a worker learnt, as a file."""
    if worker.strip():
        whose = worker_for(session, worker, me)
        found = exchange.of_worker(session, whose.worker_id, today=today)
        return _file(found, whose.archive_number)
    posted = _organisation(session, organisation, me)
    refuse_posting(me.actor, posted.id)
    return _file(exchange.of_organisation(session, posted.id, today=today), posted.code)


@router.post(_HERE)
def upload(  # Which file, from where, for whom.
    house: HouseDep,
    me: RecordImporter,
    session: ReadingDep,
    now: Now,
    scheme: Annotated[str, _CODE],
    organisation: Annotated[str, _CODE],
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep a file of another credit bank, sealed, and go on to its preview."""
    name, content = read_upload(file)
    object_in(content)
    note = {
        "scheme": schemes.coded(session, scheme).code,
        "organisation": organisations.coded(session, organisation).code,
    }
    upload_id = house.uploads.keep(name, content, owner=me.actor.id, note=note, now=now)
    return RedirectResponse(f"{_HERE}/{upload_id}", status.HTTP_303_SEE_OTHER)


@router.get(_HERE + "/{upload_id}")
def preview(  # Which upload, who, when.
    upload_id: UUID,
    page: PageDep,
    house: HouseDep,
    me: RecordImporter,
    session: ReadingDep,
    now: Now,
    today: Today,
) -> Response:
    """Show what the file would do, and everything that is wrong; nothing is written."""
    kept = house.uploads.get(upload_id, owner=me.actor.id, now=now)
    report = _brought(session, kept, commit=False, by=me.actor, now=now, today=today)
    return page("agreements/exchanged.html", report=report, upload=kept)


@router.post(_HERE + "/{upload_id}")
def write(  # Which upload, who, when.
    upload_id: UUID,
    page: PageDep,
    house: HouseDep,
    me: RecordImporter,
    session: SessionDep,
    now: Now,
    today: Today,
) -> Response:
    """Write everything, or nothing when something is wrong; the same file again changes nothing."""
    kept = house.uploads.get(upload_id, owner=me.actor.id, now=now)
    report = _brought(session, kept, commit=True, by=me.actor, now=now, today=today)
    return page("agreements/exchanged.html", report=report, upload=kept)


@router.post(_HERE + "/{upload_id}/discard")
def discard(upload_id: UUID, house: HouseDep, me: RecordImporter, now: Now) -> Response:
    """Remove an upload that is not wanted."""
    house.uploads.get(upload_id, owner=me.actor.id, now=now)
    house.uploads.remove(upload_id)
    return RedirectResponse(_HERE, status.HTTP_303_SEE_OTHER)


def _brought(
    session: Session, kept: Upload, *, commit: bool, by: Actor, now: datetime, today: date
) -> ExchangeReport:
    return exchange_import.bring_in(
        session,
        object_in(kept.content),
        scheme=kept.note["scheme"],
        organisation=organisations.coded(session, kept.note["organisation"]),
        commit=commit,
        faults=faults_in,
        by=by,
        now=now,
        today=today,
    )


def _organisation(session: Session, code: str, me: SignedIn) -> Organisation:
    """Return the organisation that is named, else the own one."""
    if code.strip() or me.organisation is None:
        return organisations.coded(session, code)
    return me.organisation


def _file(found: ExchangeFile, of: str) -> Response:
    content = found.model_dump_json(indent=2, exclude_none=True)
    return handed_over(f"exchange-{of}.json", content, "application/json")
