"""What an organisation is accredited to post: the bureau reads any, an organisation its own."""

from fastapi import APIRouter

from archive.bureau import accreditation_views
from archive.errors import NotAllowedError
from archive.people import organisations
from archive.people.access import reaches_organisation
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import AccreditationReader
from archive.web.deps import ReadingDep, Today
from schemas.accreditation import AccreditationList
from schemas.vocabulary import Permission

router = APIRouter(responses=PROBLEMS)


@router.get("/api/v1/organisations/{code}/accreditations", tags=["Organisations"])
def accreditations(
    code: str, asker: AccreditationReader, session: ReadingDep, today: Today
) -> AccreditationList:
    """Return what is on record of an organisation, with its ends and narrowings."""
    body = organisations.coded(session, code)
    if not reaches_organisation(asker.actor, Permission.READ_ACCREDITATION, body.id):
        raise NotAllowedError
    return accreditation_views.listed(session, today=today, organisation_id=body.id)
