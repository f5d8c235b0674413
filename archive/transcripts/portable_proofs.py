"""The proofs of one dossier, for whoever checks them elsewhere: links, texts, a signed root."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.models import Record
from archive.dossiers.sealing import COLUMN
from archive.people.privacy import PersonKey
from archive.transcripts.keys import KeyProvider
from credit_bank.chain import canonical_bytes
from credit_bank.merkle import leaf_of, merkle_root, path_to_root
from credit_bank.models import ChainHead, ChainLink

Files = dict[str, bytes]


def proofs_of(
    session: Session, worker_id: UUID, key: PersonKey, keys: KeyProvider, *, now: datetime
) -> Files:
    """Return the files of ``proofs/`` by name, all of one state of the archive."""
    files: Files = {
        "links.jsonl": _links(session, worker_id),
        "records.jsonl": _records(session, worker_id, key),
        "verify.py": Path(__file__).with_name("verify_export.py").read_bytes(),
    }
    return files | _checkpoint(session, worker_id, keys, now)


def _links(session: Session, worker_id: UUID) -> bytes:
    query = (
        select(ChainLink)
        .where(col(ChainLink.worker_id) == worker_id)
        .order_by(col(ChainLink.sequence))
    )
    lines = [
        {
            "sequence": link.sequence,
            "subject_kind": link.subject_kind,
            "subject_id": str(link.subject_id),
            "body": link.body.decode(),
            "hash": link.hash.hex(),
        }
        for link in session.exec(query)
    ]
    return _lines(lines)


def _records(session: Session, worker_id: UUID, key: PersonKey) -> bytes:
    query = (
        select(Record.id, Record.sealed)
        .where(col(Record.worker_id) == worker_id)
        .order_by(col(Record.recorded_at), col(Record.id))
    )
    return _lines(
        {"id": str(row_id), "plain": key.open(COLUMN, sealed).decode()}
        for row_id, sealed in session.exec(query)
    )


def _checkpoint(session: Session, worker_id: UUID, keys: KeyProvider, now: datetime) -> Files:
    """Sign the root over all heads as it stands, and tell the path from this head alone.

    What the others' heads are is told to nobody: only digests of them stand in the path.
    """
    heads = select(ChainHead.worker_id, ChainHead.sequence, ChainHead.hash)
    rows = session.exec(heads.order_by(col(ChainHead.worker_id))).all()
    leaves = [leaf_of(*row) for row in rows]
    place = next(at for at, row in enumerate(rows) if row[0] == worker_id)
    told = {"v": 1, "made_at": now, "dossiers": len(rows), "merkle_root": merkle_root(leaves)}
    signed = canonical_bytes(told)
    signing = keys.signer().async_sign_general_data(signed, "sha256")
    path = path_to_root(leaves, place)
    _, sequence, head = rows[place]
    proof = {
        "worker_id": str(worker_id),
        "sequence": sequence,
        "hash": head.hex(),
        "path": [{"side": side, "hash": sibling.hex()} for side, sibling in path],
    }
    return {
        "checkpoint.json": json.dumps(proof, indent=1).encode(),
        "checkpoint.signed": signed,
        "checkpoint.p7s": asyncio.run(signing).dump(),
        "root.pem": keys.trust.to_pem(),
    }


def _lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()
