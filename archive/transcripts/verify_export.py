"""Check an exported dossier with nothing but Python: put this file beside the others, run it.

It asks no network and needs no package. It recomputes every link of the hash chain, compares
each record's text with its commitment, and follows the path from the chain's head to the root
that the archive signed. The signature itself: see README.md (openssl).
"""

import hashlib
import json
import sys
from pathlib import Path
from uuid import UUID

PREFIX = b"skills-archive/link/1\0"


def chain(folder: Path, worker: UUID) -> tuple[dict[str, object], int, bytes]:
    """Return what the chain holds of records, its length and its head; stops at a wrong link."""
    head, count, bodies = bytes(32), 0, dict[str, object]()
    for line in (folder / "links.jsonl").read_text(encoding="utf-8").splitlines():
        link = json.loads(line)
        count += 1
        digest = hashlib.sha256(PREFIX + head + worker.bytes + count.to_bytes(8, "big"))
        digest.update(link["subject_kind"].encode().ljust(16, b"\0"))
        digest.update(UUID(link["subject_id"]).bytes)
        digest.update(link["body"].encode())
        head = digest.digest()
        if (count, head.hex()) != (link["sequence"], link["hash"]):
            sys.exit(f"WRONG: link {count} is not what was hashed")
        if link["subject_kind"] == "record":
            bodies[link["subject_id"]] = json.loads(link["body"])
    return bodies, count, head


def records(folder: Path, bodies: dict[str, object]) -> int:
    """Return how many records are what the chain committed to; stops at a wrong one."""
    count = 0
    for line in (folder / "records.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        body = bodies.get(record["id"])
        told = hashlib.sha256(record["plain"].encode()).hexdigest()
        if not isinstance(body, dict) or body.get("commitment") != told:
            sys.exit(f"WRONG: record {record['id']} is not what the chain holds")
        count += 1
    return count


def root(worker: UUID, sequence: int, head: bytes, path: list[dict[str, str]]) -> str:
    """Return the root to which the path from this head leads (RFC 6962, section 2.1)."""
    leaf = b"\0" + worker.bytes + sequence.to_bytes(8, "big") + head
    found = hashlib.sha256(leaf).digest()
    for step in path:
        other = bytes.fromhex(step["hash"])
        pair = other + found if step["side"] == "left" else found + other
        found = hashlib.sha256(b"\1" + pair).digest()
    return found.hex()


def main() -> None:
    """Check the folder in which this file lies."""
    folder = Path(__file__).resolve().parent
    proof = json.loads((folder / "checkpoint.json").read_text(encoding="utf-8"))
    signed = json.loads((folder / "checkpoint.signed").read_bytes())
    worker = UUID(proof["worker_id"])
    bodies, count, head = chain(folder, worker)
    held = records(folder, bodies)
    if (count, head.hex()) != (proof["sequence"], proof["hash"]):
        sys.exit("WRONG: the chain does not end where the checkpoint says")
    if root(worker, count, head, proof["path"]) != signed["merkle_root"]:
        sys.exit("WRONG: the head is not under the root that was signed")
    print(f"OK: {count} links, {held} records, under the root signed at {signed['made_at']}")  # noqa: T201


if __name__ == "__main__":
    main()
