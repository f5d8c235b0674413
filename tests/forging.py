"""Forging a ledger as its database's owner could: rows, bytes and chain fit each other."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, text
from sqlmodel import SQLModel

from archive.db import Database, is_sqlite
from credit_bank.bulk import table_of
from credit_bank.chain import Tail, canonical_bytes
from credit_bank.models import (
    CaseEvent,
    ChainHead,
    ChainLink,
    Entry,
    IssuerDecision,
    Outcome,
    Posting,
    RuleVersion,
)
from schemas.cases import CaseFact

_CHANGED = (ChainHead, ChainLink, Outcome, Entry, Posting, CaseEvent, IssuerDecision, RuleVersion)


@dataclass
class Told:
    """What one link tells, to be edited."""

    subject_id: UUID
    kind: str
    body: dict[str, Any]


@dataclass
class Dossier:
    """What all links of a worker tell, in the order of the chain."""

    links: list[Told] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return what the links of a kind tell."""
        return [link.body for link in self.links if link.kind == kind]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What the entries tell."""
        return self.of("entry")

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """What the outcomes tell."""
        return self.of("outcome")


def forge(archive: Database, worker_id: UUID, edit: Callable[[Dossier], object]) -> None:
    """Edit what a worker's links tell; every column, posting and hash is made to fit."""
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        forge_in(connection, worker_id, edit)


def forge_in(connection: Connection, worker_id: UUID, edit: Callable[[Dossier], object]) -> None:
    """Do so in a transaction of the caller's."""
    links, heads = table_of(ChainLink), table_of(ChainHead)
    switch_off_triggers(connection)
    rows, dossier = read_in(connection, worker_id)
    edit(dossier)
    tail = Tail(worker_id)
    for row, told in zip(rows, dossier.links, strict=True):
        body = canonical_bytes(told.body)
        link = tail.append(told.kind, told.subject_id, body)
        this = (links.c.worker_id == worker_id) & (links.c.sequence == row.sequence)
        connection.execute(links.update().where(this).values(body=body, hash=link.hash))
        _fit(connection, worker_id, told, body)
    head = heads.update().where(heads.c.worker_id == worker_id)
    connection.execute(head.values(sequence=tail.sequence, hash=tail.hash))


def read_in(connection: Connection, worker_id: UUID) -> tuple[Sequence[Any], Dossier]:
    """Return the links of a worker, and what they tell."""
    links = table_of(ChainLink)
    mine = links.select().where(links.c.worker_id == worker_id).order_by(links.c.sequence)
    rows = connection.execute(mine).all()
    told = [Told(row.subject_id, row.subject_kind, json.loads(row.body)) for row in rows]
    return rows, Dossier(told)


def rewrite(archive: Database, worker_id: UUID, old: bytes, new: bytes) -> int:
    """Put other bytes into a worker's links, as they are; hashes and fingerprints are made to fit.

    Return how many links were changed.
    """
    links, heads, changed = table_of(ChainLink), table_of(ChainHead), 0
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        switch_off_triggers(connection)
        mine = links.select().where(links.c.worker_id == worker_id).order_by(links.c.sequence)
        tail = Tail(worker_id)
        for row in connection.execute(mine).all():
            body = row.body.replace(old, new)
            changed += body != row.body
            link = tail.append(row.subject_kind, row.subject_id, body)
            this = (links.c.worker_id == worker_id) & (links.c.sequence == row.sequence)
            connection.execute(links.update().where(this).values(body=body, hash=link.hash))
            if row.subject_kind in _FINGERPRINTED:
                table, printed = _FINGERPRINTED[row.subject_kind]
                values = {"fingerprint": hashlib.sha256(printed(body)).digest()}
                _update(connection, table_of(table), worker_id, row.subject_id, values)
        head = heads.update().where(heads.c.worker_id == worker_id)
        connection.execute(head.values(hash=tail.hash))
    return changed


def _deposited(body: bytes) -> bytes:
    """Return the bytes of an outcome whose digest is its fingerprint, as they are."""
    act, _, rest = body.partition(b',"id":')
    content = rest[rest.index(b',"outcome":') : rest.rindex(b',"recorded_at":')]
    return act + content + b"}"


_FINGERPRINTED: dict[str, tuple[type[SQLModel], Callable[[bytes], bytes]]] = {
    "entry": (Entry, bytes),
    "outcome": (Outcome, _deposited),
}


def switch_off_triggers(connection: Connection) -> None:
    """Let rows be changed that are never changed."""
    if is_sqlite(connection):
        for model in _CHANGED:
            for act in ("update", "delete"):
                name = f"{model.__tablename__}_no_{act}"
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def _fit(connection: Connection, worker_id: UUID, told: Told, body: bytes) -> None:
    """Write into the columns what the bytes say now."""
    match told.kind:
        case "entry":
            values = _columns(table_of(Entry), told.body)
            values["fingerprint"] = hashlib.sha256(body).digest()
            _update(connection, table_of(Entry), worker_id, told.subject_id, values)
            _put_postings(connection, worker_id, told)
        case "outcome":
            content = told.body["outcome"]
            whole = canonical_bytes({"act": told.body["act"], "outcome": content})
            values = _columns(table_of(Outcome), content | told.body)
            hours = content["measures"].get("hours")
            values |= {
                "fingerprint": hashlib.sha256(whole).digest(),
                "issuer_id": UUID(content["issuer"]),
                "hours": Decimal(hours) if hours else None,
            }
            _update(connection, table_of(Outcome), worker_id, told.subject_id, values)
        case "case":
            values = _columns(table_of(CaseEvent), told.body)
            known = set(CaseFact.model_fields) - {"id", "case_id"}
            same = {name: value for name, value in told.body.items() if name in known}
            values["fingerprint"] = hashlib.sha256(canonical_bytes(same)).digest()
            _update(connection, table_of(CaseEvent), worker_id, told.subject_id, values)
        case _:
            pass


def _put_postings(connection: Connection, worker_id: UUID, told: Told) -> None:
    postings = table_of(Posting)
    theirs = (postings.c.worker_id == worker_id) & (postings.c.entry_id == told.subject_id)
    connection.execute(postings.delete().where(theirs))
    for one in told.body["postings"]:
        row = _columns(postings, one) | {"worker_id": worker_id, "entry_id": told.subject_id}
        connection.execute(postings.insert().values(**row))


def _update(
    connection: Connection, table: Table, worker_id: UUID, row_id: UUID, values: dict[str, Any]
) -> None:
    this = (table.c.worker_id == worker_id) & (table.c.id == row_id)
    connection.execute(table.update().where(this).values(**values))


def _columns(table: Table, told: dict[str, Any]) -> dict[str, Any]:
    """Return what canonical bytes say of a table's columns, as the columns take it."""
    return {
        name: _typed(name, value)
        for name, value in told.items()
        if name in table.columns and name != "commitment"
    }


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "id" or name.endswith("_id"):
        return UUID(value)
    if name.endswith("_on"):
        return date.fromisoformat(value)
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return UUID(value) if name == "recorded_by" else value
