"""Counted attempts: who fails too often waits, longer each time, and never for good."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import func, select

from archive.people import attempts
from archive.people.attempts import SignInLockedError
from archive.people.factor_models import Attempts
from archive.people.totp import CodeWrongError
from tests.builders import NOW, an_account


def counted(session, times, *, now=NOW, name="lin"):
    subject = attempts.of_name(session, name)
    return [attempts.count(session, subject, now=now) for _ in range(times)]


def test_the_fifth_failure_begins_a_wait_of_a_minute_and_says_so(session):
    made = counted(session, 5)
    told = [type(one.failed(CodeWrongError())) for one in made]
    assert told == [CodeWrongError] * 4 + [SignInLockedError]
    with pytest.raises(SignInLockedError) as locked:
        counted(session, 1, now=NOW + timedelta(seconds=59))
    assert locked.value.facts == {"minutes": 1}
    counted(session, 1, now=NOW + timedelta(seconds=60))


def test_each_wait_is_longer_up_to_an_hour(session):
    now, waits = NOW, []
    for _ in range(6):
        until = counted(session, 5, now=now)[-1].until
        assert until is not None
        waits.append((until - now).total_seconds() / 60)
        now = until
    assert waits == [1, 5, 15, 60, 60, 60]


def test_a_name_that_is_left_alone_for_a_day_begins_anew(session):
    until = counted(session, 5)[-1].until
    assert until is not None
    counted(session, 5, now=until)
    anew = counted(session, 5, now=until + timedelta(days=1, minutes=6))[-1]
    assert anew.until is not None
    assert anew.until - anew.now == timedelta(minutes=1)


def test_failures_far_apart_begin_no_wait(session):
    for at in range(8):
        assert counted(session, 1, now=NOW + at * timedelta(minutes=4))[0].until is None


def test_names_are_counted_apart_and_stand_nowhere_in_clear(session):
    counted(session, 5, name="lin")
    assert counted(session, 1, name="wang")[0].until is None
    with pytest.raises(SignInLockedError):
        counted(session, 1, name=" lin ")
    kept = session.exec(select(Attempts)).all()
    assert len(kept) == 2
    assert all(len(one.subject) == 32 for one in kept)


def test_names_that_somebody_made_up_are_forgotten_after_a_day(session):
    for name in ("a", "b", "c"):
        counted(session, 1, name=name)
    counted(session, 1, name="d", now=NOW + timedelta(days=2))
    assert session.exec(select(func.count()).select_from(Attempts)).one() == 1


def test_a_right_password_takes_its_own_attempt_back_and_no_other(session):
    made = counted(session, 4)
    attempts.give_back(session, made[-1])
    last = counted(session, 2)[-1]
    assert last.until is not None
    attempts.give_back(session, last)
    session.expire_all()
    again = counted(session, 1)[0]
    assert again.until is not None
    assert again.until - NOW == timedelta(minutes=1)


def test_what_was_forgotten_is_counted_anew(session):
    counted(session, 5)
    attempts.forget(session, attempts.of_name(session, "lin"))
    session.expire_all()
    assert counted(session, 4)[-1].until is None


def test_strangers_at_the_door_stop_nobody_inside(session):
    account = an_account(session, "lin")
    counted(session, 5)
    assert attempts.count(session, attempts.of_proof(session, account), now=NOW).until is None


def test_a_hundred_at_once_are_a_hundred(archive):
    """The attempt is counted before it is judged, so that none slips by while another is."""
    told: list[str] = []
    ready = threading.Barrier(8)

    def guess() -> None:
        ready.wait()
        for _ in range(3):
            try:
                with archive.transaction() as session:
                    attempts.count(session, attempts.of_name(session, "lin"), now=NOW)
            except SignInLockedError:
                told.append("waits")
            else:
                told.append("judged")

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (told.count("judged"), told.count("waits")) == (5, 19)
