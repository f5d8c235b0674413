"""Facts of the parts of a dossier that a document can be about."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.audit.acts import Act, acting
from archive.dossiers.writing import writing
from archive.errors import UnknownRecordError
from archive.people.actors import Acting
from archive.people.synthetic import resident_number
from archive.transcripts.intents import WHOLE_NUMBER, intend
from archive.transcripts.payload import payload_bytes, read_payload
from archive.transcripts.refusals import (
    ChoiceUnusedError,
    NothingChosenError,
    NotOneCertificateError,
    OccupationEmptyError,
    PeriodReversedError,
    PurposeTooLongError,
    RecordWithdrawnError,
    WholeNumberRefusedError,
)
from credit_bank import bank
from schemas.documents import DocumentAsked
from schemas.ids import new_id
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import Account, Cause, DocumentScope, Rank, RecordKind, Role
from tests.builders import ELECTRICIAN, NOW, WELDER, a_training
from tests.test_transcripts_issuing import CERTIFICATE, Desk, a_desk, signing_keys

__all__ = ["signing_keys"]
OCCUPATION, PERIOD, RECORDS, PROOF, CREDITS = list(DocumentScope)[1:]


@pytest.fixture
def desk(sqlite_archive, signing_keys):
    return a_desk(sqlite_archive, signing_keys)


def composed(desk: Desk, by: Acting | None = None, **asked: object) -> TranscriptV1:
    """Return what a document would state; nothing is laid out and nothing signed."""
    with desk.archive.transaction() as session:
        wanted = DocumentAsked.model_validate(asked)
        who = by or desk.clerk
        return intend(session, desk.worker_id, wanted, by=who, now=NOW, using=desk.press).transcript


def add(desk: Desk, *records) -> None:
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        for one in records:
            writer.add(desk.worker_id, one, desk.posting(NOW))


def test_a_document_of_one_occupation_tells_nothing_of_another(desk):
    add(desk, a_training(course_name="焊工基础").model_copy(update={"occupation": WELDER}))
    told = composed(desk, scope=OCCUPATION, occupation="焊工")
    assert [one.title for one in told.records] == ["焊工基础"]
    assert (told.levels, told.entitlement, told.credits) == ((), None, {})
    assert {one.record_id for one in told.entries} == {told.records[0].record_id}
    assert told.choice is not None
    assert told.choice.occupation == WELDER
    assert told.choice.occupation_name is not None

    told = composed(desk, scope=OCCUPATION, occupation=ELECTRICIAN)
    assert "焊工基础" not in {one.title for one in told.records}
    assert [one.rank for one in told.levels] == [Rank.SENIOR]
    assert told.entitlement is not None


def test_a_document_of_a_period_may_be_open_at_one_end_and_empty(desk):
    day = CERTIFICATE.issued_on
    told = composed(desk, scope=PERIOD, first_day=day, last_day=day)
    assert [one.kind for one in told.records] == [RecordKind.CERTIFICATE]
    assert [one.rank for one in told.levels] == [Rank.SENIOR]
    assert told.choice is not None
    assert (told.choice.first_day, told.choice.last_day) == (day, day)
    assert len(composed(desk, scope=PERIOD, first_day=date(1990, 1, 1)).records) == 3
    assert composed(desk, scope=PERIOD, last_day=date(1990, 1, 1)).records == ()


def test_chosen_records_come_alone_each_once_without_level_or_treatment_of_others(desk):
    first, certificate, _ = desk.records
    told = composed(desk, scope=RECORDS, records=[first, first])
    assert [one.record_id for one in told.records] == [first]
    assert (told.levels, told.entitlement, told.credits) == ((), None, {})

    proof = composed(desk, scope=PROOF, records=[certificate])
    assert [one.rank for one in proof.levels] == [Rank.SENIOR]
    assert proof.entitlement is not None


def test_a_credit_statement_has_the_whole_account_and_no_level(desk):
    told = composed(desk, scope=CREDITS)
    whole = composed(desk)
    assert told.credits == whole.credits
    assert [one.entry_id for one in told.entries] == [one.entry_id for one in whole.entries]
    assert (told.levels, told.entitlement) == ((), None)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"scope": OCCUPATION}, NothingChosenError),
        ({"scope": PERIOD}, NothingChosenError),
        ({"scope": RECORDS}, NothingChosenError),
        ({"scope": PROOF}, NothingChosenError),
        ({"scope": RECORDS, "records": [str(new_id())]}, UnknownRecordError),
        (
            {"scope": PERIOD, "first_day": "2025-02-02", "last_day": "2025-02-01"},
            PeriodReversedError,
        ),
        ({"scope": OCCUPATION, "occupation": "焊工"}, OccupationEmptyError),
        ({"purpose": "字" * 61}, PurposeTooLongError),
        ({"occupation": "电工"}, ChoiceUnusedError),
        ({"scope": PERIOD, "first_day": "2025-02-02", "occupation": "电工"}, ChoiceUnusedError),
    ],
)
def test_what_cannot_be_a_document_is_refused_and_leaves_no_intent(desk, asked, refusal):
    with pytest.raises(refusal):
        composed(desk, **asked)


def test_a_proof_is_of_one_certificate_and_a_withdrawn_record_is_in_no_document(desk):
    first, certificate, contest = desk.records
    for chosen in ([first], [certificate, contest]):
        with pytest.raises(NotOneCertificateError):
            composed(desk, scope=PROOF, records=chosen)
    with desk.archive.transaction() as session, writing(session, [desk.worker_id]) as writer:
        writer.withdraw(desk.worker_id, certificate, CERTIFICATE, desk.posting(NOW), "颁证有误")
    with pytest.raises(RecordWithdrawnError):
        composed(desk, scope=PROOF, records=[certificate])
    assert composed(desk, scope=PERIOD, first_day=date(1990, 1, 1)).levels == ()


def test_only_the_holder_alone_or_at_the_counter_has_the_whole_number_printed(desk):
    number = resident_number(date(1990, 5, 17), 1)
    holder = Acting(desk.clerk.id, "me", Role.WORKER, worker_id=desk.worker_id)
    with acting(Act(at=NOW)) as act:
        told = composed(desk, holder, whole_number=True)
    assert told.holder.document_number == number
    assert act.purpose == WHOLE_NUMBER
    assert read_payload(payload_bytes(told)) == told

    clerk = Acting(desk.clerk.id, "clerk", Role.CLERK)
    other = Acting(desk.clerk.id, "other", Role.WORKER, worker_id=new_id())
    for by in (clerk, other):
        with pytest.raises(WholeNumberRefusedError):
            composed(desk, by, whole_number=True)
    assert composed(desk, holder).holder.document_number is None


def test_what_it_is_for_stands_in_the_payload(desk):
    told = composed(desk, purpose="  应聘  ")
    assert told.purpose == "应聘"
    assert read_payload(payload_bytes(told)) == told


@given(
    days=st.lists(st.integers(0, 400), min_size=2, max_size=2).map(sorted),
    chosen=st.sets(st.integers(0, 5), min_size=1),
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_number_of_every_part_is_rebuilt_from_its_own_payload(desk, days, chosen):
    """Totals come from the entries, levels from the records that the document itself lists."""
    with desk.archive.reading() as session:
        has_more = len(bank.statement(session, desk.worker_id).lines) > 3
    if not has_more:
        day = date(2024, 1, 1)
        add(
            desk,
            *(
                a_training(course_name=f"课程{at}", completed_on=day + timedelta(days=90 * at))
                for at in range(3)
            ),
        )
    first, last = (date(2024, 1, 1) + timedelta(days=one) for one in days)
    every = composed(desk)
    ids = [every.records[at % len(every.records)].record_id for at in chosen]
    for asked in (
        {},
        {"scope": CREDITS},
        {"scope": OCCUPATION, "occupation": ELECTRICIAN},
        {"scope": PERIOD, "first_day": first, "last_day": last},
        {"scope": RECORDS, "records": ids},
    ):
        told = composed(desk, **asked)
        listed = {one.record_id: one for one in told.records}
        for record in told.records:
            granted = [
                one.units
                for one in told.entries
                if (one.record_id, one.cause) == (record.record_id, Cause.GRANT)
            ]
            assert record.credits == Decimal(sum(granted)) / 10_000
        if told.credits:
            units = sum(one.units for one in told.entries)
            assert told.credits[Account.AVAILABLE] * 10_000 == units
        else:
            assert {one.record_id for one in told.entries} <= set(listed)
        for level in told.levels:
            assert listed[level.record_id].rank == level.rank
            assert listed[level.record_id].effective_on == level.held_since
