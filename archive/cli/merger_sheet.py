"""How mergers of dossiers are shown to people."""

from archive.cli.voice import Voice
from schemas.mergers import MergerList, MergerPreview, MergerProposed, PersonSide
from schemas.vocabulary import Account

_TOLD = (Account.AVAILABLE, Account.HELD, Account.REDEEMED, Account.EXPIRED, Account.OWED)


def show_preview(voice: Voice, view: MergerPreview) -> None:
    """Print both dossiers, then what becomes of each record."""
    voice.table(
        ("", "Closes", "Goes on"),
        [
            (voice.sentence(label), one, other)
            for label, one, other in zip(
                ("Archive number", "Name", "Document", "Number", "Records"),
                _side(voice, view.closing),
                _side(voice, view.survivor),
                strict=True,
            )
        ],
    )
    voice.say("The names agree." if view.is_same_name else "The names differ.")
    if view.is_same_birth is not None:
        voice.say("The days of birth agree." if view.is_same_birth else "The days of birth differ.")
    voice.table(
        ("Record", "From", "Before", "After", "Why"),
        [
            (
                one.title,
                voice.sentence(_origin(is_carried=one.is_carried, is_double=one.is_double)),
                str(one.before),
                str(one.after),
                voice.word("reason", one.reason) if one.reason else "—",
            )
            for one in view.records
        ],
    )
    voice.say("Uses of credits that are carried: {count}", count=view.uses)
    voice.facts([(voice.word("account", one), str(view.balances[one])) for one in _TOLD])


def show_mergers(voice: Voice, found: MergerList) -> None:
    """Print mergers, newest first."""
    if not found.mergers:
        voice.say("No mergers.")
        return
    voice.table(
        ("Proposal", "Closes", "Goes on", "Proposed by", "Proposed", "State"),
        [
            (
                str(one.id),
                one.closing_number,
                one.into_number,
                one.proposed_by,
                voice.moment(one.proposed_at),
                _state(voice, one),
            )
            for one in found.mergers
        ],
    )


def show_merger(voice: Voice, view: MergerProposed) -> None:
    """Print one merger."""
    voice.facts(
        [
            ("Proposal", str(view.id)),
            ("Closes", view.closing_number),
            ("Goes on", view.into_number),
            ("Reason", view.reason or "—"),
            ("Scan (SHA-256)", view.evidence),
            ("Proposed by", view.proposed_by),
            ("State", _state(voice, view)),
        ]
    )


def _side(voice: Voice, side: PersonSide) -> tuple[str, ...]:
    return (
        side.archive_number,
        "、".join((side.name_masked, *side.former_names_masked)),
        voice.word("document_type", side.document_type),
        side.document_number_masked,
        str(side.records),
    )


def _origin(*, is_carried: bool, is_double: bool) -> str:
    if is_double:
        return "in both: counts once"
    return "carried" if is_carried else "on file already"


def _state(voice: Voice, view: MergerProposed) -> str:
    if view.is_approved is None:
        return voice.sentence("open")
    if view.is_approved:
        return voice.sentence("approved by {account}", account=view.answered_by)
    return voice.sentence("declined by {account}", account=view.answered_by)
