"""What is one thing posted twice: which of the tests are on, and how names are compared."""

import re
import unicodedata
from enum import StrEnum
from typing import Literal

from pydantic import Field

from credit_bank.families.base import RuleBase
from schemas.vocabulary import Family

_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[^\w]|_")
_PART = re.compile(r"(?<![线网])[上下](?:册|篇|集|部分|部|期|半部分)?$")
_ROMAN = re.compile(r"(?<![A-Za-z])(?:VI{0,3}|I{1,3}|IV|IX|X)(?![A-Za-z])")
_VALUE = {
    word: str(value)
    for value, word in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), start=1
    )
}


class NameStep(StrEnum):
    """One thing that does not tell two course names apart."""

    WIDTH = "width"
    CASE = "case"
    ROMAN = "roman"
    SPACES = "spaces"
    PUNCTUATION = "punctuation"
    PARTS = "parts"


class DoubleCountingRule(RuleBase):
    """When two outcomes are one; D4, that no unit is consumed twice, no rule can turn off."""

    family: Literal[Family.DOUBLE_COUNTING]
    same_course: bool
    """D1: of one course of one issuer only the best result counts."""
    same_name_to_review: bool
    """D2: one course name and occupation of two issuers goes to review; the later posts 0."""
    certificate_absorbs_preparation: bool
    """D3: a certificate that names its preparing course absorbs that course."""
    course_name: tuple[NameStep, ...] = Field(min_length=1)
    """What is taken off a course name before two are compared, in this order."""

    def compared(self, name: str) -> str:
        """Return a course name as it is compared with others."""
        for step in self.course_name:
            name = _without(name, step)
        return name

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return how the course ``name`` is compared."""
        return {"compared": self.compared(str(given["name"]))}


def _without(name: str, step: NameStep) -> str:
    match step:
        case NameStep.WIDTH:
            return unicodedata.normalize("NFKC", name)
        case NameStep.CASE:
            return name.casefold()
        case NameStep.ROMAN:
            return _ROMAN.sub(lambda found: _VALUE[found.group()], name)
        case NameStep.SPACES:
            return _SPACES.sub("", name)
        case NameStep.PUNCTUATION:
            return _PUNCTUATION.sub("", name)
        case NameStep.PARTS:
            return _PART.sub("", name)
