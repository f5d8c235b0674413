"""A stolen database without keys: all of it searched for all that is secret, in every guise.

A search that can find nothing proves nothing: the same search over what the thief must not
have finds every secret, and the same dictionary with the key of look-ups finds everybody.
"""

import base64
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, MetaData, Table, select
from sqlmodel import col
from sqlmodel import select as select_rows

from archive.bureau import nightly
from archive.db import Database
from archive.demo.building import build
from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.jobs import desk
from archive.people import passwords
from archive.people.identity import IdentityDocument
from archive.people.look_ups import Purpose, document_sought, index_of
from archive.people.models import BlindIndex
from archive.people.privacy import vault_of
from archive.settings import Settings
from schemas.identities import Identity
from schemas.records import Certificate
from schemas.vocabulary import DocumentType
from tests.builders import NOW
from tests.test_vault import everything_in

WORKERS = 12
_SHORT = 4
"""A value of so few bytes is met by chance in bytes that are as good as random."""


@dataclass(frozen=True)
class Secrets:
    """What the demo's people would not like to be known."""

    documents: frozenset[str]
    names: frozenset[str]
    certificates: frozenset[str]
    plain: bytes
    """All that is sealed, opened: where the search has to succeed."""

    def guises(self) -> Iterator[tuple[str, bytes]]:
        """Yield every secret in every encoding in which it could have slipped out."""
        for secret in sorted(self.documents | self.names | self.certificates):
            for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-32-le"):
                raw = secret.encode(encoding)
                yield f"{secret} {encoding}", raw
                yield f"{secret} {encoding} hex", raw.hex().encode()
                yield f"{secret} {encoding} HEX", raw.hex().upper().encode()
                yield f"{secret} {encoding} base64", _inside_base64(raw)
            yield f"{secret} escaped", secret.encode("unicode_escape")


def _inside_base64(raw: bytes) -> bytes:
    """Return the characters that do not depend on what follows."""
    return base64.b64encode(raw)[: len(raw) * 4 // 3]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the cheapest parameters: what a password costs is not asked here."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)


@pytest.fixture
def district(archive: Database, settings: Settings) -> Database:
    """Return an archive with a small synthetic district."""
    build(archive, settings, now=NOW, workers=WORKERS, records=WORKERS * 3, seed=4)
    with archive.transaction() as session:
        desk.ask(session, nightly.KIND, str(NOW.date()), now=NOW)
    return archive


def secrets_of(archive: Database) -> Secrets:
    """Open everything, with all keys."""
    documents, names, certificates, plain = set(), set(), set(), []
    with archive.reading() as session:
        rows = session.exec(select_rows(Record.worker_id, Record.sealed)).all()
        keys = vault_of(session).keys_of({worker_id for worker_id, _ in rows})
    for worker_id, sealed in rows:
        told = unseal(keys[worker_id], sealed)
        plain.append(told.model_dump_json().encode())
        match told.content:
            case Identity() as one:
                documents.add(one.document_number)
                names.add(one.name)
            case Certificate() as one:
                certificates.add(one.certificate_number)
            case _:
                pass
    return Secrets(
        frozenset(documents), frozenset(names), frozenset(certificates), b"\n".join(plain)
    )


def all_tables(archive: Database) -> Iterator[tuple[str, bytes]]:
    """Yield everything in the archive's database: our tables and those of others beside them."""
    yield from everything_in(archive)
    with archive.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        ours = {where.partition(".")[0] for where, _ in everything_in(archive)}
        for table in found.tables.values():
            if table.name not in ours:
                yield from _values(connection, table)


def _values(connection: Connection, table: Table) -> Iterator[tuple[str, bytes]]:
    for row in connection.execute(select(table)):
        for value in row:
            told = value if isinstance(value, bytes) else str(value).encode()
            yield table.name, told


def met(secrets: Secrets, text: bytes) -> list[str]:
    """Return which secrets stand in a text, and how they are written there."""
    return [what for what, guise in secrets.guises() if len(guise) > _SHORT and guise in text]


def test_no_table_tells_a_number_a_name_or_a_certificate_in_any_encoding(district, settings):
    secrets = secrets_of(district)
    assert len(secrets.documents) == WORKERS
    assert secrets.names
    assert secrets.certificates
    stolen: dict[str, list[bytes]] = {}
    for where, told in all_tables(district):
        stolen.setdefault(where, []).append(told)
    assert {"record.sealed", "blind_index.digest", "job.key"} <= set(stolen)

    found = {where: met(secrets, b"\n".join(told)) for where, told in stolen.items()}

    assert {where: what for where, what in found.items() if what} == {}
    for path in settings.home.rglob("*"):
        assert not path.is_file() or met(secrets, path.read_bytes()) == [], path.name
    everybody = {what.partition(" ")[0] for what in met(secrets, secrets.plain)}
    assert everybody == secrets.documents | secrets.names | secrets.certificates


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
def test_the_search_finds_a_secret_in_another_encoding(encoding):
    secrets = Secrets(frozenset({"990000199005170012"}), frozenset({"欧阳静雯"}), frozenset(), b"")
    for secret in ("990000199005170012", "欧阳静雯"):
        raw = secret.encode(encoding)
        for slipped in (raw, raw.hex().encode(), base64.b64encode(raw)):
            assert met(secrets, b"before" + slipped + b"after")


def test_a_dictionary_finds_nobody_without_the_key_of_look_ups_and_everybody_with_it(district):
    """A thief may try all numbers that there can be: without the key none is confirmed."""
    dictionary = secrets_of(district).documents
    with district.reading() as session:
        documents = col(BlindIndex.purpose) == Purpose.DOCUMENT
        stolen = set(session.exec(select_rows(BlindIndex.digest).where(documents)))
        version = index_of(session).version
    key = vault_of(district).index_keys.key(version)
    assert len(stolen) == WORKERS

    guesses = (b"", b"\0" * 32, b"document", bytes(range(32)), key[::-1], key[:-1])
    for guess in guesses:
        assert confirmed(dictionary, guess, stolen) == 0
    assert confirmed(dictionary, key, stolen) == WORKERS


def confirmed(dictionary: frozenset[str], key: bytes, stolen: set[bytes]) -> int:
    """Return how many numbers of a dictionary a key confirms."""
    count = 0
    for number in dictionary:
        purpose, value = document_sought(IdentityDocument(DocumentType.RESIDENT_ID, number))
        message = purpose.encode() + b"\0" + value.encode()
        count += hmac.digest(key, message, "sha256") in stolen
    return count
