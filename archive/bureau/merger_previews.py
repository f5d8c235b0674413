"""What a merger would do, shown before anyone proposes it: nothing is written, nothing locked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from archive.bureau.mergers import both_named
from archive.dossiers import reading
from archive.dossiers.merging import Deed, Joined, carry
from archive.dossiers.opened import Opened
from archive.dossiers.writing import DossierWriter
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.identity import IdentityDocument, birth_date
from archive.people.models import Worker
from archive.people.names import masked_name, same_name
from credit_bank.book import Book
from credit_bank.cases import Case
from credit_bank.glancing import glances
from schemas.credits import as_credits
from schemas.dossiers import DossierView, RecordView
from schemas.mergers import MergedRecord, MergerPreview, PersonSide
from schemas.vocabulary import Account, CaseAct, Family, Permission

_NEGATIVE = frozenset({Account.ISSUED, Account.OWED})
Earned = Mapping[UUID, tuple[int, str | None]]
"""By record: what it earns in all, and why; None when no rule covers it."""


def preview(
    session: Session,
    closing: str,
    into: str,
    *,
    by: Actor,
    now: datetime,
    today: date,
    zone: ZoneInfo,
) -> MergerPreview:
    """Return what merging the dossier of one archive number into another's would do.

    Raises NotAllowedError, UnknownWorkerError, MergeWithItselfError, ErasedError,
    MergerWaitsError, MergerUncoveredError.
    """
    refuse(by, Permission.MERGE_DOSSIERS)
    one, other = both_named(session, closing, into)
    sides = [_dossier(session, each, today, zone) for each in (one, other)]
    pair = [one.worker_id, other.worker_id]
    writer = DossierWriter(session, glances(session, pair), Opened().take(session, pair))
    before = [_earned(writer.book(each)) for each in pair]
    deed = Deed(by.id, now, zone, b"")
    joined = carry(session, writer, one.worker_id, other.worker_id, deed)
    survivor = writer.book(other.worker_id)
    records = (
        *_carried(sides[0], joined, before[0], _earned(survivor)),
        *_changed(sides[1], before[1], _earned(survivor)),
    )
    return MergerPreview(
        closing=_side(sides[0]),
        survivor=_side(sides[1]),
        is_same_name=_is_same_name(*sides),
        is_same_birth=_is_same_birth(*(_born_on(session, each) for each in pair)),
        records=tuple(sorted(records, key=_in_order)),
        uses=sum(_came(one) for one in survivor.cases.values()),
        balances={one: as_credits(_shown(survivor, one)) for one in Account},
    )


def _came(case: Case) -> bool:
    return case.carried_from is not None and case.last is CaseAct.ACCEPT


def _dossier(session: Session, worker: Worker, today: date, zone: ZoneInfo) -> DossierView:
    return reading.dossier(session, worker.worker_id, today=today, zone=zone)


def _side(view: DossierView) -> PersonSide:
    return PersonSide(
        archive_number=view.archive_number,
        name_masked=masked_name(view.name),
        former_names_masked=tuple(masked_name(name) for name in view.former_names),
        document_type=view.document_type,
        document_number_masked=view.document_number_masked,
        records=sum(not one.is_withdrawn for one in view.records),
        balances=view.balances,
    )


def _is_same_name(one: DossierView, other: DossierView) -> bool:
    return any(
        same_name(name, known)
        for name in (one.name, *one.former_names)
        for known in (other.name, *other.former_names)
    )


def _born_on(session: Session, worker_id: UUID) -> date | None:
    """Return the day of birth that the document tells, or that was recorded with it."""
    told = reading.learner(session, worker_id).identity
    return birth_date(IdentityDocument(told.document_type, told.document_number)) or told.born_on


def _is_same_birth(one: date | None, other: date | None) -> bool | None:
    return None if one is None or other is None else one == other


def _earned(book: Book) -> Earned:
    units: dict[UUID, int] = defaultdict(int)
    reasons: dict[UUID, str] = {}
    for (lineage, family), series in book.series.items():
        if series.is_grant and lineage in book.outcomes:
            units[lineage] += series.units
            if family is not Family.AGREEMENT:
                reasons[lineage] = series.reason
    return {lineage: (units[lineage], reasons.get(lineage)) for lineage in units}


def _carried(
    view: DossierView, joined: Joined, before: Earned, after: Earned
) -> Iterator[MergedRecord]:
    """Yield the records that come from the dossier that closes."""
    came = {one.origin_id: one for one in joined.carried}
    for record in _standing(view):
        one = came[record.id]
        yield _line(record, before.get(record.id), after.get(one.record_id)).model_copy(
            update={
                "is_carried": True,
                "is_double": one.is_double,
                "is_changed": one.is_changed,
            }
        )


def _changed(view: DossierView, before: Earned, after: Earned) -> Iterator[MergedRecord]:
    """Yield the records of the surviving dossier that would earn something else."""
    for record in _standing(view):
        if before.get(record.id) != after.get(record.id):
            yield _line(record, before.get(record.id), after.get(record.id))


def _standing(view: DossierView) -> Iterable[RecordView]:
    return (record for record in view.records if not record.is_withdrawn)


def _line(
    record: RecordView, before: tuple[int, str | None] | None, after: tuple[int, str | None] | None
) -> MergedRecord:
    return MergedRecord(
        record_id=record.id,
        title=record.title,
        kind=record.record.kind,
        organisation=record.organisation.name,
        effective_on=record.effective_on,
        is_carried=False,
        before=as_credits(before[0] if before else 0),
        after=as_credits(after[0] if after else 0),
        reason=after[1] if after else None,
    )


def _in_order(line: MergedRecord) -> tuple[bool, date]:
    return (not line.is_carried, line.effective_on or date.min)


def _shown(book: Book, account: Account) -> int:
    return -book.balance(account) if account in _NEGATIVE else book.balance(account)
