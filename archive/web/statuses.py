"""Which HTTP status each refusal answers with: one table, by class, nearest base first."""

from starlette import status

from archive import errors, scans
from archive.audit.refusals import AuditUnavailableError
from archive.bureau import agreement_refusals as agreements
from archive.bureau import dossier_closures
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
from archive.dossiers import errors as dossiers
from archive.dossiers.cells.refusals import CellError
from archive.dossiers.exchange_refusals import ExchangeItemError
from archive.dossiers.intake.refusals import RowFaultError
from archive.dossiers.merging import MergeWithItselfError
from archive.dossiers.tables.refusals import FileRefusedError, FileTooLargeError
from archive.files import (
    EvidenceEmptyError,
    EvidenceGoneError,
    NotJsonError,
    UploadGoneError,
    UploadTooLargeError,
)
from archive.limiting.limiter import RateLimitedError
from archive.people import (
    accounts,
    api_keys,
    approvals,
    attempts,
    contact_refusals,
    counter,
    factors,
    identity_refusals,
    incident_refusals,
    master_key_refusals,
    organisations,
    passkeys,
    passwords,
    revealing,
    rights,
    schemes,
    sessions,
    share_refusals,
    totp,
    unfinished,
)
from archive.people.activations import ActivationUnknownError
from archive.people.joining import JoinNameMissingError
from archive.people.organisation_codes import CreditCodeCheckError, CreditCodeFormError
from archive.people.sent_codes import SentCodeWrongError
from archive.people.streets import NotAStreetOfficeError
from archive.transcripts import checkpoints, fonts, keys, trust
from archive.transcripts.refusals import IssuerMissingError
from archive.web import refusals
from credit_bank import errors as bank
from credit_bank.agreement_refusals import (
    AgreementCycleError,
    AgreementError,
    AgreementReplacesOtherError,
)
from schemas.refusals import Refusal

STATUS_OF: dict[type[Refusal], int] = {
    # Who is asking, and may they?
    sessions.SignInNeededError: status.HTTP_401_UNAUTHORIZED,
    accounts.SignInFailedError: status.HTTP_401_UNAUTHORIZED,
    totp.CodeWrongError: status.HTTP_401_UNAUTHORIZED,
    passkeys.PasskeyRefusedError: status.HTTP_401_UNAUTHORIZED,
    unfinished.SignInExpiredError: status.HTTP_401_UNAUTHORIZED,
    attempts.SignInLockedError: status.HTTP_429_TOO_MANY_REQUESTS,
    sessions.ProofNeededError: status.HTTP_403_FORBIDDEN,
    errors.NotAllowedError: status.HTTP_403_FORBIDDEN,
    approvals.OwnProposalError: status.HTTP_403_FORBIDDEN,
    refusals.CrossSiteError: status.HTTP_403_FORBIDDEN,
    # Not here, or not for this asker: the same answer.
    errors.UnknownWorkerError: status.HTTP_404_NOT_FOUND,
    errors.UnknownOrganisationError: status.HTTP_404_NOT_FOUND,
    errors.UnknownRecordError: status.HTTP_404_NOT_FOUND,
    approvals.UnknownProposalError: status.HTTP_404_NOT_FOUND,
    errors.UnknownAccountError: status.HTTP_404_NOT_FOUND,
    bank.UnknownDossierError: status.HTTP_404_NOT_FOUND,
    UnknownRuleError: status.HTTP_404_NOT_FOUND,
    UnknownEntryError: status.HTTP_404_NOT_FOUND,
    agreements.UnknownAgreementError: status.HTTP_404_NOT_FOUND,
    schemes.UnknownSchemeError: status.HTTP_404_NOT_FOUND,
    redemption_refusals.UnknownOfferError: status.HTTP_404_NOT_FOUND,
    UnknownPairError: status.HTTP_404_NOT_FOUND,
    UnknownSuspensionError: status.HTTP_404_NOT_FOUND,
    appeals.UnknownAppealError: status.HTTP_404_NOT_FOUND,
    appeals.UnknownLineError: status.HTTP_404_NOT_FOUND,
    bank.UnknownCaseError: status.HTTP_404_NOT_FOUND,
    sessions.UnknownSessionError: status.HTTP_404_NOT_FOUND,
    passkeys.PasskeyUnknownError: status.HTTP_404_NOT_FOUND,
    refusals.PageUnknownError: status.HTTP_404_NOT_FOUND,
    refusals.MethodUnknownError: status.HTTP_405_METHOD_NOT_ALLOWED,
    UploadGoneError: status.HTTP_410_GONE,
    # Contradicts what is there.
    accounts.AccountNameTakenError: status.HTTP_409_CONFLICT,
    factors.LastFactorError: status.HTTP_409_CONFLICT,
    factors.FactorMissingError: status.HTTP_409_CONFLICT,
    passkeys.PasskeysFullError: status.HTTP_409_CONFLICT,
    organisations.OrganisationCodeTakenError: status.HTTP_409_CONFLICT,
    approvals.ProposalAnsweredError: status.HTTP_409_CONFLICT,
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
    dossier_closures.ClosureReasonMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    dossier_closures.UnknownGroundError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    personal.NameUnknownError: status.HTTP_404_NOT_FOUND,
    personal.TooManyCalledError: status.HTTP_409_CONFLICT,
    contact_refusals.ContactError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    rights.RequestWaitingError: status.HTTP_409_CONFLICT,
    rights.UnknownRequestError: status.HTTP_404_NOT_FOUND,
    rights.AnswerMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    revealing.RevealEmptyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
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
    appeals.OwnAnswerError: status.HTTP_403_FORBIDDEN,
    SuspensionWithoutRuleError: status.HTTP_409_CONFLICT,
    ExtensionsUsedUpError: status.HTTP_409_CONFLICT,
    barred.IssuerSuspendedError: status.HTTP_409_CONFLICT,
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
    schemes.SchemeTakenError: status.HTTP_409_CONFLICT,
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
    refusals.NoFileError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    identity_refusals.IdentityError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    dossiers.DayInFutureError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    appeals.WhyMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    SuspensionDaysError: status.HTTP_422_UNPROCESSABLE_CONTENT,
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
    api_keys.UnknownKeyError: status.HTTP_404_NOT_FOUND,
    api_keys.KeyScopeError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    api_keys.KeyLifetimeError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    counter.VisitOpenError: status.HTTP_409_CONFLICT,
    counter.UnknownVisitError: status.HTTP_404_NOT_FOUND,
    scans.ScanTooLargeError: status.HTTP_413_CONTENT_TOO_LARGE,
    scans.ScanUnreadableError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    scans.ScanGoneError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    NotAStreetOfficeError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    CreditCodeFormError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    CreditCodeCheckError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    passwords.PasswordUnfitError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    passwords.PasswordCommonError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    passwords.PasswordNamesAccountError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    ExchangeItemError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    agreements.OursMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    agreements.AgreementByRuleError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    AgreementError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    bank.RuleFileError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    RateLimitedError: status.HTTP_429_TOO_MANY_REQUESTS,
    # The register of incidents.
    incident_refusals.UnknownIncidentError: status.HTTP_404_NOT_FOUND,
    incident_refusals.IncidentClosedError: status.HTTP_409_CONFLICT,
    incident_refusals.IncidentUntoldError: status.HTTP_409_CONFLICT,
    incident_refusals.IncidentNobodyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    incident_refusals.IncidentWordsMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    # Shares, and access that a worker grants.
    share_refusals.SharePinNeededError: status.HTTP_401_UNAUTHORIZED,
    share_refusals.SharePinWrongError: status.HTTP_401_UNAUTHORIZED,
    share_refusals.ShareNoDownloadError: status.HTTP_403_FORBIDDEN,
    share_refusals.AccessNotGrantedError: status.HTTP_403_FORBIDDEN,
    share_refusals.UnknownShareError: status.HTTP_404_NOT_FOUND,
    share_refusals.UnknownAccessError: status.HTTP_404_NOT_FOUND,
    share_refusals.ShareClosedError: status.HTTP_409_CONFLICT,
    share_refusals.AccessAnsweredError: status.HTTP_409_CONFLICT,
    share_refusals.ShareExpiredError: status.HTTP_410_GONE,
    share_refusals.ShareRevokedError: status.HTTP_410_GONE,
    share_refusals.AccessEndedError: status.HTTP_410_GONE,
    share_refusals.ScopeEmptyError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    share_refusals.ConsentMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    share_refusals.SharePinLockedError: status.HTTP_429_TOO_MANY_REQUESTS,
    share_refusals.AccessRequestsTooManyError: status.HTTP_429_TOO_MANY_REQUESTS,
    SentCodeWrongError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    JoinNameMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    ActivationUnknownError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    # Our fault, or our load.
    passwords.SignInBusyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    WhatIfBusyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    AuditUnavailableError: status.HTTP_503_SERVICE_UNAVAILABLE,
    refusals.DatabaseUnavailableError: status.HTTP_503_SERVICE_UNAVAILABLE,
    errors.DatabaseNotReadyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    IssuerMissingError: status.HTTP_503_SERVICE_UNAVAILABLE,
    errors.SettingInvalidError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    master_key_refusals.MasterKeyUnreachableError: status.HTTP_503_SERVICE_UNAVAILABLE,
    master_key_refusals.MasterKeyPinError: status.HTTP_503_SERVICE_UNAVAILABLE,
    master_key_refusals.MasterKeyUnusableError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    master_key_refusals.MasterKeyElsewhereError: status.HTTP_409_CONFLICT,
    master_key_refusals.KeyVersionUnknownError: status.HTTP_404_NOT_FOUND,
    master_key_refusals.KeyVersionCurrentError: status.HTTP_409_CONFLICT,
    master_key_refusals.KeyVersionUsedError: status.HTTP_409_CONFLICT,
    fonts.FontMissingError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    fonts.FontSubsettingMissingError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    keys.SigningKeyUnusableError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    errors.SealBrokenError: status.HTTP_500_INTERNAL_SERVER_ERROR,
    refusals.UnexpectedError: status.HTTP_500_INTERNAL_SERVER_ERROR,
}


def status_of(kind: type[Refusal]) -> int | None:
    """Return the status of a refusal by its class or nearest base; None when no row fits."""
    return next((STATUS_OF[base] for base in kind.__mro__ if base in STATUS_OF), None)
