"""What a writer must get right whatever came before: which row is newest, whose a number is."""

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session, select

from archive.dossiers import records, writing
from archive.dossiers.errors import CertificateTakenError, OuterIdTakenError, RecordExistsError
from archive.dossiers.models import Record
from archive.people.look_ups import worker_numbered
from archive.people.models import Worker
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Role
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_training,
    an_account,
    an_organisation,
    workers,
)

NUMBER = "S000044030001244000001"
OTHER_NUMBER = "S000044030001244000002"


class Scene:
    """Two workers, and a clerk who may post for everyone."""

    def __init__(self, session: Session) -> None:
        """Set the scene."""
        self.session = session
        self.organisation = an_organisation(session)
        self.clerk = an_account(session, "clerk", Role.CLERK)
        self.one, self.other = workers(session, self.organisation, self.clerk, count=2)

    def add(self, record: AnyRecord, worker_id: UUID | None = None) -> UUID:
        """Add a record, and return its id for good."""
        return records.add(
            self.session,
            worker_id or self.one,
            record,
            organisation_id=self.organisation.id,
            by=self.clerk,
            now=NOW,
            today=TODAY,
        ).record_id

    def correct(self, record_id: UUID, record: AnyRecord) -> None:
        """Correct a record of the first worker."""
        records.correct(
            self.session,
            self.one,
            record_id,
            record,
            reason="登记错误",
            by=self.clerk,
            now=NOW,
            today=TODAY,
        )

    def withdraw(self, record_id: UUID) -> None:
        """Withdraw a record of the first worker."""
        records.withdraw(self.session, self.one, record_id, reason="误报", by=self.clerk, now=NOW)


@pytest.fixture
def scene(session: Session) -> Scene:
    """Return two workers and a clerk."""
    return Scene(session)


@pytest.fixture
def falling_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let identifiers fall, as between two processes of which one had run ahead of its clock."""
    ids = (UUID(int=whole) for whole in range(10**6, 0, -1))
    monkeypatch.setattr(writing, "new_id", lambda: next(ids))


def test_the_newest_row_is_the_one_that_nothing_replaces_whatever_its_identifier(
    scene, falling_ids
):
    record_id = scene.add(a_training(hours="36"))

    for hours in ("37", "38", "39"):
        scene.correct(record_id, a_training(hours=hours))

    newest = records.newest_version(scene.session, scene.one, record_id)
    targets = scene.session.exec(select(Record.target_id)).all()
    assert newest.hours == 39
    assert newest.id not in targets


def test_a_withdrawn_record_stays_withdrawn_whatever_its_identifiers(scene, falling_ids):
    record_id = scene.add(a_training())
    scene.correct(record_id, a_training(hours="37"))
    scene.withdraw(record_id)

    assert scene.add(a_training(hours="37")) == record_id


def test_a_correction_cannot_turn_a_record_into_one_that_is_on_file(scene):
    first = scene.add(a_training(completed_on=date(2025, 2, 1)))
    second = scene.add(a_training(completed_on=date(2025, 2, 2)))

    with pytest.raises(RecordExistsError, match=str(second)):
        scene.correct(first, a_training(completed_on=date(2025, 2, 2)))


def test_a_correction_can_take_the_place_of_a_withdrawn_record(scene):
    first = scene.add(a_training(completed_on=date(2025, 2, 1)))
    second = scene.add(a_training(completed_on=date(2025, 2, 2)))
    scene.withdraw(second)

    scene.correct(first, a_training(completed_on=date(2025, 2, 2)))

    assert scene.add(a_training(completed_on=date(2025, 2, 2))) == first


def test_courses_that_differ_by_a_sharp_or_a_plus_are_two_records(scene):
    first = scene.add(a_training(course_name="C#程序设计"))

    assert scene.add(a_training(course_name="C++程序设计")) != first


# --- Whose a number is


def test_a_certificate_number_belongs_to_one_worker(scene):
    scene.add(a_certificate(number=NUMBER))

    with pytest.raises(CertificateTakenError):
        scene.add(a_certificate(number=NUMBER.lower()), scene.other)


def test_a_number_that_a_withdrawn_record_claimed_is_free_for_its_true_holder(scene):
    record_id = scene.add(a_certificate(number=NUMBER))
    scene.withdraw(record_id)

    scene.add(a_certificate(number=NUMBER), scene.other)

    with pytest.raises(CertificateTakenError):
        scene.add(a_certificate(number=NUMBER))


def test_a_number_that_was_corrected_away_is_free_for_its_true_holder(scene):
    record_id = scene.add(a_certificate(number=OTHER_NUMBER))
    scene.correct(record_id, a_certificate(number=NUMBER))

    scene.add(a_certificate(number=OTHER_NUMBER), scene.other)

    with pytest.raises(CertificateTakenError):
        scene.add(a_certificate(number=NUMBER), scene.other)


def test_an_outer_identifier_of_a_withdrawn_record_is_free_again(scene):
    record_id = scene.add(a_training(outer_id="2025-001"))
    with pytest.raises(OuterIdTakenError):
        scene.add(a_training(outer_id="2025-001"), scene.other)

    scene.withdraw(record_id)

    scene.add(a_training(outer_id="2025-001"), scene.other)


def test_a_correction_leaves_the_archive_number_and_all_other_claims_alone(scene):
    record_id = scene.add(a_certificate(number=NUMBER))
    scene.add(a_certificate(number=OTHER_NUMBER, issued_on=date(2024, 7, 1)))
    scene.correct(record_id, a_certificate(number=NUMBER, issued_on=date(2024, 6, 2)))

    worker = scene.session.get_one(Worker, scene.one)
    assert worker_numbered(scene.session, worker.archive_number) is worker
    with pytest.raises(CertificateTakenError):
        scene.add(a_certificate(number=OTHER_NUMBER), scene.other)
