"""The access matrix: every route with every actor, at the own, at another's, at nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access_rows import ROUTES, Row, rows
from tests.access_scene import TARGETS
from tests.access_stage import Answer, Stage, asked, stage
from tests.doors import Door

__all__ = ["stage"]
ROWS = rows()
ACTORS = (
    "stranger",
    "worker",
    "trainer",
    "trainer administrator",
    "employer",
    "employer administrator",
    "department",
    "street",
    "clerk",
    "approver",
    "administrator",
    "security administrator",
    "audit administrator",
    "counter",
    "program",
)
"""The last two are a clerk at the counter with the worker, and a key of the trainer's."""
UNKNOWN = frozenset({404, 410})  # An upload that is gone was never anybody else's.


@pytest.fixture
def opened(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> Iterator[Door]:
    """Return the door that all read, or one of its own to a test that may change something."""
    if request.getfixturevalue("name").startswith("GET"):
        yield stage.door
        return
    door = stage.copied(tmp_path / "var")
    yield door
    door.house.close()


def test_every_route_has_a_row_and_every_row_a_route():
    assert sorted(set(ROUTES) - set(ROWS)) == []
    assert sorted(set(ROWS) - set(ROUTES)) == []


@pytest.mark.parametrize("name", sorted(set(ROWS) & set(ROUTES)))
def test_a_route_opens_for_whom_the_matrix_names_and_for_nobody_else(stage, opened, name, tmp_path):
    row = ROWS[name]
    named = row.all if row.all is not None else row.own | row.others
    wrong: list[tuple[object, ...]] = []
    # Who is refused changes nothing; who is let in may, and so comes last.
    actors = ACTORS if " /api/" in name else ACTORS[:-1]
    for actor in sorted(actors, key=lambda one: (one in named, one)):
        if row.all is not None:
            answer = asked(opened, stage.scene, row, actor, "own")
            if answer.is_refused == (actor in row.all) or answer.status >= 500:
                wrong.append((actor, answer.status))
            continue
        if row.once and actor in named:
            opened.house.close()
            opened = stage.copied(tmp_path / actor)
        own = asked(opened, stage.scene, row, actor, "own")
        if own.is_refused and actor not in named:
            # Refused for what they are; another's thing is tried, and need not be compared.
            others = asked(opened, stage.scene, row, actor, "others")
            wrong += [] if others.is_refused else [(actor, "others", others.status)]
            continue
        rest = {which: asked(opened, stage.scene, row, actor, which) for which in TARGETS[1:]}
        if rest["others"] != rest["missing"] and actor not in row.others:
            # What is looked up once a minute fell between the two: now it is known.
            rest = {which: asked(opened, stage.scene, row, actor, which) for which in TARGETS[1:]}
        wrong += _faults(row, actor, {"own": own, **rest})
    assert wrong == []


def test_to_a_page_a_program_is_a_stranger(stage):
    pages = [
        row
        for name, row in ROWS.items()
        if row.method == "GET" and " /api/" not in name and row.all is not None
    ]
    assert len(pages) > 50
    opened = {row.route: asked(stage.door, stage.scene, row, "program", "own") for row in pages}
    assert [
        (row.route, opened[row.route].status)
        for row in pages
        if opened[row.route].is_refused == ("stranger" in (row.all or ()))
    ] == []


def _faults(row: Row, actor: str, answers: dict[str, Answer]) -> list[tuple[object, ...]]:
    wrong: list[tuple[object, ...]] = [
        (actor, which, one.status) for which, one in answers.items() if one.status >= 500
    ]
    for which, named in (("own", row.own), ("others", row.others)):
        is_open = not answers[which].is_refused and answers[which].status not in UNKNOWN
        if is_open != (actor in named):
            wrong.append((actor, which, answers[which].status))
    is_hidden = actor not in row.others | row.sees
    if is_hidden and answers["others"] != answers["missing"]:
        wrong.append((actor, "differs from missing", answers["others"], answers["missing"]))
    return wrong
