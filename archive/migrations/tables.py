"""Every table of the archive's database, imported in one place so that none is forgotten."""

from sqlmodel import SQLModel

from archive.audit import tables as audit
from archive.dossiers import correction_models as corrections
from archive.dossiers import course_models as courses
from archive.dossiers import declaration_models as declarations
from archive.dossiers import models as dossiers
from archive.dossiers import offer_models as offers
from archive.dossiers import sighting_models as sightings
from archive.dossiers.classes import models as classes
from archive.dossiers.intake import mappings as header_meanings
from archive.dossiers.intake import run_models as intake
from archive.dossiers.programs import batch_models as batches
from archive.dossiers.programs import outcome_models as outcomes
from archive.dossiers.programs.badges import platform_models as platforms
from archive.jobs import models as jobs
from archive.people import accreditation_models as accreditations
from archive.people import api_key_models as api_keys
from archive.people import arrival_models as arrivals
from archive.people import counter_models as counter
from archive.people import factor_models as factors
from archive.people import incident_models as incidents
from archive.people import models as people
from archive.people import outbox_models as outbox
from archive.people import personal_models as personal
from archive.people import share_models as shares
from archive.people import vouching_models as vouching
from archive.transcripts import batch_models as document_batches
from archive.transcripts import consent_models as document_consents
from archive.transcripts import key_models as issuing_keys
from archive.transcripts import models as transcripts
from archive.transcripts import report_models as reports
from credit_bank import models as credit_bank

ROOMS = (
    credit_bank,
    audit,
    people,
    factors,
    arrivals,
    outbox,
    personal,
    shares,
    dossiers,
    offers,
    courses,
    classes,
    corrections,
    declarations,
    jobs,
    transcripts,
    issuing_keys,
    document_batches,
    reports,
    document_consents,
    counter,
    api_keys,
    incidents,
    sightings,
    batches,
    intake,
    header_meanings,
    outcomes,
    platforms,
    vouching,
    accreditations,
)
METADATA = SQLModel.metadata
