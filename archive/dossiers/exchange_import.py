"""Importing what another credit bank tells: all is checked first, then all written or nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from archive.dossiers.barred import Gate
from archive.dossiers.exchange_reading import ItemReader
from archive.dossiers.exchange_refusals import (
    ExchangeCertificateUnclearError,
    ExchangeHolderMissingError,
    ExchangeTwiceError,
)
from archive.dossiers.records import as_kept, refuse_future
from archive.dossiers.sealing import content_digest, identity_digest, source_of, written
from archive.dossiers.shelves import Shelf, shelves_of
from archive.dossiers.titles import title_of
from archive.dossiers.writing import Posting, writing
from archive.people import look_ups, organisations, schemes
from archive.people.access import refuse_proposing
from archive.people.accreditation_refusals import NotAccreditedError
from archive.people.actors import Actor
from archive.people.identity import read_document
from archive.people.models import Organisation
from archive.people.privacy import vault_of
from archive.texts import explained
from schemas.exchange import (
    ExchangeFile,
    ExchangeFinding,
    ExchangeHolder,
    ExchangeItem,
    ExchangeReport,
)
from schemas.outputs import FieldFault
from schemas.records import Certificate, Training
from schemas.refusals import Refusal
from schemas.vocabulary import Act, RowState, Severity, Way

Faults = Callable[[ValidationError], tuple[FieldFault, ...]]
"""Says what is wrong with the form of a file: the doors know how."""


class _Item(NamedTuple):
    """An item that was read: whose record it is, and where it stands."""

    place: str
    worker_id: UUID
    record: Training | Certificate


def bring_in(  # noqa: PLR0913  # What, from whom, for whom, how told, by whom, when.
    session: Session,
    told: Mapping[str, Any],
    *,
    scheme: str,
    organisation: Organisation,
    commit: bool,
    faults: Faults,
    by: Actor,
    now: datetime,
    today: date,
) -> ExchangeReport:
    """Check a file of another credit bank and, if nothing is wrong and it is asked for, write it.

    The same file again changes nothing. Raises NotAllowedError for others than the bureau,
    UnknownSchemeError, and what the writer refuses.
    """
    refuse_proposing(by)
    known = schemes.coded(session, scheme)
    reading = _Reading(session, known.code, today)
    try:
        items = reading.items(ExchangeFile.model_validate(told, strict=False))
    except ValidationError as invalid:
        items = []
        reading.findings += [_fault(one) for one in faults(invalid)]
    reading.findings += _kept_out(session, items, organisation.id)
    is_clean = all(one.severity is not Severity.ERROR for one in reading.findings)
    if commit and is_clean:
        source = source_of(Way.EXCHANGE, told, reference=known.code)
        done = _written(session, items, Posting(organisation.id, by.id, now, source))
    else:
        done = _foreseen(session, items, organisation.id)
    return ExchangeReport(
        scheme=known.code,
        organisation=organisation.code,
        committed=commit and is_clean,
        counts=dict(Counter(one.state for one in done)),
        findings=tuple(reading.findings),
        items=tuple(done),
    )


class _Reading:
    """Reads a file item by item and keeps everything that is wrong."""

    def __init__(self, session: Session, scheme: str, today: date) -> None:
        self._session, self._today = session, today
        ours = {one.name: one.code for one in organisations.listed(session)}
        self._reader = ItemReader(scheme, ours)
        self._seen: dict[str, str] = {}
        self.findings: list[ExchangeFinding] = []

    def items(self, file: ExchangeFile) -> list[_Item]:
        """Return the items that can be taken; a training that brought credits stands there."""
        found: list[_Item] = []
        for place, holder in enumerate(file.holders):
            at = f"holders.{place}"
            worker_id = self._tried(at, self._holder, holder)
            found += self._of_holder(at, holder, worker_id)
        return found

    def _of_holder(
        self, at: str, holder: ExchangeHolder, worker_id: UUID | None
    ) -> Iterator[_Item]:
        credited = {one.outer_id for one in holder.credits}
        readers = (
            *(
                (f"{at}.credits.{place}", one.outer_id, self._reader.credit, one)
                for place, one in enumerate(holder.credits)
            ),
            *(
                (f"{at}.trainings.{place}", one.outer_id, self._reader.training, one)
                for place, one in enumerate(holder.trainings)
                if one.outer_id not in credited
            ),
            *(
                (f"{at}.certificates.{place}", one.outer_id, self._reader.certificate, one)
                for place, one in enumerate(holder.certificates)
            ),
        )
        for place, outer_id, read, item in readers:
            record = self._tried(place, self._read, place, outer_id, read, item)
            if record is not None and worker_id is not None:
                yield _Item(place, worker_id, record)

    def _read(self, place: str, outer_id: str, read: Any, item: Any) -> Any:  # noqa: ANN401  # Each list has its reader.
        before = self._seen.setdefault(outer_id, place)
        if before != place:
            raise ExchangeTwiceError(place=before)
        record = read(item)
        refuse_future(record, self._today)
        return as_kept(record)

    def _holder(self, holder: ExchangeHolder) -> UUID:
        if holder.archive_number:
            return look_ups.worker_numbered(self._session, holder.archive_number).worker_id
        if holder.document_number:
            document = read_document(holder.document_number, today=self._today)
            return look_ups.worker_with_document(self._session, document).worker_id
        raise ExchangeHolderMissingError

    def _tried(self, place: str, act: Callable[..., Any], *told: object) -> Any:  # noqa: ANN401  # Whatever the act returns.
        """Return what an act returns; keep why it was refused, and return None then."""
        try:
            return act(*told)
        except Refusal as refusal:
            unclear = isinstance(refusal, ExchangeCertificateUnclearError)
            finding = ExchangeFinding(
                place=place,
                severity=Severity.WARNING if unclear else Severity.ERROR,
                code=refusal.code,
                message=explained(refusal),
            )
            self.findings.append(finding)
            return None


def _fault(found: FieldFault) -> ExchangeFinding:
    return ExchangeFinding(
        place=found.field, severity=Severity.ERROR, code=found.code, message=found.messages
    )


def _written(session: Session, items: list[_Item], posting: Posting) -> list[ExchangeItem]:
    done = []
    with writing(session, [one.worker_id for one in items]) as writer:
        for one in items:
            added = writer.add(one.worker_id, one.record, posting)
            done.append(_item(one, added.state, added.record_id))
    return done


def _kept_out(
    session: Session, items: list[_Item], organisation_id: UUID
) -> Iterator[ExchangeFinding]:
    """Yield what the organisation that vouches is not accredited for."""
    gate, vault = Gate(session), vault_of(session)
    shelves = shelves_of(session, list({one.worker_id for one in items}))
    for place, worker_id, record in items:
        known = shelves[worker_id].find(identity_digest(vault, worker_id, organisation_id, record))
        try:
            gate.refuse(record, organisation_id, known_day=known.effective_on if known else None)
        except NotAccreditedError as refusal:
            yield ExchangeFinding(
                place=place,
                severity=Severity.ERROR,
                code=refusal.code,
                message=explained(refusal),
            )


def _foreseen(session: Session, items: list[_Item], organisation_id: UUID) -> list[ExchangeItem]:
    """Return what writing the items would do."""
    shelves = shelves_of(session, list({one.worker_id for one in items}))
    return [
        _item(one, _state(session, one, organisation_id, shelves[one.worker_id])) for one in items
    ]


def _item(one: _Item, state: RowState, record_id: UUID | None = None) -> ExchangeItem:
    title = title_of(one.record)
    return ExchangeItem(place=one.place, title=title, state=state, record_id=record_id)


def _state(session: Session, one: _Item, organisation_id: UUID, shelf: Shelf) -> RowState:
    vault = vault_of(session)
    known = shelf.find(identity_digest(vault, one.worker_id, organisation_id, one.record))
    if known is None:
        return RowState.NEW
    same = known.content == content_digest(vault, one.worker_id, written(one.record))
    return RowState.SAME if same and known.act is not Act.WITHDRAW else RowState.CHANGED
