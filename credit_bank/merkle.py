"""Merkle trees as RFC 6962 (section 2.1) has them: roots, and paths from a leaf up to one.

Leaves and inner nodes are hashed apart (0 and 1 before them), so that none is taken for the other.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID


def leaf_of(worker_id: UUID, sequence: int, head: bytes) -> bytes:
    """Return the leaf of one dossier's head."""
    return worker_id.bytes + sequence.to_bytes(8, "big") + head


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree over some leaves, SHA-256; of none, the hash of nothing.

    Level by level rather than by recursion: a district has half a million dossiers.
    """
    if not leaves:
        return hashlib.sha256().digest()
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\1" + level[at] + level[at + 1]).digest()
            for at in range(0, len(level) - 1, 2)
        ]
        level = [*paired, level[-1]] if len(level) % 2 else paired
    return level[0]


def path_to_root(leaves: Sequence[bytes], place: int) -> list[tuple[str, bytes]]:
    """Return the siblings from a leaf up to the root, each with the side on which it stands.

    A node without a sibling moves up as it is (RFC 6962, section 2.1.1).
    """
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    path: list[tuple[str, bytes]] = []
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            path.append(("left" if other < place else "right", level[other]))
        paired = [
            hashlib.sha256(b"\1" + level[at] + level[at + 1]).digest()
            for at in range(0, len(level) - 1, 2)
        ]
        level = [*paired, level[-1]] if len(level) % 2 else paired
        place //= 2
    return path


def root_by_path(leaf: bytes, place: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which a path leads from a leaf (RFC 9162, section 2.1.3.2).

    None when a tree of ``count`` leaves has no such path for its leaf at ``place``, from 0.
    """
    if not 0 <= place < count:
        return None
    found, last = hashlib.sha256(b"\0" + leaf).digest(), count - 1
    for sibling in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            found = hashlib.sha256(b"\1" + sibling + found).digest()
            while place and not place % 2:  # A node without a sibling moves up as it is.
                place, last = place // 2, last // 2
        else:
            found = hashlib.sha256(b"\1" + found + sibling).digest()
        place, last = place // 2, last // 2
    return found if last == 0 else None
