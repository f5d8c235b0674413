"""The stage of the access matrix: a furnished archive, and what a route answers to an actor."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from archive.people import accounts, api_keys, counter, look_ups, organisations, sessions
from archive.people.at_counter import OpenVisit
from archive.people.counter_models import Visit
from archive.people.privacy import vault_of
from archive.settings import Settings
from archive.web.app import create_app
from archive.web.deps import clock
from archive.web.problems import MEDIA_TYPE
from tests.access_rows import Row
from tests.access_scene import Scene, furnished
from tests.doors import Door, a_door
from tests.response_fields import faults

JSON = ("application/json", MEDIA_TYPE)
REFUSED = frozenset({401, 403})


@dataclass(frozen=True)
class Stage:
    """A furnished archive: on disk, to be copied by who changes it, and open, to be read."""

    home: Path
    door: Door
    scene: Scene

    def copied(self, home: Path) -> Door:
        """Return a door of its own on a copy."""
        shutil.copytree(self.home, home)
        app = create_app(Settings(home=home, demo=False))
        return Door(app, self.door.numbers, self.door.record_ids)


@pytest.fixture(scope="module")
def stage(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Return an archive that was furnished once."""
    folder = tmp_path_factory.mktemp("stage")
    shutil.copytree(migrated_sqlite, folder / "first")
    door = a_door(Settings(home=folder / "first", demo=False))
    scene = furnished(door)
    door.house.close()
    stage = Stage(folder / "first", door, scene)
    shared = stage.copied(folder / "shared")
    yield replace(stage, door=shared)
    shared.house.close()


@dataclass(frozen=True)
class Answer:
    """What came back, with what differs from request to request taken out."""

    status: int
    goes_to: str
    text: str
    statements: int

    @property
    def is_refused(self) -> bool:
        """Whether the door itself said no."""
        return self.status in REFUSED or self.goes_to.startswith("/sign-in")


def asked(door: Door, scene: Scene, row: Row, actor: str, which: str) -> Answer:
    client = door.visit()
    token = _token(door, row, actor) if actor != "stranger" else ""
    if actor == "program":
        client.headers["authorization"] = f"Bearer {token}"
    elif token:
        client.cookies.set(door.house.session_cookie, token)
    things = {kind: targets[which] for kind, targets in scene.items()}
    places = {
        place: things.get(row.things.get(place, place), row.things.get(place, "none"))
        for place in re.findall(r"\{(\w+)\}", row.path)
    }
    with _counted(door) as counted:
        response = client.request(
            row.method,
            row.path.format_map(places),
            params=_filled(row.query, things),
            headers=row.headers,
            json=_filled(row.items if row.json is None else row.json, things),
            data=_filled(row.form, things),
            files={"file": ("a.csv", b"x")} if row.file else None,
        )
    if response.headers.get("content-type") in JSON and " /api/" in row.route:
        found = faults(row.route, actor, response.status_code, response.json())
        assert found == [], (row.route, actor, which)
    known = (*things.values(), *places.values())
    goes_to = _without(response.headers.get("location", ""), known)
    return Answer(response.status_code, goes_to, _without(response.text, known), counted[0])


def _token(door: Door, row: Row, actor: str) -> str:
    """Return a session's token; what only reads may use one again and again."""
    known: dict[str, str] = door.app.state.__dict__.setdefault("tokens", {})
    if row.method != "GET" or actor not in known:
        begin = BEGINS.get(actor)
        known[actor] = begin(door) if begin else door.token(actor)
    return known[actor]


def a_key(door: Door) -> str:
    """Return the secret of a key of the trainer's institution, with all that it can name."""
    with door.house.archive.transaction() as session:
        body, by = (
            organisations.coded(session, "TP01"),
            accounts.named(session, "security administrator"),
        )
        everything = api_keys.allowed_to(body)
        return api_keys.make(session, body, "系统", everything, by=by, now=clock()).secret


def at_the_counter(door: Door) -> str:
    """Return the token of a clerk's session that acts for the worker, who is present."""
    token = door.token("clerk")
    with door.house.archive.transaction() as session:
        worker = look_ups.worker_numbered(session, door.numbers[0])
        mine = col(Visit.worker_id) == worker.worker_id
        visit_id = session.exec(select(Visit.id).where(mine)).first()
        assert visit_id is not None
        until = clock() + counter.LASTS
        visit = OpenVisit(visit_id, worker.worker_id, worker.archive_number, until)
        counter.stand_at(session, sessions.digest_of(token), visit, now=clock())
    return token


BEGINS: dict[str, Callable[[Door], str]] = {"program": a_key, "counter": at_the_counter}
"""How those come in who have no account of their own."""


def _without(text: str, known: Iterable[str]) -> str:
    """Return a text without what is named and what is drawn anew at each request."""
    for thing in known:
        text = text.replace(thing, "·")
    return re.sub(r'name="form_token" value="[0-9a-f]+"|[0-9a-f]{8}-[0-9a-f-]{27}', "·", text)


def _filled(told: Any, things: dict[str, str]) -> Any:
    match told:
        case str():
            return re.sub(r"\{(\w+)\}", lambda found: things.get(found[1], found[0]), told)
        case dict():
            return {name: _filled(value, things) for name, value in told.items()}
        case list():
            return [_filled(value, things) for value in told]
        case _:
            return told


@contextmanager
def _counted(door: Door) -> Iterator[list[int]]:
    """Count the statements on both databases of an archive, in a list of one."""
    archive, count = door.house.archive, [0]

    def add(*_: object) -> None:
        count[0] += 1

    engines: list[Engine] = [archive.engine, vault_of(archive).store.engine]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", add)
    yield count
    for engine in engines:
        event.remove(engine, "before_cursor_execute", add)
