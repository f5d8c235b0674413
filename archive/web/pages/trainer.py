"""Pages of training providers: a file is uploaded, looked at, and only then written."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from fastapi.responses import RedirectResponse

from archive.dossiers import intake
from archive.dossiers.columns import label
from archive.dossiers.headers import BY_KIND, Field
from archive.dossiers.intake import posted_files
from archive.errors import NotAllowedError
from archive.people.models import Organisation
from archive.people.sessions import SignedIn
from archive.web.audiences import IntakePoster
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from archive.web.uploading import read_upload
from schemas.vocabulary import RecordKind

router = APIRouter(include_in_schema=False)

KINDS = tuple(BY_KIND)
_HERE = "/trainer/intake"


@router.get(_HERE)
def form(page: PageDep, me: IntakePoster, session: ReadingDep, now: Now) -> Response:
    """Show the upload form, and what the organisation posted lately."""
    files = posted_files.listed(session, own_organisation(me).id, now=now).files
    return page("trainer/intake.html", kinds=KINDS, files=files)


@router.post(_HERE)
def upload(
    house: HouseDep,
    me: IntakePoster,
    now: Now,
    file: Annotated[UploadFile | None, File()] = None,
    kind: Annotated[str, Form()] = "",
) -> Response:
    """Keep a file, sealed, and go on to its preview."""
    own_organisation(me)
    name, content = read_upload(file)
    note = {"kind": _kind(kind) or ""}
    upload_id = house.uploads.keep(name, content, owner=me.actor.id, note=note, now=now)
    return RedirectResponse(f"{_HERE}/{upload_id}", status.HTTP_303_SEE_OTHER)


@router.get(_HERE + "/{upload_id}")
def preview(
    upload_id: UUID,
    page: PageDep,
    house: HouseDep,
    me: IntakePoster,
    session: ReadingDep,
    now: Now,
    today: Today,
    kind: str = "",
) -> Response:
    """Show what the file would do; nothing is written."""
    kept = house.uploads.get(upload_id, owner=me.actor.id, now=now)
    chosen = _kind(kind or kept.note["kind"])
    report = intake.check(
        session,
        kept.content,
        own_organisation(me),
        choice=intake.Choice(kind=chosen),
        by=me.actor,
        today=today,
    )
    return page(
        "trainer/preview.html",
        report=report,
        columns=[
            (told, label(Field(field), report.kind)) for told, field in report.columns.items()
        ],
        upload=kept,
        kinds=KINDS,
        chosen=chosen or "",
    )


@router.post(_HERE + "/{upload_id}")
def write(
    upload_id: UUID,
    page: PageDep,
    house: HouseDep,
    me: IntakePoster,
    session: SessionDep,
    now: Now,
    today: Today,
    kind: Annotated[str, Form()] = "",
) -> Response:
    """Write the rows without fault, and show what was done.

    The upload stays until its time is over: sent twice, the second changes nothing.
    """
    kept = house.uploads.get(upload_id, owner=me.actor.id, now=now)
    report = intake.commit(
        session,
        kept.content,
        kept.name,
        own_organisation(me),
        choice=intake.Choice(kind=_kind(kind)),
        by=me.actor,
        now=now,
        today=today,
    )
    return page("trainer/result.html", report=report, upload=kept)


@router.post(_HERE + "/{upload_id}/discard")
def discard(upload_id: UUID, house: HouseDep, me: IntakePoster, now: Now) -> Response:
    """Remove an upload that is not wanted."""
    house.uploads.get(upload_id, owner=me.actor.id, now=now)
    house.uploads.remove(upload_id)
    return RedirectResponse(_HERE, status.HTTP_303_SEE_OTHER)


def own_organisation(me: SignedIn) -> Organisation:
    """Return the organisation that the account acts for; raises NotAllowedError."""
    if me.organisation is None:
        raise NotAllowedError
    return me.organisation


def _kind(word: str) -> RecordKind | None:
    return next((kind for kind in KINDS if kind == word), None)
