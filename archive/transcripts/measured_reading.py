"""Reading a PDF that anyone may have made, up to so many bytes of objects and no further.

The parser makes an object of each number and name that it meets, at a few million a minute and
a hundred bytes each. Streams (pages, faces, attachments) it takes as they are; how far these may
unfold is limited by the parser itself. What is measured here is the rest, so that a file of
some kilobytes, packed, cannot keep a processor busy for minutes or fill the memory.
"""

from io import BufferedReader, BytesIO, RawIOBase
from typing import TYPE_CHECKING

from pyhanko.pdf_utils.decode_limits import (
    DEFAULT_PURPOSE_LIMITS,
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.generic import PdfObject, Reference, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MEBIBYTE = 2**20
MOST_BYTES_OF_OBJECTS = 2 * _MEBIBYTE
"""Some seconds of work. A document of 900 records, which fills seventy pages, takes 0.4 of it."""
_PIECE = 1024
"""Objects are read in pieces of this size; what is longer is the content of a stream."""
_BYTES_A_LOOK = 64
"""What one look at an object counts, whether it was read before or not."""
_BYTES_A_STEP = 16
"""What a step backwards counts: the parser looks for the end of a file byte by byte."""
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=32 * _MEBIBYTE),
    per_purpose={
        **DEFAULT_PURPOSE_LIMITS,
        DecodePurpose.OBJECT_STREAM: StreamDecodeLimits(max_output_size=MOST_BYTES_OF_OBJECTS),
    },
    document_budget=DocumentDecodeBudget(base_allowance=128 * _MEBIBYTE, max_ratio=20),
)


class TooLaboriousError(Exception):
    """A file holds more objects than any document of ours."""


class Effort:
    """How much of a file was read as objects so far, however often it was begun."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._bytes = 0

    def add(self, more: int) -> None:
        """Count so many bytes; raises TooLaboriousError when they are too many."""
        self._bytes += more
        if self._bytes > MOST_BYTES_OF_OBJECTS:
            raise TooLaboriousError


class MeasuredReader(PdfFileReader):
    """Reads a file; raises TooLaboriousError when it takes too much work."""

    def __init__(self, data: bytes, effort: Effort, *, is_strict: bool = True) -> None:
        """Begin to read; may raise whatever the parser raises of a hostile file."""
        self._effort = effort
        source = BufferedReader(_Source(data, effort), _PIECE)
        super().__init__(source, strict=is_strict, decode_limits=_LIMITS)

    def get_object(self, *asked: object, **how: object) -> PdfObject:
        """Return an object; a small tree may be made of a few that name one another for ever."""
        self._effort.add(_BYTES_A_LOOK)
        found: PdfObject = super().get_object(*asked, **how)  # type: ignore[no-untyped-call]  # pyHanko's.
        return found

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> PdfObject:
        """Return an object out of a stream of objects, whose table is read for each of them."""
        stream = Reference(stmnum, 0, self).get_object()
        if isinstance(stream, StreamObject):
            self._effort.add(len(stream.read_data(DecodePurpose.OBJECT_STREAM)))
        found: PdfObject = super()._get_object_from_stream(idnum, stmnum, idx)  # type: ignore[no-untyped-call]  # pyHanko's.
        return found


class _Source(RawIOBase):
    """The bytes of a file; those that are asked for by the piece are measured."""

    def __init__(self, data: bytes, effort: Effort) -> None:
        self._bytes, self._effort = BytesIO(data), effort
        self._last = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._bytes.seek(offset, whence)

    def tell(self) -> int:
        return self._bytes.tell()

    def readinto(self, into: "WriteableBuffer") -> int:
        place = self._bytes.tell()
        count = self._bytes.readinto(into)
        if len(memoryview(into)) <= _PIECE:
            back = self._last - place
            self._effort.add(back + _BYTES_A_STEP if 0 < back < count else count)
            self._last = place
        return count
