"""The markup of a document as WeasyPrint takes it: well-formed, and styled by our sheets alone.

Written as XML it is read by the parser of the standard library in a hundredth of the time that
one for any page of the web needs, and each rule of a sheet for any page is asked of each element.
"""

from functools import cache
from xml.etree import ElementTree as ET

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML

from archive.transcripts.layouts import FOLDER

_SVG = "{http://www.w3.org/2000/svg}"


class Markup(HTML):  # type: ignore[misc]  # WeasyPrint has no types.
    """A document's HTML; it fetches nothing."""

    def __init__(self, html: str) -> None:
        """Read what ``rendering`` wrote; whoever wrote it escaped what others entered."""
        tree = ET.fromstring(html)  # noqa: S314  # Our own template, no entities.
        for drawing in tree.iter("svg"):
            for part in drawing.iter():
                part.tag = f"{_SVG}{part.tag}"
        self.base_url = str(FOLDER)
        self.url_fetcher = _no_fetching
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002, FBT001, FBT002  # Theirs.
        return [_elements()]


@cache
def _elements() -> CSS:
    return CSS(filename=FOLDER / "elements.css")


def _no_fetching(url: str) -> object:
    message = f"a document fetches nothing, not even {url}"
    raise ValueError(message)
