"""From a record to its row, and back: what is sealed, what the chain hashes."""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator

from archive.people.privacy import PersonKey, Vault
from credit_bank.chain import canonical_bytes
from credit_bank.forms import Form
from schemas.contracts import Contract
from schemas.records import RECORD
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Way

COLUMN = "record.sealed"
_SALT_BYTES = 16
_SEALED = b'{"reason":%b,"record":%b,"salt":"%b","source":%b}'
"""The canonical bytes of what is sealed; see ``Sealed``."""
_PUNCTUATION = re.compile(r"[^\w+#]+|_+")  # C, C++ and C# are three courses.
_ROMAN = str.maketrans({"Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4", "Ⅴ": "5", "Ⅵ": "6"})

# Columns of a record's row that its link in the chain repeats, in words.
HASHED = (
    "id",
    "act",
    "original_id",
    "target_id",
    "kind",
    "organisation_id",
    "occupation",
    "rank",
    "hours",
    "started_on",
    "effective_on",
    "identity_digest",
    "content_digest",
    "commitment",
    "recorded_at",
    "recorded_by",
    "batch_id",
    "row",
)

_DIGESTS = ("identity_digest", "content_digest", "commitment")
_V1 = {"v": "1"}
_ROW = Form((name for name in HASHED if name not in _DIGESTS), parts=(*_DIGESTS, *_V1))

BEGUN = ("archive_number", "is_demo", "created_at")
"""Columns of a worker's row that the first link of the dossier repeats."""


class Source(Contract):
    """Where a row of a dossier came from, and what was sent. Sealed, for it may name people."""

    way: Way = Way.FILE
    """What was sealed before other ways were told came from a file."""
    reference: str | None = None
    """What names it there: a class, a case, a statement, a badge, another credit bank."""
    digest: str | None = None
    """Hex SHA-256 of what was sent; of a file its batch knows it, too."""
    file_name: str | None = None
    batch_id: UUID | None = None
    row: int | None = None
    cells: dict[str, str] | None = None
    """A row of a file as it was written, by header."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse a file without its batch, name or row: nobody could find the line again."""
        of_file = (self.file_name, self.batch_id, self.row)
        if self.way is Way.FILE and None in of_file:
            raise ValueError("a row of a file needs the file's name, its batch and the row")
        return self

    @cached_property
    def written(self) -> bytes:
        """Its canonical bytes: a row that begins a dossier is sealed with who somebody is, too."""
        return canonical_bytes(self.model_dump(mode="json", exclude_none=True))


def source_of(way: Way, told: Mapping[str, Any], *, reference: str | None = None) -> Source:
    """Return the source of what came by another way than a file, with the digest of it all.

    ``told`` is what was sent, as JSON knows it.
    """
    digest = hashlib.sha256(canonical_bytes(dict(told))).hexdigest()
    return Source(way=way, reference=reference, digest=digest)


class Sealed(Contract):
    """What the sealed text of a row holds."""

    salt: str
    record: dict[str, Any]
    source: Source | None = None
    reason: str | None = None

    @property
    def content(self) -> AnyRecord:
        """The record itself."""
        return RECORD.validate_python(self.record)


@dataclass(frozen=True, slots=True)
class SealedText:
    """The sealed bytes, and the commitment to what they hold."""

    sealed: bytes
    commitment: bytes


def seal(key: PersonKey, told: bytes, *, source: Source | None, reason: str | None) -> SealedText:
    """Seal what a record tells under its person's key, with a fresh salt.

    ``told`` are the canonical bytes of the record, as ``written`` gives them.
    """
    why = b"null" if reason is None else canonical_bytes(reason)
    where = b"null" if source is None else source.written
    plain = _SEALED % (why, told, os.urandom(_SALT_BYTES).hex().encode(), where)
    return SealedText(key.seal(COLUMN, plain), hashlib.sha256(plain).digest())


def unseal(key: PersonKey, sealed: bytes) -> Sealed:
    """Return what was sealed; raises SealBrokenError."""
    return Sealed.model_validate(json.loads(key.open(COLUMN, sealed)))


def unsealed_record(key: PersonKey, sealed: bytes) -> AnyRecord:
    """Return the record that was sealed, and nothing beside it; raises SealBrokenError."""
    return RECORD.validate_python(json.loads(key.open(COLUMN, sealed))["record"])


def commitment_of(key: PersonKey, sealed: bytes) -> bytes:
    """Return the commitment that the sealed text really has."""
    return hashlib.sha256(key.open(COLUMN, sealed)).digest()


def normalised(text: str) -> str:
    """Return free text without what differs between spellings of one thing.

    Width, case, spaces and punctuation go; Roman numerals become digits (domain facts 4, D2).
    """
    plain = unicodedata.normalize("NFKC", text.translate(_ROMAN)).casefold()
    return _PUNCTUATION.sub("", plain)


def identity_digest(
    vault: Vault, worker_id: UUID, organisation_id: UUID, record: AnyRecord
) -> bytes:
    """Return the digest of what makes this record this one (design decision 15).

    The organisation's own identifier when it has one; else worker, organisation, kind,
    subject and days.
    """
    if record.outer_id:
        told = ["outer", str(organisation_id), record.kind, record.outer_id]
    else:
        told = ["own", str(worker_id), str(organisation_id), *told_apart_by(record)]
    return vault.digest("record", canonical_bytes(told).decode())


Apart = tuple[str, str, str, str]
"""Kind, subject, first and last day."""


def told_apart_by(record: AnyRecord) -> Apart:
    """Return what tells a record without an outer identifier from its person's others."""
    first = record.told("started_on")
    subject = normalised(record.subject)
    return record.kind, subject, str(first or ""), str(record.effective_on or "")


def told_by(record: AnyRecord) -> dict[str, Any]:
    """Return what a record tells, as it is compared and sealed."""
    return record.model_dump(mode="json", exclude_none=True)


def written(record: AnyRecord) -> bytes:
    """Return the canonical bytes of what a record tells."""
    return canonical_bytes(told_by(record))


def content_digest(vault: Vault, worker_id: UUID, told: bytes) -> bytes:
    """Return the digest by which equal content is recognised without opening it.

    ``told`` are the canonical bytes of the record, as ``written`` gives them.
    """
    return vault.digest("content", f"{worker_id}\0{told.decode()}")


def hashed_body(row: dict[str, Any]) -> bytes:
    """Return the bytes that the chain hashes for a record's row."""
    digests = {name: f'"{row[name].hex()}"' for name in _DIGESTS}
    return _ROW.text(row, **digests, **_V1).encode()


def begun_body(row: dict[str, Any]) -> bytes:
    """Return the bytes that the first link of a dossier hashes: whose it is."""
    return canonical_bytes({"v": 1, **{name: row[name] for name in BEGUN}})
