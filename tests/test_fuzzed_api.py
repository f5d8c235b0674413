"""The API, tried with whatever its own description allows and forbids: nothing breaks it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.settings import Settings
from archive.web.app import API_DESCRIPTION
from archive.web.problems import MEDIA_TYPE
from tests.access_rows import ROUTES
from tests.access_scene import Scene, furnished
from tests.doors import Door, a_door

KINDS = {"case_id": "appeal"}
ACTORS = ("worker", "trainer", "clerk", "approver")
TRIES = 25  # A route: with some eighty routes it makes two thousand requests.


@schemathesis.serializer("application/x-ndjson")
def lines(_: schemathesis.SerializationContext, value: str) -> bytes:
    """Return lines of JSON as they are sent."""
    return value.encode(errors="replace")


@pytest.fixture(scope="module")
def tried(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Return a furnished door that bears what is thrown at it."""
    home = tmp_path_factory.mktemp("tried") / "var"
    shutil.copytree(migrated_sqlite, home)
    door = a_door(Settings(home=home, demo=False))
    yield door
    door.house.close()


@pytest.fixture(scope="module")
def scene(tried: Door) -> Scene:
    """Return what stands behind the door."""
    return furnished(tried)


@pytest.fixture(scope="module")
def described(tried: Door) -> schemathesis.BaseSchema:
    """Return the API as it describes itself."""
    told = schemathesis.openapi.from_dict(tried.visit().get(API_DESCRIPTION).json())
    told.config.generation.update(with_security_parameters=False)  # The clients bring tokens.
    return told


API = sorted(name for name in ROUTES if " /api/" in name)


@pytest.mark.parametrize("name", API)
def test_whatever_is_sent_is_answered_or_refused_with_a_code(tried, described, scene, name):
    method, _, path = name.partition(" ")
    operation = described[path][method]
    clients = [tried.visit(), *map(tried.program, ACTORS)]

    @settings(max_examples=TRIES, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def sent(data):
        case = data.draw(operation.as_strategy())
        if data.draw(st.booleans()):
            case.path_parameters = {
                place: scene.get(KINDS.get(place, place), {"own": value})["own"]
                for place, value in (case.path_parameters or {}).items()
            }
        sent = case.as_transport_kwargs(base_url="http://testserver")
        sent.pop("cookies", None)
        if isinstance(sent.get("data"), str | bytes):
            sent["content"] = sent.pop("data")
        response = data.draw(st.sampled_from(clients)).request(**sent)

        assert response.status_code < 500
        if response.status_code >= 400:
            assert response.headers["content-type"] == MEDIA_TYPE
            assert response.json()["code"]

    sent()
