"""The numbered checks of who signed, and when: trust, revocation, time stamps."""

from datetime import datetime, timedelta
from itertools import pairwise

from archive.transcripts.answers import NOT_REACHED, Answer, failed, passed, unchecked, written
from archive.transcripts.opening import OpenedFile
from archive.transcripts.signatures import SignatureFacts, StampFacts
from schemas.vocabulary import Verdict

_DIFFERS, _CANNOT = Verdict.DIFFERS, Verdict.CANNOT_CHECK
_SKEW = timedelta(minutes=5)
"""How far the clocks of a signer and of a time-stamping service may be apart."""


def of_keys(found: OpenedFile, now: datetime) -> list[Answer]:
    """Return the answers to checks 5 to 7: trust, revocation, time stamps."""
    signature = found.signature
    if signature is None or not signature.is_intact or not found.claims_to_be_ours:
        return [unchecked(NOT_REACHED)] * 3
    return of_signature(signature, now)


def of_signature(signature: SignatureFacts, now: datetime) -> list[Answer]:
    """Return the answers to checks 5 to 7 of a signature that is intact."""
    return [_trust(signature), _revocation(signature), _stamps(signature, now)]


def _trust(signature: SignatureFacts) -> Answer:
    if not signature.key.is_trusted:
        return failed(
            "The signer's certificate does not lead to a trusted root.", _DIFFERS, "forged_trust"
        )
    if signature.stamps and signature.proven_at is None:
        return unchecked(
            "The signer is trusted; whether it was so then, the time stamps must tell."
        )
    if not signature.key.is_alive:
        return unchecked(
            "The signer's certificate is not valid at this time.", _CANNOT, "signer_expired"
        )
    if signature.proven_at is not None:
        return passed(
            "The signer's certificate leads to a trusted root, and was valid when the signature "
            "was stamped."
        )
    return passed("The signer's certificate leads to a trusted root.")


def _revocation(signature: SignatureFacts) -> Answer:
    if not signature.key.is_trusted:
        return unchecked(NOT_REACHED)
    if signature.key.revoked is not None:
        return _revoked(signature, signature.key.revoked.at)
    if signature.key.has_lists:
        return passed("The signer's key is on no list of revoked keys.")
    return unchecked("The document carries no list of revoked keys, and none is known here.")


def _revoked(signature: SignatureFacts, since: datetime) -> Answer:
    """Return what it means that the signer's key is revoked, by what the time stamps prove."""
    proven_at, at = signature.proven_at, written(since)
    if proven_at is None and signature.stamps:
        return unchecked("The signer's key was revoked on {at}.", at=at)
    if proven_at is None:
        return unchecked(
            "The signer's key was revoked on {at}, and nothing proves that the document was "
            "signed before.",
            _CANNOT,
            "signer_revoked_since",
            at=at,
        )
    if since.replace(microsecond=0) <= proven_at:  # Time stamps tell whole seconds.
        return failed(
            "The signer's key had been revoked on {at}, before the document was signed.",
            _DIFFERS,
            "signer_revoked",
            at=at,
        )
    return passed(
        "The signer's key was revoked on {at}, after the document was signed and stamped: "
        "the signature stands.",
        at=at,
    )


def _stamps(signature: SignatureFacts, now: datetime) -> Answer:
    stamps = signature.stamps
    if not stamps:
        return unchecked("The document carries no time stamp.")
    against = next(filter(None, map(_wrong, stamps)), None)
    against = against or _times(signature, now) or next(filter(None, map(_doubtful, stamps)), None)
    if against is not None:
        return against
    last = stamps[-1]
    facts = {"at": written(stamps[0].at), "name": stamps[0].key.name}
    if len(signature.archived) > 1:
        return passed(
            "Stamped at {at} by {name}, and stamped anew since, last at {last}.",
            last=written(last.at),
            **facts,
        )
    return passed("Stamped at {at} by {name}, a time-stamping service that is trusted.", **facts)


def _wrong(stamp: StampFacts) -> Answer | None:
    """Return what speaks against a time stamp, whenever it is looked at."""
    if not stamp.is_intact:
        return failed("A time stamp does not fit the document.", _DIFFERS, "stamp_broken")
    if not stamp.key.is_trusted:
        return failed(
            "A time stamp was made by a service that is not trusted.", _DIFFERS, "stamp_forged"
        )
    revoked = stamp.key.revoked
    if revoked is not None and revoked.at <= stamp.at:
        return failed(
            "A time stamp was made with a key that had been revoked on {at}.",
            _DIFFERS,
            "stamp_forged",
            at=written(revoked.at),
        )
    return None


def _doubtful(stamp: StampFacts) -> Answer | None:
    """Return what keeps a time stamp from proving its time today."""
    if stamp.is_sound:
        return None
    if not stamp.key.is_alive:
        return unchecked(
            "The certificate of the last time stamp is past its term, and none was added since.",
            _CANNOT,
            "stamp_expired",
        )
    return unchecked(
        "The key of a time stamp was revoked since, and no later stamp confirms it.",
        _CANNOT,
        "stamp_expired",
    )


def _times(signature: SignatureFacts, now: datetime) -> Answer | None:
    """Return what speaks against the times as such."""
    claimed_at, stamped = signature.claimed_at, [one.at for one in signature.stamps]
    times = [*([claimed_at] if claimed_at else []), *stamped]
    if any(later < earlier - _SKEW for earlier, later in pairwise(times)):
        return failed("The times do not follow one another.", _DIFFERS, "stamp_order")
    if stamped[-1] > now + _SKEW:
        return unchecked(
            "The document was stamped at a time to come: the clock here is wrong.",
            _CANNOT,
            "clock",
        )
    return None
