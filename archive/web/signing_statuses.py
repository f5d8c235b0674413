"""Which HTTP status each refusal of signing answers with; see statuses.py."""

from starlette import status

from archive.transcripts import signing_refusals as signing
from schemas.refusals import Refusal

OF_SIGNING: dict[type[Refusal], int] = {
    signing.UnknownIssuingKeyError: status.HTTP_404_NOT_FOUND,
    signing.IssuingKeyKnownError: status.HTTP_409_CONFLICT,
    signing.IssuingKeyOverError: status.HTTP_409_CONFLICT,
    signing.SealRefusedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    signing.RefreshRefusedError: status.HTTP_409_CONFLICT,
    signing.SigningUnavailableError: status.HTTP_503_SERVICE_UNAVAILABLE,
}
