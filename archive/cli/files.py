"""Files that a command reads, each refused by name when it cannot be."""

import sys
from pathlib import Path
from typing import Any

from archive.cli.refusals import FileMissingError, FileUnreadableError, problem_of
from archive.files import LARGEST_BYTES, UploadTooLargeError, object_in

STANDARD_INPUT = Path("-")


def read_bytes(path: Path) -> bytes:
    """Return what is in a file.

    Raises FileMissingError, FileUnreadableError, UploadTooLargeError.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError as missing:
        raise FileMissingError from missing
    except OSError as unreadable:
        raise FileUnreadableError(problem=problem_of(unreadable)) from unreadable
    if len(content) > LARGEST_BYTES:
        raise UploadTooLargeError(megabytes=LARGEST_BYTES // 1024**2)
    return content


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file or, for ``-``, on standard input.

    Raises what ``read_bytes`` raises, and NotJsonError.
    """
    content = sys.stdin.buffer.read() if path == STANDARD_INPUT else read_bytes(path)
    return object_in(content)
