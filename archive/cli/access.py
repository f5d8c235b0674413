"""``access matrix``: who may do what, as the archive asks it."""

import typer

from archive.cli.options import Json
from archive.cli.plainly import plainly

app = typer.Typer(no_args_is_help=True)


@app.command("matrix")
@plainly
def matrix(*, as_json: Json = False) -> None:
    """Print the table of permissions: how far each role reaches with each."""
    from archive.cli.access_sheet import show_matrix
    from archive.cli.answers import answer
    from archive.people.permissions import matrix
    from archive.settings import load_settings

    found = matrix()
    answer(found, load_settings(), lambda voice: show_matrix(voice, found), as_json=as_json)
