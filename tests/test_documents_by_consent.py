"""Facts of a company's documents: made by consent, of no more than that, as long as it stands."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from archive.audit.acts import Act, acting
from archive.audit.tables import AUDIT_EVENT
from archive.dossiers import access_requests
from archive.errors import NotAllowedError
from archive.jobs.desk import PlainSteps
from archive.people.models import Account
from archive.people.share_refusals import AccessPurposeLongError
from archive.transcripts import batch_orders, batch_views, own_documents
from archive.transcripts.batch_job import work_off
from archive.transcripts.batch_models import DocumentBatch
from archive.transcripts.batch_refusals import (
    BatchConsentsMissingError,
    BatchReferencesUnknownError,
)
from archive.transcripts.models import Transcript
from archive.transcripts.rendering import words_of
from schemas.access_requests import AccessAsked, AccessWanted, GrantAsked
from schemas.documents import DocumentAsked
from schemas.shares import ShareScope
from schemas.vocabulary import (
    DocumentLanguage,
    DocumentScope,
    DocumentState,
    OrganisationKind,
    RecordKind,
    Role,
    RunState,
    Verdict,
)
from tests.builders import NOW, TODAY, an_account, an_organisation
from tests.test_documents_for_many import ZONE, Office, unzipped
from tests.test_transcripts_issuing import a_desk, signing_keys

__all__ = ["signing_keys"]
PURPOSE = "核验电工上岗资格"
TRAININGS = ShareScope(kinds=(RecordKind.TRAINING,), with_credits=False)


class Company:
    """A company that asked three people, and their accounts."""

    def __init__(self, office: Office) -> None:
        self.office, self.archive = office, office.desk.archive
        with self.archive.transaction() as session:
            body = an_organisation(session, "EP09", OrganisationKind.EMPLOYER)
            self.staff = an_account(session, "hr", Role.EMPLOYER, body)
            other = an_organisation(session, "EP10", OrganisationKind.EMPLOYER)
            self.rival = an_account(session, "other hr", Role.EMPLOYER, other)
            self.people = [
                an_account(session, f"worker {one}", Role.WORKER, None, whose)
                for one, whose in enumerate(office.workers)
            ]
        self.requests = [self.ask(one) for one in range(3)]

    def ask(self, one: int, *, purpose: str = PURPOSE, reference: str | None = None):
        number = self.office.numbers().split()[one]
        wanted = AccessWanted(
            purpose=purpose, contact="人事部", scope=TRAININGS, with_documents=True
        )
        asked = AccessAsked(archive_number=number, reference=reference or f"P-{one}", wanted=wanted)
        with self.archive.transaction() as session:
            told = access_requests.ask(session, asked, by=self.staff, now=NOW, today=TODAY)
        return told.request

    def grant(self, one: int, *, with_documents: bool = True, **scope: Any):
        granted = GrantAsked(
            agrees=True,
            with_documents=with_documents,
            scope=ShareScope(with_credits=True, with_levels=True, **scope),
        )
        me, whose = self.people[one], self.office.workers[one]
        with self.archive.transaction() as session:
            return access_requests.grant(
                session,
                whose,
                self.requests[one],
                granted,
                by=me,
                now=NOW,
                zone=ZONE,
            )

    def take_back(self, one: int, now=NOW) -> None:
        me, whose = self.people[one], self.office.workers[one]
        with self.archive.transaction() as session:
            access_requests.take_back(session, whose, self.requests[one], by=me, now=now)

    def begin(self, references: str = "", by: Account | None = None, code: str | None = None):
        with self.archive.transaction() as session:
            return batch_orders.begin_for_consents(
                session, code, references, DocumentLanguage.CHINESE, by=by or self.staff, now=NOW
            )

    def lines(self, batch: DocumentBatch):
        with self.archive.reading() as session:
            own = session.get_one(DocumentBatch, batch.id)
            return batch_views.page_of(session, own, after=0, most=10, today=TODAY).lines


@pytest.fixture
def company(sqlite_archive, signing_keys):
    return Company(Office(a_desk(sqlite_archive, signing_keys)))


def test_a_document_by_consent_states_what_was_consented_to_and_nothing_besides(company):
    words = company.grant(0).words
    assert "签名" in words.zh
    assert "signed documents" in words.en
    batch = company.begin()
    work_off(company.office.steps(), str(batch.id), ZONE)
    rows, files = unzipped(company.office, batch)
    (row,), (pdf,) = rows, files.values()
    assert (row[1], row[3]) == ("P-0", "李**")
    report = company.office.desk.verify(pdf)
    assert report.verdict is Verdict.VALID
    with company.archive.reading() as session:
        (entry,) = session.exec(select(Transcript)).all()
        view = own_documents.one(
            session, entry.worker_id, entry.id, by=company.people[0], today=TODAY
        )
        told = own_documents.fetched(
            session, entry.worker_id, entry.id, by=company.people[0]
        ).transcript
    assert [one.kind for one in told.records] == [RecordKind.TRAINING]
    assert told.consent is not None
    assert not told.consent.with_credits
    assert "未提供" in words_of(told)
    assert (told.levels, told.entitlement, told.entries, told.credits) == ((), None, (), {})
    assert {(one.credits, one.decision, one.rule) for one in told.records} == {(None, None, None)}
    assert told.purpose is not None
    assert told.purpose.endswith(f"：{PURPOSE}")
    assert told.holder.document_number is None
    assert told.chain_sequence == told.records[0].sequence
    assert told.valid_until == (NOW + timedelta(days=30)).astimezone(ZONE).date()
    assert (view.request, view.for_whom is not None) == (company.requests[0], True)


def test_a_consent_that_ends_midway_stops_its_own_line_only(company):
    for one in range(3):
        company.grant(one)
    batch = company.begin()
    company.take_back(1)

    class Ending(PlainSteps):
        """Lets the third person think better of it while the document is being signed."""

        def aside(self, work):
            made = super().aside(work)
            company.take_back(2)
            return made

    company.office.steps()
    work_off(Ending(company.archive, lambda: NOW), str(batch.id), ZONE)
    seen = company.office.seen(batch)
    assert (seen.state, seen.ready, seen.failed) == (RunState.DONE, 1, 2)
    ready, *ended = company.lines(batch)
    assert (ready.reference, ready.state) == ("P-0", DocumentState.READY)
    assert [(one.reference, one.code) for one in ended] == [
        ("P-1", "access_ended"),
        ("P-2", "access_ended"),
    ]
    assert {(one.archive_number, one.name_masked) for one in ended} == {("", "")}
    assert len(unzipped(company.office, batch)[1]) == 1


def test_taking_the_consent_back_takes_back_the_document(company):
    company.grant(0)
    batch = company.begin()
    work_off(company.office.steps(), str(batch.id), ZONE)
    (pdf,) = unzipped(company.office, batch)[1].values()
    own = company.office.desk.issue()
    company.take_back(0, now=NOW + timedelta(hours=1))
    report = company.office.desk.verify(pdf)
    assert (report.verdict, report.reason) == (Verdict.REVOKED, "consent_taken_back")
    assert company.office.desk.verify(own.pdf).verdict is Verdict.VALID
    rows, files = unzipped(company.office, batch, NOW + timedelta(hours=2))
    assert files == {}
    assert rows[0][-1].startswith("access_ended")
    with company.archive.reading() as session:
        me = company.people[0]
        listed = own_documents.listed(session, me.worker_id, by=me, today=TODAY).documents
    assert sorted(one.is_taken_back for one in listed) == [False, True]


def test_what_was_not_consented_to_is_a_line_with_its_reason(company):
    company.grant(0, with_documents=False)
    company.grant(1, is_name_masked=True)
    with company.archive.reading() as session:
        mine = {"by": company.staff, "now": NOW}
        flags = [one.with_documents for one in access_requests.lines(session, **mine)]
    assert flags == [False, True, False]
    batch = company.begin("P-0 P-1\nP-2")
    work_off(company.office.steps(), str(batch.id), ZONE)
    codes = [one.code for one in company.lines(batch)]
    assert codes == ["consent_without_documents", "consent_name_in_part", "access_not_granted"]
    with company.archive.reading() as session:
        assert session.exec(select(Transcript)).all() == []


def test_a_document_of_the_own_is_never_taken_for_one_by_consent(company):
    company.grant(0)
    batch = company.begin()
    work_off(company.office.steps(), str(batch.id), ZONE)
    with company.archive.reading() as session:
        (entry,) = session.exec(select(Transcript)).all()
        told = own_documents.fetched(
            session, entry.worker_id, entry.id, by=company.people[0]
        ).transcript
    own = company.office.desk.issue(
        **DocumentAsked(
            scope=DocumentScope.RECORDS,
            records=tuple(one.record_id for one in told.records),
            purpose=told.purpose,
        ).model_dump()
    )
    assert own.transcript.id != entry.id
    again = company.begin()
    work_off(company.office.steps(), str(again.id), ZONE)
    (line,) = company.lines(again)
    assert line.document == entry.id


def test_only_the_organisation_consented_to_and_the_bureau_for_it_begin_a_list(company):
    with pytest.raises(BatchConsentsMissingError):
        company.begin()
    company.grant(0)
    with pytest.raises(BatchConsentsMissingError):
        company.begin(by=company.rival)
    with pytest.raises(NotAllowedError):
        company.begin(by=company.rival, code="EP09")
    with pytest.raises(BatchReferencesUnknownError) as refused:
        company.begin("P-0 P-9")
    assert refused.value.facts == {"places": "2"}
    batch = company.begin(by=company.office.clerk, code="EP09")
    assert (batch.total, batch.organisation_id) == (1, company.staff.organisation_id)
    with pytest.raises(AccessPurposeLongError):
        company.ask(1, purpose="为" * 60)


def test_whose_document_was_made_learns_for_whom(company):
    company.grant(0)
    batch = company.begin()
    with acting(Act(at=NOW, action="job:documents")):
        work_off(company.office.steps(), str(batch.id), ZONE)
    with company.archive.reading() as session:
        told = session.connection().execute(AUDIT_EVENT.select()).mappings().all()
    made = [one for one in told if one["action"] == "transcript.issue_for_many"]
    assert [(one["worker_id"], one["organisation_id"], one["role"]) for one in made] == [
        (company.people[0].worker_id, company.staff.organisation_id, Role.EMPLOYER)
    ]
