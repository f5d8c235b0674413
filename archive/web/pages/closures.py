"""Pages of the bureau on closing a dossier: what can be proposed, and on which grounds."""

from typing import Annotated

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.bureau import dossier_closures, keeping
from archive.people import closures
from archive.web.api.asked import worker_for
from archive.web.audiences import DossierCloser
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from schemas.vocabulary import ClosureAct, Permission

router = APIRouter(include_in_schema=False)

_CLOSURE = "/bureau/records/{number}/closure"


@router.get(_CLOSURE)
def closure_form(
    number: str, page: PageDep, me: DossierCloser, session: ReadingDep, today: Today
) -> Response:
    """Show how a dossier stands, and what can be proposed on it."""
    worker = worker_for(session, number, me, Permission.CLOSE_DOSSIER)
    state = closures.state_of(session, worker.worker_id)
    seen = keeping.grounds_of(session, worker.worker_id, today=today)
    return page(
        "bureau/closure.html",
        number=worker.archive_number,
        state=state,
        acts=[act for act in ClosureAct if dossier_closures.follows(state, act)],
        seen=seen,
        asked=keeping.desk_grounds(today),
        law=keeping.keeping().freeze.source,
    )


@router.post(_CLOSURE)
def propose(  # Whose, what, why.
    number: str,
    me: DossierCloser,
    session: SessionDep,
    now: Now,
    today: Today,
    act: Annotated[ClosureAct, Form()],
    reason: Annotated[str, Form(max_length=200)] = "",
    ground: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Put it before a second person."""
    worker = worker_for(session, number, me, Permission.CLOSE_DOSSIER)
    dossier_closures.propose(
        session,
        worker,
        act,
        reason=reason,
        ground=ground or None,
        by=me.actor,
        now=now,
        today=today,
    )
    return RedirectResponse("/bureau/approvals", status.HTTP_303_SEE_OTHER)
