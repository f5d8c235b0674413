"""What a command answers when it has written a record."""

from archive.cli.answers import answer
from archive.cli.voice import Voice
from archive.dossiers.writing import Added
from archive.people.models import Worker
from archive.settings import Settings
from schemas.outputs import RecordReceipt
from schemas.vocabulary import RowState


def of(worker: Worker, added: Added) -> RecordReceipt:
    """Return the receipt of a record that was handed in."""
    return RecordReceipt(
        archive_number=worker.archive_number,
        record_id=added.record_id,
        version_id=added.version_id,
        state=added.state,
    )


def tell(receipt: RecordReceipt, settings: Settings, *, as_json: bool) -> None:
    """Print a receipt."""

    def show(voice: Voice) -> None:
        if receipt.state is RowState.SAME:
            voice.say("Nothing changed: the record is on file just like this.")
        else:
            voice.say("Written to the dossier.")
        voice.facts(
            [
                ("Archive number", receipt.archive_number),
                ("Record", str(receipt.record_id)),
                ("Version", str(receipt.version_id)),
            ]
        )

    answer(receipt, settings, show, as_json=as_json)
