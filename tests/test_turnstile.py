"""Facts of files verified at once: a few work, a few wait, the rest is told to come again."""

import threading

import pytest

from archive.web.refusals import VerificationBusyError
from archive.web.turnstile import Turnstile


def test_who_comes_when_all_places_are_taken_is_refused_and_later_let_in():
    turnstile = Turnstile(at_once=1, waiting=1, seconds=30)
    is_in, may_go, order = threading.Event(), threading.Event(), list[str]()

    def work(name: str) -> None:
        with turnstile.place():
            order.append(name)
            is_in.set()
            may_go.wait(30)

    first, second = (threading.Thread(target=work, args=[one]) for one in ("first", "second"))
    first.start()
    assert is_in.wait(30)
    second.start()
    while turnstile._inside._value:
        pass
    with pytest.raises(VerificationBusyError), turnstile.place():
        pass
    assert order == ["first"]
    may_go.set()
    first.join()
    second.join()
    with turnstile.place():
        assert order == ["first", "second"]


def test_nobody_waits_longer_than_told():
    turnstile = Turnstile(at_once=1, waiting=1, seconds=0.01)
    with turnstile.place():
        with pytest.raises(VerificationBusyError), turnstile.place():
            pass
        with pytest.raises(VerificationBusyError), turnstile.place():
            pass  # Who gave up waiting has left the line.
    with turnstile.place():
        pass


def test_a_file_that_finds_no_place_is_answered_with_when_to_come_again(door):
    door.house.verifying._inside.acquire()
    for _ in range(15):
        door.house.verifying._inside.acquire()
    answer = door.visit().post("/api/v1/verify", files={"file": ("t.pdf", b"%PDF-")})
    for _ in range(16):
        door.house.verifying._inside.release()

    assert (answer.status_code, answer.json()["code"]) == (503, "verification_busy")
    assert answer.headers["Retry-After"] == "10"
