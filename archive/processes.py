"""How a process beside the server begins: after the pages, and never longer than the server."""

import os
import signal
import threading
from multiprocessing import parent_process

NICENESS = 5
"""Of whatever works beside the server: the processor is the pages' first."""


def begin_beside() -> None:
    """Leave the processor to pages first; end with the server, not by its terminal's signal."""
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """Wait for the parent to be gone: when it was killed nobody tells its children."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
