"""Ten thousand guesses of what opens by knowing it; sessions, shares and codes that are sent
stand with their own (test_sign_ins.py, test_shares.py, test_arrivals.py).

All are found by the digest of what is shown, so that most guesses need no query of their own.
"""

import pytest
from sqlmodel import select

from archive.people import activations, api_keys, sessions
from archive.people.activations import ActivationUnknownError
from archive.people.arrival_models import Activation
from archive.people.models import SignIn
from archive.people.privacy import vault_of
from schemas.ids import new_archive_number
from schemas.vocabulary import Permission, Role
from tests.builders import NOW, an_account, an_organisation

GUESSES, ASKED = 10_000, 100
PASSWORD = "right horse battery"


def test_ten_thousand_guesses_find_no_key_even_next_to_a_right_one(sqlite_archive):
    with sqlite_archive.transaction() as session:
        body = an_organisation(session)
        by = an_account(session, "lin", Role.TRAINER_ADMINISTRATOR, body)
        made = api_keys.make(session, body, "系统", [Permission.READ_RECORD], by=by, now=NOW)
        guesses = [f"{made.secret[:-4]}{number:04}" for number in range(GUESSES)]
        guesses = [one for one in guesses if one != made.secret]
        kept = set(session.exec(select(SignIn.token_digest)))
        assert sessions.digest_of(made.secret) in kept
        assert kept.isdisjoint(map(sessions.digest_of, guesses))
        assert not any(sessions.find(session, one, now=NOW) for one in guesses[:ASKED])


def test_ten_thousand_guesses_find_no_activation_code(sqlite_archive):
    with sqlite_archive.transaction() as session:
        body = an_organisation(session)
        by = an_account(session, "lin", Role.TRAINER_ADMINISTRATOR, body)
        right = activations.invite_staff(session, body.id, Role.TRAINER, by=by, now=NOW)
        guesses = {new_archive_number() for _ in range(GUESSES)} - {right}
        kept, vault = set(session.exec(select(Activation.code_digest))), vault_of(session)
        assert vault.digest("activation", right) in kept
        assert kept.isdisjoint(vault.digest("activation", one) for one in guesses)
        for guess in sorted(guesses)[:ASKED]:
            with pytest.raises(ActivationUnknownError):
                activations.begin_account(session, guess, "x", PASSWORD, now=NOW)


def test_the_door_stops_guesses_of_activation_codes_before_the_fortieth(door):
    client = door.visit()
    told = {"name": "x", "password": PASSWORD}
    answers = [
        client.post("/join/activate", data={**told, "code": new_archive_number()}).status_code
        for _ in range(40)
    ]
    assert 200 not in answers
    assert answers[-1] == 429
