"""Services ask for the permission themselves: a door that forgets to ask opens nothing."""

from collections.abc import Callable

import pytest

from archive.errors import NotAllowedError, UnknownWorkerError
from archive.people import accounts, activations, contacts, look_ups, rights, vouching
from schemas.ids import new_id
from schemas.vocabulary import ContactKind, RequestAnswer, RequestKind, Role
from tests.builders import NOW, TODAY
from tests.doors import Door

Attempt = Callable[[], object]


def test_who_may_not_is_refused_by_the_service_itself(door: Door) -> None:
    with door.house.archive.transaction() as session:
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        by, other = accounts.named(session, "trainer"), accounts.named(session, "other worker")
        body = by.organisation_id
        assert body
        phone, kind = {ContactKind.PHONE: "13800138000"}, RequestKind.COPY

        forbidden: list[Attempt] = [
            lambda: contacts.tell(session, whose, phone, by=by, now=NOW),
            lambda: rights.ask(session, whose, kind, "", days=15, by=by, now=NOW, today=TODAY),
            lambda: rights.answer(session, new_id(), RequestAnswer.GRANTED, "可以", by=by, now=NOW),
            lambda: activations.invite_worker(session, whose, by=by, now=NOW),
            lambda: activations.invite_staff(session, body, Role.TRAINER, by=by, now=NOW),
            lambda: vouching.bind(session, by, "https://id.example", "someone", by=by, now=NOW),
        ]
        for one in forbidden:
            with pytest.raises(NotAllowedError):
                one()
        unknown: list[Attempt] = [
            lambda: contacts.tell(session, whose, phone, by=other, now=NOW),
            lambda: rights.ask(session, whose, kind, "", days=15, by=other, now=NOW, today=TODAY),
        ]
        for one in unknown:
            with pytest.raises(UnknownWorkerError):
                one()
