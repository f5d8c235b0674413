"""How often who may ask: counted across processes, refused with when to come back."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

import limits as counting
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.requests import Request

from archive.limiting.figures import LIMITS, Group, Limit, Subject
from archive.limiting.limiter import Limiter, RateLimitedError
from archive.limiting.opening import open_limiter
from archive.limiting.store import SWEEP_EVERY, SqlStorage
from archive.people import accounts
from archive.people.privacy import vault_of
from archive.settings import Settings
from archive.web import limits
from archive.web.addresses import UNKNOWN, address_of
from archive.web.routers import ALL
from tests.doors import Door


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limiter(archive, clock):
    vault = vault_of(archive)
    opened = open_limiter(archive, lambda key: vault.digest("limit", key), clock)
    yield opened
    opened.storage.close()


def test_the_store_counts_until_the_window_ends_and_then_anew(limiter, clock):
    storage = limiter.storage
    assert [storage.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert storage.get("a") == 3
    assert storage.get_expiry("a") == clock() + 60
    clock.seconds += 59
    assert storage.incr("a", 60, amount=2) == 5
    clock.seconds += 1
    assert storage.get("a") == 0
    assert storage.get_expiry("a") == clock()
    assert storage.incr("a", 60) == 1
    assert storage.get_expiry("a") == clock() + 60


def test_the_store_forgets_one_key_or_all_and_says_whether_it_can_be_asked(limiter):
    storage = limiter.storage
    storage.count({"a": 60, "b": 60, "c": 60})
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)
    assert storage.reset() == 2
    assert storage.get("b") == 0
    assert storage.check()


def test_a_store_that_cannot_be_reached_says_so(tmp_path):
    from sqlalchemy.engine import make_url  # noqa: PLC0415

    storage = SqlStorage(make_url(f"sqlite:///{tmp_path}"), lambda key: key.encode(), time.time)
    assert not storage.check()


def test_what_has_ended_is_swept_now_and_then(limiter, clock):
    storage = limiter.storage
    storage.count({f"address-{number}": 60 for number in range(40)})
    clock.seconds += 61
    for _ in range(SWEEP_EVERY):
        storage.incr("another", 3600)
    assert storage.reset() == 1


def test_a_sweep_waits_for_nobody_who_counts(limiter, clock, archive):
    """On PostgreSQL each would hold a row that the other wants; on SQLite they take turns."""
    storage = limiter.storage
    storage.count({"counted": 60, "ended": 60})
    clock.seconds += 61
    if archive.engine.dialect.name == "sqlite":
        assert storage.sweep() == 2
        return
    with archive.engine.begin() as counting_now:
        counting_now.execute(text("SELECT * FROM rate_limit LIMIT 1 FOR UPDATE"))
        with ThreadPoolExecutor(1) as another:
            assert another.submit(storage.sweep).result(timeout=10) == 1


def test_the_store_tells_no_address_and_no_number(limiter, archive):
    secrets = {Subject.ADDRESS: "203.0.113.7", Subject.NUMBER: "S000044030001"}
    limiter.hit(Group.VERIFY_CODE, secrets)
    rows = limiter.storage._ask("SELECT key, hits, ends_at FROM rate_limit", [])
    assert len(rows) == 2
    assert all(len(key) == 32 for key, _, _ in rows)
    assert not any(
        secret.encode() in bytes(key) for key, _, _ in rows for secret in secrets.values()
    )


def test_two_processes_count_together(limiter, archive, clock):
    """Each has connections of its own, which is all that tells two processes apart here."""
    other = open_limiter(archive, limiter.storage._digest, clock)

    def fifty(storage: SqlStorage) -> list[int]:
        return [storage.incr("together", 600) for _ in range(50)]

    with ThreadPoolExecutor(2) as pool:
        counted = list(pool.map(fifty, (limiter.storage, other.storage)))
    other.storage.close()
    assert sorted(counted[0] + counted[1]) == list(range(1, 101))


def test_whoever_asks_too_often_is_refused_until_the_window_ends(limiter, clock):
    limited = Limiter(
        limiter.storage, clock, {Group.JOIN: (_limit(Subject.ADDRESS, "3 per 5 minutes"),)}
    )
    for _ in range(3):
        limited.hit(Group.JOIN, {Subject.ADDRESS: "203.0.113.7"})
    clock.seconds += 90
    with pytest.raises(RateLimitedError) as refused:
        limited.hit(Group.JOIN, {Subject.ADDRESS: "203.0.113.7"})
    assert refused.value.seconds == 210
    assert refused.value.facts == {"minutes": 4}
    limited.hit(Group.JOIN, {Subject.ADDRESS: "203.0.113.8"})
    clock.seconds += 210
    limited.hit(Group.JOIN, {Subject.ADDRESS: "203.0.113.7"})


def test_of_several_figures_the_one_that_is_used_up_refuses(limiter, clock):
    figures = (_limit(Subject.ADDRESS, "9 per 1 minute"), _limit(Subject.NUMBER, "2 per 1 hour"))
    limited = Limiter(limiter.storage, clock, {Group.JOIN: figures})
    for address in ("a", "b"):
        limited.hit(Group.JOIN, {Subject.ADDRESS: address, Subject.NUMBER: "one"})
    with pytest.raises(RateLimitedError) as refused:
        limited.hit(Group.JOIN, {Subject.ADDRESS: "c", Subject.NUMBER: "one"})
    assert refused.value.seconds == 3600
    limited.hit(Group.JOIN, {Subject.ADDRESS: "c", Subject.NUMBER: "another"})
    limited.hit(Group.JOIN, {})


def test_every_group_has_figures_and_every_counted_route_exists():
    assert set(LIMITS) == set(Group)
    assert all(LIMITS.values())
    there = {
        (method, route.path)
        for router in ALL
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert set(limits.OF_ROUTE) <= there


def test_a_limited_page_says_when_to_come_back_and_nothing_more(door):
    client = door.visit()
    _use_up(door, Group.VERIFY_FILE, Subject.ADDRESS, UNKNOWN)
    response = client.post("/verify", data={"code": "x"})
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 60
    assert "rate_limited" in response.text
    assert "操作过于频繁" in response.text
    assert client.get("/verify").status_code == 200


def test_the_api_tells_programs_when_to_come_back(door):
    program = door.program("clerk")
    assert program.get("/api/v1/me").status_code == 200
    token = program.headers["authorization"].removeprefix("Bearer ")
    _use_up(door, Group.API, Subject.PROGRAM, hashlib.sha256(token.encode()).hexdigest())
    response = program.get("/api/v1/me")
    assert (response.status_code, response.json()["code"]) == (429, "rate_limited")
    assert int(response.headers["retry-after"]) > 0


def test_one_account_is_limited_and_others_at_the_same_address_are_not(door):
    clerk = door.visit("clerk")
    with door.house.archive.reading() as session:
        account = accounts.named(session, "clerk")
    _use_up(door, Group.LOOK_UP, Subject.ACCOUNT, str(account.id))
    assert clerk.get("/bureau/records").status_code == 429
    assert door.visit("approver").get("/bureau/records").status_code == 200


def test_guessed_tokens_find_nobody_and_are_stopped_while_the_signed_in_go_on(door):
    guesser, signed_in = door.visit(), door.visit("worker")
    answers = []
    for number in range(110):
        headers = {"authorization": f"Bearer guess-{number}"}
        answers.append(guesser.get("/api/v1/me", headers=headers).status_code)
    assert set(answers[:100]) == {401}
    assert set(answers[100:]) == {429}
    assert signed_in.get("/me").status_code == 200


def test_a_browser_that_keeps_the_cookie_of_an_ended_session_is_not_stopped(door):
    client = door.visit("worker")
    client.cookies.set(door.house.session_cookie, "ended long ago")
    assert {client.get("/verify").status_code for _ in range(120)} == {200}


def test_a_refused_request_is_counted_although_it_is_rolled_back(door):
    client = door.visit()
    for _ in range(3):
        assert client.post("/api/v1/verify").status_code == 422
    key, _, _ = _key(Group.VERIFY_FILE, Subject.ADDRESS, UNKNOWN)
    assert door.house.limiter.storage.get(key) == 3


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("fd00::1", ["[2001:db8:1:2::9]"], "2001:db8:1:2::/64"),
        ("testclient", ["198.51.100.1"], UNKNOWN),
        (None, [], UNKNOWN),
    ],
)
def test_an_address_is_believed_only_from_a_trusted_proxy(peer, forwarded, counted):
    settings = Settings(trusted_proxies="10.0.0.0/8, fd00::/8")
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    client = None if peer is None else (peer, 1)
    request = Request({"type": "http", "client": client, "headers": headers})
    assert address_of(request, settings.proxies) == counted


def test_a_trusted_proxy_that_is_no_network_is_refused(monkeypatch):
    from archive.errors import SettingInvalidError  # noqa: PLC0415
    from archive.settings import load_settings  # noqa: PLC0415

    monkeypatch.setenv("ARCHIVE_TRUSTED_PROXIES", "the proxy")
    with pytest.raises(SettingInvalidError, match="ARCHIVE_TRUSTED_PROXIES"):
        load_settings()


def _limit(subject: Subject, figure: str) -> Limit:
    return Limit(subject, counting.parse(figure))


def _key(group: Group, subject: Subject, value: str) -> tuple[str, int, int]:
    [item] = [one.item for one in LIMITS[group] if one.subject is subject]
    return item.key_for(group, subject, value), item.get_expiry(), item.amount


def _use_up(door: Door, group: Group, subject: Subject, value: str) -> None:
    key, expiry, amount = _key(group, subject, value)
    door.house.limiter.storage.incr(key, expiry, amount)
