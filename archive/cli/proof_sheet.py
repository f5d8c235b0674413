"""How what a proof tells is shown to people."""

from archive.cli.voice import Voice
from schemas.link_proofs import OpeningView, ProvedLink


def show_proof(voice: Voice, proof: ProvedLink) -> None:
    """Print what is proved: the clear part in words, and what was opened."""
    clear = proof.clear
    voice.line()
    if proof.is_demo:
        voice.say("Demo data: this person does not exist.")
    if proof.is_development:
        voice.say("Signed with a development key: the proof proves nothing.")
    place = voice.sentence("link {sequence} of {links}", sequence=proof.sequence, links=proof.links)
    facts: list[tuple[str, str | None]] = [
        ("Archive number", proof.archive_number),
        ("Place in the chain", place),
        ("Issuer", voice.pick(proof.issuer)),
        ("Signed at", voice.moment(proof.made_at)),
        ("Organisation", voice.pick(proof.organisation)),
        ("Kind", voice.word("kind", clear.kind) if clear.kind else None),
        ("Cause", voice.word("cause", clear.cause) if clear.cause else None),
        ("Title", proof.title),
        ("Occupation", voice.pick(clear.occupation_name) if clear.occupation_name else None),
        ("Skill level", voice.word("rank", clear.rank) if clear.rank is not None else None),
        ("Class hours", str(clear.hours) if clear.hours is not None else None),
        ("Credits", str(clear.credits) if clear.credits is not None else None),
        ("Rule", clear.rule),
        ("Counts from", voice.day(clear.effective_on) if clear.effective_on else None),
        ("Recorded at", voice.moment(clear.recorded_at)),
    ]
    voice.facts([(name, value) for name, value in facts if value is not None])
    if proof.opened:
        _show_opened(voice, proof.opened)


def _show_opened(voice: Voice, opened: OpeningView) -> None:
    voice.line()
    voice.say("Opened:")
    told = opened.record.model_dump(mode="json", exclude_none=True) | opened.cells
    for name, value in told.items():
        voice.line(f"  {name}: {value}")
