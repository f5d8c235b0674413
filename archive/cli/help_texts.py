"""The help of the commands in another language than that of the code."""

from typing import Protocol

from archive.texts import in_language
from schemas.vocabulary import Language


class Described(Protocol):
    """A command, group, option or argument: whatever has a help text."""

    help: str | None


def translate(command: Described, language: Language) -> None:
    """Put the help of a command, its options and all commands below it into a language."""
    for one in (command, *getattr(command, "params", ())):
        if getattr(one, "help", None):
            one.help = in_language(one.help, language)
    for below in getattr(command, "commands", {}).values():
        translate(below, language)
