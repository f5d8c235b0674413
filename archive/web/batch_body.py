"""The body of a list that a program posts, read piece by piece and never beyond its limits."""

from typing import Annotated

from fastapi import Depends, Header, Request

from archive.dossiers.programs.batch_refusals import BatchPackedError, BatchTypeUnknownError
from archive.dossiers.programs.batch_splitting import Batch, BatchForm, BatchReader
from archive.web.media_types import charset_is_utf8, media_type

_PLAIN = frozenset({"", "identity"})


async def posted_batch(request: Request) -> Batch:
    """Return the items of a request's body.

    Raises BatchTypeUnknownError, BatchPackedError, and what a BatchReader raises.
    """
    written = request.headers.get("content-type", "")
    if media_type(written) not in set(BatchForm) or not charset_is_utf8(written):
        raise BatchTypeUnknownError
    if request.headers.get("content-encoding", "").strip().lower() not in _PLAIN:
        raise BatchPackedError
    reader = BatchReader(BatchForm(media_type(written)))
    async for piece in request.stream():
        reader.feed(piece)
    return reader.finish()


PostedBatchDep = Annotated[Batch, Depends(posted_batch)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Yours: sent again with the same list it brings the same answer.",
    ),
]
