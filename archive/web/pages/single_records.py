"""Pages on which one record is typed, with the look-up of its person."""

from fastapi import APIRouter, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers.headers import BY_KIND
from archive.dossiers.intake import single
from archive.dossiers.intake.single import Judged, LookedUp
from archive.web.audiences import IntakePoster, PersonLookUp
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.page import Page, PageDep
from archive.web.pages.trainer import own_organisation
from archive.web.typed_record import PERSON_FIELDS, Written, WrittenDep, kind_named, others, shown
from schemas.vocabulary import RowState

router = APIRouter(include_in_schema=False)

RECORDS = "/trainer/records"
_NEW = RECORDS + "/new"


@router.get(_NEW)
def form(page: PageDep, me: IntakePoster, kind: str = "") -> Response:
    """Show the empty form of a kind."""
    own_organisation(me)
    return _form(page, Written(kind_named(kind), {}, replaces=False))


@router.post(_NEW)
def post(
    page: PageDep,
    me: IntakePoster,
    session: SessionDep,
    now: Now,
    today: Today,
    written: WrittenDep,
) -> Response:
    """Write the record and show it; sent twice, the second changes nothing."""
    judged = single.post(
        session,
        written.kind,
        written.typed,
        own_organisation(me),
        replaces=written.replaces,
        by=me.actor,
        now=now,
        today=today,
    )
    if judged.record_id is None:
        return _form(page, written, judged)
    done = f"{RECORDS}/{judged.record_id}?done={judged.state}"
    return RedirectResponse(done, status.HTTP_303_SEE_OTHER)


@router.post(RECORDS + "/look-up")
def look_up(  # Who asks, from where, about whom.
    page: PageDep,
    me: PersonLookUp,
    session: ReadingDep,
    today: Today,
    written: WrittenDep,
) -> Response:
    """Tell whether somebody of this name and number is on file; what was typed stays."""
    own_organisation(me)
    told = single.look_up(session, written.typed, today=today)
    return _form(page, written, looked_up=told)


def _form(
    page: Page, written: Written, judged: Judged | None = None, looked_up: LookedUp | None = None
) -> Response:
    faults = judged.faults if judged else looked_up.faults if looked_up else ()
    refused = judged is not None and judged.is_faulty
    changes = judged is not None and judged.state is RowState.CHANGED
    code = status.HTTP_409_CONFLICT if changes else status.HTTP_200_OK
    return page(
        "trainer/record_form.html",
        status.HTTP_422_UNPROCESSABLE_CONTENT if refused else code,
        kinds=tuple(BY_KIND),
        kind=written.kind,
        fields=shown(written.kind, written.typed, faults, page.language),
        faults=others(written.kind, faults),
        refused=refused,
        changes=changes,
        looked_up=looked_up,
        person_fields=PERSON_FIELDS,
    )
