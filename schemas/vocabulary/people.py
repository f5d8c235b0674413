"""Words for people and bodies: documents, organisations, roles, languages."""

from enum import StrEnum


class DocumentType(StrEnum):
    """By which document a person is known."""

    RESIDENT_ID = "resident_id"
    RESIDENT_ID_15 = "resident_id_15"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
    HM_TRAVEL_PERMIT = "hm_travel_permit"
    TAIWAN_TRAVEL_PERMIT = "taiwan_travel_permit"
    PASSPORT = "passport"


class OrganisationKind(StrEnum):
    """What kind of body an organisation is."""

    BUREAU = "bureau"
    STREET_OFFICE = "street_office"
    DEPARTMENT = "department"
    TRAINING_PROVIDER = "training_provider"
    TECHNICAL_SCHOOL = "technical_school"
    VOCATIONAL_SCHOOL = "vocational_school"
    ASSESSMENT_BODY = "assessment_body"
    EMPLOYER = "employer"
    ASSOCIATION = "association"


class Role(StrEnum):
    """As whom an account acts."""

    WORKER = "worker"
    TRAINER = "trainer"
    TRAINER_ADMINISTRATOR = "trainer_administrator"
    EMPLOYER = "employer"
    EMPLOYER_ADMINISTRATOR = "employer_administrator"
    DEPARTMENT_CLERK = "department_clerk"
    """Of another department or a mass organisation, which posts its own trainings."""
    STREET_CLERK = "street_clerk"
    """Of a street office: for the dossiers of that street."""
    CLERK = "clerk"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    """Of the system: accounts, organisations, machinery; no dossier (GB/T 22239, three parts)."""
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"
    CONSOLE = "console"
    """Whoever sits at the server's command line; never signs in."""


class Language(StrEnum):
    """In which language a person is spoken to."""

    CHINESE = "zh"
    ENGLISH = "en"
