"""What credit banks exchange: three lists a person, out and in."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query

from archive.dossiers import exchange, exchange_import
from archive.people import organisations
from archive.people.access import refuse_posting
from archive.web.api.asked import PROBLEMS, organisation_for, worker_for
from archive.web.audiences import DossierReader, RecordExporter, RecordImporter
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.field_faults import faults_in
from schemas.batches import BatchMode
from schemas.exchange import ExchangeFile, ExchangeReport

router = APIRouter(responses=PROBLEMS)


@router.get("/api/v1/workers/{number}/exchange", tags=["Exchange"])
def of_worker(number: str, asker: DossierReader, session: ReadingDep, today: Today) -> ExchangeFile:
    """Return what a worker learnt, for another credit bank: the bureau any, a worker the own."""
    worker = worker_for(session, number, asker)
    return exchange.of_worker(session, worker.worker_id, today=today)


@router.get("/api/v1/organisations/{code}/exchange", tags=["Exchange"])
def of_organisation(
    code: str, asker: RecordExporter, session: ReadingDep, today: Today
) -> ExchangeFile:
    """Return all that an organisation posted: the bureau of any, a provider its own."""
    organisation = organisations.coded(session, code)
    refuse_posting(asker.actor, organisation.id)
    return exchange.of_organisation(session, organisation.id, today=today)


@router.post("/api/v1/exchange", tags=["Exchange"])
def bring_in(
    *,
    asker: RecordImporter,
    session: SessionDep,
    now: Now,
    today: Today,
    told: Annotated[dict[str, Any], Body(description="See the schema ExchangeFile.")],
    scheme: Annotated[str, Query(description="The credit bank that the file comes from.")],
    organisation: Annotated[str | None, Query(description="Who vouches for it.")] = None,
    commit: Annotated[bool, Query(description="Write it, if nothing is wrong.")] = False,
    mode: Annotated[
        BatchMode,
        Query(description="What is written when items are faulty: nothing, or the good ones."),
    ] = "all",
) -> ExchangeReport:
    """Check a file of another credit bank; everything that is wrong is told with its place."""
    return exchange_import.bring_in(
        session,
        told,
        scheme=scheme,
        organisation=organisation_for(session, organisation, asker),
        commit=commit,
        faults=faults_in,
        by=asker.actor,
        now=now,
        today=today,
        mode=mode,
    )
