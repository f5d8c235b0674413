"""Which HTTP status the refusals of issuing documents answer with."""

from starlette import status

from archive.transcripts import (
    batches,
    kept,
    makings,
    own_documents,
    refusals,
    report_composing,
    report_tickets,
)
from schemas.refusals import Refusal

OF_DOCUMENTS: dict[type[Refusal], int] = {
    refusals.DocumentRefusedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    refusals.RecordWithdrawnError: status.HTTP_409_CONFLICT,
    refusals.WholeNumberRefusedError: status.HTTP_403_FORBIDDEN,
    own_documents.DocumentUnknownError: status.HTTP_404_NOT_FOUND,
    kept.DocumentGoneError: status.HTTP_410_GONE,
    makings.DocumentFailedError: status.HTTP_503_SERVICE_UNAVAILABLE,
    refusals.DocumentsBusyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    batches.BatchUnknownError: status.HTTP_404_NOT_FOUND,
    batches.BatchEmptyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batches.BatchTooManyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batches.BatchNumbersUnknownError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batches.BatchOverError: status.HTTP_409_CONFLICT,
    report_composing.NothingToReportError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    report_tickets.TicketRefusedError: status.HTTP_409_CONFLICT,
    refusals.IssuerMissingError: status.HTTP_503_SERVICE_UNAVAILABLE,
}
