"""What issued documents are found by, told once more for a new key of look-ups."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people.index_rotation import VALUES
from archive.people.look_ups import Sought
from archive.people.privacy import vault_of
from archive.transcripts.models import Transcript, TranscriptFile
from archive.transcripts.payload import read_payload
from archive.transcripts.register import SEALED, code_sought, file_sought


def values_of(session: Session, whose: Sequence[UUID]) -> Iterable[Sought]:
    """Return the codes and the files of all documents of some workers.

    The code of one whose key was destroyed is told by nobody; the file's digest is.
    """
    keys = vault_of(session).keys_to_prove(whose)
    files = select(TranscriptFile.sha256).where(col(TranscriptFile.worker_id).in_(whose))
    yield from (file_sought(sha256) for sha256 in session.exec(files))
    issued = select(Transcript.worker_id, Transcript.sealed).where(
        col(Transcript.worker_id).in_(list(keys))
    )
    for worker_id, sealed in session.exec(issued):
        payload = read_payload(keys[worker_id].open(SEALED, sealed))
        if payload is not None:
            yield code_sought(payload.code)


VALUES.append(values_of)
