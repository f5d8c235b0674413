"""Which HTTP status the refusals of posted files answer with."""

from starlette import status

from archive.dossiers.intake import kept_files, result_book, run_refusals
from archive.errors import StorageFullError
from schemas.refusals import Refusal

OF_INTAKE: dict[type[Refusal], int] = {
    run_refusals.RunUnknownError: status.HTTP_404_NOT_FOUND,
    run_refusals.ListUnreadableError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    run_refusals.RunHaltedError: status.HTTP_507_INSUFFICIENT_STORAGE,
    run_refusals.RunOverError: status.HTTP_409_CONFLICT,
    run_refusals.AllTooManyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    run_refusals.UndoOverError: status.HTTP_409_CONFLICT,
    run_refusals.UndoBlockedError: status.HTTP_409_CONFLICT,
    run_refusals.UndoReasonMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    kept_files.UploadQuotaError: status.HTTP_413_CONTENT_TOO_LARGE,
    StorageFullError: status.HTTP_507_INSUFFICIENT_STORAGE,
    result_book.ResultBookError: status.HTTP_503_SERVICE_UNAVAILABLE,
}
