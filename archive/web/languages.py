"""In which language a visitor is spoken to: asked for, remembered, preferred, or the default."""

from fastapi import Request, Response

from archive.web.house import house_of
from schemas.vocabulary import Language

PARAMETER = "lang"
_A_YEAR_SECONDS = 365 * 24 * 3600


def chosen(request: Request, default: Language) -> Language:
    """Return the language of ``?lang=``, else of the cookie, else the browser's, else ours."""
    for asked in (request.query_params.get(PARAMETER), request.cookies.get(_cookie(request))):
        if asked in tuple(Language):
            return Language(asked)
    return _preferred(request.headers.get("accept-language", "")) or default


def remember(request: Request, response: Response) -> None:
    """Keep a language that was asked for on this request."""
    asked = request.query_params.get(PARAMETER)
    if asked in tuple(Language):
        response.set_cookie(
            _cookie(request),
            asked,
            max_age=_A_YEAR_SECONDS,
            path="/",
            secure=house_of(request).is_https,
            httponly=True,
            samesite="lax",
        )


def _cookie(request: Request) -> str:
    return "__Host-lang" if house_of(request).is_https else "lang"


def _preferred(header: str) -> Language | None:
    """Return the first of our languages in the order of the browser's preference."""
    weighed: list[tuple[float, int, Language]] = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        short = tag.strip().lower().split("-")[0]
        if short in tuple(Language):
            weighed.append((-_weight(weight), place, Language(short)))
    return min(weighed)[2] if weighed else None


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
