"""Verifying a file or a code with what is here: trusted roots, and a register if there is one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from archive.cli.files import read_bytes
from archive.cli.opened import existing, is_set_up
from archive.cli.refusals import RegisterNeededError, Status, TrustNeededError
from archive.errors import DatabaseNotReadyError
from archive.migrations.running import refuse_unready
from archive.settings import Settings
from archive.transcripts import development_ca, keys
from archive.transcripts.codes import read_code
from archive.transcripts.list_files import ListFolder
from archive.transcripts.providing import lists_folder
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.trust import TrustBundle
from archive.transcripts.trusted_bodies import with_bodies
from archive.transcripts.verification import verify_code, verify_file
from schemas.reports import VerificationReport
from schemas.vocabulary import Verdict

STATUS_OF = {
    Verdict.VALID: Status.DONE,
    Verdict.PAST_VALIDITY: Status.REFUSED,
    Verdict.REVOKED: Status.REFUSED,
    Verdict.DIFFERS: Status.REFUSED,
    Verdict.CANNOT_CHECK: Status.CANNOT_CHECK,
}
"""How ``verify`` ends for each verdict."""


def report_on(subject: str, trust: Path | None, settings: Settings) -> VerificationReport:
    """Return what can be said of a file or a code; makes nothing on this machine.

    Raises FileUnreadableError, TrustUnreadableError, TrustNeededError, RegisterNeededError.
    """
    now = datetime.now(UTC)
    if not _is_file(subject):
        with _register(settings) as register:
            if register is None:
                raise RegisterNeededError
            return verify_code(subject, register=register, now=now)
    data = read_bytes(Path(subject))
    roots = _roots(trust, settings)
    with _register(settings) as register:
        if trust is None and register is not None:
            folder = ListFolder(lists_folder(settings))
            roots = with_bodies(register.session, roots, folder, at=now)
        return verify_file(data, trust=roots, register=register, now=now)


def _is_file(subject: str) -> bool:
    """Whether a file is meant: it is there, or its name could not be a code."""
    path = Path(subject)
    return path.exists() or (read_code(subject) is None and bool(path.suffix or path.parent.name))


def _roots(trust: Path | None, settings: Settings) -> TrustBundle:
    """Return the roots that were given, else those of the archive that is here."""
    if trust is not None:
        return TrustBundle.from_pem(read_bytes(trust))
    own = settings.secrets_folder / keys.FOLDER_NAME / f"{development_ca.ROOT}.pem"
    if not own.is_file():
        raise TrustNeededError
    lists = sorted((own.parent / development_ca.AUTHORITY).glob("*.crl"))
    bundle = TrustBundle.from_pem(read_bytes(own))
    return bundle.with_lists(path.read_bytes() for path in lists)


@contextmanager
def _register(settings: Settings) -> Iterator[DatabaseRegister | None]:
    """Yield the register of the archive that is here; None when none can be asked."""
    if not is_set_up(settings):
        yield None
        return
    with existing(settings) as archive:
        try:
            refuse_unready(archive)
        except (DatabaseNotReadyError, DBAPIError):
            yield None
            return
        with archive.reading() as session:
            yield DatabaseRegister(session)
