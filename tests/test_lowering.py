"""An exemption by agreement lowers what a use of credits asks for; the rest alone is consumed."""

import json
from datetime import date
from decimal import Decimal
from itertools import permutations
from uuid import UUID

import pytest

from archive.dossiers import offers, records, redemption_views, redemptions
from archive.dossiers.auditing import audit_one
from archive.dossiers.lowering import lowerings
from archive.dossiers.redemption_refusals import LimitsBrokenError, LoweringGoneError
from archive.people.accounts import named
from archive.people.organisations import coded
from credit_bank import bank, publishing
from credit_bank.chain import canonical_bytes
from credit_bank.exempting import exemptions, lowered
from credit_bank.glancing import glance
from schemas.cases import IssuerFact
from schemas.ids import new_id
from schemas.vocabulary import Account, CaseAct, IssuerAct, Rank, Use
from tests.builders import ELECTRICIAN, NOW, TODAY, WELDER
from tests.outcomes import a_course, a_level
from tests.pacts import a_pact, party, rules_with
from tests.test_redemptions import AT, LATER, applied, balances, house, me, publish
from tests.test_redemptions import an_offer as any_offer

__all__ = ["house"]
CREDIT = 10_000
MODULE = "《机电一体化》模块"


def an_exemption(code: str, by: str, requirement: str = "Module", **told: object) -> bytes:
    """Return an agreement of A with B that lowers a requirement."""
    names = {"requirement": requirement, "lowered_by": by, "id": f"agreement-{code}"}
    return a_pact("A", "B", **{"effect": "exemption", **names, **told})


def taken_off(asked: int, outcomes, *pacts: bytes) -> list[tuple[str, int]]:
    """Return what agreements take off the module of B, in whatever order records stand."""
    found = {
        lowered(exemptions(order, rules_with(*pacts), receiver=party("B")), asked)
        for order in permutations(outcomes)
    }
    (one,) = found
    return [(lower.agreement, lower.units) for lower in one]


def test_an_agreement_takes_off_what_it_says_and_never_more_than_is_asked():
    pact, level = an_exemption("e", "4"), a_level()

    assert taken_off(100_000, [level], pact) == [("agreement-e", 4 * CREDIT)]
    assert taken_off(30_000, [level], pact) == [("agreement-e", 3 * CREDIT)]
    assert taken_off(100_000, [a_level(by="C")], pact) == []
    assert taken_off(100_000, [a_level(issued_on=date(2023, 12, 31))], pact) == []


def test_an_agreement_counts_once_and_so_does_what_was_learnt():
    pact = an_exemption("e", "4")
    higher = an_exemption("h", "6", rank=int(Rank.SENIOR), needed=int(Rank.SENIOR))
    junior, senior = a_level(Rank.JUNIOR), a_level(Rank.SENIOR, date(2024, 7, 1))

    assert taken_off(100_000, [junior, a_level(Rank.JUNIOR, date(2024, 6, 2))], pact) == [
        ("agreement-e", 4 * CREDIT)
    ]
    assert taken_off(100_000, [junior, senior], pact, higher) == [("agreement-h", 6 * CREDIT)]


def test_records_are_paired_with_agreements_so_that_most_is_taken_off():
    """Only the course answers the narrow agreement, so the wide one takes the certificate."""
    narrow = an_exemption("n", "4", course="wiring", course_name="Wiring", occupation=ELECTRICIAN)
    wide = an_exemption("w", "5")
    course = a_course("40", date(2024, 3, 1), name="wiring", occupation=ELECTRICIAN)

    assert taken_off(100_000, [course, a_level()], narrow, wide) == [
        ("agreement-n", 4 * CREDIT),
        ("agreement-w", 5 * CREDIT),
    ]


# --- From the preview to the acceptance


def agree(session, requirement: str = "机电一体化", by: str = "4") -> None:
    """Let the school take credits off for certificates of its rival."""
    level = int(Rank.JUNIOR)
    told = json.loads(an_exemption("t", by, requirement, rank=level, needed=level))
    for side, code in (("giver", "TP02"), ("receiver", "TS01")):
        told[side], told[f"{side}_code"] = f"organisation:{coded(session, code).id}", code
    publishing.publish(session, [canonical_bytes(told)], now=NOW)


@pytest.fixture
def agreed(house):
    """Return an archive with a module of 12 credits, of which an agreement takes 4."""
    with house.transaction() as session:
        publish(session, any_offer("MOD", "12", use=Use.MODULE, title=MODULE, occupation=WELDER))
        agree(session)
    return house


def looked_at(session, code: str = "MOD"):
    """Return the preview of an offer."""
    offer = offers.named(session, f"TS01:{code}", TODAY)
    return redemptions.preview(session, me(session), offer, at=AT)


def test_the_preview_names_the_agreement_and_limits_are_of_what_is_consumed(agreed):
    with agreed.reading() as session:
        view = looked_at(session)

    assert (view.asked, view.needed, view.is_limited) == (12, 8, True)
    (one,) = view.lowered
    assert (one.agreement, one.credits, one.giver) == ("agreement-t", 4, "TP02")
    assert len(one.version) == 64
    # Half of the eight may come from elsewhere, and everything does.
    assert not view.is_possible
    assert view.missing == 4


def test_what_is_left_alone_is_held_and_consumed_and_the_case_keeps_why(agreed):
    with agreed.transaction() as session:
        publish(session, any_offer("EX", "6", title=MODULE))
        case_id = applied(session, "TS01:EX")
        assert balances(session)[Account.HELD] == 2
        view = redemption_views.shown(session, case_id, named(session, "school"), today=TODAY)
        assert [(one.agreement, one.credits) for one in view.lowered] == [
            ("agreement-t", Decimal(4))
        ]
        assert "电工" in view.lowered[0].title
        redemptions.accept(session, case_id, by=named(session, "school"), at=LATER)
        assert balances(session)[Account.REDEEMED] == 2
        worker_id = me(session).worker_id
    report = audit_one(agreed, worker_id)
    assert report.is_right, report.findings


def test_what_is_taken_off_altogether_consumes_nothing(agreed):
    with agreed.transaction() as session:
        publish(session, any_offer("EX", "4", title=MODULE))
        view = looked_at(session, "EX")
        assert (view.needed, view.is_possible, view.lines) == (0, True, ())
        case_id = applied(session, "TS01:EX", picks=[])
        redemptions.accept(session, case_id, by=named(session, "school"), at=LATER)
        found = redemption_views.shown(session, case_id, named(session, "worker"), today=TODAY)
        assert (found.state, found.credits, len(found.lowered)) == (CaseAct.ACCEPT, Decimal(0), 1)
        assert Account.REDEEMED not in balances(session)


def test_an_offer_that_no_agreement_names_is_asked_for_in_full(agreed):
    with agreed.transaction() as session:
        publish(session, any_offer("EX", "6", title="《电工基础》免修"))
        publish(session, any_offer("EX", "6", title=MODULE), by="rival")
        view = looked_at(session, "EX")
        assert (view.asked, view.needed, view.lowered) == (6, 6, ())
        picks = looked_at(session, "EX").picks
        publish(session, any_offer("EX", "6", title=MODULE))
        with pytest.raises(LimitsBrokenError):
            applied(session, "TS01:EX", picks=picks)


def test_what_a_decision_on_its_issuer_holds_or_revokes_lowers_nothing_until_it_is_released(agreed):
    with agreed.transaction() as session:
        publish(session, any_offer("EX", "6", title=MODULE))
        case = new_id()
        for act, needed in (
            (None, 2),
            (IssuerAct.SUSPEND, 6),
            (IssuerAct.RELEASE, 2),
        ):
            if act:
                _decide(session, act, case)
            assert looked_at(session, "EX").needed == needed
        again = new_id()
        for act in (IssuerAct.SUSPEND, IssuerAct.REVOKE):
            _decide(session, act, again)
        assert looked_at(session, "EX").needed == 6


def test_a_certificate_lowers_from_its_own_day_on(agreed):
    with agreed.transaction() as session:
        offer = publish(session, any_offer("EX", "6", title=MODULE))
        book, rules = glance(session, me(session).worker_id), publishing.rule_book(session)
        assert lowerings(book, offer, rules, date(2024, 5, 31)) == ()
        assert [one.units for one in lowerings(book, offer, rules, date(2024, 6, 1))] == [40_000]


def _decide(session, act: IssuerAct, case_id: UUID) -> None:
    """Let the bureau decide on what the rival posted for June 2024."""
    fact = IssuerFact(
        id=case_id if act is IssuerAct.SUSPEND else new_id(),
        case_id=case_id,
        act=act,
        issuer_id=coded(session, "TP02").id,
        effective_on=TODAY,
        begins_on=date(2024, 6, 1),
        ends_on=date(2024, 6, 30),
        source="示例决定",
    )
    bank.decide_on_issuer(session, fact, by=None, now=NOW)


def test_a_record_that_is_gone_by_then_lowers_nothing_and_is_told(agreed):
    with agreed.transaction() as session:
        publish(session, any_offer("EX", "6", title=MODULE))
        case_id = applied(session, "TS01:EX")
        told = redemption_views.shown(session, case_id, named(session, "school"), today=TODAY)
        records.withdraw(
            session,
            me(session).worker_id,
            told.lowered[0].record_id,
            reason="报错人员",
            by=named(session, "clerk"),
            now=LATER.now,
        )
    with agreed.transaction() as session:
        school = named(session, "school")
        with pytest.raises(LoweringGoneError):
            redemptions.accept(session, case_id, by=school, at=LATER)
    with agreed.transaction() as session:
        redemptions.decline(
            session, case_id, text="记录已撤回", by=named(session, "school"), at=LATER
        )
        assert Account.HELD not in balances(session)
