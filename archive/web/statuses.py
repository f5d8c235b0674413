"""Which HTTP status each refusal answers with: one table, by class, nearest base first."""

from collections.abc import Sized

from starlette import status

from archive import errors, scans
from archive.audit.refusals import AuditUnavailableError
from archive.bureau import agreement_refusals as agreements
from archive.bureau import dossier_closures, relative_refusals
from archive.bureau.explaining import UnknownEntryError
from archive.bureau.mergers import MergerProposedError
from archive.bureau.reviews import UnknownPairError
from archive.bureau.rule_references import UnknownRuleError
from archive.bureau.suspension_refusals import (
    ExtensionsUsedUpError,
    SuspensionDaysError,
    SuspensionIncompleteError,
    SuspensionWithoutRuleError,
    UnknownSuspensionError,
)
from archive.bureau.what_if_runs import WhatIfBusyError
from archive.dossiers import appeal_refusals as appeals
from archive.dossiers import (
    barred,
    certificate_numbers,
    columns,
    occupation_refusals,
    personal,
    redemption_refusals,
)
from archive.dossiers import correction_refusals as corrections
from archive.dossiers import declaration_refusals as declarations
from archive.dossiers import errors as dossiers
from archive.dossiers.cells.refusals import CellError
from archive.dossiers.exchange_refusals import ExchangeItemError
from archive.dossiers.intake.refusals import RowFaultError
from archive.dossiers.merging import MergeWithItselfError
from archive.dossiers.tables import workbooks
from archive.dossiers.tables.refusals import FileRefusedError, FileTooLargeError
from archive.files import (
    EvidenceEmptyError,
    EvidenceGoneError,
    NotJsonError,
    UploadGoneError,
    UploadTooLargeError,
)
from archive.limiting.limiter import RateLimitedError
from archive.people import accreditation_refusals as accreditations
from archive.transcripts import checkpoints, font_files, fonts, trust
from archive.web import refusals
from archive.web.class_statuses import OF_CLASSES
from archive.web.document_statuses import OF_DOCUMENTS
from archive.web.intake_statuses import OF_INTAKE
from archive.web.people_statuses import OF_PEOPLE
from archive.web.program_statuses import OF_PROGRAMS
from archive.web.signing_statuses import OF_SIGNING
from credit_bank import errors as bank
from credit_bank.agreement_refusals import (
    AgreementCycleError,
    AgreementError,
    AgreementReplacesOtherError,
)
from schemas.refusals import Refusal

STATUS_OF: dict[type[Refusal], int] = {
    **OF_CLASSES,
    **OF_DOCUMENTS,
    **OF_INTAKE,
    **OF_PEOPLE,
    **OF_PROGRAMS,
    **OF_SIGNING,
    # Who is asking, and may they?
    errors.NotAllowedError: status.HTTP_403_FORBIDDEN,
    errors.NotAtTheCounterError: status.HTTP_403_FORBIDDEN,
    refusals.CrossSiteError: status.HTTP_403_FORBIDDEN,
    # Not here, or not for this asker: the same answer.
    errors.UnknownWorkerError: status.HTTP_404_NOT_FOUND,
    errors.DossierUnboundError: status.HTTP_404_NOT_FOUND,
    errors.UnknownOrganisationError: status.HTTP_404_NOT_FOUND,
    errors.UnknownRecordError: status.HTTP_404_NOT_FOUND,
    errors.UnknownAccountError: status.HTTP_404_NOT_FOUND,
    bank.UnknownDossierError: status.HTTP_404_NOT_FOUND,
    UnknownRuleError: status.HTTP_404_NOT_FOUND,
    UnknownEntryError: status.HTTP_404_NOT_FOUND,
    agreements.UnknownAgreementError: status.HTTP_404_NOT_FOUND,
    redemption_refusals.UnknownOfferError: status.HTTP_404_NOT_FOUND,
    UnknownPairError: status.HTTP_404_NOT_FOUND,
    UnknownSuspensionError: status.HTTP_404_NOT_FOUND,
    accreditations.UnknownAccreditationError: status.HTTP_404_NOT_FOUND,
    appeals.UnknownAppealError: status.HTTP_404_NOT_FOUND,
    appeals.UnknownLineError: status.HTTP_404_NOT_FOUND,
    corrections.UnknownCorrectionError: status.HTTP_404_NOT_FOUND,
    bank.UnknownCaseError: status.HTTP_404_NOT_FOUND,
    refusals.PageUnknownError: status.HTTP_404_NOT_FOUND,
    refusals.MethodUnknownError: status.HTTP_405_METHOD_NOT_ALLOWED,
    UploadGoneError: status.HTTP_410_GONE,
    # Contradicts what is there.
    dossiers.RecordExistsError: status.HTTP_409_CONFLICT,
    dossiers.OuterIdTakenError: status.HTTP_409_CONFLICT,
    dossiers.CertificateTakenError: status.HTTP_409_CONFLICT,
    dossiers.DocumentTakenError: status.HTTP_409_CONFLICT,
    dossiers.RecordWithdrawnError: status.HTTP_409_CONFLICT,
    dossiers.RecordKindChangedError: status.HTTP_409_CONFLICT,
    dossiers.PostingClosedError: status.HTTP_409_CONFLICT,
    errors.ErasedError: status.HTTP_410_GONE,
    errors.FrozenError: status.HTTP_423_LOCKED,
    dossier_closures.ClosureActRefusedError: status.HTTP_409_CONFLICT,
    dossier_closures.KeepingRequiredError: status.HTTP_409_CONFLICT,
    relative_refusals.RelativeIncompleteError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    relative_refusals.RelativeArrangedError: status.HTTP_409_CONFLICT,
    relative_refusals.RelativeArrangementUnseenError: status.HTTP_409_CONFLICT,
    relative_refusals.RelativeNotGrantedError: status.HTTP_409_CONFLICT,
    dossier_closures.ClosureReasonMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    dossier_closures.UnknownGroundError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    personal.NameUnknownError: status.HTTP_404_NOT_FOUND,
    personal.TooManyCalledError: status.HTTP_409_CONFLICT,
    bank.ReferenceConflictError: status.HTTP_409_CONFLICT,
    bank.CaseActRefusedError: status.HTTP_409_CONFLICT,
    bank.AppealOpenError: status.HTTP_409_CONFLICT,
    appeals.AppealLateError: status.HTTP_409_CONFLICT,
    appeals.AppealNotHereError: status.HTTP_409_CONFLICT,
    appeals.AppealRepeatedError: status.HTTP_409_CONFLICT,
    appeals.AppealPendingError: status.HTTP_409_CONFLICT,
    appeals.AppealWithoutRuleError: status.HTTP_409_CONFLICT,
    appeals.EscalationLateError: status.HTTP_409_CONFLICT,
    appeals.NotPutRightError: status.HTTP_409_CONFLICT,
    declarations.UnknownDeclarationError: status.HTTP_404_NOT_FOUND,
    declarations.DeclarationsTooManyError: status.HTTP_409_CONFLICT,
    declarations.DeclarationActRefusedError: status.HTTP_409_CONFLICT,
    declarations.DeclarationReasonMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    corrections.CorrectionEmptyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    corrections.CorrectionWaitingError: status.HTTP_409_CONFLICT,
    corrections.CorrectionsTooManyError: status.HTTP_409_CONFLICT,
    corrections.CorrectionActRefusedError: status.HTTP_409_CONFLICT,
    corrections.NotCorrectedError: status.HTTP_409_CONFLICT,
    corrections.NotAddedError: status.HTTP_409_CONFLICT,
    corrections.PassedOnOftenError: status.HTTP_409_CONFLICT,
    corrections.AnsweredItselfError: status.HTTP_403_FORBIDDEN,
    appeals.OwnAnswerError: status.HTTP_403_FORBIDDEN,
    SuspensionWithoutRuleError: status.HTTP_409_CONFLICT,
    ExtensionsUsedUpError: status.HTTP_409_CONFLICT,
    barred.IssuerSuspendedError: status.HTTP_409_CONFLICT,
    accreditations.NotAccreditedError: status.HTTP_409_CONFLICT,
    accreditations.AccreditationNotNarrowerError: status.HTTP_409_CONFLICT,
    bank.LotTooSmallError: status.HTTP_409_CONFLICT,
    bank.LotHeldError: status.HTTP_409_CONFLICT,
    bank.DossierClosedError: status.HTTP_409_CONFLICT,
    bank.MergerWaitsError: status.HTTP_409_CONFLICT,
    bank.MergerUncoveredError: status.HTTP_409_CONFLICT,
    MergeWithItselfError: status.HTTP_409_CONFLICT,
    MergerProposedError: status.HTTP_409_CONFLICT,
    EvidenceGoneError: status.HTTP_410_GONE,
    EvidenceEmptyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    redemption_refusals.OfferEndPastError: status.HTTP_409_CONFLICT,
    redemption_refusals.LoweringGoneError: status.HTTP_409_CONFLICT,
    redemption_refusals.CitedRecordGoneError: status.HTTP_409_CONFLICT,
    redemption_refusals.AppliedAlreadyError: status.HTTP_409_CONFLICT,
    redemption_refusals.RedemptionImpossibleError: status.HTTP_409_CONFLICT,
    bank.RuleAlreadyPublishedError: status.HTTP_409_CONFLICT,
    bank.RuleChangedError: status.HTTP_409_CONFLICT,
    agreements.NoticeTooShortError: status.HTTP_409_CONFLICT,
    agreements.NoticePastError: status.HTTP_409_CONFLICT,
    AgreementCycleError: status.HTTP_409_CONFLICT,
    AgreementReplacesOtherError: status.HTTP_409_CONFLICT,
    # Cannot be taken as it was sent.
    FileTooLargeError: status.HTTP_413_CONTENT_TOO_LARGE,
    UploadTooLargeError: status.HTTP_413_CONTENT_TOO_LARGE,
    NotJsonError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    refusals.RequestUnreadableError: status.HTTP_400_BAD_REQUEST,
    refusals.RequestInvalidError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    refusals.CodeUnreadableError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    refusals.PasswordsDifferError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    refusals.VerificationBusyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    refusals.NoFileError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    dossiers.DayInFutureError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    appeals.WhyMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    SuspensionDaysError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    accreditations.AccreditationDaysError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    SuspensionIncompleteError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    dossiers.ReasonMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    redemption_refusals.OfferUnclearError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    redemption_refusals.OfferUnfitError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    redemption_refusals.LimitsBrokenError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    CellError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    RowFaultError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    FileRefusedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    columns.ColumnsMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    columns.ColumnTwiceError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    columns.ColumnUnknownError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    columns.ColumnFieldUnfitError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    columns.KindUnclearError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    columns.KindNotListedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    occupation_refusals.OccupationError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    certificate_numbers.CertificateNumberRoundedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    certificate_numbers.CertificateNumberFormError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    certificate_numbers.CertificateLevelNotAllowedError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    certificate_numbers.CertificateLevelDiffersError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    certificate_numbers.CertificateYearDiffersError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    fonts.GlyphMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    checkpoints.CheckpointUnusableError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    trust.TrustUnreadableError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    workbooks.WorkbookBusyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    scans.ScanTooLargeError: status.HTTP_413_CONTENT_TOO_LARGE,
    scans.ScanUnreadableError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    scans.ScanGoneError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    ExchangeItemError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    agreements.OursMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    agreements.AgreementByRuleError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    AgreementError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    bank.RuleFileError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    RateLimitedError: status.HTTP_429_TOO_MANY_REQUESTS,
    # The register of incidents.
    # Shares, and access that a worker grants.
    # Our fault, or our load.
    WhatIfBusyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    AuditUnavailableError: status.HTTP_503_SERVICE_UNAVAILABLE,
    refusals.DatabaseUnavailableError: status.HTTP_503_SERVICE_UNAVAILABLE,
    errors.DatabaseNotReadyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    errors.SettingInvalidError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    font_files.FontMissingError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    fonts.FontSubsettingMissingError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    errors.SealBrokenError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    refusals.UnexpectedError: status.HTTP_500_INTERNAL_SERVER_ERROR,
}


def status_of(kind: type[Refusal]) -> int | None:
    """Return the status of a refusal by its class or nearest base; None when no row fits."""
    return next((STATUS_OF[base] for base in kind.__mro__ if base in STATUS_OF), None)


def status_of_form(refusal: Refusal | None, faults: Sized = ()) -> int:
    """Return the status of a page with a form: 200, unless it is shown again because it is wrong.

    ``faults`` are those of its fields.
    """
    if faults:
        return status.HTTP_422_UNPROCESSABLE_CONTENT
    if refusal is None:
        return status.HTTP_200_OK
    return status_of(type(refusal)) or status.HTTP_422_UNPROCESSABLE_CONTENT
