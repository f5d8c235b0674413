"""The roster of a class: who is enrolled, and what is known of each.

Nobody is looked up in the archive and nobody gets a dossier by being enrolled; that is done
when the class is closed (docs/decisions/0030).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from archive.dossiers.classes.models import MARK, MEMBER, ClassMark, ClassMember
from archive.people.identity import IdentityDocument
from archive.people.keys_apart import keys_apart
from archive.people.privacy import PersonKey, Vault
from credit_bank.chain import canonical_bytes
from schemas.vocabulary import DocumentType, Grade

_BATCH = 400


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a member besides the name."""

    name: str | None = None
    """The right name, where another was entered first."""
    account: str | None = None
    score: Decimal | None = None
    grade: Grade | None = None
    has_left: bool = False
    reason: str | None = None

    @property
    def has_result(self) -> bool:
        """Whether points or a grade are told."""
        return self.score is not None or self.grade is not None


@dataclass(frozen=True, slots=True)
class Member:
    """A place on the roster, opened; without name and document when the person was erased."""

    id: UUID
    place: int
    name: str | None
    document: IdentityDocument | None
    told: Told
    version: int
    """Of what is told; 0 when nothing was."""
    key: PersonKey | None


def members_of(session: Session, class_id: UUID) -> list[ClassMember]:
    """Return the places of a roster, in order."""
    query = select(ClassMember).where(col(ClassMember.class_id) == class_id)
    return list(session.exec(query.order_by(col(ClassMember.place))))


def count(session: Session, class_id: UUID) -> int:
    """Return how many stand on the roster."""
    query = select(func.count()).select_from(ClassMember)
    return session.exec(query.where(col(ClassMember.class_id) == class_id)).one()


def opened(session: Session, rows: Sequence[ClassMember]) -> list[Member]:
    """Open some places of a roster; told in the audit by the act, not by person."""
    keys = keys_apart(session, [row.id for row in rows])
    marks = marks_of(session, [row.id for row in rows])
    return [_opened(row, keys.get(row.id), marks.get(row.id)) for row in rows]


def marks_of(session: Session, member_ids: Sequence[UUID]) -> dict[UUID, ClassMark]:
    """Return the newest mark of each member who has one."""
    found: dict[UUID, ClassMark] = {}
    for at in range(0, len(member_ids), _BATCH):
        mine = col(ClassMark.member_id).in_(member_ids[at : at + _BATCH])
        for row in session.exec(select(ClassMark).where(mine).order_by(col(ClassMark.version))):
            found[row.member_id] = row
    return found


def sealed_person(key: PersonKey, name: str, document: IdentityDocument) -> bytes:
    """Seal who stands at a place."""
    told = {"name": name, "type": document.type, "number": document.number}
    return key.seal(MEMBER, canonical_bytes(told))


def sealed_mark(key: PersonKey, told: Told) -> bytes:
    """Seal what is told of a member."""
    plain = {
        "name": told.name,
        "account": told.account,
        "score": str(told.score) if told.score is not None else None,
        "grade": told.grade,
        "reason": told.reason,
    }
    return key.seal(MARK, canonical_bytes(plain))


def person_digest(vault: Vault, document: IdentityDocument) -> bytes:
    """Return by what a person is known to stand on a roster already."""
    known = document.upgraded()
    return vault.digest("class_member", f"{known.type}:{known.number}")


def account_digest(vault: Vault, organisation_id: UUID, account: str) -> bytes:
    """Return by what an account at the organisation's platforms is found."""
    return vault.digest("class_account", f"{organisation_id}\0{account.strip().casefold()}")


def by_account(members: Iterable[Member]) -> Mapping[str, Member]:
    """Return members by their account at the platform, however it is written."""
    return {one.told.account.casefold(): one for one in members if one.told.account}


def _opened(row: ClassMember, key: PersonKey | None, mark: ClassMark | None) -> Member:
    if key is None:
        left = Told(has_left=bool(mark and mark.has_left))
        return Member(row.id, row.place, None, None, left, mark.version if mark else 0, None)
    told = json.loads(key.open(MEMBER, row.sealed))
    document = IdentityDocument(DocumentType(told["type"]), told["number"])
    version, marked = mark.version if mark else 0, _told(key, mark)
    return Member(row.id, row.place, marked.name or told["name"], document, marked, version, key)


def _told(key: PersonKey, mark: ClassMark | None) -> Told:
    if mark is None:
        return Told()
    told = json.loads(key.open(MARK, mark.sealed))
    return Told(
        name=told.get("name"),
        account=told["account"],
        score=Decimal(told["score"]) if told["score"] is not None else None,
        grade=Grade(told["grade"]) if told["grade"] else None,
        has_left=mark.has_left,
        reason=told["reason"],
    )
