"""Writing many values of one form: canonical bytes whose names are always the same. Pure.

The same text as ``chain.canonical_bytes`` gives, without sorting and quoting the names each time.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from uuid import UUID

from credit_bank.chain import canonical_bytes


class Form:
    """The names of a text, and where each value stands in it."""

    def __init__(self, names: Iterable[str], *, parts: Iterable[str] = ()) -> None:
        """Take the names of plain values, and of ``parts`` that come as canonical text.

        At least two names are plain.
        """
        plain, written = sorted(names), sorted(parts)
        whole = sorted((*plain, *written))
        quoted = (canonical_bytes(name).decode().replace("%", "%%") for name in whole)
        self._template = "{" + ",".join(f"{name}:%s" for name in quoted) + "}"
        self._plain = itemgetter(*plain)
        self._parts = [(whole.index(name), name) for name in written]

    def text(self, told: Mapping[str, object], **parts: str) -> str:
        """Return the canonical text of what is told."""
        texts = [*map(_text_of, self._plain(told))]
        for place, name in self._parts:
            texts.insert(place, parts[name])
        return self._template % tuple(texts)


@lru_cache(maxsize=16_384, typed=True)  # Equal values of two types are two texts.
def _text_of(value: object) -> str:
    """Return the canonical text of a value; most of them stand in several texts."""
    return f'"{value}"' if isinstance(value, UUID) else canonical_bytes(value).decode()
