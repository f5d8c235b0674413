"""The form in which a trainer corrects how a file was read."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form

from archive.dossiers.headers import BY_KIND, Field
from archive.dossiers.intake.choices import DELIMITER_WORDS, Choice

OUT = "-"
"""What leaves a column out."""

_ROW = re.compile("[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class ReadingAsked:
    """How a file is to be read, as the form says it."""

    choice: Choice
    headers_as_usual: list[str]
    """Headers of which the list of usual words is to tell again."""
    means_for_good: bool
    """Whether what headers mean is remembered for the organisation."""


def reading_asked(  # One parameter a field of the form.
    kind: Annotated[str, Form()] = "",
    sheet: Annotated[str, Form()] = "",
    header_row: Annotated[str, Form()] = "",
    encoding: Annotated[str, Form()] = "",
    delimiter: Annotated[str, Form()] = "",
    header: Annotated[list[str] | None, Form()] = None,
    meaning: Annotated[list[str] | None, Form()] = None,
    remember: Annotated[str, Form()] = "",
) -> ReadingAsked:
    """Return what the form says; what it leaves open the file tells."""
    said = list(zip(header or (), meaning or (), strict=False))
    columns: dict[str, Field | None] = {one: None for one, told in said if told == OUT}
    columns |= {one: Field(told) for one, told in said if told in set(Field)}
    choice = Choice(
        kind=next((one for one in BY_KIND if one == kind), None),
        sheet=sheet or None,
        header_row=int(header_row) if _ROW.fullmatch(header_row.strip()) else None,
        encoding=encoding or None,
        delimiter=DELIMITER_WORDS.get(delimiter),
        columns=columns,
    )
    return ReadingAsked(choice, [one for one, told in said if not told], remember == "1")


ReadingForm = Annotated[ReadingAsked, Depends(reading_asked)]
