"""What-if with agreements: an outcome can be decided by its own rule and by an agreement."""

from datetime import date

from credit_bank.conversion import judge_all
from credit_bank.rule_files import read_content
from credit_bank.rulebook import book_of
from credit_bank.simulation import simulate
from credit_bank.simulation_judging import Books, givers
from credit_bank.simulation_population import population_of
from schemas.ids import new_id
from tests.builders import ELECTRICIAN, TODAY
from tests.outcomes import a_course, a_level, issuer
from tests.test_simulation import BINDING, BODIES, HOURS

CREDIT = 10_000


def an_agreement(factor: str = "1/2") -> bytes:
    """Return the draft of an agreement: what A gives for an electrician's course counts at B."""
    [body] = read_content(
        f"""
family = "agreement"
[[rule]]
id = "agreement-a-b"
in_force_from = 2024-01-01
title = {{ zh = "互认协议", en = "Agreement" }}
clause = {{ zh = "甲方培训折算。", en = "Courses of A count." }}
source = "（示例）协议第1号"
giver = "organisation:{issuer("A")}"
receiver = "organisation:{issuer("B")}"
giver_code = "A"
receiver_code = "B"
effect = "transfer"
occupation = "{ELECTRICIAN}"
overlap = "90"
factor = "{factor}"
credits = "10"
notice_days = 30
[[rule.example]]
name = "Half"
given = {{ credits = "2" }}
expect = {{ credits = "{"1" if factor == "1/2" else "2"}" }}
""".encode(),
        "agreement.toml",
    )
    return body


def test_a_draft_of_an_agreement_gains_what_judging_gives():
    after = book_of((*BODIES, an_agreement(), *read_content(HOURS.encode(), "draft.toml")))
    books = Books(BINDING, after, [book_of((*BODIES, an_agreement()))])
    course = a_course("36", date(2024, 3, 1), by="A", occupation=ELECTRICIAN)
    lives = {
        new_id(): [course, a_level(by="B")],
        new_id(): [a_course("36", date(2024, 3, 1), by="C", occupation=ELECTRICIAN)],
    }
    population = population_of(lives, TODAY, givers=givers(books))
    assert givers(books) == {f"organisation:{issuer('A')}"}

    what_if = simulate(population, books)

    for worker, worker_id in enumerate(population.workers):
        old, new = (
            sum(one.result.units for one in judge_all(lives[worker_id], book))
            for book in (BINDING, after)
        )
        assert new - old == sum(
            change.difference for change in what_if.changes if change.worker == worker
        )
    [alone] = what_if.alone
    assert alone
    assert (alone.judged, alone.gaining) == (1, 1)
    assert alone.gained == 5 * CREDIT - 22500  # Half of ten, less what the rules here give.
