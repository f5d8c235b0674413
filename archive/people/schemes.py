"""Other credit banks: parties of agreements that are no organisations of this archive."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people.access import refuse_proposing
from archive.people.actors import Actor
from archive.people.models import Scheme
from schemas.agreements import SchemeAsked


class UnknownSchemeError(ArchiveError):
    """No scheme has this code."""

    code: ClassVar[str] = "scheme_unknown"
    template: ClassVar[str] = (
        "No other credit bank has the code {scheme}. See the directory, or let the bureau add it."
    )


class SchemeTakenError(ArchiveError):
    """A scheme with this code is in the directory."""

    code: ClassVar[str] = "scheme_taken"
    template: ClassVar[str] = (
        "Another credit bank has the code {scheme} already. Choose another code."
    )


def add(session: Session, asked: SchemeAsked, *, by: Actor, now: datetime) -> Scheme:
    """Take another credit bank into the directory; raises NotAllowedError, SchemeTakenError."""
    refuse_proposing(by)
    if session.get(Scheme, asked.code) is not None:
        raise SchemeTakenError(scheme=asked.code)
    scheme = Scheme(code=asked.code, name=asked.name, name_en=asked.name_en, created_at=now)
    session.add(scheme)
    session.flush()
    return scheme


def coded(session: Session, code: str) -> Scheme:
    """Return the scheme with a code; raises UnknownSchemeError."""
    scheme = session.get(Scheme, code.strip().upper())
    if scheme is None:
        raise UnknownSchemeError(scheme=code)
    return scheme


def listed(session: Session) -> list[Scheme]:
    """Return the directory, by code."""
    return list(session.exec(select(Scheme).order_by(col(Scheme.code))))


def by_code(session: Session, codes: Iterable[str]) -> dict[str, Scheme]:
    """Return some schemes by code."""
    query = select(Scheme).where(col(Scheme.code).in_(set(codes)))
    return {scheme.code: scheme for scheme in session.exec(query)}
