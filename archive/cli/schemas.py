"""``schema NAME``: the JSON schema of what a command answers under ``--json``."""

import json
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.cli.answer_schemas import CONTRACTS, SCHEMA_OF_COMMAND
from archive.cli.options import Json
from archive.cli.plainly import plainly
from archive.cli.refusals import UnknownSchemaError

if TYPE_CHECKING:
    from schemas.contracts import Contract

__all__ = ["CONTRACTS", "RECORD", "SCHEMA_OF_COMMAND", "app"]

app = typer.Typer()
SchemaName = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Without a name all names are listed.")
]

RECORD = "record"
"""What ``record add`` reads: the only input among the schemas."""


@app.command("schema")
@plainly
def schema(name: SchemaName = None, *, as_json: Json = False) -> None:
    """Print the JSON schema of a command's output, or list the names."""
    from archive.cli.answers import answer
    from archive.cli.voice import Voice
    from archive.settings import load_settings
    from schemas.outputs import SchemaList

    if name is not None:
        typer.echo(json.dumps(schema_named(name), ensure_ascii=False, indent=2).encode())
        return
    names = SchemaList(names=tuple(sorted((*CONTRACTS, RECORD))))

    def show(voice: Voice) -> None:
        for one in names.names:
            voice.line(one)

    answer(names, load_settings(), show, as_json=as_json)


def schema_named(name: str) -> dict[str, Any]:
    """Return a JSON schema by its name, or by the command whose output it describes.

    Raises UnknownSchemaError.
    """
    by_command = {one.replace(" ", "-"): schema for one, schema in SCHEMA_OF_COMMAND.items()}
    known = by_command.get(name.replace(" ", "-"), name)
    if name == RECORD:
        from schemas.records import RECORD as ANY_RECORD

        return ANY_RECORD.json_schema()
    return contract_named(known if known in CONTRACTS else name).model_json_schema(
        mode="serialization"
    )


def contract_named(name: str) -> "type[Contract]":
    """Return the contract of an output. Raises UnknownSchemaError."""
    if name not in CONTRACTS:
        raise UnknownSchemaError
    module, _, attribute = CONTRACTS[name].partition(":")
    found: type[Contract] = getattr(import_module(module), attribute)
    return found
