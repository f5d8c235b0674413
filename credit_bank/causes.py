"""Why a rule file cannot be read: causes in our own words, as the libraries' are English only.

Each is a part of a refusal's sentence, with the place in the file and a translation.
"""

import errno
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from schemas.refusals import Phrase
from schemas.vocabulary import Family

ENDS_TOO_EARLY = "the rule ends before it begins"
TREATMENT_ONCE = "the sentence needs {{treatment}} once, and no other brace"
VALUES_MISSING = "no value is given for {missing}; write one, if need be 0"
NUMBER_UNQUOTED = '{number} must stand in quotes, "27.5"'

NEEDS_NO_RULE = "an exception says when it applies; else it is a rule of its own"
EXCEPTION_ENDS_TOO_EARLY = "the exception ends before it begins"
NOT_CHANGED_HERE = "the exception {exception} cannot change {fields}"
PRIZES_IN_DISORDER = "in a prize table each lower prize ends at a later place"
PLACES_IN_DISORDER = "the last place stands before the first place"
NEXT_LEVEL_TOO_LOW = "who holds the level already can only reach a higher one"
RUNGS_MEET = "two rungs are about one place of {tier}"
RUNG_AND_NONE = "{tier} has a rung and stands in without_promotion"
EACH_USE_ONCE = "each use either consumes credits or cites records"
LIMITED_CITES = "only what consumes credits can be limited"
WHOLE_YEAR = "a list of holidays is in force from 1 January to 31 December of its year"
HOLIDAY_ENDS_TOO_EARLY = "a holiday ends before it begins"
DAY_TWICE = "a day stands twice among holidays and worked days"
DAY_OUTSIDE = "a day lies outside the year of the list"
WORKED_WEEKDAY = "only a Saturday or Sunday can be worked instead"
HOLDS_TOO_OFTEN = "a hold can be extended {most} times"
AGREEMENT_WITH_ITSELF = "an agreement has two parties"
AGREEMENT_SUBJECT = "an agreement names an occupation or a course"
AGREEMENT_TRANSFER = "a transfer has a factor, and lowers no requirement"
EXEMPTION_LOWERS = "an exemption names a requirement and how far it is lowered, and has no factor"
FACTOR_UNFIT = 'a factor is a whole number or a fraction such as "3/4"'
OCCUPATION_TWICE = "these occupations stand in the table twice: {occupations}"
STANDARD_UNNAMED = "a standard names its occupation"
DIPLOMA_EMPTY = "a diploma needs degrees or classes"
WORK_AFTER = "work after the {after} needs the {after}"
WAY_EMPTY = "a way asks for something"
WAY_TWICE = "two ways to level {level} are called {name}"
EXAMPLE_WORDS = "the example holds words that are not known: {words}"
WRONG_TABLE = "{rule} stands under [[{table}]], where it does not belong"
NO_TABLE = "“{table}” is written as [[{table}]]"

_AT = "{place}: {cause}"
_AND = "{one}; {others}"
_TOML_AT = "line {line}, column {column} is not written as TOML wants it"
_TOML_ENDS = "it ends in the middle of a value"
_ENCODING = "it is not written in UTF-8"
_TIME = "it holds a time of day, where a rule knows only days"
_SYSTEM = "it cannot be opened ({code})"
_NO_RULES = "it needs “family” and at least one [[rule]] or [[repeal]]"
_WRONG_FORM = "{place} does not have the form that is wanted"
_BY_TYPE = {
    "missing": "{place} is missing",
    "not_units": '{place} is no number of credits in quotes, such as "27.5"',
    "extra_forbidden": "{place} is not known here",
    "enum": "{place} is none of {expected}",
    "literal_error": "{place} is none of {expected}",
    "greater_than": "{place} must be greater than {gt}",
    "greater_than_equal": "{place} must be at least {ge}",
    "less_than_equal": "{place} must be at most {le}",
    "too_short": "{place} needs at least {min_length}",
    "string_too_short": "{place} needs at least {min_length} characters",
    "string_too_long": "{place} has more than {max_length} characters",
    "string_type": "{place} is no text in quotes",
    "date_from_datetime_parsing": "{place} is no day such as 2027-01-01",
    "date_type": "{place} is no day such as 2027-01-01",
    "int_parsing": "{place} is no whole number",
    "int_type": "{place} is no whole number",
    "decimal_parsing": "{place} is no number",
    "union_tag_invalid": "the family {tag} is none of {expected_tags}",
}

CAUSES = (
    ENDS_TOO_EARLY,
    TREATMENT_ONCE,
    VALUES_MISSING,
    NUMBER_UNQUOTED,
    NEEDS_NO_RULE,
    EXCEPTION_ENDS_TOO_EARLY,
    NOT_CHANGED_HERE,
    PRIZES_IN_DISORDER,
    PLACES_IN_DISORDER,
    NEXT_LEVEL_TOO_LOW,
    RUNGS_MEET,
    RUNG_AND_NONE,
    EACH_USE_ONCE,
    LIMITED_CITES,
    WHOLE_YEAR,
    HOLIDAY_ENDS_TOO_EARLY,
    DAY_TWICE,
    DAY_OUTSIDE,
    WORKED_WEEKDAY,
    HOLDS_TOO_OFTEN,
    AGREEMENT_WITH_ITSELF,
    AGREEMENT_SUBJECT,
    AGREEMENT_TRANSFER,
    EXEMPTION_LOWERS,
    FACTOR_UNFIT,
    OCCUPATION_TWICE,
    STANDARD_UNNAMED,
    DIPLOMA_EMPTY,
    WORK_AFTER,
    WAY_EMPTY,
    WAY_TWICE,
    EXAMPLE_WORDS,
    WRONG_TABLE,
    NO_TABLE,
    _AT,
    _AND,
    _TOML_AT,
    _TOML_ENDS,
    _ENCODING,
    _TIME,
    _SYSTEM,
    _NO_RULES,
    _WRONG_FORM,
    *_BY_TYPE.values(),
)
"""Every cause, so that a test can see that each is translated."""

NO_RULES = Phrase(_NO_RULES)
_FAMILIES = [one.value for one in Family if one is not Family.AGREEMENT]
_TOML_PLACE = re.compile(r"at line (\d+), column (\d+)")


class UnfitValueError(ValueError):
    """A value that a rule cannot hold; it passes through the library with its cause."""

    def __init__(self, text: str, **facts: object) -> None:
        """Take a sentence of ``CAUSES`` and what fills it."""
        self.cause = Phrase(text, facts)
        super().__init__(str(self.cause))


def of_file(fault: OSError | ValueError | TypeError) -> Phrase:
    """Return why a file is no TOML that a rule can be read from."""
    match fault:
        case UnfitValueError():
            return fault.cause
        case OSError():
            return Phrase(_SYSTEM, {"code": errno.errorcode.get(fault.errno or 0, "?")})
        case UnicodeDecodeError():
            return Phrase(_ENCODING)
        case tomllib.TOMLDecodeError():
            found = _TOML_PLACE.search(str(fault))
            if found is None:
                return Phrase(_TOML_ENDS)
            return Phrase(_TOML_AT, {"line": found[1], "column": found[2]})
        case _:
            return Phrase(_TIME)


def of_example(fault: ValueError | KeyError | TypeError) -> Phrase:
    """Return why an example does not say what its family needs."""
    match fault:
        case UnfitValueError():
            return fault.cause
        case ValidationError():
            first = fault.errors(include_url=False, include_input=False)[0]
            return of_error(first, ".".join(str(part) for part in first["loc"]))
        case KeyError():
            return Phrase(_BY_TYPE["missing"], {"place": str(fault.args[0])})
        case _:
            return Phrase(_WRONG_FORM, {"place": "given"})


def of_rule(rule: str, faults: Sequence[Phrase]) -> Phrase:
    """Return all faults of a rule as one cause, so that a file is not tried fault by fault."""
    *before, whole = faults
    for one in reversed(before):
        whole = Phrase(_AND, {"one": one, "others": whole})
    return Phrase(_AT, {"place": rule, "cause": whole})


def of_error(error: Mapping[str, Any], place: str) -> Phrase:
    """Return what one error of the library means, at a place of a rule."""
    facts = dict(error.get("ctx", {}))
    unfit = facts.get("error")
    if isinstance(unfit, UnfitValueError):
        return Phrase(_AT, {"place": place, "cause": unfit.cause}) if place else unfit.cause
    if error["type"] == "union_tag_invalid":  # The library quotes its own way of writing words.
        facts["expected_tags"] = ", ".join(_FAMILIES)
    return Phrase(_BY_TYPE.get(error["type"], _WRONG_FORM), {**facts, "place": place})
