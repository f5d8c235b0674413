"""How versions of keys and rotations look on the command line."""

from archive.cli.voice import Voice
from archive.settings import Settings
from schemas.keys import IndexKeyList, MasterKeyList, MasterKeyVersion, RotationReport


class Progress:
    """Tells how far a rotation is, when it has got further."""

    def __init__(self, settings: Settings, *, is_shown: bool) -> None:
        """Take the language; programs are told nothing but the end."""
        self._voice = Voice(settings.lang, settings.zone)
        self._is_shown = is_shown
        self._told = 0

    def tell(self, done: int, total: int | None) -> None:
        """Print a line when more is done than was told."""
        if self._is_shown and done > self._told:
            self._told = done
            self._voice.say("{done} of {total}", done=done, total=total)


def show_masters(voice: Voice, found: MasterKeyList) -> None:
    """Print the versions of the master key."""
    voice.table(
        ("Version", "State", "Source", "Since", "Wrapped keys", "Waiting files"),
        [_master(voice, one) for one in found.versions],
        right=("Wrapped keys", "Waiting files"),
    )


def show_indexes(voice: Voice, found: IndexKeyList) -> None:
    """Print the versions of the key of look-ups."""
    voice.table(
        ("Version", "State", "Since", "Look-ups"),
        [
            (
                str(one.version),
                voice.word("key_state", one.state),
                voice.moment(one.created_at),
                str(one.rows),
            )
            for one in found.versions
        ],
        right=("Look-ups",),
    )


def show_rotation(voice: Voice, report: RotationReport) -> None:
    """Print what a rotation did."""
    voice.say(
        "Moved to version {version}: {moved}. Left under former versions: {left}.",
        version=report.version,
        moved=report.moved,
        left=report.left,
    )
    if report.left:
        voice.say("What is left belongs to persons whose key was destroyed; it is still found.")


def _master(voice: Voice, one: MasterKeyVersion) -> tuple[str, ...]:
    state = voice.word("key_state", one.state) if one.state else voice.sentence("not in use")
    source = voice.word("master_key_source", one.source) if one.source else None
    return (
        one.version,
        state,
        source or voice.sentence("not at hand"),
        voice.moment(one.created_at),
        str(one.rows),
        str(one.files),
    )
