"""Every kind of job, and who tells what it works on: importing this makes all of them known."""

from archive.bureau import nightly
from archive.dossiers import digests
from archive.dossiers import looked_up as records
from archive.dossiers.classes import closing
from archive.dossiers.intake import driving
from archive.people import contacts_found as contacts
from archive.people import index_rotation, master_rotation
from archive.transcripts import batch_job, batches, finishing, issuing  # noqa: F401  # The first adds the job.
from archive.transcripts import looked_up as documents

KINDS = (
    nightly.KIND,
    digests.KIND,
    master_rotation.KIND,
    index_rotation.KIND,
    driving.KIND,
    driving.UNDO_KIND,
    closing.KIND,
    issuing.KIND,
    batches.KIND,
)
TELLING = (records.values_of, documents.values_of, contacts.values_of)
