"""Facts of refreshing: a kept file gets another time stamp in time, and stays good for decades."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from archive.bureau import nightly
from archive.jobs.desk import PlainSteps
from archive.transcripts import composing, kept, refresh_job, refresh_run
from archive.transcripts.intents import file_of, key_of
from archive.transcripts.kept import kept_documents
from archive.transcripts.keys import DevelopmentKeys, development_keys
from archive.transcripts.list_files import ListFolder, name_of
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.refresh_job import Renewal
from archive.transcripts.refreshing import Refresher, is_due, refreshed
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.signing import PadesSigner
from archive.transcripts.signing_refusals import (
    NO_STAMP,
    STAMP_OVER,
    RefreshRefusedError,
    SigningUnavailableError,
)
from archive.transcripts.time_stamp_service import ServiceTimeStamps
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_file
from schemas.keys import SigningProfile
from schemas.nightly import NightlyReport
from schemas.refusals import Phrase
from schemas.vocabulary import Verdict
from tests.stamp_servers import a_stamp_server
from tests.test_profiles import judged
from tests.test_transcripts_issuing import LATER, Desk, a_desk
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
    none = refresh_run.run(desk.archive, using=using, ahead=over, now=LATER)
    assert none.refreshed == 0  # The same authority's stamp would last no longer.
    using = renewed_by(desk, tmp_path, LATER).using
    first = refresh_run.run(desk.archive, using=using, ahead=over, now=LATER)
    assert (first.looked_at, first.refreshed, first.refused) == (1, 1, 0)

    again = desk.issue()
    assert again.is_again
    assert again.pdf.startswith(issued.pdf)
    assert len(again.pdf) > len(issued.pdf)
    with desk.archive.reading() as session:
        register = DatabaseRegister(session)
        for pdf in (issued.pdf, again.pdf):
            report = verify_file(pdf, trust=using.trust, register=register, now=LATER)
            assert report.verdict is Verdict.VALID


def renewed_by(desk: Desk, folder: Path, at: datetime) -> Renewal:
    """Return what an operator has at a moment: a new authority, and fresh lists of the former."""
    trust = desk.press.keys.trust
    made = [development_keys(folder / str(at.year), now=at)]
    roots = [*trust.stamp_roots]
    for one in sorted(folder.glob("20*")):
        known = development_keys(one, now=at)
        roots += known.trust.roots
        made.append(known)
    lists = folder / "lists"
    lists.mkdir(exist_ok=True)
    for keys in (desk.press.keys, *made):
        for one in (*keys.lists(at=at), *keys.stamps.lists(at=at)):
            (lists / name_of(one.dump())).write_bytes(one.dump())
    return Renewal(
        Refresher(made[0].stamps, TrustBundle(trust.roots, tuple(roots)), ListFolder(lists)),
        5 * YEAR,
    )


def a_night(desk: Desk, now: datetime) -> NightlyReport:
    steps = PlainSteps(desk.archive, lambda: now)
    return nightly.run(steps, now.date().isoformat(), UTC)


def test_the_nightly_run_refreshes_for_decades_and_the_file_still_verifies(
    sqlite_archive, tmp_path, monkeypatch
):
    monkeypatch.setattr(refresh_job, "NIGHTS", 1)
    monkeypatch.setattr(composing, "VALIDITY_DAYS", 9000)
    desk = a_desk(sqlite_archive, tmp_path / "keys")
    issued = desk.issue()
    refresh_job.lend(desk.archive, lambda at: renewed_by(desk, tmp_path, at))
    monkeypatch.setattr(kept.KeptDocuments, "sweep", lambda *_, **__: 0)  # By this machine's day.
    told = [
        (report.files_refreshed, report.files_unrefreshable, report.postponed)
        for years in (1, 6, 7, 12, 13)
        for report in [a_night(desk, NOW + years * YEAR)]
    ]
    assert told == [(0, 0, ()), (1, 0, ()), (0, 0, ()), (1, 0, ()), (0, 0, ())]
    late = NOW + 18 * YEAR
    trust = renewed_by(desk, tmp_path, late).using.trust
    with desk.archive.reading() as session:
        own = issued.transcript.id
        file = file_of(session, desk.worker_id, own)
        assert file is not None
        key = key_of(session, desk.worker_id)
        twice = kept_documents(session).get(key, own, file.sha256)
    assert twice.startswith(issued.pdf)
    assert len(PdfFileReader(BytesIO(twice)).embedded_timestamp_signatures) == 3
    with desk.archive.reading() as session:
        register = DatabaseRegister(session)
        verdicts = [
            verify_file(one, trust=trust, register=register, now=late).verdict
            for one in (issued.pdf, twice)
        ]
    assert verdicts == [Verdict.CANNOT_CHECK, Verdict.VALID]


def test_one_file_that_cannot_be_refreshed_stops_no_other_and_a_silent_authority_waits(
    sqlite_archive, tmp_path, monkeypatch
):
    monkeypatch.setattr(refresh_job, "NIGHTS", 1)
    desk = a_desk(sqlite_archive, tmp_path / "keys")
    for language in ("zh", "en", "both"):
        desk.issue(language=language)
    own, seen = refreshed, list[bytes]()

    def failing(pdf, *, at, using):
        seen.append(pdf)
        if len(seen) == 1:
            raise KeyError("no such object")
        if len(seen) == 3:
            raise SigningUnavailableError
        return own(pdf, at=at, using=using)

    monkeypatch.setattr(refresh_run, "refreshed", failing)
    monkeypatch.setattr(refresh_run, "would_gain", lambda *_, **__: True)
    keys = desk.press.keys
    using = Refresher(keys.stamps, keys.trust, ListFolder(tmp_path))
    refresh_job.lend(desk.archive, lambda _now: Renewal(using, 11 * YEAR))
    first = a_night(desk, LATER)
    assert (first.files_refreshed, first.files_unrefreshable) == (1, 1)
    assert first.postponed == ("signing_unavailable",)
    second = a_night(desk, LATER)
    assert (second.files_refreshed, second.postponed) == (3, ())
