"""Hostile texts in every field that anybody may fill, and every page that shows them.

The fields come from the routes and so do the pages: each is read as every role that it lets
in, and so is some of what it leads to.
"""

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from annotated_types import MaxLen
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from sqlmodel import update

from archive.people.models import Organisation
from archive.settings import Settings
from tests import builders
from tests.access_rows import ROUTES, Row, rows
from tests.access_scene import Scene, furnished
from tests.access_stage import BEGINS, asked
from tests.doors import Door, a_door
from tests.hostile_texts import (
    MARKUP,
    SHORT,
    TEXTS,
    achieved_in_page,
    achieved_in_table,
    is_shown_in,
)

EACH = 2  # So many things of one kind are read: the scene's own, and what is linked first.
_NAMED = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}|/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
_ENDS = re.compile("clos|end|revo|withdraw|reset|rotat|discard|declin|refus|transcript|export")
_LINK = re.compile(r'href="(/[^"]*)"(?! lang=)')  # Pages in the other language hold the same.


@pytest.fixture(scope="module")
def hostile(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Door, Scene]]:
    """Return an archive whose persons and organisations have hostile names."""
    home = tmp_path_factory.mktemp("hostile") / "var"
    shutil.copytree(migrated_sqlite, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builders, "an_identity", partial(builders.an_identity, name=MARKUP))
        door = a_door(Settings(home=home, demo=False))
    scene = furnished(door)
    with door.house.archive.transaction() as session:
        session.exec(update(Organisation).values(name=MARKUP, name_en=MARKUP, street=SHORT))
    yield door, scene
    door.house.close()


def _poisoned(annotation: Any, limits: Sequence[Any], given: Any, text: str) -> Any:
    """Return what is sent for a field: the text where any may stand, else what the row says."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _poisoned(inner, (*limits, *more), given, text)
    open_to = get_args(annotation) or (annotation,)
    if isinstance(given, dict):
        models = [one for one in _flat(open_to) if issubclass(one, BaseModel)]
        return _poisoned_model(_chosen(models, given), given, text) if models else given
    if not any(one is str or get_args(one)[:1] == (str,) for one in open_to):
        return given
    most = [one.max_length for one in _limits(open_to, limits) if isinstance(one, MaxLen)]
    return text if not most or len(text) <= min(most) else SHORT


def _limits(open_to: Sequence[Any], limits: Sequence[Any]) -> Iterator[Any]:
    for one in (*limits, *(more for kind in open_to for more in get_args(kind)[1:])):
        yield from getattr(one, "metadata", ()) or (one,)


def _flat(open_to: Sequence[Any]) -> Iterator[type]:
    for one in open_to:
        if isinstance(one, type):
            yield one
        else:
            yield from _flat(get_args(one))


def _chosen(models: Sequence[type[BaseModel]], given: dict[str, Any]) -> type[BaseModel]:
    kinds = {str(one.model_fields["kind"].default): one for one in models if len(models) > 1}
    return kinds.get(str(given.get("kind")), models[0])


def _poisoned_model(model: type[BaseModel], given: dict[str, Any], text: str) -> dict[str, Any]:
    sent = {
        name: _poisoned(told.annotation, told.metadata, given.get(name), text)
        for name, told in model.model_fields.items()
    }
    return {name: value for name, value in sent.items() if value is not None}


def _with_text(row: Row, text: str) -> Row:
    """Return a row whose fields all hold a text; also those that it leaves out."""
    form, body = dict(row.form or {}), row.json
    for name, told in _fields(ROUTES[row.route].dependant):
        model = told.annotation
        if " /api/" in row.route and isinstance(model, type) and issubclass(model, BaseModel):
            body = _poisoned_model(model, body or {}, text)
        elif isinstance(model, type) and issubclass(model, BaseModel):
            form |= _poisoned_model(model, form, text)
        elif (value := _poisoned(model, told.metadata, form.get(name), text)) is not None:
            form[name] = value
    return replace(row, form=form or row.form, json=body)


def _fields(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    for one in dependant.body_params:
        yield one.alias, one.field_info
    for inner in dependant.dependencies:
        yield from _fields(inner)


def _tries(row: Row, text: str) -> Iterator[Row]:
    """Return a row with every field poisoned, then with one at a time: some take no text."""
    whole = _with_text(row, text)
    yield whole
    for form in _singles(row.form or {}, whole.form or {}):
        yield replace(row, form=form)
    for body in _singles(row.json or {}, whole.json or {}):
        yield replace(row, json=body)


def _singles(plain: dict[str, Any], whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in whole.items():
        if isinstance(value, dict):
            yield from ({**plain, name: one} for one in _singles(plain.get(name) or {}, value))
        elif value != plain.get(name):
            yield {**plain, name: value}


def _write(door: Door, scene: Scene) -> Counter[str]:
    """Send the texts to every route; return which were taken, and how often.

    One text after the other, and what ends a thing last, so that the others find it open.
    """
    taken: Counter[str] = Counter()
    routes = sorted(rows().items(), key=lambda pair: (bool(_ENDS.search(pair[0])), pair[0]))
    for name, row in routes:
        named = row.all if row.all is not None else row.own | row.others
        if row.method == "GET" or not named or _with_text(row, MARKUP) == row:
            continue  # It has no field that takes a text.
        sent = next(
            (one for one in _tries(row, MARKUP) if _is_taken(door, scene, one, min(named))), None
        )
        if sent is not None:
            taken[name] += 1 + sum(
                _is_taken(door, scene, _with_text(sent, text), min(named)) for text in TEXTS[1:]
            )
    return taken


def _is_taken(door: Door, scene: Scene, row: Row, actor: str) -> bool:
    answer = asked(door, scene, row, actor, "own")
    assert answer.status < 500, row
    assert _achieved(answer.text) == [], row
    return answer.status < 400


def _achieved(text: str) -> list[str]:
    return achieved_in_page(text) if text.lstrip().lower().startswith("<!doctype html") else []


def _read(door: Door, scene: Scene, actor: str, addresses: list[str]) -> tuple[int, list[object]]:
    """Read pages as somebody, and some that they lead to; return how many showed a text."""
    client = door.visit(None if actor == "stranger" else actor)
    times: Counter[str] = Counter()
    shown, wrong, seen = 0, list[object](), set[str]()
    for address in addresses:
        form = _NAMED.sub("/·", address.partition("?")[0])
        if address in seen or times[form] >= (EACH if "·" in form else 1):
            continue
        seen.add(address)
        times[form] += 1
        answer = client.get(address)
        kind = answer.headers.get("content-type", "")
        found = []
        if kind.startswith("text/html"):
            found = achieved_in_page(answer.text)
            addresses += [one.replace("&amp;", "&") for one in _LINK.findall(answer.text)]
        elif kind.startswith("text/csv"):
            found = achieved_in_table(answer.text)
        else:
            assert answer.headers["x-content-type-options"] == "nosniff"
        shown += kind.startswith("text/html") and is_shown_in(answer.text)
        wrong += [(actor, address, found)] if found or answer.status_code >= 500 else []
    return shown, wrong


def test_a_hostile_text_in_any_field_is_only_ever_shown_as_text(hostile):
    door, scene = hostile
    taken = _write(door, scene)
    assert len(taken) > 30, sorted(taken)
    own = {kind: targets["own"] for kind, targets in scene.items()}
    pages: dict[str, list[str]] = {}
    for row in rows().values():
        if row.method != "GET" or " /api/" in row.route:
            continue
        places = {
            place: own.get(row.things.get(place, place), row.things.get(place, "none"))
            for place in re.findall(r"\{(\w+)\}", row.path)
        }
        for actor in (row.all if row.all is not None else row.own) - BEGINS.keys():
            pages.setdefault(actor, []).append(row.path.format_map(places))
    shown, wrong = Counter[str](), list[object]()
    for actor, addresses in sorted(pages.items()):
        shown[actor], faults = _read(door, scene, actor, addresses)
        wrong += faults
    assert wrong == []
    assert sum(shown.values()) > 100, shown
