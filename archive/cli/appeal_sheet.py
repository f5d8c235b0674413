"""How appeals are shown to people."""

from archive.cli.voice import Voice
from schemas.appeals import AppealList, AppealView


def show_appeal(voice: Voice, view: AppealView) -> None:
    """Print one appeal, and what was said in it."""
    voice.facts(
        [
            ("Appeal", str(view.case_id)),
            ("Archive number", view.archive_number),
            ("Title", view.title or "—"),
            ("Record", str(view.record_id)),
            ("Entry", str(view.entry_id)),
            ("Organisation", f"{voice.pick(view.organisation.name)} ({view.organisation.code})"),
            ("State", voice.word("appeal_state", view.state)),
            ("Last day", voice.day(view.due_on)),
        ]
    )
    voice.line()
    voice.table(
        ("Day", "Step", "Text"),
        [
            (voice.day(step.effective_on), voice.word("case_act", step.act), step.text or "")
            for step in view.steps
        ],
    )


def show_appeals(voice: Voice, found: AppealList) -> None:
    """Print appeals, a row each."""
    if not found.appeals:
        voice.say("No appeals.")
        return
    voice.table(
        ("Appeal", "Archive number", "Title", "Organisation", "Filed", "State", "Last day"),
        [
            (
                str(one.case_id),
                one.archive_number,
                one.title or "—",
                one.organisation.code,
                voice.day(one.opened_on),
                voice.word("appeal_state", one.state),
                voice.day(one.due_on),
            )
            for one in found.appeals
        ],
    )
