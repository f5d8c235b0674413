"""The command line door: ``skills-archive``. Importing it loads nothing heavy."""

import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command that the arguments name; ends the process with its exit status."""
    from archive.cli.app import run

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # A terminal may lack some characters.
    run()
