"""The audit of an archive, as commands ask for it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from archive.audit import checking
from archive.audit.acts import settle
from archive.audit.sealing import Streams
from archive.cli.draft_files import draft_of
from archive.cli.files import read_bytes
from archive.cli.opened import Acting
from archive.cli.voice import Voice
from archive.db import Database
from archive.people import audit_search
from archive.people.access import refuse
from archive.people.audit_search import Wanted
from archive.people.trail import trail_of
from archive.settings import Settings
from schemas.audit import AuditLine, AuditLines, SealReport
from schemas.vocabulary import Permission


def streams_of(archive: Database) -> Streams:
    """Return where the two streams of an archive lie."""
    return Streams(archive, trail_of(archive).store)


def verified(acting: Acting, checkpoint: Path | None) -> SealReport:
    """Return what is not as it was told, or as the checkpoint in a file knows it.

    Raises NotAllowedError, FileUnreadableError, CheckpointUnusableError.
    """
    refuse(acting.by, Permission.VERIFY_AUDIT)
    report = checking.verify(streams_of(acting.archive))
    if checkpoint is None:
        return report
    from archive.transcripts import checkpoints
    from archive.transcripts.keyring import Keyring
    from archive.transcripts.trusted_bodies import trust_bundle

    ring = Keyring(acting.settings, now=acting.now)
    with acting.archive.reading() as session:
        trust = trust_bundle(session, ring, at=acting.now)
    told = checkpoints.read(read_bytes(checkpoint), trust, now=acting.now)
    found = checking.compare(trail_of(acting.archive).store, told.seals)
    return report.model_copy(update={"faults": (*report.faults, *found)})


def asked(settings: Settings, since: date | None, until: date | None) -> Wanted:
    """Return from when until when is asked: whole local days."""
    return audit_search.of_days(Wanted(), since, until, settings.zone)


def exported(acting: Acting, wanted: Wanted, path: Path) -> int:
    """Write events to a file that appears whole or not at all; return how many.

    Raises NotAllowedError, UnknownWorkerError, UnknownAccountError, FileUnwritableError.
    """
    count = 0

    def counted(lines: Iterator[AuditLine]) -> Iterator[AuditLine]:
        nonlocal count
        for line in lines:
            count += 1
            yield line

    is_json = path.suffix.lower() == ".jsonl"
    written = audit_search.as_json_lines if is_json else audit_search.as_csv
    with draft_of(path) as draft, acting.archive.reading() as session:
        for part in written(counted(audit_search.export(session, wanted, by=acting.by))):
            draft.write(part)
        settle()  # The file appears only when its export is told.
    return count


def show_lines(voice: Voice, found: AuditLines) -> None:
    """Print events, one a line."""
    voice.table(
        ("When", "Account", "Organisation", "Action", "Archive number", "Outcome", "Number"),
        [
            (
                voice.moment(one.at),
                one.account or one.role or "—",
                one.organisation or "—",
                one.action,
                one.worker or "—",
                one.code or one.outcome,
                one.request or "—",
            )
            for one in found.lines
        ],
    )
    if found.older:
        voice.say("Earlier ones: --before {look}", look=found.older)
