"""Stamping kept documents anew from the command line: by whose stamps, judged by which roots."""

from datetime import datetime, timedelta

from archive.cli.opened import Acting
from archive.db import Database
from archive.people.access import refuse_administering
from archive.settings import Settings
from archive.transcripts import refresh_job, refresh_run
from archive.transcripts.keyring import Keyring
from archive.transcripts.refresh_job import Renewal
from archive.transcripts.refreshing import Refresher
from archive.transcripts.trusted_bodies import trust_bundle
from schemas.documents import RefreshReport


def run_for(acting: Acting) -> RefreshReport:
    """Refresh what is due; raises NotAllowedError, SigningUnavailableError."""
    refuse_administering(acting.by)
    renewal = renewal_for(acting.archive, acting.settings, acting.now)
    return refresh_run.run(acting.archive, using=renewal.using, ahead=renewal.ahead, now=acting.now)


def lend_renewal(archive: Database, settings: Settings) -> None:
    """Let the nightly run of this process refresh files as the settings have it."""
    refresh_job.lend(archive, lambda now: renewal_for(archive, settings, now))


def renewal_for(archive: Database, settings: Settings, now: datetime) -> Renewal:
    """Return by whose stamps files are refreshed, and how long ahead."""
    ring = Keyring(settings, now=now)
    with archive.reading() as session:
        trust = trust_bundle(session, ring, at=now)
    using = Refresher(ring.fallback.stamps, trust, ring.folder)
    return Renewal(using, timedelta(days=settings.signing_refresh_days))
