"""Facts of keys that a body brings: what is refused before anything is signed, and what signs."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509 import Certificate
from pkcs11 import Attribute, KeyType
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key
from pydantic import SecretStr
from pyhanko.sign.signers import Signer

from archive.transcripts import key_tokens, revoking, signing_refusals
from archive.transcripts.body_keys import BodyKeys, Papers, papers_of
from archive.transcripts.key_files import BESIDE, open_file, plain
from archive.transcripts.keys import development_keys
from archive.transcripts.list_files import ListFolder
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.signing import PadesSigner
from archive.transcripts.signing_refusals import (
    ChainUnusableError,
    SigningCertificateUnusableError,
    SigningKeyUnusableError,
    SigningTokenUnavailableError,
)
from archive.transcripts.trust import TrustBundle
from schemas.refusals import Phrase
from tests.body_authorities import WORDS, Authority, PrivateKey, certificates_in, public_key
from tests.test_profiles import judged
from tests.tokens import LABEL, PIN, SoftToken, module, plugged_in
from tests.transcript_samples import NOW, a_transcript

P256, P384 = ec.SECP256R1(), ec.SECP384R1()
KINDS: dict[str, Callable[[], PrivateKey]] = {
    "P-256": lambda: ec.generate_private_key(P256),
    "P-384": lambda: ec.generate_private_key(P384),
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
}


@pytest.fixture(scope="module")
def page() -> bytes:
    return WeasyRenderer().render(a_transcript())


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return ec.generate_private_key(P256)


@pytest.fixture
def authority(tmp_path) -> Authority:
    return Authority(NOW, tmp_path / "lists")


@pytest.fixture
def token(tmp_path, monkeypatch) -> Iterator[SoftToken]:
    with plugged_in(tmp_path / "token", monkeypatch) as token:
        yield token


def the_token(pin: str = PIN) -> key_tokens.Token:
    return key_tokens.Token(module(), LABEL, SecretStr(pin))


def keys_of(authority: Authority, papers: Papers, held: Signer, home: Path) -> BodyKeys:
    stamps = development_keys(home, now=NOW).stamps
    return BodyKeys(papers, held, stamps, ListFolder(authority.lists))


def signs(page: bytes, keys: BodyKeys) -> bool:
    """Whether a page signed with the keys is good for a stranger who trusts both roots."""
    pdf = PadesSigner(keys).sign(page, at=NOW).pdf
    roots = TrustBundle((*keys.trust.roots, *keys.stamps.trust.roots))
    return judged(pdf, roots, at=NOW + timedelta(hours=1))


@pytest.mark.parametrize("kind", KINDS)
def test_keys_of_every_usual_kind_sign_from_a_file(page, authority, tmp_path, kind):
    papers, held = open_file(authority.file(tmp_path, KINDS[kind]()), now=NOW)
    assert signs(page, keys_of(authority, papers, held, tmp_path / "home"))


def in_token(kind: str) -> bytes:
    """Make a key in the token as an operator would; return its public part."""
    session = pkcs11.lib(module()).get_token(token_label=LABEL).open(rw=True, user_pin=PIN)
    if kind.startswith("RSA"):
        public, _ = session.generate_keypair(KeyType.RSA, int(kind[4:]), store=True, label="body")
        der = encode_rsa_public_key(public)
    else:
        name = {"P-256": "secp256r1", "P-384": "secp384r1"}[kind]
        told = {Attribute.EC_PARAMS: encode_named_curve_parameters(name)}
        parameters = session.create_domain_parameters(KeyType.EC, told, local=True)
        public, _ = parameters.generate_keypair(store=True, label="body")
        der = encode_ec_public_key(public)
    session.close()
    return der


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA-2048"])
def test_keys_of_every_usual_kind_sign_in_a_token(page, authority, token, tmp_path, kind):
    certificate = authority.certify(public_key(in_token(kind)))
    first, *others = certificates_in(authority.chain_pem(certificate))
    papers = papers_of(first, others, now=NOW)
    held = key_tokens.open_token(the_token(), "body", papers)
    keys = keys_of(authority, papers, held, tmp_path / "home")
    assert signs(page, keys)
    token.take_away()
    key_tokens.OPENED.clear()
    with pytest.raises(SigningTokenUnavailableError):
        PadesSigner(keys).sign(page, at=NOW)
    token.put_back()
    assert signs(page, keys)


def test_a_wrong_pin_another_key_and_none_are_told_apart(authority, token, key):
    own = authority.certify(public_key(in_token("P-256")))
    foreign = authority.certify(key.public_key())

    def opened(certificate: Certificate, pin: str, name: str) -> str:
        first, *others = certificates_in(authority.chain_pem(certificate))
        key_tokens.OPENED.clear()
        with pytest.raises(
            (SigningTokenUnavailableError, SigningCertificateUnusableError, SigningKeyUnusableError)
        ) as refused:
            key_tokens.open_token(the_token(pin), name, papers_of(first, others, now=NOW))
        problem = refused.value.facts["problem"]
        assert isinstance(problem, Phrase)
        return problem.template

    assert opened(own, "000000", "body") == signing_refusals.PIN
    assert opened(own, PIN, "another") == signing_refusals.MISSING
    assert opened(foreign, PIN, "body") == signing_refusals.NOT_ITS_KEY


def open_to_others(path: Path) -> None:
    path.chmod(0o644)


def missing(path: Path) -> None:
    path.unlink()


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def without_words(path: Path) -> None:
    path.with_name(path.name + BESIDE).unlink()


def with_words_that_others_read(path: Path) -> None:
    path.with_name(path.name + BESIDE).chmod(0o640)


@pytest.mark.parametrize(
    "harm", [open_to_others, missing, damaged, without_words, with_words_that_others_read]
)
def test_a_file_that_cannot_be_read_is_refused(authority, key, tmp_path, harm):
    path = authority.file(tmp_path, key)
    harm(path)
    with pytest.raises(SigningKeyUnusableError):
        open_file(path, now=NOW)


def test_a_folder_is_not_asked_to_be_closed_to_others(authority, key, tmp_path):
    path = authority.file(tmp_path, key)
    path.unlink()
    path.mkdir()
    with pytest.raises(SigningKeyUnusableError, match="missing or damaged"):
        open_file(path, now=NOW)


def test_a_wrong_passphrase_is_told(authority, key, tmp_path):
    path = authority.file(tmp_path, key, words="another")
    with pytest.raises(SigningKeyUnusableError, match="its passphrase is another one"):
        open_file(path, now=NOW)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"content_commitment": False}, signing_refusals.NOT_FOR_SIGNING),
        ({"begin": NOW - timedelta(days=800)}, signing_refusals.NOT_TODAY),
        ({"begin": NOW + timedelta(days=1)}, signing_refusals.NOT_TODAY),
    ],
)
def test_a_certificate_that_must_not_sign_is_refused(authority, key, tmp_path, changes, problem):
    path = authority.file(tmp_path, key, authority.certify(key.public_key(), **changes))
    with pytest.raises(SigningCertificateUnusableError) as refused:
        open_file(path, now=NOW)
    assert refused.value.facts["problem"] == Phrase(problem)


def test_a_certificate_of_another_key_is_refused(authority, key, tmp_path):
    another = authority.certify(ec.generate_private_key(P256).public_key())
    above = [authority.issuing.certificate, authority.root.certificate]
    path = authority.file(tmp_path, key)
    words = BestAvailableEncryption(WORDS.encode())
    told = pkcs12.serialize_key_and_certificates(b"body", key, None, [another, *above], words)
    path.write_bytes(told)
    with pytest.raises(SigningKeyUnusableError) as refused:
        open_file(path, now=NOW)
    assert refused.value.facts["problem"] == Phrase(signing_refusals.NOT_ITS_KEY)


def test_a_file_without_its_root_and_one_with_a_short_key_are_refused(authority, key, tmp_path):
    with pytest.raises(SigningCertificateUnusableError, match="root certificate"):
        open_file(authority.file(tmp_path / "one", key, with_root=False), now=NOW)
    short = rsa.generate_private_key(65537, 1024)  # It is what is refused.
    with pytest.raises(SigningCertificateUnusableError, match="2048"):
        open_file(authority.file(tmp_path / "two", short), now=NOW)


def test_without_fresh_lists_and_after_its_revocation_a_body_signs_nothing(
    page, authority, key, tmp_path
):
    papers, held = open_file(authority.file(tmp_path, key), now=NOW)
    signer = PadesSigner(keys_of(authority, papers, held, tmp_path / "home"))
    assert signer.sign(page, at=NOW).stamped_at == NOW
    later = NOW + timedelta(days=40)
    with pytest.raises(ChainUnusableError, match="the signer"):
        signer.sign(page, at=later)
    authority.publish(later)
    assert signer.sign(page, at=later).stamped_at == later
    serial = papers.certificate.serial_number
    authority.publish(later, revoking.Revoked(serial, later, "keyCompromise"))
    with pytest.raises(ChainUnusableError, match="the signer"):
        signer.sign(page, at=later + timedelta(days=1))


def test_a_list_that_cannot_be_read_keeps_no_other_from_counting(authority, tmp_path):
    authority.publish(NOW)
    (authority.lists / "gone.crl").symlink_to(tmp_path / "nowhere")
    (authority.lists / "folder.crl").mkdir()
    chain = [authority.issuing.certificate, authority.root.certificate]
    lists = ListFolder(authority.lists).good(map(plain, chain), at=NOW)
    assert len(lists) == 1
