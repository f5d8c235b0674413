"""Facts of time: what was signed in the life of a key stays good, whatever becomes of the key."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from archive.transcripts.trust import Revoked, TrustBundle, Withdrawn
from archive.transcripts.verification import verify_file
from schemas.reports import VerificationReport
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import CheckState, Verdict
from tests.authorities import Authority, a_stamper, an_authority, refreshed, signed
from tests.transcript_samples import NOW, OneDocument, a_page, a_transcript

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)
SIGNER_DAYS, STAMPER_DAYS = 365, 2 * 365
LONG = NOW.date().replace(year=2060)
_PASSED, _UNCHECKED, _FAILED = CheckState.PASSED, CheckState.UNCHECKED, CheckState.FAILED


@pytest.fixture(scope="module")
def by() -> Authority:
    """A signer that lives for a year, and a stamper that lives for two."""
    return an_authority(NOW, signer_days=SIGNER_DAYS, stamper_days=STAMPER_DAYS)


@pytest.fixture(scope="module")
def transcript(by) -> TranscriptV1:
    return a_transcript(signer=sha256(by.signer.told.dump()).hexdigest(), valid_until=LONG)


@pytest.fixture(scope="module")
def page(transcript) -> bytes:
    return a_page(transcript)


@pytest.fixture(scope="module")
def pdf(page, by) -> bytes:
    return signed(page, by, NOW)


@pytest.fixture(scope="module")
def verified(transcript, by):
    """Verify with a register that knows every file."""

    def verify(data: bytes, at: datetime, trust: TrustBundle | None = None) -> VerificationReport:
        register = OneDocument(transcript, None)
        return verify_file(data, trust=trust or by.trust, register=register, now=at)

    return verify


def state(report: VerificationReport, code: str) -> CheckState:
    """Return how one check ended."""
    return next(check.state for check in report.checks if check.code == code)


def told(report: VerificationReport, code: str) -> str:
    """Return what one check says."""
    return next(check.message.en for check in report.checks if check.code == code)


def test_a_document_outlives_the_certificate_of_its_signer(verified, pdf):
    report = verified(pdf, NOW + YEAR + timedelta(days=30))
    assert report.verdict is Verdict.VALID
    assert "when the signature was stamped" in told(report, "trust")


def test_without_a_stamp_it_does_not(verified, page, by):
    bare = signed(page, by, NOW, profile="B-B")
    assert verified(bare, NOW + timedelta(days=30)).verdict is Verdict.VALID
    report = verified(bare, NOW + YEAR + timedelta(days=30))
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "signer_expired")


def test_the_last_stamp_has_to_live_and_a_new_one_carries_the_old_ones(verified, pdf, by):
    late = NOW + 3 * YEAR
    report = verified(pdf, late)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "stamp_expired")
    assert report.document is None
    stamper = a_stamper(by.issuing, NOW + YEAR, name="Next Stamper", days=5 * 365)
    kept = refreshed(pdf, by, NOW + YEAR + timedelta(days=9), stamper=stamper)
    report = verified(kept, late)
    assert report.verdict is Verdict.VALID
    assert "stamped anew" in told(report, "timestamp")


def test_a_stamp_made_after_the_old_one_had_died_carries_nothing(verified, pdf, by):
    late = NOW + 3 * YEAR
    stamper = a_stamper(by.issuing, late, name="Late Stamper", days=5 * 365)
    report = verified(refreshed(pdf, by, late, stamper=stamper), late)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "stamp_expired")


def test_a_clock_that_is_behind_is_told_and_says_nothing_against_the_document(verified, pdf):
    report = verified(pdf, NOW - timedelta(days=40))
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "clock")
    assert verified(pdf, NOW - timedelta(minutes=4)).verdict is Verdict.VALID


def test_signed_by_a_certificate_that_had_expired(verified, page, by):
    report = verified(
        signed(page, by, NOW + YEAR + timedelta(days=9), profile="B-T"), NOW + 2 * YEAR
    )
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "signer_expired")
    assert report.document is None


def _with_lists(by: Authority, at: datetime) -> TrustBundle:
    """Trust as it is published: with the newest lists of revoked keys, through PEM and back."""
    bundle = replace(by.trust, lists=tuple(by.lists(at)))
    return TrustBundle.from_pem(bundle.to_pem())


def test_a_key_revoked_after_the_stamp_changes_nothing_and_is_told(verified, pdf, by):
    later = NOW + timedelta(days=100)
    trust = _with_lists(by.revoking(by.signer, NOW + timedelta(days=50)), later)
    report = verified(pdf, later, trust)
    assert report.verdict is Verdict.VALID
    assert state(report, "revocation") is _PASSED
    assert "2025-04-24" in told(report, "revocation")


def test_a_key_revoked_before_the_stamp_signs_nothing(verified, pdf, by):
    trust = _with_lists(by.revoking(by.signer, NOW - timedelta(hours=3)), NOW)
    report = verified(pdf, NOW + timedelta(days=1), trust)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "signer_revoked")
    assert state(report, "revocation") is _FAILED
    assert report.document is None


def test_a_key_that_the_archive_revoked_itself_is_heard_whatever_its_authority_says(
    verified, pdf, by
):
    fingerprint = sha256(by.signer.told.dump()).hexdigest()
    in_this_second = NOW + timedelta(milliseconds=400)  # A stamp may be later in its second.
    for since, verdict in (
        (NOW - HOUR, Verdict.DIFFERS),
        (in_this_second, Verdict.DIFFERS),
        (NOW + HOUR, Verdict.VALID),
    ):
        withdrawn = (Withdrawn(fingerprint, Revoked(since, is_compromised=True)),)
        trust = TrustBundle.from_pem(replace(by.trust, withdrawn=withdrawn).to_pem())
        assert verified(pdf, NOW + timedelta(days=1), trust).verdict is verdict


def test_the_file_s_own_list_of_revoked_keys_is_heard(verified, page, by):
    gone = by.revoking(by.signer, NOW - timedelta(days=3))
    lists = refreshed(signed(page, by, NOW, profile="B-T"), gone, NOW, lists=gone.lists(NOW))
    report = verified(lists, NOW + timedelta(days=1))
    assert report.reason == "signer_revoked"


def test_a_revoked_key_without_a_stamp_cannot_be_checked(verified, page, by):
    later = NOW + timedelta(days=100)
    trust = _with_lists(by.revoking(by.signer, NOW + timedelta(days=50)), later)
    report = verified(signed(page, by, NOW, profile="B-B"), later, trust)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "signer_revoked_since")
    assert state(report, "revocation") is _UNCHECKED


def test_the_list_of_another_authority_of_the_same_name_is_not_heard(verified, pdf, by):
    forged = an_authority(NOW)
    forged = replace(forged, revoked=((by.signer, NOW - timedelta(days=3)),))
    trust = replace(by.trust, lists=tuple(forged.lists(NOW)))
    assert verified(pdf, NOW + timedelta(days=1), trust).verdict is Verdict.VALID


def test_a_stamper_revoked_since_proves_nothing_unless_stamped_over(verified, pdf, by):
    later, gone_at = NOW + timedelta(days=100), NOW + timedelta(days=50)
    trust = _with_lists(by.revoking(by.stamper, gone_at), later)
    report = verified(pdf, later, trust)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "stamp_expired")
    stamper = a_stamper(by.issuing, NOW, name="Other Stamper", days=5 * 365)
    kept = refreshed(pdf, by, NOW + timedelta(days=20), stamper=stamper)
    assert verified(kept, later, trust).verdict is Verdict.VALID


def test_a_stamper_revoked_before_the_stamp_is_a_forger(verified, pdf, by):
    trust = _with_lists(by.revoking(by.stamper, NOW - timedelta(days=3)), NOW)
    report = verified(pdf, NOW + timedelta(days=1), trust)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "stamp_forged")
