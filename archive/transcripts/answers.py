"""The answers that checks give: their sentences, and how they add up to one verdict.

The sentences are message ids; their Chinese stands in the catalogue of transcripts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Final

from archive.texts import both
from schemas.reports import Check
from schemas.vocabulary import CheckState, Verdict

TITLES: Final = {
    "file": "The file is a PDF that can be read",
    "structure": "It is made as this archive makes documents",
    "signature": "The signature is intact",
    "coverage": "The signature covers the whole file",
    "trust": "The signer is one whom this archive trusts",
    "revocation": "The signer's key was not revoked when it signed",
    "timestamp": "The time of signing is proven",
    "content": "The data are those of this signer's document",
    "text": "The pages say what the data say",
    "register": "The register of issued documents knows it",
    "status": "It still holds: in its validity, nothing corrected or withdrawn",
    "records": "Its records stand unchanged in the dossier",
}
"""Every check of a document in the order of its number."""

PROOF_TITLES: Final = {
    "file": "The file is a proof that can be read",
    "structure": "It is made as this archive makes proofs",
    **{name: TITLES[name] for name in ("signature", "coverage", "trust", "revocation")},
    "timestamp": TITLES["timestamp"],
    "content": "The statement is this signer's, and about what the file holds",
    "path": "What it tells lies under the root that was signed",
    "opening": "What was opened is what the chain committed to",
    "register": "The archive still holds the same chain",
    "status": "It still holds: nothing corrected, withdrawn or put in its place",
}
"""Every check of a proof in the order of its number."""

OF_PROOFS_ALONE: Final = "path"
"""The code of a check that is made of proofs, and of no document."""

NOT_REACHED: Final = "Not checked: an earlier check did not pass."

MESSAGES: Final = {
    "genuine": "Genuine: issued by this archive, unchanged, and valid today.",
    "proved": (
        "Genuine: signed by this archive, and it stands in the archive today as it was signed."
    ),
    "issued": (
        "A document with this code was issued and is valid today. Compare what you hold with "
        "what stands here, or upload the file: only then is its content checked."
    ),
    "genuine_report": (
        "Genuine: this report was issued by this archive and is unchanged. It tells what was found "
        "at its time; read there what that was, and verify the document itself again."
    ),
    "issued_report": (
        "A verification report with this code was issued. Compare what you hold with what stands "
        "here, or upload the file: only then is its content checked."
    ),
    "too_old": (
        "Genuine, but past its validity. Ask the holder for a new one; "
        "the certificates listed in it have dates of their own."
    ),
    "records_changed": (
        "Genuine, but records in it were corrected or withdrawn after its issue. "
        "Ask the holder for a new one."
    ),
    "consent_taken_back": (
        "Genuine, but its holder has taken back the consent by which it was made, so it holds no "
        "more. Ask the holder."
    ),
    "superseded": (
        "Genuine, but what it proves was corrected, withdrawn or replaced since. "
        "Ask the holder for a new proof."
    ),
    "path_broken": (
        "What the file tells is not what was signed. Do not rely on it, and tell the issuing body."
    ),
    "opening_differs": (
        "What the file tells as opened is not what the archive sealed. "
        "Do not rely on it, and tell the issuing body."
    ),
    "damaged": "The file claims to be from this archive but is damaged. Do not rely on it.",
    "not_signed": "The file claims to be from this archive but is not signed. Do not rely on it.",
    "broken_signature": "The file was changed after it was signed. Do not rely on it.",
    "changed_after_signing": (
        "Something was added to the file after it was signed. Do not rely on it."
    ),
    "forged_trust": (
        "The file claims to be from this archive but was signed by someone else. "
        "Do not rely on it, and tell the issuing body."
    ),
    "page_differs": (
        "The pages say other than the data that were signed with them. "
        "Do not rely on it, and tell the issuing body."
    ),
    "foreign_structure": (
        "The file claims to be from this archive but is not signed in the way of this archive. "
        "Do not rely on it."
    ),
    "signer_revoked": (
        "The file was signed with a key that had been revoked. "
        "Do not rely on it, and tell the issuing body."
    ),
    "stamp_broken": "A time stamp of the file does not belong to it. Do not rely on it.",
    "stamp_forged": (
        "A time stamp of the file was made by someone who is not trusted. "
        "Do not rely on it, and tell the issuing body."
    ),
    "stamp_order": "The times in the file contradict one another. Do not rely on it.",
    "foreign_content": "The data in the file are not those of its signer. Do not rely on it.",
    "not_registered": (
        "The signature holds, but no such document was issued. "
        "Do not rely on it, and tell the issuing body."
    ),
    "chain_differs": (
        "The records in the document differ from those in the archive. Tell the issuing body."
    ),
    "unreadable": (
        "This is no PDF that can be read, so nothing can be said. "
        "Upload the file itself, not a photograph or a copy."
    ),
    "not_from_this_archive": (
        "This document is not from this archive, so nothing can be said about it here. "
        "Ask whoever issued it."
    ),
    "signer_expired": (
        "The signer's certificate is not valid at this time, so the signature cannot be relied "
        "on. Ask the holder for a new document."
    ),
    "signer_revoked_since": (
        "The signer's key was revoked since, and nothing proves that the document was signed "
        "before. Ask the holder for a new document."
    ),
    "stamp_expired": (
        "The time stamps of the document no longer prove when it was signed. "
        "Ask the holder for a new document."
    ),
    "clock": (
        "The document is from a time to come, so nothing can be said. "
        "Set the clock of this machine right and try again."
    ),
    "offline": (
        "The signature holds, but the register cannot be asked from here. "
        "Verify at the address in the document to know whether it still stands."
    ),
    "erased": (
        "This document was issued, but the holder's data were erased from the archive since, or "
        "their use was restricted, so that it cannot be compared. Ask the holder."
    ),
    "unknown_code": (
        "No document with this code is known. "
        "Compare the code with the document, character by character, and try again."
    ),
}
"""What each reason of a verdict says, and what to do."""

_CHINA = timezone(timedelta(hours=8))
_WEIGHT = (
    Verdict.DIFFERS,
    Verdict.CANNOT_CHECK,
    Verdict.REVOKED,
    Verdict.PAST_VALIDITY,
    Verdict.VALID,
)


@dataclass(frozen=True)
class Answer:
    """What one check found; ``verdict`` and ``reason`` when it stands against the document."""

    state: CheckState
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)
    verdict: Verdict = Verdict.VALID
    reason: str = "genuine"


def passed(text: str, **facts: object) -> Answer:
    """Return the answer of a check that found all well."""
    return Answer(CheckState.PASSED, text, facts)


def failed(text: str, verdict: Verdict, reason: str, **facts: object) -> Answer:
    """Return the answer of a check that found something wrong."""
    return Answer(CheckState.FAILED, text, facts, verdict, reason)


def unchecked(
    text: str, verdict: Verdict = Verdict.VALID, reason: str = "genuine", **facts: object
) -> Answer:
    """Return the answer of a check that could not be made."""
    return Answer(CheckState.UNCHECKED, text, facts, verdict, reason)


def written(moment: datetime) -> str:
    """Return a moment as the sentences tell it: by the clocks here, wherever it is read."""
    return f"{moment.astimezone(_CHINA):%Y-%m-%d %H:%M} (UTC+8)"


def heaviest(answers: Sequence[Answer]) -> Answer:
    """Return the answer that decides: what differs outweighs what cannot be known."""
    return min(answers, key=lambda answer: _WEIGHT.index(answer.verdict))


def as_checks(answers: Sequence[Answer], titles: Mapping[str, str] = TITLES) -> tuple[Check, ...]:
    """Return the answers as they are reported, numbered from 1."""
    return tuple(
        Check(
            number=number,
            code=code,
            state=answer.state,
            title=both(title),
            message=both(answer.text, answer.facts),
        )
        for number, ((code, title), answer) in enumerate(
            zip(titles.items(), answers, strict=True), 1
        )
    )
