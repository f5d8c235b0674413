"""Share links: who opens what, until when, and what a scope keeps to itself."""

import subprocess
import sys
import time
from datetime import UTC, date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, event, update
from sqlmodel import Session, select

from archive.db import Database
from archive.dossiers import records
from archive.dossiers import shares as contents
from archive.dossiers.models import Record
from archive.errors import ErasedError, UnknownRecordError, UnknownWorkerError
from archive.people import attempts, share_pins, shares
from archive.people.key_store import WRAPPED_KEY
from archive.people.privacy import vault_of
from archive.people.share_models import Share, ShareToken
from archive.people.share_refusals import (
    ShareClosedError,
    ShareExpiredError,
    ShareNoDownloadError,
    SharePinLockedError,
    SharePinNeededError,
    SharePinWrongError,
    ShareRevokedError,
    UnknownShareError,
)
from archive.settings import Settings
from credit_bank.bulk import table_of
from schemas.careers import Education, Honour
from schemas.ids import new_id
from schemas.records import Apprenticeship, Certificate
from schemas.shares import ShareAsked, SharedView, ShareScope
from schemas.vocabulary import (
    Degree,
    Instrument,
    LearningKind,
    Rank,
    RecordKind,
    RecordStanding,
    ShareState,
)
from tests.builders import ELECTRICIAN, NOW, TODAY, a_training
from tests.sharing import CONTEST, TRAINING, WORK, a_sharing

GUESSES = 10_000
PIN = "246810"


def _seen(session: Session, token: str, now=NOW) -> SharedView:
    share = shares.found_by(session, token, now=now)
    return contents.shown(session, share, now=now, today=now.date(), zone=UTC)


def _titles(view: SharedView) -> set[str]:
    return {one.title for one in view.content.records}


# --- Tokens


def test_a_share_opens_by_its_token_and_the_archive_keeps_only_a_digest(session):
    at = a_sharing(session)
    share, token = at.share(session)

    view = _seen(session, token)

    assert (view.for_whom, view.purpose) == ("示范用人单位", "应聘电工")
    assert len(view.content.records) == 4
    assert view.expires_at == NOW + timedelta(days=30)
    kept = session.exec(select(ShareToken)).one()
    assert token.encode() not in kept.digest
    assert len(token) >= 43
    row = session.get_one(Share, (at.worker_id, share.row.id))
    assert "应聘".encode() not in row.sealed


def test_ten_thousand_guesses_open_nothing(session):
    at = a_sharing(session)
    _, token = at.share(session)
    tried = [token[:-4] + f"{guess:04d}" for guess in range(GUESSES)]

    opened = 0
    for guess in tried:
        try:
            shares.found_by(session, guess, now=NOW)
        except UnknownShareError:
            continue
        opened += guess != token
    assert opened == 0


def test_an_unknown_and_a_replaced_token_cost_the_same_statements(session):
    at = a_sharing(session)
    share, old = at.share(session)
    _, new = shares.rotate(session, at.worker_id, share.row.id, by=at.me)
    counted = []
    for token in (old, "x" * 43, "", "短"):
        statements: list[int] = []
        listen = lambda *_args, told=statements: told.append(1)  # noqa: E731
        event.listen(session.get_bind(), "before_cursor_execute", listen)
        with pytest.raises(UnknownShareError):
            shares.found_by(session, token, now=NOW)
        event.remove(session.get_bind(), "before_cursor_execute", listen)
        counted.append(len(statements))
    assert counted == [1, 1, 1, 1]
    assert shares.found_by(session, new, now=NOW).row.id == share.row.id


def test_a_share_ends_with_its_own_time_and_can_be_extended(session):
    at = a_sharing(session)
    share, token = at.share(session, days=7)
    later = NOW + timedelta(days=7)

    with pytest.raises(ShareExpiredError):
        shares.found_by(session, token, now=later)
    assert shares.state_of(share.row, later) is ShareState.EXPIRED
    shares.extend(session, at.worker_id, share.row.id, 30, by=at.me, now=later)

    assert shares.found_by(session, token, now=later).row.expires_at == later + timedelta(days=30)
    shares.extend(session, at.worker_id, share.row.id, 7, by=at.me, now=later)
    assert share.row.expires_at == later + timedelta(days=30)


def test_a_dossier_that_is_merged_ends_its_open_links_and_no_other(session):
    at = a_sharing(session)
    (old, _), (open_one, token) = at.share(session, days=7), at.share(session, days=30)
    later = NOW + timedelta(days=8)

    assert shares.end_all(session, at.other_id, now=later) == 0
    assert shares.end_all(session, at.worker_id, now=later) == 1

    session.expire_all()
    assert (old.row.revoked_at, open_one.row.revoked_at) == (None, later)
    with pytest.raises(ShareRevokedError):
        shares.found_by(session, token, now=later)


def test_a_share_that_was_taken_back_stays_closed(session):
    at = a_sharing(session)
    share, token = at.share(session)
    shares.revoke(session, at.worker_id, share.row.id, by=at.me, now=NOW)
    shares.revoke(session, at.worker_id, share.row.id, by=at.me, now=NOW + timedelta(days=1))

    with pytest.raises(ShareRevokedError):
        shares.found_by(session, token, now=NOW + timedelta(days=60))
    assert share.row.revoked_at == NOW
    with pytest.raises(ShareClosedError):
        shares.extend(session, at.worker_id, share.row.id, 7, by=at.me, now=NOW)
    with pytest.raises(ShareClosedError):
        shares.rotate(session, at.worker_id, share.row.id, by=at.me)


_SECOND_PROCESS = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from archive.people import shares
from archive.people.opening import open_archive
from archive.people.share_refusals import ShareRevokedError
from archive.settings import Settings
from credit_bank.bulk import table_of
token = sys.stdin.readline().strip()
archive = open_archive(Settings(home=Path(sys.argv[1]), database_url=sys.argv[2], demo=False))
print("open", flush=True)
while True:
    try:
        with archive.reading() as session:
            shares.found_by(session, token, now=datetime(2025, 3, 1, 2, tzinfo=UTC))
    except ShareRevokedError:
        print(time.time(), flush=True)
        break
"""


def test_a_share_is_closed_within_a_second_in_another_process(archive, settings: Settings):
    with archive.transaction() as session:
        at = a_sharing(session)
        share, token = at.share(session)
    watcher = subprocess.Popen(
        [sys.executable, "-c", _SECOND_PROCESS, str(settings.home), settings.database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert watcher.stdin
    assert watcher.stdout
    with watcher:
        watcher.stdin.write(f"{token}\n")
        watcher.stdin.flush()
        assert watcher.stdout.readline() == "open\n"
        time.sleep(0.3)
        with archive.transaction() as session:
            shares.revoke(session, at.worker_id, share.row.id, by=at.me, now=NOW)
        revoked_at = time.time()
        closed_at = float(watcher.stdout.readline())
    assert closed_at - revoked_at < 1


def test_a_person_who_was_erased_has_no_share(archive: Database):
    with archive.transaction() as session:
        at = a_sharing(session)
        _, token = at.share(session)
    with vault_of(archive).store.transaction() as store:
        store.execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.worker_id == at.worker_id))
    with archive.transaction() as session:
        with pytest.raises(UnknownShareError):
            shares.found_by(session, token, now=NOW)
        assert shares.listed(session, at.worker_id, by=at.me) == []
        with pytest.raises(ErasedError):
            shares.make(session, at.worker_id, _asked(), content=None, by=at.me, now=NOW)


def _asked() -> ShareAsked:
    return ShareAsked(for_whom="示范用人单位", purpose="应聘电工")


# --- Whose


def test_another_workers_share_is_unknown_as_a_missing_one(session):
    at = a_sharing(session)
    share, _ = at.share(session)
    for share_id in (share.row.id, new_id()):
        with pytest.raises(UnknownShareError):
            shares.one(session, at.other_id, share_id, by=at.other)
    for stranger in (at.other, at.employer, at.posted_by):
        with pytest.raises(UnknownWorkerError):
            shares.revoke(session, at.worker_id, share.row.id, by=stranger, now=NOW)
        with pytest.raises(UnknownWorkerError):
            contents.make(
                session, at.worker_id, _asked(), by=stranger, now=NOW, today=TODAY, zone=UTC
            )
    assert [one.row.id for one in shares.listed(session, at.worker_id, by=at.me)] == [share.row.id]


def test_a_share_that_may_not_be_downloaded_says_so(session):
    at = a_sharing(session)
    kept, _ = at.share(session, may_download=False)
    given, _ = at.share(session)
    with pytest.raises(ShareNoDownloadError):
        shares.refuse_download(kept)
    shares.refuse_download(given)


# --- PINs


def test_a_pin_opens_for_half_an_hour_and_only_its_own_share(session):
    at = a_sharing(session)
    _, token = at.share(session, pin=PIN)
    other, _ = at.share(session, pin=PIN)
    open_one, _ = at.share(session)
    found = shares.found_by(session, token, now=NOW)
    assert PIN not in str(found.told)

    attempt = share_pins.count_pin(session, found, now=NOW)
    share_pins.refuse_wrong_pin(found, PIN, attempt)
    share_pins.forget_pins(session, found)
    until = NOW + timedelta(minutes=30)
    shown = share_pins.pass_of(session, found, until)

    share_pins.refuse_unpassed(session, found, shown, now=NOW)
    share_pins.refuse_unpassed(session, open_one, None, now=NOW)
    wrong = (None, "", "x", "9" * 40, f"{shown}0", shown.replace(".", ".0"), "99999999999.ab")
    for one in wrong:
        with pytest.raises(SharePinNeededError):
            share_pins.refuse_unpassed(session, found, one, now=NOW)
    with pytest.raises(SharePinNeededError):
        share_pins.refuse_unpassed(session, found, shown, now=until)
    with pytest.raises(SharePinNeededError):
        share_pins.refuse_unpassed(session, other, shown, now=NOW)


def test_wrong_pins_make_the_next_one_wait_even_the_right_one(session):
    at = a_sharing(session)
    share, _ = at.share(session, pin=PIN)
    for number in range(attempts.FREE):
        attempt = share_pins.count_pin(session, share, now=NOW)
        refusal = SharePinWrongError if number < attempts.FREE - 1 else SharePinLockedError
        with pytest.raises(refusal):
            share_pins.refuse_wrong_pin(share, "135791", attempt)

    with pytest.raises(SharePinLockedError) as locked:
        share_pins.count_pin(session, share, now=NOW + timedelta(seconds=1))
    assert locked.value.facts == {"minutes": 1}

    later = NOW + timedelta(minutes=2)
    share_pins.refuse_wrong_pin(share, PIN, share_pins.count_pin(session, share, now=later))


# --- What is shown


def test_a_scope_tells_nothing_of_what_is_not_in_it(session):
    at = a_sharing(session)
    scopes = {
        "chosen": ShareScope(record_ids=(at.training,)),
        "kinds": ShareScope(kinds=(RecordKind.TRAINING,)),
        "period": ShareScope(begins_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)),
    }
    for scope in scopes.values():
        _, token = at.share(session, scope=scope)
        told = _seen(session, token).model_dump_json()
        assert TRAINING in told
        for hidden in (CONTEST, WORK, "S000044030001243000001", str(at.certificate), str(at.work)):
            assert hidden not in told


def test_an_occupation_is_a_scope(session):
    at = a_sharing(session)
    _, token = at.share(session, scope=ShareScope(occupation=ELECTRICIAN))
    assert {one.record_id for one in _seen(session, token).content.records} == {
        at.training,
        at.certificate,
    }


def test_levels_are_told_only_with_their_certificate_and_credits_only_when_wanted(session):
    at = a_sharing(session)

    def scoped(kind: LearningKind) -> ShareScope:
        return ShareScope(kinds=(kind,), with_levels=True, with_credits=True)

    _, token = at.share(session, scope=scoped(RecordKind.TRAINING))
    content = _seen(session, token).content
    assert content.levels == ()
    assert content.credits == content.records[0].credits == Decimal("2.25")

    _, token = at.share(session, scope=scoped(RecordKind.CERTIFICATE))
    levels = _seen(session, token).content.levels
    assert levels
    assert [one.record_id for one in levels] == [at.certificate]

    _, token = at.share(session, scope=ShareScope())
    content = _seen(session, token).content
    assert (content.levels, content.credits) == (None, None)
    assert {one.credits for one in content.records} == {None}


def test_a_name_is_told_in_full_or_in_part_and_a_document_number_never_in_full(session):
    at = a_sharing(session)
    _, token = at.share(session)
    content = _seen(session, token).content
    assert content.name == "李明华"
    assert content.document_number_masked
    assert "********" in content.document_number_masked

    _, token = at.share(session, scope=ShareScope(is_name_masked=True))
    told = _seen(session, token)
    assert (told.content.name, told.content.document_number_masked) == ("李**", None)
    assert "明华" not in told.model_dump_json()


def test_a_permit_whose_number_is_an_identity_number_shows_it_in_part(session):
    at = a_sharing(session)
    permit = Certificate(
        instrument=Instrument.SPECIAL_OPERATION,
        certificate_number="T990000199005170013",
        occupation=ELECTRICIAN,
        issued_on=date(2019, 1, 1),
        valid_until=date(2025, 1, 1),
    )
    added = records.add(
        session,
        at.worker_id,
        permit,
        organisation_id=at.provider.id,
        by=at.posted_by,
        now=NOW,
        today=TODAY,
    )
    _, token = at.share(session, scope=ShareScope(record_ids=(added.record_id,)))
    view = _seen(session, token)
    number = view.content.records[0].certificate_number
    assert number
    assert "*****" in number
    assert "19900517" not in view.model_dump_json()
    [state] = view.states
    assert state.is_past_validity
    assert view.expires_at.date() > TODAY


def test_each_kind_of_record_tells_what_it_is_and_schooling_that_goes_on_no_degree(session):
    at = a_sharing(session)
    started = date(2023, 9, 1)
    told = (
        Honour(title="技术能手", awarding_body="区总工会", awarded_on=date(2024, 5, 1)),
        Apprenticeship(employer_name=WORK, started_on=started, completed_on=date(2024, 9, 1)),
        Education(
            school_name="光明技工学校",
            degree=Degree.TECHNICAL_SCHOOL,
            rank=Rank.SENIOR,
            graduated_on=date(2022, 7, 1),
        ),
        Education(
            school_name="光明职业学院",
            degree=Degree.HIGHER_VOCATIONAL,
            rank=Rank.SENIOR,
            started_on=started,
            expected_on=date(2026, 7, 1),
        ),
    )
    for record in told:
        records.add(
            session,
            at.worker_id,
            record,
            organisation_id=at.provider.id,
            by=at.posted_by,
            now=NOW,
            today=TODAY,
        )
    _, token = at.share(session)
    shown = {one.title: one for one in _seen(session, token).content.records}
    assert shown["技术能手"].detail == "区总工会"
    assert shown[WORK].detail in (WORK, None)
    school, college = shown["光明技工学校"], shown["光明职业学院"]
    assert (school.degree, school.rank) == (Degree.TECHNICAL_SCHOOL, None)
    assert (college.degree, college.rank) == (None, None)


def test_a_live_share_follows_the_dossier_and_a_frozen_one_does_not_but_says_so(session):
    at = a_sharing(session)
    _, live = at.share(session)
    share, frozen = at.share(session, is_frozen=True, scope=ShareScope(with_credits=True))
    before = _seen(session, frozen)
    assert before.frozen_at == NOW
    assert {one.standing for one in before.states} == {RecordStanding.ON_FILE}

    later = NOW + timedelta(days=2)
    corrected = a_training(hours="60", course_name="电工技能提升（更正）")
    records.correct(
        session,
        at.worker_id,
        at.training,
        corrected,
        reason="学时漏报",
        by=at.posted_by,
        now=later,
        today=later.date(),
    )
    records.withdraw(
        session, at.worker_id, at.contest, reason="报错人员", by=at.posted_by, now=later
    )

    after = _seen(session, frozen, later)
    assert after.content == before.content
    standing = {one.record_id: one.standing for one in after.states}
    assert standing[at.training] is RecordStanding.CORRECTED
    assert standing[at.contest] is RecordStanding.WITHDRAWN
    assert standing[at.certificate] is RecordStanding.ON_FILE
    changed = {one.record_id: one.changed_at for one in after.states}
    assert changed[at.training] == changed[at.contest] == later

    seen = _seen(session, live, later)
    assert CONTEST not in " ".join(_titles(seen))
    assert "电工技能提升（更正）" in _titles(seen)
    assert {one.standing for one in seen.states} == {RecordStanding.ON_FILE}
    assert share.frozen is not None


def test_a_record_whose_proof_does_not_hold_is_marked(sqlite_archive: Database):
    with sqlite_archive.transaction() as session:
        at = a_sharing(session)
        _, token = at.share(session)
    with sqlite_archive.engine.execution_options(archive_mode="write").begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER record_no_update")
        record = table_of(Record)
        mine = record.c.id == at.training
        connection.execute(update(record).where(mine).values(hours=Decimal(99)))
    with sqlite_archive.transaction() as session:
        states = _seen(session, token).states
    standing = {one.record_id: one.standing for one in states}
    assert standing.pop(at.training) is RecordStanding.DIFFERS
    assert set(standing.values()) == {RecordStanding.ON_FILE}


def test_a_chosen_record_that_is_not_in_the_dossier_is_unknown(session):
    at = a_sharing(session)
    with pytest.raises(UnknownRecordError):
        at.share(session, scope=ShareScope(record_ids=(at.training, new_id())))
    narrowed = ShareScope(record_ids=(at.training, at.work), kinds=(RecordKind.TRAINING,))
    _, token = at.share(session, scope=narrowed)
    assert len(_seen(session, token).content.records) == 1
