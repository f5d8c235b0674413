"""Making a checkpoint, and comparing the archive with one."""

from pathlib import Path

from archive.cli.files import read_bytes
from archive.cli.opened import Acting, Opened
from archive.people.access import refuse_administering
from archive.transcripts import checkpoints
from archive.transcripts.providing import signing_keys
from schemas.outputs import CheckpointReceipt
from schemas.reports import ChainReport


def made(acting: Acting) -> tuple[bytes, CheckpointReceipt]:
    """Return the text of a signed checkpoint of all dossiers, and its receipt."""
    refuse_administering(acting.by)
    keys = signing_keys(acting.settings, now=acting.now)
    with acting.archive.reading() as session:
        checkpoint = checkpoints.make(session, keys, now=acting.now)
    receipt = CheckpointReceipt(
        made_at=checkpoint.made_at,
        dossiers=checkpoint.dossiers,
        merkle_root=checkpoint.merkle_root,
    )
    return checkpoint.model_dump_json().encode(), receipt


def compared(opened: Opened, path: Path, report: ChainReport) -> ChainReport:
    """Return a report with what only the checkpoint in a file can find, besides.

    Raises FileUnreadableError, CheckpointUnusableError.
    """
    text = read_bytes(path)
    keys = signing_keys(opened.settings, now=opened.now)
    checkpoint = checkpoints.read(text, keys.trust, now=opened.now)
    found = checkpoints.compare(opened.session, checkpoint)
    return report.model_copy(update={"faults": (*report.faults, *found.faults)})
