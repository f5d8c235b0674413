"""From which page of ours somebody comes, as the browser tells it."""

from urllib.parse import urlsplit

from fastapi import Request


def path_before(request: Request) -> str:
    """Return the path of our page that led here; empty when none did, or another site's.

    Anyone may send a referrer that is no address, such as ``http://[x``.
    """
    try:
        told = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    is_ours = told.netloc == request.headers.get("host") and told.path.startswith("/")
    return told.path if is_ours else ""
