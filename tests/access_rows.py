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
FOLLOWS = {"worker": "counter", "trainer": "program"}
"""Who is let in where another is, but for what a row's ``but`` names.

A clerk at the counter, where the worker is who is present; a key with every scope that its
organisation can give, where the organisation's operators are.
"""
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
    items: list[Any] | None = None
    """A body that is a list."""
    form: dict[str, str] | None = None
    query: dict[str, str] | None = None
    headers: dict[str, str] | None = None
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
    told = _told()
    words: dict[str, str] = told.pop("groups")
    return {route: _row(route, row, words) for route, row in told.items()}


def groups() -> dict[str, str]:
    """Return the words that stand for several actors."""
    words: dict[str, str] = _told()["groups"]
    return words


def _told() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _row(route: str, told: dict[str, Any], words: dict[str, str]) -> Row:
    but = actors(told.get("but", ""), words)
    own, others, sees = (_let_in(route, told.get(name, ""), words) - but for name in _NAMED)
    everyone = _let_in(route, told["all"], words) - but if "all" in told else None
    call = {name: value for name, value in told.items() if name not in {*_NAMED, "all", "but"}}
    return Row(route, own, others, sees, everyone, **call)


def _let_in(route: str, text: str, words: dict[str, str]) -> frozenset[str]:
    """Return the actors that a text names; to a page a program is a stranger."""
    found = actors(text, words)
    if " /api/" in route or "stranger" in found:
        return found
    return found - {"program"}


def actors(text: str, words: dict[str, str]) -> frozenset[str]:
    """Return the actors that a text names or words for several name, and who follows them."""
    found: set[str] = set()
    for word in text.split(","):
        name = word.strip()
        if name in words:
            found |= actors(words[name], words)
        elif name:
            found |= {name} | {FOLLOWS.get(name, name)}
    return frozenset(found)
