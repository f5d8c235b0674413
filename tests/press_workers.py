"""What a process of a pool may come to: it dies, hangs, eats memory or grows, as it is told."""

import os
import signal
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from archive.settings import Settings
from archive.transcripts.orders import Order
from archive.transcripts.payload import Payload
from archive.transcripts.pool import Limits, PressPool
from archive.transcripts.signing import SignedFile
from schemas.keys import SigningProfile
from schemas.transcripts import TranscriptV1

HELD: list[bytes] = []


class Misbehaving:
    """Does what the purpose of a document says, and signs nothing."""

    def place(self) -> AbstractContextManager[None]:
        """Hold a place."""
        return nullcontext()

    def make(self, payload: Payload, *, at: datetime, order: Order) -> SignedFile:
        """Return which process this is, unless something else is wanted."""
        match payload.purpose if isinstance(payload, TranscriptV1) else None:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                time.sleep(60)
            case "eat":
                HELD.extend(os.urandom(2**20) for _ in range(2**20))
            case "grow":
                HELD.append(os.urandom(200 * 2**20))
            case "fail":
                raise RuntimeError(at, order.fingerprint)
            case "wait":
                time.sleep(0.5)
            case _:
                pass
        return SignedFile(str(os.getpid()).encode(), SigningProfile.B_B, None, None)

    def warm(self) -> None:
        """Get ready."""

    def close(self) -> None:
        """Leave."""


def opened(_settings: Settings, _now: datetime) -> Misbehaving:
    """Open what misbehaves."""
    return Misbehaving()


def main() -> None:
    """Keep a warm pool, tell its processes, and wait to be killed."""
    settings = Settings(demo=False)
    pool = PressPool(settings, lambda: datetime.now(UTC), Limits(processes=2), opened)
    pool.warm()
    pids = [desk.pid for desk in pool.desks()]
    sys.stdout.write(f"{' '.join(map(str, pids))}\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main()
