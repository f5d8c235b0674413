"""Do certificates bring what the table says of the highest level of an occupation (I7)? Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from credit_bank.conversion import canonical_order
from credit_bank.crosswalk import counts_as
from credit_bank.families import CertificateRule
from credit_bank.rulebook import RuleBook
from schemas.credits import CertificateMeasures, LearningOutcome
from schemas.vocabulary import LEVEL_GIVING, Family

_Live = tuple[LearningOutcome, int]


def levels_that_differ(live: Iterable[_Live], rules: RuleBook) -> Iterator[str]:
    """Yield the occupations whose live units are not the table's of their highest level.

    ``live`` are outcomes that stand, each with the units that it gives now. Numbers that a
    crosswalk joins are one occupation from the day on from which it binds.
    """
    found: dict[str, list[_Live]] = defaultdict(list)
    for outcome, units in live:
        measures, occupation = outcome.measures, outcome.occupation
        if not isinstance(measures, CertificateMeasures) or occupation is None:
            continue
        if measures.instrument in LEVEL_GIVING:
            found[occupation].append((outcome, units))
    joined = {code for code in found if not rules.kin.get(code, frozenset()).isdisjoint(found)}
    for occupation, some in found.items():
        if occupation not in joined:
            highest = max(_of_table(rules, outcome) for outcome, _ in some)
            if sum(units for _, units in some) != highest:
                yield occupation
    if joined:
        yield from _joined([one for code in joined for one in found[code]], rules)


def _joined(live: Sequence[_Live], rules: RuleBook) -> Iterator[str]:
    """Yield the occupations of which some certificate does not bring what was missing.

    One after the other: the crosswalk of a certificate's day says which earlier ones are of
    its occupation, and together they hold the table's units, or more if they did before.
    """
    in_order = sorted(live, key=lambda one: canonical_order(one[0]))
    for place, (outcome, units) in enumerate(in_order):
        now = _counts_as(outcome, outcome, rules)
        before = sum(
            given for other, given in in_order[:place] if _counts_as(other, outcome, rules) == now
        )
        if before + units != max(before, _of_table(rules, outcome)):
            yield now


def _counts_as(outcome: LearningOutcome, read_at: LearningOutcome, rules: RuleBook) -> str:
    day = outcome.effective_on
    return counts_as(rules, outcome.occupation or "", day, read_on=read_at.effective_on)


def _of_table(rules: RuleBook, outcome: LearningOutcome) -> int:
    published = rules.in_force(Family.CERTIFICATE, outcome.effective_on)
    rule = published.rule if published else None
    if not isinstance(rule, CertificateRule) or outcome.rank is None:
        return 0
    return rule.by_rank.get(outcome.rank, 0)
