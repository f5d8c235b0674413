"""Facts of refreshing: a kept file gets another time stamp in time, and stays good for decades."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from archive.transcripts import refresh_run
from archive.transcripts.keys import DevelopmentKeys, development_keys
from archive.transcripts.list_files import ListFolder
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.refreshing import Refresher, is_due, refreshed
from archive.transcripts.signing import PadesSigner
from archive.transcripts.signing_refusals import NO_STAMP, STAMP_OVER, RefreshRefusedError
from archive.transcripts.time_stamp_service import ServiceTimeStamps
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_file
from schemas.keys import SigningProfile
from schemas.refusals import Phrase
from schemas.vocabulary import Verdict
from tests.stamp_servers import a_stamp_server
from tests.test_profiles import judged
from tests.test_transcripts_issuing import LATER, a_desk
from tests.transcript_samples import NOW, OneDocument, a_transcript

YEAR = timedelta(days=365)
AHEAD = YEAR
LONG = NOW.date().replace(year=2060)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> DevelopmentKeys:
    return development_keys(tmp_path_factory.mktemp("keys"), now=NOW)


@pytest.fixture(scope="module")
def page(keys) -> bytes:
    return WeasyRenderer().render(a_transcript(signer=keys.fingerprint, valid_until=LONG))


@pytest.fixture(scope="module")
def pdf(page, keys) -> bytes:
    return PadesSigner(keys).sign(page, at=NOW).pdf


def stamped_by(keys: DevelopmentKeys, folder: Path) -> Refresher:
    return Refresher(keys.stamps, keys.trust, ListFolder(folder))


def test_a_file_is_due_when_its_last_stamp_nears_its_end(pdf):
    assert not is_due(pdf, at=NOW, ahead=AHEAD)
    assert not is_due(pdf, at=NOW + 8 * YEAR, ahead=AHEAD)
    assert is_due(pdf, at=NOW + 9 * YEAR + timedelta(days=1), ahead=AHEAD)


def test_a_refreshed_file_outlives_the_certificates_of_the_old_one(pdf, keys, tmp_path):
    at = NOW + 9 * YEAR + timedelta(days=30)
    with a_stamp_server(tmp_path / "lists", at) as server:
        stamps = ServiceTimeStamps(server.address())
        roots = TrustBundle(keys.trust.roots, server.trust.roots)
        lists = tmp_path / "lists"
        for number, one in enumerate(keys.lists(at=at)):  # As the operator fetches them.
            (lists / f"former{number}.crl").write_bytes(one.dump())
        again = refreshed(pdf, at=at, using=Refresher(stamps, roots, ListFolder(lists)))
        assert again.pdf.startswith(pdf)
        assert (again.profile, again.stamped_at) == (SigningProfile.B_LTA, NOW)
        last = PdfFileReader(BytesIO(again.pdf)).embedded_signatures[-1]
        start, _, behind, rest = (int(part) for part in last.byte_range)
        assert (start, behind + rest) == (0, len(again.pdf))
        assert not is_due(again.pdf, at=at, ahead=AHEAD)

    late = NOW + 12 * YEAR
    register = OneDocument(a_transcript(signer=keys.fingerprint, valid_until=LONG), None)
    before, after = (
        verify_file(one, trust=roots, register=register, now=late) for one in (pdf, again.pdf)
    )
    assert (before.verdict, before.reason) == (Verdict.CANNOT_CHECK, "stamp_expired")
    assert after.verdict is Verdict.VALID


def test_it_can_be_refreshed_again_and_again(pdf, keys, tmp_path):
    using = stamped_by(keys, tmp_path)
    once = refreshed(pdf, at=NOW + 3 * YEAR, using=using).pdf
    twice = refreshed(once, at=NOW + 6 * YEAR, using=using).pdf
    assert len(PdfFileReader(BytesIO(twice)).embedded_timestamp_signatures) == 3
    later = NOW + 7 * YEAR
    assert judged(twice, keys.trust, at=later, lists=keys.lists(at=later))


def test_what_is_over_or_was_changed_gets_no_stamp(page, pdf, keys, tmp_path):
    using = stamped_by(keys, tmp_path)
    place = pdf.index(b"stream") + 40
    changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
    plain = PadesSigner(keys, profile=SigningProfile.B_T).sign(page, at=NOW).pdf
    for file, at, problem in (
        (pdf, NOW + 11 * YEAR, STAMP_OVER),
        (changed, NOW + YEAR, STAMP_OVER),
        (pdf + b" ", NOW + YEAR, STAMP_OVER),
        (plain, NOW + YEAR, NO_STAMP),
        (b"no file", NOW + YEAR, NO_STAMP),
    ):
        with pytest.raises(RefreshRefusedError) as refused:
            refreshed(file, at=at, using=using)
        assert refused.value.facts["problem"] == Phrase(problem)


def test_the_run_stamps_kept_files_once_and_both_stay_known(archive, tmp_path):
    folder = tmp_path / "keys"
    desk = a_desk(archive, folder)
    keys = desk.press.keys
    issued = desk.issue()
    using = Refresher(keys.stamps, keys.trust, ListFolder(tmp_path))
    soon, over = timedelta(days=1), 11 * YEAR
    before = refresh_run.run(desk.archive, using=using, ahead=soon, now=LATER)
    assert (before.looked_at, before.refreshed) == (1, 0)
    first = refresh_run.run(desk.archive, using=using, ahead=over, now=LATER)
    assert (first.looked_at, first.refreshed, first.refused) == (1, 1, 0)

    again = desk.issue()
    assert again.is_again
    assert again.pdf.startswith(issued.pdf)
    assert len(again.pdf) > len(issued.pdf)
    for pdf in (issued.pdf, again.pdf):
        assert desk.verify(pdf).verdict is Verdict.VALID
