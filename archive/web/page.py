"""A page: a template with what every page shows (who is signed in, language, demo banner)."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.status import HTTP_400_BAD_REQUEST

from archive.notices.providers import served
from archive.people.sessions import SignedIn, form_token
from archive.web.deps import HouseDep, LanguageDep, Viewer, viewer_if_known
from archive.web.house import House, house_of
from archive.web.languages import PARAMETER, chosen, remember
from archive.web.navigation import entries_for, home_of, section_of
from archive.web.referrers import path_before
from schemas.vocabulary import Language


class Page:
    """Renders templates for one request."""

    def __init__(
        self, request: Request, house: House, viewer: SignedIn | None, language: Language
    ) -> None:
        """Take the circumstances that every page shows."""
        self._request = request
        self._house = house
        self._viewer = viewer
        self.language = language

    def __call__(self, template: str, status: int = 200, /, **values: object) -> HTMLResponse:
        """Return the rendered page."""
        html = self._house.templates.render(template, self.language, **self._shell(), **values)
        response = HTMLResponse(html, status)
        self._request.state.is_refused = status >= HTTP_400_BAD_REQUEST
        remember(self._request, response)
        return response

    def _shell(self) -> dict[str, object]:
        token = self._house.form_secret(self._request.cookies)
        path = self._request.url.path
        query = {**self._request.query_params, PARAMETER: _other(self.language)}
        actor = self._viewer.actor if self._viewer else None
        entries = entries_for(actor.role if actor else None)
        return {
            "viewer": self._viewer,
            "home": home_of(actor.role) if actor else "/",
            "navigation": entries,
            "section": section_of(path, entries),
            "path": path,
            "other_language": f"{path}?{urlencode(query)}",
            "form_token": form_token(token) if token else "",
            "is_demo": self._house.demo.is_there(),
            "site": self._house.settings.public_url,
            "served": served(self._house.settings),
            "is_after_proof": self._is_after_proof(),
        }

    def _is_after_proof(self) -> bool:
        """Whether somebody comes here from a proof, which does not repeat what they had sent."""
        if self._request.method != "GET" or _is_proof(self._request.url.path):
            return False
        return _is_proof(path_before(self._request))


def page_of(request: Request, house: HouseDep, viewer: Viewer, language: LanguageDep) -> Page:
    """Return the page of this request."""
    return Page(request, house, viewer, language)


def page_after_all(request: Request) -> Page:
    """Return a page for an answer that is made outside a route, such as an error."""
    house = house_of(request)
    language = chosen(request, house.settings.lang)
    return Page(request, house, viewer_if_known(request), language)


PageDep = Annotated[Page, Depends(page_of)]


def _is_proof(path: str) -> bool:
    return path == "/prove" or path.startswith("/prove/")


def _other(language: Language) -> Language:
    return Language.ENGLISH if language is Language.CHINESE else Language.CHINESE
