"""Facts of time stamps over HTTP: each answer that must not be believed makes no file."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from asn1crypto import core, tsp
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import CertificateBuilder, ObjectIdentifier, UnrecognizedExtension
from pydantic import SecretStr
from pyhanko.pdf_utils.reader import PdfFileReader

from archive.errors import SettingInvalidError
from archive.settings import Settings, load_settings
from archive.transcripts import certifying, signing_refusals
from archive.transcripts.certifying import Made
from archive.transcripts.keys import DevelopmentKeys, development_keys
from archive.transcripts.list_files import ListFolder
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.providing import signing_keys
from archive.transcripts.refreshing import Refresher, refreshed
from archive.transcripts.signing import PadesSigner, SignedFile
from archive.transcripts.signing_refusals import (
    ChainUnusableError,
    SigningKeyUnusableError,
    SigningUnavailableError,
    TimestampUnavailableError,
    TimestampUnusableError,
)
from archive.transcripts.time_stamp_service import ServiceTimeStamps
from archive.transcripts.time_stamps import OWN_POLICY
from archive.transcripts.trust import TrustBundle
from schemas.keys import SigningProfile
from schemas.refusals import Phrase
from tests.stamp_servers import StampServer, a_stamp_server, answered, plain
from tests.test_profiles import judged
from tests.transcript_samples import NOW, a_transcript

OTHER_POLICY = "1.2.3.4"


@pytest.fixture(scope="module")
def page() -> bytes:
    return WeasyRenderer().render(a_transcript())


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> DevelopmentKeys:
    return development_keys(tmp_path_factory.mktemp("keys"), now=NOW)


@pytest.fixture
def server(tmp_path) -> Iterator[StampServer]:
    with a_stamp_server(tmp_path / "lists", NOW) as server:
        yield server


@dataclass
class Office:
    """Signs pages with the stamps of a server."""

    page: bytes
    keys: DevelopmentKeys
    server: StampServer

    def signer(self, **changes: object) -> PadesSigner:
        stamps = ServiceTimeStamps(self.server.address(**changes))
        return PadesSigner(replace(self.keys, stamps=stamps))

    def sign(self, **changes: object) -> SignedFile:
        return self.signer(**changes).sign(self.page, at=NOW)


@pytest.fixture
def office(page, keys, server) -> Office:
    return Office(page, keys, server)


def test_a_file_stamped_over_http_can_be_judged_by_strangers(office, keys, server):
    signed = office.sign(policy=OWN_POLICY)
    roots = TrustBundle((*keys.trust.roots, *server.trust.roots))
    assert judged(signed.pdf, roots, at=NOW + timedelta(hours=1))
    assert not judged(signed.pdf, keys.trust, at=NOW + timedelta(hours=1))
    assert signed.stamper == sha256(plain(server.stamper).dump()).hexdigest()
    assert signed.stamped_at == NOW
    assert server.asked[0]["Content-Type"] == "application/timestamp-query"


def test_openssl_finds_the_stamp_good(office, server, tmp_path):
    signed = office.sign()
    stamp = PdfFileReader(BytesIO(signed.pdf)).embedded_signatures[-1]
    start, length, again, rest = (int(part) for part in stamp.byte_range)
    (tmp_path / "stamped").write_bytes(
        signed.pdf[start : start + length] + signed.pdf[again : again + rest]
    )
    (tmp_path / "token").write_bytes(stamp.pkcs7_content.rstrip(b"\0"))
    (tmp_path / "root.pem").write_bytes(server.trust.to_pem())
    command = ["openssl", "ts", "-verify", "-token_in", "-in", str(tmp_path / "token")]
    command += ["-data", str(tmp_path / "stamped"), "-CAfile", str(tmp_path / "root.pem")]
    command += ["-attime", str(int(NOW.timestamp()))]
    done = subprocess.run(command, check=False, capture_output=True)
    assert b"Verification: OK" in done.stdout, done.stderr


def test_the_authority_is_asked_by_the_name_and_password_that_were_agreed(office, server):
    office.sign(user="archive", password=SecretStr("a password"))
    assert {one["Authorization"] for one in server.asked} == {"Basic YXJjaGl2ZTphIHBhc3N3b3Jk"}


def another_imprint(server: StampServer) -> None:
    def answer(request: tsp.TimeStampReq) -> bytes:
        request["message_imprint"]["hashed_message"] = bytes(32)
        return server.stamped(request)

    server.answer = answer


def another_number(server: StampServer) -> None:
    def answer(request: tsp.TimeStampReq) -> bytes:
        request["nonce"] = 1
        return server.stamped(request)

    server.answer = answer


def no_number(server: StampServer) -> None:
    def answer(request: tsp.TimeStampReq) -> bytes:
        del request["nonce"]
        return server.stamped(request)

    server.answer = answer


def another_moment(server: StampServer) -> None:
    server.answer = lambda request: server.stamped(request, at=NOW + timedelta(minutes=20))


def an_expired_certificate(server: StampServer) -> None:
    old = certifying.stamper(server.issuing, NOW - timedelta(days=11 * 365))
    server.answer = lambda request: server.stamped(request, by=old)


def a_certificate_for_something_else(server: StampServer) -> None:
    signer = certifying.signer(server.issuing, NOW)
    server.answer = lambda request: server.stamped(request, by=signer)


def a_changed_signature(server: StampServer) -> None:
    def answer(request: tsp.TimeStampReq) -> bytes:
        token = tsp.TimeStampResp.load(server.stamped(request))["time_stamp_token"]
        told = token["content"]["signer_infos"][0]
        told["signature"] = bytes(told["signature"].native[:-1]) + b"\x00"
        return answered(token)

    server.answer = answer


def garbage(server: StampServer) -> None:
    server.answer = lambda _: b"<html>sign in first</html>"


def a_page(server: StampServer) -> None:
    server.kind = "text/html"


def an_empty_answer(server: StampServer) -> None:
    server.answer = lambda _: b""


def a_rejection(server: StampServer) -> None:
    told = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {"bad_request"}})
    server.answer = lambda _: bytes(core.SequenceOf([told], spec=tsp.PKIStatusInfo).dump())


def a_broken_server(server: StampServer) -> None:
    server.status = 500


def a_slow_server(server: StampServer) -> None:
    server.seconds, server.patience = 1.5, 0.5


UNUSABLE = {
    another_imprint: signing_refusals.NOT_OURS,
    another_number: signing_refusals.OTHER_NUMBER,
    no_number: signing_refusals.OTHER_NUMBER,
    another_moment: signing_refusals.DRIFTS,
    an_expired_certificate: signing_refusals.UNTRUSTED,
    a_certificate_for_something_else: signing_refusals.UNTRUSTED,
    a_changed_signature: signing_refusals.UNTRUSTED,
    garbage: signing_refusals.GARBAGE,
    a_page: signing_refusals.GARBAGE,
    an_empty_answer: signing_refusals.GARBAGE,
}
UNAVAILABLE = {
    a_rejection: signing_refusals.REFUSED,
    a_broken_server: signing_refusals.REFUSED,
    a_slow_server: signing_refusals.NO_ANSWER,
}


@pytest.mark.parametrize("wrong", UNUSABLE)
def test_an_answer_that_must_not_be_believed_makes_no_file(office, server, wrong):
    wrong(server)
    with pytest.raises(TimestampUnusableError) as refused:
        office.sign()
    assert refused.value.facts["problem"] == Phrase(UNUSABLE[wrong])


@pytest.mark.parametrize("wrong", UNAVAILABLE)
def test_an_authority_that_does_not_answer_makes_no_file(office, server, wrong):
    wrong(server)
    with pytest.raises(TimestampUnavailableError) as refused:
        office.sign()
    assert refused.value.facts["problem"] == Phrase(UNAVAILABLE[wrong])


def test_a_lie_after_a_good_answer_is_found_too(office, server):
    signer = office.signer()
    signer.sign(office.page, at=NOW)
    another_imprint(server)
    with pytest.raises(TimestampUnusableError):
        signer.sign(office.page, at=NOW)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"policy": OTHER_POLICY}, "timestamp_unusable"),
        ({"trust": TrustBundle((plain(certifying.root(NOW)),))}, "timestamp_unusable"),
        ({"may_be_private": False}, "timestamp_unavailable"),
        ({"url": "http://127.0.0.1:9/tsa"}, "timestamp_unavailable"),
    ],
)
def test_what_was_not_agreed_makes_no_file(office, changes, code):
    with pytest.raises(SigningUnavailableError) as refused:
        office.sign(**changes)
    assert refused.value.code == code


def test_without_its_revocation_lists_nothing_is_kept_for_decades(office, server, tmp_path):
    for path in server.folder.iterdir():
        path.unlink()
    with pytest.raises(ChainUnusableError, match="the time stamp authority"):
        office.sign()
    stamps = ServiceTimeStamps(server.address())
    plainly = PadesSigner(replace(office.keys, stamps=stamps), profile=SigningProfile.B_T)
    assert plainly.sign(office.page, at=NOW).stamped_at == NOW


def test_a_new_certificate_of_the_authority_is_looked_at_before_it_is_used(office, server):
    signer = office.signer()
    signer.sign(office.page, at=NOW)
    new = certifying.stamper(server.issuing, NOW)
    server.answer = lambda request: server.stamped(request, by=new)
    signed = signer.sign(office.page, at=NOW)
    assert signed.stamper == sha256(plain(new).dump()).hexdigest()
    roots = TrustBundle((*office.keys.trust.roots, *server.trust.roots))
    assert judged(signed.pdf, roots, at=NOW + timedelta(hours=1))


def a_wordy_certificate(server: StampServer, length: int) -> Made:
    """Return a key for stamps whose certificate makes each token longer."""
    made = certifying.stamper(server.issuing, NOW)
    found = made.certificate
    draft = CertificateBuilder(
        found.issuer,
        found.subject,
        found.public_key(),
        found.serial_number,
        found.not_valid_before_utc,
        found.not_valid_after_utc,
        list(found.extensions),
    )
    words = UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5.6"), bytes(length))
    draft = draft.add_extension(words, critical=False)
    return Made(made.key, draft.sign(server.issuing.key, SHA256()))


def test_a_token_longer_than_all_before_finds_its_room_at_the_second_try(office, server):
    signer = office.signer()
    signer.sign(office.page, at=NOW)
    wordy = a_wordy_certificate(server, 9_000)
    server.answer = lambda request: server.stamped(request, by=wordy)
    signed = signer.sign(office.page, at=NOW)
    assert signed.stamper == sha256(plain(wordy).dump()).hexdigest()
    roots = TrustBundle((*office.keys.trust.roots, *server.trust.roots))
    assert judged(signed.pdf, roots, at=NOW + timedelta(hours=1))


def test_a_kept_file_gets_a_token_longer_than_all_before_as_well(office, server):
    stamps = ServiceTimeStamps(server.address())
    keys = replace(office.keys, stamps=stamps)
    signed = PadesSigner(keys).sign(office.page, at=NOW)
    wordy = a_wordy_certificate(server, 9_000)
    server.answer = lambda request: server.stamped(request, by=wordy)
    trust = TrustBundle((*keys.trust.roots, *server.trust.roots))
    using = Refresher(stamps, trust, ListFolder(server.folder))
    again = refreshed(signed.pdf, at=NOW, using=using)
    assert judged(again.pdf, trust, at=NOW + timedelta(hours=1))


def test_a_token_larger_than_a_document_should_carry_makes_no_file(office, server):
    wordy = a_wordy_certificate(server, 40_000)
    server.answer = lambda request: server.stamped(request, by=wordy)
    with pytest.raises(TimestampUnusableError) as refused:
        office.sign()
    assert refused.value.facts["problem"] == Phrase(signing_refusals.TOO_LARGE)


def test_the_settings_name_the_authority_and_how_it_is_asked(page, server, tmp_path):
    root, secret = tmp_path / "root.pem", tmp_path / "password"
    root.write_bytes(server.trust.to_pem())
    secret.write_text("a password\n")
    secret.chmod(0o600)
    told = Settings(
        home=tmp_path,
        signing_lists=server.folder,
        tsa_url=server.url,
        tsa_trust=root,
        tsa_user="archive",
        tsa_password_file=secret,
        tsa_may_be_private=True,
    )
    signed = PadesSigner(signing_keys(told, now=NOW)).sign(page, at=NOW)
    assert signed.stamper == sha256(plain(server.stamper).dump()).hexdigest()
    assert server.asked[0]["Authorization"] == "Basic YXJjaGl2ZTphIHBhc3N3b3Jk"
    secret.chmod(0o644)
    with pytest.raises(SigningKeyUnusableError, match="password cannot be used: others"):
        signing_keys(told, now=NOW)


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("ARCHIVE_TSA_URL", "https://tsa.example", "ARCHIVE_TSA_URL"),  # Without its root.
        ("ARCHIVE_TSA_URL", "ftp://tsa.example", "ARCHIVE_TSA_URL"),
        ("ARCHIVE_TSA_POLICY", "the usual", "ARCHIVE_TSA_POLICY"),
        ("ARCHIVE_SIGNING_PROFILE", "B-X", "ARCHIVE_SIGNING_PROFILE"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(monkeypatch, name, value, named):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingInvalidError, match=named):
        load_settings()
