"""The audit of an archive, as commands ask for it."""

from pathlib import Path

from archive.audit import checking
from archive.audit.sealing import Streams
from archive.cli.files import read_bytes
from archive.cli.opened import Acting
from archive.db import Database
from archive.people.access import refuse
from archive.people.trail import trail_of
from schemas.audit import SealReport
from schemas.vocabulary import Permission


def streams_of(archive: Database) -> Streams:
    """Return where the two streams of an archive lie."""
    return Streams(archive, trail_of(archive).store)


def verified(acting: Acting, checkpoint: Path | None) -> SealReport:
    """Return what is not as it was told, or as the checkpoint in a file knows it.

    Raises NotAllowedError, FileUnreadableError, CheckpointUnusableError.
    """
    refuse(acting.by, Permission.VERIFY_AUDIT)
    report = checking.verify(streams_of(acting.archive))
    if checkpoint is None:
        return report
    from archive.transcripts import checkpoints
    from archive.transcripts.keys import development_keys

    keys = development_keys(acting.settings.secrets_folder, now=acting.now)
    told = checkpoints.read(read_bytes(checkpoint), keys.trust, now=acting.now)
    found = checking.compare(trail_of(acting.archive).store, told.seals)
    return report.model_copy(update={"faults": (*report.faults, *found)})
