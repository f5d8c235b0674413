"""Which HTTP status each refusal of what programs post answers with; see statuses.py."""

from starlette import status

from archive.dossiers.programs import batch_refusals as batches
from archive.dossiers.programs import json_refusals as texts
from archive.dossiers.programs import platform_refusals as platforms
from archive.dossiers.programs import statement_refusals as statements
from archive.dossiers.programs.badges import platform_refusals as trust
from archive.dossiers.programs.badges import refusals as badges
from schemas.refusals import Refusal

OF_PROGRAMS: dict[type[Refusal], int] = {
    texts.JsonFaultError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    texts.JsonBrokenError: status.HTTP_400_BAD_REQUEST,
    texts.JsonEncodingError: status.HTTP_400_BAD_REQUEST,
    batches.BatchRefusedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    batches.BatchTypeUnknownError: status.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
    batches.BatchPackedError: status.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
    batches.BatchBrokenError: status.HTTP_400_BAD_REQUEST,
    batches.BatchTooLongError: status.HTTP_413_CONTENT_TOO_LARGE,
    batches.BatchTooLargeError: status.HTTP_413_CONTENT_TOO_LARGE,
    batches.IdempotencyKeyUsedError: status.HTTP_409_CONFLICT,
    batches.ItemFaultError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    platforms.PlatformOutcomeError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    badges.BadgeRefusedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    badges.BadgeTooLargeError: status.HTTP_413_CONTENT_TOO_LARGE,
    trust.PlatformError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    trust.PlatformConfirmsItselfError: status.HTTP_403_FORBIDDEN,
    trust.PlatformStepTakenError: status.HTTP_409_CONFLICT,
    trust.UnknownPlatformError: status.HTTP_404_NOT_FOUND,
    statements.StatementsRefusedError: status.HTTP_400_BAD_REQUEST,
    statements.XapiTypeError: status.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
    statements.StatementsTooManyError: status.HTTP_413_CONTENT_TOO_LARGE,
    statements.StatementChangedError: status.HTTP_409_CONFLICT,
}
