"""A program that writes a posted file and is killed again and again.

Each turn a child of this process drives the run and says after every commit how far it is; it is
killed with SIGKILL at a moment that nobody chose. What was acknowledged is told to whoever reads
the standard output: the oracle, which knows nothing of the database.
"""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from uuid import UUID

from archive.dossiers.intake import driving, runs
from archive.people.opening import open_archive
from archive.settings import load_settings


def main() -> None:
    """Run some turns; the arguments are the run, the kills, the seed, the rows a step."""
    run_id, (kills, seed, runs.STEP_ROWS) = sys.argv[1], map(int, sys.argv[2:5])
    chance = random.Random(seed)  # Repeatable, not secret.
    for _ in range(kills):
        print(_turn(UUID(run_id), chance), flush=True)  # noqa: T201


def _turn(run_id: UUID, chance: random.Random) -> int:
    """Let a child take some steps, kill it somewhere in the next; return what it acknowledged."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        _drive(run_id, write)
    os.close(write)
    with os.fdopen(read) as told:
        last, took = 0, 0.0
        for _ in range(1 + chance.randrange(3)):  # The first line says that it is ready.
            begun = time.monotonic()
            last = int(told.readline() or last)
            took = time.monotonic() - begun
        time.sleep(chance.uniform(0, took))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return max((int(line) for line in told), default=last)


def _drive(run_id: UUID, write: int) -> None:
    archive = open_archive(load_settings())

    def tell(done: int, _total: int) -> None:
        os.write(write, f"{done}\n".encode())

    tell(0, 0)
    driving.drive(archive, run_id, zone=UTC, clock=lambda: datetime.now(UTC), tell=tell)
    os._exit(0)


if __name__ == "__main__":
    main()
