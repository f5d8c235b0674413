"""Runs the examples that stand in rule files: what an official wrote must be what happens.

What an example says and gives, each family tells itself (``RuleBase.told``).
"""

from credit_bank import causes
from credit_bank.chain import canonical_bytes
from credit_bank.errors import RuleExampleError, RuleExampleUnreadableError
from credit_bank.families.base import RuleBase


def refuse_failing(rule: RuleBase, file: str | None = None) -> None:
    """Raise when an example of the rule does not come out as it says, or cannot be read.

    ``file`` is the name of the file that holds the rule, when it is known. Raises
    RuleExampleError, RuleExampleUnreadableError.
    """
    named = file or f"{rule.family}.toml"
    for example in rule.example:
        try:
            found = rule.told(dict(example.given))
        except (ValueError, KeyError, TypeError) as unreadable:
            raise RuleExampleUnreadableError(
                file=named,
                example=example.name,
                rule=rule.id,
                problem=causes.of_example(unreadable),
            ) from None
        if not _agrees(example.expect, found):
            raise RuleExampleError(
                file=named,
                example=example.name,
                rule=rule.id,
                expected=canonical_bytes(example.expect).decode(),
                given=canonical_bytes(found).decode(),
            )


def _agrees(expected: dict[str, object], found: dict[str, str]) -> bool:
    if not expected:
        return not found
    return all(found.get(name) == str(value) for name, value in expected.items())
