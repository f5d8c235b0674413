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
    EMPLOYER = "employer"
    CLERK = "clerk"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


class Language(StrEnum):
    """In which language a person is spoken to."""

    CHINESE = "zh"
    ENGLISH = "en"
