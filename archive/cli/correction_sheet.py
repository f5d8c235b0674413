"""How requests for correction and addition are shown to people."""

from archive.cli.voice import Voice
from schemas.corrections import CorrectionList, CorrectionView


def show_correction(voice: Voice, view: CorrectionView) -> None:
    """Print one request, and what was said in it."""
    voice.facts(
        [
            ("Request", str(view.case_id)),
            ("Kind", voice.word("correction_kind", view.kind)),
            ("Archive number", view.archive_number),
            ("Title", view.title or "—"),
            ("Record", str(view.record_id or "—")),
            ("Organisation", f"{voice.pick(view.organisation.name)} ({view.organisation.code})"),
            ("State", voice.word("correction_state", view.state)),
            ("Last day", voice.day(view.due_on)),
        ]
    )
    voice.line()
    voice.table(
        ("Day", "What happened", "Text"),
        [
            (
                voice.day(step.effective_on),
                voice.word("correction_act", step.act),
                " → ".join(one for one in (step.told.text, step.told.right) if one)
                if step.told
                else "",
            )
            for step in view.steps
        ],
    )


def show_corrections(voice: Voice, found: CorrectionList) -> None:
    """Print requests, a row each."""
    if not found.requests:
        voice.say("No requests.")
        return
    voice.table(
        ("Request", "Kind", "Archive number", "Organisation", "Asked", "State", "Last day"),
        [
            (
                str(one.case_id),
                voice.word("correction_kind", one.kind),
                one.archive_number,
                one.organisation.code,
                voice.day(one.opened_on),
                voice.word("correction_state", one.state),
                voice.day(one.due_on),
            )
            for one in found.requests
        ],
    )
