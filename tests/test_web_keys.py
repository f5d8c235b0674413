"""A master key that goes away while the server answers: a page and a code of its own."""

import pytest

from archive.people import master_key
from archive.people.master_key_refusals import MasterKeyPinError, MasterKeyUnreachableError
from archive.people.privacy import vault_of


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (MasterKeyUnreachableError, "master_key_unreachable"),
        (MasterKeyPinError, "master_key_pin_refused"),
    ],
)
def test_a_page_that_needs_a_key_says_that_it_cannot_be_reached(door, monkeypatch, refusal, code):
    """The token itself is pulled out in test_key_token; what its refusal becomes is told here."""
    client = door.visit("worker")

    def away(*_: object) -> None:
        raise refusal

    monkeypatch.setattr(master_key.PlainKey, "unwrap", away)
    page = client.get("/me")

    assert page.status_code == 503
    assert code in page.text
    assert "Traceback" not in page.text
    assert vault_of(door.house.archive).ring.everything()[0][0].id not in page.text
