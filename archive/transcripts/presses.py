"""What makes documents: the keys, what lays out and signs, and our address.

Light to load: what is heavy, the renderer and the signer, stands in own_works.py, and in a
server in processes beside it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, cast

from archive.transcripts.keys import KeyProvider
from archive.transcripts.orders import Order
from archive.transcripts.payload import Payload

if TYPE_CHECKING:
    from sqlmodel import Session

    from archive.db import Database
    from archive.transcripts.signing import SignedFile

_PRESS = "press"


class Works(Protocol):
    """Lays a payload out and signs it, wherever that is done."""

    def place(self) -> AbstractContextManager[None]:
        """Hold a place among those who wait for a document; raises DocumentsBusyError."""

    def make(self, payload: Payload, *, at: datetime, order: Order) -> "SignedFile":
        """Return the signed file of a payload, under the key and the seal of its order.

        Raises SigningUnavailableError, GlyphMissingError, DocumentFailedError.
        """

    def warm(self) -> None:
        """Get ready for the first document."""

    def close(self) -> None:
        """Give back what is held."""


@dataclass(frozen=True)
class Press:
    """What makes documents here: the keys, what lays out and signs, and our address."""

    keys: KeyProvider
    works: Works
    base_url: str
    timezone: str


def lend(archive: "Database", source: Callable[[], Press]) -> None:
    """Let jobs of this process make documents; the press is made when the first one needs it."""
    archive.info[_PRESS] = source


def press_of(owner: "Session | Database") -> Press:
    """Return the press that was lent to the jobs of this process."""
    source = owner.info.get(_PRESS)
    if source is None:
        message = "no press was lent to this archive"
        raise TypeError(message)
    return cast("Callable[[], Press]", source)()
