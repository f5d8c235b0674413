"""Access tokens of programs: got for a key, for minutes, never for more than the key names."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from archive.audit.tables import AUDIT_EVENT
from archive.limiting.figures import LIMITS, Group, Subject
from archive.people import access_tokens, accounts, api_keys, organisations, sessions
from archive.people.access_tokens import LASTS
from archive.people.models import SignIn
from schemas.ids import new_id
from schemas.vocabulary import Permission, Role
from tests.builders import NOW, an_account, an_organisation
from tests.doors import Door

READ, POST = Permission.READ_RECORD, Permission.POST_RECORD
GRANT = {"grant_type": "client_credentials"}
RECORD = {"kind": "training", "course_name": "新课", "hours": "16", "completed_on": "2025-02-02"}


@dataclass(frozen=True)
class Program:
    """A program of the training institution, with what it was given."""

    door: Door
    client_id: str
    secret: str

    @property
    def fields(self) -> dict[str, str]:
        """Who it is, as fields of a form."""
        return {"client_id": self.client_id, "client_secret": self.secret}

    def asks(self, address="/oauth/token", **fields):
        return self.door.visit().post(address, data=self.fields | GRANT | fields)

    def token(self, scope=""):
        answer = self.asks(scope=scope)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def gets(self, token, address=None):
        address = address or f"/workers/{self.door.numbers[0]}/records/{self.door.record_ids[0]}"
        bearer = {"authorization": f"Bearer {token}"}
        return self.door.visit().get(f"/api/v1{address}", headers=bearer)

    def posts(self, token, **more):
        bearer = {"authorization": f"Bearer {token}"}
        address = f"/api/v1/workers/{self.door.numbers[0]}/records"
        return self.door.visit().post(address, json={"record": RECORD, **more}, headers=bearer)


def a_program(door: Door, *scopes: Permission, of: str = "TP01") -> Program:
    with door.house.archive.transaction() as session:
        made = api_keys.make(
            session,
            organisations.coded(session, of),
            "系统",
            scopes,
            by=accounts.named(session, "security administrator"),
            now=datetime.now(UTC),
        )
        return Program(door, str(made.key.id), made.secret)


def test_a_program_gets_a_token_by_basic_or_by_fields_and_for_less_when_it_asks_less(door):
    program = a_program(door, READ, POST)
    packed = base64.b64encode(f"{program.client_id}:{program.secret}".encode()).decode()
    basic = {"authorization": f"Basic {packed}"}
    by_basic = door.visit().post("/oauth/token", data=GRANT, headers=basic)
    by_fields = program.asks(scope="record.read")
    told = by_basic.json(), by_fields.json()
    assert [one["scope"] for one in told] == ["record.post record.read", "record.read"]
    assert {(one["token_type"], one["expires_in"]) for one in told} == {("Bearer", 1800)}
    for answer in (by_basic, by_fields):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["pragma"] == "no-cache"
    whole, less = (one["access_token"] for one in told)
    assert [program.gets(one).status_code for one in (whole, less)] == [200, 200]
    refused = program.posts(less)
    assert refused.status_code == 403
    assert refused.headers["www-authenticate"] == (
        'Bearer error="insufficient_scope", scope="record.post"'
    )
    assert program.posts(whole).status_code == 201
    page = door.visit().get("/trainer/intake", headers={"authorization": f"Bearer {whole}"})
    assert page.headers["location"].startswith("/sign-in")
    acts = select(AUDIT_EVENT.c.action).where(AUDIT_EVENT.c.actor_id == _account_of(door, program))
    with door.house.archive.reading() as session:
        acted = list(session.exec(acts))
    assert sorted(acted) == ["record.post", "session.begin", "session.begin"]


def test_what_oauth_refuses_is_said_in_its_words_and_an_unknown_client_is_a_wrong_secret(door):
    program = a_program(door, READ)
    other = a_program(door, READ, of="TP02")
    token = program.token()
    wrong = [
        {"client_secret": other.secret},
        {"client_id": str(new_id())},
        {"client_id": "key", "client_secret": "x"},
        {"client_secret": token},
    ]
    told = [program.asks(**one) for one in wrong]
    told.append(door.visit().post("/oauth/token", data=GRANT))
    for scheme in ("Basic !", "Basic YQ==", "Bearer " + program.secret, b"Basic \xff"):
        headers = {"authorization": scheme}
        told.append(door.visit().post("/oauth/token", data=GRANT, headers=headers))
    assert {one.status_code for one in told} == {401}
    assert {one.headers["www-authenticate"].partition(" ")[0] for one in told} == {"Basic"}
    [body] = {one.text for one in told}
    assert '"error":"invalid_client"' in body

    twice = {**program.fields, "grant_type": [GRANT["grant_type"]] * 2}
    packed = base64.b64encode(f"{program.client_id}:{program.secret}".encode()).decode()
    both_ways = {"authorization": f"Basic {packed}"}
    fields = program.fields | GRANT
    for error, answer in (
        ("invalid_scope", program.asks(scope="record.post")),
        ("invalid_scope", program.asks(scope="record.read king")),
        ("unsupported_grant_type", program.asks(grant_type="password")),
        ("invalid_request", program.asks(grant_type="")),
        ("invalid_request", program.asks("/oauth/revoke")),
        ("invalid_request", door.visit().post("/oauth/token", data=twice)),
        ("invalid_request", door.visit().post("/oauth/token", json=fields)),
        ("invalid_request", door.visit().post("/oauth/token", data=fields, headers=both_ways)),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, error)
        assert answer.json()["error_description"].isascii()
        assert answer.json()["messages"]["zh"]
        assert answer.headers["cache-control"] == "no-store"
    assert door.visit().get("/oauth/token").json()["error"] == "invalid_request"


def test_a_revoked_an_ended_and_a_foreign_token_open_nothing(door):
    program, rival = a_program(door, READ, POST), a_program(door, READ, POST, of="TP02")
    foreign = rival.token()
    assert program.gets(foreign).status_code == 404
    assert program.posts(foreign, organisation="TP01").status_code == 403
    token, kept = program.token(), program.token()
    assert rival.asks("/oauth/revoke", token=token).status_code == 200
    assert program.gets(token).status_code == 200
    assert program.asks("/oauth/revoke", token=token).status_code == 200
    assert program.asks("/oauth/revoke", token=program.secret).status_code == 200
    gone = program.gets(token)
    assert (gone.status_code, gone.headers["www-authenticate"]) == (
        401,
        'Bearer error="invalid_token"',
    )
    assert [program.gets(one).status_code for one in (kept, program.secret)] == [200, 200]
    inside = door.visit().get(f"/api/v1/appeals?access_token={kept}")
    assert inside.status_code == 401


def test_a_token_ends_after_half_an_hour_with_its_secret_and_when_the_key_is_rotated(session):
    body = an_organisation(session)
    boss = an_account(session, "boss", Role.TRAINER_ADMINISTRATOR, body)
    made = api_keys.make(session, body, "x", [READ], lasts=timedelta(days=1), by=boss, now=NOW)

    def issued(secret, now):
        client = access_tokens.client_of(session, str(made.key.id).upper(), secret, now=now)
        return access_tokens.issue(session, client, "", now=now) if client else None

    first = issued(made.secret, NOW)
    found = sessions.find(session, first.token, now=NOW + LASTS - timedelta(seconds=1))
    assert found
    assert (found.actor.narrowed_to, found.actor.organisation_id) == (frozenset({READ}), body.id)
    assert sessions.find(session, first.token, now=NOW + LASTS) is None
    late = NOW + timedelta(days=1, minutes=-10)
    assert issued(made.secret, late).expires_at == NOW + timedelta(days=1)
    assert issued(made.secret, NOW + timedelta(days=1)) is None
    kept = session.exec(select(SignIn.token_digest).where(col(SignIn.scopes).is_not(None))).all()
    assert len(kept) == 1  # What has ended is swept when the next is given.
    assert first.token.encode() not in kept[0]

    second = issued(made.secret, NOW)
    api_keys.rotate(session, made.key.id, by=boss, now=NOW)
    session.expire_all()
    assert sessions.find(session, second.token, now=NOW) is None
    third = issued(made.secret, NOW)  # The secret of before opens for seven days more.
    api_keys.revoke(session, made.key.id, by=boss, now=NOW)
    session.expire_all()
    assert sessions.find(session, third.token, now=NOW) is None
    assert issued(made.secret, NOW) is None


def test_a_token_may_no_more_than_its_key_and_its_use_is_the_keys(session):
    body = an_organisation(session)
    boss = an_account(session, "boss", Role.TRAINER_ADMINISTRATOR, body)
    made = api_keys.make(session, body, "x", [READ, POST], by=boss, now=NOW)
    later = NOW + timedelta(hours=3)
    client = access_tokens.client_of(session, str(made.key.id), made.secret, now=later)
    assert client
    token = access_tokens.issue(session, client, "record.post", now=later).token
    [told] = api_keys.listed(session, by=boss)
    assert (told.last_used_at, told.expires_at) == (later, NOW + api_keys.USUAL)
    client.account.scopes = READ.value
    session.flush()
    found = sessions.find(session, token, now=later)
    assert found
    assert found.actor.narrowed_to == frozenset()


def test_tokens_and_secrets_of_one_key_are_counted_together_and_wrong_secrets_by_address(door):
    program = a_program(door, READ)
    [most] = [one.item.amount for one in LIMITS[Group.API] if one.subject is Subject.PROGRAM]
    told = {Subject.PROGRAM: str(_account_of(door, program))}
    for _ in range(most - 2):
        door.house.limiter.hit(Group.API, told)
    token = program.token()
    assert program.gets(token).status_code == 200
    for answer in (program.gets(program.secret), program.gets(token)):
        assert answer.status_code == 429
    refused = program.asks()
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert int(refused.headers["retry-after"]) > 0
    [guesses] = [one.item.amount for one in LIMITS[Group.UNKNOWN_TOKEN]]
    answers = [program.asks(client_secret=f"x{at}").status_code for at in range(guesses + 1)]
    assert answers == [401] * guesses + [429]


def _account_of(door, program):
    with door.house.archive.reading() as session:
        found = sessions.find(session, program.secret, now=datetime.now(UTC))
        assert found
        return found.account.id


def test_where_tokens_are_given_is_told_at_the_known_address(door):
    told = door.visit().get("/.well-known/oauth-authorization-server").json()
    assert told["token_endpoint"] == told["issuer"] + "/oauth/token"
    assert told["grant_types_supported"] == ["client_credentials"]
    assert {READ, POST} < set(told["scopes_supported"])
    assert not {"account.own", "dossier.list"} & set(told["scopes_supported"])
