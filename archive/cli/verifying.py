"""Verifying a file or a code with what is here: trusted roots, and a register if there is one.

A file is verified without an archive on strangers' machines: what opens one is loaded only
where there is one (``verifying_here``).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.cli.files import read_bytes
from archive.cli.refusals import RegisterNeededError, Status, TrustNeededError
from archive.transcripts.codes import read_code
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_file
from schemas.reports import VerificationReport
from schemas.vocabulary import Verdict

if TYPE_CHECKING:
    from archive.settings import Settings

STATUS_OF = {
    Verdict.VALID: Status.DONE,
    Verdict.PAST_VALIDITY: Status.REFUSED,
    Verdict.REVOKED: Status.REFUSED,
    Verdict.DIFFERS: Status.REFUSED,
    Verdict.CANNOT_CHECK: Status.CANNOT_CHECK,
}
"""How ``verify`` ends for each verdict."""


def report_on(subject: str, trust: Path | None, settings: "Settings") -> VerificationReport:
    """Return what can be said of a file or a code; makes nothing on this machine.

    Raises FileUnreadableError, TrustUnreadableError, TrustNeededError, RegisterNeededError.
    """
    now = datetime.now(UTC)
    data = read_bytes(Path(subject)) if _is_file(subject) else None
    given = None if trust is None else TrustBundle.from_pem(read_bytes(trust))
    if not _may_be_here(settings):
        if data is None:
            raise RegisterNeededError
        if given is None:
            raise TrustNeededError
        return verify_file(data, trust=given, register=None, now=now)
    from archive.cli.verifying_here import report_here

    return report_here(subject if data is None else data, given, settings, now=now)


def _is_file(subject: str) -> bool:
    """Whether a file is meant: it is there, or its name could not be a code."""
    path = Path(subject)
    return path.exists() or (read_code(subject) is None and bool(path.suffix or path.parent.name))


def _may_be_here(settings: "Settings") -> bool:
    """Whether there is, or could be, an archive: its files, or databases elsewhere.

    A folder of its name tells nothing: the default one, ``var``, stands in many places.
    """
    named = (settings.database_url, settings.key_database_url)
    return any(named) or settings.secrets_folder.exists() or any(settings.home.glob("*.db"))
