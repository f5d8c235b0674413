"""Files as forms bring them: in memory only, since a spooled one would lie on disk in clear."""

from fastapi import UploadFile
from starlette.formparsers import MultiPartParser

from archive.files import LARGEST_BYTES, UploadTooLargeError
from archive.web.refusals import NoFileError

_LONGEST_NAME = 120


def keep_in_memory() -> None:
    """Let no upload that we accept be spooled to a temporary file."""
    MultiPartParser.spool_max_size = LARGEST_BYTES + 1


def read_upload(file: UploadFile | None) -> tuple[str, bytes]:
    """Return name and content of an uploaded file.

    Raises NoFileError when none was chosen, UploadTooLargeError.
    """
    if file is None or not file.filename:
        raise NoFileError
    content = file.file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise UploadTooLargeError(megabytes=LARGEST_BYTES // 1024**2)
    return _plain_name(file.filename), content


def _plain_name(name: str) -> str:
    """Return the file's own name: some browsers send its path, and any may send nonsense."""
    own = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(one for one in own if one.isprintable())[:_LONGEST_NAME] or "file"
