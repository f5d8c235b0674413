"""What the nightly run did."""

from datetime import date

from schemas.contracts import Contract
from schemas.credits import Credits


class NightlyReport(Contract):
    """What had run out by a day, and was ended; nothing when it was done before."""

    day: date
    workers: int
    """Workers whose accounts were looked at, because something of theirs is old enough."""
    expired: Credits
    appeals_lapsed: int
    redemptions_lapsed: int
    suspensions_released: int
    postponed: tuple[str, ...] = ()
    """Codes of what refused a step that had to be taken; it is tried again the next night."""
