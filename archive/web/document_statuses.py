"""Which HTTP status the refusals of issuing documents answer with."""

from starlette import status

from archive.transcripts import (
    batch_refusals,
    consented,
    kept,
    makings,
    own_documents,
    proof_refusals,
    refusals,
    report_composing,
    report_tickets,
)
from schemas.refusals import Refusal

OF_DOCUMENTS: dict[type[Refusal], int] = {
    refusals.DocumentRefusedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    refusals.RecordWithdrawnError: status.HTTP_409_CONFLICT,
    refusals.WholeNumberRefusedError: status.HTTP_403_FORBIDDEN,
    proof_refusals.ProofSubjectUnknownError: status.HTTP_404_NOT_FOUND,
    proof_refusals.OpeningRefusedError: status.HTTP_403_FORBIDDEN,
    proof_refusals.NothingSealedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    own_documents.DocumentUnknownError: status.HTTP_404_NOT_FOUND,
    kept.DocumentGoneError: status.HTTP_410_GONE,
    makings.DocumentFailedError: status.HTTP_503_SERVICE_UNAVAILABLE,
    refusals.DocumentsBusyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    report_composing.NothingToReportError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    report_tickets.TicketRefusedError: status.HTTP_409_CONFLICT,
    batch_refusals.BatchUnknownError: status.HTTP_404_NOT_FOUND,
    batch_refusals.BatchEmptyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batch_refusals.BatchUnclearError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batch_refusals.BatchTooManyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batch_refusals.BatchNumbersUnknownError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batch_refusals.BatchReferencesUnknownError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batch_refusals.BatchConsentsMissingError: status.HTTP_409_CONFLICT,
    batch_refusals.BatchQuotaError: status.HTTP_409_CONFLICT,
    batch_refusals.BatchRoomError: status.HTTP_507_INSUFFICIENT_STORAGE,
    batch_refusals.BatchStoppedError: status.HTTP_409_CONFLICT,
    batch_refusals.BatchOverError: status.HTTP_409_CONFLICT,
    consented.ConsentWithoutDocumentsError: status.HTTP_409_CONFLICT,
    consented.ConsentNameInPartError: status.HTTP_409_CONFLICT,
    consented.ConsentNothingInScopeError: status.HTTP_409_CONFLICT,
    consented.ConsentScopeTooWideError: status.HTTP_409_CONFLICT,
    refusals.IssuerMissingError: status.HTTP_503_SERVICE_UNAVAILABLE,
}
