"""What the nightly run did, and how far it is."""

from datetime import date, datetime
from uuid import UUID

from schemas.contracts import Contract
from schemas.credits import Credits
from schemas.vocabulary import JobState


class NightlyReport(Contract):
    """What had run out by a day, and was ended; nothing when it was done before."""

    day: date
    workers: int
    """Workers whose accounts were looked at, because something of theirs is old enough."""
    expired: Credits
    appeals_lapsed: int
    redemptions_lapsed: int
    suspensions_released: int
    accesses_ended: int = 0
    """Requests for access and consents whose time was over lately; their workers were told."""
    corrections_escalated: int = 0
    """Requests for correction that nobody answered in time, and that the bureau has now."""
    corrections_lapsed: int = 0
    """Requests for correction that were declined, and that nobody went on with."""
    files_forgotten: int = 0
    """Posted files that were kept long enough."""
    rosters_forgotten: int = 0
    """Classes of long ago whose rosters name nobody any more."""
    documents_forgotten: int = 0
    """Kept files of documents that nobody may ask for any more."""
    files_refreshed: int = 0
    """Kept files of documents that got another time stamp; a seventh of all are looked at."""
    files_unrefreshable: int = 0
    """Kept files whose last stamp does not hold any more: to be issued anew if needed."""
    postponed: tuple[str, ...] = ()
    """Codes of what refused a step that had to be taken; it is tried again the next night."""


class NightlyRun(Contract):
    """One nightly run: how far it is, and its report once it is done."""

    id: UUID
    day: date
    """What had run out before this local day is ended."""
    state: JobState
    done: int
    """Workers that were looked at so far, of ``total``."""
    total: int | None
    attempt: int
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    fault: str | None
    """The kind of fault that the last attempt met; it is tried again later."""
    report: NightlyReport | None


class NightlyRuns(Contract):
    """The last nightly runs, the newest first."""

    runs: tuple[NightlyRun, ...]
