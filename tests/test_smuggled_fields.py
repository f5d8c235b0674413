"""Fields that nobody asked for, sent along with every form and body: nothing heeds them.

Mass assignment (OWASP API3:2023). What is sent are the names of all columns of the archive,
with values that would do harm; what is compared are all stored rows.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, String

from archive.migrations.tables import METADATA
from tests.access_rows import FOLLOWS, ROUTES, Row, rows
from tests.access_stage import Answer, Stage, asked, stage
from tests.doors import Door
from tests.stored_rows import Stored, put_back

__all__ = ["stage"]
ID = "5eed5eed-5eed-4eed-8eed-5eed5eed5eed"
DAY, NUMBER, WORD = "1999-01-01", "1937400217", "smuggled"
MARKS = (ID, ID.replace("-", ""), DAY, NUMBER, WORD)
"""Too long to stand by chance in a drawn identifier, a hash or the microseconds of a time."""
TELLS = frozenset({"access_event", "audit_event", "rate_limit", "sign_in"})
"""Tables that tell of a refused request: the audit, the limiter, the sign-in before it."""
WRITING = sorted(name for name in ROUTES if not name.startswith("GET "))


def _worth(column: Column[Any]) -> str:
    """Return what an attacker would like to see in a column."""
    match column.type:
        case Boolean():
            return str(column.name != "is_active").lower()
        case DateTime():
            return f"{DAY}T00:00:00Z"
        case Date():
            return DAY
        case Integer():
            return NUMBER
        case String(length=32):
            return ID
        case _:
            return "approver" if column.name == "role" else f"{WORD} {column.name}"


SMUGGLED = {
    **{column.name: _worth(column) for table in METADATA.tables.values() for column in table.c},
    **dict.fromkeys(("is_admin", "is_staff", "admin", "status", "approved_by"), f"{WORD} true"),
}


def _own(dependant: Dependant) -> Iterator[str]:
    """Return the names of the fields that a route asks for."""
    for asked_for in dependant.body_params:
        model = asked_for.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from model.model_fields
        else:
            yield asked_for.alias
    for inner in dependant.dependencies:
        yield from _own(inner)


def _with_more(row: Row) -> Row:
    own = set(_own(ROUTES[row.route].dependant)) | {"form_token"}
    more = {name: told for name, told in SMUGGLED.items() if name not in own}
    if " /api/" in row.route and not row.file:
        return replace(row, json={**(row.json or {}), **more})
    return replace(row, form={**(row.form or {}), **more})


@pytest.fixture(scope="module")
def tried(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Return a door whose rows are put back after every request."""
    door = stage.copied(tmp_path_factory.mktemp("tried") / "var")
    yield door
    door.house.close()


def test_fields_that_a_route_did_not_ask_for_change_nothing_in_the_database(stage, tried):
    home = tried.house.settings.home
    before = Stored.under(stage.home)
    wrong, written = [], 0

    def told(row: Row, actor: str) -> tuple[Answer, Counter[tuple[str, ...]]]:
        put_back(home, stage.home)
        return asked(tried, stage.scene, row, actor, "own"), before.new(home)

    for name in WRITING:
        row = rows()[name]
        let_in = row.all if row.all is not None else row.own
        actor = min(let_in - set(FOLLOWS.values()), default="worker")
        answer, new = told(_with_more(row), actor)
        if any(mark in cell for one in new for cell in one for mark in MARKS):
            wrong.append((name, "stored what was smuggled in"))
        changed = {one[0] for one in new} - TELLS
        if answer.status == 422 or not changed:
            wrong += [(name, table) for table in changed]
            continue
        plain, expected = told(row, actor)
        written += bool({one[0] for one in expected} - TELLS)
        if (answer.status, answer.goes_to) != (plain.status, plain.goes_to):
            wrong.append((name, f"{answer.status} instead of {plain.status}"))
        if before.plain(new) != before.plain(expected):
            wrong.append((name, f"{new - expected} instead of {expected - new}"))
    assert wrong == []
    assert written > 40


def test_every_body_of_the_api_refuses_fields_that_it_does_not_know():
    schemas = [
        TypeAdapter[object](body).json_schema()
        for name in WRITING
        if " /api/" in name
        for asked_for in ROUTES[name].dependant.body_params
        if (body := asked_for.field_info.annotation) is not None and asked_for.alias != "file"
    ]
    classes = [one for schema in schemas for one in (schema, *schema.get("$defs", {}).values())]
    assert len(schemas) > 25
    assert [
        one["title"]
        for one in classes
        if "properties" in one and one.get("additionalProperties") is not False
    ] == []
