"""Which HTTP status the refusals of issuing documents answer with."""

from starlette import status

from archive.transcripts import refusals
from schemas.refusals import Refusal

OF_DOCUMENTS: dict[type[Refusal], int] = {
    refusals.DocumentRefusedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    refusals.RecordWithdrawnError: status.HTTP_409_CONFLICT,
    refusals.WholeNumberRefusedError: status.HTTP_403_FORBIDDEN,
    refusals.IssuerMissingError: status.HTTP_503_SERVICE_UNAVAILABLE,
}
