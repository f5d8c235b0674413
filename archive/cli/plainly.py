"""How a command ends: with its answer, or with one line of refusal; never with a traceback."""

import errno
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import typer

from archive.cli.refusals import (
    DatabaseUnusableError,
    DiskRefusesError,
    InternalFaultError,
    problem_of,
    status_of,
)
from archive.errors import SettingInvalidError, StorageFullError
from schemas.refusals import Refusal

Options = ParamSpec("Options")
_HOUSE = Path(__file__).parent.parent.parent


def plainly(command: Callable[Options, None]) -> Callable[Options, None]:
    """Let a command tell a refusal as its options ask: one line, or one JSON document."""

    @wraps(command)
    def run(*args: Options.args, **options: Options.kwargs) -> None:
        try:
            command(*args, **options)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except Exception as fault:  # The last door: a traceback helps nobody here.
            if isinstance(fault, OSError) and fault.errno == errno.EPIPE:
                raise  # Whoever read the answer has read enough; the library ends quietly.
            refuse(_refusal_of(fault), as_json=options.get("as_json") is True)

    return run


def refuse(refusal: Refusal, *, as_json: bool) -> None:
    """Tell a refusal and end with its exit status."""
    from archive.cli.answers import tell_refusal

    tell_refusal(refusal, as_json=as_json)
    raise typer.Exit(status_of(refusal))


def _refusal_of(fault: Exception) -> Refusal:
    """Return what a fault means to the one who gave the command."""
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, OSError):
        return DiskRefusesError(problem=problem_of(fault))
    from sqlalchemy import exc

    from archive.db import is_full

    if isinstance(fault, exc.ArgumentError):
        return SettingInvalidError(names="ARCHIVE_DATABASE_URL")
    is_away = isinstance(fault, exc.OperationalError | exc.InterfaceError | exc.TimeoutError)
    if is_away or type(fault) is exc.DatabaseError:  # A damaged file, or no database at all.
        return StorageFullError() if is_full(fault) else DatabaseUnusableError()
    return InternalFaultError(kind=type(fault).__name__, place=_place(fault))


def _place(fault: Exception) -> str:
    """Return the innermost line of ours at which a fault arose."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)] or list(frames)
    last = ours[-1]
    path = Path(last.filename)
    told = path.relative_to(_HOUSE) if path.is_relative_to(_HOUSE) else Path(path.name)
    return f"{told}:{last.lineno}"


def _is_ours(file_name: str) -> bool:
    path = Path(file_name)
    return path.is_relative_to(_HOUSE) and "site-packages" not in path.parts
