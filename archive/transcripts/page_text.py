"""The words on the pages of our own documents, read back from the finished PDF.

Only what our own layout writes is understood: fonts with a table of the characters that they
stand for, and marks around what is no content (running heads and feet, watermarks), which is
left out. Nothing here is meant for the files of strangers; whoever calls has seen that the
signature holds.
"""

import re
import unicodedata
from collections.abc import Iterator

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

MOST_PAGES = 500
_DEEPEST = 8
_TOKEN = re.compile(
    rb"\[(?P<array>[<>0-9A-Fa-f\s.\-]*)\]\s*TJ(?!\S)"
    rb"|<<.*?>>"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*)>"
    rb"|\((?P<literal>(?:\\.|[^\\()])*)\)"
    rb"|/(?P<name>[^\s/<>\[\]()]+)"
    rb"|(?<![^\s\]>)])(?P<operator>T[fJj]|BMC|BDC|EMC|Do|BI|['\"])(?!\S)",
    re.DOTALL,
)
_BETWEEN = re.compile(rb">[^<]*<")
"""What stands between the strings of an array: how far glyphs are moved together."""
_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf\1", re.DOTALL)
_CODE = re.compile(rb"<([0-9A-Fa-f]+)>")
_ARTIFACT = b"Artifact"
_SPACES = re.compile(r"\s+")
_ALIKE = str.maketrans({"‐": "-", "‑": "-", "−": "-", "\u00ad": ""})
"""Characters that one glyph stands for, so that the page cannot tell them apart."""
Codes = dict[int, str]


class PageUnreadableError(ValueError):
    """A page holds what our own layout never writes."""


def page_text(reader: PdfFileReader) -> str:
    """Return the words of all pages in the order in which they are written.

    Raises PageUnreadableError, or whatever the parser raises.
    """
    fonts: dict[object, Codes] = {}
    pages = list(_pages(reader.root["/Pages"], 0))
    return "".join(word for page in pages for word in _Page(page, fonts).words())


def same_words(one: str, other: str) -> bool:
    """Whether two texts have the same characters in the same order, wherever lines may end."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text).translate(_ALIKE))


def _pages(node: DictionaryObject, depth: int) -> Iterator[DictionaryObject]:
    if depth > _DEEPEST:
        raise PageUnreadableError
    for one in node["/Kids"]:
        kid = one.get_object()
        if kid["/Type"] == "/Pages":
            yield from _pages(kid, depth + 1)
        else:
            yield kid


class _Page:
    """One page, or a drawing on it that has words of its own."""

    def __init__(self, page: DictionaryObject, fonts: dict[object, Codes], depth: int = 0) -> None:
        self._page, self._fonts, self._depth = page, fonts, depth
        self._resources = page["/Resources"]
        self._codes: Codes | None = None
        self._hidden: list[bool] = []

    def words(self) -> Iterator[str]:
        """Yield the words that are content, as they come."""
        if self._depth > _DEEPEST:
            raise PageUnreadableError
        shown: list[bytes] = []
        names: list[bytes] = []
        for token in _TOKEN.finditer(self._content()):
            match token.lastgroup:
                case "array":
                    if not any(self._hidden[-1:]):
                        strings = _BETWEEN.sub(b"", b">" + token["array"] + b"<")
                        yield self._read(bytes.fromhex(strings.decode()))
                    shown, names = [], []
                case "hex":
                    shown.append(bytes.fromhex(token["hex"].decode()))
                case "literal":
                    shown.append(b"?")  # Of no length that our own fonts have.
                case "name":
                    names.append(token["name"])
                case "operator":
                    yield from self._act(token["operator"], names, shown)
                    shown, names = [], []
                case _:
                    pass

    def _content(self) -> bytes:
        if isinstance(self._page, StreamObject):
            return bytes(self._page.data)
        content = self._page["/Contents"]
        parts = [content] if isinstance(content, StreamObject) else content
        return b"\n".join(part.get_object().data for part in parts)

    def _act(self, operator: bytes, names: list[bytes], shown: list[bytes]) -> Iterator[str]:
        match operator:
            case b"Tf":
                self._codes = self._font(names[-1].decode())
            case b"BMC" | b"BDC":
                self._hidden.append(names[0] == _ARTIFACT or any(self._hidden[-1:]))
            case b"EMC":
                self._hidden.pop()
            case b"Tj" | b"TJ":
                if not any(self._hidden[-1:]):
                    yield from map(self._read, shown)
            case b"Do":
                yield from self._drawn(names[-1].decode())
            case _:
                raise PageUnreadableError

    def _read(self, text: bytes) -> str:
        codes = self._codes
        if codes is None or len(text) % 2:
            raise PageUnreadableError
        pairs = zip(text[::2], text[1::2], strict=True)
        return "".join([codes[high << 8 | low] for high, low in pairs])

    def _drawn(self, name: str) -> Iterator[str]:
        drawing = self._resources["/XObject"][f"/{name}"]
        if drawing["/Subtype"] == "/Form" and not any(self._hidden[-1:]):
            yield from _Page(drawing, self._fonts, self._depth + 1).words()

    def _font(self, name: str) -> Codes:
        raw = self._resources["/Font"].raw_get(f"/{name}")
        known = self._fonts.get(raw)
        if known is None:
            table = raw.get_object()["/ToUnicode"]
            known = self._fonts[raw] = _codes(table.data)
        return known


def _codes(table: bytes) -> Codes:
    """Read which characters the glyphs of a font stand for."""
    found: Codes = {}
    for section in _SECTION.finditer(table):
        told = [bytes.fromhex(one.decode()) for one in _CODE.findall(section[2])]
        if section[1] == b"range":
            for first, last, text in zip(told[::3], told[1::3], told[2::3], strict=True):
                start = int.from_bytes(text, "big")
                begin = int.from_bytes(first, "big")
                for code in range(begin, int.from_bytes(last, "big") + 1):
                    found[code] = chr(start + code - begin)
        else:
            pairs = zip(told[::2], told[1::2], strict=True)
            found |= {int.from_bytes(one, "big"): text.decode("utf-16-be") for one, text in pairs}
    return found
