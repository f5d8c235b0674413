"""The base of every refusal: a code, a sentence that says what to do, and its facts.

The sentence is an English template and the message id of its translation. Nothing
personal may be a fact: refusals are printed, logged and sent over the wire.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Phrase:
    """A part of a sentence with a translation of its own, such as the cause in a refusal."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it in English."""
        return self.template.format(**self.facts)


class Refusal(Exception):  # noqa: N818  # The field's word: an answer, not a programming error.
    """Something that was asked for is refused; ``code`` names why, for good."""

    code: ClassVar[str] = "refused"
    template: ClassVar[str] = "The request was refused."

    def __init__(self, **facts: object) -> None:
        """Keep the facts that fill the template's placeholders."""
        self.facts: dict[str, object] = facts
        super().__init__(self.template.format(**facts))

    def __reduce__(self) -> tuple[object, ...]:
        """Cross into another process as class and facts: the sentence is made from them anew."""
        return _refused_again, (type(self), self.facts)


def _refused_again(refusal: type[Refusal], facts: dict[str, object]) -> Refusal:
    return refusal(**facts)


def all_refusals(root: type[Refusal] = Refusal) -> list[type[Refusal]]:
    """Return every refusal that has been defined, so that a test can walk through them."""
    below = [found for child in root.__subclasses__() for found in all_refusals(child)]
    return [*below, root] if "code" in vars(root) else below
