"""The application: everything put together by one factory. Importing it does nothing."""

import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware

from archive.dossiers.beside import Hands
from archive.files import UPLOADS, Evidence, Uploads
from archive.limiting.opening import open_limiter
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from archive.transcripts.providing import signing_keys
from archive.web import problems, routers
from archive.web.api.description import DescribedApp
from archive.web.demo_banner import DemoBanner
from archive.web.deps import clock
from archive.web.house import House
from archive.web.shell import BodyLimit, RequestLog, SecurityHeaders
from archive.web.static import StaticForEver
from archive.web.templating import STATIC, Templates
from archive.web.uploading import keep_in_memory

API_DESCRIPTION = "/api/v1/openapi.json"


def create_app(settings: Settings, *, has_others: bool = False) -> FastAPI:
    """Return the application on the archive that ``settings`` name.

    With others it has long work done in processes beside this one.
    """
    _configure_log()
    keep_in_memory()
    house = _furnished(settings, has_others=has_others)
    app = DescribedApp(
        title="Skills Archive",
        summary="Dossiers, credits, transcripts and their verification.",
        version="1",
        openapi_url=API_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # It would lead to whatever host the request names.
        lifespan=_open,
        middleware=[
            Middleware(SecurityHeaders, is_https=house.is_https),
            Middleware(RequestLog),
            Middleware(BodyLimit),
        ],
    )
    app.state.house = house
    problems.install(app)
    app.router.routes.extend(routers.SITE.routes)
    app.mount("/static", StaticForEver(directory=STATIC), name="static")
    return app


def _furnished(settings: Settings, *, has_others: bool) -> House:
    archive = open_archive(settings)
    digest = partial(vault_of(archive).digest, "limit")
    return House(
        settings=settings,
        archive=archive,
        uploads=Uploads(settings.home / UPLOADS, vault_of(archive)),
        evidence=Evidence(settings.evidence_folder),
        templates=Templates(settings.zone),
        demo=DemoBanner(archive),
        keys=signing_keys(settings, now=clock()),
        limiter=open_limiter(archive, digest, time.time),
        hands=Hands(archive, settings if has_others else None),
        has_others=has_others,
    )


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    threading.Thread(target=_warm_up, args=(app, house), name="warm-up", daemon=True).start()
    yield
    house.close()


def _warm_up(app: FastAPI, house: House) -> None:
    """Do what the first reader would wait for: work out the routes, heat the press."""
    for route in app.routes:
        route.matches({"type": "http", "method": "GET", "path": "/", "headers": []})
    house.press.works.warm()


def _configure_log() -> None:
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
