"""How pairs of courses and suspended organisations are shown to people."""

from archive.cli.voice import Voice
from schemas.reviews import PairList, PairView
from schemas.suspensions import SuspensionList


def show_pairs(voice: Voice, found: PairList) -> None:
    """Print pairs, a row each."""
    if not found.pairs:
        voice.say("No pairs.")
        return
    voice.table(
        ("Archive number", "Later record", "Earlier record", "Organisations", "Found"),
        [
            (
                one.archive_number,
                f"{voice.day(one.later_on)}\n{one.later_id}",
                f"{voice.day(one.earlier_on)}\n{one.earlier_id}",
                f"{one.later_by.code} / {one.earlier_by.code}",
                voice.word("pair_verdict", one.verdict) if one.verdict else "—",
            )
            for one in found.pairs
        ],
    )


def show_pair(voice: Voice, view: PairView) -> None:
    """Print what was found of one pair."""
    voice.facts(
        [
            ("Archive number", view.archive_number),
            ("Later record", f"{view.later.title} · {view.later.id}"),
            ("Earlier record", f"{view.earlier.title} · {view.earlier.id}"),
            ("Found", voice.word("pair_verdict", view.verdict) if view.verdict else "—"),
            ("Reason", view.reason or "—"),
        ]
    )


def show_suspensions(voice: Voice, found: SuspensionList) -> None:
    """Print decisions on organisations, a row each."""
    if not found.suspensions:
        voice.say("No organisation is or was suspended.")
        return
    voice.table(
        ("Suspension", "Organisation", "Records of the days", "State", "Last day"),
        [
            (
                str(one.case_id),
                one.organisation.code,
                f"{voice.day(one.begins_on)} – {voice.day(one.ends_on)}",
                voice.word("issuer_act", one.state),
                voice.day(one.due_on),
            )
            for one in found.suspensions
        ],
    )
