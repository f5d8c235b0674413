"""What the daily messages came to."""

from datetime import date

from schemas.contracts import Contract


class DigestReport(Contract):
    """How many workers something happened to, and how many of them were sent a message."""

    day: date
    workers: int
    sent: int
