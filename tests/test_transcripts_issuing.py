"""Facts of issuing: what is registered when, and what the register says of it later."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete
from sqlmodel import col, select, text

from archive.db import Database
from archive.dossiers import records
from archive.dossiers.merging import Deed, merge
from archive.dossiers.writing import Posting, writing
from archive.people.key_store import WRAPPED_KEY
from archive.people.models import Account as Clerk
from archive.people.models import BlindIndex
from archive.people.privacy import vault_of
from archive.people.synthetic import resident_number
from archive.transcripts.issuing import Issued, issue
from archive.transcripts.keys import development_keys
from archive.transcripts.models import Transcript, TranscriptFile
from archive.transcripts.own_works import OwnWorks, press
from archive.transcripts.presses import Press
from archive.transcripts.refusals import IssuerMissingError
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.signing import SignedFile
from archive.transcripts.verification import verify_code, verify_file
from credit_bank import bank
from schemas.careers import Education
from schemas.cases import IssuerFact
from schemas.documents import DocumentAsked
from schemas.ids import new_id
from schemas.records import Certificate
from schemas.reports import VerificationReport
from schemas.vocabulary import (
    Account,
    Act,
    Cause,
    CheckState,
    Degree,
    DocumentLanguage,
    Instrument,
    IssuerAct,
    OrganisationKind,
    Rank,
    RecordKind,
    Verdict,
)
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_competition,
    a_training,
    an_account,
    an_identity,
    an_organisation,
    workers,
)

CERTIFICATE = a_certificate(Rank.SENIOR)
LATER = NOW + timedelta(days=10)


@dataclass
class Desk:
    """An archive with one worker of three records, and what issues documents."""

    archive: Database
    press: Press
    worker_id: UUID
    clerk: Clerk
    organisation_id: UUID
    records: list[UUID]

    def issue(self, **asked: Any) -> Issued:
        issued = issue(
            self.archive,
            self.worker_id,
            DocumentAsked(**asked),
            by=self.clerk,
            now=NOW,
            using=self.press,
        )
        assert isinstance(issued, Issued)
        return issued

    @property
    def works(self) -> OwnWorks:
        assert isinstance(self.press.works, OwnWorks)
        return self.press.works

    def posting(self, now: datetime = LATER) -> Posting:
        return Posting(self.organisation_id, self.clerk.id, now)

    def verify(self, pdf: bytes, now: datetime = LATER) -> VerificationReport:
        with self.archive.reading() as session:
            register = DatabaseRegister(session)
            return verify_file(pdf, trust=self.press.keys.trust, register=register, now=now)

    def ask(self, code: str) -> VerificationReport:
        with self.archive.reading() as session:
            return verify_code(code, register=DatabaseRegister(session), now=LATER)


@pytest.fixture(scope="session")
def signing_keys(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("signing")
    return folder


@pytest.fixture
def desk(archive: Database, signing_keys: Path) -> Desk:
    return a_desk(archive, signing_keys)


def a_desk(archive: Database, signing_keys: Path) -> Desk:
    keys = development_keys(signing_keys, now=NOW)
    with archive.transaction() as session:
        an_organisation(session, "BUREAU", OrganisationKind.BUREAU)
        school = an_organisation(session)
        account = an_account(session, organisation=school)
        (worker_id,) = workers(session, school, account)
        posting = Posting(school.id, account.id, NOW)
        with writing(session, [worker_id]) as writer:
            added = [
                writer.add(worker_id, record, posting)
                for record in (a_training(), CERTIFICATE, a_competition())
            ]
    made = press(keys, base_url="https://archive.example", timezone="Asia/Shanghai")
    records = [one.record_id for one in added]
    return Desk(archive, made, worker_id, account, school.id, records)


def rows_of(desk: Desk, table: type[Transcript | TranscriptFile]) -> list[object]:
    with desk.archive.reading() as session:
        return list(session.exec(select(table)))


def test_an_issued_document_states_the_dossier_and_verifies(desk):
    issued = desk.issue()
    report = desk.verify(issued.pdf)
    assert (report.verdict, report.reason) == (Verdict.VALID, "genuine")
    assert {check.state for check in report.checks} == {CheckState.PASSED}
    transcript = issued.transcript
    assert transcript.holder.name == "李明华"
    assert [level.rank for level in transcript.levels] == [Rank.SENIOR]
    assert transcript.entitlement is not None
    assert "不代表学历" in transcript.entitlement.sentence.zh
    assert len(transcript.records) == 3
    assert transcript.valid_until == date(2025, 8, 28)
    assert transcript.verify_url.startswith("https://archive.example/verify/")
    assert transcript.is_development


def test_every_number_of_the_document_can_be_rebuilt_from_its_payload(desk):
    transcript = desk.issue().transcript
    units = sum(entry.units for entry in transcript.entries)
    assert units > 0
    assert transcript.credits[Account.AVAILABLE] * 10_000 == units
    for record in transcript.records:
        granted = [
            entry.units
            for entry in transcript.entries
            if entry.record_id == record.record_id and entry.cause is Cause.GRANT
        ]
        assert record.credits == Decimal(sum(granted)) / 10_000
    assert all(entry.rule_version for entry in transcript.entries if entry.rule)
    assert {record.rule for record in transcript.records} != {None}


def test_the_register_holds_the_file_before_it_leaves(desk):
    issued = desk.issue()
    (row,) = rows_of(desk, Transcript)
    (file,) = rows_of(desk, TranscriptFile)
    assert isinstance(row, Transcript)
    assert isinstance(file, TranscriptFile)
    assert file.sha256 == sha256(issued.pdf).digest()
    assert row.signer == desk.press.keys.fingerprint
    assert row.intended_at == file.registered_at == NOW


def test_no_code_no_name_and_no_payload_stand_in_clear(desk):
    issued = desk.issue()
    with desk.archive.reading() as session:
        tables = ("transcript", "transcript_file", "blind_index")
        told = [
            str(row) for table in tables for row in session.exec(text(f"SELECT * FROM {table}"))
        ]
    assert len(told) >= 4
    for secret in (issued.transcript.code, issued.transcript.code.replace("-", ""), "李明华"):
        assert not [row for row in told if secret in row]
        assert not [row for row in told if secret.encode().hex() in row]


class BrokenSigner:
    """A signer whose device is down."""

    def sign(self, pdf: bytes, *, at: datetime) -> SignedFile:
        """Fail."""
        message = f"the device is down at {at}, with {len(pdf)} bytes to sign"
        raise RuntimeError(message)


def test_when_signing_fails_the_intent_stays_and_the_code_is_unknown(desk):
    down = replace(desk.press, works=OwnWorks(desk.works.renderer, BrokenSigner()))
    with pytest.raises(RuntimeError):
        issue(
            desk.archive,
            desk.worker_id,
            DocumentAsked(),
            by=desk.clerk,
            now=NOW,
            using=down,
        )
    assert len(rows_of(desk, Transcript)) == 1
    assert rows_of(desk, TranscriptFile) == []


def test_a_signed_file_that_was_never_registered_is_refused(desk):
    issued = desk.issue()
    again = desk.works.signer.sign(
        desk.works.renderer.render(issued.transcript, seal=None), at=NOW
    ).pdf
    assert again != issued.pdf
    report = desk.verify(again)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "not_registered")


def test_the_code_finds_what_was_issued_however_it_is_written(desk):
    issued = desk.issue()
    report = desk.ask(issued.transcript.code.lower().replace("-", " "))
    assert (report.verdict, report.reason) == (Verdict.VALID, "issued")
    assert report.document is not None
    assert report.document.holder_name_masked == "李**"
    assert report.document.records == 3


def test_a_code_that_was_never_issued_is_unknown(desk):
    assert desk.ask("0000-0000-0000-0000").reason == "unknown_code"
    assert desk.ask("hello").reason == "unknown_code"


def test_a_withdrawn_record_revokes_documents_that_list_it_with_its_number_and_day(desk):
    issued = desk.issue()
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.withdraw(desk.worker_id, desk.records[1], CERTIFICATE, desk.posting(), "颁证有误")
    report = desk.verify(issued.pdf)
    assert (report.verdict, report.reason) == (Verdict.REVOKED, "records_changed")
    (changed,) = report.changed
    assert (changed.number, changed.act) == (2, Act.WITHDRAW)
    assert changed.changed_on == date(2025, 3, 11)
    assert desk.ask(issued.transcript.code).verdict is Verdict.REVOKED
    assert "颁证有误" not in report.model_dump_json()


def test_a_corrected_record_revokes_and_a_new_document_is_valid(desk):
    issued = desk.issue()
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.correct(
            desk.worker_id, desk.records[0], a_training(score="90"), desk.posting(), "补录"
        )
    report = desk.verify(issued.pdf)
    assert [one.act for one in report.changed] == [Act.CORRECT]
    assert report.verdict is Verdict.REVOKED
    assert desk.verify(desk.issue().pdf).verdict is Verdict.VALID


def test_a_suspended_issuer_is_noted_and_the_document_stays_valid(desk):
    issued = desk.issue()
    first = new_id()
    fact = IssuerFact(
        id=first,
        case_id=first,
        act=IssuerAct.SUSPEND,
        issuer_id=desk.organisation_id,
        effective_on=LATER.date(),
        begins_on=date(2020, 1, 1),
        ends_on=LATER.date(),
        source="示例决〔2025〕3号",
    )
    with desk.archive.transaction() as session:
        bank.decide_on_issuer(session, fact, by=None, now=LATER)

    for report in (desk.verify(issued.pdf), desk.ask(issued.transcript.code)):
        assert report.verdict is Verdict.VALID
        assert [one.number for one in report.noted] == [1, 2, 3]
        assert report.noted[0].note.source == "示例决〔2025〕3号"


def test_a_record_added_since_changes_nothing(desk):
    issued = desk.issue()
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.add(desk.worker_id, a_training(course_name="焊工基础"), desk.posting())
    assert desk.verify(issued.pdf).verdict is Verdict.VALID


def test_schooling_that_goes_on_is_no_degree_and_its_goal_no_level(desk):
    student = Education(
        school_name="示范技师学院",
        degree=Degree.SENIOR_TECHNICAL_SCHOOL,
        rank=Rank.SENIOR,
        started_on=date(2022, 9, 1),
        expected_on=date(2025, 7, 1),
    )
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.add(desk.worker_id, student, desk.posting())

    told = desk.issue().transcript
    (school,) = [one for one in told.records if one.kind is RecordKind.EDUCATION]
    assert (school.degree, school.rank) == (None, None)
    assert [level.rank for level in told.levels] == [Rank.SENIOR]


def test_a_withdrawn_record_is_not_in_a_new_document(desk):
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.withdraw(desk.worker_id, desk.records[1], CERTIFICATE, desk.posting(), "颁证有误")
    transcript = desk.issue().transcript
    assert len(transcript.records) == 2
    assert transcript.levels == ()
    assert transcript.entitlement is None


def test_a_dossier_edited_behind_our_back_differs(desk):
    issued = desk.issue()
    with desk.archive.engine.begin() as connection:
        drop = "DROP TRIGGER record_no_update"
        if connection.dialect.name == "postgresql":
            drop = "DROP TRIGGER record_is_kept ON record"
        connection.execute(text(drop))
        connection.execute(text("UPDATE record SET rank = 4 WHERE kind = 'certificate'"))
    report = desk.verify(issued.pdf)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "chain_differs")
    assert report.checks[11].state is CheckState.FAILED
    assert report.document is None


def test_after_erasure_a_document_can_no_longer_be_compared(desk):
    issued = desk.issue()
    with vault_of(desk.archive).store.transaction() as keys:
        keys.execute(delete(WRAPPED_KEY))
    report = desk.verify(issued.pdf)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "erased")
    assert desk.ask(issued.transcript.code).document is None


def test_a_permit_number_that_is_the_identity_number_is_masked(desk):
    number = f"T{resident_number(date(1990, 5, 17), 1)}"
    permit = Certificate(
        instrument=Instrument.SPECIAL_OPERATION, certificate_number=number, issued_on=TODAY
    )
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.add(desk.worker_id, permit, desk.posting())
    transcript = desk.issue().transcript
    shown = {record.certificate_number for record in transcript.records}
    assert CERTIFICATE.certificate_number in shown
    assert number not in transcript.model_dump_json()
    assert number[1:] not in transcript.model_dump_json()
    assert [one for one in shown if one and one.startswith("T") and "****" in one]


def test_without_a_bureau_nobody_issues(sqlite_archive, signing_keys):
    keys = development_keys(signing_keys, now=NOW)
    with sqlite_archive.transaction() as session:
        school = an_organisation(session)
        account = an_account(session, organisation=school)
        (worker_id,) = workers(session, school, account)
    made = press(keys, base_url="https://archive.example", timezone="Asia/Shanghai")
    with pytest.raises(IssuerMissingError):
        issue(
            sqlite_archive,
            worker_id,
            DocumentAsked(language=DocumentLanguage.BOTH),
            by=account,
            now=datetime(2025, 3, 1, tzinfo=UTC),
            using=made,
        )


def test_registers_of_documents_are_found_by_digests_only(desk):
    desk.issue()
    with desk.archive.reading() as session:
        query = select(BlindIndex).where(col(BlindIndex.purpose) == "transcript")
        found = list(session.exec(query))
    assert len(found) == 2
    assert {len(row.digest) for row in found} == {32}


def test_a_document_of_a_merged_dossier_stays_valid_and_says_so(desk):
    issued = desk.issue()
    with desk.archive.transaction() as session:
        posting, identity = desk.posting(NOW), an_identity(2)
        with writing(session) as writer:
            (into_id,) = writer.enrol([identity], posting)
        deed = Deed(desk.clerk.id, LATER, ZoneInfo("Asia/Shanghai"), bytes(32))
        heirs = merge(session, desk.worker_id, into_id, deed).heirs

    report = desk.verify(issued.pdf)
    assert (report.verdict, report.reason) == (Verdict.VALID, "genuine")
    assert "2025年3月11日" in report.checks[-1].message.zh or "2025-03-11" in (
        report.checks[-1].message.zh
    )
    assert desk.ask(issued.transcript.code).verdict is Verdict.VALID

    with desk.archive.transaction() as session:
        course = desk.records[0]
        records.withdraw(
            session,
            into_id,
            course,
            reason="查无此班",
            by=desk.clerk,
            now=LATER + timedelta(days=1),
        )
    report = desk.verify(issued.pdf, LATER + timedelta(days=2))
    assert report.verdict is Verdict.REVOKED
    assert len(heirs) == 4
