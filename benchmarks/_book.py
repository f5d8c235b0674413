"""The book that benchmarks share: synthetic lives of workers, the same for a seed."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

EACH = 5
_TWINS = 8
"""One worker in so many has a course twice, from two organisations: a twelfth, with chance."""
_HOURS = (8, 16, 24, 36, 40, 64, 80, 120, 160, 240)
_TRADES = ("6-31-01-03", "6-18-02-04", "4-03-02-01", "6-18-01-07")
_TRAININGS, _CERTIFICATES = 0.7, 0.9

Told = dict[str, Any]
"""An outcome as the chain's bytes tell it."""


def lives(workers: int) -> Iterator[tuple[UUID, list[Told]]]:
    """Yield the outcomes of each worker."""
    chance = Random(1)
    for worker in range(workers):
        life = [_outcome(chance) for _ in range(EACH)]
        if worker % _TWINS == 0:
            life[1] = {**life[0], **_elsewhere(chance)}
        yield UUID(int=worker + 1), life


def _elsewhere(chance: Random) -> Told:
    """Return what differs of an outcome that another organisation posted as well."""
    return {
        "id": str(UUID(int=chance.getrandbits(128))),
        "issuer": str(UUID(int=chance.randrange(60, 120) + 1)),
        "issuer_key": f"{chance.getrandbits(64):x}",
    }


def _outcome(chance: Random) -> Told:
    """Return an outcome as the chain's bytes tell it: 70 % courses, 20 % levels, 10 % prizes."""
    day = date(2018, 1, 1) + timedelta(days=chance.randrange(8 * 365))
    told: Told = {
        "id": str(UUID(int=chance.getrandbits(128))),
        "effective_on": day.isoformat(),
        "issuer": str(UUID(int=chance.randrange(60) + 1)),
        "issuer_key": f"{chance.getrandbits(64):x}",
        "occupation": chance.choice(_TRADES),
        "rank": None,
    }
    kind = chance.random()
    if kind < _TRAININGS:
        course = chance.randrange(300)
        told["measures"] = {
            "kind": "training",
            "hours": str(_HOURS[course % len(_HOURS)]),
            "attendance": str(chance.randrange(70, 101)),
            "score": str(chance.randrange(80, 201) / 2).removesuffix(".0"),
            "grade": None,
            "mode": chance.choice((None, "classroom", "online", "blended")),
            "course_code": f"C{course}" if course % 2 else None,
            "course": f"{course:064x}",
        }
    elif kind < _CERTIFICATES:
        told["rank"] = chance.randrange(1, 6)
        told["measures"] = {"kind": "certificate", "instrument": "skill_level", "title": None}
    else:
        told["measures"] = {
            "kind": "competition",
            "tier": chance.choice(("province", "city", "district")),
            "prize": chance.choice(("first", "second", "third", "merit")),
            "event": f"{chance.randrange(50):064x}",
        }
    return told
