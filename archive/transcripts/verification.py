"""Is this document genuine, and does it still hold? Twelve numbered checks, five verdicts.

Pure but for the register that it asks. A faulty file is an answer here, never an exception;
and of a file whose signature fails no content is told.
"""

from datetime import datetime
from hashlib import sha256

from archive.people.names import masked_name
from archive.texts import both
from archive.transcripts import checks, key_checks, report_checks, standing_checks
from archive.transcripts.answers import (
    MESSAGES,
    NOT_REACHED,
    TITLES,
    Answer,
    as_checks,
    heaviest,
    passed,
    unchecked,
)
from archive.transcripts.codes import read_code
from archive.transcripts.judging import name_of
from archive.transcripts.opening import OpenedFile, open_file
from archive.transcripts.payload import Payload, expires_at, read_payload, read_report
from archive.transcripts.proof_files import looks_like_one
from archive.transcripts.proof_verification import verify_proof
from archive.transcripts.standing import Register, Standing
from archive.transcripts.trust import TrustBundle
from schemas.contracts import Bilingual, plain_decimal
from schemas.reports import (
    FoundSignature,
    VerificationReport,
    VerifiedDocument,
    VerifiedReport,
)
from schemas.transcripts import TranscriptLevel, TranscriptV1
from schemas.verification_reports import ReportV1
from schemas.vocabulary import Account, CheckState, Verdict

_OFFLINE = "Not checked: the register cannot be asked from here."
_BY_CODE = "Not checked: this needs the file."
_KNOWN_CODE = "The register knows this code."
_UNKNOWN_CODE = "The register does not know this code."
_WHEN_VALID = {
    (False, False): "genuine",
    (False, True): "issued",
    (True, False): "genuine_report",
    (True, True): "issued_report",
}
"""Why all is well: whether it is a report, and whether only its code was asked for."""
_FIRST_OF_REGISTER = 9
"""How many checks come before the register is asked."""


def verify_file(
    data: bytes, *, trust: TrustBundle, register: Register | None, now: datetime
) -> VerificationReport:
    """Return what can be said of a document, or of the proof of a single record or entry.

    Without a register the verdict is never "valid".
    """
    if looks_like_one(data):
        return verify_proof(data, trust=trust, register=register, now=now)
    found = open_file(data, trust=trust, now=now)
    payload = None if found.payload is None else _read(found.payload)
    answers = [
        *checks.of_file(found),
        *key_checks.of_keys(found, now),
        checks.content(found, payload),
    ]
    digest = sha256(data)
    standing = None
    if payload is None or not _holds(answers):
        payload = None  # Nothing is told of a document whose signature does not hold.
        answers += [unchecked(NOT_REACHED) for _ in range(len(TITLES) - len(answers))]
    elif isinstance(payload, ReportV1):
        answers += [
            checks.text(found, payload),
            *_of_report(found, payload, register, digest.digest()),
        ]
    elif register is None:
        answers += [checks.text(found, payload), *_offline(payload, now)]
    else:
        standing = register.by_file(digest.digest())
        answers += [checks.text(found, payload), *_registered(found, standing, now)]
    report = _report(answers, payload, now=now, standing=standing, sha256_hex=digest.hexdigest())
    return report.model_copy(update={"signature": _signature(found, report.verdict)})


def verify_code(text: str, *, register: Register, now: datetime) -> VerificationReport:
    """Return what the register knows of a code. What is on paper is not checked by it."""
    code = read_code(text)
    standing = None if code is None else register.by_code(code)
    answers = [unchecked(_BY_CODE) for _ in range(_FIRST_OF_REGISTER)]
    if standing is None and code is not None:
        about = register.report(code)
        if about is not None:
            answers += [passed(_KNOWN_CODE), *report_checks.of_code(about)]
            return _report(answers, about.told, now=now, is_by_code=True)
    if standing is None:
        unknown = unchecked(_UNKNOWN_CODE, Verdict.CANNOT_CHECK, "unknown_code")
        answers += [unknown, unchecked(NOT_REACHED), unchecked(NOT_REACHED)]
        return _report(answers, None, now=now)
    known = passed(_KNOWN_CODE)
    answers += [known, _status_of(standing, now), standing_checks.records(standing)]
    return _report(answers, standing.transcript, now=now, standing=standing, is_by_code=True)


def _read(payload: bytes) -> Payload | None:
    """Return what a file states, a document about a dossier or a report; None of anything else."""
    return read_payload(payload) or read_report(payload)


def _holds(answers: list[Answer]) -> bool:
    """Whether the signature and the data hold, so that more may be asked and told."""
    *needed, _, _, content = answers  # Revocation and time stamps may be missing.
    return all(one.verdict is Verdict.VALID for one in answers) and all(
        one.state is CheckState.PASSED for one in (*needed, content)
    )


def _of_report(
    found: OpenedFile, report: ReportV1, register: Register | None, sha256_of: bytes
) -> list[Answer]:
    """Return the answers to checks 10 to 12 of a verification report."""
    if register is None or found.payload is None:
        return report_checks.offline(report)
    standing = register.report(report.code)
    return report_checks.registered(found.payload, sha256_of, standing)


def _offline(transcript: TranscriptV1, now: datetime) -> list[Answer]:
    return [
        unchecked(_OFFLINE, Verdict.CANNOT_CHECK, "offline"),
        standing_checks.offline(transcript.valid_until, is_over=now >= expires_at(transcript)),
        unchecked(_OFFLINE),
    ]


def _registered(found: OpenedFile, standing: Standing | None, now: datetime) -> list[Answer]:
    known = standing_checks.register(found, standing)
    if standing is None or known.state is not CheckState.PASSED:
        return [known, unchecked(NOT_REACHED), unchecked(NOT_REACHED)]
    return [known, _status_of(standing, now), standing_checks.records(standing)]


def _status_of(standing: Standing, now: datetime) -> Answer:
    return standing_checks.status(standing, is_over=now >= standing.expires_at)


def _report(
    answers: list[Answer],
    told: Payload | VerifiedReport | None,
    *,
    now: datetime,
    standing: Standing | None = None,
    sha256_hex: str | None = None,
    is_by_code: bool = False,
) -> VerificationReport:
    decisive = heaviest(answers)
    verdict = decisive.verdict
    is_shown = told is not None and verdict is not Verdict.DIFFERS
    transcript = told if isinstance(told, TranscriptV1) and is_shown else None
    about = told if isinstance(told, VerifiedReport) else None
    if isinstance(told, ReportV1) and is_shown:
        about = report_checks.told(told)
    reason = decisive.reason
    if verdict is Verdict.VALID:
        reason = _WHEN_VALID[about is not None, is_by_code]
    return VerificationReport(
        verdict=verdict,
        reason=reason,
        message=both(MESSAGES[reason]),
        checked_at=now,
        checks=as_checks(answers),
        changed=standing.changed if standing and is_shown else (),
        noted=standing.noted if standing and is_shown else (),
        document=_document(transcript) if transcript is not None else None,
        report=about,
        sha256=sha256_hex,
    )


def _signature(found: OpenedFile, verdict: Verdict) -> FoundSignature | None:
    """Return who signed; of a file that claims to be ours and is not, nobody's name is told."""
    signature = found.signature
    if signature is None or verdict is Verdict.DIFFERS:
        return None
    certificate, stamps = signature.key.certificate, signature.stamps
    return FoundSignature(
        profile=signature.profile,
        is_intact=signature.is_intact and all(one.is_intact for one in stamps),
        reaches_end=signature.reaches_end,
        is_trusted=found.claims_to_be_ours and signature.key.is_trusted,
        signer_name=signature.key.name,
        issuer_name=name_of(certificate.issuer),
        fingerprint=signature.key.fingerprint,
        claimed_at=signature.claimed_at,
        stamped_at=stamps[0].at if stamps else None,
        stamper_name=stamps[0].key.name if stamps else None,
    )


def _document(transcript: TranscriptV1) -> VerifiedDocument:
    entitlement = transcript.entitlement
    is_of_all = Account.AVAILABLE in transcript.credits
    return VerifiedDocument(
        code=transcript.code,
        holder_name_masked=masked_name(transcript.holder.name),
        archive_number=transcript.holder.archive_number,
        issued_at=transcript.issued_at,
        valid_until=transcript.valid_until,
        issuer=transcript.issuer.name,
        levels=tuple(_level(level) for level in transcript.levels),
        entitlement=None if entitlement is None else entitlement.sentence,
        records=len(transcript.records),
        credits=plain_decimal(transcript.credits[Account.AVAILABLE]) if is_of_all else None,
        is_demo=transcript.is_demo,
        is_development=transcript.is_development,
    )


def _level(level: TranscriptLevel) -> Bilingual:
    if level.occupation_name is None:
        return level.rank_name
    return Bilingual(
        zh=f"{level.occupation_name.zh} {level.rank_name.zh}",
        en=f"{level.occupation_name.en}, {level.rank_name.en}",
    )
