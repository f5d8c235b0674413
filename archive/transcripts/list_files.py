"""Revocation lists of authorities elsewhere: files that an operator or a command puts here."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from asn1crypto import crl, pem, x509

Lists = tuple[crl.CertificateList, ...]


class ListFolder:
    """The lists in a folder, read anew when a file in it changes."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it may be missing as long as no list is needed."""
        self.folder = folder
        self._state: tuple[tuple[str, int, int], ...] = ()
        self._lists: Lists = ()

    def good(self, chain: Iterable[x509.Certificate], *, at: datetime) -> Lists:
        """Return the newest list of each authority above a chain, as far as it is good then."""
        self._read_anew()
        issuers = {one.issuer.hashable for one in chain}
        newest: dict[tuple[str, bytes], crl.CertificateList] = {}
        for one in self._lists:
            if one.issuer.hashable in issuers and _covers(one, at):
                known = newest.get(_authority(one))
                if known is None or _begin(known) < _begin(one):
                    newest[_authority(one)] = one
        return tuple(newest.values())

    def _read_anew(self) -> None:
        files = sorted(self.folder.glob("*.crl")) if self.folder.is_dir() else []
        state = tuple(_state_of(path) for path in files)
        if state != self._state:
            self._lists = tuple(one for path in files for one in read_lists(_content_of(path)))
            self._state = state


def _state_of(path: Path) -> tuple[str, int, int]:
    """Return what changes with a file; one that is just being replaced is looked at next time."""
    try:
        stat = path.stat()
    except OSError:
        return path.name, 0, 0
    return path.name, stat.st_mtime_ns, stat.st_size


def _content_of(path: Path) -> bytes:
    """Return a file's content, none where it cannot be read: the others count all the same."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def read_lists(content: bytes) -> Lists:
    """Return the lists in a file, in DER or PEM; none when it holds none that can be read."""
    try:
        if pem.detect(content):
            blocks = [der for _, _, der in pem.unarmor(content, multiple=True)]
        else:
            blocks = [content]
        lists = tuple(crl.CertificateList.load(der, strict=True) for der in blocks)
        _ = [(one.issuer.hashable, _begin(one)) for one in lists]
    except (ValueError, TypeError, KeyError):
        return ()
    return lists


def name_of(content: bytes) -> str:
    """Return the name under which a list is kept: one file an authority."""
    lists = read_lists(content)
    whose = repr(_authority(lists[0])).encode() if lists else content
    return f"{hashlib.sha256(whose).hexdigest()[:16]}.crl"


def _authority(one: crl.CertificateList) -> tuple[str, bytes]:
    """Return whose list it is: an authority that took another key may have kept its name."""
    return one.issuer.hashable, one.authority_key_identifier or b""


def _begin(one: crl.CertificateList) -> datetime:
    begin: datetime = one["tbs_cert_list"]["this_update"].native
    return begin


def _covers(one: crl.CertificateList, at: datetime) -> bool:
    end: datetime | None = one["tbs_cert_list"]["next_update"].native
    return _begin(one) <= at and (end is None or at < end)
