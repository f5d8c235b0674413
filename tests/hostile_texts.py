"""Texts that attack whoever shows them, and how a page is searched for what they achieved.

A page is parsed as a browser does; what counts is not whether a text stands in it, but
whether any of it became an element, an attribute, an address or a template's result.
"""

import csv
import io
import re
from html.parser import HTMLParser

ELEMENT = "xss-probe"
BRACES = "{{7919*7}}${7919*7}"
MARKUP = f"\"'></title></textarea><{ELEMENT} onload=x()><script>x()</script>{BRACES}"
ADDRESS = f"javascript:x()//＜{ELEMENT}＞\u202e"  # Its brackets become those of elements by NFKC.
FORMULA = f"=HYPERLINK(x)&'<{ELEMENT}>"
TEXTS = (MARKUP, ADDRESS, FORMULA)
SHORT = f"'\"><{ELEMENT}>"
"""What fits in fields of 20 characters."""
_RESULT = str(7919 * 7)
_LEADS_ON = frozenset({"href", "src", "action", "formaction", "data", "poster", "srcset"})
_OURS = re.compile(r"(/(?!/)|#|\?|mailto:|https?://(testserver|localhost|127\.0\.0\.1)(:\d+)?/|$)")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Parsed(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.is_in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == ELEMENT or (tag == "script" and "src" not in told):
            self.faults.append(f"an element: {tag}")
        self.is_in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or ELEMENT in name or name in {"style", "srcdoc"}:
                self.faults.append(f"an attribute: {name}")
            if name in _LEADS_ON and not _OURS.match(value or ""):
                self.faults.append(f"an address: {name}={value}")

    def handle_data(self, data: str) -> None:
        if self.is_in_script and data.strip():
            self.faults.append("a script")

    def handle_endtag(self, tag: str) -> None:
        self.is_in_script = self.is_in_script and tag != "script"


def achieved_in_page(html: str) -> list[str]:
    """Return what hostile texts achieved in a page; empty when they are only shown."""
    page = _Parsed()
    page.feed(html)
    page.close()
    return page.faults + (["a template's result"] if _RESULT in html else [])


def achieved_in_table(text: str) -> list[str]:
    """Return the cells of a CSV file that an office program would take for a formula."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    return [cell for row in rows for cell in row if cell.startswith(_STARTS_A_FORMULA)]


def is_shown_in(text: str) -> bool:
    """Whether a page shows a hostile text at all."""
    return ELEMENT in text
