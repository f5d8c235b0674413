"""A published rule ends by a published repeal, never by editing; and when each was known."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from credit_bank import publishing
from credit_bank.errors import RuleFileError, RuleGapError, RuleTwiceError
from credit_bank.publishing import rule_book
from credit_bank.rule_files import read_file
from credit_bank.rule_refusals import RepealTooLateError, RepealUnknownError
from schemas.vocabulary import Family
from tests.builders import NOW
from tests.outcomes import a_course, judged
from tests.test_rulebook import a_file, a_rule, refused, with_shipped

DAY = date(2024, 6, 1)


def a_repeal(
    rule_id: str = "entitlement-2022-repeal",
    repealed: str = "entitlement-2022",
    begins: str = "2024-01-01",
    *,
    leaves_no_rule: bool = True,
    source: str = 'source = "（示例）通知〔2023〕9号"',
) -> str:
    return f"""
[[repeal]]
id = "{rule_id}"
repeals = "{repealed}"
in_force_from = {begins}
leaves_no_rule = {str(leaves_no_rule).lower()}
{source}
title = {{ zh = "废止相关待遇规则", en = "Repeal of the rule on treatment" }}
clause = {{ zh = "自该日起不再执行。", en = "From that day on it is not applied." }}
"""


def a_repeal_file(folder: Path, *tables: str, family: str = "entitlement") -> Path:
    return a_file(folder, *(tables or (a_repeal(),)), name="repeal.toml", family=family)


def test_a_repealed_rule_counts_until_the_day_before(tmp_path):
    book = with_shipped(a_repeal_file(tmp_path))

    before = book.in_force(Family.ENTITLEMENT, date(2023, 12, 31))
    assert before is not None
    assert before.until == date(2023, 12, 31)
    assert before.repealed_by is not None
    assert before.repealed_by.id == "entitlement-2022-repeal"
    assert book.in_force(Family.ENTITLEMENT, date(2024, 1, 1)) is None


def test_a_repeal_from_before_its_first_day_means_that_it_never_was(tmp_path):
    book = with_shipped(a_repeal_file(tmp_path, a_repeal(begins="2022-09-15")))

    assert book.in_force(Family.ENTITLEMENT, date(2022, 9, 15)) is None
    assert not book.of(Family.ENTITLEMENT)[0].was_ever_in_force


def test_another_rule_can_take_the_place_of_a_repealed_one(tmp_path):
    repeal = a_repeal("no-2022", "training-2022", "2026-06-01", leaves_no_rule=False)
    path = a_repeal_file(
        tmp_path, repeal, a_rule("training-2026", "2026-06-01", replaces=None), family="training"
    )

    found = with_shipped(path).in_force(Family.TRAINING, date(2026, 6, 1))

    assert found is not None
    assert found.rule.id == "training-2026"


def test_without_a_rule_after_it_a_repeal_has_to_mean_that(tmp_path):
    careless = a_repeal("no-cap", "yearly-cap-2022", "2027-01-01", leaves_no_rule=False)
    meant = a_repeal("no-cap", "yearly-cap-2022", "2027-01-01")

    assert "no rule on 2027-01-01; the last one before is yearly-cap-2022" in refused_as(
        tmp_path, careless, RuleGapError, family="yearly_cap"
    )
    book = with_shipped(a_repeal_file(tmp_path, meant, family="yearly_cap"))
    years = (date(2026, 3, 1), date(2027, 3, 1))
    found = judged(*(a_course("800", day) for day in years), rules=book)
    assert [one.result.units for one in found] == [400_000, 500_000]


def test_a_repeal_leaves_no_more_days_without_a_rule_than_those_of_what_it_repeals(tmp_path):
    ending = a_rule("training-2027", "2027-01-01", ends="2027-12-31")
    repeal = a_repeal("no-2027", "training-2027", "2027-06-01")

    told = refused_as(tmp_path, ending + repeal, RuleGapError, family="training")

    assert "no rule on 2028-01-01" in told


def refused_as(folder: Path, text: str, kind: type[RuleFileError], *, family: str) -> str:
    with pytest.raises(kind) as found:
        with_shipped(a_repeal_file(folder, text, family=family))
    return str(found.value)


def test_a_repeal_of_something_unknown_is_refused(tmp_path):
    for repealed in ("entitlement-2023", "training-2022"):
        told = refused_as(
            tmp_path, a_repeal(repealed=repealed), RepealUnknownError, family="entitlement"
        )
        assert f"entitlement-2022-repeal repeals {repealed}" in told


def test_a_repeal_of_what_has_ended_before_is_refused(tmp_path):
    told = refused_as(
        tmp_path, a_repeal(begins="2026-01-01"), RepealTooLateError, family="entitlement"
    )

    assert "entitlement-2022 from 2026-01-01 on" in told


@pytest.mark.parametrize(
    "text",
    [
        a_repeal(source=""),
        a_repeal().replace("repeals =", "ends ="),
        a_repeal().replace("[[repeal]]", "[[rule]]"),
        a_repeal(begins='"soon"'),
        "repeal = 5\n",
    ],
)
def test_a_repeal_that_is_none_is_refused_by_file(tmp_path, text):
    refused(a_repeal_file(tmp_path, text))


def test_a_rule_and_its_repeal_have_names_of_their_own(tmp_path):
    refused(a_repeal_file(tmp_path, a_repeal("twice"), a_repeal("twice")), RuleTwiceError)


def test_a_published_repeal_is_known_from_then_on_and_not_before(session, tmp_path):
    bodies = read_file(a_repeal_file(tmp_path))

    assert publishing.publish(session, bodies, now=NOW) == ["entitlement-2022-repeal"]

    assert rule_book(session).in_force(Family.ENTITLEMENT, DAY) is None
    earlier = rule_book(session, known_at=NOW - timedelta(seconds=1))
    assert earlier.rules == ()  # The shipped rules came in the same moment here.
    later = rule_book(session, known_at=NOW)
    assert later.in_force(Family.ENTITLEMENT, DAY) is None
    assert later.named("entitlement-2022") is not None


def test_a_rule_may_be_published_before_a_repeal_that_was_meant_for_the_one_it_replaces(
    session, tmp_path
):
    repeal = a_repeal("no-2022", "training-2022", "2028-01-01")
    publishing.publish(
        session, read_file(a_repeal_file(tmp_path, repeal, family="training")), now=NOW
    )

    publishing.publish(session, read_file(a_file(tmp_path, a_rule())), now=NOW)

    found = rule_book(session).in_force(Family.TRAINING, date(2028, 6, 1))
    assert found is not None
    assert found.rule.id == "training-2027"
