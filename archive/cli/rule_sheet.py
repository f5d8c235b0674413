"""How differences of rules, and the explanation of an entry, are shown to people."""

from collections.abc import Iterator

from archive.cli.voice import Voice
from schemas.rules import EntryExplanation, PromotionView, RuleDifference, RulesCompared

_NONE = "—"


def show_differences(voice: Voice, found: RulesCompared) -> None:
    """Print each rule that differs, and what it says before and after."""
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
    voice.table(
        ("Value", "Before", "After"),
        [(change.field, change.before or _NONE, change.after or _NONE) for change in one.changes],
    )


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
