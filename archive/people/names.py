"""People's names as they are written, brought to the form in which they are compared."""

import re
import unicodedata

_DOTS = re.compile(r"[·•‧∙⋅・･．。.]")
_HAN_SPACE = re.compile(r"(?<=[㐀-鿿𠀀-𲎯·])\s+(?=[㐀-鿿𠀀-𲎯·])")
_OLD_PLACES = [place for place in range(0xFE50, 0xFEA1) if place != 0xFE7F]  # noqa: PLR2004
_OF_OLD_FONTS = {
    private: place.to_bytes(2, "big").decode("gb18030")
    for private, place in enumerate(_OLD_PLACES, start=0xE815)
}
"""Rare characters (䶮) that old programs keep in the private area, and where they stand now."""


def plain_name(text: str) -> str:
    """Return a name as it is kept: one middle dot, one space, none inside Chinese names.

    ``张  三`` (spread to fill a cell) becomes ``张三``, ``买买提.艾力`` gets its ``·``,
    ``Anna   Kim`` keeps one space.
    """
    name = " ".join(unicodedata.normalize("NFKC", text.translate(_OF_OLD_FONTS)).split())
    name = _HAN_SPACE.sub("", name)
    return _DOTS.sub("·", name) if _has_han(name) else name


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name; case and spaces of Latin names do not matter."""
    return _compared(one) == _compared(other)


def searched_form(name: str) -> str:
    """Return the form in which a name is searched for: no space, no middle dot, one case.

    ``买买提·艾力`` is found by ``买买提艾力`` and ``Anna Kim`` by ``annakim``; nothing else
    is left out, because a name is found only by the whole of it.
    """
    return _DOTS.sub("", _compared(name))


def masked_name(name: str) -> str:
    """Return a name of which only the first character is shown: ``陈**``, ``A*** K**``.

    Of a Latin name the first letter of each part is shown, and its length: that is what
    someone who holds the paper needs to recognise it, and too little to find a person.
    """
    if _has_han(name):
        return name[:1] + "".join("·" if letter == "·" else "*" for letter in name[1:])
    return " ".join(part[:1] + "*" * (len(part) - 1) for part in name.split())


def _compared(name: str) -> str:
    return plain_name(name).casefold().replace(" ", "")


def _has_han(name: str) -> bool:
    return any("㐀" <= found <= "鿿" or found >= "𠀀" for found in name)
