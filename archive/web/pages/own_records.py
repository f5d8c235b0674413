"""Pages of what an organisation posted: found, shown with its source, corrected, withdrawn."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.dossiers import own_records, provenance, reading, records, sightings
from archive.dossiers.intake import retyping, single
from archive.dossiers.intake.findings import Fault
from archive.dossiers.own_records import Sought
from archive.dossiers.sealing import source_of
from archive.errors import UnknownRecordError
from archive.people.names import masked_name
from archive.people.sessions import SignedIn
from archive.texts import in_language
from archive.web.audiences import IntakePoster, PersonLookUp
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.page import Page, PageDep
from archive.web.pages.single_records import RECORDS
from archive.web.pages.trainer import own_organisation
from archive.web.typed_record import PERSON_FIELDS, WrittenDep, others, shown
from schemas.dossiers import DossierView, RecordView
from schemas.own_records import OwnRecords
from schemas.vocabulary import RowState, Way

router = APIRouter(include_in_schema=False)

_ONE = RECORDS + "/{record_id}"
Reason = Annotated[str, Form(max_length=200)]


@router.get(RECORDS)
def posted(  # Whose, of which person or file, from where.
    page: PageDep,
    me: IntakePoster,
    session: ReadingDep,
    worker: str = "",
    batch: UUID | None = None,
    before: str = "",
    undecided: str = "",
) -> Response:
    """Show what the own organisation posted, the newest first."""
    sought = Sought(worker.strip() or None, batch, before or None, bool(undecided))
    found = own_records.listed(session, own_organisation(me).id, sought)
    return _list(page, found=found, sought=sought)


@router.post(RECORDS)
def find(  # Who asks, about whom.
    page: PageDep, me: PersonLookUp, session: ReadingDep, today: Today, written: WrittenDep
) -> Response:
    """Find what was posted of a person, by name and number, which stand in no address."""
    told = single.look_up(session, written.typed, today=today)
    number = own_records.is_known_here(session, own_organisation(me).id, told.worker_id)
    if number is None:
        return _list(page, typed=written.typed, faults=told.faults)
    return RedirectResponse(f"{RECORDS}?worker={number}", status.HTTP_303_SEE_OTHER)


@router.get(_ONE)
def record(  # Which, whose, what was just done.
    record_id: UUID,
    page: PageDep,
    me: IntakePoster,
    session: ReadingDep,
    today: Today,
    done: str = "",
) -> Response:
    """Show one record that the own organisation posted, with its history and source."""
    worker_id = own_records.holder_of_own(session, record_id, by=me.actor)
    came = provenance.provenance(session, worker_id, record_id, by=me.actor)
    if came.is_closed:
        return page("trainer/record_closed.html", status.HTTP_410_GONE, came=came, back=RECORDS)
    dossier = reading.dossier(session, worker_id, today=today)
    view = _record_in(dossier, record_id)
    return page(
        "dossier/record.html",
        view=view,
        back=RECORDS,
        back_words=in_language("What we posted", page.language),
        sightings=sightings.of_record(session, worker_id, view.id),
        note_at=None,
        came=came,
        manage_at=None if view.is_withdrawn else f"{RECORDS}/{view.id}",
        done=next((state for state in RowState if state == done), None),
        holder=(masked_name(dossier.name), dossier.archive_number),
    )


@router.get(_ONE + "/correction")
def correction_form(
    record_id: UUID, page: PageDep, me: IntakePoster, session: ReadingDep, today: Today
) -> Response:
    """Show the form of a correction with what is on file."""
    _, view = _own(session, record_id, me, today)
    return _correction(page, view, retyping.typed_of(view.record))


@router.post(_ONE + "/correction")
def correct(  # Which, as typed, why, who, when.
    record_id: UUID,
    page: PageDep,
    me: IntakePoster,
    session: SessionDep,
    now: Now,
    today: Today,
    written: WrittenDep,
) -> Response:
    """Supersede the record by what is typed; both stay in the dossier."""
    worker_id, view = _own(session, record_id, me, today)
    judged = retyping.correct(
        session,
        worker_id,
        view.id,
        written.typed,
        reason=written.reason,
        by=me.actor,
        now=now,
        today=today,
    )
    if judged.record_id is None:
        return _correction(page, view, written.typed, judged.faults, written.reason)
    done = f"{RECORDS}/{judged.record_id}?done={judged.state}"
    return RedirectResponse(done, status.HTTP_303_SEE_OTHER)


@router.post(_ONE + "/withdrawal")
def withdraw(  # Which, why, who, when.
    record_id: UUID,
    me: IntakePoster,
    session: SessionDep,
    now: Now,
    today: Today,
    reason: Reason = "",
) -> Response:
    """Declare that the record never was; it stays in the dossier with the reason."""
    worker_id, view = _own(session, record_id, me, today)
    source = source_of(Way.FORM, {"reason": reason})
    records.withdraw(
        session, worker_id, view.id, reason=reason, by=me.actor, now=now, source=source
    )
    return RedirectResponse(f"{RECORDS}/{view.id}", status.HTTP_303_SEE_OTHER)


def _own(session: Session, record_id: UUID, me: SignedIn, today: Today) -> tuple[UUID, RecordView]:
    """Return a record of the own organisation; another's answers like a missing one."""
    worker_id = own_records.holder_of_own(session, record_id, by=me.actor)
    return worker_id, _record_in(reading.dossier(session, worker_id, today=today), record_id)


def _record_in(dossier: DossierView, record_id: UUID) -> RecordView:
    view = dossier.record(record_id)
    if view is None:
        raise UnknownRecordError
    return view


def _list(
    page: Page,
    *,
    found: OwnRecords | None = None,
    sought: Sought = own_records.EVERYTHING,
    typed: single.Typed | None = None,
    faults: tuple[Fault, ...] = (),
) -> Response:
    fields = shown(single.PERSON_OF, typed or {}, faults, page.language)
    return page(
        "trainer/records.html",
        found=found,
        sought=sought,
        fields=[one for one in fields if one.field in PERSON_FIELDS],
        is_nobody=found is None and not faults,
    )


def _correction(
    page: Page,
    view: RecordView,
    typed: single.Typed,
    faults: tuple[Fault, ...] = (),
    reason: str = "",
) -> Response:
    kind = view.record.kind
    content = {one.field for one in retyping.fields_of_content(view.record)}
    return page(
        "trainer/correction.html",
        status.HTTP_422_UNPROCESSABLE_CONTENT if faults else status.HTTP_200_OK,
        view=view,
        address=f"{RECORDS}/{view.id}",
        fields=[one for one in shown(kind, typed, faults, page.language) if one.field in content],
        faults=others(kind, faults),
        refused=bool(faults),
        reason=reason,
    )
