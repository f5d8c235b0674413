"""Pages on whom to trust: the roots with their fingerprints, and the same as one file."""

from fastapi import APIRouter, Response

from archive.transcripts.trust_view import trust_view
from archive.web.audiences import Verifier
from archive.web.deps import HouseDep, Now, ReadingDep
from archive.web.page import PageDep

router = APIRouter(include_in_schema=False)


@router.get("/trust")
def trust(
    page: PageDep, house: HouseDep, session: ReadingDep, now: Now, _asker: Verifier
) -> Response:
    """Show the certificates under which documents are signed, for comparing by eye."""
    bundle = house.trust(session, at=now)
    view = trust_view(session, bundle, house.keys)
    return page("public/trust.html", trust=view)


@router.get("/trust.pem")
def trust_file(house: HouseDep, session: ReadingDep, now: Now, _asker: Verifier) -> Response:
    """Send the roots and the lists of revoked keys; the address stays."""
    bundle = house.trust(session, at=now)
    return Response(bundle.to_pem(), media_type="application/x-pem-file")
