"""Which posted files are forgotten with a worker who is erased: those that told of the worker.

They are kept a month for their trainer, with the rows as they were sent. Files by their age are
forgotten in kept_files.py.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.intake.run_models import IntakeRun
from archive.dossiers.intake.runs import OPEN
from archive.dossiers.models import Record
from schemas.vocabulary import RunState


def files_of(session: Session, worker_id: UUID) -> list[UUID]:
    """Return the files that wrote records of a worker, whether they are still kept or not.

    One that is just being written, or undone, is read until that is over.
    """
    batches = select(Record.batch_id).where(
        col(Record.worker_id) == worker_id, col(Record.batch_id).is_not(None)
    )
    told = select(IntakeRun.file_id).where(
        col(IntakeRun.id).in_(batches), col(IntakeRun.state).not_in([*OPEN, RunState.UNDOING])
    )
    return list(session.exec(told))
