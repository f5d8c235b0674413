"""The allow-list of the API's answers, from cases/fields.toml: who may be told which field.

A class of an answer (a model of schemas/) names its fields and the actors that may receive
them. What names or identifies a person stands apart, each with the reason why it is told:
by the field's name, and by the value too, for the persons that the tests know.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from archive.web.problems import Problem
from tests.access_rows import ROUTES, actors, groups
from tests.builders import an_identity

FILE = Path(__file__).parent / "cases" / "fields.toml"
NAMES_A_PERSON = re.compile(
    r"""(former_|holder_|master_|full_)?names?(_masked)? | holder | visitor | people | worker
    | .*(archive|document|certificate|closing|into)_number.* | born_on | birth.* | phone | email
    | (postal_)?address | contacts? | values | account | payload
    | (proposed|answered|approved|asked)_by""",
    re.VERBOSE,
)
"""Names of fields whose text may be about one person: staff are persons too."""
_PERSONS = [an_identity(serial) for serial in (1, 2)]
KNOWN = frozenset(
    {one.name for one in _PERSONS} | {one.document_number for one in _PERSONS} | {"13800138000"}
)
"""What must be told nowhere else: names, ID numbers and a phone of the tests' persons."""

Schema = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One field of an answer, and of which class it is."""

    model: str
    name: str
    value: object
    """What it says itself; None when it only holds fields of other classes."""
    is_empty: bool


@dataclass(frozen=True)
class Allowed:
    """What may be told of one class, and to whom."""

    to: frozenset[str]
    fields: frozenset[str]
    persons: dict[str, str]
    """Fields that name or identify a person, and why each is told."""
    only: dict[str, frozenset[str]]
    """Fields that fewer receive, and who."""

    def reaches(self, actor: str, told: Told) -> bool:
        """Whether an actor may receive a field; one that stands empty tells nothing."""
        is_narrow = told.name in self.only and not told.is_empty
        return actor in (self.only[told.name] if is_narrow else self.to)


@cache
def allowed() -> dict[str, Allowed]:
    """Return the allow-list, by class."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        model: Allowed(
            actors(one["to"], groups()),
            frozenset(one["fields"].split(", ")) - {""} | frozenset(one.get("persons", {})),
            one.get("persons", {}),
            {name: actors(to, groups()) for name, to in one.get("only", {}).items()},
        )
        for model, one in told.items()
    }


def faults(route: str, actor: str, status: int, answer: object) -> list[tuple[str, str]]:
    """Return the fields of an answer that this actor may not be told, and why not."""
    schema = schema_of(None if status >= 400 else route)
    return [
        (f"{one.model}.{one.name}", fault)
        for one in told_by(answer, schema, schema.get("$defs", {}))
        for fault in _faults(one, actor)
    ]


def _faults(told: Told, actor: str) -> Iterator[str]:
    listed = allowed().get(told.model)
    if listed is None or told.name not in listed.fields:
        yield "not in the list"
        return
    if not listed.reaches(actor, told):
        yield f"not for {actor}"
    if told.name not in listed.persons and any(known in str(told.value) for known in KNOWN):
        yield "tells of a person, and the list does not say why"


@cache
def schema_of(route: str | None) -> Schema:
    """Return how a route describes its answer; without a route, how a refusal is described."""
    model = Problem if route is None else ROUTES[route].response_model
    return TypeAdapter(model).json_schema(mode="serialization")


def told_by(value: object, schema: Schema, known: dict[str, Schema]) -> Iterator[Told]:
    """Return the fields that a value holds, by the classes of its description."""
    schema = _chosen(value, schema, known)
    if isinstance(value, list):
        for one in value:
            yield from told_by(one, schema.get("items", {}), known)
    elif isinstance(value, dict) and isinstance(schema.get("additionalProperties"), dict):
        for one in value.values():
            yield from told_by(one, schema["additionalProperties"], known)
    elif isinstance(value, dict) and schema.get("additionalProperties") is True:
        return  # What is open to anything has no classes.
    elif isinstance(value, dict) and "title" in schema:
        described = schema.get("properties", {})
        for name, one in value.items():
            inner = list(told_by(one, described.get(name, {}), known))
            yield Told(schema["title"], name, None if inner else one, is_empty=not one)
            yield from inner


def _chosen(value: object, schema: Schema, known: dict[str, Schema]) -> Schema:
    """Return the description that fits, of those that a description leaves open."""
    if "$ref" in schema:
        return _chosen(value, known[schema["$ref"].rpartition("/")[2]], known)
    variants: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or []
    open_to = [_chosen(value, one, known) for one in variants]
    if not open_to:
        return schema
    fitting = [one for one in open_to if _fits(value, one)]
    return fitting[0] if fitting else {"title": " or ".join(one["title"] for one in open_to)}


def _fits(value: object, schema: Schema) -> bool:
    if not isinstance(value, dict):
        return "properties" not in schema
    described = schema.get("properties", {})
    constants = {name: one["const"] for name, one in described.items() if "const" in one}
    left_out = described.keys() - value.keys()  # A field at its default may be left out.
    is_whole = all("default" in described[name] for name in left_out)
    is_known = value.keys() <= described.keys()
    return is_known and is_whole and constants.items() <= value.items()


def described_fields() -> dict[str, dict[str, Schema]]:
    """Return every class that an answer can hold, with its fields and how they are described."""
    found: dict[str, dict[str, Schema]] = {}
    for route in (None, *ROUTES):
        if route is not None and (" /api/" not in route or not ROUTES[route].response_model):
            continue
        schema = schema_of(route)
        for one in (schema, *schema.get("$defs", {}).values()):
            if "properties" in one:
                found[one["title"]] = one["properties"]
    return found


def is_about_a_person(name: str, schema: Schema) -> bool:
    """Whether a field's name says that its text is about one person."""
    return bool(NAMES_A_PERSON.fullmatch(name)) and not any(
        word in str(schema) for word in ("$ref", "'boolean'", "'integer'")
    )
