"""A program that issues a document and kills itself at a point that it was told.

The points stand between intent, laying out, signing, keeping, registering and handing over.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from archive.people import accounts
from archive.people.opening import open_archive
from archive.settings import load_settings
from archive.transcripts import issuing, kept, makings
from archive.transcripts.own_works import OwnWorks, press_for
from schemas.documents import DocumentAsked

POINTS: dict[str, tuple[Any, str, bool]] = {
    "after the intent": (OwnWorks, "make", True),
    "while laying out": (OwnWorks, "make", False),
    "after signing": (makings, "finish", True),
    "before the file is kept": (kept.KeptDocuments, "keep", True),
    "after the file is kept": (kept.KeptDocuments, "keep", False),
    "before the register is committed": (kept.KeptDocuments, "forget_beyond", False),
    "after the register": (issuing, "Issued", True),
}
"""By name: whose function, which, and whether it dies before it or after it."""


def main() -> None:
    """Issue a document; the arguments are the worker and the point."""
    owner, name, is_before = POINTS[sys.argv[2]]
    own = getattr(owner, name)

    def dying(*told: Any, **more: Any) -> Any:  # Whatever it is.
        if not is_before:
            own(*told, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)
    archive = open_archive(load_settings())
    now = datetime.now(UTC)
    with archive.reading() as session:
        by = accounts.named(session, "trainer")
    press = press_for(load_settings(), now=now)
    issuing.issue(archive, UUID(sys.argv[1]), DocumentAsked(), by=by, now=now, using=press)


if __name__ == "__main__":
    main()
