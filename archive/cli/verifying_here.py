"""Verifying where an archive is: by its own trust, and with its register."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from archive.cli.files import read_bytes
from archive.cli.opened import existing, is_set_up
from archive.cli.refusals import RegisterNeededError, TrustNeededError
from archive.errors import DatabaseNotReadyError
from archive.migrations.running import refuse_unready
from archive.settings import Settings
from archive.transcripts import development_ca, keys
from archive.transcripts.list_files import ListFolder
from archive.transcripts.providing import lists_folder, stamp_roots
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.trust import TrustBundle
from archive.transcripts.trusted_bodies import with_bodies
from archive.transcripts.verification import verify_code, verify_file
from schemas.reports import VerificationReport


def report_here(
    subject: str | bytes, given: TrustBundle | None, settings: Settings, *, now: datetime
) -> VerificationReport:
    """Return what can be said of a code, or of the bytes of a file.

    Raises TrustUnreadableError, TrustNeededError, RegisterNeededError.
    """
    with _register(settings) as register:
        if isinstance(subject, str):
            if register is None:
                raise RegisterNeededError
            return verify_code(subject, register=register, now=now)
        roots = _own(settings) if given is None else given
        if given is None and register is not None:
            folder = ListFolder(lists_folder(settings))
            roots = with_bodies(register.session, roots, folder, at=now)
        return verify_file(subject, trust=roots, register=register, now=now)


def _own(settings: Settings) -> TrustBundle:
    """Return the roots of the archive that is here."""
    own = settings.secrets_folder / keys.FOLDER_NAME / f"{development_ca.ROOT}.pem"
    if not own.is_file():
        raise TrustNeededError
    lists = sorted((own.parent / development_ca.AUTHORITY).glob("*.crl"))
    bundle = TrustBundle.from_pem(read_bytes(own))
    trust = bundle.with_lists(path.read_bytes() for path in lists)
    return trust.with_stamp_roots(stamp_roots(settings))


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
