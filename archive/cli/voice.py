"""How a command speaks to people: sentences, words, days and calm tables in one language.

What goes into a file or a pipe is neither wrapped nor coloured.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.texts import in_language, term
from schemas.contracts import Bilingual, plain_decimal
from schemas.vocabulary import Language

_UNBOUND = 100_000  # Characters a line of a pipe may have: no table is wider.
_NONE = "—"


class Voice:
    """Speaks one language, in the days of one time zone, on standard output."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        """Take the language and the time zone."""
        self._language = language
        self._zone = zone

    def sentence(self, template: str, /, **facts: object) -> str:
        """Return a message in this language with its placeholders filled."""
        return in_language(template, self._language, facts)

    def say(self, template: str, /, **facts: object) -> None:
        """Print a message as a line of its own."""
        self.line(self.sentence(template, **facts))

    def line(self, text: str = "") -> None:
        """Print a line as it is; the terminal folds it, a file does not."""
        typer.echo(text)

    def word(self, of: str, member: object) -> str:
        """Return the word of a member of the vocabulary, such as ``kind.training``."""
        return term(f"{of}.{member}", self._language)

    def pick(self, text: Bilingual | None) -> str:
        """Return the side of a bilingual text that is read here."""
        if text is None:
            return _NONE
        return text.zh if self._language is Language.CHINESE else text.en

    def day(self, value: date | None) -> str:
        """Return a day as tables write it; a dash where there is none."""
        return value.isoformat() if value else _NONE

    def moment(self, value: datetime | None) -> str:
        """Return a moment in local time, to the minute."""
        return f"{value.astimezone(self._zone):%Y-%m-%d %H:%M}" if value else _NONE

    def number(self, value: Decimal) -> str:
        """Return a number without needless zeros."""
        return plain_decimal(value)

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Print what is known of one thing, a line each: its name, its value."""
        table = Table.grid(padding=(0, 2), pad_edge=False)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in pairs:
            table.add_row(Text(self.sentence(name)), Text(value))
        self._print(table)

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        right: Sequence[str] = (),
    ) -> None:
        """Print rows below their columns' names; those ``right`` are numbers."""
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
        for name in columns:
            table.add_column(
                Text(self.sentence(name)),
                justify="right" if name in right else "left",
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._print(table)

    def _print(self, table: Table) -> None:
        with self._console.capture() as drawn:
            self._console.print(table)
        for line in drawn.get().splitlines():
            self.line(line.rstrip())

    @cached_property
    def _console(self) -> Console:
        if sys.stdout.isatty():
            return Console(highlight=False, markup=False, emoji=False)
        return Console(width=_UNBOUND, force_terminal=False, color_system=None)


def language_here() -> Language:
    """Return the language of ARCHIVE_LANG, also when other settings cannot be used."""
    asked = os.environ.get("ARCHIVE_LANG", "")
    return Language(asked) if asked in set(Language) else Language.CHINESE
