"""The credential in a file: as it is, or baked into a PNG or an SVG. Pure."""

import re
import struct
import zlib
from collections.abc import Iterator
from xml.parsers.expat import ExpatError

from openbadgeslib.baking import SVG_ELEMENT_OB3, extract_svg

from archive.dossiers.programs.badges.refusals import BadgeTooLargeError, BadgeUnreadableError

MOST_BYTES = 2 * 1024**2
LONGEST_TEXT = 128 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">I4s")
_CHECK = struct.Struct(">I")
_KEYWORD = b"openbadgecredential\0"
_PLAIN = b"\0\0"
"""No compression: badges are baked without it."""
_LONGEST_WORDS = 200
_SVG = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(\w+:)?svg\b", re.DOTALL)
_ELEMENT = SVG_ELEMENT_OB3.encode()


def credential_text(content: bytes) -> str:
    """Return the text of the one credential that a file holds.

    Raises BadgeTooLargeError, BadgeUnreadableError.
    """
    if len(content) > MOST_BYTES:
        raise _too_large()
    if content.startswith(_PNG):
        text = _in_png(content)
    elif _SVG.match(content):
        text = _in_svg(content)
    else:
        text = _decoded(content)
    if len(text) > LONGEST_TEXT:
        raise _too_large()
    return text.strip()


def _in_png(content: bytes) -> str:
    """Return the text of the one chunk that holds a credential."""
    found = [
        body.removeprefix(_KEYWORD)
        for kind, body in _chunks(content)
        if kind == b"iTXt" and body.startswith(_KEYWORD)
    ]
    if len(found) != 1 or not found[0].startswith(_PLAIN):
        raise BadgeUnreadableError
    language, _, rest = found[0].removeprefix(_PLAIN).partition(b"\0")
    keyword, is_there, text = rest.partition(b"\0")  # The keyword in that language.
    if not is_there or len(language) + len(keyword) > _LONGEST_WORDS:
        raise BadgeUnreadableError
    return _decoded(text)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(content):
        if at + _HEAD.size > len(content):
            raise BadgeUnreadableError
        length, kind = _HEAD.unpack_from(content, at)
        body = content[at + _HEAD.size : at + _HEAD.size + length]
        at += _HEAD.size + length + _CHECK.size
        if at > len(content):
            raise BadgeUnreadableError
        if zlib.crc32(kind + body) != _CHECK.unpack_from(content, at - _CHECK.size)[0]:
            raise BadgeUnreadableError
        yield kind, body


def _in_svg(content: bytes) -> str:
    if content.count(b"<" + _ELEMENT) != 1:
        raise BadgeUnreadableError
    try:
        found = extract_svg(content, element=SVG_ELEMENT_OB3, text_fallback=True)
    except (ExpatError, ValueError, RecursionError):
        raise BadgeUnreadableError from None
    if found is None:
        raise BadgeUnreadableError
    return found


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadgeUnreadableError from None


def _too_large() -> BadgeTooLargeError:
    return BadgeTooLargeError(megabytes=MOST_BYTES // 1024**2, kilobytes=LONGEST_TEXT // 1024)
