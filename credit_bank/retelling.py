"""Does a stored explanation tell a grant as judging it again would tell it? Pure."""

from credit_bank.conversion import GRANTING, judge
from credit_bank.judging import IS_WITHDRAWN, REPLACED, WITHDRAWN
from credit_bank.rulebook import RuleBook
from schemas.credits import Arithmetic, Trace


def is_told_as_judged(trace: Trace, reason: str, rules: RuleBook) -> bool:
    """Whether rule, source and arithmetic of a grant are those that judging it again gives.

    ``reason`` is that of its entry. What moves units that were granted is told by its case.
    """
    if trace.family not in GRANTING:
        return True
    if reason in (IS_WITHDRAWN, REPLACED):
        return trace.steps == (Arithmetic(text=WITHDRAWN),)
    published = rules.of_version(trace.version) if trace.version else None
    rule = published.rule if published else None
    named = (rule.id, rule.source) if rule else (None, None)
    result = judge(trace.outcome, published, trace.context, rules)
    return (trace.rule, trace.source) == named and trace.steps == result.steps
