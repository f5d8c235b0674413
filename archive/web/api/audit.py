"""The audit for audit administrators: searched, taken away, verified; each is itself told."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from archive.audit import checking
from archive.audit.acts import tell_always
from archive.people import audit_search
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import AuditExporter, AuditSearcher, AuditVerifier
from archive.web.audit_files import streams_of, taken_away
from archive.web.deps import HouseDep, ReadingDep, Today
from schemas.audit import AuditAsked, AuditExportAsked, AuditLines, SealReport

router = APIRouter(prefix="/api/v1/audit", tags=["Audit"], responses=PROBLEMS)


@router.post("/search")
def search(
    asked: AuditAsked, asker: AuditSearcher, session: ReadingDep, house: HouseDep
) -> AuditLines:
    """Return what was done and seen, fifty events at a time, the newest first."""
    wanted = audit_search.wanted_by(asked, house.settings.zone)
    return audit_search.search(session, wanted, by=asker.actor, before=asked.before)


@router.post("/export", response_class=StreamingResponse)
def export(
    asked: AuditExportAsked,
    asker: AuditExporter,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
) -> StreamingResponse:
    """Hand over every event that is looked for, as CSV or JSON lines."""
    wanted = audit_search.wanted_by(asked, house.settings.zone)
    sought = audit_search.for_export(session, wanted, by=asker.actor)
    return taken_away(house, sought, asked.form, today)


@router.post("/verify")
def verify(_asker: AuditVerifier, session: ReadingDep, house: HouseDep) -> SealReport:
    """Check every seal of both streams, and every row under it."""
    tell_always(session)
    return checking.verify(streams_of(house))
