"""What stands on a worker's credit accounts, as a table."""

from collections.abc import Mapping

from archive.cli.voice import Voice
from schemas.credits import Credits
from schemas.vocabulary import Account


def show_balances(voice: Voice, balances: Mapping[Account, Credits]) -> None:
    """Print each account and the credits on it."""
    voice.table(
        ("Credit account", "Credits"),
        [
            (voice.word("account", account), voice.number(held))
            for account, held in balances.items()
        ],
        right=("Credits",),
    )
