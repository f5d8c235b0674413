"""Stamping kept documents anew from the command line: by whose stamps, judged by which roots."""

from datetime import timedelta

from archive.cli.opened import Acting
from archive.people.access import refuse_administering
from archive.transcripts import refresh_run
from archive.transcripts.keyring import Keyring
from archive.transcripts.refreshing import Refresher
from archive.transcripts.trusted_bodies import trust_bundle
from schemas.documents import RefreshReport


def run_for(acting: Acting) -> RefreshReport:
    """Refresh what is due; raises NotAllowedError, SigningUnavailableError."""
    refuse_administering(acting.by)
    ring = Keyring(acting.settings, now=acting.now)
    with acting.archive.reading() as session:
        trust = trust_bundle(session, ring, at=acting.now)
    using = Refresher(ring.fallback.stamps, trust, ring.folder)
    ahead = timedelta(days=acting.settings.signing_refresh_days)
    return refresh_run.run(acting.archive, using=using, ahead=ahead, now=acting.now)
