"""Counts a request for everyone whom it concerns, and refuses who has asked too often."""

import math
from collections.abc import Callable, Mapping
from typing import ClassVar

from archive.errors import ArchiveError
from archive.limiting.figures import LIMITS, Group, Limit, Subject
from archive.limiting.store import SqlStorage

_SECONDS_A_MINUTE = 60


class RateLimitedError(ArchiveError):
    """Someone has asked too often; of whom that was counted is not told."""

    code: ClassVar[str] = "rate_limited"
    template: ClassVar[str] = (
        "There were too many requests of this kind. Try again in {minutes} min; "
        "nothing that you did before is lost."
    )

    seconds: int = 0
    """From now on, in whole seconds, the next one may come."""

    @classmethod
    def until(cls, seconds: int) -> "RateLimitedError":
        """Return the refusal that says when to come back."""
        refusal = cls(minutes=math.ceil(seconds / _SECONDS_A_MINUTE))
        refusal.seconds = seconds
        return refusal


class Limiter:
    """Counts requests of a group; every one counts, also one that is refused."""

    def __init__(
        self,
        storage: SqlStorage,
        clock: Callable[[], float],
        limits: Mapping[Group, tuple[Limit, ...]] = LIMITS,
    ) -> None:
        """Take the store, and a clock that tells seconds since 1970."""
        self.storage = storage
        self._clock = clock
        self._limits = limits

    def is_new(self, group: Group, value: str) -> bool:
        """Tell whether a value is met for the first time in a window of the group."""
        window = max(limit.item.get_expiry() for limit in self._limits[group])
        return self.storage.incr(f"{group}/met/{value}", window) == 1

    def hit(self, group: Group, subjects: Mapping[Subject, str]) -> None:
        """Count one request for all its subjects in one statement; raises RateLimitedError.

        A subject for which the group has no figure is not counted. The count is kept even
        when what follows is rolled back.
        """
        counted: dict[str, Limit] = {}
        for limit in self._limits[group]:
            if value := subjects.get(limit.subject):
                counted[limit.item.key_for(group, limit.subject, value)] = limit
        if not counted:
            return
        expiries = {key: limit.item.get_expiry() for key, limit in counted.items()}
        found = self.storage.count(expiries)
        ends = [
            ends_at for key, (hits, ends_at) in found.items() if hits > counted[key].item.amount
        ]
        if ends:
            raise RateLimitedError.until(max(1, math.ceil(max(ends) - self._clock())))
