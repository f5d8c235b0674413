"""Facts of attacks on a stamped document: each is met by the check that it is for."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pdfsigner
import pytest

from archive.transcripts.payload import payload_bytes
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_file
from schemas.reports import VerificationReport
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import CheckState, DocumentLanguage, Verdict
from tests.authorities import Authority, an_authority, no_stamper, refreshed, signed
from tests.tampered.attacks import ATTACKS
from tests.tampered.stamps import (
    before_the_last_stamp,
    gap,
    swapped_signature_stamp,
    swapped_stamp,
    without_signature_stamp,
)
from tests.tampered.updates import with_payload
from tests.transcript_samples import NOW, OneDocument, a_page, a_transcript

FLIPS = 200
REWRITING = (
    "overlay",
    "annotation",
    "swapped_attachment",
    "changed_seal",
    "shadow_that_hides",
    "shadow_that_replaces",
    "shadow_that_hides_and_replaces",
)
MANY_FLIPS = 2000
_NO = {Verdict.DIFFERS, Verdict.CANNOT_CHECK}


@dataclass(frozen=True)
class Scene:
    """A document, who signs, and what was signed."""

    by: Authority
    transcript: TranscriptV1
    page: bytes
    pdf: bytes

    def verified(
        self, pdf: bytes, *, knows: bytes | None = None, trust: TrustBundle | None = None
    ) -> VerificationReport:
        """Verify with a register that knows every file, or only the one that is told."""
        digest = None if knows is None else sha256(knows).digest()
        register = OneDocument(self.transcript, digest)
        return verify_file(pdf, trust=trust or self.by.trust, register=register, now=NOW)


@pytest.fixture(scope="module")
def scene() -> Scene:
    by = an_authority(NOW - timedelta(days=365))
    signer = sha256(by.signer.told.dump()).hexdigest()
    transcript = a_transcript(signer=signer, template="family/1")
    page = a_page(transcript)
    return Scene(by, transcript, page, signed(page, by, NOW))


def first_failed(report: VerificationReport) -> int | None:
    """Return the number of the first check that failed."""
    failed = (check.number for check in report.checks if check.state is CheckState.FAILED)
    return next(failed, None)


def test_a_stamped_document_passes_every_check(scene):
    report = scene.verified(scene.pdf, knows=scene.pdf)
    assert (report.verdict, report.reason) == (Verdict.VALID, "genuine")
    assert {check.state for check in report.checks} == {CheckState.PASSED}
    assert report.signature is not None
    assert (report.signature.profile, report.signature.stamped_at) == ("B-LTA", NOW)


@pytest.mark.parametrize("profile", ["B-B", "B-T", "B-LT"])
def test_a_document_with_less_is_valid_too_and_what_it_lacks_is_told(scene, profile):
    pdf = signed(scene.page, scene.by, NOW, profile=profile)
    report = scene.verified(pdf, knows=pdf)
    assert report.verdict is Verdict.VALID
    assert report.signature is not None
    assert report.signature.profile == profile
    lacks = {check.code for check in report.checks if check.state is CheckState.UNCHECKED}
    told = {"B-B": {"timestamp", "revocation"}, "B-T": {"revocation"}, "B-LT": set()}
    assert lacks == told[profile]


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_a_stamped_file_is_met_by_the_right_check(scene, name):
    attack = ATTACKS[name]
    report = scene.verified(attack.make(scene.pdf))
    assert (first_failed(report), report.reason) == attack.expected(is_stamped=True)
    assert report.verdict in _NO
    assert report.document is None


def _forged(scene: Scene) -> bytes:
    """The same names, other keys, and their own stamps."""
    return signed(scene.page, an_authority(NOW - timedelta(days=365)), NOW)


def _forged_stamper(scene: Scene) -> bytes:
    forged = an_authority(NOW - timedelta(days=365))
    return refreshed(scene.pdf, forged, NOW)


def _stamped_by_no_stamper(scene: Scene) -> bytes:
    stamper = no_stamper(scene.by.issuing, NOW - timedelta(days=9))
    return signed(scene.page, scene.by, NOW, stamper=stamper, profile="B-T")


def _signed_by_the_stamper(scene: Scene) -> bytes:
    return signed(scene.page, scene.by, NOW, signer=scene.by.stamper, profile="B-T")


def _signed_twice(scene: Scene) -> bytes:
    """An approval signature added to a certified file, by a signer of ours even."""
    return signed(scene.pdf, scene.by, NOW, certify=False, field="Second", profile="B-B")


def _not_certified(scene: Scene) -> bytes:
    return signed(scene.page, scene.by, NOW, certify=False)


def _hidden_and_stamped(scene: Scene) -> bytes:
    """An object that no table names, below a genuine time stamp."""
    lone = b"999 0 obj\n<< /Type /Catalog >>\nendobj\n"
    return refreshed(scene.pdf + lone, scene.by, NOW)


def _other_stamp(scene: Scene) -> bytes:
    return swapped_stamp(scene.pdf, signed(scene.page, scene.by, NOW))


def _other_signature_stamp(scene: Scene) -> bytes:
    one, other = (signed(scene.page, scene.by, NOW, profile="B-T") for _ in range(2))
    return swapped_signature_stamp(one, other)


def _stamped_before_it_was_signed(scene: Scene) -> bytes:
    return signed(scene.page, scene.by, NOW, stamped=NOW - timedelta(days=3))


FORGERIES: list[tuple[Callable[[Scene], bytes], int, str]] = [
    (_forged, 5, "forged_trust"),
    (_forged_stamper, 7, "stamp_forged"),
    (_stamped_by_no_stamper, 7, "stamp_forged"),
    (_signed_by_the_stamper, 5, "forged_trust"),
    (_signed_twice, 2, "foreign_structure"),
    (_not_certified, 2, "foreign_structure"),
    (_hidden_and_stamped, 4, "changed_after_signing"),
    (_other_stamp, 7, "stamp_broken"),
    (_other_signature_stamp, 7, "stamp_broken"),
    (_stamped_before_it_was_signed, 7, "stamp_order"),
]


@pytest.mark.parametrize(("forge", "number", "reason"), FORGERIES)
def test_a_forgery_with_real_keys_is_met_by_the_right_check(scene, forge, number, reason):
    report = scene.verified(forge(scene))
    assert (first_failed(report), report.reason) == (number, reason)
    assert report.verdict is Verdict.DIFFERS
    assert report.document is None
    assert report.signature is None


@pytest.mark.parametrize("name", REWRITING)
def test_a_genuine_stamp_over_a_changed_file_does_not_make_it_good(scene, name):
    """What anyone can do who may ask the time-stamping service: change, then stamp anew."""
    pdf = refreshed(ATTACKS[name].make(scene.pdf), scene.by, NOW)
    report = scene.verified(pdf)
    assert (first_failed(report), report.reason) == (4, "changed_after_signing")
    assert report.document is None


def test_a_file_whose_stamps_were_taken_out_is_not_the_one_that_was_registered(scene):
    bare = signed(scene.page, scene.by, NOW, profile="B-T")
    for pdf, whole in (
        (before_the_last_stamp(scene.pdf), scene.pdf),
        (without_signature_stamp(bare), bare),
    ):
        report = scene.verified(pdf, knows=whole)
        assert (first_failed(report), report.reason) == (10, "not_registered")
        assert report.document is None


def test_pages_that_say_other_than_their_data_differ(scene):
    better = scene.transcript.model_copy(update={"language": DocumentLanguage.ENGLISH})
    page = with_payload(a_page(better), payload_bytes(scene.transcript))
    report = scene.verified(signed(page, scene.by, NOW))
    assert (first_failed(report), report.reason) == (9, "page_differs")
    assert (report.verdict, report.document) == (Verdict.DIFFERS, None)


def test_a_root_for_time_stamps_vouches_for_no_document(scene):
    other = an_authority(NOW - timedelta(days=365))
    trust = replace(other.trust, stamp_roots=scene.by.trust.roots)
    again = TrustBundle.from_pem(trust.to_pem())
    assert again.to_pem() == trust.to_pem()
    report = scene.verified(scene.pdf, trust=again)
    assert (first_failed(report), report.reason) == (5, "forged_trust")


def test_stamps_of_another_authority_count_when_its_root_is_trusted_for_them(scene):
    other = an_authority(NOW - timedelta(days=365), name="Other")
    pdf = refreshed(scene.pdf, other, NOW)
    assert scene.verified(pdf).reason == "stamp_forged"
    trust = replace(scene.by.trust, stamp_roots=other.trust.roots)
    assert scene.verified(pdf, trust=trust).verdict is Verdict.VALID


def test_no_flipped_bit_leaves_a_valid_file(scene):
    _flip(scene, FLIPS)


@pytest.mark.soak
def test_no_flipped_bit_of_many_leaves_a_valid_file(scene):
    _flip(scene, MANY_FLIPS)


def test_a_program_that_shares_no_code_with_ours_finds_every_profile_good(scene, tmp_path):
    roots = str(tmp_path / "root.pem")
    Path(roots).write_bytes(scene.by.trust.to_pem())
    for profile in ("B-B", "B-T", "B-LT", "B-LTA", "refreshed"):
        pdf = (
            refreshed(scene.pdf, scene.by, NOW + timedelta(days=9))
            if profile == "refreshed"
            else signed(scene.page, scene.by, NOW, profile=profile)
        )
        (tmp_path / "signed.pdf").write_bytes(pdf)
        told = pdfsigner.verify_pdf_report(str(tmp_path / "signed.pdf"), roots=roots)
        assert (profile, told["document_intact"], told["all_trusted"]) == (profile, True, True)
    for name in ("overlay", "swapped_attachment", "trailing_bytes", "flipped_byte_in_the_page"):
        (tmp_path / "attacked.pdf").write_bytes(ATTACKS[name].make(scene.pdf))
        told = pdfsigner.verify_pdf_report(str(tmp_path / "attacked.pdf"), roots=roots)
        assert (name, told["all_trusted"]) == (name, False)


def _flip(scene: Scene, count: int) -> None:
    """Flip bits all over the file, every other one behind the page: in signature and stamps."""
    chance = random.Random(20250305)
    behind = len(scene.page)
    for at in range(count):
        first = behind if at % 2 else 0
        place, bit = chance.randrange(first, len(scene.pdf)), chance.randrange(8)
        pdf = bytearray(scene.pdf)
        pdf[place] ^= 1 << bit
        report = scene.verified(bytes(pdf))
        assert report.verdict in _NO, f"byte {place}, bit {bit}"
        assert report.document is None


def test_not_even_a_digit_of_the_last_stamp_is_left_to_be_changed(scene):
    chance = random.Random(20250305)
    start, end = gap(scene.pdf)
    for _ in range(FLIPS // 2):
        place = chance.randrange(start + 1, end - 1)
        digit = f"{int(scene.pdf[place : place + 1], 16) ^ 1 << chance.randrange(4):X}"
        pdf = scene.pdf[:place] + digit.encode() + scene.pdf[place + 1 :]
        assert scene.verified(pdf).verdict in _NO, f"digit {place - start}"
