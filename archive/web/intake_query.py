"""How a program says that a table file is to be read."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from archive.dossiers.intake.choices import DELIMITER_WORDS, Choice, meanings_in
from archive.web.refusals import RequestInvalidError
from schemas.vocabulary import LearningKind

_COLUMN = "HEADER=FIELD: what a column tells; nothing after the sign leaves it out. Repeatable."


def reading_query(  # One parameter a correction.
    kind: Annotated[
        LearningKind | None, Query(description="Left out, the headers tell it.")
    ] = None,
    sheet: Annotated[str | None, Query(description="Left out, the one with a table.")] = None,
    header_row: Annotated[
        int | None, Query(ge=1, le=999_999, description="As the spreadsheet numbers it.")
    ] = None,
    encoding: Annotated[str | None, Query(description="Of a text file.")] = None,
    delimiter: Annotated[
        Literal["comma", "tab", "semicolon", "bar"] | None, Query(description="Of a text file.")
    ] = None,
    column: Annotated[list[str] | None, Query(description=_COLUMN)] = None,
) -> Choice:
    """Return what a request says of its file; raises RequestInvalidError."""
    columns = meanings_in(column or ())
    if columns is None:
        raise RequestInvalidError(fields="column")
    return Choice(
        kind=kind,
        sheet=sheet,
        header_row=header_row,
        encoding=encoding,
        delimiter=DELIMITER_WORDS[delimiter] if delimiter else None,
        columns=columns,
    )


ReadingQuery = Annotated[Choice, Depends(reading_query)]
"""Stands behind the audience in a route, so that nobody else learns what is wrong."""
