"""``rules what-if``: what a draft of rules would change, for everyone, without writing anything."""

from pathlib import Path
from typing import Annotated

import typer

from archive.cli.options import Json, On
from archive.cli.plainly import plainly

app = typer.Typer()
Draft = Annotated[Path, typer.Argument(metavar="DRAFT", help="A rule file; nothing is published.")]
Ages = Annotated[
    bool, typer.Option("--ages", help="Tell age groups too; birth dates are opened for it.")
]
Table = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="TABLE", help="Effects and groups, .csv or .xlsx."),
]
Records = Annotated[
    Path | None,
    typer.Option(
        "--records",
        metavar="TABLE",
        help="Every changed record with its reasons, by archive number, .csv or .xlsx.",
    ),
]
Picture = Annotated[
    Path | None, typer.Option("--picture", metavar="FILE", help="The picture, .svg.")
]
Person = Annotated[
    str | None,
    typer.Option("--person", metavar="WORKER", help="Explain what changes for one worker."),
]


@app.command("what-if")
@plainly
def what_if(
    draft: Draft,
    *,
    on: On = None,
    ages: Ages = False,
    output: Table = None,
    records: Records = None,
    picture: Picture = None,
    person: Person = None,
    as_json: Json = False,
) -> None:
    """Try a draft of rules over all dossiers: who gains, who loses, by how much."""
    from archive.cli.answers import answer
    from archive.cli.what_if_sheet import show_trial
    from archive.cli.what_if_trying import Wanted, tried

    wanted = Wanted(on=on, by_age=ages, table=output, records=records, picture=picture)
    found, settings = tried(draft, wanted, person)
    answer(found, settings, lambda voice: show_trial(voice, found), as_json=as_json)
