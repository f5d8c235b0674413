"""How a trial of a draft is shown to people on the command line."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from archive.cli.voice import Voice
from schemas.what_if import (
    GroupTable,
    PersonChange,
    RecordChange,
    TrialAnswer,
    TrialEffect,
    VerdictView,
    WhatIfReport,
)

_HIDDEN = "*"
_NONE = "—"
_NUMBERS = (
    "Persons gaining",
    "Persons losing",
    "Credits gained",
    "Credits lost",
    "Difference",
)


def show_trial(voice: Voice, found: TrialAnswer) -> None:
    """Print what a draft would change, then for one person if that was asked."""
    report = found.report
    voice.say("Nothing was written. What would change if {file} were law:", file=report.file)
    voice.line()
    voice.facts(_facts(voice, report))
    voice.line()
    _show_effects(voice, report)
    for table in report.groups:
        voice.line()
        _show_group(voice, table)
    _show_remarks(voice, report)
    if found.person:
        voice.line()
        _show_person(voice, found.person)


def _facts(voice: Voice, report: WhatIfReport) -> Iterator[tuple[str, str]]:
    yield "Rules of the draft", ", ".join(report.rules)
    yield "Persons with records", str(report.persons)
    yield "Records judged", str(report.records)
    yield "Credits they earn now", voice.number(report.credits)
    yield "Forfeited by the cap now", _number(voice, report.cap_forfeits)
    yield "Forfeited under the draft", _number(voice, report.together.cap_forfeits)
    yield "Cannot be decided now", str(report.records_undecided)
    yield "Cannot be decided under the draft", str(report.together.records_undecided)
    yield "Levels and ages as of", voice.day(report.on)


def _show_effects(voice: Voice, report: WhatIfReport) -> None:
    rows = [(voice.sentence("Whole draft"), *_effect(voice, report.together))]
    for one in report.alone if len(report.alone) > 1 else ():
        told = _effect(voice, one.effect) if one.effect else (_NONE,) * len(_NUMBERS)
        rows.append((one.rule, *told))
    voice.table(("Change", *_NUMBERS), rows, right=_NUMBERS)
    if any(one.effect is None for one in report.alone):
        voice.say("— cannot stand without the other changes of the draft.")


def _show_group(voice: Voice, table: GroupTable) -> None:
    voice.table(
        (f"grouping.{table.by}", "Persons", *_NUMBERS),
        [
            (
                voice.pick(line.label),
                _count(line.persons),
                _count(line.gaining),
                _count(line.losing),
                _number(voice, line.credits_gained),
                _number(voice, line.credits_lost),
                _number(voice, line.difference),
            )
            for line in table.lines
        ],
        right=("Persons", *_NUMBERS),
    )


def _show_remarks(voice: Voice, report: WhatIfReport) -> None:
    voice.line()
    voice.say("* is hidden: fewer than five persons stand behind it or could be computed from it.")
    voice.say("Counted is what records earn, before credits expire, are held or are used.")
    for family in report.not_counted:
        voice.say(
            "Rules of “{family}” do not change what records earn; what else they do is not tried.",
            family=voice.word("family", family),
        )
    if report.course_names_kept:
        voice.say(
            "Another way to compare course names works for later records only; it is not tried."
        )


def _show_person(voice: Voice, person: PersonChange) -> None:
    voice.facts(
        [
            ("Archive number", person.archive_number),
            ("Difference", _signed(voice, person.difference)),
        ]
    )
    if not person.records:
        voice.say("Nothing would change for this person.")
    for one in person.records:
        voice.line()
        _show_record(voice, one)


def _show_record(voice: Voice, one: RecordChange) -> None:
    kind, title = voice.word("kind", one.kind), one.title or _NONE
    voice.line(f"{voice.day(one.effective_on)}  {kind}  {title}  {one.record_id}")
    for name, verdict in (("Before", one.before), ("After", one.after)):
        voice.facts([(name, _verdict(voice, verdict))])
        for step in verdict.steps:
            voice.line(f"    {voice.pick(step)}")


def _verdict(voice: Voice, verdict: VerdictView) -> str:
    told = (voice.number(verdict.credits), voice.pick(verdict.reason), verdict.rule or _NONE)
    return " · ".join(told)


def _effect(voice: Voice, effect: TrialEffect) -> Sequence[str]:
    return (
        _count(effect.persons_gaining),
        _count(effect.persons_losing),
        _number(voice, effect.credits_gained),
        _number(voice, effect.credits_lost),
        _number(voice, effect.difference),
    )


def _count(count: int | None) -> str:
    return _HIDDEN if count is None else str(count)


def _number(voice: Voice, credits_: Decimal | None) -> str:
    return _HIDDEN if credits_ is None else voice.number(credits_)


def _signed(voice: Voice, credits_: Decimal) -> str:
    return f"+{voice.number(credits_)}" if credits_ > 0 else voice.number(credits_)
