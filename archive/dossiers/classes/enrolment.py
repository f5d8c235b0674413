"""Enrolling people in a class: one by one, from a program, or from a table file.

All three are read by the same reader as the rows of lists; every fault is told by row, and
the rows without fault are enrolled. The same list twice enrols nobody twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.cells import values
from archive.dossiers.classes import opening, roster
from archive.dossiers.classes.marks import append_marks
from archive.dossiers.classes.models import ClassMember
from archive.dossiers.classes.refusals import (
    AccountTwiceError,
    ClassFullError,
    RosterNameDiffersError,
)
from archive.dossiers.classes.roster import Member, Told
from archive.dossiers.classes.roster_columns import ACCOUNT, as_table, roster_columns
from archive.dossiers.columns import Columns
from archive.dossiers.headers import Field
from archive.dossiers.intake.findings import finding_of_file, findings_of_row
from archive.dossiers.intake.reading import Person, RowReading, read_person
from archive.dossiers.tables.reading import read_table
from archive.dossiers.tables.table import Table
from archive.people.actors import Actor
from archive.people.keys_apart import new_keys_apart
from archive.people.names import same_name
from archive.people.privacy import Vault, vault_of
from credit_bank.bulk import insert_rows, table_of
from schemas.ids import new_id
from schemas.refusals import Refusal
from schemas.reports import Finding
from schemas.rosters import MOST_MEMBERS, PersonAsked, RosterReport


@dataclass(frozen=True, slots=True)
class _Newcomer:
    """Somebody who is to be enrolled."""

    digest: bytes
    person: Person
    told: Told


@dataclass(slots=True)
class _Seating:
    """Who has which place, while rows are read."""

    vault: Vault
    places: dict[bytes, Member]
    accounts: dict[str, int]
    """Account -> place; of newcomers, the place that they get."""
    newcomers: list[_Newcomer] = field(default_factory=list)
    corrects_names: bool = False
    changed: list[tuple[Member, Told]] = field(default_factory=list)
    known: int = 0
    _rows: dict[bytes, Person] = field(default_factory=dict)

    def seat(self, reading: RowReading, person: Person, account: str | None) -> None:
        """Give a person a place, or tell why not."""
        digest = roster.person_digest(self.vault, person.document)
        at = self.places.get(digest)
        place = at.place if at else len(self.places) + len(self.newcomers) + 1
        if account and self.accounts.setdefault(account.casefold(), place) != place:
            other = self.accounts[account.casefold()]
            reading.fault(AccountTwiceError(place=other), ACCOUNT)
        elif at is not None:
            self._known(reading, at, person, account)
        elif digest in self._rows:
            if not same_name(self._rows[digest].name, person.name):
                reading.fault(RosterNameDiffersError(place=place), Field.NAME)
            self.known += 1
        else:
            self._rows[digest] = person
            self.newcomers.append(_Newcomer(digest, person, Told(account=account)))

    def _known(self, reading: RowReading, at: Member, person: Person, account: str | None) -> None:
        told = at.told
        if at.name is not None and not same_name(at.name, person.name):
            if not self.corrects_names:
                reading.fault(RosterNameDiffersError(place=at.place), Field.NAME)
                return
            told = replace(told, name=person.name)
        self.known += 1
        if account:
            told = replace(told, account=account)
        if told != at.told:
            self.changed.append((at, told))


def enrol_file(
    session: Session, class_id: UUID, content: bytes, *, by: Actor, now: datetime, today: date
) -> RosterReport:
    """Enrol the people of a table file; a file that cannot be read is a report, no exception.

    Raises UnknownClassError, ClassClosedError, ClassFullError.
    """
    opening.held(session, class_id, by=by)
    try:
        table = read_table(content)
        columns = roster_columns(table.headers)
    except Refusal as refusal:
        finding = finding_of_file(refusal)
        return RosterReport(rows=0, enrolled=0, known=0, faulty=0, findings=(finding,))
    return _enrol(session, class_id, table, columns, by=by, now=now, today=today)


def enrol(
    session: Session,
    class_id: UUID,
    people: Sequence[PersonAsked],
    *,
    corrects_names: bool = False,
    by: Actor,
    now: datetime,
    today: date,
) -> RosterReport:
    """Enrol people who came by a form or a program.

    With ``corrects_names`` who stands on the roster under another name gets the one told here.
    Raises UnknownClassError, ClassClosedError, ClassFullError.
    """
    opening.held(session, class_id, by=by)
    table = as_table(people)
    columns = roster_columns(table.headers)
    return _enrol(
        session,
        class_id,
        table,
        columns,
        corrects_names=corrects_names,
        by=by,
        now=now,
        today=today,
    )


def _enrol(
    session: Session,
    class_id: UUID,
    table: Table,
    columns: Columns,
    *,
    corrects_names: bool = False,
    by: Actor,
    now: datetime,
    today: date,
) -> RosterReport:
    rows = roster.members_of(session, class_id)
    members = roster.opened(session, rows)
    seating = _Seating(
        vault_of(session),
        {row.person_digest: one for row, one in zip(rows, members, strict=True)},
        {account: one.place for account, one in roster.by_account(members).items()},
        corrects_names=corrects_names,
    )
    findings, faulty = _seat_all(seating, table, columns, today)
    if len(rows) + len(seating.newcomers) > MOST_MEMBERS:
        raise ClassFullError(most=MOST_MEMBERS)
    _insert(session, class_id, seating.newcomers, len(rows), by=by, now=now)
    append_marks(session, class_id, seating.changed, by=by, now=now)
    return RosterReport(
        rows=len(table.rows),
        enrolled=len(seating.newcomers),
        known=seating.known,
        faulty=faulty,
        findings=tuple(findings),
    )


def _seat_all(
    seating: _Seating, table: Table, columns: Columns, today: date
) -> tuple[list[Finding], int]:
    findings: list[Finding] = []
    faulty = 0
    for row in table.rows:
        reading = RowReading(row, columns, today, date_1904=table.date_1904)
        person = read_person(reading)
        account = reading.optional(ACCOUNT, values.text)
        if person is not None and not reading.is_faulty:
            seating.seat(reading, person, account)
        faulty += reading.is_faulty
        findings += findings_of_row(reading.faults, row, table, columns)
    return findings, faulty


def _insert(
    session: Session,
    class_id: UUID,
    newcomers: Sequence[_Newcomer],
    seated: int,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Give newcomers the next places, each under a key of its own."""
    ids = [new_id() for _ in newcomers]
    keys = new_keys_apart(session, ids, now)
    rows = [
        {
            "id": own,
            "class_id": class_id,
            "place": place,
            "person_digest": one.digest,
            "sealed": roster.sealed_person(keys[own], one.person.name, one.person.document),
            "enrolled_at": now,
            "enrolled_by": by.id,
        }
        for place, (own, one) in enumerate(zip(ids, newcomers, strict=True), start=seated + 1)
    ]
    insert_rows(session, table_of(ClassMember), rows)
    told = [
        (Member(own, 0, None, None, Told(), 0, keys[own]), one.told)
        for own, one in zip(ids, newcomers, strict=True)
        if one.told.account
    ]
    append_marks(session, class_id, told, by=by, now=now)
