"""All ledgers as one text that an independent program can check, written piece by piece."""

import hashlib
from collections.abc import Callable, Iterator
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people.models import Worker
from credit_bank.exporting import Written, ledger_text, preamble
from credit_bank.publishing import rule_book
from credit_bank.stored import stored_rows
from schemas.proofs import ExportReceipt

_BATCH = 200
_TITLE = "Skills Archive: credit bank"
FORMAT = "beancount"


def export(
    session: Session, write: Callable[[bytes], object], worker_id: UUID | None = None
) -> ExportReceipt:
    """Write every ledger, or one, and return what was written.

    The session must see one state of the archive until it ends.
    """
    digest, size = hashlib.sha256(), 0
    whole = list[Written]()

    def put(text: str) -> None:
        nonlocal size
        piece = text.encode()
        digest.update(piece)
        size += len(piece)
        write(piece)

    put(preamble(_TITLE))
    for written in _ledgers(session, worker_id):
        put(written.text)
        written.text = ""
        whole.append(written)
    return ExportReceipt(
        format=FORMAT,
        workers=len(whole),
        transactions=sum(one.transactions for one in whole),
        assertions=sum(one.assertions for one in whole),
        first_on=min((one.first_on for one in whole if one.first_on), default=None),
        last_on=max((one.last_on for one in whole if one.last_on), default=None),
        sha256=digest.hexdigest(),
        size_bytes=size,
    )


def _ledgers(session: Session, worker_id: UUID | None) -> Iterator[Written]:
    query = select(Worker.worker_id, Worker.archive_number).order_by(col(Worker.worker_id))
    if worker_id is not None:
        query = query.where(col(Worker.worker_id) == worker_id)
    workers, rules = list(session.exec(query)), rule_book(session)
    for at in range(0, len(workers), _BATCH):
        numbers = dict(workers[at : at + _BATCH])
        for whose, rows in stored_rows(session, list(numbers)).items():
            yield ledger_text(numbers[whose], rows, rules)
        session.expunge_all()  # What is written is not needed again, and there is much of it.
