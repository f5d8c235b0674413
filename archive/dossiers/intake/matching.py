"""What the rows of a file would do: compared with the archive, and with one another.

Everything is looked up in bulk before the first row is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.barred import Gate, IssuerSuspendedError, refuse_barred
from archive.dossiers.claims import claims_of
from archive.dossiers.errors import (
    OuterIdTakenError,
    PostingClosedError,
    RecordWithdrawnError,
)
from archive.dossiers.headers import Field
from archive.dossiers.intake.findings import Fault
from archive.dossiers.intake.reading import Person
from archive.dossiers.intake.refusals import (
    NameDiffersError,
    NameDiffersInFileError,
    NameFormerError,
    NumberSharedError,
    NumberTwiceError,
    RecordChangesError,
    RowContradictsError,
    RowRepeatedError,
    StreetUnknownError,
)
from archive.dossiers.keying import Keying
from archive.dossiers.names_on_file import KnownNames, names_of
from archive.dossiers.sealing import content_digest, identity_digest, written
from archive.dossiers.shelves import Version, shelves_of
from archive.people import streets
from archive.people.accreditation_refusals import NotAccreditedError
from archive.people.look_ups import Claim, document_claim, held_by, holders
from archive.people.names import same_name
from archive.people.privacy import vault_of
from credit_bank.issuers import suspensions
from credit_bank.publishing import rule_book
from schemas.careers import Education
from schemas.ids import new_id
from schemas.records import Record as AnyRecord
from schemas.records import Training
from schemas.refusals import Refusal
from schemas.vocabulary import Act, RowState, Severity


@dataclass(slots=True)
class Candidate:
    """A row on its way: what it says, what is wrong with it, what it would do."""

    row: int
    person: Person | None
    record: AnyRecord | None
    faults: list[Fault] = field(default_factory=list)
    state: RowState = RowState.FAULTY
    worker_id: UUID | None = None
    """Whose dossier; for a new person the id that their dossier gets."""
    is_new_person: bool = False
    street: str | None = None
    """The street as it is written; None when the row tells none."""
    street_office_id: UUID | None = None
    """Its office, when there is one of that name."""
    record_id: UUID | None = None
    """The record that is on file already; None for a new one."""

    @property
    def is_faulty(self) -> bool:
        """Whether the row cannot be written."""
        return any(fault.is_error for fault in self.faults)

    def fault(self, refusal: Refusal, of: Field | None = None) -> None:
        """Keep an error."""
        self.faults.append(Fault(refusal, of))

    def warn(self, refusal: Refusal, of: Field | None = None) -> None:
        """Keep a warning."""
        self.faults.append(Fault(refusal, of, Severity.WARNING))


@dataclass(slots=True)
class Said:
    """What the rows of a file said so far, so that it can be judged some rows at a time.

    Handed from one part of a file to the next, in order, it makes the parts tell what the
    whole would, whether or not the earlier parts were written meanwhile. A row may be
    judged again after an attempt that failed: no row repeats or contradicts itself.
    """

    people: dict[Claim, tuple[UUID, int, str]] = field(default_factory=dict)
    """New people: the id that their dossier gets, the first row of each, the name in it."""
    claimed: dict[Claim, tuple[UUID, int]] = field(default_factory=dict)
    """Certificate numbers and outer identifiers: whose, and the first row of each."""
    numbers: dict[str, tuple[UUID, int]] = field(default_factory=dict)
    """Numbers of papers that are not kept apart by them: whose, and the first row of each."""
    records: dict[bytes, tuple[AnyRecord, int]] = field(default_factory=dict)
    """Records by their identity, and the first row of each."""
    let_go: dict[tuple[str, bytes], UUID] = field(default_factory=dict)
    """What records claimed that rows of the file change: for this file it stays theirs."""


def match(
    session: Session,
    organisation_id: UUID,
    candidates: Sequence[Candidate],
    *,
    today: date,
    said: Said | None = None,
) -> None:
    """Tell of each row whose it is, what it would do, and what speaks against it.

    ``said`` is what earlier rows of the file said; what these rows say is added to it.
    """
    matching = _Matching(session, organisation_id, candidates, today, said or Said())
    _find_streets(session, candidates)
    for candidate in candidates:
        if candidate.person is not None:
            matching.judge_person(candidate, candidate.person)
        if candidate.record is not None and candidate.worker_id and not candidate.is_faulty:
            matching.judge_record(candidate, candidate.record, candidate.worker_id)
        if candidate.is_faulty:
            candidate.state = RowState.FAULTY
    matching.keep_let_go()


def _find_streets(session: Session, candidates: Sequence[Candidate]) -> None:
    """Find the street office that each row names; an unknown one is no reason to refuse it."""
    if not any(one.street for one in candidates):
        return
    known = streets.offices_by_word(session)
    for candidate in candidates:
        if candidate.street is None:
            continue
        candidate.street_office_id = known.get(streets.plain(candidate.street))
        if candidate.street_office_id is None:
            candidate.warn(StreetUnknownError(), Field.STREET)


class _Matching:
    """What was looked up for some rows of a file, and what its rows said so far."""

    def __init__(
        self,
        session: Session,
        organisation_id: UUID,
        candidates: Sequence[Candidate],
        today: date,
        said: Said,
    ) -> None:
        self._session = session
        self._vault = vault_of(session)
        self._organisation_id = organisation_id
        self._said = said
        self._decisions = [
            one for one in suspensions(session).values() if one.first.issuer_id == organisation_id
        ]
        self._keying = Keying(self._vault, rule_book(session), today)
        self._gate = Gate(session)
        people = {one.person.document for one in candidates if one.person}
        self._documents = {one: document_claim(session, one) for one in people}
        claims = [
            claim
            for one in candidates
            if one.record
            for claim, _ in claims_of(session, organisation_id, one.record)
        ]
        self._held = holders(session, [*self._documents.values(), *claims])
        known = sorted(
            {row.worker_id for row in map(self._held.get, self._documents.values()) if row}
        )
        self._keys = self._vault.keys_of(known)
        self._names = names_of(session, known, self._keys)
        self._shelves = shelves_of(session, known)
        self._changed: list[tuple[UUID, UUID]] = []

    def keep_let_go(self) -> None:
        """Remember what the records claim that the rows would change."""
        for row in held_by(self._session, self._changed):
            self._said.let_go[row.purpose, row.digest] = row.worker_id

    def judge_person(self, candidate: Candidate, person: Person) -> None:
        """Find the dossier, or the new person of the file, and compare the names."""
        claim = self._documents[person.document]
        held = self._held.get(claim)
        begun = self._said.people.get(claim)
        if held is None or (begun and begun[0] == held.worker_id):
            self._judge_new_person(candidate, person, claim)
        if held is None:
            return
        candidate.worker_id, candidate.is_new_person = held.worker_id, False
        names = self._names.get(held.worker_id)
        if held.worker_id not in self._keys or names is None:
            candidate.fault(PostingClosedError())
        elif not begun or begun[0] != held.worker_id:
            self._compare_names(candidate, person, names)

    def _compare_names(self, candidate: Candidate, person: Person, names: KnownNames) -> None:
        if names.is_present(person.name):
            return
        if names.is_former(person.name):
            candidate.warn(NameFormerError(), Field.NAME)
        else:
            candidate.fault(NameDiffersError(), Field.NAME)

    def judge_record(self, candidate: Candidate, record: AnyRecord, worker_id: UUID) -> None:
        """Tell whether the record is new, changed, the same, or said twice."""
        identity = identity_digest(self._vault, worker_id, self._organisation_id, record)
        said, row = self._said.records.get(identity, (record, candidate.row))
        if row != candidate.row:
            self._judge_repeated(candidate, record, said, row)
            return
        self._judge_claims(candidate, record, worker_id)
        if candidate.is_faulty:
            return
        self._compare_number(candidate, record, worker_id)
        self._said.records[identity] = (record, candidate.row)
        shelf = self._shelves.get(worker_id)
        on_file = shelf.find(identity) if shelf else None
        candidate.record_id = on_file.original_id if on_file else None
        if self._is_barred(candidate, record, identity, on_file):
            return
        if on_file is None or on_file.is_undone:
            candidate.state = RowState.NEW
        elif on_file.act is Act.WITHDRAW:
            candidate.fault(RecordWithdrawnError())
        elif on_file.content == content_digest(self._vault, worker_id, written(record)):
            candidate.state = RowState.SAME
        else:
            candidate.state = RowState.CHANGED
            candidate.warn(RecordChangesError())
            self._changed.append((worker_id, on_file.original_id))

    def _is_barred(
        self, candidate: Candidate, record: AnyRecord, identity: bytes, on_file: Version | None
    ) -> bool:
        """Refuse what the organisation may not post of that day; tell whether it does."""
        known_day = on_file.effective_on if on_file else None
        try:
            self._gate.refuse(record, self._organisation_id, known_day=known_day)
            if self._decisions:
                issuer = self._organisation_id
                outcome = record.outcome(new_id(), issuer, identity.hex(), self._keying)
                refuse_barred(outcome, self._decisions, known_day=known_day)
        except (IssuerSuspendedError, NotAccreditedError) as refusal:
            candidate.fault(refusal)
            return True
        return False

    def _judge_new_person(self, candidate: Candidate, person: Person, claim: Claim) -> None:
        first = self._said.people.setdefault(claim, (new_id(), candidate.row, person.name))
        candidate.worker_id, row, name = first
        candidate.is_new_person = True
        if not same_name(name, person.name):
            candidate.fault(NameDiffersInFileError(row=row), Field.NAME)

    def _judge_repeated(
        self, candidate: Candidate, record: AnyRecord, other: AnyRecord, row: int
    ) -> None:
        if record == other:
            candidate.state = RowState.DUPLICATE
            candidate.warn(RowRepeatedError(row=row))
        else:
            candidate.fault(RowContradictsError(row=row))

    def _compare_number(self, candidate: Candidate, record: AnyRecord, worker_id: UUID) -> None:
        """Warn of a certificate number that another person of the file has."""
        if not isinstance(record, Training | Education) or record.certificate_number is None:
            return
        mine = (worker_id, candidate.row)
        owner, row = self._said.numbers.setdefault(record.certificate_number, mine)
        if owner != worker_id:
            candidate.warn(NumberSharedError(row=row), Field.CERTIFICATE_NUMBER)

    def _judge_claims(self, candidate: Candidate, record: AnyRecord, worker_id: UUID) -> None:
        """Refuse a certificate number or outer identifier that is another person's."""
        for claim, refusal in claims_of(self._session, self._organisation_id, record):
            outer = refusal is OuterIdTakenError
            of = Field.OUTER_ID if outer else Field.CERTIFICATE_NUMBER
            owner, row = self._said.claimed.setdefault(claim, (worker_id, candidate.row))
            if owner != worker_id:
                candidate.fault(NumberTwiceError(row=row), of)
            elif self._holder(claim) not in (None, worker_id):
                candidate.fault(refusal(), of)

    def _holder(self, claim: Claim) -> UUID | None:
        """Return whose a claim is, or was when the file came."""
        held = self._held.get(claim)
        if held is not None:
            return held.worker_id
        digests = (claim.digest, *claim.earlier)
        let_go = (self._said.let_go.get((claim.purpose, digest)) for digest in digests)
        return next((worker_id for worker_id in let_go if worker_id), None)
