"""Facts of bodies' keys on the command line: registered, taken into use and revoked by two."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import select

from archive.cli import issuing_key_sheet
from archive.people import accounts
from archive.people.models import Organisation
from archive.people.opening import open_archive
from archive.settings import Settings
from archive.texts import in_language
from archive.transcripts import issuing_keys
from archive.transcripts.body_keys import BodyKeys
from archive.transcripts.keyring import Keyring
from archive.transcripts.keys import KeyProvider
from archive.transcripts.ordering import order_of
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.seals import read_svg, seal_named, seal_of
from archive.transcripts.signing import PadesSigner
from archive.transcripts.signing_refusals import (
    BAD_PATH,
    MOVED,
    NO_BOX,
    NO_SVG,
    NOT_PATHS,
    TOO_LONG,
    IssuingKeyOverError,
    IssuingKeyRevokedError,
    SealRefusedError,
)
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_file
from schemas.refusals import Phrase
from schemas.vocabulary import Language, Verdict
from tests.body_authorities import Authority, public_key, served
from tests.command_line import CommandLine
from tests.test_body_keys import in_token
from tests.test_vault import close, fill
from tests.tokens import LABEL, PIN, module, plugged_in
from tests.transcript_samples import OneDocument, a_transcript

SQUARE = "M0 0H100V100h-100z"


@pytest.fixture
def line(monkeypatch, sqlite_settings) -> CommandLine:
    archive = open_archive(sqlite_settings)
    fill(archive)
    close(archive)
    line = CommandLine(monkeypatch, sqlite_settings)
    line.done(
        "organisation",
        "add",
        "BUREAU",
        "--name",
        "示范局",
        "--name-en",
        "Bureau",
        "--kind",
        "bureau",
    )
    for name in ("wang", "zhao"):
        line.done("account", "add", name, "--role", "administrator", "--no-password")
    return line


def decided(line: CommandLine, *words: object) -> None:
    """Let one administrator propose and another approve."""
    proposal = line.asked("keys", "rotate", *words, "--as", "wang")["id"]
    assert line.refused("approve", proposal, "--as", "wang") == "proposal_own"
    line.done("approve", proposal, "--as", "zhao")


def standings(line: CommandLine) -> list[str]:
    return [one["standing"] for one in line.asked("keys", "list")["keys"]]


def what_signs(settings: Settings) -> KeyProvider:
    archive = open_archive(settings)
    try:
        with archive.reading() as session:
            query = select(Organisation).where(Organisation.code == "BUREAU")
            body = session.exec(query).one().id
            now = datetime.now(UTC)
            ring = Keyring(settings, now=now)
            key = order_of(session, body, ring.fallback).key
            return ring.fallback if key is None else ring.opened(key, now=now)
    finally:
        close(archive)


def test_a_key_signs_when_two_have_taken_it_into_use_and_never_after_its_revocation(
    line, sqlite_settings, tmp_path
):
    fallback = what_signs(sqlite_settings)
    assert fallback.fingerprint == line.asked("keys", "list")["fallback"]
    [first] = line.asked("keys", "new", "BUREAU")["keys"]
    assert (first["place"], first["standing"]) == ("development", "waiting")
    assert what_signs(sqlite_settings).fingerprint == fallback.fingerprint

    decided(line, first["fingerprint"])
    keys = what_signs(sqlite_settings)
    assert (keys.fingerprint, keys.is_development) == (first["fingerprint"], True)
    now = datetime.now(UTC)
    transcript = a_transcript(signer=keys.fingerprint, valid_until=now.date().replace(year=2099))
    pdf = PadesSigner(keys).sign(WeasyRenderer().render(transcript), at=now).pdf

    second = line.asked("keys", "new", "BUREAU")["keys"][1]
    decided(line, second["fingerprint"])
    assert standings(line) == ["former", "current"]
    told = ("--reason", "keyCompromise", "--as", "wang")
    proposal = line.asked("keys", "revoke", second["fingerprint"], *told)["id"]
    line.done("approve", proposal, "--as", "zhao")
    assert standings(line) == ["former", "revoked"]
    with pytest.raises(IssuingKeyRevokedError):
        what_signs(sqlite_settings)
    assert line.refused("keys", "rotate", second["fingerprint"]) == "issuing_key_revoked"

    out = tmp_path / "trust.pem"
    told = line.asked("keys", "export-trust", "--output", out)
    text = out.read_text()
    assert told["roots"] == 1
    assert f"# SHA-256 {told['fingerprints'][0]}" in text
    bundle = TrustBundle.from_pem(out.read_bytes())
    serials = [
        entry["user_certificate"].native
        for one in bundle.lists
        for entry in one["tbs_cert_list"]["revoked_certificates"] or ()
    ]
    assert len(serials) == 1
    report = verify_file(pdf, trust=bundle, register=OneDocument(transcript, None), now=now)
    assert report.verdict is Verdict.VALID


def test_checkpoints_are_signed_by_the_present_key_and_those_of_former_ones_still_hold(
    line, sqlite_settings, tmp_path
):
    now = datetime.now(UTC)
    authority = Authority(now, sqlite_settings.secrets_folder / "lists")

    def checkpoint(name: str) -> Path:
        file = Path(tmp_path) / name
        line.done("chain", "checkpoint", "-o", file)
        return file

    def signer(file: Path) -> str:
        content = base64.b64decode(json.loads(file.read_text())["signature"])
        chosen = cms.ContentInfo.load(content)["content"]["signer_infos"][0]["sid"].chosen
        return str(chosen["serial_number"].native)

    def taken(one: str) -> str:
        file = authority.file(tmp_path / one, ec.generate_private_key(ec.SECP256R1()))
        key = line.asked("keys", "new", "BUREAU", "--pkcs12", file)["keys"][-1]["fingerprint"]
        decided(line, key)
        return str(key)

    def revoked(key: str, reason: str) -> None:
        told = ("--reason", reason, "--as", "wang")
        line.done("approve", line.asked("keys", "revoke", key, *told)["id"], "--as", "zhao")

    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    old = checkpoint("old.json")
    first = taken("one")
    of_first = checkpoint("first.json")
    second = taken("two")
    of_second = checkpoint("second.json")
    files = (old, of_first, of_second)
    assert len({signer(one) for one in files}) == len(files)
    for one in files:
        line.done("chain", "verify", "--checkpoint", one)
    revoked(first, "superseded")
    line.done("chain", "verify", "--checkpoint", of_first)  # It was signed before.
    revoked(second, "keyCompromise")
    refused = line.refused("chain", "verify", "--checkpoint", of_second)
    assert refused == "checkpoint_unusable"
    assert line.refused("chain", "checkpoint", "-o", tmp_path / "none") == "issuing_key_revoked"
    assert not (tmp_path / "none").exists()


def test_a_key_of_a_file_and_one_in_a_token_take_turns(
    line, sqlite_settings, tmp_path, monkeypatch
):
    now = datetime.now(UTC)
    authority = Authority(now, sqlite_settings.secrets_folder / "lists")
    file = authority.file(tmp_path, ec.generate_private_key(ec.SECP256R1()))
    [known] = line.asked("keys", "new", "BUREAU", "--pkcs12", file)["keys"]
    assert known["place"] == "pkcs12"
    assert line.refused("keys", "new", "BUREAU", "--pkcs12", file) == "issuing_key_known"
    decided(line, known["fingerprint"])
    keys = what_signs(sqlite_settings)
    assert isinstance(keys, BodyKeys)
    assert not keys.is_development
    told = line.asked("keys", "export-trust", "--output", tmp_path / "trust.pem")
    assert (told["roots"], told["lists"]) == (2, 4)

    with plugged_in(tmp_path / "token", monkeypatch):
        certificate = authority.certify(public_key(in_token("P-256")))
        chain = tmp_path / "chain.pem"
        chain.write_bytes(authority.chain_pem(certificate))
        line.set(SIGNING_PKCS11_MODULE=module(), SIGNING_PKCS11_TOKEN=LABEL)
        line.set(SIGNING_PKCS11_PIN=PIN)
        told = line.asked("keys", "new", "BUREAU", "--token-key", "body", "--certificates", chain)[
            "keys"
        ]
        decided(line, told[1]["fingerprint"])
        assert standings(line) == ["former", "current"]


def test_only_who_runs_the_system_touches_signing_keys(line, tmp_path):
    line.done("account", "add", "li", "--role", "clerk", "--no-password")
    [key] = line.asked("keys", "new", "BUREAU")["keys"]
    drawing = tmp_path / "seal.svg"
    drawing.write_bytes(an_svg(f'<path d="{SQUARE}"/>'))
    for words in (
        ("new", "BUREAU"),
        ("rotate", key["fingerprint"]),
        ("revoke", key["fingerprint"], "--reason", "superseded"),
        ("seal", "BUREAU", drawing),
    ):
        assert line.refused("keys", *words, "--as", "li") == "not_allowed", words
    proposal = line.asked("keys", "rotate", key["fingerprint"], "--as", "wang")["id"]
    assert line.refused("approve", proposal, "--as", "li") == "not_allowed"
    assert line.refused("keys", "rotate", "00" * 32) == "issuing_key_unknown"
    assert line.refused("keys", "new", "NOBODY") == "organisation_unknown"
    told = line.done("keys", "list")
    assert key["fingerprint"] in told


def test_a_key_whose_certificate_is_over_is_not_taken_into_use(line, sqlite_settings):
    [key] = line.asked("keys", "new", "BUREAU")["keys"]
    archive = open_archive(sqlite_settings)
    with archive.transaction() as session:
        by = accounts.named(session, "wang")
        later = datetime.now(UTC) + timedelta(days=11 * 365)
        with pytest.raises(IssuingKeyOverError):
            issuing_keys.propose_use(session, key["fingerprint"], by=by, now=later)
    close(archive)


def an_svg(inside: str, box: str = 'width="42mm" height="42mm" viewBox="0 0 100 100"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{inside}</svg>'.encode()


def test_a_seal_is_registered_as_the_paths_that_are_printed(line, sqlite_settings, tmp_path):
    drawing = tmp_path / "seal.svg"
    drawing.write_bytes(
        an_svg(f'<title>章</title><g fill="#C00000"><path d="{SQUARE}"/><path d="M1,1 2-2"/></g>')
    )
    told = line.asked("keys", "seal", "BUREAU", drawing)
    archive = open_archive(sqlite_settings)
    with archive.reading() as session:
        query = select(Organisation).where(Organisation.code == "BUREAU")
        found = seal_of(session, session.exec(query).one().id)
        assert found is not None
        seal, digest = found
        assert seal_named(session, digest) == seal
        assert seal_named(session, "00" * 32) is None
    close(archive)
    assert digest == told["sha256"]
    assert (seal.width, seal.height, seal.colour) == (420, 420, "#c00000")
    assert seal.path == "M0 0 H420 V420 h-420 z M4.2 4.2 L8.4 -8.4"


def test_curves_and_arcs_keep_their_shape_in_another_measure():
    box = 'width="10mm" height="10mm" viewBox="10 10 50 50"'
    told = "M10 10a5 5 0 01 10 10A5,5,30,1,0,60,60c1 2 3 4 5 6S11 12 13 14q1 1 2 2T3 3Z"
    seal = read_svg(an_svg(f'<path d="{told}"/>', box))
    assert seal.path == (
        "M0 0 a10 10 0 0 1 20 20 A10 10 30 1 0 100 100 c2 4 6 8 10 12 S2 4 6 8 q2 2 4 4 T-14 -14 Z"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", NO_SVG),
        (b"\x89PNG", NO_SVG),
        (b"<html/>", NO_SVG),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + an_svg(""), NO_SVG),
        (an_svg(""), NOT_PATHS),
        (an_svg('<image href="a.png"/>'), MOVED),
        (an_svg("<text>公章</text>"), NOT_PATHS),
        (an_svg("<script>alert(1)</script>"), NOT_PATHS),
        (an_svg(f'<path d="{SQUARE}" onclick="x()"/>'), MOVED),
        (an_svg(f'<path d="{SQUARE}" style="fill:url(http://x)"/>'), MOVED),
        (an_svg(f'<path d="{SQUARE}" transform="scale(9)"/>'), MOVED),
        (an_svg(f'<path d="{SQUARE}" fill="url(#a)"/>'), MOVED),
        (an_svg(f'<path d="{SQUARE}" fill="#ff0000"/><path d="{SQUARE}"/>'), MOVED),
        (an_svg(f'<path d="{SQUARE}"/>', 'viewBox="0 0 1 1"'), NO_BOX),
        (an_svg(f'<path d="{SQUARE}"/>', 'width="11cm" height="1mm"'), NO_BOX),
        (an_svg('<path d="M1"/>'), BAD_PATH),
        (an_svg('<path d="L1 1"/>'), BAD_PATH),
        (an_svg('<path d="M1 1 X 2"/>'), BAD_PATH),
        (an_svg('<path d="M1 1 2 1e99"/>'), BAD_PATH),
        (an_svg('<path d="M0 0' + " 1 1" * 60_000 + '"/>'), TOO_LONG),
    ],
)
def test_what_is_no_plain_drawing_is_refused_with_its_reason(content, problem):
    with pytest.raises(SealRefusedError) as refused:
        read_svg(content)
    assert refused.value.facts["problem"] == Phrase(problem)


def test_every_word_of_a_key_is_in_chinese():
    for text in issuing_key_sheet.SENTENCES:
        assert in_language(text, Language.CHINESE) != text


def test_lists_are_fetched_from_where_certificates_say_and_kept_when_signed(
    line, sqlite_settings, tmp_path
):
    now = datetime.now(UTC)
    authority = Authority(now, tmp_path / "published")
    good = (authority.lists / "issuing.crl").read_bytes()
    answers = {"/good.crl": good, "/forged.crl": Authority(now, tmp_path / "forged").signed_list}
    with served(answers) as url:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = authority.certify(
            key.public_key(), lists=[f"{url}/{name}.crl" for name in ("good", "forged", "gone")]
        )
        line.done("keys", "new", "BUREAU", "--pkcs12", authority.file(tmp_path, key, certificate))
        assert len(line.asked("keys", "fetch-lists")["failed"]) == 3  # No private address unasked.
        line.set(TSA_MAY_BE_PRIVATE="1")
        told = line.asked("keys", "fetch-lists")
    assert told == {"fetched": 1, "failed": [f"{url}/forged.crl", f"{url}/gone.crl"]}
    [kept] = (sqlite_settings.secrets_folder / "lists").glob("*.crl")
    assert kept.read_bytes() == good
