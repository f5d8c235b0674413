"""What differs between two rules, value by value."""

from credit_bank.comparing import against, difference, differences, side
from credit_bank.rule_files import read_file
from schemas.rules import RuleChange
from tests.outcomes import shipped_rules
from tests.test_repeals import a_repeal, a_repeal_file
from tests.test_rulebook import a_file, a_rule


def changes_of(folder, *rules: str, family: str = "training") -> dict[str, RuleChange]:
    bodies = read_file(a_file(folder, *rules, family=family))
    (found,) = against(bodies, shipped_rules())
    return {change.field: change for change in found.changes}


def test_a_new_rule_is_compared_with_the_one_that_it_replaces(tmp_path):
    found = changes_of(tmp_path, a_rule())

    assert (found["hours_per_credit"].before, found["hours_per_credit"].after) == ("16", "18")
    assert (found["id"].before, found["id"].after) == ("training-2022", "training-2027")
    assert "minimum_hours" not in found
    assert found["example.59 points are not passed.given.score"].after is None


def test_a_rule_that_replaces_nothing_is_compared_with_the_one_in_force_on_its_first_day(tmp_path):
    found = changes_of(tmp_path, a_rule(begins="2020-01-01", replaces=None))

    assert found["id"].before == "training-legacy"


def test_a_rule_without_a_predecessor_is_all_new(tmp_path):
    found = changes_of(
        tmp_path, a_rule("training-1980", "1980-01-01", ends="1989-12-31", replaces=None)
    )

    assert {change.before for change in found.values()} == {None}


def test_a_repeal_is_compared_with_what_it_ends(tmp_path):
    (found,) = against(read_file(a_repeal_file(tmp_path, a_repeal())), shipped_rules())

    assert (found.before, found.after) == ("entitlement-2022", "entitlement-2022-repeal")
    (last,) = found.changes
    assert (last.field, last.before, last.after) == (
        "in_force_until",
        "2025-12-31",
        "2023-12-31",
    )


def test_one_rule_and_itself_say_the_same():
    for one in shipped_rules().rules:
        assert differences([side(one.body)], [side(one.body)]) == ()
        assert difference(side(one.body), side(one.body)).changes == ()


def test_values_of_tables_lists_and_days_are_named_by_their_path():
    book = shipped_rules()
    old, new = (book.named(f"working-days-{year}") for year in (2025, 2026))
    assert old is not None
    assert new is not None

    found = {one.field: one for one in difference(side(old.body), side(new.body)).changes}

    assert found["worked"].before is not None
    assert "2025-01-26" in found["worked"].before
    assert found["holiday.2.first_day"].after == "2026-02-15"


def test_two_sets_are_compared_rule_by_rule_and_what_one_side_lacks_is_told():
    book = shipped_rules()
    first, second = (book.named(name) for name in ("training-legacy", "entitlement-2022"))
    assert first is not None
    assert second is not None

    found = differences([side(first.body)], [side(second.body)])

    assert [(one.before, one.after) for one in found] == [
        ("training-legacy", None),
        (None, "entitlement-2022"),
    ]
