"""Runs the examples that stand in rule files: what an official wrote must be what happens.

What an example says and gives, each family tells itself (``RuleBase.told``).
"""

from pydantic import ValidationError

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
                file=named, example=example.name, rule=rule.id, problem=_first_of(unreadable)
            ) from None
        if not _agrees(example.expect, found):
            raise RuleExampleError(
                file=named,
                example=example.name,
                rule=rule.id,
                expected=canonical_bytes(example.expect).decode(),
                given=canonical_bytes(found).decode(),
            )


def _first_of(unreadable: Exception) -> str:
    """Return what is wrong in one line; the library tells several, over many lines."""
    if isinstance(unreadable, ValidationError):
        first = unreadable.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return f"{type(unreadable).__name__}: {unreadable}"


def _agrees(expected: dict[str, object], found: dict[str, str]) -> bool:
    if not expected:
        return not found
    return all(found.get(name) == str(value) for name, value in expected.items())
