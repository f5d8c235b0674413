"""What lies round every request: security headers, the log, the body's limit, the last resort.

The log tells method, route, status and milliseconds. It never tells the query, a header, a
body or an exception's text, because those may name a person.
"""

import secrets
import time
import traceback

import structlog
from fastapi import HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from archive.audit.acts import Act, acting
from archive.dossiers.programs.batch_refusals import BatchTooLargeError
from archive.dossiers.programs.batch_splitting import MOST_BYTES
from archive.files import LARGEST_BYTES, UploadTooLargeError
from archive.web.addresses import address_of
from archive.web.deps import clock
from archive.web.house import house_of
from archive.web.problems import answer
from archive.web.refusals import UnexpectedError
from schemas.refusals import Refusal

_MEGABYTE = 1024**2
_FORM_BYTES = LARGEST_BYTES + _MEGABYTE  # The file, and the other fields of its form.
_PLAIN_BYTES = _MEGABYTE
_BATCHES = "/api/v1/records/batch"
_DRAINED_BYTES = 5 * LARGEST_BYTES  # A browser shows an answer only once it could send all.

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Tells other sites nothing, and yet leaves our own forms their Origin (the guard needs it).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

log: FilteringBoundLogger = structlog.get_logger("archive.web")


class SecurityHeaders:
    """Adds the headers that every answer carries, unless it set them itself."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        """Take whether browsers should be told to come by https only."""
        self._app = app
        headers = dict(HEADERS)
        if is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, adding headers as the answer starts."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name for name, _ in message["headers"]}
                added = [pair for pair in self._headers if pair[0] not in there]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, receive, sending)


class RequestLog:
    """Writes one line a request, and answers when nobody else could."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application below."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve and log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        number = secrets.token_hex(4)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        # A dependency and its route run in threads of their own, each with a copy of the
        # context; all of them find this one act.
        request = Request(scope, receive)
        address = address_of(request, house_of(request).settings.proxies)
        act = Act(at=clock(), request=number, address=address)
        try:
            with acting(act):
                await self._app(scope, receive, sending)
        except Exception as unforeseen:  # noqa: BLE001 -- The last door before the wire.
            log.critical("unforeseen", request=number, **_where(unforeseen))
            if status:
                raise ConnectionError from None  # Half an answer is out: cut it off.
            refusal = UnexpectedError(request=number)
            response = await run_in_threadpool(answer, Request(scope, receive), refusal)
            await response(scope, receive, sending)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            log.info(
                "request",
                request=number,
                method=scope["method"],
                route=_route(scope),
                status=status,
                ms=milliseconds,
            )


class BodyLimit:
    """Refuses bodies that are larger than anything we ask for."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application below."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, counting what is received."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        limit = _limit(request)
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await _drain(receive)
            refusal = _too_large(request, limit)
            response = await run_in_threadpool(answer, request, refusal)
            await response(scope, receive, send)
            return
        received = 0

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, receiving, send)


def _limit(request: Request) -> int:
    if request.url.path == _BATCHES:
        return MOST_BYTES + _MEGABYTE  # Its reader counts for itself.
    is_form = request.headers.get("content-type", "").startswith("multipart/")
    return _FORM_BYTES if is_form else _PLAIN_BYTES


def _too_large(request: Request, limit: int) -> Refusal:
    if request.url.path == _BATCHES:
        return BatchTooLargeError(megabytes=MOST_BYTES // _MEGABYTE)
    return UploadTooLargeError(megabytes=min(limit, LARGEST_BYTES) // _MEGABYTE)


async def _drain(receive: Receive) -> None:
    read, more = 0, True
    while more and read < _DRAINED_BYTES:
        message = await receive()
        read += len(message.get("body", b""))
        more = bool(message.get("more_body"))


def _route(scope: Scope) -> str:
    """Return the route's template, never the path: it may carry a code."""
    return getattr(scope.get("route"), "path", "-")


def _where(unforeseen: Exception) -> dict[str, object]:
    frames = traceback.extract_tb(unforeseen.__traceback__)
    return {
        "error": type(unforeseen).__qualname__,
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }
