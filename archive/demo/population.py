"""Who lives in the demo district, and how many records each has: few have many, most have some."""

from collections.abc import Iterator
from functools import lru_cache
from random import Random

from archive.demo.lives import District, life
from archive.demo.showcase import NAMES, showcase
from archive.demo.steps import Life

_BLOCK = 20  # Workers whose records are shared out together, so that any part can be made alone.


def population(district: District, workers: int, records: int) -> Iterator[Life]:
    """Yield every life of the district; together they have exactly ``records`` of learning.

    Those told on purpose come first, as far as there is room for them.
    """
    told = _told_on_purpose(district, workers, records)
    yield from told
    drawn, left = workers - len(told), records - sum(one.learnt for one in told)
    for at in range(drawn):
        yield life(district, len(told) + at, _share(district.seed, drawn, left, at))


def told_lives(district: District, workers: int, records: int) -> tuple[str, ...]:
    """Return the names of the lives that are told on purpose, in the order of their places."""
    return NAMES[: len(_told_on_purpose(district, workers, records))]


def _told_on_purpose(district: District, workers: int, records: int) -> list[Life]:
    """Return the told lives, as long as everyone after them can have a record.

    Whoever comes last is drawn by chance, and so has what is left.
    """
    told: list[Life] = []
    for one in showcase(district)[: workers - 1]:
        left = records - sum(before.learnt for before in told) - one.learnt
        if left < workers - len(told) - 1:
            break
        told.append(one)
    return told


def _share(seed: int, workers: int, records: int, at: int) -> int:
    block, within = divmod(at, _BLOCK)
    return _shares(seed, workers, records, block)[within]


@lru_cache(maxsize=2)
def _shares(seed: int, workers: int, records: int, block: int) -> tuple[int, ...]:
    """Share the records of a block of workers out; each has one when there are enough."""
    first, last = block * _BLOCK, min((block + 1) * _BLOCK, workers)
    size, whole = last - first, records * last // workers - records * first // workers
    least = min(1, whole // size)
    chance = Random(f"shares/{seed}/{block}")
    weights = [0.35 + chance.expovariate(1.0) for _ in range(size)]
    total, shared, given = sum(weights), 0.0, 0
    counts = []
    for weight in weights:
        shared += (whole - least * size) * weight / total
        part = round(shared) - given
        given += part
        counts.append(least + part)
    return tuple(counts)
