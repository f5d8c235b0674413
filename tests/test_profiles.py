"""Facts of the profiles of signatures: what each holds, and how long strangers can judge it."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
import time_machine
from asn1crypto import crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from archive.transcripts import certifying, development_ca, revoking
from archive.transcripts.keys import FOLDER_NAME, DevelopmentKeys, development_keys
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.signing import PadesSigner, SignedFile
from archive.transcripts.signing_refusals import ChainUnusableError
from archive.transcripts.trust import TrustBundle
from schemas.keys import SigningProfile
from tests.transcript_samples import NOW, a_transcript

YEAR = timedelta(days=365)
LTA = SigningProfile.B_LTA


@pytest.fixture(scope="module")
def page() -> bytes:
    return WeasyRenderer().render(a_transcript())


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> DevelopmentKeys:
    return development_keys(tmp_path_factory.mktemp("keys"), now=NOW)


@pytest.fixture(scope="module")
def signed(page, keys) -> dict[SigningProfile, SignedFile]:
    return {
        profile: PadesSigner(keys, profile=profile).sign(page, at=NOW) for profile in SigningProfile
    }


def judged(
    pdf: bytes, trust: TrustBundle, *, at: datetime, lists: Iterable[crl.CertificateList] = ()
) -> bool:
    """Return whether pyHanko, asked at a moment, finds the archived signature good.

    Revocation is required of every certificate; ``lists`` are those of that day.
    """
    trusted = SimpleTrustManager.build(trust_roots=list(trust.roots))
    policy = CertValidationPolicySpec(
        trust_manager=trusted, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    known = LocalKnowledge(known_crls=[CRLContainer(one) for one in lists])
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(cert_validation_policy=policy, local_knowledge=known)
    )
    timing = ValidationTimingInfo(
        validation_time=at, best_signature_time=at, point_in_time_validation=True
    )
    signature = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    with time_machine.travel(at, tick=False):
        status = asyncio.run(ades_lta_validation(signature, spec, timing))
    return status.ades_subindic == AdESPassed.OK


def test_each_profile_holds_what_it_promises_and_says_so(signed, keys):
    stamper = sha256(keys.stamps.chains(at=NOW)[0][0].dump()).hexdigest()
    for profile, file in signed.items():
        reader = PdfFileReader(BytesIO(file.pdf))
        first, *later = reader.embedded_signatures
        attributes = first.signer_info["unsigned_attrs"]
        has_stamp = profile is not SigningProfile.B_B
        assert (len(attributes) == 1) == has_stamp, profile
        assert ("/DSS" in reader.root) == (profile in (SigningProfile.B_LT, LTA)), profile
        assert len(later) == (profile is LTA), profile
        assert file.profile is profile
        assert (file.stamped_at, file.stamper) == ((NOW, stamper) if has_stamp else (None, None))


def test_what_judgement_needs_is_in_the_signature_s_own_revision(signed, keys):
    reader = PdfFileReader(BytesIO(signed[LTA].pdf))
    assert reader.total_revisions == 3  # The page, the signature, the time stamp.
    historical = reader.get_historical_root(1)
    assert "/DSS" in historical
    store = DocumentSecurityStore.read_dss(reader)
    found = [crl.CertificateList.load(bytes(one.get_object().data)) for one in store.crls]
    assert {one.issuer.dump() for one in found} == {one.issuer.dump() for one in keys.lists(at=NOW)}
    for one in (told["tbs_cert_list"] for told in found):
        assert one["this_update"].native <= NOW < one["next_update"].native


def test_the_time_stamp_is_last_and_ends_where_the_file_ends(signed):
    last = PdfFileReader(BytesIO(signed[LTA].pdf)).embedded_signatures[-1]
    start, _, again, rest = (int(part) for part in last.byte_range)
    assert last.sig_object["/Type"] == "/DocTimeStamp"
    assert (start, again + rest) == (0, len(signed[LTA].pdf))


def test_it_can_be_judged_as_long_as_the_time_stamp_s_certificate_lives(signed, keys):
    pdf = signed[LTA].pdf
    assert judged(pdf, keys.trust, at=NOW + timedelta(hours=1))
    for later in (YEAR, 9 * YEAR):
        lists = keys.lists(at=NOW + later)
        assert judged(pdf, keys.trust, at=NOW + later, lists=lists), later
    gone = NOW + 11 * YEAR
    assert not judged(pdf, keys.trust, at=gone, lists=keys.lists(at=gone))


def test_another_authority_of_the_same_names_is_not_trusted(signed, tmp_path):
    other = development_keys(tmp_path, now=NOW)
    assert not judged(signed[LTA].pdf, other.trust, at=NOW + timedelta(hours=1))


def test_revocation_lists_are_renewed_before_they_end(keys):
    first = keys.lists(at=NOW)
    assert keys.lists(at=NOW + revoking.LIFE / 3) == first
    later = NOW + revoking.LIFE * 2 / 3
    ends = [one["tbs_cert_list"]["next_update"].native for one in keys.lists(at=later)]
    assert min(ends) > later + revoking.LIFE * 2 / 3


def test_nothing_is_signed_by_a_signer_that_was_revoked(page, tmp_path):
    keys = development_keys(tmp_path, now=NOW)
    signer = PadesSigner(keys)
    before = signer.sign(page, at=NOW)
    since = NOW + timedelta(days=2)
    revoked = revoking.Revoked(keys.certificate.serial_number, since, "keyCompromise")
    revoking.revoke(keys.authority.folder, revoked)
    with pytest.raises(ChainUnusableError, match="the signer"):
        signer.sign(page, at=since + timedelta(days=1))
    after = since + timedelta(days=30)
    lists = keys.lists(at=after)
    assert judged(before.pdf, keys.trust, at=after, lists=lists), "stamped before that day"


@pytest.mark.parametrize("at", [NOW - 2 * timedelta(days=1), NOW + 11 * YEAR])
def test_nothing_is_signed_outside_the_life_of_the_certificates(page, keys, at):
    with pytest.raises(ChainUnusableError):
        PadesSigner(keys, profile=SigningProfile.B_B).sign(page, at=at)


def test_a_home_of_the_former_version_goes_on_under_its_root(page, tmp_path):
    folder = tmp_path / FOLDER_NAME
    folder.mkdir(mode=0o700)
    root = certifying.root(NOW - YEAR)
    development_ca.keep(folder, development_ca.ROOT, root)
    development_ca.keep(folder, "signer", certifying.signer(root, NOW - YEAR))
    keys = development_keys(tmp_path, now=NOW)
    former = TrustBundle.from_pem((folder / "root.pem").read_bytes())
    assert keys.trust.fingerprints == former.fingerprints
    pdf = PadesSigner(keys).sign(page, at=NOW).pdf
    assert judged(pdf, keys.trust, at=NOW + timedelta(hours=1))
