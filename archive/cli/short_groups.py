"""Groups whose commonest command needs no name: their first word may be a worker."""

from typing import ClassVar

from typer._click import Context  # The library's own name for it is not public.
from typer.core import TyperGroup


class ShortGroup(TyperGroup):
    """A group one of whose commands is meant where none is named."""

    usual: ClassVar[str]

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Take what is neither a command nor a question for help as the worker."""
        if not args or args[0] not in (*self.commands, "--help"):
            args = [self.usual, *args]
        return super().parse_args(ctx, args)
