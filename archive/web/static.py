"""Static files: their address carries their digest, so browsers may keep them for ever."""

import os

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from archive.web.qr import SVG


class StaticForEver(StaticFiles):
    """Serves files that never change under one address."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file, to be kept for a year."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        if response.media_type == "image/svg+xml":
            response.headers["Content-Type"] = SVG
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
