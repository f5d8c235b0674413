"""Pages for the people who write programs: the API's operations, and every refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from archive.web.api.tokens import TOKENS
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
    needed: str | None
    """The permission that it needs; None when it is open to all."""
    is_for_keys: bool
    """Whether a key of an organisation can have that permission."""


@router.get("/api")
def operations(page: PageDep, request: Request, _asker: Reader) -> Response:
    """List what the API can do; the machine-readable description has the details."""
    listed = [
        _operation(method.upper(), path, told)
        for path, methods in request.app.openapi()["paths"].items()
        for method, told in methods.items()
    ]
    described = request.app.openapi_url
    return page("public/interface.html", operations=listed, description=described, tokens=TOKENS)


def _operation(method: str, path: str, told: Mapping[str, Any]) -> Operation:
    opened_by: list[tuple[str, list[str]]] = [
        (name, words) for way in told["security"] for name, words in way.items()
    ]
    needed = opened_by[0][1][0] if opened_by else None
    is_for_keys = "key" in {name for name, _ in opened_by}
    return Operation(method, path, told["summary"], needed, is_for_keys)


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
