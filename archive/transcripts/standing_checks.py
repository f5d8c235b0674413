"""The numbered checks that need more than the file: the register, validity, the dossier."""

from datetime import date

from archive.transcripts.answers import NOT_REACHED, Answer, failed, passed, unchecked
from archive.transcripts.opening import OpenedFile
from archive.transcripts.payload import payload_digest
from archive.transcripts.standing import Standing
from schemas.reports import ChangedRecord
from schemas.vocabulary import Act, Verdict

_DIFFERS, _CANNOT = Verdict.DIFFERS, Verdict.CANNOT_CHECK


def register(found: OpenedFile, standing: Standing | None) -> Answer:
    """Return the answer to check 10: exactly this file was issued."""
    if found.payload is None:
        return unchecked(NOT_REACHED)
    if standing is None or standing.payload_digest != payload_digest(found.payload):
        return failed(
            "The register does not know a document with this digest.", _DIFFERS, "not_registered"
        )
    return passed("The register holds the digest of exactly this file.")


def status(standing: Standing, *, is_over: bool) -> Answer:
    """Return the answer to check 11: nothing in it was changed since, and it is in its validity."""
    if standing.taken_back_on:
        return failed(
            "On {day} the holder took back the consent by which it was made.",
            Verdict.REVOKED,
            "consent_taken_back",
            day=standing.taken_back_on.isoformat(),
        )
    if standing.changed:
        return failed(
            "Corrected since (number and day): {corrected}. Withdrawn since: {withdrawn}.",
            Verdict.REVOKED,
            "records_changed",
            corrected=_listed(standing.changed, Act.CORRECT),
            withdrawn=_listed(standing.changed, Act.WITHDRAW),
        )
    return _validity(standing.valid_until, is_over=is_over)


def offline(valid_until: date, *, is_over: bool) -> Answer:
    """Return the answer to check 11 where no register can be asked."""
    if is_over:
        return _validity(valid_until, is_over=True)
    return unchecked(
        "The document is valid until {day}; whether anything in it was corrected or withdrawn "
        "since, only the register knows.",
        day=valid_until.isoformat(),
    )


def _validity(valid_until: date, *, is_over: bool) -> Answer:
    """Return whether the document is within its own validity, which is not its certificates'."""
    facts = {"day": valid_until.isoformat()}
    if is_over:
        return failed(
            "The document was valid until {day}.", Verdict.PAST_VALIDITY, "too_old", **facts
        )
    return passed("The document is valid until {day}.", **facts)


def records(standing: Standing) -> Answer:
    """Return the answer to check 12: its records stand in the dossier's chain as issued."""
    if standing.transcript is None:
        return unchecked(
            "The holder's data were erased, or their use was restricted.", _CANNOT, "erased"
        )
    if standing.broken:
        numbers = ", ".join(str(number) for number in standing.broken)
        text = "The dossier holds these records otherwise: no. {numbers}."
        return failed(text, _DIFFERS, "chain_differs", numbers=numbers)
    if standing.merged_on:
        return passed(
            "Every record stands as it was issued. On {day} the dossier was merged into another "
            "one of the same person, which goes on with these records.",
            day=standing.merged_on.isoformat(),
        )
    return passed("Every record stands in the dossier as it was issued.")


def _listed(changed: tuple[ChangedRecord, ...], act: Act) -> str:
    told = [f"{one.number} ({one.changed_on.isoformat()})" for one in changed if one.act is act]
    return ", ".join(told) or "—"
