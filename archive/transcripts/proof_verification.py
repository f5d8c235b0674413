"""Is this the proof of a record or entry, and does it still stand? Twelve numbered checks.

Pure but for the register that it asks. A faulty file is an answer here, never an exception; and
nothing of a file is told whose signature fails, or whose content is not what was signed.
"""

from datetime import datetime
from hashlib import sha256

from archive.dossiers.titles import title_of
from archive.texts import both
from archive.transcripts import proof_checks
from archive.transcripts.answers import (
    MESSAGES,
    NOT_REACHED,
    PROOF_TITLES,
    Answer,
    as_checks,
    heaviest,
    unchecked,
)
from archive.transcripts.judging import name_of
from archive.transcripts.proof_files import ProofFile
from archive.transcripts.proof_opening import OpenedProof, open_proof
from archive.transcripts.standing import ProofStanding, Register
from archive.transcripts.trust import TrustBundle
from schemas.link_proofs import ProvedLink
from schemas.reports import FoundSignature, NotedRecord, VerificationReport
from schemas.vocabulary import CheckState, Verdict

_OFFLINE = "Not checked: the archive cannot be asked from here."


def verify_proof(
    data: bytes, *, trust: TrustBundle, register: Register | None, now: datetime
) -> VerificationReport:
    """Return what can be said of a proof. Without a register the verdict is never "valid"."""
    found = open_proof(data, trust=trust, now=now)
    answers = proof_checks.of_file(found, now)
    file = found.file if _holds(answers) else None
    standing: ProofStanding | None = None
    if file is not None:
        answers += [proof_checks.path(file), proof_checks.opening(file)]
        if heaviest(answers).verdict is Verdict.VALID:
            standing = _asked(file, register)
            answers += _answered(standing, register)
        else:
            file = None
    answers += [unchecked(NOT_REACHED)] * (len(PROOF_TITLES) - len(answers))
    report = _report(answers, found, file, now=now, sha256_hex=sha256(data).hexdigest())
    if standing is None or standing.note is None or report.proof is None:
        return report
    return report.model_copy(update={"noted": (NotedRecord(number=1, note=standing.note),)})


def _holds(answers: list[Answer]) -> bool:
    """Whether the signature and the statement hold, so that more may be asked and told."""
    *needed, _, _, content = answers  # Revocation and time stamps may be missing.
    return all(one.verdict is Verdict.VALID for one in answers) and all(
        one.state is CheckState.PASSED for one in (*needed, content)
    )


def _asked(file: ProofFile, register: Register | None) -> ProofStanding | None:
    told, link = file.statement, file.hash
    if register is None or told is None or link is None:
        return None
    return register.by_proof(told, link)


def _answered(standing: ProofStanding | None, register: Register | None) -> list[Answer]:
    if register is None:
        return [unchecked(_OFFLINE, Verdict.CANNOT_CHECK, "offline"), unchecked(_OFFLINE)]
    known = proof_checks.register(standing)
    if standing is None or known.state is not CheckState.PASSED:
        return [known, unchecked(NOT_REACHED)]
    return [known, proof_checks.status(standing)]


def _report(
    answers: list[Answer],
    found: OpenedProof,
    file: ProofFile | None,
    *,
    now: datetime,
    sha256_hex: str,
) -> VerificationReport:
    decisive = heaviest(answers)
    verdict = decisive.verdict
    reason = "proved" if verdict is Verdict.VALID else decisive.reason
    is_shown = file is not None and verdict is not Verdict.DIFFERS
    return VerificationReport(
        verdict=verdict,
        reason=reason,
        message=both(MESSAGES[reason]),
        checked_at=now,
        checks=as_checks(answers, PROOF_TITLES),
        proof=_proved(file) if file is not None and is_shown else None,
        signature=_signature(found, verdict),
        sha256=sha256_hex,
    )


def _signature(found: OpenedProof, verdict: Verdict) -> FoundSignature | None:
    """Return who signed; of a file that claims to be ours and is not, nobody's name is told."""
    signature = found.signature
    if signature is None or verdict is Verdict.DIFFERS:
        return None
    stamp = signature.stamp
    return FoundSignature(
        profile=signature.profile,
        is_intact=signature.is_intact and (stamp is None or stamp.is_intact),
        reaches_end=signature.reaches_end,
        is_trusted=signature.key.is_trusted,
        signer_name=signature.key.name,
        issuer_name=name_of(signature.key.certificate.issuer),
        fingerprint=signature.key.fingerprint,
        claimed_at=signature.claimed_at,
        stamped_at=stamp.at if stamp else None,
        stamper_name=stamp.key.name if stamp else None,
    )


def _proved(file: ProofFile) -> ProvedLink | None:
    told, clear = file.statement, file.clear
    if told is None or clear is None:
        return None
    return ProvedLink(
        archive_number=told.archive_number,
        issuer=told.issuer.name,
        organisation=told.organisation.name,
        made_at=told.made_at,
        sequence=told.sequence,
        links=told.links,
        subject_kind=told.subject_kind,
        subject_id=told.subject_id,
        clear=clear,
        body=file.proof.link.body,
        title=title_of(file.opened.record) if file.opened else None,
        opened=file.opened,
        is_demo=told.is_demo,
        is_development=told.is_development,
    )
