"""Options that several commands share, each written once."""

from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from archive.cli.usage import UnusableError


def day(text: str) -> date:
    """Return a day written as 2024-03-05; anything else is wrong usage."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise UnusableError("write a day as 2024-03-05") from wrong


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
As = Annotated[
    str,
    typer.Option("--as", metavar="ACCOUNT", help="The account that acts.", show_default=True),
]
Worker = Annotated[
    str,
    typer.Argument(
        metavar="WORKER",
        help="The archive number, or - to read an identity number from standard input.",
    ),
]
RecordId = Annotated[UUID, typer.Argument(metavar="RECORD", help="The record's identifier.")]
Organisation = Annotated[
    str, typer.Option("--organisation", metavar="CODE", help="The organisation's code.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in a few words.")]
InputFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")]
JsonFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="A JSON file, or - for standard input.")
]
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", parser=day, metavar="DAY", help="What has effect until this day."),
]
KnownOn = Annotated[
    date | None,
    typer.Option("--known-on", parser=day, metavar="DAY", help="What was recorded until this day."),
]
On = Annotated[
    date | None,
    typer.Option("--on", parser=day, metavar="DAY", help="The day that is meant; default today."),
]
CONSOLE = "console"  # As accounts.CONSOLE, which loads the database to be imported.
"""The account that acts on the command line when none is named."""
