"""The numbered checks of a proof: what is its own; those of keys and times are every file's."""

import hashlib
from datetime import datetime

from archive.transcripts import key_checks
from archive.transcripts.answers import NOT_REACHED, Answer, failed, passed, unchecked
from archive.transcripts.hostile import attempt
from archive.transcripts.proof_files import ProofFile, organisation_in
from archive.transcripts.proof_opening import OpenedProof
from archive.transcripts.standing import ProofStanding
from schemas.link_proofs import ProofStatementV1
from schemas.vocabulary import Act, Verdict

_DIFFERS, _CANNOT = Verdict.DIFFERS, Verdict.CANNOT_CHECK
_BECAME: dict[Act | None, str] = {
    Act.CORRECT: "The record was corrected on {day}.",
    Act.WITHDRAW: "The record was withdrawn on {day}.",
}


def of_file(found: OpenedProof, now: datetime) -> list[Answer]:
    """Return the answers to checks 1 to 8, which need the trust alone."""
    signature = found.signature
    answers = [_file(found), _structure(found), _signature(found), _coverage(found)]
    if signature is None or not signature.is_intact:
        return answers + [unchecked(NOT_REACHED)] * 4
    return [*answers, *key_checks.of_signature(signature, now), _content(found)]


def _file(found: OpenedProof) -> Answer:
    if found.file is not None:
        return passed("The file can be read, and is spelled in its one way.")
    if found.claims_to_be_ours:
        return failed("The file cannot be read: it is damaged.", _DIFFERS, "damaged")
    return unchecked("The file is no proof of this archive.", _CANNOT, "not_from_this_archive")


def _structure(found: OpenedProof) -> Answer:
    if found.file is None:
        return unchecked(NOT_REACHED)
    if found.signature is None:
        return failed(
            "Signature, time stamp or what goes with them cannot be read.", _DIFFERS, "damaged"
        )
    return passed("Statement, signature, link and path are all there, and nothing else.")


def _signature(found: OpenedProof) -> Answer:
    if found.signature is None:
        return unchecked(NOT_REACHED)
    if not found.signature.is_intact:
        return failed("The signature does not fit the statement.", _DIFFERS, "broken_signature")
    return passed("The signed statement is unchanged.")


def _coverage(found: OpenedProof) -> Answer:
    if found.signature is None:
        return unchecked(NOT_REACHED)
    if not found.signature.covers_file:
        return failed(
            "The file holds something that the signature does not cover.",
            _DIFFERS,
            "changed_after_signing",
        )
    return passed("Signature and time stamp leave nothing that could be changed unnoticed.")


def _content(found: OpenedProof) -> Answer:
    file, signature = found.file, found.signature
    if file is None or signature is None:
        return unchecked(NOT_REACHED)
    told = file.statement
    if told is None:
        return failed("What was signed is not a statement.", _DIFFERS, "foreign_content")
    if told.signer != signature.key.fingerprint:
        return failed("The statement names another signer.", _DIFFERS, "foreign_content")
    if not attempt(lambda: _is_about(file, told)):
        return failed("The statement is about something else.", _DIFFERS, "foreign_content")
    return passed("The statement names this signer, and tells whose and which link is meant.")


def _is_about(file: ProofFile, told: ProofStatementV1) -> bool:
    """Whether statement and clear part name the same thing of the same organisation."""
    body = file.body
    return (
        body is not None
        and file.clear is not None
        and body["id"] == str(told.subject_id)
        and organisation_in(told.subject_kind, body) == told.organisation.id
    )


def path(file: ProofFile) -> Answer:
    """Return the answer to check 9: what the file tells hashes up to the signed root."""
    told = file.statement
    if told is None or not file.lies_under_root:
        return failed(
            "What the file tells does not lead to the root that was signed.",
            _DIFFERS,
            "path_broken",
        )
    return passed(
        "It is link {sequence} of the {links} under the root that was signed.",
        sequence=told.sequence,
        links=told.links,
    )


def opening(file: ProofFile) -> Answer:
    """Return the answer to check 10: what was opened is what the link commits to."""
    plain, body = file.proof.opening, file.body
    if plain is None:
        return unchecked("Nothing was opened: what names a person stays sealed.")
    committed = body.get("commitment") if body else None
    if hashlib.sha256(plain.encode()).hexdigest() != committed or file.opened is None:
        return failed(
            "What was opened is not what the link committed to.", _DIFFERS, "opening_differs"
        )
    return passed("What was opened is what the archive sealed when it was recorded.")


def register(standing: ProofStanding | None) -> Answer:
    """Return the answer to check 11: the archive holds the chain under this very root."""
    if standing is None:
        return failed("The archive holds no dossier with such a link.", _DIFFERS, "not_registered")
    if not standing.is_same:
        return failed(
            "The archive holds this link, or those beside it, otherwise.", _DIFFERS, "chain_differs"
        )
    if standing.is_closed:
        return unchecked(
            "The holder's data were erased, or their use was restricted.", _CANNOT, "erased"
        )
    return passed("The archive holds this link and all under the same root, unchanged.")


def status(standing: ProofStanding) -> Answer:
    """Return the answer to check 12: nothing took its place since."""
    change = standing.change
    if change is not None:
        told = _BECAME.get(change.act, "A later entry took its place on {day}.")
        return failed(told, Verdict.REVOKED, "superseded", day=change.on.isoformat())
    if standing.merged_on:
        return passed(
            "It stands. On {day} the dossier was merged into another one of the same person, "
            "which goes on with it.",
            day=standing.merged_on.isoformat(),
        )
    return passed("Nothing was corrected or withdrawn, and nothing took its place.")
