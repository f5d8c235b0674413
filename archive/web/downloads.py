"""Handing a file over under a name that no browser misreads (RFC 6266, RFC 8187)."""

import re
from urllib.parse import quote

from fastapi import Response

_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|%;]')
_LONGEST = 100


def handed_over(
    name: str, content: bytes | str, kind: str = "application/octet-stream"
) -> Response:
    """Return a file that a browser keeps under ``name``; ``kind`` is its media type."""
    return Response(content, media_type=kind, headers=attachment(name))


def attachment(name: str) -> dict[str, str]:
    """Return the header by which a browser keeps what follows under ``name``.

    Control characters, quotes and separators of paths are replaced; a plain ASCII name stands
    beside the full one for programs that read no other.
    """
    kept = _UNSAFE.sub("_", name).strip(" .")[:_LONGEST] or "file"
    plain = kept.encode("ascii", "replace").decode().replace("?", "_")
    full = quote(kept.encode("utf-8", "replace"), safe="!#$&+-.^_`|~")
    told = f'attachment; filename="{plain}"'
    return {"Content-Disposition": told if plain == kept else f"{told}; filename*=UTF-8''{full}"}
