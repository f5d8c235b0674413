"""Finding people by name, how to reach them, and masked values in full for a reason."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from sqlmodel import Session

from archive.dossiers import personal
from archive.people import contacts
from archive.people.models import Worker
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import ContactTeller, DossierFinder, PersonalRevealer
from archive.web.deps import Now, ReadingDep, SessionDep, fresh
from schemas.contracts import Contract
from schemas.personal import ContactsView, FoundPeople, RevealedView
from schemas.vocabulary import ContactKind, Permission, PersonalField, RevealReason, Role

router = APIRouter(prefix="/api/v1/workers", tags=["Dossiers"], responses=PROBLEMS)

Typed = Annotated[str, Field(max_length=400)]


class NameAsked(Contract):
    """A name, written in full; it stands in no address."""

    name: Annotated[str, Field(min_length=1, max_length=100)]


class ContactsTold(Contract):
    """How a person can be reached; an empty text takes a kind back, one left out stays."""

    contacts: dict[ContactKind, Typed]


class RevealAsked(Contract):
    """What is to be shown in full, and why."""

    fields: tuple[PersonalField, ...]
    reason: RevealReason
    note: Annotated[str, Field(max_length=200)] = ""


@router.post("/named")
def named(asked: NameAsked, asker: DossierFinder, session: ReadingDep) -> FoundPeople:
    """Return who bears a name or bore it: at most 20, as little as tells them apart."""
    return personal.called(session, asked.name, by=asker.actor)


@router.get("/{number}/contacts")
def masked(number: str, asker: ContactTeller, session: ReadingDep) -> ContactsView:
    """Return how a worker can be reached, masked."""
    worker = worker_for(session, number, asker, Permission.TELL_CONTACT)
    return _view(session, worker)


@router.put("/{number}/contacts")
def tell(
    number: str, told: ContactsTold, asker: ContactTeller, session: SessionDep, now: Now
) -> ContactsView:
    """Keep how a worker can be reached: all of it, or nothing when one is wrong.

    What a worker tells for oneself needs a fresh proof, so no program does it, and waits for a
    code, which is asked for and typed on the page.
    """
    if asker.account.role is Role.WORKER:
        fresh(asker, now)
    worker = worker_for(session, number, asker, Permission.TELL_CONTACT)
    contacts.tell(session, worker.worker_id, told.contacts, by=asker.actor, now=now)
    return _view(session, worker)


@router.post("/{number}/reveals")
def reveal(
    number: str, asked: RevealAsked, asker: PersonalRevealer, session: SessionDep, now: Now
) -> RevealedView:
    """Return masked values in full; that they were is on record before they leave."""
    worker = worker_for(session, number, asker, Permission.REVEAL_PERSONAL_DATA)
    return personal.reveal(
        session,
        worker,
        asked.fields,
        reason=asked.reason,
        note=asked.note,
        by=asker.actor,
        now=now,
    )


def _view(session: Session, worker: Worker) -> ContactsView:
    reached = contacts.reached(session, worker.worker_id)
    return ContactsView(
        archive_number=worker.archive_number,
        contacts=reached.masked(),
        waiting=reached.masked_waiting(),
    )
