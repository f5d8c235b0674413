"""Answers to what is refused: problem details (RFC 9457) for programs, a page for people."""

from collections.abc import Sequence
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError
from starlette import status
from starlette.exceptions import HTTPException as StarletteHTTPException
from structlog.typing import FilteringBoundLogger

from archive.audit.acts import current
from archive.audit.events import Outcome
from archive.audit.refusals import AuditUnavailableError
from archive.db import is_full
from archive.errors import StorageFullError
from archive.files import LARGEST_BYTES, UploadTooLargeError
from archive.limiting.limiter import RateLimitedError
from archive.people.attempts import SignInLockedError
from archive.people.sessions import ProofNeededError, SignInNeededError
from archive.people.share_refusals import SharePinNeededError, SharePinWrongError
from archive.people.trail import trail_of
from archive.texts import explained, in_language
from archive.transcripts.refusals import DocumentsBusyError
from archive.web import client_credentials, refusals
from archive.web.deps import viewer_if_known
from archive.web.field_faults import faults_of
from archive.web.house import house_of
from archive.web.languages import chosen
from archive.web.page import Page, page_after_all
from archive.web.referrers import path_before
from archive.web.statuses import status_of
from archive.web.xapi_versions import spoken_to
from schemas.contracts import Bilingual, Contract
from schemas.outputs import FieldFault
from schemas.refusals import Refusal

API = "/api/"
SHARE = "/s/"
MEDIA_TYPE = "application/problem+json"

_COMES_LATER = (
    RateLimitedError | SignInLockedError | DocumentsBusyError | refusals.VerificationBusyError
)
"""These tell after how many seconds to ask again."""
_DENIED = frozenset({status.HTTP_403_FORBIDDEN, status.HTTP_429_TOO_MANY_REQUESTS})

log: FilteringBoundLogger = structlog.get_logger("archive.web")


class Problem(Contract):
    """Why a request was refused and what to do, for programs and for the people behind them."""

    type: str
    title: str
    status: int
    detail: str
    """What is wrong and what to do, in the language that was asked for."""
    code: str
    """Names the refusal for good; programs decide by this."""
    messages: Bilingual
    errors: tuple[FieldFault, ...] = ()
    """The single fields that are at fault."""


def install(app: FastAPI) -> None:
    """Answer every refusal of this application."""
    app.add_exception_handler(Refusal, _on_refusal)
    for fault in (OperationalError, ProgrammingError):
        app.add_exception_handler(fault, _on_database)
    app.add_exception_handler(DataError, _on_value)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(StarletteHTTPException, _on_http)


def answer(request: Request, refusal: Refusal, faults: Sequence[FieldFault] = ()) -> Response:
    """Return the answer to a refused request."""
    code = status_of(type(refusal)) or status.HTTP_500_INTERNAL_SERVER_ERROR
    response = _answer(request, refusal, code, faults)
    if isinstance(refusal, _COMES_LATER):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _answer(
    request: Request, refusal: Refusal, code: int, faults: Sequence[FieldFault]
) -> Response:
    if request.url.path.startswith(API):
        return _problem(request, refusal, code, faults)
    if request.url.path.startswith(client_credentials.OAUTH):
        return client_credentials.refused(refusal, code)
    if isinstance(refusal, SignInNeededError) and request.method == "GET":
        return RedirectResponse(
            f"/sign-in?next={quote(request.url.path)}", status.HTTP_303_SEE_OTHER
        )
    if isinstance(refusal, ProofNeededError) and not _is_program(request):
        return RedirectResponse(
            f"/prove?next={quote(_asked_from(request))}", status.HTTP_303_SEE_OTHER
        )
    page = page_after_all(request)
    if request.url.path.startswith(SHARE):
        return _share_closed(page, refusal, code)
    return page("error.html", code, refusal=refusal, code=code, faults=faults)


def _is_program(request: Request) -> bool:
    return "authorization" in request.headers


def _asked_from(request: Request) -> str:
    """Return the page to which somebody comes back after a proof: this one, or the form's."""
    if request.method == "GET":
        return request.url.path
    return path_before(request) or "/account"


def _share_closed(page: Page, refusal: Refusal, code: int) -> Response:
    """Answer that a share does not open. A page with a form leaves browsers their Origin."""
    if isinstance(refusal, SharePinNeededError | SharePinWrongError):
        return page("public/share_pin.html", code, refusal=refusal)
    if not refusal.code.startswith("share_"):
        return page("error.html", code, refusal=refusal, code=code, faults=())
    response = page("public/share_closed.html", code, refusal=refusal)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _problem(
    request: Request, refusal: Refusal, code: int, faults: Sequence[FieldFault]
) -> Response:
    language = chosen(request, house_of(request).settings.lang)
    problem = Problem(
        type=f"/problems#{refusal.code}",
        title=refusal.code.replace("_", " ").capitalize(),
        status=code,
        detail=in_language(refusal.template, language, refusal.facts),
        code=refusal.code,
        messages=explained(refusal),
        errors=tuple(faults),
    )
    headers = {"Content-Language": language.value, **spoken_to(request)}
    challenge = _challenge(request, code)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    return JSONResponse(problem.model_dump(mode="json"), code, headers, media_type=MEDIA_TYPE)


def _challenge(request: Request, code: int) -> str | None:
    """Return what a program is told of its token (RFC 6750, 3); None when that is not at fault."""
    if code == status.HTTP_401_UNAUTHORIZED:
        is_unknown = _is_program(request) and viewer_if_known(request) is None
        return 'Bearer error="invalid_token"' if is_unknown else "Bearer"
    asker = viewer_if_known(request) if code == status.HTTP_403_FORBIDDEN else None
    needed = getattr(request.state, "permission", None)
    held = asker.actor.narrowed_to if asker else None
    if held is None or needed is None or needed in held:
        return None
    return f'Bearer error="insufficient_scope", scope="{needed}"'


def _on_refusal(request: Request, refused: Exception) -> Response:
    if not isinstance(refused, Refusal):
        raise refused
    try:
        _tell(request, refused)
    except AuditUnavailableError as untold:
        return answer(request, untold)
    return answer(request, refused)


def _tell(request: Request, refused: Refusal) -> None:
    """Tell the access log what was denied, in a transaction of its own: the request's is undone.

    What is missing and what is another's look the same to whoever asks, so both are told. A
    stranger who asks for a page behind the sign-in was denied nothing yet.
    """
    act, code = current(), status_of(type(refused))
    if act is None or act.is_told or isinstance(refused, refusals.PageUnknownError):
        return
    is_denied = code in _DENIED or (code == status.HTTP_404_NOT_FOUND and act.actor_id is not None)
    if is_denied:
        told = {"worker_id": act.asked_for, "outcome": Outcome.REFUSED.value, "code": refused.code}
        trail_of(house_of(request).archive).tell(act, **told)


def _on_database(request: Request, fault: Exception) -> Response:
    """Answer that the database is away, or has no tables; its own words are not repeated."""
    log.critical("database", error=type(fault).__qualname__)
    if is_full(fault):
        return answer(request, StorageFullError())
    return answer(request, refusals.DatabaseUnavailableError())


def _on_value(request: Request, fault: Exception) -> Response:
    """Answer that the database can't keep a value: such as a NUL in the text of a JSON body."""
    log.warning("database_value", error=type(fault).__qualname__)
    return answer(request, refusals.RequestUnreadableError())


def _on_invalid(request: Request, invalid: Exception) -> Response:
    if not isinstance(invalid, RequestValidationError):
        raise invalid
    faults = faults_of(invalid.errors())
    if any(fault.field.startswith("path.") for fault in faults):
        return answer(request, refusals.PageUnknownError())
    fields = ", ".join(fault.field for fault in faults)
    return answer(request, refusals.RequestInvalidError(fields=fields), faults)


def _on_http(request: Request, refused: Exception) -> Response:
    if not isinstance(refused, StarletteHTTPException):
        raise refused
    response = answer(request, _refusal_for(refused.status_code))
    for name, value in (refused.headers or {}).items():
        response.headers[name] = value  # Such as Allow, which a 405 must carry.
    return response


def _refusal_for(code: int) -> Refusal:
    match code:
        case status.HTTP_404_NOT_FOUND:
            return refusals.PageUnknownError()
        case status.HTTP_405_METHOD_NOT_ALLOWED:
            return refusals.MethodUnknownError()
        case status.HTTP_413_CONTENT_TOO_LARGE:
            return UploadTooLargeError(megabytes=LARGEST_BYTES // 1024**2)
        case _:
            return refusals.RequestUnreadableError()
