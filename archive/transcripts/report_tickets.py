"""What lets a page ask for the report of what it shows, though the file is not kept.

The answer of a verification goes to the page under a keyed digest and comes back with the
button: nobody can have another answer signed, nor an old one.
"""

import base64
import binascii
import hmac
import zlib
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import ValidationError
from sqlmodel import Session

from archive.errors import ArchiveError
from archive.people.look_ups import Sought, index_of
from schemas.reports import VerificationReport

GOOD_FOR = timedelta(minutes=30)
"""So long after the checks their report can be had."""
LONGEST = 100_000
"""Characters of a ticket; one of ours has some four thousand."""
_LARGEST = 1_000_000
_PURPOSE = "report_ticket"
_DIGEST_BYTES = 32


class TicketRefusedError(ArchiveError):
    """The report of an answer was asked for too late, or of an answer that was never given."""

    code: ClassVar[str] = "report_ticket_refused"
    template: ClassVar[str] = (
        "This answer is too old for a report, or was not given here. Verify the file again."
    )


def ticket_of(session: Session, report: VerificationReport) -> str:
    """Return an answer in the form in which a page keeps it."""
    told = zlib.compress(report.model_dump_json().encode(), 9)
    return base64.urlsafe_b64encode(_digests(session, told)[0] + told).decode()


def read_ticket(session: Session, ticket: str, *, now: datetime) -> VerificationReport:
    """Return the answer that was given here not long ago; raises TicketRefusedError."""
    try:
        whole = base64.urlsafe_b64decode(ticket[:LONGEST])
    except (binascii.Error, ValueError) as unreadable:
        raise TicketRefusedError from unreadable
    digest, told = whole[:_DIGEST_BYTES], whole[_DIGEST_BYTES:]
    if not any(hmac.compare_digest(digest, one) for one in _digests(session, told)):
        raise TicketRefusedError
    try:
        plain = zlib.decompressobj().decompress(told, _LARGEST)
        report = VerificationReport.model_validate_json(plain)
    except (zlib.error, ValidationError) as unreadable:
        raise TicketRefusedError from unreadable
    if not report.checked_at <= now < report.checked_at + GOOD_FOR:
        raise TicketRefusedError
    return report


def _digests(session: Session, told: bytes) -> tuple[bytes, ...]:
    """Return the keyed digests under all keys that are known, the one in use first."""
    claim = index_of(session).claim(Sought(_PURPOSE, told.hex()))
    return claim.digest, *claim.earlier
