"""The rules' cases, as officials read and write them: tests/cases/<family>.toml."""

import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter

from credit_bank.conversion import Judgement, judge_all
from credit_bank.expiring import last_day_of
from credit_bank.levels import entitlement
from schemas.contracts import plain_decimal
from schemas.credits import LearningOutcome, Measures, as_credits
from schemas.vocabulary import Family, Rank
from tests.builders import ELECTRICIAN
from tests.outcomes import an_outcome, shipped_rules

if TYPE_CHECKING:
    from datetime import date

FOLDER = Path(__file__).parent / "cases"
CONVERTED = (
    Family.TRAINING,
    Family.CERTIFICATE,
    Family.COMPETITION,
    Family.APPRENTICESHIP,
    Family.EDUCATION,
    Family.YEARLY_CAP,
    Family.DOUBLE_COUNTING,
)
MOST_ORDERS = 24  # Every order of arrival of up to four outcomes.

_MEASURES: TypeAdapter[Measures] = TypeAdapter(Measures)
_DEFAULTS: dict[str, dict[str, object]] = {
    "training": {"course": "course"},
    "competition": {"event": "event"},
}
_RENAMED = {"code": "course_code"}
_WHATEVER: dict[str, dict[str, object]] = {
    "training": {"hours": 16},
    "competition": {"tier": "city", "prize": "first"},
    "certificate": {"instrument": "skill_level", "rank": 3},
}
"""What a shelf life does not ask for, and every outcome has."""


class Case:
    """One case: what is given, and what is expected of each outcome."""

    def __init__(self, family: Family, told: dict[str, Any]) -> None:
        """Read the case; one table and a list of one are the same."""
        self.family = family
        self.name: str = told["name"]
        self.given: list[dict[str, Any]] = _listed(told["given"])
        self.expected: list[dict[str, Any]] = _listed(told["expect"])
        self.told = told

    @property
    def outcomes(self) -> list[LearningOutcome]:
        """The outcomes that are given."""
        return [_outcome(one) for one in self.given]


def _listed(told: Any) -> list[dict[str, Any]]:
    return told if isinstance(told, list) else [told]


def _outcome(given: dict[str, Any]) -> LearningOutcome:
    told = {_RENAMED.get(name, name): value for name, value in given.items()}
    day, by = told.pop("achieved_on"), told.pop("issuer", "A")
    told.pop("granted_on", None)
    key, rank = str(told.pop("number", "")), told.pop("rank", None)
    occupation = told.pop("occupation", ELECTRICIAN) or None
    measures = _MEASURES.validate_python({**_DEFAULTS.get(told["kind"], {}), **told})
    return an_outcome(
        measures,
        day,
        occupation=occupation,
        rank=None if rank is None else Rank(rank),
        by=by,
        key=key,
    )


def _cases(*families: Family) -> list[Case]:
    return [
        Case(family, told)
        for family in families
        for told in tomllib.loads(
            (FOLDER / f"{family}.toml").read_text(encoding="utf-8"), parse_float=Decimal
        )["case"]
    ]


def _name(case: Case) -> str:
    return f"{case.family}: {case.name}"


@pytest.mark.parametrize("case", _cases(*CONVERTED), ids=_name)
def test_credits_come_out_as_the_case_says(case):
    outcomes = case.outcomes
    for order in _orders(outcomes):
        found = {one.outcome.id: one for one in judge_all(order, shipped_rules())}
        told = [_told(found.get(outcome.id)) for outcome in outcomes]

        assert [_part(one, of) for one, of in zip(told, case.expected, strict=True)] == (
            case.expected
        )
        assert case.told.get("total", _total(found.values())) == _total(found.values())


@pytest.mark.parametrize(
    "case", [one for one in _cases(Family.YEARLY_CAP) if "cap" in one.told], ids=_name
)
def test_the_cap_of_the_year_is_the_one_that_the_case_names(case):
    (judgement,) = judge_all(case.outcomes, shipped_rules())
    published = shipped_rules().of_version(judgement.context["cap"])

    assert published is not None
    assert published.rule.id == case.told["cap"]


@pytest.mark.parametrize("case", _cases(Family.SHELF_LIFE), ids=_name)
def test_credits_can_be_used_as_long_as_the_case_says(case):
    ((given,), (expected,)) = (case.given, case.expected)
    outcome = _outcome({**_WHATEVER[given["kind"]], **given})
    published = shipped_rules().in_force(Family.SHELF_LIFE, outcome.effective_on)
    last_day = last_day_of(outcome, published, given["granted_on"])

    assert published is not None
    assert published.rule.id == expected["rule"]
    assert last_day == expected.get("usable_until")


@pytest.mark.parametrize("case", _cases(Family.ENTITLEMENT), ids=_name)
def test_the_treatment_is_the_one_that_the_case_says(case):
    (expected,) = case.expected
    day: date = case.told["on"]
    for order in _orders(case.outcomes):
        found = entitlement(order, shipped_rules(), day)

        assert (found.rule if found else None) == expected.get("rule")
        if found:
            assert f"按相当于{expected['treatment']}学历落实相关待遇" in found.sentence.zh
            assert "不代表学历" in found.sentence.zh


def _orders(outcomes: Sequence[LearningOutcome]) -> Iterator[Sequence[LearningOutcome]]:
    for place, order in enumerate(permutations(outcomes)):
        if place < MOST_ORDERS:
            yield order


def _told(judgement: Judgement | None) -> dict[str, object]:
    """Return what became of an outcome in the words of a case; nothing when none judged it."""
    if judgement is None:
        return {}
    rule = judgement.published.rule.id if judgement.published else None
    return {
        "credits": plain_decimal(as_credits(judgement.result.units)),
        "reason": judgement.result.reason,
        "decision": judgement.result.decision.value,
        "rule": rule,
    }


def _part(told: dict[str, object], expected: dict[str, object]) -> dict[str, object]:
    """Return the part of what is told that a case speaks of; all of it when it expects nothing."""
    return {name: told.get(name) for name in expected} if expected else told


def _total(judgements: Any) -> str:
    return plain_decimal(as_credits(sum(one.result.units for one in judgements)))
