"""Files that a command writes: they appear whole or not at all, for their owner only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from archive.cli.refusals import FileUnwritableError, problem_of


@contextmanager
def draft_of(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file to write; it takes its name at the end, over an older one of that name.

    That it can be written is found out before anything else is done; folders and devices
    cannot. Raises FileUnwritableError.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise FileUnwritableError(problem="EISDIR" if path.is_dir() else "ENOTSUP")
    try:
        draft = NamedTemporaryFile(  # noqa: SIM115  # Closed below, before it is renamed.
            dir=path.parent, prefix=".draft-", delete=False
        )
    except OSError as refused:
        raise FileUnwritableError(problem=problem_of(refused)) from refused
    unfinished = Path(draft.name)
    try:
        with draft:
            yield draft
            draft.flush()
            os.fsync(draft.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
