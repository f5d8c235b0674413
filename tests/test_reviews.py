"""Review of pairs: the list, both records side by side, a verdict that can be given anew."""

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session

from archive.bureau import reviews
from archive.bureau.reviews import UnknownPairError
from archive.dossiers import records
from archive.dossiers.appeal_refusals import WhyMissingError
from archive.errors import NotAllowedError
from archive.people.look_ups import worker_known_as
from credit_bank import bank
from schemas.vocabulary import Account, PairVerdict, Role
from tests.builders import NOW, TODAY, a_training, an_account, an_organisation, workers

SAME, DISTINCT = PairVerdict.SAME, PairVerdict.DISTINCT


class Scene:
    """A worker with one course that two organisations posted; the later one posts nothing."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.first, self.second = an_organisation(session), an_organisation(session, "TP02")
        self.clerk = an_account(session, "clerk", Role.CLERK)
        (self.worker_id,) = workers(session, self.first, self.clerk)
        self.earlier = self.add(self.first.id, date(2025, 1, 10), "36")
        self.later = self.add(self.second.id, date(2025, 2, 10), "40")

    def add(self, organisation_id: UUID, day: date, hours: str) -> UUID:
        return records.add(
            self.session,
            self.worker_id,
            a_training(hours=hours, completed_on=day),
            organisation_id=organisation_id,
            by=self.clerk,
            now=NOW,
            today=TODAY,
        ).record_id

    def decide(
        self, verdict: PairVerdict, *, text: str = "两份签到表不同", by=None, which=None
    ) -> None:
        reviews.decide(
            self.session,
            self.worker_id,
            which or self.later,
            verdict=verdict,
            text=text,
            by=by or self.clerk,
            now=NOW,
            today=TODAY,
        )

    @property
    def pair(self):
        worker = worker_known_as(self.session, self.worker_id)
        return reviews.pair(self.session, worker, self.later, today=TODAY)

    @property
    def available(self) -> int:
        return bank.balances(self.session, self.worker_id)[Account.AVAILABLE]


@pytest.fixture
def scene(session: Session) -> Scene:
    """Return the scene on each database."""
    return Scene(session)


def test_a_pair_waits_and_tells_who_posted_what_when(scene):
    [line] = reviews.waiting(scene.session)
    assert (line.later_id, line.earlier_id) == (scene.later, scene.earlier)
    assert (line.later_by.code, line.earlier_by.code) == ("TP02", "TP01")
    assert scene.pair.later.record.hours == 40
    assert scene.pair.earlier.record.hours == 36
    assert scene.available == 22_500


def test_a_verdict_settles_at_once_and_can_be_given_anew(scene):
    scene.decide(DISTINCT)
    assert scene.available == 47_500
    assert reviews.waiting(scene.session) == ()
    [line] = reviews.decided(scene.session)
    assert line.verdict is DISTINCT
    assert scene.pair.reason == "两份签到表不同"

    scene.decide(SAME, text="同一期班")

    assert scene.available == 22_500
    assert [one.verdict for one in reviews.decided(scene.session)] == [SAME]
    assert scene.pair.reason == "同一期班"


def test_a_verdict_needs_a_reason_a_pair_and_the_bureau(scene):
    with pytest.raises(WhyMissingError):
        scene.decide(SAME, text=" ")
    with pytest.raises(UnknownPairError):
        scene.decide(SAME, which=scene.earlier)
    trainer = an_account(scene.session, organisation=scene.first)
    with pytest.raises(NotAllowedError):
        scene.decide(SAME, by=trainer)
    worker = worker_known_as(scene.session, scene.worker_id)
    with pytest.raises(UnknownPairError):
        reviews.pair(scene.session, worker, scene.earlier, today=TODAY)


def test_a_pair_whose_record_was_withdrawn_waits_no_more(scene):
    records.withdraw(
        scene.session, scene.worker_id, scene.earlier, reason="重复", by=scene.clerk, now=NOW
    )
    assert reviews.waiting(scene.session) == ()
    assert scene.available == 25_000


def test_a_course_that_three_posted_is_reviewed_pair_by_pair(scene):
    third = an_organisation(scene.session, "TP03")
    last = scene.add(third.id, date(2025, 2, 20), "32")
    scene.decide(SAME)
    scene.decide(DISTINCT, which=last)  # From the first; the second posts nothing.
    assert scene.available == 42_500

    scene.decide(DISTINCT)  # Now the second posts, and is another twin of the third.
    [line] = reviews.waiting(scene.session)
    assert (line.later_id, line.earlier_id) == (last, scene.later)
    [first] = reviews.decided(scene.session, most=1)
    assert (first.later_id, first.earlier_id) == (scene.later, scene.earlier)
    assert len(reviews.decided(scene.session)) == 2
    assert reviews.waiting(scene.session, most=0) == ()
    worker = worker_known_as(scene.session, scene.worker_id)
    assert reviews.pair(scene.session, worker, last, today=TODAY).earlier.id == scene.later

    scene.decide(DISTINCT, which=last)

    assert reviews.waiting(scene.session) == ()
    assert scene.available == 67_500
