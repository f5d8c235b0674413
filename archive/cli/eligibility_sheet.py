"""How the levels that can be applied for are shown to people."""

from archive.cli.voice import Voice
from schemas.applications import EligibilityView, GenerationView, LevelAsked, WayView
from schemas.contracts import Bilingual
from schemas.vocabulary import Fulfilment

_MARKS = {Fulfilment.HOLDS: "✓", Fulfilment.FAILS: "✗", Fulfilment.UNDECIDED: "?"}
_NO_AWARD = "This tells what may be applied for. Whoever assesses decides; nothing is awarded here."


def show_levels(voice: Voice, view: EligibilityView) -> None:
    """Print each level in one line: whether it can be applied for, and from when on."""
    _show_head(voice, view)
    voice.table(
        ("Skill level", "Conditions", "Held since", "Holds from", "Way that holds"),
        [
            (
                voice.pick(level.rank_name),
                voice.word("fulfilment", level.state),
                voice.day(level.held_since),
                voice.day(level.holds_from),
                "、".join(voice.pick(one) for one in _names_of_held(level)) or "—",
            )
            for level in view.levels
        ],
    )
    voice.line()
    voice.say(_NO_AWARD)


def show_level(voice: Voice, view: EligibilityView, level: LevelAsked) -> None:
    """Print every generation's ways to one level, with what holds and what is missing."""
    _show_head(voice, view)
    voice.facts(
        [
            ("Skill level", voice.pick(level.rank_name)),
            ("Conditions", voice.word("fulfilment", level.state)),
            *([("Held since", voice.day(level.held_since))] if level.held_since else []),
            *([("Holds from", voice.day(level.holds_from))] if level.holds_from else []),
        ]
    )
    if level.exists is False:
        voice.say("By its standard the occupation has no such level.")
    for generation in level.generations:
        _show_generation(voice, generation)
    voice.line()
    voice.say(_NO_AWARD)


def _show_head(voice: Voice, view: EligibilityView) -> None:
    voice.facts(
        [
            ("Archive number", view.archive_number),
            ("Occupation", voice.pick(view.occupation_name)),
            ("Day", voice.day(view.on)),
            ("What binds", voice.pick(view.basis.why)),
            ("Rule", view.basis.rule or "—"),
        ]
    )
    voice.line()


def _show_generation(voice: Voice, generation: GenerationView) -> None:
    voice.line()
    binding = f" · {voice.sentence('binding')}" if generation.is_binding else ""
    state = voice.word("fulfilment", generation.state)
    voice.line(f"== {voice.pick(generation.title)}{binding} · {state} ==")
    if not generation.ways:
        voice.say("No conditions for this level.")
    for way in generation.ways:
        _show_way(voice, way)


def _show_way(voice: Voice, way: WayView) -> None:
    voice.line(f"{_MARKS[way.state]} {voice.pick(way.name)}: {voice.pick(way.clause)}")
    for one in way.requirements:
        told = f"    {_MARKS[one.state]} {voice.pick(one.wanted)} — {voice.pick(one.found)}"
        voice.line(told)
        if one.doubt and one.doubt != one.found:
            voice.line(f"        {voice.pick(one.doubt)}")
        for proof in one.proofs:
            voice.line(f"        {proof.title} {proof.record_id}")


def _names_of_held(level: LevelAsked) -> list[Bilingual]:
    return [
        way.name
        for generation in level.generations
        if generation.is_binding
        for way in generation.ways
        if way.state is Fulfilment.HOLDS
    ]
