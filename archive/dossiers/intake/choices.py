"""What a person corrected of what was found in a file. Plain values; nothing is read here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.dossiers.headers import Field
from archive.dossiers.tables.table import TableChoice
from schemas.vocabulary import RecordKind


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person said of a file; what is None (or empty) is told by the file itself.

    A choice that does not fit the file is refused when the file is read, never passed over.
    """

    kind: RecordKind | None = None
    sheet: str | None = None
    """The sheet by its name."""
    header_row: int | None = None
    """As the spreadsheet numbers it, from 1."""
    encoding: str | None = None
    """Of a text file; one of ``delimited.ENCODINGS``."""
    delimiter: str | None = None
    """Of a text file; one of ``delimited.DELIMITERS``."""
    columns: Mapping[str, Field | None] = field(default_factory=dict)
    """Header as the report writes it -> what it tells; None leaves the column out."""

    @property
    def table(self) -> TableChoice:
        """The part of it that says where the table lies."""
        return TableChoice(self.sheet, self.header_row, self.encoding, self.delimiter)

    def told(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        columns = {header: meant and meant.value for header, meant in self.columns.items()}
        told = {"kind": self.kind, "sheet": self.sheet, "header_row": self.header_row}
        return told | {"encoding": self.encoding, "delimiter": self.delimiter, "columns": columns}


def choice_in(told: Mapping[str, Any]) -> Choice:
    """Return a choice that was kept as JSON."""
    columns = {header: Field(meant) if meant else None for header, meant in told["columns"].items()}
    kind = RecordKind(told["kind"]) if told["kind"] else None
    rest = {name: told[name] for name in ("sheet", "header_row", "encoding", "delimiter")}
    return Choice(kind=kind, columns=columns, **rest)


DELIMITER_WORDS = {"comma": ",", "tab": "\t", "semicolon": ";", "bar": "|"}
"""Delimiters by words, for a tab can be seen neither in a form nor in a command."""


def meanings_in(told: Iterable[str]) -> dict[str, Field | None] | None:
    """Return what columns tell, each told as ``HEADER=FIELD``; without a field it is left out.

    None when one of them says nothing of the kind.
    """
    columns: dict[str, Field | None] = {}
    for one in told:
        header, sign, field_told = one.rpartition("=")
        if not sign or (field_told and field_told not in set(Field)):
            return None
        columns[header] = Field(field_told) if field_told else None
    return columns


FOUND = Choice()
"""Nobody said anything: all is as the file tells it."""
