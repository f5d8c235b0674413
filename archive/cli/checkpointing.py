"""Making a checkpoint, and comparing the archive with one."""

from pathlib import Path

from archive.cli.files import read_bytes
from archive.cli.opened import Acting, Opened
from archive.people.access import refuse_administering
from archive.transcripts import checkpoints
from archive.transcripts.house_keys import keys_of_house
from archive.transcripts.keyring import Keyring
from archive.transcripts.trusted_bodies import trust_bundle
from schemas.outputs import CheckpointReceipt
from schemas.reports import ChainReport


def made(acting: Acting) -> tuple[bytes, CheckpointReceipt]:
    """Return the text of a signed checkpoint of all dossiers, and its receipt."""
    refuse_administering(acting.by)
    ring = Keyring(acting.settings, now=acting.now)
    with acting.archive.reading() as session:
        keys = keys_of_house(session, ring, now=acting.now)
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
    ring = Keyring(opened.settings, now=opened.now)
    trust = trust_bundle(opened.session, ring, at=opened.now)
    checkpoint = checkpoints.read(text, trust, now=opened.now)
    found = checkpoints.compare(opened.session, checkpoint)
    return report.model_copy(update={"faults": (*report.faults, *found.faults)})
