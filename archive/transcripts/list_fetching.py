"""Fetching revocation lists from the addresses that certificates name, before they are needed.

A list is kept only when an authority above one of our keys has signed it, so that it may come
over plain http, as such lists do.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from asn1crypto import x509

from archive.outgoing import OutgoingError, ask
from archive.transcripts.list_files import name_of, read_lists
from archive.transcripts.revoking import write
from archive.transcripts.trust import TrustBundle
from schemas.keys import ListsReceipt

_OK = 200
_PRIVATE_FOLDER = 0o700


def fetch(
    certificates: Iterable[x509.Certificate], folder: Path, *, may_be_private: bool
) -> ListsReceipt:
    """Fetch the list of every authority above the certificates that tells where it is.

    What cannot be had is told by its address; the list that was there stays.
    """
    known = list(certificates)
    fetched, failed = 0, []
    for address in dict.fromkeys(_addresses(known)):
        content = _fetched(address, may_be_private=may_be_private)
        if content is None or not _is_ours(content, known):
            failed.append(address)
            continue
        folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        write(folder / name_of(content), content)
        fetched += 1
    return ListsReceipt(fetched=fetched, failed=tuple(failed))


def _addresses(certificates: Iterable[x509.Certificate]) -> Iterator[str]:
    for one in certificates:
        for point in one.crl_distribution_points:
            if point.url and point.url.startswith(("http://", "https://")):
                yield str(point.url)


def _fetched(address: str, *, may_be_private: bool) -> bytes | None:
    try:
        reply = ask("GET", address, may_be_private=may_be_private, may_be_plain=True)
    except OutgoingError:
        return None
    return reply.body if reply.status == _OK else None


def _is_ours(content: bytes, certificates: list[x509.Certificate]) -> bool:
    """Whether one of the authorities has signed the list, and nothing else is in the file."""
    lists = read_lists(content)
    told = TrustBundle(roots=(), lists=lists)
    return len(lists) == 1 and any(one.ca and told.has_list_of(one) for one in certificates)
