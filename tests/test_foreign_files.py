"""Facts of files that never came from this archive: nothing is said against them, or for them."""

import pytest

from archive.transcripts.field_names import FIELD_NAME
from archive.transcripts.verification import verify_file
from schemas.reports import VerificationReport
from schemas.vocabulary import CheckState, Verdict
from tests.authorities import an_authority
from tests.foreign import SINCE, UNREADABLE, UNSIGNED, a_stranger, signed_by, slipped
from tests.tampered.attacks import trailing_bytes
from tests.transcript_samples import NOW, OneDocument, a_transcript

OURS = an_authority(SINCE)


def verified(pdf: bytes) -> VerificationReport:
    register = OneDocument(a_transcript(), None)
    return verify_file(pdf, trust=OURS.trust, register=register, now=NOW)


@pytest.mark.parametrize("name", [*UNSIGNED, "encrypted"])
def test_a_file_of_others_is_not_from_this_archive_and_not_red(name):
    report = verified((UNSIGNED | UNREADABLE)[name]())
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "not_from_this_archive")
    assert CheckState.FAILED not in {check.state for check in report.checks}
    assert report.document is None
    assert report.signature is None


def test_a_broken_file_of_others_cannot_be_read_and_is_not_called_a_forgery():
    report = verified(UNREADABLE["broken"]())
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "unreadable")


def test_of_a_file_that_others_signed_it_is_told_whom_its_certificate_names():
    pdf = signed_by(a_stranger())
    report = verified(pdf)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "not_from_this_archive")
    found = report.signature
    assert found is not None
    assert (found.signer_name, found.stamped_at) == ("Elsewhere Signer", NOW)
    assert (found.is_intact, found.reaches_end, found.is_trusted) == (True, True, False)
    later = verified(trailing_bytes(pdf)).signature
    assert later is not None
    assert (later.is_intact, later.reaches_end) == (True, False)
    assert report.document is None


def test_a_stranger_s_signature_that_does_not_fit_is_told_and_is_no_forgery_of_ours():
    pdf = signed_by(a_stranger())
    place = pdf.index(b"q Q")
    report = verified(pdf[:place] + b"Q q" + pdf[place + 3 :])
    assert report.verdict is Verdict.CANNOT_CHECK
    assert report.signature is not None
    assert not report.signature.is_intact


def test_a_stranger_who_names_our_root_claims_to_be_of_this_house():
    report = verified(signed_by(an_authority(SINCE)))
    assert report.verdict is Verdict.DIFFERS
    assert report.signature is None


def test_nothing_is_forgiven_to_a_file_that_claims_to_be_of_this_house():
    report = verified(slipped(FIELD_NAME.encode()))
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "damaged")
