"""From the body of a request to its items, one by one, while it still arrives. Pure.

A list that breaks off is refused as a whole, for nobody knows what stood behind. A broken line
is one faulty item, and the next line begins anew.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from archive.dossiers.programs.batch_refusals import (
    BatchBrokenError,
    BatchEmptyError,
    BatchNoListError,
    BatchTooLargeError,
    BatchTooLongError,
    ItemNoObjectError,
    ItemTooLargeError,
)
from archive.dossiers.programs.json_reading import SPACE, decoded, first_value_in, value_in
from archive.dossiers.programs.json_refusals import JsonBrokenError
from schemas.refusals import Refusal

MOST_BYTES = 8 * 1024**2
MOST_ITEMS = 2000
"""Checked and written in one transaction, for which other writers wait on SQLite."""
LONGEST_ITEM = 32 * 1024
"""Characters of an item; in lines of JSON bytes. The longest record has about 5,000."""


class BatchForm(StrEnum):
    """How a body tells its items."""

    LIST = "application/json"
    LINES = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class RawItem:
    """An item as it came: an object, or why it is none."""

    number: int
    """Counted from 1, in the order sent."""
    line: int | None
    """The line of its file; None in a list."""
    digest: str
    """Hex SHA-256 of its text."""
    value: dict[str, object] = field(default_factory=dict)
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """All items of a body, and the digest of the whole."""

    digest: bytes
    items: tuple[RawItem, ...]


class BatchReader:
    """Takes the pieces of a body as they arrive; lines are read at once, a list at its end."""

    def __init__(self, form: BatchForm) -> None:
        """Take how the items are told."""
        self._form = form
        self._hash = hashlib.sha256()
        self._size = self._line = 0
        self._rest = bytearray()
        self._is_skipping = False
        self._items: list[RawItem] = []

    def feed(self, piece: bytes) -> None:
        """Take a piece; raises BatchTooLargeError, BatchTooLongError."""
        self._size += len(piece)
        if self._size > MOST_BYTES:
            raise BatchTooLargeError(megabytes=MOST_BYTES // 1024**2)
        self._hash.update(piece)
        self._rest += piece
        if self._form is BatchForm.LINES:
            *lines, last = bytes(self._rest).split(b"\n")
            for line in lines:
                self._take_line(line)
            self._rest = bytearray(self._begun(last))

    def finish(self) -> Batch:
        """Return the items.

        Raises BatchBrokenError, BatchNoListError, BatchEmptyError, BatchTooLongError, and
        JsonEncodingError for a list.
        """
        if self._form is BatchForm.LINES:
            self._take_line(bytes(self._rest))
        else:
            for item in _items_of_list(decoded(bytes(self._rest))):
                self._keep(item)
        if not self._items:
            raise BatchEmptyError
        return Batch(self._hash.digest(), tuple(self._items))

    def _begun(self, line: bytes) -> bytes:
        """Return what is kept of a line that goes on: of one that is too long nothing."""
        if len(line) <= LONGEST_ITEM:
            return line
        self._is_skipping = True
        return b""

    def _take_line(self, line: bytes) -> None:
        self._line += 1
        is_long = self._is_skipping or len(line) > LONGEST_ITEM
        self._is_skipping = False
        if is_long or line.strip():
            self._keep(_item_of_line(len(self._items) + 1, self._line, line, is_long=is_long))

    def _keep(self, item: RawItem) -> None:
        if len(self._items) >= MOST_ITEMS:
            raise BatchTooLongError(most=MOST_ITEMS)
        self._items.append(item)


def _item_of_line(number: int, line: int, content: bytes, *, is_long: bool) -> RawItem:
    digest = hashlib.sha256(content).hexdigest()
    try:
        if is_long:
            raise _too_large(number)
        return _item(number, line, digest, value_in(decoded(content)))
    except Refusal as refusal:
        return RawItem(number, line, digest, refusal=refusal)


def _item(number: int, line: int | None, digest: str, value: object) -> RawItem:
    if not isinstance(value, dict):
        return RawItem(number, line, digest, refusal=ItemNoObjectError())
    return RawItem(number, line, digest, value)


def _items_of_list(text: str) -> Iterator[RawItem]:
    """Yield the items between the brackets of a list."""
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        value_in(text)  # Tells what is no JSON at all.
        raise BatchNoListError
    at, number = _after_space(text, at + 1), 0
    while text[at : at + 1] != "]":
        number += 1
        item, at = _item_at(text, at, number)
        yield item
        at = _after_space(text, at)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
            if text[at : at + 1] == "]":
                raise BatchBrokenError(item=number + 1)
        elif text[at : at + 1] != "]":
            raise BatchBrokenError(item=number + 1)
    if text[at + 1 :].strip(SPACE):
        raise BatchBrokenError(item=number + 1)


def _item_at(text: str, at: int, number: int) -> tuple[RawItem, int]:
    """Return the item that begins at a place, looking no farther than an item is long.

    Raises BatchBrokenError: behind an item that cannot be read nobody knows where the next
    one begins.
    """
    window = text[at : at + LONGEST_ITEM + 1]
    try:
        found, length = first_value_in(window, 0)
    except JsonBrokenError as broken:
        if len(window) > LONGEST_ITEM:
            raise _too_large(number) from broken
        raise BatchBrokenError(item=number) from broken
    digest = hashlib.sha256(window[:length].encode()).hexdigest()
    try:
        item = _item(number, None, digest, found.value)
    except Refusal as refusal:
        item = RawItem(number, None, digest, refusal=refusal)
    return item, at + length


def _too_large(number: int) -> ItemTooLargeError:
    return ItemTooLargeError(item=number, kilobytes=LONGEST_ITEM // 1024)


def _after_space(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in SPACE:
        at += 1
    return at
