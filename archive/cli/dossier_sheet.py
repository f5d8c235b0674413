"""How a dossier is shown to people."""

from archive.cli.balance_sheet import show_balances
from archive.cli.issuer_sheet import tell_note
from archive.cli.record_sheet import credits_told
from archive.cli.voice import Voice
from schemas.dossiers import DossierView, RecordView


def show_dossier(voice: Voice, view: DossierView) -> None:
    """Print whose dossier it is, levels, credits, and the records, newest first."""
    if view.is_demo:
        voice.say("Demo data: this person does not exist.")
    number = f"{voice.word('document_type', view.document_type)} {view.document_number_masked}"
    voice.facts(
        [
            ("Archive number", view.archive_number),
            ("Name", view.name),
            *([("Former names", "、".join(view.former_names))] if view.former_names else []),
            ("Document", number),
        ]
    )
    _show_levels(voice, view)
    voice.line()
    show_balances(voice, view.balances)
    voice.line()
    if not view.records:
        voice.say("No records yet.")
        return
    voice.table(
        ("Day", "Kind", "Title and record", "Organisation", "Credits"),
        [_record_row(voice, record) for record in view.records],
        right=("Credits",),
    )


def _show_levels(voice: Voice, view: DossierView) -> None:
    voice.line()
    if not view.levels:
        voice.say("No skill level yet.")
        return
    voice.table(
        ("Skill level", "Occupation", "Held since"),
        [
            (
                voice.pick(level.rank_name),
                voice.pick(level.occupation_name),
                voice.day(level.held_since),
            )
            for level in view.levels
        ],
    )
    for level in view.levels:
        tell_note(voice, level.issuer_note, of=voice.pick(level.occupation_name))
    if view.entitlement:
        voice.line(voice.pick(view.entitlement.sentence))


def _record_row(voice: Voice, record: RecordView) -> tuple[str, str, str, str, str]:
    return (
        voice.day(record.effective_on),
        voice.word("kind", record.record.kind),
        f"{record.title}\n{record.id}",
        voice.pick(record.organisation.name),
        credits_told(voice, record),
    )
