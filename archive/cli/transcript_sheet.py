"""How the documents about a dossier are shown to people."""

from archive.cli.voice import Voice
from schemas.documents import DocumentList, RefreshReport


def show_documents(voice: Voice, found: DocumentList) -> None:
    """Print the documents about a dossier, a row each."""
    if not found.documents:
        voice.say("No document was asked for yet.")
        return
    voice.table(
        ("Document identifier", "About", "State", "Issued at", "Valid until", "Verification code"),
        [
            (
                str(one.id),
                voice.word("document_scope", one.scope),
                voice.word("document_state", one.state),
                voice.moment(one.issued_at),
                voice.day(one.valid_until),
                one.code,
            )
            for one in found.documents
        ],
    )


def show_refresh(voice: Voice, report: RefreshReport) -> None:
    """Print how many kept files were stamped anew."""
    voice.say(
        "Kept files looked at: {looked_at}. Stamped anew: {refreshed}. Too late: {refused}.",
        looked_at=report.looked_at,
        refreshed=report.refreshed,
        refused=report.refused,
    )
