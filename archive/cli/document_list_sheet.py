"""How documents for many are shown to people."""

from archive.cli.voice import Voice
from schemas.documents import BatchLines, BatchList, BatchView
from schemas.vocabulary import DocumentState, RunState


def show_list(voice: Voice, view: BatchView) -> None:
    """Print how far a list is, what it waits for, and the first that were refused."""
    voice.facts(
        [
            ("Number", str(view.id)),
            ("Organisation", view.organisation),
            ("State", _state(voice, view.state)),
            ("Documents", f"{view.ready} / {view.total}"),
            ("Not issued", str(view.failed)),
            ("Kept until", voice.moment(view.kept_until)),
        ]
    )
    if view.waits_for and view.waits_because:
        voice.say("It waits: {reason}", reason=voice.pick(view.waits_because) or view.waits_for)
    for one in view.faults:
        whose = one.reference if one.reference is not None else one.archive_number
        voice.say("{whose}: {reason}", whose=whose, reason=voice.pick(one.reason) or one.code)


def show_lists(voice: Voice, found: BatchList) -> None:
    """Print lists, a row each."""
    if not found.lists:
        voice.say("Nothing was asked for in the last days.")
        return
    voice.table(
        ("Number", "Organisation", "State", "Documents", "Not issued", "Asked at"),
        [
            (
                str(one.id),
                one.organisation,
                _state(voice, one.state),
                f"{one.ready} / {one.total}",
                str(one.failed),
                voice.moment(one.asked_at),
            )
            for one in found.lists
        ],
    )


def show_lines(voice: Voice, found: BatchLines) -> None:
    """Print the lines of a list, a row each."""
    voice.table(
        (
            "No.",
            "Your reference of the request",
            "Archive number",
            "Name",
            "State",
            "Document identifier",
            "Reason",
        ),
        [
            (
                str(one.position),
                one.reference or "",
                one.archive_number,
                one.name_masked,
                voice.word("document_state", one.state),
                str(one.document or ""),
                (voice.pick(one.reason) or one.code or "") if one.reason else "",
            )
            for one in found.lines
        ],
    )


def _state(voice: Voice, state: RunState) -> str:
    """Return how a list stands, in the words of its page: documents are made, not written."""
    match state:
        case RunState.WAITING:
            return voice.sentence("Waits for its turn")
        case RunState.RUNNING:
            return voice.word("document_state", DocumentState.MAKING)
        case RunState.DONE:
            return voice.sentence("Finished")
        case RunState.CANCELLED:
            return voice.sentence("Stopped")
        case RunState.REFUSED | RunState.UNDOING | RunState.UNDONE:
            return voice.word("run_state", state)
