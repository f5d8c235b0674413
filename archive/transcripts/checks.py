"""The numbered checks of a file: each looks at one thing and answers in its own words.

What was found in the file comes from ``opening``, what is known of it from ``standing``;
the verdict is made in ``verification``.
"""

from datetime import date

from archive.transcripts.answers import Answer, failed, passed, unchecked
from archive.transcripts.opening import OpenedFile
from archive.transcripts.payload import payload_digest
from archive.transcripts.standing import Standing
from schemas.reports import ChangedRecord
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import Act, Verdict

NOT_REACHED = "Not checked: an earlier check did not pass."
_DIFFERS, _CANNOT = Verdict.DIFFERS, Verdict.CANNOT_CHECK


def of_file(found: OpenedFile) -> list[Answer]:
    """Return the answers to checks 1 to 5, which need the file alone."""
    return [_file(found), _payload(found), _signature(found), _coverage(found), _trust(found)]


def _file(found: OpenedFile) -> Answer:
    if not found.is_pdf:
        return failed(
            "The file is no PDF, or larger than any that we issue.", _CANNOT, "unreadable"
        )
    if not found.is_readable:
        text = "The PDF cannot be read: it is damaged."
        if found.claims_to_be_ours:
            return failed(text, _DIFFERS, "damaged")
        return failed(text, _CANNOT, "unreadable")
    return passed("The PDF can be read.")


def _payload(found: OpenedFile) -> Answer:
    if not found.is_readable:
        return unchecked(NOT_REACHED)
    if not found.claims_to_be_ours:
        return unchecked(
            "The file does not carry a transcript of this archive.",
            _CANNOT,
            "not_from_this_archive",
        )
    if found.payload is None:
        return failed("The data are missing, or not alone.", _DIFFERS, "damaged")
    return passed("The data of a transcript are attached.")


def _signature(found: OpenedFile) -> Answer:
    if not found.is_readable or not found.claims_to_be_ours:
        return unchecked(NOT_REACHED)
    if not found.is_signed:
        return failed("The file has no signature.", _DIFFERS, "not_signed")
    if found.signature is None or not found.signature.is_intact:
        return failed("The signature does not fit the file.", _DIFFERS, "broken_signature")
    return passed("The signed bytes are unchanged.")


def _coverage(found: OpenedFile) -> Answer:
    if found.signature is None or not found.claims_to_be_ours:
        return unchecked(NOT_REACHED)
    if not found.signature.covers_file:
        return failed(
            "The file holds something that the signature does not cover.",
            _DIFFERS,
            "changed_after_signing",
        )
    return passed("The signature ends where the file ends.")


def _trust(found: OpenedFile) -> Answer:
    signature = found.signature
    if signature is None or not signature.is_intact or not found.claims_to_be_ours:
        return unchecked(NOT_REACHED)
    if not signature.is_trusted:
        return failed(
            "The signer's certificate does not lead to a trusted root.", _DIFFERS, "forged_trust"
        )
    if not signature.is_in_time:
        return unchecked(
            "The signer's certificate is not valid at this time.", _CANNOT, "signer_expired"
        )
    return passed("The signer's certificate leads to a trusted root.")


def content(found: OpenedFile, transcript: TranscriptV1 | None) -> Answer:
    """Return the answer to check 6: the data are a transcript, and this signer's."""
    if found.payload is None or found.signature is None:
        return unchecked(NOT_REACHED)
    if transcript is None:
        return failed("The data do not have the form of a transcript.", _DIFFERS, "foreign_content")
    if transcript.signer != found.signature.fingerprint:
        return failed("The data name another signer.", _DIFFERS, "foreign_content")
    return passed("The data are complete and name this signer.")


def register(found: OpenedFile, standing: Standing | None) -> Answer:
    """Return the answer to check 7: exactly this file was issued."""
    if found.payload is None:
        return unchecked(NOT_REACHED)
    if standing is None or standing.payload_digest != payload_digest(found.payload):
        return failed(
            "The register does not know a document with this digest.", _DIFFERS, "not_registered"
        )
    return passed("The register holds the digest of exactly this file.")


def validity(valid_until: date, *, is_over: bool) -> Answer:
    """Return the answer to check 8: the document's own validity, not its certificates'."""
    facts = {"day": valid_until.isoformat()}
    if is_over:
        return failed(
            "The document was valid until {day}.", Verdict.PAST_VALIDITY, "too_old", **facts
        )
    return passed("The document is valid until {day}.", **facts)


def records(standing: Standing) -> Answer:
    """Return the answer to check 9: its records stand in the dossier as they were issued."""
    if standing.transcript is None:
        return unchecked(
            "The holder's data were erased, or their use was restricted.", _CANNOT, "erased"
        )
    if standing.broken:
        numbers = ", ".join(str(number) for number in standing.broken)
        text = "The dossier holds these records otherwise: no. {numbers}."
        return failed(text, _DIFFERS, "chain_differs", numbers=numbers)
    if standing.changed:
        return failed(
            "Corrected since (number and day): {corrected}. Withdrawn since: {withdrawn}.",
            Verdict.REVOKED,
            "records_changed",
            corrected=_listed(standing.changed, Act.CORRECT),
            withdrawn=_listed(standing.changed, Act.WITHDRAW),
        )
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
