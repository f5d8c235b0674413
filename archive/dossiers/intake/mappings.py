"""Which header means what in the lists of one organisation: said once, remembered by kind."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field as Column
from sqlmodel import Session, SQLModel, col, select

from archive.dossiers.columns import detect_kind, plain_header
from archive.dossiers.headers import Field
from archive.dossiers.intake.choices import Choice
from archive.dossiers.intake.enrolling import take_turns
from archive.dossiers.intake.findings import without_long_numbers
from credit_bank.columns import WORD, UtcTime, Word, one_of
from schemas.vocabulary import RecordKind

MOST = 200
"""Headers of one organisation and kind; more are no list of headers."""

_LONGEST = 200


class HeaderMeaning(SQLModel, table=True):
    """What a header means in the lists of an organisation; a directory, so that it is updated."""

    __tablename__ = "header_meaning"
    __table_args__ = (one_of("kind", RecordKind), Index("ix_header_meaning_set_by", "set_by"))

    organisation_id: UUID = Column(primary_key=True, foreign_key="organisation.id")
    kind: RecordKind = Column(primary_key=True, sa_type=Word(RecordKind))
    header: str = Column(primary_key=True, max_length=_LONGEST)
    """As headers are compared: half-width, without spaces, brackets, stars and case."""
    field: str | None = Column(default=None, sa_type=WORD)
    """What it tells; None leaves the column out."""
    set_by: UUID = Column(foreign_key="account.id")
    set_at: datetime = Column(sa_type=UtcTime)


Meanings = Mapping[RecordKind, Mapping[str, Field | None]]
"""What was said, by kind and by header as headers are compared."""
NOTHING_SAID: Meanings = MappingProxyType({})


def remember(
    session: Session,
    organisation_id: UUID,
    kind: RecordKind,
    said: Mapping[str, Field | None],
    *,
    by: UUID,
    now: datetime,
) -> None:
    """Remember what headers mean; what was said before of the same ones is replaced.

    No more than ``MOST`` of them, and none that no list has for a header.
    """
    take_turns(session, organisation_id)  # Two who say the same at once.
    mine = (
        col(HeaderMeaning.organisation_id) == organisation_id,
        col(HeaderMeaning.kind) == kind,
    )
    known_before = {row.header: row for row in session.exec(select(HeaderMeaning).where(*mine))}
    for header, field in said.items():
        plain = plain_header(header)
        if not 0 < len(plain) <= _LONGEST or without_long_numbers(header) != header:
            continue  # A row of people, taken for headers: nothing of it stays in clear.
        row = known_before.get(plain)
        if row is None and len(known_before) < MOST:
            row = known_before[plain] = HeaderMeaning(
                organisation_id=organisation_id, kind=kind, header=plain, set_by=by, set_at=now
            )
        if row is not None:
            row.field, row.set_by, row.set_at = field and field.value, by, now
            session.add(row)
    session.flush()


def known(session: Session, organisation_id: UUID) -> Meanings:
    """Return what an organisation said that headers mean, by kind and plain header."""
    mine = col(HeaderMeaning.organisation_id) == organisation_id
    found: dict[RecordKind, dict[str, Field | None]] = {}
    for row in session.exec(select(HeaderMeaning).where(mine)):
        meant = Field(row.field) if row.field in set(Field) else None
        found.setdefault(row.kind, {})[row.header] = meant
    return found


def filled(choice: Choice, headers: Sequence[str], meanings: Meanings) -> Choice:
    """Return a choice with what was said before of headers that it says nothing of.

    Without a kind it is the one whose headers tell it, with what was said of them.
    """
    if not meanings:
        return choice
    kinds = [choice.kind] if choice.kind else [detect_kind(headers, choice.columns), *meanings]
    for kind in dict.fromkeys(one for one in kinds if one):
        said = meanings.get(kind, {})
        more = {one: said[plain_header(one)] for one in headers if plain_header(one) in said}
        whole = replace(choice, columns=more | dict(choice.columns))
        if detect_kind(headers, whole.columns) == kind or choice.kind:
            return whole
    return choice


def own_headers(choice: Choice, meanings: Meanings) -> frozenset[str]:
    """Return the headers that somebody said to tell something, by which a header row is known."""
    before = [meanings.get(choice.kind, {})] if choice.kind else meanings.values()
    said = [choice.columns, *before]
    told = {plain_header(header) for one in said for header, field in one.items() if field}
    return frozenset(told - {""})


def forget(session: Session, organisation_id: UUID, kind: RecordKind, headers: list[str]) -> None:
    """Take back what was said of headers: the list of usual words tells again."""
    for header in headers:
        row = session.get(HeaderMeaning, (organisation_id, kind, plain_header(header)))
        if row is not None:
            session.delete(row)
    session.flush()
