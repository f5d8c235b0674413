"""New passwords on the command line: never an argument, made up unless given, told once."""

import secrets
import sys

import typer

from archive.cli.answers import answer
from archive.cli.voice import Voice
from archive.people.accounts import MADE_UP_LASTS
from archive.settings import Settings
from schemas.ids import ALPHABET
from schemas.outputs import PasswordReceipt
from schemas.vocabulary import Role

TOLD_ONCE = "The password is told only now. It signs in for {days} days: choose your own by then."
_GROUPS, _GROUP = 4, 4  # 80 bits that a person can copy from paper.


def made_up() -> str:
    """Return a new password such as ``7k3m-9qxt-4d2p-w8ha``."""
    letters = ALPHABET.lower()
    groups = ("".join(secrets.choice(letters) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def given_or_new(*, from_stdin: bool) -> str:
    """Return the password that stands on standard input, typed unseen, or a new one."""
    if not from_stdin:
        return made_up()
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def tell(name: str, role: Role, password: str | None, settings: Settings, *, as_json: bool) -> None:
    """Print an account and, when it was made up, its password."""
    receipt = PasswordReceipt(account=name, role=role, password=password)

    def show(voice: Voice) -> None:
        facts = [("Account", name), ("Role", voice.word("role", role))]
        if password:
            facts.append(("Password", password))
        voice.facts(facts)
        if password:
            voice.say(TOLD_ONCE, days=MADE_UP_LASTS.days)

    answer(receipt, settings, show, as_json=as_json)
