"""What personal data is handled, for what and on which basis: the dated list of /privacy."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from schemas.contracts import Bilingual, Contract

_FILE = Path(__file__).with_name("processing.toml")


class Responsible(Contract):
    """Who answers for the data, and how to reach them."""

    name: Bilingual
    contact: Bilingual
    source: str


class Abroad(Contract):
    """What is given abroad."""

    text: Bilingual
    source: str


class Processing(Contract):
    """One kind of personal data and what is done with it."""

    id: str
    in_force_from: date
    in_force_until: date | None = None
    what: Bilingual
    purpose: Bilingual
    basis: Literal["statutory_duty", "consent", "separate_consent"]
    source: str
    recipients: Bilingual
    retention: Bilingual


class Notice(Contract):
    """The whole notice, as its file tells it."""

    responsible: Responsible
    abroad: Abroad
    processing: tuple[Processing, ...]

    def on(self, day: date) -> tuple[Processing, ...]:
        """Return what is handled on a day."""
        return tuple(
            one
            for one in self.processing
            if one.in_force_from <= day and (one.in_force_until is None or day < one.in_force_until)
        )


@cache
def notice() -> Notice:
    """Return the notice that this version ships."""
    return Notice.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
