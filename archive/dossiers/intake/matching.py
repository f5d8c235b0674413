"""What the rows of a file would do: compared with the archive, and with one another.

Everything is looked up in bulk before the first row is judged, and a digest is made only where
the archive must be asked.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.asked_attendance import as_let_in, was_let_in
from archive.dossiers.barred import Gate, IssuerSuspendedError, refuse_barred
from archive.dossiers.claims import claimed_by
from archive.dossiers.errors import (
    OuterIdTakenError,
    PostingClosedError,
    RecordWithdrawnError,
)
from archive.dossiers.headers import Field
from archive.dossiers.intake.candidates import (
    Candidate,
    First,
    Identity,
    NewPerson,
    Said,
    Whose,
    key_of,
    whole,
)
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
)
from archive.dossiers.intake.street_names import find_streets
from archive.dossiers.keying import Keying
from archive.dossiers.names_on_file import KnownNames, names_of
from archive.dossiers.opened import Opened
from archive.dossiers.sealing import content_digest, identity_digest, told_apart_by, written
from archive.dossiers.shelves import Version
from archive.errors import ArchiveError
from archive.people.accreditation_refusals import NotAccreditedError
from archive.people.look_ups import (
    Purpose,
    Sought,
    held_by,
    holders_of,
    index_of,
    sought_by,
)
from archive.people.names import same_name
from archive.people.privacy import vault_of
from credit_bank.issuers import suspensions
from credit_bank.publishing import rule_book
from schemas.careers import Education
from schemas.ids import new_id
from schemas.records import Certificate, Training
from schemas.vocabulary import Act, RowState

__all__ = ["Candidate", "Said", "match"]


def match(
    session: Session,
    organisation_id: UUID,
    candidates: Sequence[Candidate],
    *,
    today: date,
    said: Said | None = None,
    opened: Opened | None = None,
) -> None:
    """Tell of each row whose it is, what it would do, and what speaks against it.

    ``said`` is what earlier rows of the file said; what these rows say is added to it. Their
    dossiers are opened in ``opened``, for whoever goes on with them.
    """
    said, opened = said or Said(), opened or Opened()
    matching = _Matching(session, organisation_id, candidates, today, said, opened)
    find_streets(session, candidates)
    for one, known_by in zip(candidates, matching.people, strict=True):
        if one.person is not None and known_by is not None:
            whose = matching.judge_person(one, one.person, known_by)
            if not (one.faults and one.is_faulty):
                matching.judge_record(one, whose)
        if one.faults and one.is_faulty:
            one.state = RowState.FAULTY
    matching.keep_let_go()


class _Matching:
    """What was looked up for some rows of a file, and what its rows said so far."""

    def __init__(
        self,
        session: Session,
        organisation_id: UUID,
        candidates: Sequence[Candidate],
        today: date,
        said: Said,
        opened: Opened,
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
        self._is_watched = bool(self._decisions) or self._gate.asks_of(organisation_id)
        self.people = [sought_by(one.person.document) if one.person else None for one in candidates]
        known_by = dict.fromkeys(one for one in self.people if one)
        self._owners = holders_of(session, Purpose.DOCUMENT, known_by)
        self._holders = self._held_claims(candidates)
        self._opened = opened.take(session, sorted(set(self._owners.values())))
        self._names = names_of(session, list(self._opened.shelves), self._opened.keys)
        self._changed: list[tuple[UUID, UUID]] = []

    def keep_let_go(self) -> None:
        """Remember what the records claim that the rows would change."""
        for row in held_by(self._session, self._changed):
            self._said.let_go[row.purpose, row.digest] = row.worker_id

    def _held_claims(self, candidates: Sequence[Candidate]) -> dict[Sought, UUID]:
        """Return whose the certificate numbers and outer identifiers are that are on file."""
        values: dict[str, dict[str, None]] = {}
        for one in candidates:
            for sought, _ in self._claims(one):
                values.setdefault(sought.purpose, {})[sought.value] = None
        return {
            Sought(purpose, value): owner
            for purpose, wanted in values.items()
            for value, owner in holders_of(self._session, purpose, wanted).items()
        }

    def _claims(self, candidate: Candidate) -> list[tuple[Sought, type[ArchiveError]]]:
        """Return what a record claims; most claim nothing."""
        shared, _ = candidate.parts
        if not isinstance(shared, Certificate) and not candidate.told("outer_id"):
            return []
        record = candidate.record
        return claimed_by(self._organisation_id, record) if record else []

    def judge_person(self, candidate: Candidate, person: Person, known_by: str) -> Whose:
        """Find the dossier, or the new person of the file, and compare the names."""
        owner = self._owners.get(known_by)
        key = key_of(person)
        new = self._said.people.get(key)
        if owner is None:
            if new is None:
                new = self._said.people[key] = NewPerson(candidate.row, person.name)
            candidate.whose = new
            _compare_with_row(candidate, person, new)
            return new
        candidate.whose = owner
        names = self._names.get(owner)
        if owner not in self._opened.keys or names is None:
            candidate.fault(PostingClosedError())
        elif new is not None and new.worker_id == owner:
            _compare_with_row(candidate, person, new)
            return new  # As the file began to speak of whom its first rows enrolled.
        else:
            _compare_names(candidate, person, names)
        return owner

    def judge_record(self, candidate: Candidate, whose: Whose) -> None:
        """Tell whether the record is new, changed, the same, or said twice."""
        shared, own = candidate.parts
        if shared is None:
            return
        outer_id = candidate.told("outer_id")
        if outer_id:
            identity: Identity = (None, f"{shared.kind}\0{outer_id}")
        elif candidate.apart is not None:
            identity = (whose, candidate.apart)
        else:
            identity = (whose, told_apart_by(candidate.record or shared))
        mine = (candidate.row, whose, shared, own)
        first = self._said.records.setdefault(identity, mine)
        if first[0] != candidate.row:
            _judge_repeated(candidate, whose, first)
            return
        if outer_id or isinstance(shared, Certificate):
            self._judge_claims(candidate, whose)
            if candidate.faults and candidate.is_faulty:
                del self._said.records[identity]
                return
        if isinstance(shared, Training | Education):
            self._compare_number(candidate, whose, first)
        owner = candidate.whose
        if isinstance(owner, UUID):
            self._compare_with_file(candidate, owner)
        elif not self._is_barred(candidate, None):
            candidate.state = RowState.NEW

    def _compare_with_file(self, candidate: Candidate, owner: UUID) -> None:
        """Compare a record with what the dossier holds."""
        record = candidate.record
        if record is None:
            return
        identity = identity_digest(self._vault, owner, self._organisation_id, record)
        shelf = self._opened.shelves.get(owner)
        on_file = shelf.find(identity) if shelf else None
        candidate.record_id = on_file.original_id if on_file else None
        if self._is_barred(candidate, on_file):
            return
        if on_file is None or on_file.is_undone:
            candidate.state = RowState.NEW
        elif on_file.act is Act.WITHDRAW:
            candidate.fault(RecordWithdrawnError())
        elif on_file.content == content_digest(self._vault, owner, written(record)):
            candidate.state = RowState.SAME
        elif was_let_in(self._vault, owner, record, on_file.content):
            candidate.record, candidate.state = as_let_in(record), RowState.SAME
        else:
            candidate.state = RowState.CHANGED
            candidate.warn(RecordChangesError())
            self._changed.append((owner, on_file.original_id))

    def _is_barred(self, candidate: Candidate, on_file: Version | None) -> bool:
        """Refuse what the organisation may not post of that day; tell whether it does."""
        if not self._is_watched or (record := candidate.record) is None:
            return False
        known_day = on_file.effective_on if on_file else None
        issuer = self._organisation_id
        try:
            self._gate.refuse(record, issuer, known=on_file)
            if self._decisions:
                outcome = record.outcome(new_id(), issuer, str(candidate.row), self._keying)
                refuse_barred(outcome, self._decisions, known_day=known_day)
        except (IssuerSuspendedError, NotAccreditedError) as refusal:
            candidate.fault(refusal)
            return True
        return False

    def _compare_number(self, candidate: Candidate, whose: Whose, mine: First) -> None:
        """Warn of a certificate number that another person of the file has."""
        number = candidate.told("certificate_number")
        if not isinstance(number, str):
            return
        first = self._said.numbers.setdefault(number, mine)
        if first[1] != whose:
            candidate.warn(NumberSharedError(row=first[0]), Field.CERTIFICATE_NUMBER)

    def _judge_claims(self, candidate: Candidate, whose: Whose) -> None:
        """Refuse a certificate number or outer identifier that is another person's."""
        for sought, refusal in self._claims(candidate):
            outer = refusal is OuterIdTakenError
            of = Field.OUTER_ID if outer else Field.CERTIFICATE_NUMBER
            row, owner = self._said.claimed.setdefault(sought, (candidate.row, whose))
            if owner != whose:
                candidate.fault(NumberTwiceError(row=row), of)
            elif self._holder(sought) not in (None, candidate.whose):
                candidate.fault(refusal(), of)

    def _holder(self, sought: Sought) -> UUID | None:
        """Return whose a claim is, or was when the file came."""
        held = self._holders.get(sought)
        if held is not None or not self._said.let_go:
            return held
        claim = index_of(self._session).claim(sought)
        digests = (claim.digest, *claim.earlier)
        let_go = (self._said.let_go.get((claim.purpose, digest)) for digest in digests)
        return next((worker_id for worker_id in let_go if worker_id), None)


def _compare_with_row(candidate: Candidate, person: Person, new: NewPerson) -> None:
    if person.name != new.name and not same_name(person.name, new.name):
        candidate.fault(NameDiffersInFileError(row=new.row), Field.NAME)


def _compare_names(candidate: Candidate, person: Person, names: KnownNames) -> None:
    if names.is_present(person.name):
        return
    if names.is_former(person.name):
        candidate.warn(NameFormerError(), Field.NAME)
    else:
        candidate.fault(NameDiffersError(), Field.NAME)


def _judge_repeated(candidate: Candidate, whose: Whose, first: First) -> None:
    """Judge a record whose identity an earlier row of the file has."""
    row, owner, shared, own = first
    if owner != whose:  # Two people, one outer identifier.
        candidate.fault(NumberTwiceError(row=row), Field.OUTER_ID)
    elif candidate.record == whole(shared, own):
        candidate.state = RowState.DUPLICATE
        candidate.warn(RowRepeatedError(row=row))
    else:
        candidate.fault(RowContradictsError(row=row))
