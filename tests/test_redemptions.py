"""Applying for what credits can do, and its answers: held, consumed, given back, annulled."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from archive.bureau import annulments
from archive.dossiers import (
    chains,
    offers,
    records,
    redeemed,
    redemption_views,
    redemptions,
)
from archive.dossiers.appeal_refusals import WhyMissingError
from archive.dossiers.offer_models import Offer
from archive.dossiers.redemption_refusals import (
    AppliedAlreadyError,
    CitedRecordGoneError,
    LimitsBrokenError,
    OfferUnclearError,
    OfferUnfitError,
    RedemptionImpossibleError,
    UnknownOfferError,
)
from archive.dossiers.redemptions import Moment
from archive.errors import NotAllowedError, UnknownWorkerError
from archive.people import approvals, look_ups
from archive.people.accounts import named
from archive.people.organisations import coded
from credit_bank import bank
from credit_bank.errors import (
    CaseActRefusedError,
    LotTooSmallError,
    ReferenceConflictError,
    UnknownCaseError,
)
from schemas.cases import Pick
from schemas.credits import UNITS_PER_CREDIT
from schemas.redemptions import OfferAsked
from schemas.vocabulary import Account, CaseAct, OrganisationKind, Rank, Role, Use
from tests.builders import (
    ELECTRICIAN,
    NOW,
    TODAY,
    a_certificate,
    a_training,
    an_account,
    an_organisation,
    workers,
)

ZONE = ZoneInfo("Asia/Shanghai")
AT = Moment(NOW, ZONE)
LATER = Moment(NOW + timedelta(days=3), ZONE)


def an_offer(
    code: str = "M1", credits_asked: str = "2", use: Use = Use.EXEMPTION, **told: object
) -> OfferAsked:
    """Return an offer of a course exemption, unless something else is said."""
    return OfferAsked.model_validate(
        {
            "code": code,
            "use": use,
            "title": "《电工基础》免修",
            "title_en": "Exemption from Basic Electrics",
            "credits": credits_asked,
            "in_force_from": date(2024, 1, 1),
            **told,
        }
    )


@pytest.fixture
def house(archive):
    """Return an archive with a school, its rival, a worker with 2.5 + 27.5 credits, and staff."""
    with archive.transaction() as session:
        school = an_organisation(session, "TS01", OrganisationKind.TECHNICAL_SCHOOL)
        rival = an_organisation(session, "TP02")
        clerk = an_account(session, "clerk", Role.CLERK)
        an_account(session, "approver", Role.APPROVER)
        an_account(session, "school", Role.TRAINER, school)
        an_account(session, "rival", Role.TRAINER, rival)
        mine, other = workers(session, rival, clerk, count=2)
        an_account(session, "worker", Role.WORKER, None, mine)
        an_account(session, "other", Role.WORKER, None, other)
        for record in (a_training(hours="40"), a_certificate()):
            records.add(
                session, mine, record, organisation_id=rival.id, by=clerk, now=NOW, today=TODAY
            )
        publish(session, an_offer())
    return archive


def publish(session, asked: OfferAsked, by: str = "school") -> Offer:
    """Publish an offer of an organisation and return it."""
    account = named(session, by)
    whose = coded(session, "TS01" if by == "school" else "TP02")
    offers.publish(session, asked, whose, by=account, now=NOW)
    return offers.named(session, f"{whose.code}:{asked.code}", TODAY)


def me(session):
    """Return the worker."""
    mine = named(session, "worker").worker_id
    assert mine is not None
    return look_ups.worker_known_as(session, mine)


def applied(session, code: str = "M1", **told):
    """Let the worker apply for an offer."""
    offer = offers.named(session, code, TODAY)
    by = named(session, "worker")
    return redemptions.apply(session, me(session), offer, by=by, at=AT, **told)


def balances(session) -> dict[Account, Decimal]:
    """Return the worker's credits by account, where there are some."""
    found = bank.balances(session, me(session).worker_id)
    return {one: Decimal(units) / UNITS_PER_CREDIT for one, units in found.items() if units}


def test_what_is_previewed_is_what_is_held_and_then_consumed(house):
    with house.transaction() as session:
        offer = offers.named(session, "M1", TODAY)
        seen = redemptions.preview(session, me(session), offer, at=AT)
        case_id = applied(session, picks=seen.picks)
        assert [line.taken for line in seen.lines] == [2, 0]
        assert balances(session) == {
            Account.AVAILABLE: 28,
            Account.HELD: 2,
            Account.ISSUED: 30,
        }
        redemptions.accept(session, case_id, by=named(session, "school"), at=LATER)
        assert balances(session)[Account.REDEEMED] == 2
        view = redemption_views.shown(session, case_id, named(session, "worker"), today=TODAY)
        assert (view.state, len(view.lots)) == (CaseAct.ACCEPT, 1)
        assert view.credits == 2
        with pytest.raises(CaseActRefusedError):
            redemptions.withdraw(session, case_id, by=named(session, "worker"), at=LATER)
        with pytest.raises(CaseActRefusedError):
            redemptions.decline(
                session, case_id, text="迟了", by=named(session, "school"), at=LATER
            )
    with house.reading() as session:
        assert chains.verify(session, me(session).worker_id).faults == ()


def test_a_refusal_tells_its_reason_which_no_table_shows(house):
    with house.transaction() as session:
        case_id = applied(session)
        school = named(session, "school")
        with pytest.raises(WhyMissingError):
            redemptions.decline(session, case_id, text="  ", by=school, at=AT)
        redemptions.decline(session, case_id, text="课程内容不一致", by=school, at=AT)
        assert balances(session) == {Account.AVAILABLE: 30, Account.ISSUED: 30}
        view = redemption_views.shown(session, case_id, named(session, "worker"), today=TODAY)
        assert view.events[-1].note == "课程内容不一致"


def test_a_withdrawn_application_can_be_made_again_and_a_standing_one_not(house):
    with house.transaction() as session:
        case_id = applied(session)
        with pytest.raises(AppliedAlreadyError):
            applied(session)
        redemptions.withdraw(session, case_id, by=named(session, "worker"), at=AT)
        applied(session)


def test_a_second_click_is_the_same_application(house):
    with house.transaction() as session:
        first = applied(session, reference="click")
        publish(session, an_offer("M2"))
        assert applied(session, reference="click") == first
        with pytest.raises(ReferenceConflictError):
            applied(session, "M2", reference="click")
        assert balances(session)[Account.HELD] == 2


def test_only_those_whom_it_concerns_see_an_application_and_may_answer(house):
    with house.transaction() as session:
        case_id = applied(session)
        school, rival = named(session, "school"), named(session, "rival")
        worker, other = named(session, "worker"), named(session, "other")
        for who in (rival, other):
            with pytest.raises(UnknownCaseError):
                redemption_views.shown(session, case_id, who, today=TODAY)
            assert redemption_views.seen_by(session, who, today=TODAY).redemptions == ()
            with pytest.raises(UnknownCaseError):
                redemptions.withdraw(session, case_id, by=who, at=AT)
        for who in (rival, worker):
            with pytest.raises(UnknownCaseError):
                redemptions.accept(session, case_id, by=who, at=AT)
        offer = offers.named(session, "M1", TODAY)
        with pytest.raises(UnknownWorkerError):
            redemptions.apply(session, me(session), offer, by=other, at=AT)
        for who in (school, worker, named(session, "clerk")):
            assert len(redemption_views.seen_by(session, who, today=TODAY).redemptions) == 1


def test_chosen_lots_must_be_what_is_asked_for_and_keep_the_limits(house):
    with house.transaction() as session:
        module = publish(session, an_offer("M10", "20", Use.MODULE))
        seen = redemptions.preview(session, me(session), module, at=AT)
        assert not seen.is_possible
        assert "50" in seen.problems[0].zh + seen.problems[1].zh
        lot = seen.lines[1].lot_id
        for picks in (
            [Pick(lot_id=lot, units=20 * UNITS_PER_CREDIT)],  # All of it from one provider.
            [Pick(lot_id=lot, units=10 * UNITS_PER_CREDIT)],  # Too little.
            [Pick(lot_id=lot, units=10 * UNITS_PER_CREDIT)] * 2,  # One lot twice.
        ):
            with pytest.raises(LimitsBrokenError):
                applied(session, "M10", picks=picks)
        with pytest.raises(RedemptionImpossibleError):
            applied(session, "M10")
        assert Account.HELD not in balances(session)


def test_the_bureau_annuls_with_a_second_person_and_the_credits_come_back(house):
    with house.transaction() as session:
        case_id = applied(session)
        clerk = named(session, "clerk")
        propose = partial(annulments.propose, text="录入有误", now=NOW, zone=ZONE)
        with pytest.raises(CaseActRefusedError):
            propose(session, case_id, by=clerk)
        redemptions.accept(session, case_id, by=named(session, "school"), at=AT)
        with pytest.raises(NotAllowedError):
            propose(session, case_id, by=named(session, "school"))
        proposal = propose(session, case_id, by=clerk)
        assert "录入有误" not in proposal.model_dump_json()
        approvals.answer(
            session, proposal.id, is_approved=True, by=named(session, "approver"), now=NOW
        )
        assert balances(session) == {Account.AVAILABLE: 30, Account.ISSUED: 30}
        view = redemption_views.shown(session, case_id, clerk, today=TODAY)
        assert (view.state, view.events[-1].note) == (CaseAct.ANNUL, "录入有误")


def test_a_level_application_shows_records_and_uses_nothing(house):
    with house.transaction() as session:
        level = {"occupation": ELECTRICIAN, "rank": Rank.SENIOR}
        offer = publish(session, an_offer("L3", "0", Use.LEVEL_APPLICATION, **level))
        seen = redemptions.preview(session, me(session), offer, at=AT)
        assert (seen.is_possible, seen.picks) == (False, ())
        assert seen.problems
        with pytest.raises(RedemptionImpossibleError):
            applied(session, "L3")
        publish(session, an_offer("E4", "0", Use.ENTITLEMENT, rank=Rank.INTERMEDIATE))
        case_id = applied(session, "E4")
        redemptions.accept(session, case_id, by=named(session, "school"), at=AT)
        view = redemption_views.shown(session, case_id, named(session, "school"), today=TODAY)
        assert [one.title for one in view.cites] == ["电工"]
        assert balances(session) == {Account.AVAILABLE: 30, Account.ISSUED: 30}


def test_what_is_cited_must_still_stand_when_it_is_accepted(house):
    with house.transaction() as session:
        publish(session, an_offer("E4", "0", Use.ENTITLEMENT, rank=Rank.INTERMEDIATE))
        case_id = applied(session, "E4")
        school = named(session, "school")
        view = redemption_views.shown(session, case_id, school, today=TODAY)
        records.withdraw(
            session,
            me(session).worker_id,
            view.cites[0].record_id,
            reason="录入有误",
            by=named(session, "clerk"),
            now=NOW,
        )
        with pytest.raises(CitedRecordGoneError):
            redemptions.accept(session, case_id, by=school, at=AT)
        redemptions.decline(session, case_id, text="所引用的证书已撤回", by=school, at=AT)


def test_an_offer_is_published_by_its_organisation_and_replaces_the_one_of_its_code(house):
    with house.transaction() as session:
        with pytest.raises(NotAllowedError):
            offers.publish(
                session, an_offer(), coded(session, "TS01"), by=named(session, "rival"), now=NOW
            )
        case_id = applied(session)
        newer = publish(session, an_offer(credits_asked="1"))
        assert offers.on_day(session, TODAY) == [newer]
        view = redemption_views.shown(session, case_id, named(session, "worker"), today=TODAY)
        assert view.offer is not None
        assert view.offer.credits == 2
        with pytest.raises(AppliedAlreadyError):
            applied(session)


@pytest.mark.parametrize(
    "told",
    [
        {"use": Use.ENTITLEMENT},
        {"use": Use.MODULE, "credits_asked": "0"},
        {"use": Use.LEVEL_APPLICATION, "credits_asked": "0", "occupation": ELECTRICIAN},
    ],
)
def test_an_offer_that_tells_too_much_or_too_little_is_refused(house, told):
    with house.transaction() as session, pytest.raises(OfferUnfitError):
        publish(session, an_offer(**told))


def test_an_offer_is_found_by_its_code_where_that_is_clear(house):
    with house.transaction() as session:
        publish(session, an_offer(), by="rival")
        with pytest.raises(OfferUnclearError):
            offers.named(session, "M1", TODAY)
        assert offers.named(session, "TS01:M1", TODAY).units == 2 * UNITS_PER_CREDIT
        with pytest.raises(UnknownOfferError):
            offers.named(session, "M1", date(2023, 12, 31))


def test_of_two_applications_for_one_lot_at_once_one_finds_too_little(house):
    with house.transaction() as session:
        publish(session, an_offer("M2"))
        seen = redemptions.preview(session, me(session), offers.named(session, "M1", TODAY), at=AT)
    ready, refused = threading.Barrier(2), []

    def send(code: str) -> None:
        ready.wait(30)
        try:
            with house.transaction() as session:
                applied(session, code, picks=seen.picks)
        except LotTooSmallError as refusal:
            refused.append(refusal)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(send, code) for code in ("M1", "M2")]:
            done.result(60)

    assert len(refused) == 1
    with house.reading() as session:
        assert balances(session)[Account.HELD] == 2
        worker = me(session)
        assert chains.verify(session, worker.worker_id).faults == ()
        assert (
            len(
                redemption_views.seen_by(session, named(session, "worker"), today=TODAY).redemptions
            )
            == 1
        )


def test_of_more_applications_than_a_list_holds_those_that_wait_come_first(house):
    with house.transaction() as session:
        publish(session, an_offer("M2"))
        waits, over = applied(session), applied(session, "M2")
        redemptions.withdraw(session, over, by=named(session, "worker"), at=AT)

        for whose in (None, coded(session, "TS01").id):
            (first,) = redeemed.of_organisation(session, whose, most=1)
            assert first.case.id == waits
            assert len(redeemed.of_organisation(session, whose, most=2)) == 2
