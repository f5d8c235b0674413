"""``intake``: a table file is checked row by row and, with ``--commit``, written."""

from typing import Annotated

import typer

from archive.cli.options import CONSOLE, As, InputFile, Json, Organisation
from archive.cli.plainly import plainly
from archive.cli.refusals import Status
from archive.cli.usage import ANY_OF, UnusableError
from schemas.vocabulary import LEARNING_KINDS, RecordKind

app = typer.Typer()


def _kind(word: str) -> RecordKind:
    """Return a kind of which a list can hold records; any other is wrong usage."""
    if word in LEARNING_KINDS:
        return RecordKind(word)
    raise UnusableError(ANY_OF, choices=", ".join(LEARNING_KINDS))


Kind = Annotated[
    RecordKind | None,
    typer.Option(
        "--kind",
        parser=_kind,
        metavar=f"<{'|'.join(LEARNING_KINDS)}>",
        help="What the rows tell of; without it the headers tell.",
    ),
]
Commit = Annotated[bool, typer.Option("--commit", help="Write the rows that are without fault.")]


@app.command("intake")
@plainly
def intake(
    file: InputFile,
    *,
    organisation: Organisation,
    kind: Kind = None,
    commit: Commit = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Check a table file and list every fault; write it with --commit."""
    from archive.cli.answers import answer
    from archive.cli.files import read_bytes
    from archive.cli.intake_desk import checked, committed
    from archive.cli.intake_sheet import show_intake
    from archive.cli.opened import acting_on

    content = read_bytes(file)
    with acting_on(account) as acting:
        if commit:
            report = committed(acting, content, file.name, organisation, kind)
        else:
            report = checked(acting, content, organisation, kind)
    answer(report, acting.settings, lambda voice: show_intake(voice, report), as_json=as_json)
    if not report.is_clean:
        raise typer.Exit(Status.REFUSED)
