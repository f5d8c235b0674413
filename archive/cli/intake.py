"""``intake``: a table file is checked row by row and, with ``--commit``, written."""

from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.options import CONSOLE, As, InputFile, Json, Organisation
from archive.cli.plainly import plainly
from archive.cli.refusals import Status
from archive.cli.usage import ANY_OF, UnusableError
from schemas.vocabulary import LEARNING_KINDS, RecordKind

if TYPE_CHECKING:
    from archive.dossiers.headers import Field

app = typer.Typer()


def kind_named(word: str) -> RecordKind:
    """Return a kind of which a list can hold records; any other is wrong usage."""
    if word in LEARNING_KINDS:
        return RecordKind(word)
    raise UnusableError(ANY_OF, choices=", ".join(LEARNING_KINDS))


def delimiter_named(word: str) -> str:
    """Return the sign that a word means; any other word is wrong usage."""
    from archive.dossiers.intake.choices import DELIMITER_WORDS

    if word in DELIMITER_WORDS:
        return DELIMITER_WORDS[word]
    raise UnusableError(ANY_OF, choices=", ".join(DELIMITER_WORDS))


Kind = Annotated[
    RecordKind | None,
    typer.Option(
        "--kind",
        parser=kind_named,
        metavar=f"<{'|'.join(LEARNING_KINDS)}>",
        help="What the rows tell of; without it the headers tell.",
    ),
]
Commit = Annotated[bool, typer.Option("--commit", help="Write the rows that are without fault.")]
AllOrNone = Annotated[
    bool, typer.Option("--all-or-none", help="With --commit: write all rows, or none.")
]
Sheet = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="Which sheet is read."),
]
HeaderRow = Annotated[
    int | None,
    typer.Option("--header-row", min=1, metavar="ROW", help="As the spreadsheet numbers it."),
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", metavar="NAME", help="Of a text file, such as gb18030.")
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        parser=delimiter_named,
        metavar="<comma|tab|semicolon|bar>",
        help="What stands between the cells of a text file.",
    ),
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="HEADER=FIELD",
        help="What a column tells; nothing after = leaves it out. May be repeated.",
    ),
]


@app.command("intake")
@plainly
def intake(  # One parameter an option.
    file: InputFile,
    *,
    organisation: Organisation,
    kind: Kind = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    column: Column = None,
    all_or_none: AllOrNone = False,
    commit: Commit = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Check a table file and list every fault; write it with --commit."""
    from archive.cli.answers import answer
    from archive.cli.files import read_bytes
    from archive.cli.intake_desk import checked, committed
    from archive.cli.intake_sheet import Progress, show_intake
    from archive.cli.opened import acting_on
    from archive.dossiers.intake.choices import Choice
    from schemas.vocabulary import RunMode

    content, columns = read_bytes(file), _meanings(column or [])
    choice = Choice(kind, sheet, header_row, encoding, delimiter, columns)
    with acting_on(account) as acting:
        if commit:
            mode = RunMode.ALL if all_or_none else RunMode.GOOD
            tell = Progress(acting.settings, is_shown=not as_json).tell
            report = committed(acting, content, file.name, organisation, choice, mode, tell)
        else:
            report = checked(acting, content, organisation, choice)
    answer(report, acting.settings, lambda voice: show_intake(voice, report), as_json=as_json)
    if not report.is_clean:
        raise typer.Exit(Status.REFUSED)


def _meanings(told: list[str]) -> "dict[str, Field | None]":
    """Return what columns tell; anything else than HEADER=FIELD is wrong usage."""
    from archive.dossiers.headers import Field
    from archive.dossiers.intake.choices import meanings_in

    columns = meanings_in(told)
    if columns is None:
        raise UnusableError(ANY_OF, choices=f"HEADER=FIELD, FIELD: {', '.join(Field)}")
    return columns
