"""How differences of rules, and the explanation of an entry, are shown to people."""

import re
from collections.abc import Iterator, Sequence

from archive.bureau.rule_references import PUBLISHED
from archive.cli.voice import Voice
from schemas.rules import (
    EntryExplanation,
    PromotionView,
    RuleChange,
    RuleDifference,
    RulesCompared,
)

_NONE = "—"
_EXAMPLE = re.compile(r"example\.(.+)\.(?:name|(?:given|expect)\.[^.]+)")


def show_differences(voice: Voice, found: RulesCompared) -> None:
    """Print each rule that differs, and what it says before and after."""
    if found.second == PUBLISHED:
        voice.say("What {file} would change in what is published:", file=found.first)
    else:
        voice.say("From {first} to {second}:", first=found.first, second=found.second)
    if not found.differences:
        voice.say("They say the same.")
    for one in found.differences:
        voice.line()
        _show_difference(voice, one)


def show_explanation(voice: Voice, found: EntryExplanation) -> None:
    """Print what an entry says, then rule and arithmetic, in words."""
    voice.facts(_facts(voice, found))
    if found.steps:
        voice.line()
        voice.say("The arithmetic:")
        for at, step in enumerate(found.steps, start=1):
            voice.line(f"{at}. {voice.pick(step)}")
    voice.line()
    if found.comes_out_again:
        voice.say("Evaluated once more, it gives the same credits.")
    else:
        voice.say("Evaluated once more, it does not give the same credits: tell the operator.")
    if found.promotion:
        voice.line()
        _show_promotion(voice, found.promotion)


def _show_difference(voice: Voice, one: RuleDifference) -> None:
    voice.say(
        "{family}: {before} → {after}",
        family=voice.word("family", one.family),
        before=one.before or _NONE,
        after=one.after or _NONE,
    )
    whole = _whole_examples(one.changes)
    voice.table(
        ("Value", "Before", "After"),
        [
            (change.field, change.before or _NONE, change.after or _NONE)
            for change in one.changes
            if _example(change) not in whole
        ],
    )
    for name, is_new in whole.items():
        if is_new:
            voice.say("New example: {name}", name=name)
        else:
            voice.say("Example that goes: {name}", name=name)


def _whole_examples(changes: Sequence[RuleChange]) -> dict[str, bool]:
    """Return the examples that come (true) or go as a whole: their values would only be noise."""
    told: dict[str, list[RuleChange]] = {}
    for change in changes:
        name = _example(change)
        if name is not None:
            told.setdefault(name, []).append(change)
    new = {name for name, parts in told.items() if all(one.before is None for one in parts)}
    gone = {name for name, parts in told.items() if all(one.after is None for one in parts)}
    return {name: name in new for name in told if name in new | gone}


def _example(change: RuleChange) -> str | None:
    found = _EXAMPLE.match(change.field)
    return found[1] if found else None


def _facts(voice: Voice, found: EntryExplanation) -> Iterator[tuple[str, str]]:
    yield "Entry", str(found.entry_id)
    yield "Archive number", found.archive_number
    yield "Title", found.title or _NONE
    yield "Effective", voice.day(found.effective_on)
    yield "Recorded", voice.moment(found.recorded_at)
    yield "Cause", voice.word("cause", found.cause)
    yield "Credits", voice.number(found.credits)
    yield "In all", voice.number(found.evaluated_credits)
    yield "Decision", voice.word("decision", found.decision)
    yield "Why", voice.pick(found.reason)
    yield "Rule", f"{voice.pick(found.rule_title)} ({found.rule})" if found.rule else _NONE
    if found.version:
        yield "Version", found.version
    if found.clause:
        yield "Clause", voice.pick(found.clause)
    if found.exception:
        yield "Exception", f"{voice.pick(found.exception.title)} ({found.exception.id})"
        yield "Its source", found.exception.source
    if found.source:
        yield "Source", found.source


def _show_promotion(voice: Voice, found: PromotionView) -> None:
    pairs = [("Promotion", voice.pick(found.reason))]
    if found.rank_name:
        pairs.append(("Level", voice.pick(found.rank_name)))
    if found.needs_conditions:
        pairs.append(("Besides", voice.sentence("the conditions of that level have to be met")))
    if found.source:
        pairs.append(("Source", found.source))
    voice.facts(pairs)
