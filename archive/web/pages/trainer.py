"""Pages of training providers: a file is uploaded, looked at, and only then written.

What becomes of a file once it is being written stands in intake_runs.py.
"""

import hashlib
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.dossiers.columns import label_in
from archive.dossiers.headers import BY_KIND, EVERYWHERE, Field
from archive.dossiers.intake import errands, mappings, posted_files, runs
from archive.dossiers.intake.choices import DELIMITER_WORDS, Choice
from archive.dossiers.intake.kept_files import KeptFile, kept_files
from archive.dossiers.intake.run_models import IntakeRun
from archive.dossiers.tables.delimited import ENCODINGS
from archive.errors import NotAllowedError
from archive.files import UploadGoneError
from archive.people.actors import acting_as
from archive.people.models import Organisation
from archive.people.sessions import SignedIn
from archive.web.audiences import IntakePoster
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, TimesDep, Today
from archive.web.intake_form import OUT, ReadingForm
from archive.web.page import PageDep
from archive.web.uploading import read_upload
from schemas.vocabulary import Language, RecordKind, RunMode

router = APIRouter(include_in_schema=False)

KINDS = tuple(BY_KIND)
HERE = "/trainer/intake"


@router.get(HERE)
def form(page: PageDep, me: IntakePoster, session: ReadingDep, now: Now) -> Response:
    """Show the upload form, and what the organisation posted lately."""
    files = posted_files.listed(session, own_organisation(me).id, now=now)
    return page("trainer/intake.html", kinds=KINDS, files=files.files, next=files.next)


@router.post(HERE)
def upload(
    me: IntakePoster,
    session: SessionDep,
    now: Now,
    file: Annotated[UploadFile | None, File()] = None,
    kind: Annotated[str, Form()] = "",
) -> Response:
    """Keep a file, sealed, and go on to its preview; one that is settled shows what came of it."""
    whose = own_organisation(me).id
    name, content = read_upload(file)
    run = runs.settled(session, whose, hashlib.sha256(content).digest())
    if run is not None and _is_kept(session, run):
        return _to(f"{HERE}/runs/{run.id}?again=1")
    choice = Choice(kind=next((one for one in KINDS if one == kind), None))
    kept = kept_files(session).keep(
        session, name, content, whose, choice=choice, by=me.actor.id, now=now
    )
    return _to(f"{HERE}/{kept}")


@router.get(HERE + "/{upload_id}")
def preview(
    upload_id: UUID, page: PageDep, me: IntakePoster, house: HouseDep, now: Now, today: Today
) -> Response:
    """Show what the file would do; nothing is written."""
    with house.archive.reading() as session:
        file = _found(session, upload_id, me, now)
        earlier = runs.latest(session, file.organisation_id, file.digest)
    whose, by = file.organisation_id, acting_as(me.actor)
    look = partial(
        errands.previewed,
        file_id=file.id,
        organisation_id=whose,
        by=by,
        now=now,
        today=today,
    )
    report = house.hands.do(file.size, look)
    kind = report.kind or report.kind_found
    return page(
        "trainer/preview.html",
        report=report,
        upload=file,
        kinds=KINDS,
        kind=kind,
        fields=_fields(kind, page.language),
        encodings=ENCODINGS,
        delimiters=DELIMITER_WORDS,
        out=OUT,
        most_at_once=runs.MOST_AT_ONCE,
        earlier=earlier,
    )


@router.post(HERE + "/{upload_id}/reading")
def read_otherwise(
    upload_id: UUID, chosen: ReadingForm, me: IntakePoster, session: SessionDep, now: Now
) -> Response:
    """Keep how a file is to be read, and what its headers mean for good if that was asked."""
    file = _found(session, upload_id, me, now)
    if chosen.means_for_good and chosen.choice.kind:
        by, kind = me.actor.id, chosen.choice.kind
        whose = file.organisation_id
        mappings.forget(session, whose, kind, chosen.headers_as_usual)
        mappings.remember(session, whose, kind, chosen.choice.columns, by=by, now=now)
    kept_files(session).choose(session, file, chosen.choice, file.mode)
    return _to(f"{HERE}/{upload_id}")


@router.post(HERE + "/{upload_id}")
def write(
    upload_id: UUID,
    me: IntakePoster,
    house: HouseDep,
    now: Now,
    times: TimesDep,
    mode: Annotated[RunMode, Form()] = RunMode.GOOD,
) -> Response:
    """Begin to write the rows; a short list is written at once, a long one by the job."""
    with house.archive.reading() as session:
        file = _found(session, upload_id, me, now)
    begin = partial(
        errands.begin_kept,
        file_id=file.id,
        organisation_id=file.organisation_id,
        mode=mode,
        by=acting_as(me.actor),
        times=times,
    )
    run_id = house.hands.do(file.size, begin)
    return _to(f"{HERE}/runs/{run_id}")


@router.post(HERE + "/{upload_id}/discard")
def discard(upload_id: UUID, me: IntakePoster, session: SessionDep, now: Now) -> Response:
    """Remove an upload that is not wanted; the file of a run stays with it."""
    file = _found(session, upload_id, me, now)
    runs.discard(session, file)
    return _to(HERE)


def own_organisation(me: SignedIn) -> Organisation:
    """Return the organisation that the account acts for; raises NotAllowedError."""
    if me.organisation is None:
        raise NotAllowedError
    return me.organisation


def _found(session: Session, upload_id: UUID, me: SignedIn, now: Now) -> KeptFile:
    whose = own_organisation(me).id
    return kept_files(session).find(session, upload_id, organisation_id=whose, now=now)


def _is_kept(session: Session, run: IntakeRun) -> bool:
    try:
        kept_files(session).of_run(session, run.file_id)
    except UploadGoneError:
        return False
    return True


def _fields(kind: RecordKind | None, language: Language) -> list[tuple[Field, str]]:
    """Return what a column of a kind can tell, each with its usual header."""
    known = [*EVERYWHERE, *(BY_KIND[kind] if kind else ())]
    return [(field, label_in(field, kind, language)) for field in known]


def _to(address: str) -> Response:
    return RedirectResponse(address, status.HTTP_303_SEE_OTHER)
