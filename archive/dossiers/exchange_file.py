"""A file of another credit bank, read item by item: each by itself, so that one wrong item is one.

What an item becomes stands in exchange_reading; what it would do, in exchange_import.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from archive.dossiers import exchange
from archive.dossiers.exchange import Sent
from archive.dossiers.exchange_reading import ItemReader
from archive.dossiers.exchange_refusals import (
    ExchangeCertificateUnclearError,
    ExchangeComesBackError,
    ExchangeHolderMissingError,
    ExchangeTwiceError,
)
from archive.dossiers.records import as_kept, refuse_future
from archive.people import look_ups, organisations
from archive.people.identity import read_document
from archive.texts import explained
from schemas.contracts import Contract, Line
from schemas.exchange import (
    ExchangeCertificate,
    ExchangeCredit,
    ExchangeFinding,
    ExchangeTraining,
)
from schemas.outputs import FieldFault
from schemas.records import Certificate, Training
from schemas.refusals import Refusal
from schemas.vocabulary import RowState, Severity

Faults = Callable[[ValidationError], tuple[FieldFault, ...]]
"""Says what is wrong with the form of a value: the doors know how."""


class _Holder(Contract):
    """One person's three lists, whose items are not read yet."""

    archive_number: Line | None = None
    document_number: Line | None = None
    credits: tuple[dict[str, Any], ...] = ()
    trainings: tuple[dict[str, Any], ...] = ()
    certificates: tuple[dict[str, Any], ...] = ()


class _File(Contract):
    """A file whose items are not read yet."""

    format: Literal["skills-archive/exchange/1"] = "skills-archive/exchange/1"
    holders: tuple[_Holder, ...]


@dataclass(slots=True)
class Item:
    """An item: where it stands, what it says, what it would do, what speaks against it."""

    place: str
    title: str
    worker_id: UUID | None = None
    record: Training | Certificate | None = None
    state: RowState = RowState.FAULTY
    record_id: UUID | None = None
    is_ours: bool = False
    """Whether it came from here and is on file just like this."""
    findings: list[ExchangeFinding] = field(default_factory=list)

    @property
    def is_faulty(self) -> bool:
        """Whether it cannot be taken."""
        return any(one.severity is Severity.ERROR for one in self.findings)

    def fault(self, refusal: Refusal, severity: Severity = Severity.ERROR) -> None:
        """Keep what speaks against it."""
        self.findings.append(finding_of(self.place, refusal, severity))


class FileReader:
    """Reads a file; keeps what is wrong with it as a whole, and with whose lists they are."""

    def __init__(self, session: Session, scheme: str, faults: Faults, today: date) -> None:
        """Take the other bank's code, and who words faults of form."""
        self._session, self._faults, self._today = session, faults, today
        ours = {one.name: one.code for one in organisations.listed(session)}
        self._reader = ItemReader(scheme, ours)
        self._seen: dict[str, str] = {}
        self._sent: dict[UUID, Mapping[Sent, UUID]] = {}
        self.findings: list[ExchangeFinding] = []

    def items(self, told: Mapping[str, Any]) -> list[Item]:
        """Return every item; a training that brought credits stands among the credits."""
        try:
            file = _File.model_validate(told)
        except ValidationError as invalid:
            self.findings += [_misformed(one.field, one) for one in self._faults(invalid)]
            return []
        found: list[Item] = []
        for place, holder in enumerate(file.holders):
            at = f"holders.{place}"
            found += self._of_holder(at, holder, self._whose(at, holder))
        return found

    def _whose(self, at: str, holder: _Holder) -> UUID | None:
        try:
            return self._worker(holder)
        except Refusal as refusal:
            self.findings.append(finding_of(at, refusal))
            return None

    def _worker(self, holder: _Holder) -> UUID:
        if holder.archive_number:
            return look_ups.worker_numbered(self._session, holder.archive_number).worker_id
        if holder.document_number:
            document = read_document(holder.document_number, today=self._today)
            return look_ups.worker_with_document(self._session, document).worker_id
        raise ExchangeHolderMissingError

    def _of_holder(self, at: str, holder: _Holder, worker_id: UUID | None) -> Iterator[Item]:
        credited = {one.get("outer_id") for one in holder.credits}
        for place, one in enumerate(holder.credits):
            yield self._item(f"{at}.credits.{place}", one, "course_name", worker_id)
        for place, one in enumerate(holder.trainings):
            if one.get("outer_id") not in credited:
                yield self._item(f"{at}.trainings.{place}", one, "project", worker_id)
        for place, one in enumerate(holder.certificates):
            yield self._item(f"{at}.certificates.{place}", one, "name", worker_id)

    def _item(self, place: str, told: dict[str, Any], called: str, worker_id: UUID | None) -> Item:
        """Return one item, read by the rules of its list."""
        title = told.get(called)
        item = Item(place, title if isinstance(title, str) else "", worker_id)
        try:
            self._read(item, told)
        except ExchangeCertificateUnclearError as unclear:
            item.fault(unclear, Severity.WARNING)
        except Refusal as refusal:
            item.fault(refusal)
        except ValidationError as invalid:
            item.findings += [
                _misformed(f"{place}.{one.field}", one) for one in self._faults(invalid)
            ]
        return item

    def _read(self, item: Item, told: dict[str, Any]) -> None:
        sent, read = self._sent_as(item.place, told)
        before = self._seen.setdefault(sent.outer_id, item.place)
        if before != item.place:
            raise ExchangeTwiceError(place=before)
        try:
            record = read()
        except ExchangeComesBackError:
            self._recognise(item, sent)
            return
        refuse_future(record, self._today)
        kept = as_kept(record)
        if isinstance(kept, Training | Certificate):
            item.record = kept

    def _sent_as(
        self, place: str, told: dict[str, Any]
    ) -> tuple[Sent, Callable[[], Training | Certificate]]:
        match place.split(".")[2]:
            case "credits":
                credit = ExchangeCredit.model_validate(told, strict=False)
                return credit, lambda: self._reader.credit(credit)
            case "trainings":
                training = ExchangeTraining.model_validate(told, strict=False)
                return training, lambda: self._reader.training(training)
            case _:
                certificate = ExchangeCertificate.model_validate(told, strict=False)
                return certificate, lambda: self._reader.certificate(certificate)

    def _recognise(self, item: Item, sent: Sent) -> None:
        """Let pass what went out from here and comes back unchanged: it is on file.

        Raises ExchangeComesBackError for anything else that names one of our organisations.
        """
        if item.worker_id is None:
            raise self._reader.comes_back(sent.institution)
        if item.worker_id not in self._sent:
            known = exchange.sent_of(self._session, item.worker_id, today=self._today)
            self._sent[item.worker_id] = known
        record_id = self._sent[item.worker_id].get(sent)
        if record_id is None:
            raise self._reader.comes_back(sent.institution)
        item.is_ours, item.state, item.record_id = True, RowState.SAME, record_id


def finding_of(
    place: str, refusal: Refusal, severity: Severity = Severity.ERROR
) -> ExchangeFinding:
    """Return what a refusal says of a place in the file."""
    return ExchangeFinding(
        place=place, severity=severity, code=refusal.code, message=explained(refusal)
    )


def _misformed(place: str, found: FieldFault) -> ExchangeFinding:
    return ExchangeFinding(
        place=place.rstrip("."),
        severity=Severity.ERROR,
        code=found.code,
        message=found.messages,
    )
