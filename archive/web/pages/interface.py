"""Pages for the people who write programs: the API's operations, and every refusal."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from archive.web.audiences import Reader
from archive.web.page import PageDep
from archive.web.statuses import STATUS_OF, status_of
from schemas.refusals import Refusal, all_refusals

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that the API can do."""

    method: str
    path: str
    summary: str
    group: str


@router.get("/api")
def operations(page: PageDep, request: Request, _asker: Reader) -> Response:
    """List what the API can do; the machine-readable description has the details."""
    listed = [
        Operation(method.upper(), path, told["summary"], told["tags"][-1])
        for path, methods in request.app.openapi()["paths"].items()
        for method, told in methods.items()
    ]
    return page("public/interface.html", operations=listed, description=request.app.openapi_url)


@router.get("/problems")
def problems(page: PageDep, _asker: Reader) -> Response:
    """List every refusal that the API can answer with, by code."""
    return page("public/problems.html", refusals=answerable())


def answerable() -> list[tuple[type[Refusal], int]]:
    """Return every refusal that has an answer here, by status and code."""
    bases = {kind for kind in STATUS_OF if "code" not in vars(kind)}
    found = [(kind, status_of(kind)) for kind in all_refusals() if kind not in bases]
    told = [(kind, status) for kind, status in found if status is not None]
    return sorted(told, key=lambda one: (one[1], one[0].code))
