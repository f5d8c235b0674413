"""Pages for everyone."""

import pytest
from starlette.testclient import TestClient

from archive.settings import Settings
from archive.web.app import create_app
from tests.doors import OWN_PAGE


@pytest.mark.parametrize("path", ["/", "/verify", "/sign-in", "/api", "/problems"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_for_everyone_open_in_both_languages(door, path, language):
    response = door.visit().get(f"{path}?lang={language}")
    assert response.status_code == 200
    assert "<h1" in response.text


def test_an_archive_that_was_never_set_up_says_so(tmp_path):
    app = create_app(Settings(home=tmp_path / "new", demo=False))
    client = TestClient(app, headers=OWN_PAGE)
    assert client.get("/").status_code == 200
    response = client.get("/verify/4TQ9-0XKM-7C2W-PD5Q")
    assert response.status_code == 503
    assert "database_unavailable" in response.text
    assert "sqlite" not in response.text.lower()
    app.state.house.close()
