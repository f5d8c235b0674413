"""Where the rows of a record came from: organisation, account, moment, way, file, row, digest.

What is sealed with a record (the file's name, the way) goes with the person's key; the rest
stands in clear and is told for ever.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.models import IntakeBatch, Record
from archive.dossiers.sealing import Source, unseal
from archive.dossiers.titles import organisation_view
from archive.errors import UnknownRecordError
from archive.people import organisations
from archive.people.access import may_all
from archive.people.actors import Actor
from archive.people.look_ups import worker_known_as
from archive.people.models import Account, Organisation
from archive.people.privacy import vault_of
from credit_bank.models import ChainLink, is_link_of
from schemas.provenance import ProvenanceLine, ProvenanceView
from schemas.vocabulary import Permission, Way


class _Known(NamedTuple):
    """What the rows refer to."""

    bodies: Mapping[UUID, Organisation]
    accounts: Mapping[UUID, Account]
    digests: Mapping[UUID, bytes]
    """Of files, by batch."""


def provenance(session: Session, worker_id: UUID, record_id: UUID, *, by: Actor) -> ProvenanceView:
    """Return where a record of a worker came from, named by any of its rows.

    Whether the asker may see the record is the door's to have asked; who posted it is told by
    name to the bureau and to the organisation itself. Raises UnknownRecordError.
    """
    rows = _rows(session, worker_id, record_id)
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    known = _known(session, rows)
    sources = [unseal(key, row.sealed).source if key else None for row in rows]
    return ProvenanceView(
        record_id=rows[0].original_id,
        archive_number=worker_known_as(session, worker_id).archive_number,
        kind=rows[0].kind,
        is_closed=key is None,
        lines=tuple(
            _line(row, source, known, by) for row, source in zip(rows, sources, strict=True)
        ),
    )


def _rows(session: Session, worker_id: UUID, record_id: UUID) -> Sequence[Record]:
    mine = col(Record.worker_id) == worker_id
    named = select(Record.original_id).where(mine, col(Record.id) == record_id).scalar_subquery()
    query = (
        select(Record)
        .join(ChainLink, is_link_of(Record, "record"))
        .where(mine, col(Record.original_id) == named)
        .order_by(col(ChainLink.sequence))
    )
    rows = session.exec(query).all()
    if not rows:
        raise UnknownRecordError
    return rows


def _known(session: Session, rows: Sequence[Record]) -> _Known:
    batches = select(IntakeBatch.id, IntakeBatch.digest).where(
        col(IntakeBatch.id).in_({row.batch_id for row in rows if row.batch_id})
    )
    accounts = select(Account).where(col(Account.id).in_({row.recorded_by for row in rows}))
    return _Known(
        organisations.by_id(session, {row.organisation_id for row in rows}),
        {one.id: one for one in session.exec(accounts)},
        dict(session.exec(batches).all()),
    )


def _line(row: Record, source: Source | None, known: _Known, by: Actor) -> ProvenanceLine:
    account = known.accounts[row.recorded_by]
    is_own = by.organisation_id is not None and by.organisation_id == row.organisation_id
    of_file = Way.FILE if row.batch_id else None
    digest = known.digests.get(row.batch_id) if row.batch_id else None
    return ProvenanceLine(
        version_id=row.id,
        act=row.act,
        organisation=organisation_view(known.bodies[row.organisation_id]),
        role=account.role,
        account=account.name if is_own or may_all(by, Permission.READ_RECORD) else None,
        recorded_at=row.recorded_at,
        way=source.way if source else of_file,
        reference=source.reference if source else None,
        file_name=source.file_name if source else None,
        row=row.row,
        digest=digest.hex() if digest else source.digest if source else None,
        batch_id=row.batch_id,
    )
