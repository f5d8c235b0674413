"""Few persons are hidden, and nothing that is hidden can be computed from what is shown."""

from hypothesis import given
from hypothesis import strategies as st

from credit_bank.simulation_groups import Column, GroupSums, by_group, hide, is_few

LEAST = 5
LINES = st.lists(
    st.tuples(
        st.integers(0, 9) | st.integers(0, 40),
        st.integers(0, 9) | st.integers(0, 40),
        st.integers(0, 9) | st.integers(0, 40),
    ),
    min_size=1,
    max_size=7,
).map(
    lambda rows: [
        GroupSums(str(at), persons=gaining + losing + same, gaining=gaining, losing=losing)
        for at, (gaining, losing, same) in enumerate(rows)
    ]
)


def test_gains_and_losses_add_up_by_group():
    nets = [("a", 5), ("a", -3), ("b", 7), ("a", 0)]
    a, b = by_group({"a": 3, "b": 1}, nets, least=0)
    assert (a.gaining, a.losing, a.gained, a.lost) == (1, 1, 5, 3)
    assert (b.gaining, b.losing, b.gained, b.lost) == (1, 0, 7, 0)


def test_a_few_are_hidden_and_the_next_smallest_guards_them():
    lines = [
        GroupSums("a", persons=50, losing=3),
        GroupSums("b", persons=50, losing=20),
        GroupSums("c", persons=50, losing=8),
        GroupSums("d", persons=50),
    ]
    hide(lines, LEAST)
    assert [line.hides(Column.LOSING) for line in lines] == [True, False, True, False]
    assert not any(line.hides(Column.GAINING) for line in lines)


def test_two_hidden_numbers_that_are_few_together_need_a_third():
    lines = [GroupSums(key, persons=50, gaining=count) for key, count in zip("abc", (1, 2, 30))]  # noqa: B905
    hide(lines, LEAST)
    assert all(line.hides(Column.GAINING) for line in lines)


def test_where_nobody_is_few_nothing_is_hidden():
    lines = [GroupSums("a", persons=50, losing=30), GroupSums("b", persons=70, gaining=10)]
    hide(lines, LEAST)
    assert not any(line.hidden for line in lines)


def test_a_group_of_few_is_hidden_whole():
    lines = [
        GroupSums("a", persons=4),
        GroupSums("b", persons=30, losing=10),
        GroupSums("c", persons=40),
    ]
    hide(lines, LEAST)
    assert [bool(line.hidden) for line in lines] == [True, True, False]
    assert lines[0].hidden == frozenset(Column)


@given(LINES)
def test_nothing_that_is_hidden_can_be_computed_from_what_is_shown(lines):
    hide(lines, LEAST)
    for column in Column:
        shown = [line.count(column) for line in lines if not line.hides(column)]
        hidden = [line.count(column) for line in lines if line.hides(column)]
        assert not any(is_few(count, LEAST) for count in shown)
        total = sum(shown) + sum(hidden)
        if hidden and not is_few(total, LEAST):
            left_over = total - sum(shown)
            assert not is_few(left_over, LEAST)
            assert len(hidden) > 1 or len(lines) == 1 or len(hidden) == len(lines)
