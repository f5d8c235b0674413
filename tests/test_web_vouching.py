"""Signing in by the city's identity service: the whole way, and what must not get through."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from joserfc.jwk import ECKey, OctKey, RSAKey
from pydantic import SecretStr, ValidationError
from sqlmodel import select, update
from starlette.testclient import TestClient

from archive.people import accounts, joining, vouching
from archive.people.models import Account
from archive.people.vouching_models import IdentityAttempt, IdentityBinding
from archive.settings import Settings
from tests.builders import an_identity
from tests.doors import Door, a_door
from tests.identity_services import CLIENT, SECRET, Service, own_service

NUMBER, NAME = an_identity().document_number, an_identity().name
KNOWN = {"id_number": NUMBER, "name": NAME}


@pytest.fixture
def service() -> Iterator[Service]:
    with own_service() as service:
        service.claims = dict(KNOWN)
        yield service


def settings_for(settings: Settings, issuer: str) -> Settings:
    told = {
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_may_be_private": True,
        "base_url": "http://testserver",
    }
    return Settings.model_validate(settings.model_dump() | told)


@pytest.fixture
def city(service, sqlite_settings) -> Iterator[Door]:
    door = a_door(settings_for(sqlite_settings, service.issuer))
    yield door
    door.house.close()


def _sent(client: TestClient, service: Service, goal: str = "") -> dict[str, str]:
    """Go to the service; return what the browser was told to carry there."""
    response = client.get("/sign-in/identity", params={"next": goal} if goal else {})
    assert response.status_code == 303
    asked = parse_qs(urlsplit(response.headers["location"]).query)
    service.nonce = asked["nonce"][0]
    return {name: one[0] for name, one in asked.items()}


def _back(client: TestClient, asked: dict[str, str], **more: str):
    told = {"state": asked["state"], "code": "a code", **more}
    return client.get("/sign-in/identity/return", params=told)


def _refused(response, code: str, status: int = 401) -> None:
    assert response.status_code == status
    assert f"<code>{code}</code>" in response.text


def test_number_and_name_of_signed_claims_find_the_worker(city, service):
    client = city.visit()
    asked = _sent(client, service, "/me/shares")
    response = _back(client, asked)
    assert (response.status_code, response.headers["location"]) == (303, "/me/shares")
    assert client.get("/me").status_code == 200
    assert asked["code_challenge_method"] == "S256"
    assert service.forms[0]["code_verifier"] not in str(asked)
    with city.house.archive.reading() as session:
        [bound] = session.exec(select(IdentityBinding)).all()
        assert bound.account_id == accounts.named(session, "worker").id


def test_who_was_bound_before_is_found_without_number_and_name(city, service):
    _back(client := city.visit(), _sent(client, service))
    service.claims = {}
    again = city.visit()
    assert _back(again, _sent(again, service)).headers["location"] == "/me"


def test_another_name_to_a_known_number_signs_nobody_in(city, service):
    service.claims["name"] = "某某某"
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_mismatch", 403)
    assert client.get("/me").status_code == 303


def test_another_subject_of_the_same_person_signs_nobody_in(city, service):
    _back(client := city.visit(), _sent(client, service))
    service.claims["sub"] = "someone else"
    other = city.visit()
    _refused(_back(other, _sent(other, service)), "identity_mismatch", 403)


def test_who_is_unknown_is_registered_and_finds_the_dossier_later(city, service):
    service.claims |= {"id_number": an_identity(7).document_number, "name": an_identity(7).name}
    client = city.visit()
    assert _back(client, _sent(client, service)).status_code == 303
    with city.house.archive.transaction() as session:
        [bound] = session.exec(select(IdentityBinding)).all()
        account = session.get_one(Account, bound.account_id)
        assert joining.pending(session, account)
        assert joining.settle(session, now=datetime.now(UTC)) == 0
    service.claims |= KNOWN
    again = city.visit()
    _refused(_back(again, _sent(again, service)), "identity_mismatch", 403)  # Somebody's already.
    with city.house.archive.transaction() as session:
        owner = accounts.named(session, "worker")
        worker_id, owner.worker_id = owner.worker_id, None
        session.add(owner)
    assert _back(again, _sent(again, service)).headers["location"] == "/me"
    with city.house.archive.reading() as session:
        assert session.get_one(Account, bound.account_id).worker_id == worker_id


def test_a_dossier_without_account_gets_one(city, service):
    with city.house.archive.transaction() as session:
        owner = accounts.named(session, "worker")
        worker_id, owner.worker_id = owner.worker_id, None
        session.add(owner)
    client = city.visit()
    assert _back(client, _sent(client, service)).headers["location"] == "/me"
    with city.house.archive.reading() as session:
        [bound] = session.exec(select(IdentityBinding)).all()
        made = session.get_one(Account, bound.account_id)
        assert (made.worker_id, made.password_hash) == (worker_id, None)


@pytest.mark.parametrize("is_bound", [True, False])
def test_a_closed_account_is_not_opened_by_the_service(city, service, is_bound):
    if is_bound:
        _back(client := city.visit(), _sent(client, service))
    with city.house.archive.transaction() as session:
        owner = accounts.named(session, "worker")
        owner.is_active = False
        session.add(owner)
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_account_closed", 403)


def test_staff_come_in_only_when_bound_and_still_prove_a_second_factor(city, service):
    with city.house.archive.transaction() as session:
        clerk, by = (accounts.named(session, one) for one in ("clerk", "security administrator"))
        vouching.bind(session, clerk, service.issuer, "someone", by=by, now=datetime.now(UTC))
    client = city.visit()
    assert _back(client, _sent(client, service)).headers["location"] == "/sign-in/enrol"
    assert client.get("/account").status_code == 303
    with city.house.archive.transaction() as session:
        clerk = accounts.named(session, "clerk")
        clerk.is_active = False
        session.add(clerk)
    _refused(_back(client, _sent(client, service)), "identity_account_closed", 403)


@pytest.mark.parametrize(
    "claims",
    [
        *({"name": None}, {"name": " "}, {"name": "x" * 61}),
        *({"id_number": None}, {"id_number": 12}, {"id_number": "not a number"}),
    ],
)
def test_without_verified_number_and_name_nobody_is_found(city, service, claims):
    service.claims |= claims
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_claims_missing", 403)


def _now(**shift: int) -> int:
    return int((datetime.now(UTC) + timedelta(**shift)).timestamp())


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"aud": [CLIENT], "azp": "another client"},
        {"aud": None},
        {"iss": "https://another.example"},
        {"exp": _now(minutes=-5)},
        {"exp": float("inf")},
        {"exp": None},
        {"exp": True},
        {"iat": _now(minutes=-30)},
        {"iat": _now(hours=1)},
        {"iat": None},
        {"nbf": _now(hours=1)},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 7},
    ],
)
def test_a_token_for_others_or_of_another_time_is_refused(city, service, claims):
    service.claims |= claims
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_token_refused")


def test_several_audiences_pass_when_we_are_the_authorised_party(city, service):
    service.claims |= {"aud": [CLIENT, "another client"], "azp": CLIENT}
    client = city.visit()
    assert _back(client, _sent(client, service)).status_code == 303


@pytest.mark.parametrize("nonce", ["another", 7, None])
def test_a_token_with_another_nonce_is_refused(city, service, nonce):
    service.claims["nonce"] = nonce
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_nonce_wrong")


def test_unsigned_and_symmetric_tokens_are_refused(city, service):
    client = city.visit()
    asked = _sent(client, service)
    _, payload, _ = service.signed().split(".")
    service.token = f"eyJhbGciOiJub25lIn0.{payload}."
    _refused(_back(client, asked), "identity_token_refused")
    service.token, service.algorithm = None, "HS256"
    service.key = OctKey.import_key(SECRET, {"kid": "first"})
    _refused(_back(client, _sent(client, service)), "identity_token_refused")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.b.c", "x" * 40_000])
def test_what_is_no_token_is_refused(city, service, token):
    client = city.visit()
    asked = _sent(client, service)
    service.token = token or "..."
    _refused(_back(client, asked), "identity_token_refused")


def test_a_signature_of_another_key_is_refused(city, service):
    service.key = RSAKey.generate_key(2048, {"kid": "first"})
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_token_refused")


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_a_key_that_is_too_short_is_refused(city, service):
    service.key = RSAKey.generate_key(1024, {"kid": "short"})
    service.shown = [service.key]
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_token_refused")


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_the_other_allowed_algorithms_pass(city, service, algorithm):
    service.algorithm = algorithm
    if algorithm == "ES256":
        service.key = ECKey.generate_key("P-256", {"kid": "curve"})
        service.shown.append(service.key)
    client = city.visit()
    assert _back(client, _sent(client, service)).status_code == 303


def test_rotated_keys_are_read_anew_but_not_for_every_stranger(city, service):
    _back(client := city.visit(), _sent(client, service))
    service.key = RSAKey.generate_key(2048, {"kid": "second"})
    _refused(_back(client, _sent(client, service)), "identity_token_refused")  # Not shown yet.
    assert service.asked.count("/keys") == 1  # Read less than a minute ago.
    service.shown = [service.key]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        assert _back(client, _sent(client, service)).status_code == 303
    assert service.asked.count("/keys") == 2
    assert service.asked.count("/.well-known/openid-configuration") == 1


def test_a_return_is_good_for_once(city, service):
    client = city.visit()
    asked = _sent(client, service)
    cookie = client.cookies["identity"]
    assert _back(client, asked).status_code == 303
    client.cookies.set("identity", cookie)
    _refused(_back(client, asked), "identity_state_used")
    assert len(service.forms) == 1


def test_a_return_in_another_browser_is_refused_and_uses_nothing_up(city, service):
    client = city.visit()
    asked = _sent(client, service)
    thief = city.visit()
    _refused(_back(thief, asked), "identity_state_unknown")
    thief_asked = _sent(thief, service)
    _refused(_back(thief, asked), "identity_state_unknown")
    assert thief_asked["nonce"] != asked["nonce"]
    service.nonce = asked["nonce"]
    assert _back(client, asked).status_code == 303


def test_a_return_after_ten_minutes_is_refused(city, service):
    client = city.visit()
    asked = _sent(client, service)
    with city.house.archive.transaction() as session:
        session.exec(update(IdentityAttempt).values(expires_at=datetime.now(UTC)))
    _refused(_back(client, asked), "identity_state_expired")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"error": "access_denied"}, "identity_cancelled"),
        ({"error": "server_error", "error_description": "<b>evil</b>"}, "identity_service_refused"),
        ({"code": ""}, "identity_service_refused"),
        ({"iss": "https://another.example"}, "identity_token_refused"),
    ],
)
def test_errors_of_the_service_have_their_own_pages(city, service, told, code):
    client = city.visit()
    response = _back(client, _sent(client, service), **told)
    _refused(response, code)
    assert "<b>evil" not in response.text
    assert not service.forms


def test_a_code_that_is_not_redeemed_is_told(city, service):
    service.status = 400
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_service_refused")
    service.status = 500
    _refused(_back(client, _sent(client, service)), "identity_service_unavailable", 503)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://another.example"},
        {"authorization_endpoint": "http://example.com/auth"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"jwks_uri": "https://[broken"},
    ],
)
def test_a_service_that_leads_elsewhere_is_not_followed(city, service, metadata):
    service.metadata = metadata
    response = city.visit().get("/sign-in/identity")
    _refused(response, "identity_service_unavailable", 503)


def test_no_other_site_begins_a_sign_in_and_the_way_back_leads_to_pages_of_ours(city, service):
    asked = city.visit().get("/sign-in/identity", headers={"sec-fetch-site": "cross-site"})
    assert (asked.headers["location"], asked.cookies) == ("/sign-in", {})
    for goal in ("https://evil.example", "//evil.example", "/\\evil.example"):
        client = city.visit()
        assert _back(client, _sent(client, service, goal)).headers["location"] == "/me"


def test_the_button_leads_there_and_keeps_the_goal(city):
    assert "/sign-in/identity?next=/me" in city.visit().get("/sign-in?next=/me").text


def test_without_a_service_there_is_no_button_and_no_page(door):
    assert "/sign-in/identity" not in door.visit().get("/sign-in").text
    for path in ("/sign-in/identity", "/sign-in/identity/return"):
        assert door.visit().get(path).status_code == 404


def test_who_is_signed_in_already_is_signed_out_first(city, service):
    client = city.visit("clerk")
    before = client.cookies["session"]
    assert _back(client, _sent(client, service)).headers["location"] == "/me"
    earlier = city.visit()
    earlier.cookies.set("session", before)
    assert earlier.get("/account").status_code == 303


def test_the_secret_is_proved_as_the_service_asks(city, service):
    service.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    client = city.visit()
    assert _back(client, _sent(client, service)).status_code == 303
    assert (service.forms[0]["client_id"], service.forms[0]["client_secret"]) == (CLIENT, SECRET)


def test_a_secret_in_a_file_that_others_may_read_is_not_used(service, sqlite_settings, tmp_path):
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    told = settings_for(sqlite_settings, service.issuer)
    door = a_door(told.model_copy(update={"oidc_client_secret_file": path}))
    client = door.visit()
    assert _back(client, _sent(client, service)).status_code == 303
    path.chmod(0o640)
    _refused(_back(client, _sent(client, service)), "setting_invalid", 500)
    path.unlink()
    _refused(_back(client, _sent(client, service)), "setting_invalid", 500)
    door.house.close()


@pytest.mark.parametrize(
    "told",
    [
        {"oidc_issuer": "ftp://identity.example", "oidc_client_id": "us"},
        {"oidc_issuer": "https://identity.example?x=1", "oidc_client_id": "us"},
        {"oidc_issuer": "https://identity.example"},
        {"oidc_scopes": "profile"},
    ],
)
def test_a_service_that_is_half_set_is_refused_at_the_start(told):
    with pytest.raises(ValidationError):
        Settings(**told)


def test_who_is_registered_comes_back_to_the_same_account(city, service):
    stranger = an_identity(7)
    service.claims |= {"id_number": stranger.document_number, "name": stranger.name}
    for _ in range(2):
        client = city.visit()
        assert _back(client, _sent(client, service)).status_code == 303
    with city.house.archive.reading() as session:
        assert len(session.exec(select(IdentityBinding)).all()) == 1


def test_a_registered_account_that_was_closed_stays_closed(city, service):
    stranger = an_identity(7)
    service.claims |= {"id_number": stranger.document_number, "name": stranger.name}
    client = city.visit()
    _back(client, _sent(client, service))
    with city.house.archive.transaction() as session:
        [bound] = session.exec(select(IdentityBinding)).all()
        account = session.get_one(Account, bound.account_id)
        account.is_active = False
        session.add(account)
    _refused(_back(client, _sent(client, service)), "identity_account_closed", 403)


def test_an_account_that_replaced_the_bound_one_at_the_counter_is_found(city, service):
    client = city.visit()
    _back(client, _sent(client, service))
    now = datetime.now(UTC)
    with city.house.archive.transaction() as session:
        owner = accounts.named(session, "worker")
        fresh = accounts.add(session, "fresh", owner.role, worker_id=owner.worker_id, now=now)
        fresh_id, owner.is_active = fresh.id, False
        session.add(owner)
    assert _back(client, _sent(client, service)).headers["location"] == "/me"
    with city.house.archive.reading() as session:
        [bound] = session.exec(select(IdentityBinding)).all()
        assert bound.account_id == fresh_id


def test_of_two_accounts_of_one_dossier_none_is_guessed(city, service):
    with city.house.archive.transaction() as session:
        owner = accounts.named(session, "worker")
        now = datetime.now(UTC)
        accounts.add(session, "second", owner.role, worker_id=owner.worker_id, now=now)
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_mismatch", 403)


def test_a_service_that_names_itself_must_do_so(city, service):
    service.metadata = {"authorization_response_iss_parameter_supported": True}
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_token_refused")
    assert _back(client, _sent(client, service), iss=service.issuer).status_code == 303


def test_a_client_without_secret_proves_itself_by_the_verifier_alone(service, sqlite_settings):
    told = settings_for(sqlite_settings, service.issuer)
    door = a_door(told.model_copy(update={"oidc_client_secret": SecretStr("")}))
    client = door.visit()
    assert _back(client, _sent(client, service)).status_code == 303
    assert "client_secret" not in service.forms[0]
    assert service.forms[0]["client_id"] == CLIENT
    door.house.close()


@pytest.mark.parametrize("keys", [{"keys": [{"kty": "RSA", "n": 7}]}, {"keys": [{"kty": "RSA"}]}])
def test_keys_that_cannot_be_read_are_told_as_unavailable(city, service, keys):
    service.keys = keys
    client = city.visit()
    _refused(_back(client, _sent(client, service)), "identity_service_unavailable", 503)


@pytest.mark.parametrize("body", [b"nonsense", b"[]", b"[" * 100_000, b" " * 600_000])
def test_an_answer_that_is_no_document_is_told_as_unavailable(city, service, body):
    service.body = body
    response = city.visit().get("/sign-in/identity")
    _refused(response, "identity_service_unavailable", 503)


def test_an_answer_without_token_signs_nobody_in(city, service):
    client = city.visit()
    asked = _sent(client, service)
    service.body = b"{}"
    _refused(_back(client, asked), "identity_token_refused")


def test_a_private_address_is_asked_only_where_that_is_set(service, sqlite_settings):
    told = settings_for(sqlite_settings, service.issuer)
    door = a_door(told.model_copy(update={"oidc_may_be_private": False}))
    _refused(door.visit().get("/sign-in/identity"), "identity_service_unavailable", 503)
    assert service.asked == []
    door.house.close()
