"""Facts of verification: five verdicts, twelve checks, and no attacked file called valid."""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from archive.transcripts.held_keys import HeldKeySigner
from archive.transcripts.keys import FOLDER_NAME, development_keys
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.signing import PadesSigner
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_code, verify_file
from schemas.keys import SigningProfile
from schemas.reports import ChangedRecord, VerificationReport
from schemas.vocabulary import Act, CheckState, Verdict
from tests.tampered.attacks import ATTACKS
from tests.transcript_samples import NOW, Issued, OneDocument, an_issued_document


@pytest.fixture(scope="module")
def issued(tmp_path_factory) -> Issued:
    return an_issued_document(tmp_path_factory.mktemp("keys"))


def verified(
    issued: Issued,
    pdf: bytes | None = None,
    register: OneDocument | None = None,
    trust: TrustBundle | None = None,
    now: datetime = NOW,
) -> VerificationReport:
    """Verify with a register that knows every file: the file has to give itself away."""
    return verify_file(
        issued.pdf if pdf is None else pdf,
        trust=trust or issued.keys.trust,
        register=register or OneDocument(issued.transcript, None),
        now=now,
    )


def verified_offline(issued: Issued, pdf: bytes) -> VerificationReport:
    """Verify where no register can be asked."""
    return verify_file(pdf, trust=issued.keys.trust, register=None, now=NOW)


def first_failed(report: VerificationReport) -> int | None:
    """Return the number of the first check that failed."""
    failed = (check.number for check in report.checks if check.state is CheckState.FAILED)
    return next(failed, None)


def test_a_fresh_document_is_valid_and_no_check_fails(issued):
    register = OneDocument(issued.transcript, sha256(issued.pdf).digest())
    report = verified(issued, register=register)
    assert (report.verdict, report.reason) == (Verdict.VALID, "genuine")
    assert [check.number for check in report.checks] == list(range(1, 13))
    states = {check.code: check.state for check in report.checks}
    assert states.pop("text") is CheckState.UNCHECKED  # The layout is a former one.
    assert set(states.values()) == {CheckState.PASSED}
    assert report.document is not None
    assert report.document.holder_name_masked == "陈**"
    assert report.sha256 == sha256(issued.pdf).hexdigest()


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attacked_file_is_rejected_by_the_right_check_and_shows_nothing(issued, name):
    attack = ATTACKS[name]
    pdf = attack.make(issued.pdf)
    assert pdf != issued.pdf
    report = verified(issued, pdf)
    stamped = issued.pdf.count(b"/DocTimeStamp") > 0
    assert (first_failed(report), report.reason) == attack.expected(is_stamped=stamped)
    assert report.verdict in {Verdict.DIFFERS, Verdict.CANNOT_CHECK}
    assert report.document is None


def test_a_forged_authority_of_the_same_names_is_not_trusted(issued, tmp_path):
    forged = an_issued_document(tmp_path)
    report = verified(issued, forged.pdf)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "forged_trust")
    assert first_failed(report) == 5
    assert report.document is None


def test_the_signer_of_a_stranger_s_file_stands_in_no_log(issued, tmp_path, caplog):
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    verified(issued, an_issued_document(tmp_path).pdf)
    assert caplog.records == []


def test_a_root_may_not_sign_documents_itself(issued, tmp_path):
    keys = development_keys(tmp_path, now=NOW)
    folder = tmp_path / FOLDER_NAME
    key = load_pem_private_key((folder / "root.key").read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    root = keys.trust.roots[0]
    by_root = replace(keys, held=HeldKeySigner(key, root, ()))
    transcript = issued.transcript.model_copy(update={"signer": keys.trust.fingerprints[0]})
    signer = PadesSigner(by_root, profile=SigningProfile.B_B)
    pdf = signer.sign(WeasyRenderer().render(transcript), at=NOW).pdf
    report = verified(issued, pdf, trust=keys.trust)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "forged_trust")


def test_data_that_name_another_signer_are_refused(tmp_path):
    other = an_issued_document(tmp_path, signer="00" * 32)
    report = verified(other)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "foreign_content")
    assert first_failed(report) == 8


def test_a_signed_document_that_was_never_registered_is_refused(issued):
    register = OneDocument(issued.transcript, b"another file")
    report = verified(issued, register=register)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "not_registered")
    assert first_failed(report) == 10
    assert report.document is None


def test_past_its_validity_a_document_is_told_and_not_called_valid(issued):
    last_day = issued.transcript.valid_until
    report = verified(issued, now=NOW + timedelta(days=365))
    assert (report.verdict, report.reason) == (Verdict.PAST_VALIDITY, "too_old")
    assert report.document is not None
    assert report.document.valid_until == last_day


def test_the_last_day_of_validity_ends_where_the_document_was_issued(issued):
    end = NOW.replace(year=2025, month=9, day=1, hour=16, minute=0)  # Midnight in Shanghai.
    assert issued.transcript.valid_until == date(2025, 9, 1)
    assert verified(issued, now=end - timedelta(seconds=1)).verdict is Verdict.VALID
    assert verified(issued, now=end).verdict is Verdict.PAST_VALIDITY


@pytest.mark.parametrize("act", [Act.CORRECT, Act.WITHDRAW])
def test_a_record_changed_since_revokes_the_document_and_is_named(issued, act):
    changed = (ChangedRecord(number=2, act=act, changed_on=date(2025, 4, 1)),)
    report = verified(issued, register=OneDocument(issued.transcript, None, changed=changed))
    assert (report.verdict, report.reason) == (Verdict.REVOKED, "records_changed")
    assert first_failed(report) == 11
    assert report.changed == changed
    assert "2 (2025-04-01)" in report.checks[10].message.zh


def test_a_record_that_the_chain_no_longer_holds_differs(issued):
    register = OneDocument(issued.transcript, None, broken=(3,))
    report = verified(issued, register=register)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "chain_differs")


def test_revoked_outweighs_past_validity(issued):
    changed = (ChangedRecord(number=2, act=Act.WITHDRAW, changed_on=date(2025, 4, 1)),)
    register = OneDocument(issued.transcript, None, changed=changed)
    report = verified(issued, register=register, now=NOW + timedelta(days=365))
    assert report.verdict is Verdict.REVOKED


def test_offline_everything_but_the_register_is_told_and_nothing_is_green(issued):
    report = verified_offline(issued, issued.pdf)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "offline")
    states = {check.code: check.state for check in report.checks}
    assert {states[code] for code in ("file", "signature", "trust", "content")} == {
        CheckState.PASSED
    }
    assert states["register"] is CheckState.UNCHECKED
    assert report.document is not None


def test_offline_a_forgery_is_still_a_forgery(issued, tmp_path):
    forged = an_issued_document(tmp_path)
    report = verified_offline(issued, forged.pdf)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "forged_trust")


def test_trust_travels_as_pem(issued):
    carried = TrustBundle.from_pem(issued.keys.trust.to_pem())
    assert verified(issued, trust=carried).verdict is Verdict.VALID


def test_when_the_signer_is_past_its_certificate_nothing_can_be_said(tmp_path):
    long_ago = NOW - timedelta(days=11 * 365)
    old = an_issued_document(tmp_path, made=long_ago, profile=SigningProfile.B_B)
    report = verified(old)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "signer_expired")
    assert report.document is None


FOREIGN = b"""%PDF-1.4
1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj
2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj
xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \ntrailer
<< /Size 3 /Root 1 0 R >>\nstartxref\n109\n%%EOF\n"""


def test_a_foreign_pdf_is_not_from_this_archive_and_not_red(issued):
    report = verified(issued, FOREIGN)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "not_from_this_archive")
    assert first_failed(report) is None


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"hello",
        b"PK\x03\x04",
        b"%PDF-",
        b"%PDF-1.7\n" + b"<<" * 5000,
        b"%PDF-1.7 " + bytes(99),
    ],
)
def test_what_is_no_pdf_cannot_be_checked_and_never_raises(issued, junk):
    report = verified(issued, junk)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "unreadable")
    assert first_failed(report) == 1


def test_a_known_code_tells_what_was_issued_and_asks_for_the_file(issued):
    typed = issued.transcript.code.lower().replace("-", " ")
    report = verify_code(typed, register=OneDocument(issued.transcript, None), now=NOW)
    assert (report.verdict, report.reason) == (Verdict.VALID, "issued")
    assert [check.state for check in report.checks[:9]] == [CheckState.UNCHECKED] * 9
    assert "upload the file" in report.message.en
    assert report.document is not None
    assert report.sha256 is None


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "", "4TQ9-0XKM-7C2W-PD5T", "x" * 9999])
def test_an_unknown_code_cannot_be_checked_and_is_not_red(issued, code):
    report = verify_code(code, register=OneDocument(issued.transcript, None), now=NOW)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "unknown_code")
    assert first_failed(report) is None
    assert report.document is None


def test_every_message_of_a_report_is_told_in_both_languages(issued):
    reports = [
        verified(issued),
        verified_offline(issued, issued.pdf),
        verified(issued, FOREIGN),
        verified(issued, ATTACKS["overlay"].make(issued.pdf)),
        verified(issued, now=NOW + timedelta(days=365)),
    ]
    told = [text for r in reports for c in r.checks for text in (c.title, c.message, r.message)]
    assert len(told) > 100
    assert [text for text in told if text.zh == text.en] == []
