"""The outbox: sent after the commit, tried again, and never sent twice."""

from datetime import timedelta

import pytest
from sqlmodel import select

from archive.notices.faults import RejectedError, UncertainError, UndeliveredError
from archive.notices.messages import Channel, Message, Notice
from archive.people import outbox
from archive.people.delivering import ERASED, NO_PROVIDER, deliver
from archive.people.key_store import WRAPPED_KEY
from archive.people.outbox_models import Outbox, OutboxState
from archive.people.privacy import vault_of
from schemas.ids import new_id
from tests.builders import NOW

FACTS = {"code": "123456", "minutes": "5"}
PHONE = "13800000000"
TOLD = outbox.Told(Channel.SMS, PHONE, Notice.SIGN_IN_CODE, FACTS)


class Post:
    """A provider that takes messages, or fails as it is told."""

    def __init__(self, *faults: Exception) -> None:
        self.sent: list[Message] = []
        self.faults = list(faults)

    def send(self, message: Message) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)


def _put(archive, key="one", *, now=NOW, lasts=timedelta(hours=2)):
    owner = new_id()
    sealing = vault_of(archive).new_keys([owner], NOW)[owner]
    with archive.transaction() as session:
        outbox.put(session, (owner, sealing), key, TOLD, now=now, useless_at=now + lasts)


def _rows(archive):
    with archive.reading() as session:
        return list(session.exec(select(Outbox)))


def _deliver(archive, post, at=NOW):
    return deliver(archive, {Channel.SMS: post}, lambda: at)


def test_what_is_put_is_sent_once_and_then_forgotten(archive):
    _put(archive)
    _put(archive)
    post = Post()
    assert [_deliver(archive, post), _deliver(archive, post)] == [1, 0]
    [message] = post.sent
    assert (message.to, message.notice, message.facts) == (PHONE, Notice.SIGN_IN_CODE, FACTS)
    [row] = _rows(archive)
    assert (row.state, row.sealed) == (OutboxState.SENT, None)


def test_what_waits_tells_neither_to_whom_nor_what(archive):
    _put(archive)
    [row] = _rows(archive)
    assert PHONE.encode() not in row.sealed
    assert FACTS["code"].encode() not in row.sealed


def test_what_is_rolled_back_is_not_sent(archive):
    class UndoneError(Exception):
        pass

    owner = new_id()
    sealing = vault_of(archive).new_keys([owner], NOW)[owner]

    def put_and_fail() -> None:
        with archive.transaction() as session:
            outbox.put(session, (owner, sealing), "undone", TOLD, now=NOW, useless_at=NOW)
            raise UndoneError

    with pytest.raises(UndoneError):
        put_and_fail()
    assert _deliver(archive, Post()) == 0


def test_what_was_not_taken_is_tried_again_after_waits_that_double(archive):
    _put(archive)
    post = Post(UndeliveredError(), UndeliveredError())
    first, second = timedelta(seconds=20), timedelta(seconds=60)
    sent = [
        _deliver(archive, post, NOW + after)
        for after in (timedelta(), first / 2, first, second - timedelta(seconds=1), second)
    ]
    assert sent == [0, 0, 0, 0, 1]
    assert _rows(archive)[0].attempts == 3


def test_what_is_never_taken_is_given_up(archive):
    _put(archive, lasts=timedelta(days=1))
    post, at = Post(*[UndeliveredError()] * 20), NOW
    for _ in range(outbox.MOST_ATTEMPTS):
        _deliver(archive, post, at)
        at += timedelta(hours=1)
    [row] = _rows(archive)
    assert (row.state, row.sealed, row.attempts) == (OutboxState.FAILED, None, 8)


def test_a_code_that_has_run_out_is_not_sent_any_more(archive):
    _put(archive, lasts=timedelta(seconds=30))
    post = Post(UndeliveredError())
    _deliver(archive, post)
    assert _deliver(archive, post, NOW + timedelta(minutes=1)) == 0
    _put(archive, "two", lasts=timedelta(seconds=15))
    _deliver(archive, Post(UndeliveredError()))
    assert {(row.state, row.fault) for row in _rows(archive)} == {
        (OutboxState.FAILED, "late"),
        (OutboxState.FAILED, "UndeliveredError"),
    }


@pytest.mark.parametrize(
    ("fault", "state"),
    [(RejectedError("no"), OutboxState.FAILED), (UncertainError("?"), OutboxState.UNCERTAIN)],
)
def test_what_is_refused_for_good_or_uncertain_is_not_sent_again(archive, fault, state):
    _put(archive)
    post = Post(fault)
    _deliver(archive, post)
    assert _deliver(archive, post, NOW + timedelta(hours=1)) == 0
    assert _rows(archive)[0].state is state


def test_what_a_killed_sender_had_begun_is_not_sent_again(archive):
    _put(archive)
    with archive.transaction() as session:
        assert len(outbox.claim(session, now=NOW)) == 1
    post = Post()
    assert _deliver(archive, post, NOW + timedelta(minutes=10)) == 0
    assert [row.state for row in _rows(archive)] == [OutboxState.UNCERTAIN]
    assert post.sent == []


def test_nothing_is_sent_to_who_was_erased_or_by_a_way_that_is_not_there(archive):
    _put(archive)
    deliver(archive, {}, lambda: NOW)
    _put(archive, "two")
    with vault_of(archive).store.transaction() as keys:
        keys.execute(WRAPPED_KEY.delete())
    _deliver(archive, Post())
    assert {row.fault for row in _rows(archive)} == {
        f"RejectedError {NO_PROVIDER}",
        f"RejectedError {ERASED}",
    }


def test_what_was_changed_in_the_table_is_not_sent(archive):
    _put(archive)
    with archive.transaction() as session:
        row = session.exec(select(Outbox)).one()
        row.sealed = b"x" * 40
    post = Post()
    _deliver(archive, post)
    assert post.sent == []
    assert _rows(archive)[0].fault == "RejectedError seal_broken"


def test_what_ended_a_month_ago_is_forgotten(archive):
    _put(archive)
    _deliver(archive, Post())
    _deliver(archive, Post(), NOW + timedelta(days=31))
    assert _rows(archive) == []
