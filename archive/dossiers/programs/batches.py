"""Lists that programs post: tried or carried out, and answered item by item.

A list that was carried out is known again: by its Idempotency-Key, else by its digest, and is
answered as it was the first time. Judging stands in batch_judging and in intake.judging.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.headers import Field
from archive.dossiers.intake.enrolling import append, fill_streets, take_turns
from archive.dossiers.intake.findings import Fault
from archive.dossiers.intake.judging import judge
from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.plan import WRITTEN
from archive.dossiers.intake.refusals import RowRepeatedError
from archive.dossiers.programs.batch_judging import Faults, Item, ItemReader
from archive.dossiers.programs.batch_models import PostedBatch
from archive.dossiers.programs.batch_refusals import (
    IdempotencyKeyUnfitError,
    IdempotencyKeyUsedError,
)
from archive.dossiers.programs.batch_splitting import Batch
from archive.dossiers.sealing import Source
from archive.dossiers.writing import Posting
from archive.people.access import may, refuse_posting
from archive.people.actors import Actor
from archive.people.models import Organisation
from archive.people.privacy import vault_of
from archive.texts import explained
from schemas.batches import BatchMode, BatchReport, ItemFinding, ItemResult
from schemas.ids import new_id
from schemas.outputs import FieldFault
from schemas.vocabulary import Permission, RowState, Severity, Way

LONGEST_KEY = 200
_KEY, _BODY = "idempotency_key", "posted_batch"
_OF_PERSON = frozenset({Field.NAME, Field.DOCUMENT_NUMBER, Field.DOCUMENT_TYPE, Field.STREET})
_NAMED = {Field.AWARD: "prize"}
"""Members of records that columns of files call otherwise."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a list is to be carried out."""

    mode: BatchMode = "good"
    key: str | None = None
    """The Idempotency-Key; None when there is none."""


def check(  # The list, whose, by which rules, who asks, when.
    session: Session,
    batch: Batch,
    organisation: Organisation,
    terms: Terms,
    *,
    faults: Faults,
    by: Actor,
    today: date,
) -> BatchReport:
    """Return what a list would do; nothing is written, no key is used up.

    Raises NotAllowedError, IdempotencyKeyUnfitError.
    """
    refuse_posting(by, organisation.id)
    _refuse_unfit(terms.key)
    items = _judged(session, batch, organisation.id, faults, by, today)
    return _report(batch, organisation, terms, items, committed=False)


def commit(
    session: Session,
    batch: Batch,
    organisation: Organisation,
    terms: Terms,
    *,
    faults: Faults,
    by: Actor,
    now: datetime,
    today: date,
) -> BatchReport:
    """Write what a list holds, or return what was answered when it came before.

    With mode “all” and a faulty item nothing is written, and the key stays free. Raises
    NotAllowedError, IdempotencyKeyUnfitError, IdempotencyKeyUsedError.
    """
    refuse_posting(by, organisation.id)
    _refuse_unfit(terms.key)
    take_turns(session, organisation.id)
    known = _known(session, batch, organisation.id, terms)
    if known is not None:
        told = BatchReport.model_validate_json(zlib.decompress(known.answer))
        again = {"replayed": True, "written": 0, "digest": batch.digest.hex()}
        return told.model_copy(update=again)
    items = _judged(session, batch, organisation.id, faults, by, today)
    if terms.mode == "all" and any(one.state is RowState.FAULTY for one in items):
        return _report(batch, organisation, terms, items, committed=False)
    batch_id = new_id()
    posting = Posting(organisation.id, by.id, now)
    written = _write(session, items, posting, batch_id, is_demo=organisation.is_demo)
    report = _report(batch, organisation, terms, items, committed=True, written=written)
    digests = (_digest(session, batch, terms), _key_digest(session, terms))
    _keep(session, batch_id, report, posting, digests)
    return report


def _refuse_unfit(key: str | None) -> None:
    if key is not None and not (1 <= len(key) <= LONGEST_KEY and key.isascii()):
        raise IdempotencyKeyUnfitError(longest=LONGEST_KEY)


def _known(
    session: Session, batch: Batch, organisation_id: UUID, terms: Terms
) -> PostedBatch | None:
    """Return the list that came before; raises IdempotencyKeyUsedError when it was another.

    Without a key a list of which some items were faulty is tried again: what was wrong with
    them may have been put right here.
    """
    mine = select(PostedBatch).where(col(PostedBatch.organisation_id) == organisation_id)
    digest = _digest(session, batch, terms)
    key = _key_digest(session, terms)
    if key is None:
        query = mine.where(col(PostedBatch.digest) == digest, col(PostedBatch.faulty) == 0)
        return session.exec(query.order_by(col(PostedBatch.posted_at).desc())).first()
    known = session.exec(mine.where(col(PostedBatch.key_digest) == key)).first()
    if known is not None and known.digest != digest:
        raise IdempotencyKeyUsedError
    return known


def _digest(session: Session, batch: Batch, terms: Terms) -> bytes:
    """Return a keyed digest: a list of one item could be guessed from a plain one."""
    return vault_of(session).digest(_BODY, f"{terms.mode}\0{batch.digest.hex()}")


def _key_digest(session: Session, terms: Terms) -> bytes | None:
    """Return the keyed digest of the key: a program may have made it of a person's number."""
    return None if terms.key is None else vault_of(session).digest(_KEY, terms.key)


def _judged(
    session: Session,
    batch: Batch,
    organisation_id: UUID,
    faults: Faults,
    by: Actor,
    today: date,
) -> list[Item]:
    reader = ItemReader(faults, today, may_tell_schemes=may(by, Permission.PROPOSE))
    items = [reader.read(one) for one in batch.items]
    sound = [one.candidate for one in items if not one.form]
    judge(session, organisation_id, sound, today=today)
    return items


def _write(
    session: Session, items: Sequence[Item], posting: Posting, batch_id: UUID, *, is_demo: bool
) -> int:
    """Append the records, and note their identifiers; return how many."""
    candidates = [one.candidate for one in items]
    rows = [
        (one.candidate, _source(one, batch_id)) for one in items if one.candidate.state in WRITTEN
    ]
    begun = append(session, rows, posting, is_demo=is_demo)
    _name_repeated(candidates)
    fill_streets(session, candidates, begun, posting.now)
    return len(rows)


def _source(item: Item, batch_id: UUID) -> Source:
    reference = f"{batch_id}/{item.raw.number}"
    return Source(way=Way.API, reference=reference, digest=item.raw.digest)


def _name_repeated(candidates: Sequence[Candidate]) -> None:
    """Tell of an item that stands twice the record of the first."""
    by_row = {one.row: one.record_id for one in candidates}
    for one in candidates:
        for fault in one.faults:
            if isinstance(fault.refusal, RowRepeatedError):
                one.record_id = by_row[int(str(fault.refusal.facts["row"]))]


def _keep(
    session: Session,
    batch_id: UUID,
    report: BatchReport,
    posting: Posting,
    digests: tuple[bytes, bytes | None],
) -> None:
    told = report.model_copy(update={"digest": ""})
    session.add(
        PostedBatch(
            id=batch_id,
            organisation_id=posting.organisation_id,
            key_digest=digests[1],
            digest=digests[0],
            items=len(report.items),
            faulty=report.counts[RowState.FAULTY],
            written=report.written,
            answer=zlib.compress(told.model_dump_json().encode()),
            posted_by=posting.by,
            posted_at=posting.now,
        )
    )
    session.flush()


def _report(
    batch: Batch,
    organisation: Organisation,
    terms: Terms,
    items: Sequence[Item],
    *,
    committed: bool,
    written: int = 0,
) -> BatchReport:
    results = tuple(_result(one) for one in items)
    states = Counter(one.state for one in results)
    return BatchReport(
        organisation=organisation.code,
        digest=batch.digest.hex(),
        mode=terms.mode,
        committed=committed,
        counts={state: states[state] for state in RowState},
        written=written,
        items=results,
    )


def _result(item: Item) -> ItemResult:
    return ItemResult(
        item=item.raw.number,
        line=item.raw.line,
        state=item.state,
        record_id=item.candidate.record_id,
        findings=tuple(_findings(item.form, item.candidate.faults)),
    )


def _findings(form: Iterable[FieldFault], faults: Iterable[Fault]) -> Iterator[ItemFinding]:
    for fault in form:
        yield ItemFinding(
            severity=Severity.ERROR,
            code=fault.code,
            pointer="".join(f"/{part}" for part in fault.field.split(".") if part),
            message=fault.messages,
        )
    for one in sorted(faults, key=lambda one: not one.is_error):
        yield ItemFinding(
            severity=one.severity,
            code=one.refusal.code,
            pointer=_pointer(one.field),
            message=explained(one.refusal),
        )


def _pointer(of: Field | None) -> str:
    if of is None:
        return ""
    name = _NAMED.get(of, of.value)
    return f"/{name}" if of in _OF_PERSON else f"/record/{name}"
