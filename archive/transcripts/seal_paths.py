"""Paths of SVGs read and written again in another measure, so that nothing else is in them."""

import re
from collections.abc import Iterator

_BLANK = re.compile(r"[\s,]*")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_FLAG = re.compile(r"[01]")
_NEEDS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_LARGEST = 1e6
_LARGE_ARC, _SWEEP = 3, 4

Pair = tuple[float, float]


class PathUnreadableError(ValueError):
    """A path is not written as SVG has it."""


def fitted(path: str, *, origin: Pair, scale: Pair) -> str:
    """Return a path moved by ``origin`` and stretched by ``scale``, on two decimals.

    Raises PathUnreadableError.
    """
    steps = list(_steps(path))
    if not steps or steps[0][0].upper() != "M":
        raise PathUnreadableError
    return " ".join(_written(letter, values, origin, scale) for letter, values in steps)


def _steps(path: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with its numbers; one that is repeated without its letter gets it."""
    place, letter, is_waiting = _behind_blank(path, 0), "", False
    while place < len(path):
        if path[place].isalpha():
            letter, place = path[place], place + 1
            if is_waiting or letter.upper() not in _NEEDS:
                raise PathUnreadableError
            is_waiting = letter.upper() != "Z"
            if not is_waiting:
                yield letter, []
        elif letter and letter.upper() != "Z":
            values, place = _numbers(path, place, letter.upper())
            yield letter, values
            is_waiting, letter = False, {"M": "L", "m": "l"}.get(letter, letter)
        else:
            raise PathUnreadableError
        place = _behind_blank(path, place)
    if is_waiting:
        raise PathUnreadableError


def _numbers(path: str, place: int, kind: str) -> tuple[list[float], int]:
    values: list[float] = []
    for index in range(_NEEDS[kind]):
        is_flag = kind == "A" and index in (_LARGE_ARC, _SWEEP)
        match = (_FLAG if is_flag else _NUMBER).match(path, place)
        if match is None or abs(float(match.group())) > _LARGEST:
            raise PathUnreadableError
        values.append(float(match.group()))
        place = _behind_blank(path, match.end())
    return values, place


def _behind_blank(path: str, place: int) -> int:
    blank = _BLANK.match(path, place)
    return place if blank is None else blank.end()


def _written(letter: str, values: list[float], origin: Pair, scale: Pair) -> str:
    moved = origin if letter.isupper() else (0.0, 0.0)
    kind = letter.upper()
    if kind == "A":
        radii = [values[0] * scale[0], values[1] * scale[1], *values[2:5]]
        told = [*radii, (values[5] - moved[0]) * scale[0], (values[6] - moved[1]) * scale[1]]
    else:
        axes = {"H": (0,), "V": (1,)}.get(kind, (0, 1))
        told = [
            (value - moved[axes[at % len(axes)]]) * scale[axes[at % len(axes)]]
            for at, value in enumerate(values)
        ]
    return letter + " ".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in told)
