"""Whose accounts were told secrets of keys: named beside each key, also when they are closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people.api_key_models import ApiKey
from archive.people.models import Account


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account made or rotated a key, and thus saw a secret of it."""

    name: str
    is_active: bool


def holders_of(session: Session, keys: Iterable[ApiKey]) -> dict[UUID, Holder]:
    """Return who made or rotated some keys, by the account's identifier."""
    ids = {one for key in keys for one in (key.made_by, key.rotated_by) if one}
    query = select(Account.id, Account.name, Account.is_active).where(col(Account.id).in_(ids))
    return {one: Holder(name, is_active) for one, name, is_active in session.exec(query)}
