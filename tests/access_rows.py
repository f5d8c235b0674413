"""Rows of the access matrix, from cases/access.toml: who may open which route, and whose.

A row names the actors that are let in at the own thing (``own``) and at another's
(``others``); a route that names no single thing has ``all`` instead. Whoever is not named is
refused: at the door, or because the thing is unknown, which reads like what is missing.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute

from archive.web.routers import ALL

_NAMED = ("own", "others", "sees")
FILE = Path(__file__).parent / "cases" / "access.toml"
ROUTES = {
    f"{method} {route.path}": route
    for router in ALL
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted((route.methods or set()) - {"HEAD"})
}


@dataclass(frozen=True)
class Row:
    """What the matrix says of one route, and how it is called."""

    route: str
    own: frozenset[str]
    others: frozenset[str]
    sees: frozenset[str]
    """Who may learn from a list that such things exist, though not touch them."""
    all: frozenset[str] | None
    things: dict[str, str] = field(default_factory=dict)
    """Which kind of thing of the scene a place in the address means, when not its own name."""
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    query: dict[str, str] | None = None
    file: str | None = None
    once: bool = False
    """Whether the thing is gone afterwards, so that each who is let in gets an archive anew."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """The route's template."""
        return self.route.partition(" ")[2]


def rows() -> dict[str, Row]:
    """Return the matrix, by route."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    groups: dict[str, str] = told.pop("groups")
    return {route: _row(route, row, groups) for route, row in told.items()}


def _row(route: str, told: dict[str, Any], groups: dict[str, str]) -> Row:
    own, others, sees = (_actors(told.get(name, ""), groups) for name in _NAMED)
    everyone = _actors(told["all"], groups) if "all" in told else None
    call = {name: value for name, value in told.items() if name not in {*_NAMED, "all"}}
    return Row(route, own, others, sees, everyone, **call)


def _actors(text: str, groups: dict[str, str]) -> frozenset[str]:
    found: set[str] = set()
    for word in text.split(","):
        name = word.strip()
        if name in groups:
            found |= _actors(groups[name], groups)
        elif name:
            found.add(name)
    return frozenset(found)
