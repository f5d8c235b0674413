"""Facts of documents that are kept: the same bytes again, finished later, never half there."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from archive.dossiers.writing import writing
from archive.jobs import desk as jobs
from archive.jobs.desk import PlainSteps, unfinished
from archive.people import tidings
from archive.people.actors import Acting
from archive.people.closing import destroy
from archive.people.privacy import vault_of
from archive.transcripts import finishing, makings, own_documents
from archive.transcripts.finishing import finish
from archive.transcripts.issuing import KIND, Awaited, Issued, issue, issue_now
from archive.transcripts.kept import FOLDER, DocumentGoneError, kept_documents
from archive.transcripts.keys import development_keys
from archive.transcripts.makings import DocumentFailedError
from archive.transcripts.models import DocumentMaking, Transcript, TranscriptFile
from archive.transcripts.own_documents import DocumentUnknownError
from archive.transcripts.own_works import OwnWorks, press
from archive.transcripts.presses import Press, lend
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.signing import SignedFile
from archive.transcripts.signing_refusals import SigningUnavailableError
from schemas.documents import DocumentAsked, DocumentView
from schemas.ids import new_id
from schemas.vocabulary import DocumentScope, DocumentState, Role, Verdict
from tests.builders import NOW, TODAY, a_training
from tests.test_transcripts_issuing import CERTIFICATE, Desk, a_desk, signing_keys

__all__ = ["signing_keys"]
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def desk(sqlite_archive, signing_keys):
    return a_desk(sqlite_archive, signing_keys)


@pytest.fixture
def either_desk(archive, signing_keys):
    return a_desk(archive, signing_keys)


class DownSigner:
    """A signer whose authority does not answer."""

    def sign(self, pdf: bytes, *, at: datetime) -> SignedFile:
        """Refuse."""
        raise SigningUnavailableError(at=at, size=len(pdf))


def asked(
    desk: Desk, using: Press | None = None, now: datetime = NOW, **told: object
) -> Issued | Awaited:
    wanted = DocumentAsked.model_validate(told)
    return issue(
        desk.archive, desk.worker_id, wanted, by=desk.clerk, now=now, using=using or desk.press
    )


def down(desk: Desk) -> Press:
    return replace(desk.press, works=OwnWorks(desk.works.renderer, DownSigner()))


def listed(desk: Desk) -> tuple[DocumentView, ...]:
    with desk.archive.reading() as session:
        return own_documents.listed(session, desk.worker_id, by=desk.clerk, today=TODAY).documents


def states(desk: Desk) -> list[str]:
    with desk.archive.reading() as session:
        query = select(DocumentMaking.state).order_by(col(DocumentMaking.transcript_id))
        return list(session.exec(query))


def files_on_disk(desk: Desk) -> set[str]:
    with desk.archive.reading() as session:
        home = session.info["home"]
    assert hasattr(home, "iterdir")
    folder = home / FOLDER
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def registered(desk: Desk) -> set[str]:
    with desk.archive.reading() as session:
        rows = session.exec(select(TranscriptFile.transcript_id, TranscriptFile.sha256))
        return {f"{one.hex}-{digest.hex()}" for one, digest in rows}


def test_the_same_request_returns_the_same_bytes_until_a_record_changes(desk):
    first, again = desk.issue(), desk.issue()
    assert (again.pdf, again.is_again) == (first.pdf, True)
    other = desk.issue(purpose="应聘")
    assert (other.pdf == first.pdf, other.is_again) == (False, False)

    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.add(desk.worker_id, a_training(course_name="焊工基础"), desk.posting())
    newer = desk.issue()
    assert len(newer.transcript.records) == 4
    assert newer.transcript.code != first.transcript.code
    proof = {"scope": DocumentScope.CERTIFICATE, "records": [desk.records[1]]}
    assert desk.issue(**proof).pdf == desk.issue(**proof).pdf


def test_a_part_that_did_not_change_is_the_same_document_whatever_else_was_added(desk):
    proof = {"scope": DocumentScope.CERTIFICATE, "records": [desk.records[1]]}
    first = desk.issue(**proof)
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.add(desk.worker_id, a_training(course_name="焊工基础"), desk.posting())
    again = desk.issue(**proof)
    assert again.pdf == first.pdf
    assert desk.verify(again.pdf).verdict is Verdict.VALID


def test_after_thirty_days_and_when_its_file_is_gone_a_document_is_issued_anew(desk):
    first = desk.issue()
    later = asked(desk, now=NOW + timedelta(days=30))
    assert isinstance(later, Issued)
    assert not later.is_again
    assert asked(desk, now=NOW + timedelta(days=31)) == replace(later, is_again=True)

    with desk.archive.reading() as session:
        kept = kept_documents(session)
    for path in kept._folder.iterdir():  # A disk that lost its files.
        path.unlink()
    anew = asked(desk, now=NOW + timedelta(days=31))
    assert isinstance(anew, Issued)
    assert not anew.is_again
    with desk.archive.reading() as session, pytest.raises(DocumentGoneError):
        own_documents.fetched(session, desk.worker_id, first.transcript.id, by=desk.clerk)


def test_a_digest_of_what_it_says_is_of_the_person_alone(desk):
    transcript = desk.issue().transcript
    with desk.archive.reading() as session:
        (content,) = session.exec(select(DocumentMaking.content))
        vault = vault_of(session)
        key = vault.keys_of([desk.worker_id])[desk.worker_id]
        other = vault.new_keys([new_id()], NOW)
    assert makings.content_of(key, transcript) == content
    assert makings.content_of(next(iter(other.values())), transcript) != content


def test_two_same_requests_at_once_make_one_document(either_desk):
    desk = either_desk
    with ThreadPoolExecutor(4) as pool:
        found = [one.result() for one in [pool.submit(asked, desk) for _ in range(4)]]
    assert {type(one) for one in found} == {Issued}
    assert len({one.pdf for one in found if isinstance(one, Issued)}) == 1
    assert states(desk) == [DocumentState.READY]
    assert files_on_disk(desk) == registered(desk)


def test_my_documents_tell_how_each_stands_and_hand_out_the_same_bytes(desk):
    first = desk.issue(purpose="应聘")
    (view,) = listed(desk)
    assert (view.state, view.purpose, view.records) == (DocumentState.READY, "应聘", 3)
    assert (view.is_kept, view.is_outdated, view.is_past_validity) == (True, False, False)
    with desk.archive.reading() as session:
        fetched = own_documents.fetched(session, desk.worker_id, view.id, by=desk.clerk)
        assert fetched.pdf == first.pdf
        with pytest.raises(DocumentUnknownError):
            own_documents.one(session, desk.worker_id, new_id(), by=desk.clerk, today=TODAY)

    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.withdraw(desk.worker_id, desk.records[1], CERTIFICATE, desk.posting(), "颁证有误")
    assert listed(desk)[0].is_outdated


def test_a_document_with_the_whole_number_is_the_holders_alone(desk):
    holder = Acting(desk.clerk.id, "me", Role.WORKER, worker_id=desk.worker_id)
    made = issue_now(
        desk.archive,
        desk.worker_id,
        DocumentAsked(whole_number=True),
        by=holder,
        now=NOW,
        using=desk.press,
    )
    assert listed(desk) == ()
    with desk.archive.reading() as session:
        number = made.transcript.id
        assert own_documents.fetched(session, desk.worker_id, number, by=holder).pdf == made.pdf
        with pytest.raises(DocumentUnknownError):
            own_documents.fetched(session, desk.worker_id, number, by=desk.clerk)
        with pytest.raises(DocumentUnknownError):
            own_documents.one(session, desk.worker_id, number, by=desk.clerk, today=TODAY)


def test_an_erased_persons_files_open_nowhere_and_are_swept(desk):
    desk.issue()
    destroy(vault_of(desk.archive).store, desk.worker_id)
    (name,) = files_on_disk(desk)
    with desk.archive.transaction() as session:
        kept = kept_documents(session)
        assert b"%PDF" not in (kept._folder / name).read_bytes()
        assert kept.sweep(session, now=datetime.now(tz=ZONE)) == 0  # It may be under way.
        assert kept.sweep(session, now=datetime.now(tz=ZONE) + timedelta(hours=2)) == 1
    assert files_on_disk(desk) == set()


def run_job(desk: Desk, using: Press, now: datetime = NOW) -> None:
    """Do the job of the only document that waits, as a server does."""
    lend(desk.archive, lambda: using)
    with desk.archive.reading() as session:
        (key,) = [one.key for one in unfinished(session) if one.kind == KIND]
    finish(PlainSteps(desk.archive, lambda: now), key, ZONE)


def test_while_nothing_signs_a_document_is_accepted_and_a_job_finishes_it(either_desk):
    desk = either_desk
    accepted = asked(desk, down(desk))
    assert isinstance(accepted, Awaited)
    assert (states(desk), files_on_disk(desk)) == ([DocumentState.AWAITED], set())
    assert isinstance(asked(desk, down(desk)), Awaited)
    assert len(states(desk)) == 1
    with pytest.raises(SigningUnavailableError):
        run_job(desk, down(desk))
    assert desk.ask(accepted.transcript.code).reason == "unknown_code"

    run_job(desk, desk.press, NOW + timedelta(hours=3))
    assert states(desk) == [DocumentState.READY]
    assert files_on_disk(desk) == registered(desk) != set()
    again = asked(desk)
    assert isinstance(again, Issued)
    assert (again.transcript.code, again.is_again) == (accepted.transcript.code, True)
    assert desk.verify(again.pdf).verdict is Verdict.VALID
    with desk.archive.reading() as session:
        (news,) = tidings.unread(session, desk.worker_id)
        assert news.notice.value == "document_moved"


def test_a_document_whose_signer_was_replaced_is_made_anew_under_the_new_one(desk, tmp_path):
    accepted = asked(desk, down(desk))
    new_keys = development_keys(tmp_path / "new", now=NOW)
    rotated = press(new_keys, base_url=desk.press.base_url, timezone=desk.press.timezone)
    run_job(desk, rotated)
    assert states(desk) == [DocumentState.REPLACED, DocumentState.READY]
    with desk.archive.reading() as session:
        view = own_documents.one(
            session, desk.worker_id, accepted.transcript.id, by=desk.clerk, today=TODAY
        )
        row = session.get_one(Transcript, (desk.worker_id, view.id))
        assert row.signer == new_keys.fingerprint
        assert DatabaseRegister(session).by_code(accepted.transcript.code) is None
    assert view.id != accepted.transcript.id
    assert [one.id for one in listed(desk)] == [view.id]


def test_a_document_whose_record_was_withdrawn_meanwhile_is_not_signed(desk):
    accepted = asked(desk, down(desk), scope=DocumentScope.CERTIFICATE, records=[desk.records[1]])
    assert isinstance(accepted, Awaited)
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.withdraw(desk.worker_id, desk.records[1], CERTIFICATE, desk.posting(), "颁证有误")
    run_job(desk, desk.press)
    (view,) = listed(desk)
    assert (view.state, view.fault) == (DocumentState.FAILED, "document_record_withdrawn")
    assert files_on_disk(desk) == set()


def test_a_job_that_gave_up_is_taken_up_again(desk):
    asked(desk, down(desk))
    with desk.archive.transaction() as session:
        (job,) = unfinished(session)
        jobs.give_up(session, job.id, now=NOW)
    assert finishing.take_up(desk.archive, now=NOW) == 0
    assert finishing.take_up(desk.archive, now=NOW + timedelta(minutes=11)) == 1
    run_job(desk, desk.press)
    assert states(desk) == [DocumentState.READY]


def test_what_nobody_makes_any_more_is_closed_and_made_anew(desk, monkeypatch):
    def killed(*_told: object, **_more: object) -> SignedFile:
        raise KeyboardInterrupt

    monkeypatch.setattr(OwnWorks, "make", killed)
    with pytest.raises(KeyboardInterrupt):
        asked(desk)
    monkeypatch.undo()
    assert states(desk) == [DocumentState.MAKING]
    issued = asked(desk, now=NOW + timedelta(minutes=3))
    assert isinstance(issued, Issued)
    assert states(desk) == [DocumentState.FAILED, DocumentState.READY]
    with desk.archive.transaction() as session:
        assert makings.close_left(session, now=NOW + timedelta(days=1)) == 0


def test_a_document_that_was_closed_meanwhile_leaves_no_file_behind(desk):
    class Slow(OwnWorks):
        def make(self, payload, *, at, order):
            signed = super().make(payload, at=at, order=order)
            with desk.archive.transaction() as session:
                makings.close_left(session, now=NOW + timedelta(minutes=3))
            return signed

    slow = replace(desk.press, works=Slow(desk.works.renderer, desk.works.signer))
    with pytest.raises(DocumentFailedError):
        asked(desk, slow)
    assert registered(desk) == set()
    assert states(desk) == [DocumentState.FAILED]
