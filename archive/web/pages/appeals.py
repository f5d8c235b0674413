"""Pages of appeals: the worker's own, those an organisation answers, and the bureau's."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers import appeal_views, appeals
from archive.people.access import may
from archive.texts import in_language
from archive.web.audiences import AppealAnswerer, Appellant, DeskReader, Worker
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from archive.web.pages.trainer import own_organisation
from schemas.vocabulary import Permission

router = APIRouter(include_in_schema=False)

Why = Annotated[str, Form(max_length=1000)]
Finding = Annotated[Literal["rejected", "upheld", "withdraws", ""], Form()]

_OWN = "/me/appeals"
_OF_TRAINER = "/trainer/appeals"
_OF_BUREAU = "/bureau/cases/appeals"


@router.get(_OWN + "/{case_id}")
def own(case_id: UUID, page: PageDep, me: Worker, session: ReadingDep, today: Today) -> Response:
    """Show one of the own appeals."""
    one = appeal_views.own_view(session, case_id, by=me.actor, today=today)
    return page(
        "appeals/appeal.html",
        one=one,
        looks="worker",
        here=f"{_OWN}/{case_id}",
        back=f"/me/statement?line={one.entry_id}#e{one.entry_id.hex}",
        back_words=in_language("Credit statement", page.language),
        record_at=f"/me/records/{one.record_id}",
        decides=False,
    )


@router.post(_OWN + "/{case_id}")
def go_on(
    case_id: UUID,
    me: Appellant,
    session: SessionDep,
    house: HouseDep,
    now: Now,
    act: Annotated[Literal["escalate", "withdraw"], Form()],
    text: Why = "",
) -> Response:
    """Take the own appeal to the bureau, or withdraw it."""
    zone = house.settings.zone
    if act == "escalate":
        appeals.escalate(session, case_id, text=text, by=me.actor, now=now, zone=zone)
    else:
        appeals.withdraw(session, case_id, by=me.actor, now=now, zone=zone)
    return RedirectResponse(f"{_OWN}/{case_id}", status.HTTP_303_SEE_OTHER)


@router.get(_OF_TRAINER)
def inbox(page: PageDep, me: AppealAnswerer, session: ReadingDep, today: Today) -> Response:
    """Show the appeals that the own organisation answers."""
    found = appeal_views.addressed_to(session, own_organisation(me).id, today=today)
    return page("appeals/list.html", appeals=found, address=_OF_TRAINER, tabs=False)


@router.get(_OF_TRAINER + "/{case_id}")
def addressed(
    case_id: UUID, page: PageDep, me: AppealAnswerer, session: ReadingDep, today: Today
) -> Response:
    """Show an appeal that the own organisation answers."""
    return page(
        "appeals/appeal.html",
        one=appeal_views.addressed_view(session, case_id, by=me.actor, today=today),
        looks="issuer",
        here=f"{_OF_TRAINER}/{case_id}",
        back=_OF_TRAINER,
        back_words=in_language("Appeals", page.language),
        record_at=None,
        decides=False,
    )


@router.post(_OF_TRAINER + "/{case_id}")
def answer(
    case_id: UUID,
    me: AppealAnswerer,
    session: SessionDep,
    house: HouseDep,
    now: Now,
    finding: Finding = "",
    text: Why = "",
) -> Response:
    """Answer an appeal for the own organisation."""
    appeals.answer(
        session,
        case_id,
        is_upheld=finding in ("upheld", "withdraws"),
        withdraws_record=finding == "withdraws",
        text=text,
        by=me.actor,
        now=now,
        zone=house.settings.zone,
    )
    return RedirectResponse(f"{_OF_TRAINER}/{case_id}", status.HTTP_303_SEE_OTHER)


@router.get("/bureau/cases")
def every(page: PageDep, _me: DeskReader, session: ReadingDep, today: Today) -> Response:
    """Show the newest appeals, the open ones first."""
    found = appeal_views.addressed_to(session, None, today=today)
    return page("appeals/list.html", appeals=found, address=_OF_BUREAU, tabs=True)


@router.get(_OF_BUREAU + "/{case_id}")
def any_one(
    case_id: UUID, page: PageDep, me: DeskReader, session: ReadingDep, today: Today
) -> Response:
    """Show an appeal, to record an answer or to decide."""
    one = appeal_views.addressed_view(session, case_id, by=me.actor, today=today)
    return page(
        "appeals/appeal.html",
        one=one,
        looks="bureau",
        here=f"{_OF_BUREAU}/{case_id}",
        back="/bureau/cases",
        back_words=in_language("Appeals", page.language),
        record_at=f"/bureau/records/{one.archive_number}/{one.record_id}",
        decides=may(me.actor, Permission.DECIDE_APPEAL),
    )


@router.post(_OF_BUREAU + "/{case_id}")
def answer_or_decide(
    case_id: UUID,
    me: DeskReader,
    session: SessionDep,
    house: HouseDep,
    now: Now,
    act: Annotated[Literal["answer", "decide"], Form()],
    finding: Finding = "",
    text: Why = "",
) -> Response:
    """Record an organisation's answer, or decide as the second instance."""
    is_upheld = finding in ("upheld", "withdraws")
    if act == "decide":
        appeals.decide(
            session,
            case_id,
            is_upheld=is_upheld,
            text=text,
            by=me.actor,
            now=now,
            zone=house.settings.zone,
        )
    else:
        appeals.answer(
            session,
            case_id,
            is_upheld=is_upheld,
            withdraws_record=finding == "withdraws",
            text=text,
            by=me.actor,
            now=now,
            zone=house.settings.zone,
        )
    return RedirectResponse(f"{_OF_BUREAU}/{case_id}", status.HTTP_303_SEE_OTHER)
