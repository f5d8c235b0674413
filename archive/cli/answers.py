"""What a command answers: one JSON document for programs, sentences and tables for people."""

import sys
from collections.abc import Callable

import typer

from archive.cli.refusals import RecordInvalidError
from archive.cli.voice import Voice, language_here
from archive.settings import Settings
from archive.texts import explained, in_language
from schemas.contracts import Contract
from schemas.outputs import RefusalView
from schemas.refusals import Refusal


def answer(
    view: Contract, settings: Settings, show: Callable[[Voice], None], *, as_json: bool
) -> None:
    """Print what a command found, for programs or for people; first it is told whose it is."""
    acts = sys.modules.get("archive.audit.acts")
    if acts is not None:  # What opens an archive loads it; else there is nothing to tell.
        acts.settle()
    if as_json:
        print_json(view)
    else:
        show(Voice(settings.lang, settings.zone))


def print_json(view: Contract) -> None:
    """Print a contract as one JSON document in UTF-8, whatever the terminal speaks."""
    typer.echo(view.model_dump_json(indent=2).encode())


def tell_refusal(refusal: Refusal, *, as_json: bool) -> None:
    """Print why a command was refused: a document on stdout, or one line on stderr."""
    if as_json:
        errors = refusal.errors if isinstance(refusal, RecordInvalidError) else ()
        print_json(RefusalView(code=refusal.code, message=explained(refusal), errors=errors))
        return
    sentence = in_language(refusal.template, language_here(), refusal.facts)
    typer.echo(f"{' '.join(sentence.split())} ({refusal.code})", err=True)
