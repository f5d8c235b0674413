"""What can happen to the law in the bank's machine: rules that reach back, and agreements."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, precondition, rule

from credit_bank import bank, publishing
from credit_bank.agreement_refusals import AgreementCycleError, AgreementNotRecognisedError
from credit_bank.chain import canonical_bytes
from credit_bank.errors import RulesOverlapError
from credit_bank.publishing import rule_book
from credit_bank.rule_refusals import RepealTooLateError
from schemas.vocabulary import Family
from tests.machine_world import World
from tests.pacts import SCHEME, a_pact, a_repeal

MOST_DRAFTS = 4
NOT_PASSED = {
    "name": "A course that was not passed",
    "given": {"hours": "40", "score": "59"},
    "expect": {"credits": "0", "reason": "not_passed"},
}
FOR_EVER = {
    "name": "Certificate credits do not end",
    "given": {"kind": "certificate", "effective_on": "2023-05-10"},
    "expect": {},
}
BELOW_THE_CAP = {
    "name": "Below the cap all of it is posted",
    "given": {"earned": "1", "used": "0"},
    "expect": {"credits": "1"},
}
NAMES = {
    "name": "Spaces make no other course",
    "given": {"name": "电工 技能"},
    "expect": {"compared": "电工技能"},
}
ABILITY = {
    "name": "A specific ability gives 3 credits",
    "given": {"instrument": "specific_ability", "held": "0"},
    "expect": {"credits": "3", "reason": "granted"},
}
LESS_BY_RANK = {"1": "12", "2": "20", "3": "30", "4": "45", "5": "60", "6": "60", "7": "60"}
CHANGES: tuple[tuple[Family, dict[str, Any]], ...] = (
    *((Family.TRAINING, {"hours_per_credit": n, "example": [NOT_PASSED]}) for n in (8, 15, 17, 32)),
    *((Family.YEARLY_CAP, {"credits_a_year": n, "example": [BELOW_THE_CAP]}) for n in ("5", "99")),
    (Family.DOUBLE_COUNTING, {"same_course": False, "example": [NAMES]}),
    (Family.DOUBLE_COUNTING, {"same_name_to_review": False, "example": [NAMES]}),
    (Family.CERTIFICATE, {"by_rank": LESS_BY_RANK, "example": [ABILITY]}),
    (Family.SHELF_LIFE, {"years": {"training": 3, "competition": 9}, "example": [FOR_EVER]}),
)
PACTS = st.one_of(
    st.fixed_dictionaries(
        {
            "giver": st.just(SCHEME),
            "receiver": st.sampled_from("BC"),
            "factor": st.sampled_from(["1", "2/3", "3/2"]),
            "credits_a_year": st.sampled_from([None, "3"]),
            "overlap": st.sampled_from(["80", "80", "100", "79"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "giver": st.sampled_from("AB"),
            "receiver": st.sampled_from("ABC"),
            "course": st.just("shared"),
            "factor": st.sampled_from(["1", "1/3", "3/2"]),
            "credits": st.sampled_from([None, "2", "40"]),
            "credits_a_year": st.sampled_from([None, "3"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "giver": st.sampled_from("AB"),
            "receiver": st.just("C"),
            "requirement": st.just("电工基础"),
            "lowered_by": st.just("2"),
        }
    ),
).filter(lambda told: told["giver"] != told["receiver"])
AGREEMENT_REFUSALS = (RulesOverlapError, AgreementCycleError, AgreementNotRecognisedError)

agreements: Bundle[bytes] = Bundle("agreements")


class Law(World):
    """The bureau changes rules; organisations and other banks make agreements and end them."""

    def __init__(self) -> None:
        """Begin with the shipped law."""
        super().__init__()
        self.drafts = 0

    @precondition(lambda self: self.drafts < MOST_DRAFTS)
    @rule(change=st.sampled_from(CHANGES), year=st.integers(2022, 2026))
    def publish_a_rule(self, change: tuple[Family, dict[str, Any]], year: int) -> None:
        """A new rule, in force from a day in the past or to come."""
        family, values = change
        day = date(year, 9, 16) + timedelta(days=self.drafts)
        known = rule_book(self.session).in_force(family, day)
        if known is None or known.rule.in_force_from >= day or known.until is not None:
            return
        self.drafts += 1
        body = {
            **json.loads(known.body),
            **values,
            "id": f"{known.rule.family}-draft-{self.drafts}".replace("_", "-"),
            "replaces": known.rule.id,
            "in_force_from": day.isoformat(),
        }
        self._publish(canonical_bytes(body), day)

    @precondition(lambda self: self.drafts < MOST_DRAFTS)
    @rule(target=agreements, told=PACTS, year=st.sampled_from([2023, 2025]))
    def agree(self, told: Mapping[str, Any], year: int) -> bytes:
        """Two parties agree; what gains round a cycle or has too little in common is refused."""
        self.drafts += 1
        begins = date(year, 1, 1)
        values = {name: value for name, value in told.items() if value is not None}
        body = a_pact(id=f"agreement-{self.drafts}", in_force_from=begins, **values)
        self.tried(lambda: self._publish(body, begins), AGREEMENT_REFUSALS)
        return body

    @rule(body=consumes(agreements), days=st.sampled_from([30, 400, -700]))
    def end_agreement(self, body: bytes, days: int) -> None:
        """A party gives notice; or it is found that the agreement had ended before."""
        if rule_book(self.session).named(json.loads(body)["id"]) is None:
            return  # It was refused.
        on = self.today + timedelta(days=days)
        self.tried(lambda: self._publish(a_repeal(body, on), on), (RepealTooLateError,))

    def _publish(self, body: bytes, since: date) -> None:
        """Publish and apply to everybody, as the bureau's desk does."""
        now = self.tick()
        publishing.publish(self.session, [body], now=now)
        bank.recompute_since(self.session, since, now=now)
