"""Facts of signing: keys made once and kept private, signatures that other programs accept."""

import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from archive.transcripts.development_ca import AUTHORITY
from archive.transcripts.keys import FOLDER_NAME, development_keys
from archive.transcripts.signing_refusals import SigningKeyUnusableError
from archive.transcripts.trust import TrustBundle, TrustUnreadableError
from tests.transcript_samples import NOW, Issued, an_issued_document

PROCESSES = 4
UNDER_THE_ROOT = ("issuing", "signer", "stamper")
MAKE = """
import sys
from datetime import datetime
from pathlib import Path
from archive.transcripts.keys import development_keys
keys = development_keys(Path(sys.argv[1]), now=datetime.fromisoformat(sys.argv[2]))
print(keys.fingerprint)
"""


@pytest.fixture(scope="module")
def issued(tmp_path_factory) -> Issued:
    return an_issued_document(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def file(issued, tmp_path) -> Path:
    path: Path = tmp_path / "transcript.pdf"
    path.write_bytes(issued.pdf)
    return path


def told_by(*command: str | Path) -> str:
    """Return what a program says."""
    done = subprocess.run([str(part) for part in command], capture_output=True, check=True)
    return done.stdout.decode()


def test_pdfsig_calls_the_signature_valid_and_the_document_signed_as_a_whole(file):
    told = told_by("pdfsig", file)
    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_qpdf_finds_nothing_wrong(file):
    assert "No syntax or stream encoding errors found" in told_by("qpdf", "--check", file)


def test_every_font_is_embedded_as_a_subset(file):
    fonts = told_by("pdffonts", file).splitlines()[2:]
    assert len(fonts) >= 3
    assert {line.split()[-5] for line in fonts} == {"yes"}
    assert all("+" in line.split()[0] for line in fonts)


def test_a_document_is_certified_and_allows_no_change(issued):
    reader = PdfFileReader(BytesIO(issued.pdf))
    (signature,) = reader.embedded_regular_signatures
    assert signature.docmdp_level is not None
    assert signature.docmdp_level.name == "NO_CHANGES"


def test_the_time_of_signing_comes_from_the_door(issued):
    (signature,) = PdfFileReader(BytesIO(issued.pdf)).embedded_regular_signatures
    assert signature.self_reported_timestamp == NOW


def test_signing_leaves_it_a_pdf_a_of_its_own_version(issued):
    reader = PdfFileReader(BytesIO(issued.pdf))
    xmp = reader.root["/Metadata"].data
    assert b'pdfaid:part="3"' in xmp or b"<pdfaid:part>3<" in xmp
    assert issued.pdf.startswith(b"%PDF-1.7")
    assert "/Version" not in reader.root
    assert reader.root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


def test_processes_that_start_at_once_get_the_same_keys(tmp_path):
    command = [sys.executable, "-c", MAKE, str(tmp_path), NOW.isoformat()]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
    fingerprints = {process.communicate()[0] for process in started}
    assert [process.returncode for process in started] == [0] * PROCESSES
    assert len(fingerprints) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER_NAME]


def test_a_later_start_uses_the_keys_that_are_there(tmp_path):
    first = development_keys(tmp_path, now=NOW)
    again = development_keys(tmp_path, now=NOW + timedelta(days=90))
    assert first.fingerprint == again.fingerprint


def test_nobody_else_may_read_the_keys(tmp_path):
    development_keys(tmp_path, now=NOW)
    folder = tmp_path / FOLDER_NAME
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / AUTHORITY).stat().st_mode & 0o777 == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix() for path in files if path.suffix == ".key"}
    assert names == {"root.key", *(f"{AUTHORITY}/{name}.key" for name in UNDER_THE_ROOT)}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_key_that_others_may_read_is_refused(tmp_path):
    made = development_keys(tmp_path / "one", now=NOW)
    (tmp_path / "one").rename(tmp_path / "two")  # Loaded keys are kept by their place.
    (tmp_path / "two" / FOLDER_NAME / AUTHORITY / "signer.key").chmod(0o644)
    assert made.is_development
    with pytest.raises(SigningKeyUnusableError, match="others may read it"):
        development_keys(tmp_path / "two", now=NOW)


@pytest.mark.parametrize("name", ["signer.key", "signer.pem", "stamper.key", "root.pem"])
def test_a_damaged_key_is_refused_by_name(tmp_path, name):
    development_keys(tmp_path / "one", now=NOW)
    (tmp_path / "one").rename(tmp_path / "two")
    next((tmp_path / "two" / FOLDER_NAME).rglob(name)).write_text("nonsense")
    with pytest.raises(SigningKeyUnusableError, match=name):
        development_keys(tmp_path / "two", now=NOW)


def test_the_certificate_says_that_it_is_for_tests_and_signs_documents_only(tmp_path):
    development_keys(tmp_path, now=NOW)
    text = (tmp_path / FOLDER_NAME / AUTHORITY / "signer.pem").read_bytes()
    certificate = x509.load_pem_x509_certificate(text)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.key_cert_sign) == (True, False)
    assert "开发测试 Development only" in certificate.subject.rfc4514_string()


def test_a_trust_file_is_read_back_as_it_was_written(issued):
    bundle = TrustBundle.from_pem(issued.keys.trust.to_pem())
    assert bundle.fingerprints == issued.keys.trust.fingerprints


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"hello",
        b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
        b"-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n",
    ],
)
def test_a_trust_file_without_certificates_is_refused(text):
    with pytest.raises(TrustUnreadableError):
        TrustBundle.from_pem(text)
