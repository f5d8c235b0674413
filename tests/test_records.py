"""What happens to records that are added, corrected and withdrawn."""

from datetime import date

import pytest
from sqlmodel import Session

from archive.dossiers import reading, records
from archive.dossiers.errors import RecordExistsError, RecordWithdrawnError
from archive.dossiers.occupation_refusals import OccupationCodeUnknownError
from archive.errors import NotAllowedError, UnknownRecordError
from credit_bank import bank
from schemas.credits import UNITS_PER_CREDIT
from schemas.identities import NameChange
from schemas.refusals import Refusal
from schemas.vocabulary import Account, Rank, Role, RowState
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_competition,
    a_training,
    an_account,
    an_organisation,
    workers,
)


class Scene:
    """A worker, and a trainer of an organisation."""

    def __init__(self, session: Session) -> None:
        """Set the scene."""
        self.session = session
        self.organisation = an_organisation(session)
        self.trainer = an_account(session, organisation=self.organisation)
        (self.worker_id,) = workers(session, self.organisation, self.trainer)

    def add(self, record):
        """Add a record as the trainer."""
        return records.add(
            self.session,
            self.worker_id,
            record,
            organisation_id=self.organisation.id,
            by=self.trainer,
            now=NOW,
            today=TODAY,
        )

    @property
    def available(self) -> int:
        """The worker's usable units."""
        return bank.balances(self.session, self.worker_id)[Account.AVAILABLE]


@pytest.fixture
def scene(session: Session) -> Scene:
    """Return a worker and a trainer."""
    return Scene(session)


def test_adding_a_record_deposits_its_credits(scene):
    added = scene.add(a_training(hours="36"))

    assert added.state is RowState.NEW
    assert scene.available == 2.25 * UNITS_PER_CREDIT


def test_the_same_record_again_changes_nothing(scene):
    first = scene.add(a_training())
    again = scene.add(a_training())

    assert again.state is RowState.SAME
    assert again.record_id == first.record_id
    assert scene.available == 2.25 * UNITS_PER_CREDIT


def test_another_content_under_the_same_identity_must_be_a_correction(scene):
    scene.add(a_training(hours="36"))

    with pytest.raises(RecordExistsError):
        scene.add(a_training(hours="40"))


def test_a_correction_posts_only_the_difference(scene):
    added = scene.add(a_training(hours="36"))

    records.correct(
        scene.session,
        scene.worker_id,
        added.record_id,
        a_training(hours="40"),
        reason="课时登记错误",
        by=scene.trainer,
        now=NOW,
        today=TODAY,
    )

    statement = bank.statement(scene.session, scene.worker_id)
    assert scene.available == 2.5 * UNITS_PER_CREDIT
    assert [line.units for line in statement.lines] == [22_500, 2_500]
    assert [line.revision for line in statement.lines] == [0, 1]


def test_a_withdrawal_takes_back_what_was_earned_and_what_followed_from_it(scene):
    scene.add(a_certificate(rank=Rank.SENIOR, number="S000044030001243000001"))
    added = scene.add(a_certificate(issued_on=date(2023, 1, 1), number="S000044030001234000001"))
    assert scene.available == 37.5 * UNITS_PER_CREDIT

    records.withdraw(
        scene.session, scene.worker_id, added.record_id, reason="重复", by=scene.trainer, now=NOW
    )

    assert scene.available == 37.5 * UNITS_PER_CREDIT
    accounts = bank.balances(scene.session, scene.worker_id)
    assert accounts[Account.ISSUED] == accounts[Account.AVAILABLE]


def test_a_withdrawn_record_cannot_be_withdrawn_again(scene):
    added = scene.add(a_training())
    for_good = {"reason": "误报", "by": scene.trainer, "now": NOW}
    records.withdraw(scene.session, scene.worker_id, added.record_id, **for_good)

    with pytest.raises(RecordWithdrawnError):
        records.withdraw(scene.session, scene.worker_id, added.record_id, **for_good)
    assert scene.available == 0


LEVEL_FOUR = "S000044030001244000001"


@pytest.mark.parametrize(
    ("number", "rank", "code"),
    [
        ("4.40311E+21", Rank.INTERMEDIATE, "certificate_number_rounded"),
        ("S0000440300012440001", Rank.INTERMEDIATE, "certificate_number_form"),
        ("S00004403000124T000001", None, "certificate_level_not_allowed"),
        (LEVEL_FOUR, Rank.SENIOR, "certificate_level_differs"),
    ],
)
def test_a_single_certificate_is_held_against_its_number_as_in_a_file(scene, number, rank, code):
    wrong = a_certificate().model_copy(update={"certificate_number": number, "rank": rank})
    with pytest.raises(Refusal) as added:
        scene.add(wrong)
    right = scene.add(a_certificate(number=LEVEL_FOUR))
    with pytest.raises(Refusal) as corrected:
        records.correct(
            scene.session,
            scene.worker_id,
            right.record_id,
            wrong,
            reason="更正",
            by=scene.trainer,
            now=NOW,
            today=TODAY,
        )

    assert (added.value.code, corrected.value.code) == (code, code)


def test_a_single_record_of_an_occupation_that_does_not_exist_is_refused(scene):
    with pytest.raises(OccupationCodeUnknownError):
        scene.add(a_certificate(occupation="9-99-99-99"))


def test_a_single_certificate_without_a_level_has_the_one_its_number_tells(scene):
    written = f"\uff33{LEVEL_FOUR[1:].lower()} "
    scene.add(a_certificate().model_copy(update={"certificate_number": written, "rank": None}))

    view = reading.dossier(scene.session, scene.worker_id, today=TODAY)
    assert [level.rank for level in view.levels] == [Rank.INTERMEDIATE]
    assert view.records[0].record.subject == LEVEL_FOUR
    assert scene.available == 27.5 * UNITS_PER_CREDIT


def test_a_withdrawn_record_can_be_posted_again(scene):
    added = scene.add(a_training())
    records.withdraw(
        scene.session, scene.worker_id, added.record_id, reason="误报", by=scene.trainer, now=NOW
    )

    again = scene.add(a_training())

    assert again.record_id == added.record_id
    assert scene.available == 2.25 * UNITS_PER_CREDIT


def test_another_organisation_cannot_change_a_record_nor_learn_that_it_exists(scene):
    added = scene.add(a_training())
    other = an_organisation(scene.session, "TP02")
    stranger = an_account(scene.session, "stranger", organisation=other)

    with pytest.raises(UnknownRecordError):
        records.withdraw(
            scene.session, scene.worker_id, added.record_id, reason="x", by=stranger, now=NOW
        )


def test_only_the_bureau_records_a_new_name_and_the_former_one_stays_on_file(scene):
    renamed = NameChange(name="李明花", former_name="李明华", changed_on=date(2024, 5, 1))
    with pytest.raises(NotAllowedError):
        scene.add(renamed)

    clerk = an_account(scene.session, "clerk", Role.CLERK)
    records.add(
        scene.session,
        scene.worker_id,
        renamed,
        organisation_id=scene.organisation.id,
        by=clerk,
        now=NOW,
        today=TODAY,
    )

    view = reading.dossier(scene.session, scene.worker_id, today=TODAY)
    assert (view.name, view.former_names) == ("李明花", ("李明华",))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_present_name_is_that_of_the_latest_change_whichever_came_first(scene, order):
    changes = (
        NameChange(name="李明花", former_name="李明华", changed_on=date(2019, 5, 1)),
        NameChange(name="李晓花", former_name="李明花", changed_on=date(2024, 5, 1)),
    )
    clerk = an_account(scene.session, "clerk", Role.CLERK)
    for place in order:
        records.add(
            scene.session,
            scene.worker_id,
            changes[place],
            organisation_id=scene.organisation.id,
            by=clerk,
            now=NOW,
            today=TODAY,
        )

    view = reading.dossier(scene.session, scene.worker_id, today=TODAY)
    assert (view.name, view.former_names) == ("李晓花", ("李明华", "李明花"))


def test_a_name_from_before_the_dossier_began_is_among_the_former_ones(scene):
    clerk = an_account(scene.session, "clerk", Role.CLERK)
    records.add(
        scene.session,
        scene.worker_id,
        NameChange(name="李明华", former_name="李大妞", changed_on=date(2010, 5, 1)),
        organisation_id=scene.organisation.id,
        by=clerk,
        now=NOW,
        today=TODAY,
    )

    view = reading.dossier(scene.session, scene.worker_id, today=TODAY)
    assert (view.name, view.former_names) == ("李明华", ("李大妞",))


def test_a_contest_that_is_held_every_year_counts_every_year_and_its_stages_once(scene):
    for day in (date(2023, 10, 1), date(2024, 9, 1), date(2024, 10, 1)):
        scene.add(a_competition(awarded_on=day))

    assert scene.available == 2 * 6 * UNITS_PER_CREDIT
