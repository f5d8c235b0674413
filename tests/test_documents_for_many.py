"""Facts of documents for many: worked off in steps, stopped, taken up; each as any other."""

import csv
import io
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from archive.dossiers.classes.models import ClassMember, ClassPosting, TrainingClass
from archive.dossiers.classes.refusals import UnknownClassError
from archive.dossiers.writing import writing
from archive.errors import NotAllowedError
from archive.jobs.desk import PlainSteps, Steps, give_up, unfinished
from archive.people import look_ups
from archive.transcripts import batch_files, batch_job, batch_orders, batch_views, batches
from archive.transcripts.batch_job import work_off
from archive.transcripts.batch_models import DocumentBatch
from archive.transcripts.batch_refusals import (
    BatchEmptyError,
    BatchNumbersUnknownError,
    BatchOverError,
    BatchTooManyError,
    BatchUnknownError,
)
from archive.transcripts.models import DocumentMaking, TranscriptFile
from archive.transcripts.own_works import OwnWorks
from archive.transcripts.presses import lend
from archive.transcripts.signing_refusals import SigningUnavailableError
from schemas.ids import new_id
from schemas.vocabulary import (
    DocumentLanguage,
    DocumentScope,
    DocumentState,
    Language,
    MemberFate,
    OrganisationKind,
    Role,
    RunState,
    Verdict,
)
from tests.builders import NOW, TODAY, a_training, an_account, an_identity, an_organisation
from tests.test_transcripts_issuing import Desk, a_desk, signing_keys

__all__ = ["signing_keys"]
ZONE = ZoneInfo("Asia/Shanghai")
CHINESE = DocumentLanguage.CHINESE


class Office:
    """A desk with three workers, a clerk of the bureau and a rival of the trainer."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with desk.archive.transaction() as session:
            bureau = session.exec(select(DocumentBatch)).first()
            assert bureau is None
            body = an_organisation(session, "HR02", OrganisationKind.BUREAU)
            self.clerk = an_account(session, "clerk", Role.CLERK, body)
            rival = an_organisation(session, "TP09")
            self.rival = an_account(session, "rival", Role.TRAINER, rival)
            with writing(session) as writer:
                more = writer.enrol([an_identity(7), an_identity(8)], desk.posting(NOW))
                added = [writer.add(one, a_training(), desk.posting(NOW)) for one in more]
        self.workers = [desk.worker_id, *more]
        self.records = [desk.records[0], *(one.record_id for one in added)]

    def numbers(self) -> str:
        with self.desk.archive.reading() as session:
            known = [look_ups.worker_known_as(session, one) for one in self.workers]
            return "\n".join(one.archive_number for one in known)

    def begin(self, numbers: str | None = None) -> DocumentBatch:
        with self.desk.archive.transaction() as session:
            return batch_orders.begin_for_numbers(
                session,
                self.numbers() if numbers is None else numbers,
                DocumentScope.DOSSIER,
                CHINESE,
                by=self.clerk,
                now=NOW,
            )

    def steps(self) -> Steps:
        lend(self.desk.archive, lambda: self.desk.press)
        return PlainSteps(self.desk.archive, lambda: NOW)

    def seen(self, batch: DocumentBatch) -> DocumentBatch:
        with self.desk.archive.reading() as session:
            return session.get_one(DocumentBatch, batch.id)


@pytest.fixture
def office(sqlite_archive, signing_keys):
    return Office(a_desk(sqlite_archive, signing_keys))


def unzipped(
    office: Office, batch: DocumentBatch, now: datetime = NOW
) -> tuple[list[list[str]], dict[str, bytes]]:
    with office.desk.archive.reading() as session:
        own = session.get_one(DocumentBatch, batch.id)
        session.expunge(own)
    of = batch_files.Reader(Language.CHINESE, TODAY, now, now)
    body = b"".join(batch_files.streamed(office.desk.archive, own, of))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        told = archive.read(batch_files.INDEX).decode("utf-8-sig")
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".pdf")}
    return list(csv.reader(io.StringIO(told)))[1:], files


def test_a_list_is_worked_off_and_comes_as_one_file_with_a_table(office):
    batch = office.begin()
    work_off(office.steps(), str(batch.id), ZONE)
    seen = office.seen(batch)
    assert (seen.state, seen.ready, seen.failed, seen.total) == (RunState.DONE, 3, 0, 3)
    rows, files = unzipped(office, batch)
    assert [row[2] for row in rows] == ["李**"] * 3
    assert {row[5] for row in rows} == set(files)
    for pdf in files.values():
        assert office.desk.verify(pdf).verdict is Verdict.VALID
    again = office.begin()
    work_off(office.steps(), str(again.id), ZONE)
    assert unzipped(office, again)[1].keys() == files.keys()
    with office.desk.archive.reading() as session:
        assert len(session.exec(select(TranscriptFile)).all()) == 3  # The same documents.


def test_one_that_fails_stops_no_other_and_is_told_with_its_name_in_part(office, monkeypatch):
    batch = office.begin()
    own = office.desk.works.renderer.render

    def failing(payload, *, seal=None):
        if payload.holder.archive_number == office.numbers().split()[1]:
            raise BatchOverError
        return own(payload, seal=seal)

    monkeypatch.setattr(type(office.desk.works.renderer), "render", staticmethod(failing))
    work_off(office.steps(), str(batch.id), ZONE)
    seen = office.seen(batch)
    assert (seen.state, seen.ready, seen.failed) == (RunState.DONE, 2, 1)
    with office.desk.archive.reading() as session:
        (fault,) = batch_views.view_of(session, seen, today=TODAY).faults
    assert (fault.name_masked, fault.code) == ("李**", "document_batch_over")
    assert fault.reason.zh
    rows, files = unzipped(office, batch)
    assert (len(rows), len(files)) == (3, 2)
    assert rows[1][6].startswith("document_batch_over")


def test_a_batch_goes_on_after_a_kill_and_waits_while_nothing_signs(office, monkeypatch):
    monkeypatch.setattr(batch_job, "AT_ONCE", 2)
    batch = office.begin()

    def down(*_told, **_more):
        raise SigningUnavailableError

    with monkeypatch.context() as patched:
        patched.setattr(OwnWorks, "make", down)
        with pytest.raises(SigningUnavailableError):
            work_off(office.steps(), str(batch.id), ZONE)
    with office.desk.archive.transaction() as session:
        assert set(session.exec(select(DocumentMaking.state))) == {DocumentState.AWAITED}
        (job,) = unfinished(session)
        give_up(session, job.id, now=NOW)
    assert batches.take_up(office.desk.archive, now=NOW + timedelta(minutes=11)) == 1

    class Killed(PlainSteps):
        taken = 0

        def aside(self, work):
            self.taken += 1
            if self.taken == 2:
                raise KeyboardInterrupt
            return super().aside(work)

    office.steps()
    with pytest.raises(KeyboardInterrupt):
        work_off(Killed(office.desk.archive, lambda: NOW), str(batch.id), ZONE)
    assert office.seen(batch).ready == 2
    work_off(office.steps(), str(batch.id), ZONE)
    assert office.seen(batch).ready == 3
    with office.desk.archive.reading() as session:
        assert len(session.exec(select(TranscriptFile)).all()) == 3


def test_a_batch_is_stopped_between_two_steps_and_closes_what_was_begun(office, monkeypatch):
    monkeypatch.setattr(batch_job, "AT_ONCE", 1)
    batch = office.begin()

    class Stopped(PlainSteps):
        taken = 0

        def aside(self, work):
            self.taken += 1
            if self.taken == 2:
                with office.desk.archive.transaction() as session:
                    batches.cancel(session, batch.id, by=office.clerk, now=NOW)
            return super().aside(work)

    office.steps()
    work_off(Stopped(office.desk.archive, lambda: NOW), str(batch.id), ZONE)
    seen = office.seen(batch)
    assert (seen.state, seen.ready, seen.failed) == (RunState.CANCELLED, 1, 1)
    rows, files = unzipped(office, batch)
    assert len(files) == 1
    assert [row[6].partition(":")[0] for row in rows] == ["", *["document_batch_stopped"] * 2]
    with office.desk.archive.reading() as session:
        told = batch_views.page_of(session, seen, after=0, most=9, today=TODAY).lines
        assert [one.state for one in told] == [
            DocumentState.READY, DocumentState.FAILED, DocumentState.FAILED
        ]  # fmt: skip
        states = sorted(session.exec(select(DocumentMaking.state)))
        assert states == [DocumentState.FAILED, DocumentState.READY]
    with office.desk.archive.transaction() as session, pytest.raises(BatchOverError):
        batches.cancel(session, batch.id, by=office.clerk, now=NOW)


def a_closed_class(office: Office) -> TrainingClass:
    """Put a class on file whose two first members have a record of the trainer's."""
    with office.desk.archive.transaction() as session:
        held = TrainingClass(
            organisation_id=office.desk.organisation_id,
            number="2025-1",
            opened_at=NOW,
            opened_by=office.desk.clerk.id,
        )
        session.add(held)
        session.flush()
        for worker_id, record_id in list(zip(office.workers, office.records, strict=True))[:2]:
            member = ClassMember(
                class_id=held.id,
                place=office.records.index(record_id) + 1,
                person_digest=new_id().bytes,
                sealed=b"x",
                enrolled_at=NOW,
                enrolled_by=office.desk.clerk.id,
            )
            session.add(member)
            session.flush()
            session.add(
                ClassPosting(
                    class_id=held.id,
                    member_id=member.id,
                    fate=MemberFate.NEW,
                    worker_id=worker_id,
                    record_id=record_id,
                    posted_at=NOW,
                )
            )
        return held


def test_a_trainer_proves_what_it_posted_in_its_class_and_nothing_besides(office):
    held = a_closed_class(office)
    with office.desk.archive.transaction() as session:
        with pytest.raises(UnknownClassError):
            batch_orders.begin_for_class(session, held.id, CHINESE, by=office.rival, now=NOW)
        batch = batch_orders.begin_for_class(
            session, held.id, CHINESE, by=office.desk.clerk, now=NOW
        )
        same = batch_orders.begin_for_class(
            session, held.id, CHINESE, by=office.desk.clerk, now=NOW
        )
        assert same.id == batch.id
    work_off(office.steps(), str(batch.id), ZONE)
    rows, files = unzipped(office, batch)
    assert len(files) == 2
    for pdf in files.values():
        assert office.desk.verify(pdf).verdict is Verdict.VALID
    for row in rows:
        told = office.desk.ask(row[4]).document
        assert told is not None
        assert (told.records, told.levels) == (1, ())
    with office.desk.archive.reading() as session:
        later = NOW + timedelta(days=8)
        for asker, moment in ((office.rival, NOW), (office.desk.clerk, later)):
            with pytest.raises(BatchUnknownError):
                batches.found(session, batch.id, by=asker, now=moment)
    with office.desk.archive.transaction() as session:
        assert batches.forget_old(session, now=NOW + timedelta(days=8)) == 2


def test_a_list_with_unknown_numbers_or_none_or_too_many_begins_nothing(office):
    with pytest.raises(BatchNumbersUnknownError) as refused:
        office.begin(f"{office.numbers()}\n7K3M-9QXT-4D2P")
    assert refused.value.facts == {"places": "4"}
    with pytest.raises(BatchEmptyError):
        office.begin(" ,\n")
    with pytest.raises(BatchTooManyError):
        office.begin(" ".join(map(str, range(5001))))
    with office.desk.archive.transaction() as session, pytest.raises(NotAllowedError):
        batch_orders.begin_for_numbers(
            session,
            office.numbers(),
            DocumentScope.DOSSIER,
            CHINESE,
            by=office.desk.clerk,
            now=NOW,
        )
    with office.desk.archive.reading() as session:
        assert session.exec(select(DocumentBatch)).all() == []
