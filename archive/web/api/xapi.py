"""The Experience API, as far as course platforms post results by it (1.0.3 and 2.0)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status

from archive.dossiers.programs import arrivals, statements
from archive.dossiers.programs.platform_courses import BY_CODE
from archive.dossiers.programs.platform_people import DOCUMENTS
from archive.dossiers.programs.statement_reading import USED, statement_in, statements_in
from archive.dossiers.programs.statement_refusals import XapiTypeError
from archive.dossiers.programs.statements import Moment
from archive.web.api.asked import PROBLEMS, organisation_for
from archive.web.audiences import Reader, RecordPoster
from archive.web.deps import HouseDep, Now, SessionDep
from archive.web.field_faults import faults_in
from archive.web.house import House
from archive.web.media_types import charset_is_utf8, media_type
from archive.web.xapi_versions import SPOKEN, VERSION, version_of
from schemas.platforms import ArrivalList
from schemas.vocabulary import DocumentType

router = APIRouter(prefix="/api/v1", tags=["xAPI"], responses=PROBLEMS)

_JSON = "application/json"
_STATEMENT = {
    "type": "object",
    "required": ["actor", "verb", "object"],
    "description": "A statement of xAPI 1.0.3 or 2.0.",
}
_ONE: dict[str, Any] = {
    "requestBody": {"required": True, "content": {_JSON: {"schema": _STATEMENT}}}
}
_MANY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {"schema": {"oneOf": [_STATEMENT, {"type": "array", "items": _STATEMENT}]}}
        },
    }
}


def spoken(
    request: Request,
    response: Response,
    _asked: Annotated[str | None, Header(alias=VERSION, description="1.0.3 or 2.0.0")] = None,
) -> None:
    """Answer in the version that is asked for; raises XapiVersionError."""
    response.headers[VERSION] = version_of(request)


async def body_of(request: Request) -> bytes:
    """Return the body of a request with statements; raises XapiTypeError."""
    written = request.headers.get("content-type", "")
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if media_type(written) != _JSON or not charset_is_utf8(written) or packed != "identity":
        raise XapiTypeError
    return await request.body()


_Body = Annotated[bytes, Depends(body_of)]
_Organisation = Annotated[
    str | None, Query(description="Code; left out, the account's own organisation.")
]


@router.post("/xapi/statements", dependencies=[Depends(spoken)], openapi_extra=_MANY)
def post(
    asker: RecordPoster,
    body: _Body,
    house: HouseDep,
    session: SessionDep,
    now: Now,
    organisation: _Organisation = None,
) -> list[UUID]:
    """Take statements, all or none; the answer lists their identifiers in the order sent."""
    sent = statements_in(body, faults_in)
    whose = organisation_for(session, organisation, asker)
    statements.take(session, sent, whose, by=asker.actor, at=_moment(house, now))
    return [one.id for one in sent]


@router.put(
    "/xapi/statements",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    dependencies=[Depends(spoken)],
    openapi_extra=_ONE,
)
def put(
    asker: RecordPoster,
    body: _Body,
    house: HouseDep,
    session: SessionDep,
    now: Now,
    statement: Annotated[str | None, Query(alias="statementId")] = None,
    organisation: _Organisation = None,
) -> None:
    """Take one statement under the identifier of the address."""
    sent = statement_in(body, statement, faults_in)
    whose = organisation_for(session, organisation, asker)
    statements.take(session, sent, whose, by=asker.actor, at=_moment(house, now))


@router.get("/xapi/about")
def about(_: Reader, house: HouseDep, response: Response) -> dict[str, Any]:
    """Tell which versions are spoken, and how courses and people are named."""
    home = house.settings.public_url
    response.headers[VERSION] = SPOKEN["2"]
    return {
        "version": list(SPOKEN.values()),
        "extensions": {
            f"{home}/xapi/verbs": sorted(USED),
            f"{home}/xapi/courses": f"{BY_CODE}CODE",
            f"{home}/xapi/accounts": [f"{home}{DOCUMENTS}{one}" for one in DocumentType],
        },
    }


@router.get("/arrivals")
def arrived(
    asker: RecordPoster,
    session: SessionDep,
    now: Now,
    organisation: _Organisation = None,
) -> ArrivalList:
    """Return what course platforms sent within thirty days, and why some could not be used."""
    whose = organisation_for(session, organisation, asker)
    return arrivals.listed(session, whose.id, by=asker.actor, now=now)


def _moment(house: House, now: Now) -> Moment:
    return Moment(now, house.settings.zone, house.settings.public_url)
