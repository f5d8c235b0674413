"""Two dossiers of one person become one: what is carried, what is refused, what still answers."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete
from sqlmodel import Session

from archive.dossiers import (
    appeals,
    chains,
    offers,
    reading,
    records,
    redeemed,
    redemption_views,
    redemptions,
)
from archive.dossiers.many_hands import Range
from archive.dossiers.merging import Deed, Joined, MergeWithItselfError, merge
from archive.dossiers.notes import reason_sealed
from archive.dossiers.rebuilding import look
from archive.dossiers.writing import Added
from archive.errors import ErasedError
from archive.people import activations, look_ups
from archive.people.activations import ActivationUnknownError
from archive.people.identity import IdentityDocument
from archive.people.key_store import WRAPPED_KEY
from archive.people.privacy import vault_of
from credit_bank import bank
from credit_bank.auditing import audit
from credit_bank.errors import DossierClosedError, MergerUncoveredError, MergerWaitsError
from credit_bank.publishing import publication_times, rule_book
from credit_bank.stored import stored_rows
from schemas.identities import NameChange
from schemas.records import Record as AnyRecord
from schemas.records import Training
from schemas.vocabulary import Account, CaseAct, OrganisationKind, Role
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_training,
    an_account,
    an_identity,
    an_organisation,
    workers,
)
from tests.test_redemptions import AT, ZONE, an_offer

LATER = NOW + timedelta(days=5)
PROOF = bytes(32)
UNITS = 10_000


class Scene:
    """Two dossiers of one person, and those who post to them."""

    def __init__(self, session: Session) -> None:
        """Enrol the person twice, under two documents."""
        self.session, self.offers = session, 0
        self.organisation = an_organisation(session)
        self.school = an_organisation(session, "TS01", OrganisationKind.TECHNICAL_SCHOOL)
        self.clerk = an_account(session, "clerk", Role.CLERK)
        self.console = an_account(session, "console", Role.CONSOLE)
        self.old, self.new, self.third = workers(session, self.organisation, self.clerk, 3)

    def add(self, worker_id: UUID, record: AnyRecord) -> Added:
        """Post a record to one of the dossiers."""
        return records.add(
            self.session,
            worker_id,
            record,
            organisation_id=self.organisation.id,
            by=self.clerk,
            now=NOW,
            today=TODAY,
        )

    def merge(self, closing: UUID | None = None, into: UUID | None = None) -> Joined:
        """Merge one dossier into another: the old into the new unless others are named."""
        deed = Deed(self.clerk.id, LATER, ZONE, PROOF)
        return merge(self.session, closing or self.old, into or self.new, deed)

    def use(self, worker_id: UUID, credits_asked: str) -> UUID:
        """Let a school consume credits of a dossier."""
        case_id = self.apply(worker_id, credits_asked)
        redemptions.accept(self.session, case_id, by=self.clerk, at=AT)
        return case_id

    def apply(self, worker_id: UUID, credits_asked: str) -> UUID:
        """Apply for a course exemption at the school."""
        self.offers += 1
        asked = an_offer(f"M{self.offers}", credits_asked)
        published = offers.publish(self.session, asked, self.school, by=self.clerk, now=NOW)
        offer = offers.known(self.session, [published.id])[published.id]
        worker = look_ups.worker_known_as(self.session, worker_id)
        return redemptions.apply(self.session, worker, offer, by=self.console, at=AT)

    def accounts(self, worker_id: UUID) -> dict[Account, int]:
        """Return the units that lie somewhere in a dossier."""
        found = bank.balances(self.session, worker_id)
        return {account: units for account, units in found.items() if units}

    def is_whole(self, *worker_ids: UUID) -> None:
        """Audit, rebuild and verify dossiers: nothing may be found."""
        self.session.flush()
        for worker_id in worker_ids or (self.old, self.new):
            rows = stored_rows(self.session, [worker_id])[worker_id]
            found = audit(rows, rule_book(self.session), publication_times(self.session))
            assert found == []
            compared = look(self.session, Range(worker_id, worker_id), now=LATER, zone=ZONE)
            assert compared.found == []
            assert chains.verify(self.session, worker_id).faults == ()


@pytest.fixture
def scene(session: Session) -> Scene:
    """Return two dossiers of one person."""
    return Scene(session)


def test_the_survivor_has_every_record_and_the_other_dossier_ends_at_zero(scene: Scene) -> None:
    scene.add(scene.old, a_training(hours="32"))
    scene.add(scene.old, a_certificate())
    scene.add(scene.new, a_training(hours="48", course_name="钳工基础"))

    joined = scene.merge()

    assert scene.accounts(scene.old) == {}
    assert scene.accounts(scene.new)[Account.AVAILABLE] == (2 + 3) * UNITS + 275_000
    assert len(joined.carried) == 3
    scene.is_whole()


def test_used_credits_stay_used_against_their_own_records(scene: Scene) -> None:
    scene.add(scene.old, a_training(hours="80"))
    scene.add(scene.new, a_training(hours="160", course_name="钳工基础"))
    case_id = scene.use(scene.old, "3")

    heirs = scene.merge().heirs

    assert scene.accounts(scene.old) == {}
    assert scene.accounts(scene.new)[Account.REDEEMED] == 3 * UNITS
    assert scene.accounts(scene.new)[Account.AVAILABLE] == 12 * UNITS
    applications = redemption_views.seen_by(scene.session, scene.clerk, today=TODAY).redemptions
    old, new = (
        next(one for one in applications if (one.id == case_id) is is_old)
        for is_old in (True, False)
    )
    assert (old.state, new.state) == (CaseAct.CARRY, CaseAct.ACCEPT)
    assert [lot.record_id for lot in new.lots] == [heirs[old.lots[0].record_id]]
    scene.is_whole()


def test_an_annulled_use_gives_its_credits_back_to_the_survivor(scene: Scene) -> None:
    scene.add(scene.old, a_training(hours="80"))
    before = scene.use(scene.old, "3")
    scene.merge()
    (told,) = redeemed.of_worker(scene.session, scene.new)

    note = reason_sealed(scene.session, scene.new, "误认")
    redemptions.annul(scene.session, told.case.id, note, by=None, at=AT)

    assert told.case.carried_from == before
    assert scene.accounts(scene.new)[Account.AVAILABLE] == 5 * UNITS
    scene.is_whole()


def test_the_yearly_cap_counts_over_both_and_what_is_missing_is_owed(scene: Scene) -> None:
    scene.add(scene.old, a_training(hours="640", completed_on=date(2024, 5, 1)))
    scene.add(scene.new, a_training(hours="640", completed_on=date(2024, 6, 1), course_name="钳工"))
    scene.use(scene.old, "30")
    scene.use(scene.new, "30")

    scene.merge()

    found = scene.accounts(scene.new)
    assert (found[Account.REDEEMED], found[Account.OWED]) == (60 * UNITS, 20 * UNITS)
    assert Account.AVAILABLE not in found
    scene.is_whole()
    scene.add(scene.new, a_certificate())
    assert scene.accounts(scene.new)[Account.AVAILABLE] == 75_000
    scene.is_whole()


def test_a_record_that_both_have_counts_once_and_is_named(scene: Scene) -> None:
    there = scene.add(scene.old, a_training(hours="80"))
    here = scene.add(scene.new, a_training(hours="80"))
    scene.use(scene.old, "3")
    scene.use(scene.new, "4")

    joined = scene.merge()

    doubles = [one for one in joined.carried if one.is_double]
    assert [(one.origin_id, one.record_id) for one in doubles] == [
        (there.record_id, here.record_id)
    ]
    assert not doubles[0].is_changed
    found = scene.accounts(scene.new)
    assert (found[Account.REDEEMED], found[Account.OWED]) == (7 * UNITS, 2 * UNITS)
    (view,) = reading.dossier(scene.session, scene.new, today=TODAY).records
    assert [one.record_id for one in view.origins] == [there.record_id]
    scene.is_whole()


def test_a_double_that_says_something_else_is_told_and_the_survivors_stands(scene: Scene) -> None:
    scene.add(scene.old, a_training(hours="80", score="90"))
    scene.add(scene.new, a_training(hours="80", score="70"))

    (double,) = [one for one in scene.merge().carried if one.is_double]

    assert double.is_changed
    (view,) = reading.dossier(scene.session, scene.new, today=TODAY).records
    assert isinstance(view.record, Training)
    assert view.record.score == 70
    scene.is_whole()


def test_both_documents_both_numbers_and_every_name_lead_to_the_survivor(scene: Scene) -> None:
    old_number = look_ups.worker_known_as(scene.session, scene.old).archive_number
    record_id = scene.add(scene.old, a_training()).record_id
    change = NameChange(name="李明", former_name="李明华", changed_on=date(2024, 1, 1))
    scene.add(scene.old, change)

    heirs = scene.merge().heirs

    for serial in (1, 2):
        told = an_identity(serial)
        document = IdentityDocument(told.document_type, told.document_number)
        assert look_ups.worker_with_document(scene.session, document).worker_id == scene.new
    assert look_ups.worker_numbered(scene.session, old_number).worker_id == scene.new
    assert records.holder_of(scene.session, record_id) == scene.new
    newest = records.newest_version(scene.session, scene.new, record_id)
    assert newest.id == heirs[record_id]
    view = reading.dossier(scene.session, scene.new, today=TODAY)
    assert (view.name, view.former_names) == ("李明", ("李明华",))
    found = view.record(record_id)
    assert found is not None
    assert found.origins[0].archive_number == old_number


def test_through_a_chain_of_mergers_the_first_names_are_still_known(scene: Scene) -> None:
    first = scene.add(scene.third, a_training()).record_id
    number = look_ups.worker_known_as(scene.session, scene.third).archive_number
    scene.use(scene.third, "1")

    scene.merge(scene.third, scene.old)
    scene.merge()

    assert look_ups.worker_numbered(scene.session, number).worker_id == scene.new
    assert scene.accounts(scene.new) == {
        Account.AVAILABLE: 12_500,
        Account.ISSUED: 22_500,
        Account.REDEEMED: 10_000,
    }
    view = reading.dossier(scene.session, scene.new, today=TODAY).record(first)
    assert view is not None
    assert [one.archive_number for one in view.origins][-1] == number
    scene.is_whole(scene.third, scene.old, scene.new)


def test_a_closed_dossier_takes_nothing_any_more(scene: Scene) -> None:
    scene.add(scene.old, a_training())
    scene.merge()

    with pytest.raises(DossierClosedError):
        scene.add(scene.old, a_training(course_name="钳工"))
    with pytest.raises(DossierClosedError):
        scene.merge()
    with pytest.raises(DossierClosedError):
        scene.merge(scene.new, scene.old)
    with pytest.raises(MergeWithItselfError):
        scene.merge(scene.new, scene.new)


def test_nothing_is_merged_while_an_application_or_an_appeal_is_open(scene: Scene) -> None:
    scene.add(scene.old, a_training())
    case_id = scene.apply(scene.old, "1")

    with pytest.raises(MergerWaitsError) as refused:
        scene.merge()

    assert refused.value.facts == {"redemptions": 1, "appeals": 0}
    redemptions.withdraw(scene.session, case_id, by=scene.console, at=AT)
    line = bank.statement(scene.session, scene.old).lines[0]
    appeals.file_appeal(
        scene.session,
        scene.old,
        line.entry_id,
        text="学时不对",
        by=scene.console,
        now=NOW,
        zone=ZONE,
    )
    with pytest.raises(MergerWaitsError) as refused:
        scene.merge()
    assert refused.value.facts == {"redemptions": 0, "appeals": 1}


def test_whatever_is_open_in_the_surviving_dossier_goes_on(scene: Scene) -> None:
    scene.add(scene.old, a_training(hours="80"))
    scene.add(scene.new, a_training(hours="80", course_name="钳工"))
    case_id = scene.apply(scene.new, "2")

    scene.merge()
    redemptions.accept(scene.session, case_id, by=scene.clerk, at=AT)

    assert scene.accounts(scene.new)[Account.REDEEMED] == 2 * UNITS
    scene.is_whole()


def test_an_erased_person_is_not_merged(scene: Scene) -> None:
    vault = vault_of(scene.session)
    with vault.store.transaction() as keys:
        keys.execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.worker_id == scene.old))

    for pair in ((scene.old, scene.new), (scene.new, scene.old)):
        with pytest.raises(ErasedError):
            scene.merge(*pair)


def test_what_had_expired_stays_expired_and_what_expires_keeps_its_day(scene: Scene) -> None:
    late = datetime(2030, 1, 5, tzinfo=UTC)
    scene.add(scene.old, a_training(hours="80", completed_on=date(2022, 10, 1)))
    scene.add(
        scene.old, a_training(hours="160", completed_on=date(2023, 10, 1), course_name="钳工")
    )
    bank.expire(scene.session, [scene.old], now=late, today=late.date(), zone=ZONE)
    assert scene.accounts(scene.old)[Account.EXPIRED] == 5 * UNITS

    merge(scene.session, scene.old, scene.new, Deed(scene.clerk.id, late, ZONE, PROOF))

    assert scene.accounts(scene.new)[Account.EXPIRED] == 5 * UNITS
    scene.is_whole()
    soon = datetime(2030, 10, 3, tzinfo=UTC)
    bank.expire(scene.session, [scene.new], now=soon, today=soon.date(), zone=ZONE)
    bank.expire(scene.session, [scene.new], now=soon, today=date(2031, 1, 1), zone=ZONE)
    assert Account.AVAILABLE not in scene.accounts(scene.new)


def test_a_withdrawn_carried_record_takes_back_what_it_gave(scene: Scene) -> None:
    record_id = scene.add(scene.old, a_training(hours="80")).record_id
    scene.use(scene.old, "3")
    scene.merge()

    records.withdraw(
        scene.session, scene.new, record_id, reason="查无此班", by=scene.clerk, now=LATER
    )

    assert scene.accounts(scene.new) == {
        Account.REDEEMED: 3 * UNITS,
        Account.OWED: 3 * UNITS,
    }
    scene.is_whole()


def test_a_debt_goes_on_in_the_survivor_and_is_covered_there(scene: Scene) -> None:
    record_id = scene.add(scene.old, a_training(hours="80")).record_id
    scene.use(scene.old, "3")
    records.withdraw(
        scene.session, scene.old, record_id, reason="查无此班", by=scene.clerk, now=NOW
    )
    scene.add(scene.new, a_training(hours="64", course_name="钳工"))

    scene.merge()

    assert scene.accounts(scene.new) == {
        Account.ISSUED: 4 * UNITS,
        Account.AVAILABLE: UNITS,
        Account.REDEEMED: 3 * UNITS,
    }
    scene.is_whole()


def test_a_debt_that_nothing_in_either_dossier_could_cover_is_refused(scene: Scene) -> None:
    record_id = scene.add(scene.old, a_training(hours="80")).record_id
    scene.use(scene.old, "3")
    records.withdraw(
        scene.session, scene.old, record_id, reason="查无此班", by=scene.clerk, now=NOW
    )

    with pytest.raises(MergerUncoveredError):
        scene.merge()


def test_the_persons_one_account_goes_on_and_a_second_is_closed(scene: Scene) -> None:
    first = an_account(scene.session, "first", Role.WORKER, None, scene.third)
    scene.merge(scene.third, scene.old)
    assert first.worker_id == scene.old
    second = an_account(scene.session, "second", Role.WORKER, None, scene.new)
    on_paper = activations.invite_worker(scene.session, scene.old, by=scene.clerk, now=LATER)

    scene.merge()

    assert (first.is_active, second.is_active) == (False, True)
    with pytest.raises(ActivationUnknownError):  # It would lead to the dossier that closed.
        activations.begin_account(scene.session, on_paper, "third", "right horse", now=LATER)
