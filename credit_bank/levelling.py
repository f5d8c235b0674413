"""Do certificates bring what the table says of the highest level of an occupation (I7)? Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from credit_bank.families import CertificateRule
from credit_bank.rulebook import RuleBook
from schemas.credits import CertificateMeasures, LearningOutcome
from schemas.vocabulary import LEVEL_GIVING, Family


def levels_that_differ(
    live: Iterable[tuple[LearningOutcome, int]], rules: RuleBook
) -> Iterator[str]:
    """Yield the occupations whose live units are not the table's of their highest level.

    ``live`` are outcomes that stand, each with the units that it gives now.
    """
    sums: dict[str, int] = defaultdict(int)
    highest: dict[str, int] = defaultdict(int)
    for outcome, units in live:
        measures, occupation = outcome.measures, outcome.occupation
        if not isinstance(measures, CertificateMeasures) or occupation is None:
            continue
        if measures.instrument in LEVEL_GIVING:
            sums[occupation] += units
            highest[occupation] = max(highest[occupation], _of_table(rules, outcome))
    yield from (occupation for occupation in sums if sums[occupation] != highest[occupation])


def _of_table(rules: RuleBook, outcome: LearningOutcome) -> int:
    published = rules.in_force(Family.CERTIFICATE, outcome.effective_on)
    rule = published.rule if published else None
    if not isinstance(rule, CertificateRule) or outcome.rank is None:
        return 0
    return rule.by_rank.get(outcome.rank, 0)
