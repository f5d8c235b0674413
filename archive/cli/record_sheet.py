"""How a record, and what it earned, is shown to people."""

import json

from archive.cli.issuer_sheet import tell_note
from archive.cli.voice import Voice
from schemas.dossiers import CreditView, RecordView
from schemas.outputs import RecordShown
from schemas.vocabulary import Decision

_NOT_TAKEN = {"kind", "lacks_attendance"}
"""What nobody corrects: it follows from what else is told."""


def show_record(voice: Voice, shown: RecordShown) -> None:
    """Print one record: what it says, what it earned and why, its history."""
    view = shown.record
    voice.facts(
        [
            ("Archive number", shown.archive_number),
            ("Record", str(view.id)),
            ("Kind", voice.word("kind", view.record.kind)),
            ("Title", view.title),
            ("Organisation", f"{voice.pick(view.organisation.name)} ({view.organisation.code})"),
            ("Occupation", voice.pick(view.occupation_name)),
            ("Day", voice.day(view.effective_on)),
            ("Recorded", voice.moment(view.recorded_at)),
        ]
    )
    if view.is_withdrawn:
        voice.say("This record was withdrawn.")
    tell_note(voice, view.issuer_note, of=view.title)
    _show_fields(voice, view)
    if view.credit:
        _show_credit(voice, view.credit)
    _show_history(voice, view)


def credits_told(voice: Voice, view: RecordView) -> str:
    """Return what a record earned in a few words: a number, or why there is none."""
    if view.is_withdrawn or view.credit is None:
        return voice.word("act", "withdraw")
    if view.credit.decision is Decision.UNDECIDED:
        return voice.word("decision", view.credit.decision)
    return voice.number(view.credit.credits)


def _show_fields(voice: Voice, view: RecordView) -> None:
    voice.line()
    voice.say("Fields, as “record correct” takes them:")
    fields = view.record.model_dump(mode="json", exclude_none=True, exclude=_NOT_TAKEN)
    voice.table(("Field", "Value"), [(name, _as_json(value)) for name, value in fields.items()])


def _as_json(value: object) -> str:
    """Return a value as a file of changes would hold it; text stays bare."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _show_credit(voice: Voice, credit: CreditView) -> None:
    voice.line()
    voice.facts(
        [
            ("Credits", voice.number(credit.credits)),
            ("Decision", voice.word("decision", credit.decision)),
            ("Why", voice.word("reason", credit.reason)),
            ("Expired", voice.number(credit.expired)),
        ]
    )
    if credit.trace is None:
        return
    for step in credit.trace.steps:
        voice.line("  " + voice.sentence(step.text, **step.facts))
    if credit.trace.rule:
        voice.facts([("Rule", credit.trace.rule), ("Source", credit.trace.source or "")])


def _show_history(voice: Voice, view: RecordView) -> None:
    voice.line()
    voice.table(
        ("Recorded", "Act", "Reason", "Version"),
        [
            (
                voice.moment(version.recorded_at),
                voice.word("act", version.act),
                version.reason or "",
                str(version.id),
            )
            for version in view.versions
        ],
    )
