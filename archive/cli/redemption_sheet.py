"""How offers, previews, applications and the next step are shown to people."""

from collections.abc import Sequence
from datetime import date

from archive.cli.voice import Voice
from schemas.redemptions import (
    LotLine,
    LoweredView,
    NextStep,
    OfferList,
    OfferPublished,
    Preview,
    RedemptionList,
    RedemptionView,
)


def show_offers(voice: Voice, found: OfferList) -> None:
    """Print what is offered on a day."""
    if not found.offers and not found.courses:
        voice.say("Nothing is offered on this day.")
        return
    voice.table(
        ("Offer", "Use", "Title", "Organisation", "Credits", "Occupation"),
        [
            (
                f"{one.organisation.code}:{one.code}",
                voice.word("use", one.use),
                voice.pick(one.title),
                voice.pick(one.organisation.name),
                voice.number(one.credits) if one.consumes else voice.sentence("only cited"),
                voice.pick(one.occupation_name),
            )
            for one in found.offers
        ],
        right=("Credits",),
    )
    voice.line()
    voice.table(
        ("Course code", "Title", "Organisation", "Class hours", "Fee (yuan)", "Occupation"),
        [
            (
                f"{one.organisation.code}:{one.code}",
                voice.pick(one.title),
                voice.pick(one.organisation.name),
                voice.number(one.hours),
                yuan(one.fee_fen),
                voice.pick(one.occupation_name),
            )
            for one in found.courses
        ],
        right=("Class hours", "Fee (yuan)"),
    )


def show_published(voice: Voice, done: OfferPublished) -> None:
    """Print what was published."""
    voice.say("Published: {made}", made=done.code)
    if done.replaces:
        voice.say("It replaces what was offered under this code.")


def show_ended(voice: Voice, done: OfferPublished, last_day: date) -> None:
    """Print until when something is offered."""
    voice.say("{made} is offered until {day}.", made=done.code, day=voice.day(last_day))


def show_preview(voice: Voice, view: Preview) -> None:
    """Print which lots would be used and why, or what is missing."""
    voice.facts(
        [
            ("Archive number", view.archive_number),
            ("Offer", voice.pick(view.offer.title)),
            ("Organisation", voice.pick(view.offer.organisation.name)),
            ("Use", voice.word("use", view.offer.use)),
            *([("Credits asked for", voice.number(view.asked))] if view.offer.consumes else []),
            *([("Credits needed of you", voice.number(view.needed))] if view.lowered else []),
            ("Rule", view.rule or "—"),
        ]
    )
    voice.line()
    for problem in view.problems:
        voice.line(f"✗ {voice.pick(problem)}")
    _show_lowered(voice, view.lowered)
    _show_lots(voice, view.lines)
    for proof in view.cites:
        voice.line(f"· {proof.title} {proof.record_id}")
    if view.is_possible:
        voice.say("This can be applied for.")
    else:
        voice.say("This cannot be applied for yet: see what is marked with ✗.")


def show_application(voice: Voice, view: RedemptionView) -> None:
    """Print one application and what happened to it."""
    voice.facts(
        [
            ("Application", str(view.id)),
            ("Archive number", view.archive_number),
            ("Offer", voice.pick(view.offer.title if view.offer else None)),
            ("Organisation", voice.pick(view.offer.organisation.name if view.offer else None)),
            ("State", voice.word("redemption_state", view.state)),
            ("Credits", voice.number(view.credits)),
        ]
    )
    _show_lowered(voice, view.lowered)
    for lot in view.lots:
        voice.line(f"· {voice.number(lot.credits)}  {lot.title}  {voice.pick(lot.provider)}")
    for proof in view.cites:
        voice.line(f"· {proof.title}")
    for event in view.events:
        told = [voice.day(event.effective_on), voice.word("redemption_state", event.act)]
        voice.line("  ".join([*told, *([event.note] if event.note else [])]))


def show_applications(voice: Voice, found: RedemptionList) -> None:
    """Print applications, those that wait first."""
    if not found.redemptions:
        voice.say("No applications.")
        return
    voice.table(
        ("Application", "Archive number", "Offer", "Credits", "Opened", "Days waiting", "State"),
        [
            (
                str(one.id),
                one.archive_number,
                voice.pick(one.offer.title if one.offer else None),
                voice.number(one.credits),
                voice.day(one.opened_on),
                "—" if one.waits_days is None else str(one.waits_days),
                voice.word("redemption_state", one.state),
            )
            for one in found.redemptions
        ],
        right=("Credits", "Days waiting"),
    )


def show_next_step(voice: Voice, view: NextStep) -> None:
    """Print the cheapest courses, what each would earn and why, or why none is enough."""
    for sentence in view.says:
        voice.line(voice.pick(sentence))
    if view.courses:
        voice.line()
        voice.table(
            ("Course code", "Title", "Organisation", "Class hours", "Fee (yuan)", "Credits"),
            [
                (
                    f"{one.course.organisation.code}:{one.course.code}",
                    voice.pick(one.course.title),
                    voice.pick(one.course.organisation.name),
                    voice.number(one.course.hours),
                    yuan(one.course.fee_fen),
                    voice.number(one.credits),
                )
                for one in view.courses
            ],
            right=("Class hours", "Fee (yuan)", "Credits"),
        )
        voice.facts([("Class hours", voice.number(view.hours)), ("Fee (yuan)", yuan(view.fee_fen))])
    for one in view.courses:
        for step in one.why:
            voice.line(f"  {one.course.code}: {voice.pick(step)}")
    if view.preview:
        voice.line()
        _show_lots(voice, view.preview)
    for one in view.useless:
        reason = voice.word("reason", one.reason)
        voice.line(f"– {voice.pick(one.course.title)}: {reason}")


def _show_lowered(voice: Voice, lines: Sequence[LoweredView]) -> None:
    for one in lines:
        told = f"− {voice.number(one.credits)}  {one.title}  {one.agreement} {one.version[:12]}"
        voice.line(told)
        voice.line(f"  {voice.pick(one.clause)} {one.source}")


def yuan(fen: int | None) -> str:
    """Return a fee in yuan; a dash where nobody told it."""
    return "—" if fen is None else f"{fen / 100:.2f}"


def _show_lots(voice: Voice, lines: Sequence[LotLine]) -> None:
    if lines:
        voice.table(
            ("Learning outcome", "Provider", "Available", "Would be used", "Until", "Why"),
            [
                (
                    one.title,
                    voice.pick(one.provider),
                    voice.number(one.available),
                    voice.number(one.taken),
                    voice.day(one.last_day),
                    voice.pick(one.reason),
                )
                for one in lines
            ],
            right=("Available", "Would be used"),
        )
