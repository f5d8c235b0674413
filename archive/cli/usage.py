"""Wrong usage, told like every refusal: with a code, in both languages, with exit status 2.

The library's own sentences are English and repeat what was typed, which can be an identity
number: only names of commands, options and arguments are told here, never a value.
"""

import sys
from collections.abc import Sequence
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

import typer
from typer._click import exceptions as library  # Its faults have no public name.
from typer.core import TyperGroup

from archive.errors import ArchiveError
from schemas.refusals import Phrase

WRONG = 2
"""The exit status of wrong usage."""


class WrongUsageError(ArchiveError):
    """A command was given in a way that cannot be understood."""

    code: ClassVar[str] = "usage_wrong"
    template: ClassVar[str] = "“{command}” is not used like this. “{command} --help” tells how."


class UnknownCommandError(WrongUsageError):
    """There is no command of this name."""

    code: ClassVar[str] = "command_unknown"
    template: ClassVar[str] = (
        "“{command}” has no such command. “{command} --help” lists those that there are."
    )


class UnknownOptionError(WrongUsageError):
    """A command has no option of this name."""

    code: ClassVar[str] = "option_unknown"
    template: ClassVar[str] = (
        "“{command}” has no option {option}. “{command} --help” lists those that there are."
    )


class OptionUsageError(WrongUsageError):
    """An option lacks its value, or has one that it does not take."""

    code: ClassVar[str] = "option_incomplete"
    template: ClassVar[str] = (
        "The option {option} of “{command}” lacks its value, or takes none. "
        "“{command} --help” tells what it takes."
    )


class MissingArgumentError(WrongUsageError):
    """Something that a command needs was not given."""

    code: ClassVar[str] = "argument_missing"
    template: ClassVar[str] = "“{command}” needs {name}. “{command} --help” tells what it is."


class ExtraArgumentError(WrongUsageError):
    """More was given than a command takes."""

    code: ClassVar[str] = "argument_extra"
    template: ClassVar[str] = (
        "More was given than “{command}” takes. Put what has spaces into quotes; "
        "“{command} --help” tells what it takes."
    )


class UnusableArgumentError(WrongUsageError):
    """An option or argument holds what cannot be used."""

    code: ClassVar[str] = "argument_unusable"
    template: ClassVar[str] = "“{command}” cannot use what {name} says: {problem}."


class UnusableTogetherError(WrongUsageError):
    """Options or arguments do not go together."""

    code: ClassVar[str] = "arguments_contradict"
    template: ClassVar[str] = "“{command}” was not understood: {problem}."


class UnusableError(typer.BadParameter):
    """Raised where a value, or several together, cannot be used; says what to write instead."""

    def __init__(self, template: str, /, **facts: object) -> None:
        """Take an English phrase without a stop, which is the message id of its translation."""
        self.phrase = Phrase(template, facts)
        super().__init__(str(self.phrase))


ANY_OF = "write one of {choices}"
AN_IDENTIFIER = "write the whole identifier, as the lists show it"
A_WHOLE_NUMBER = "write a whole number that the help allows"
AS_TOLD = "write it as the help tells"
PHRASES = (ANY_OF, AN_IDENTIFIER, A_WHOLE_NUMBER, AS_TOLD)
"""What is told of values that the library refuses, so that a test can see each translated."""
_PHRASE_OF: dict[object, str] = {UUID: AN_IDENTIFIER, int: A_WHOLE_NUMBER}
_TOLD = {  # What the library tells in words alone.
    "No such command": UnknownCommandError,
    "Got unexpected extra argument": ExtraArgumentError,
}


class PlainGroup(TyperGroup):
    """All commands; whatever is wrong with how one was given is told as a refusal."""

    def main(  # type: ignore[override]  # The library names circumstances that nobody gives here.
        self,
        args: Sequence[str] | None = None,
        **circumstances: Any,  # noqa: ANN401  # The library's.
    ) -> None:
        """Run the command that the arguments name, and end the process."""
        words = sys.argv[1:] if args is None else list(args)
        circumstances["standalone_mode"] = False
        try:
            status = super().main(words, **circumstances)
        except library.NoArgsIsHelpError as shown:
            shown.show()
            status = WRONG
        except library.UsageError as wrong:
            from archive.cli.answers import tell_refusal

            tell_refusal(refusal_of(wrong), as_json="--json" in words)
            status = WRONG
        except typer.Abort:  # Interrupted; what was not finished was not saved.
            status = 1
        sys.exit(status or 0)


def refusal_of(wrong: library.UsageError) -> WrongUsageError:
    """Return what wrong usage means to the one who gave the command."""
    command = wrong.ctx.command_path if wrong.ctx else "skills-archive"
    match wrong:
        case library.BadParameter():
            return _refused_value(command, wrong)
        case library.NoSuchOption():
            return UnknownOptionError(command=command, option=wrong.option_name)
        case library.BadOptionUsage():
            return OptionUsageError(command=command, option=wrong.option_name)
        case _:
            told = (kind for begins, kind in _TOLD.items() if wrong.message.startswith(begins))
            return next(told, WrongUsageError)(command=command)


def _refused_value(command: str, wrong: library.BadParameter) -> WrongUsageError:
    if isinstance(wrong, library.MissingParameter):
        return MissingArgumentError(command=command, name=_name(wrong))
    if isinstance(wrong, UnusableError) and wrong.param is None:
        return UnusableTogetherError(command=command, problem=wrong.phrase)
    return UnusableArgumentError(command=command, name=_name(wrong), problem=_problem(wrong))


def _name(wrong: library.BadParameter) -> str:
    """Return how the help names an option or argument."""
    if wrong.param is None:
        return "--help"
    if wrong.param.param_type_name == "argument":
        return str(wrong.param.metavar or wrong.param.name)
    return max(wrong.param.opts, key=len)


def _problem(wrong: library.BadParameter) -> Phrase:
    if isinstance(wrong, UnusableError):
        return wrong.phrase
    meant = getattr(getattr(wrong.param, "type_descriptor", None), "annotation", None)
    if isinstance(meant, type) and issubclass(meant, Enum):
        return Phrase(ANY_OF, {"choices": ", ".join(str(one.value) for one in meant)})
    return Phrase(_PHRASE_OF.get(meant, AS_TOLD))
