"""The API's description (OpenAPI): refusals are problems, and what opens each operation.

Who may do what is read from the audience that a route names, never written down here.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from archive.people.api_keys import all_scopes
from archive.people.permissions import TABLE
from archive.texts import term
from archive.web.api.tokens import TOKENS
from archive.web.audiences import May
from archive.web.deps import fresh
from archive.web.house import House
from archive.web.problems import MEDIA_TYPE, Problem
from archive.web.routers import API
from schemas.outputs import FieldFault
from schemas.vocabulary import Language, Permission

_FIRST_REFUSAL = 400
_SESSION, _TOKEN, _KEY, _OAUTH = "session", "token", "key", "oauth2"


class DescribedApp(FastAPI):
    """An application whose description tells how it refuses, and who may do what."""

    def openapi(self) -> dict[str, Any]:
        """Return the description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _completed(super().openapi(), self.state.house)
        return self.openapi_schema


def permission_of(dependant: Dependant) -> Permission:
    """Return what a route asks for, of the audience that it names."""
    [named] = {call.permission for call in _calls(dependant) if isinstance(call, May)}
    return named


def security_of(dependant: Dependant) -> list[dict[str, list[str]]]:
    """Return what opens an operation: any one of these, with the permission; none needed: empty.

    What is sensitive opens to a browser's session alone, which proved itself a moment ago.
    """
    needed = permission_of(dependant)
    if None in TABLE.get(needed, {}):
        return []
    ways = [_SESSION] if fresh in _calls(dependant) else [_SESSION, _TOKEN]
    if _TOKEN in ways and needed in all_scopes():
        ways += [_KEY, _OAUTH]
    return [{way: [needed.value]} for way in ways]


def _calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def _completed(described: dict[str, Any], house: House) -> dict[str, Any]:
    """Say of each refusal that it is a problem; the framework knows only its own answer."""
    dependants = _dependants(route for router in API for route in router.routes)
    reference = "#/components/schemas/{model}"
    content = {MEDIA_TYPE: {"schema": {"$ref": reference.format(model="Problem")}}}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            told = operation["description"].replace("``", "")
            operation["description"] = told
            operation["summary"] = told.partition("\n")[0].rstrip(".")
            operation["security"] = security_of(dependants[method.upper(), path])
            for status, response in operation["responses"].items():
                if int(status) >= _FIRST_REFUSAL:
                    response["content"] = content
    components = described["components"]
    components["securitySchemes"] = _schemes(house)
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    for model in (Problem, FieldFault):
        schema = model.model_json_schema(ref_template=reference)
        schema.pop("$defs", None)
        components["schemas"][model.__name__] = schema
    return described


def _dependants(routes: Iterable[object]) -> dict[tuple[str, str], Dependant]:
    return {
        (method, route.path): route.dependant
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def _schemes(house: House) -> dict[str, Any]:
    """Return by what one is known here; the words beside it are the permissions needed."""
    scopes = {
        one.value: term(f"permission.{one}", Language.ENGLISH) for one in sorted(all_scopes())
    }
    address = house.settings.public_url + TOKENS
    return {
        _SESSION: {
            "type": "apiKey",
            "in": "cookie",
            "name": house.session_cookie,
            "description": "The session of a browser; send Origin with what changes something.",
        },
        _TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "description": "Of an account, by “skills-archive token ACCOUNT”; shown once.",
        },
        _KEY: {
            "type": "http",
            "scheme": "bearer",
            "description": "The secret of an organisation's key, ska_…; it may what it names.",
        },
        _OAUTH: {
            "type": "oauth2",
            "description": "A token for such a key, for half an hour.",
            "flows": {"clientCredentials": {"tokenUrl": address, "scopes": scopes}},
        },
    }
