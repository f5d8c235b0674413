"""Pages of the bureau: dossiers, organisations, proposals to answer. Rules: see rules.py."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.bureau import (
    accreditation_views,
    agreements,
    dossier_closures,
    keeping,
    rules_desk,
    suspension_views,
)
from archive.dossiers import personal, provenance, reading, sightings
from archive.dossiers.personal import NameUnknownError, TooManyCalledError
from archive.errors import ClosedError, UnknownRecordError, UnknownWorkerError
from archive.people import approvals, contacts, look_ups, organisations, streets
from archive.people.access import may, within_reach
from archive.people.identity import read_document
from archive.people.identity_refusals import IdentityError
from archive.texts import in_language
from archive.web.answering import AnswerDep
from archive.web.api.asked import worker_for
from archive.web.audiences import (
    DeskReader,
    DossierFinder,
    ProposalAnswerer,
    ProposalReader,
    SightingNoter,
    StreetAssigner,
)
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from archive.web.pages.rules import in_words
from archive.web.statuses import status_of
from credit_bank.rule_files import parse
from schemas.vocabulary import DocumentType, Language, OrganisationKind, Permission, SightingKind

router = APIRouter(include_in_schema=False)

_RECORDS = "/bureau/records"
_NOT_FOUND = (UnknownWorkerError, IdentityError, NameUnknownError, TooManyCalledError)
_APPROVALS = "/bureau/approvals"


@router.get(_RECORDS)
def search_form(page: PageDep, me: DossierFinder) -> Response:
    """Show how to find a dossier."""
    return page(
        "bureau/search.html",
        types=tuple(DocumentType),
        refusal=None,
        number="",
        merges=may(me.actor, Permission.MERGE_DOSSIERS),
    )


@router.post(_RECORDS)
def search(  # By one of three.
    page: PageDep,
    me: DossierFinder,
    session: ReadingDep,
    today: Today,
    archive_number: Annotated[str, Form()] = "",
    name: Annotated[str, Form(max_length=100)] = "",
    document_number: Annotated[str, Form()] = "",
    document_type: Annotated[str, Form()] = "",
) -> Response:
    """Find a dossier by archive number, document or name; none of them stands in an address."""
    told = next((one for one in DocumentType if one == document_type), None)
    within = within_reach(me.actor, Permission.FIND_DOSSIER)
    try:
        if name.strip():
            people = personal.called(session, name, by=me.actor)
            return page("bureau/found.html", people=people.people)
        if document_number.strip():
            document = read_document(document_number, today=today, type_given=told)
            worker = look_ups.worker_with_document(session, document, within=within)
        else:
            worker = look_ups.worker_numbered(session, archive_number, within=within)
    except _NOT_FOUND as refusal:
        return page(
            "bureau/search.html",
            status_of(type(refusal)) or status.HTTP_404_NOT_FOUND,
            types=tuple(DocumentType),
            refusal=refusal,
            number=archive_number[:40],
            merges=may(me.actor, Permission.MERGE_DOSSIERS),
        )
    return RedirectResponse(f"{_RECORDS}/{worker.archive_number}", status.HTTP_303_SEE_OTHER)


@router.get(_RECORDS + "/{number}")
def dossier(  # Whose, and whose days.
    number: str,
    page: PageDep,
    me: DossierFinder,
    session: ReadingDep,
    today: Today,
    house: HouseDep,
) -> Response:
    """Show a worker's dossier; of a closed one only that it is closed."""
    try:
        worker = worker_for(session, number, me)
        view = reading.dossier(session, worker.worker_id, today=today, zone=house.settings.zone)
    except ClosedError as refusal:
        code = status_of(type(refusal)) or status.HTTP_410_GONE
        return page("bureau/closed.html", code, number=number, refusal=refusal)
    may_assign = may(me.actor, Permission.ASSIGN_STREET)
    return page(
        "bureau/dossier.html",
        dossier=view,
        contacts=contacts.masked_contacts_of(session, worker.worker_id),
        closes=may(me.actor, Permission.CLOSE_DOSSIER),
        office=streets.office_of(session, worker.worker_id),
        offices=streets.offices(session) if may_assign else [],
        may_assign=may_assign,
    )


@router.post(_RECORDS + "/{number}/street")
def assign_street(
    number: str,
    me: StreetAssigner,
    session: SessionDep,
    now: Now,
    office: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Let a dossier belong to a street office; without one to none."""
    worker = worker_for(session, number, me, Permission.ASSIGN_STREET)
    told = organisations.coded(session, office) if office else None
    streets.assign(session, worker.worker_id, told, by=me.actor, now=now)
    return RedirectResponse(f"{_RECORDS}/{worker.archive_number}", status.HTTP_303_SEE_OTHER)


@router.get(_RECORDS + "/{number}/{record_id}")
def record(
    number: str,
    record_id: UUID,
    page: PageDep,
    me: DossierFinder,
    session: ReadingDep,
    today: Today,
) -> Response:
    """Show one record of a worker in full."""
    worker = worker_for(session, number, me)
    view = reading.dossier(session, worker.worker_id, today=today).record(record_id)
    if view is None:
        raise UnknownRecordError
    words = in_language("The dossier", page.language)
    back = f"{_RECORDS}/{worker.archive_number}"
    may_note = may(me.actor, Permission.NOTE_SIGHTING)
    return page(
        "dossier/record.html",
        view=view,
        back=back,
        back_words=words,
        sightings=sightings.of_record(session, worker.worker_id, view.id),
        came=provenance.provenance(session, worker.worker_id, view.id, by=me.actor),
        note_at=f"{back}/{view.id}/sightings" if may_note else None,
        sighting_kinds=tuple(SightingKind),
        today=today.isoformat(),
    )


@router.post(_RECORDS + "/{number}/{record_id}/sightings")
def note_sighting(  # Whose, which, what was seen when, by whom.
    *,
    number: str,
    record_id: UUID,
    me: SightingNoter,
    session: SessionDep,
    now: Now,
    today: Today,
    kind: Annotated[SightingKind, Form()],
    seen_on: Annotated[date, Form()],
    text: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Note that the original of a record was seen, or the national site asked."""
    worker = worker_for(session, number, me, Permission.NOTE_SIGHTING)
    sightings.note(
        session,
        worker.worker_id,
        record_id,
        kind,
        seen_on=seen_on,
        text=text,
        by=me.actor,
        now=now,
        today=today,
    )
    back = f"{_RECORDS}/{worker.archive_number}/{record_id}"
    return RedirectResponse(back, status.HTTP_303_SEE_OTHER)


@router.get("/bureau/organisations")
def organisation_list(
    page: PageDep, _me: DeskReader, session: ReadingDep, kind: str = ""
) -> Response:
    """Show all organisations, or those of a kind."""
    found = organisations.listed(session)
    wanted = next((one for one in OrganisationKind if one == kind), None)
    shown = [one for one in found if wanted is None or one.kind is wanted]
    return page(
        "bureau/organisations.html",
        organisations=shown,
        kinds=[one for one in OrganisationKind if any(one is body.kind for body in found)],
        wanted=wanted,
    )


@router.get(_APPROVALS)
def proposals(page: PageDep, me: ProposalReader, session: ReadingDep) -> Response:
    """Show what waits for a second person, and what was answered."""
    listed = approvals.listed(session)
    return page(
        "bureau/approvals.html",
        waiting=[one for one in listed if one.is_approved is None],
        answered=[one for one in listed if one.is_approved is not None],
        rules_of=_rules_of,
        grounds={one.id: one.name for one in keeping.keeping().ground},
        reason_of=partial(_closing_reason, session),
        decision_of=partial(suspension_views.proposed, session),
        accreditation_of=partial(accreditation_views.proposed, session),
        changed=_changed(session, listed, page.language),
        me=me.actor.name,
        decides=may(me.actor, Permission.ANSWER_PROPOSAL),
    )


@router.post(_APPROVALS + "/{proposal_id}")
def answer(
    proposal_id: UUID,
    me: ProposalAnswerer,
    session: SessionDep,
    now: Now,
    told: AnswerDep,
) -> Response:
    """Approve or decline as the second person; declining needs a reason."""
    approvals.answer(
        session,
        proposal_id,
        is_approved=told.is_approved,
        by=me.actor,
        now=now,
        reason=told.reason,
    )
    return RedirectResponse(_APPROVALS, status.HTTP_303_SEE_OTHER)


def _changed(
    session: Session, listed: list[approvals.ProposalView], language: Language
) -> dict[UUID, list[dict[str, object]]]:
    """Return what each waiting proposal on rules would change of what is published now."""
    return {
        one.id: in_words(rules_desk.would_change(session, one), language)
        for one in listed
        if one.is_approved is None and one.action == rules_desk.PUBLISH
    }


def _closing_reason(session: Session, proposal: approvals.ProposalView) -> str | None:
    """Return why a dossier is to be closed or opened again, for the second person."""
    if proposal.action not in dossier_closures.ACTION_OF.values():
        return None
    return dossier_closures.reason_of(session, proposal.payload)


def _rules_of(proposal: approvals.ProposalView) -> list[object]:
    """Return the rules that a proposal would publish, to be read before it is approved."""
    if proposal.action in (agreements.MAKE, agreements.END):
        return [parse(str(proposal.payload["body"]).encode(), "proposal")]
    if proposal.action != rules_desk.PUBLISH:
        return []
    return [parse(str(body).encode(), "proposal") for body in proposal.payload["rules"]]
