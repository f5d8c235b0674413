"""Audiences: one for each permission. Every route names exactly one in its signature.

Whether the single thing may be touched (the own dossier, the own organisation's record) is
the services' to say; an audience keeps out who may do nothing of the kind.
"""

from typing import Annotated

from fastapi import Depends, Request

from archive.audit.acts import name_action
from archive.errors import NotAllowedError, NotAtTheCounterError
from archive.people.access import may
from archive.people.actors import Actor
from archive.people.sessions import SignedIn, SignInNeededError
from archive.web.deps import HouseDep, Token, Viewer
from archive.web.limits import count, count_unknown
from schemas.vocabulary import Permission


class May:
    """Lets only those pass who may do such a thing at all, and not too often."""

    def __init__(self, permission: Permission) -> None:
        """Take what is done here."""
        self.permission = permission

    def __call__(
        self, request: Request, house: HouseDep, token: Token, found: Viewer
    ) -> SignedIn | None:
        """Return who is asking; None for a stranger, where strangers may.

        Raises RateLimitedError, SignInNeededError, NotAllowedError or NotAtTheCounterError.
        """
        request.state.permission = self.permission
        name_action(self.permission)
        if token and found is None:
            count_unknown(request, house, token)
        count(request, house, found, self.permission)
        if may(self.who(found) if found else None, self.permission):
            return found
        if found is None:
            raise SignInNeededError
        raise NotAtTheCounterError if found.actor.visit_id else NotAllowedError

    def who(self, found: SignedIn) -> Actor:
        """Return whom the table is asked about."""
        return found.actor


class MayThemselves(May):
    """The same, asked of the account itself also while it acts for a worker at the counter."""

    def who(self, found: SignedIn) -> Actor:
        """Return the account."""
        return found.account


Reader = Annotated[SignedIn | None, Depends(May(Permission.READ_PUBLIC))]
Arriving = Annotated[SignedIn | None, Depends(May(Permission.BEGIN_SESSION))]
Verifier = Annotated[SignedIn | None, Depends(May(Permission.VERIFY))]

OwnAccount = Annotated[SignedIn, Depends(May(Permission.OWN_ACCOUNT))]
DirectoryReader = Annotated[SignedIn, Depends(May(Permission.READ_DIRECTORY))]
OrganisationMember = Annotated[SignedIn, Depends(May(Permission.RUN_ORGANISATION))]
AccountManager = Annotated[SignedIn, Depends(May(Permission.MANAGE_ACCOUNTS))]
AccountAnswerer = Annotated[SignedIn, Depends(May(Permission.ANSWER_ACCOUNT))]
OrganisationOpener = Annotated[SignedIn, Depends(May(Permission.MANAGE_ORGANISATIONS))]
PlatformManager = Annotated[SignedIn, Depends(May(Permission.MANAGE_PLATFORMS))]
KeyManager = Annotated[SignedIn, Depends(May(Permission.MANAGE_KEYS))]
SignInManager = Annotated[SignedIn, Depends(May(Permission.MANAGE_SIGN_INS))]
StaffManager = Annotated[SignedIn, Depends(May(Permission.MANAGE_STAFF))]
EmployerMember = Annotated[SignedIn, Depends(May(Permission.EMPLOY))]

Worker = Annotated[SignedIn, Depends(May(Permission.READ_OWN))]
DossierReader = Annotated[SignedIn, Depends(May(Permission.READ_DOSSIER))]
DossierFinder = Annotated[SignedIn, Depends(May(Permission.FIND_DOSSIER))]
DossierLister = Annotated[SignedIn, Depends(May(Permission.LIST_DOSSIERS))]
CounterClerk = Annotated[SignedIn, Depends(MayThemselves(Permission.SERVE_AT_COUNTER))]
SightingNoter = Annotated[SignedIn, Depends(May(Permission.NOTE_SIGHTING))]
StreetAssigner = Annotated[SignedIn, Depends(May(Permission.ASSIGN_STREET))]
IssuerForMany = Annotated[SignedIn, Depends(May(Permission.ISSUE_FOR_MANY))]
TranscriptIssuer = Annotated[SignedIn, Depends(May(Permission.ISSUE_TRANSCRIPT))]
WorkerInviter = Annotated[SignedIn, Depends(May(Permission.INVITE_WORKER))]
ContactTeller = Annotated[SignedIn, Depends(May(Permission.TELL_CONTACT))]
PersonalRevealer = Annotated[SignedIn, Depends(May(Permission.REVEAL_PERSONAL_DATA))]
DossierExporter = Annotated[SignedIn, Depends(May(Permission.EXPORT_DOSSIER))]
RightsUser = Annotated[SignedIn, Depends(May(Permission.USE_RIGHTS))]
RightsAnswerer = Annotated[SignedIn, Depends(May(Permission.ANSWER_RIGHTS))]
DossierCloser = Annotated[SignedIn, Depends(May(Permission.CLOSE_DOSSIER))]
RecordReader = Annotated[SignedIn, Depends(May(Permission.READ_RECORD))]
RecordPoster = Annotated[SignedIn, Depends(May(Permission.POST_RECORD))]
IntakePoster = Annotated[SignedIn, Depends(May(Permission.RUN_INTAKE))]
PersonLookUp = Annotated[SignedIn, Depends(May(Permission.LOOK_UP_PERSON))]
RecordImporter = Annotated[SignedIn, Depends(May(Permission.IMPORT_RECORDS))]
RecordExporter = Annotated[SignedIn, Depends(May(Permission.EXPORT_RECORDS))]
ClassRunner = Annotated[SignedIn, Depends(May(Permission.RUN_CLASS))]
ClassReader = Annotated[SignedIn, Depends(May(Permission.READ_CLASS))]
ClassChecker = Annotated[SignedIn, Depends(May(Permission.CHECK_CLASS))]

Sharer = Annotated[SignedIn, Depends(May(Permission.SHARE))]
ShareVisitor = Annotated[SignedIn | None, Depends(May(Permission.OPEN_SHARE))]
AccessAsker = Annotated[SignedIn, Depends(May(Permission.ASK_ACCESS))]
AccessAnswerer = Annotated[SignedIn, Depends(May(Permission.ANSWER_ACCESS))]
GrantedReader = Annotated[SignedIn, Depends(May(Permission.READ_GRANTED))]

OfferPublisher = Annotated[SignedIn, Depends(May(Permission.PUBLISH_OFFER))]
Applicant = Annotated[SignedIn, Depends(May(Permission.APPLY))]
ApplicationReader = Annotated[SignedIn, Depends(May(Permission.READ_APPLICATION))]
ApplicationReceiver = Annotated[SignedIn, Depends(May(Permission.ANSWER_APPLICATION))]
ApplicationAnnuller = Annotated[SignedIn, Depends(May(Permission.ANNUL_APPLICATION))]
Appellant = Annotated[SignedIn, Depends(May(Permission.APPEAL))]
AppealReader = Annotated[SignedIn, Depends(May(Permission.READ_APPEAL))]
AppealAnswerer = Annotated[SignedIn, Depends(May(Permission.ANSWER_APPEAL))]
AppealDecider = Annotated[SignedIn, Depends(May(Permission.DECIDE_APPEAL))]
CorrectionAsker = Annotated[SignedIn, Depends(May(Permission.ASK_CORRECTION))]
CorrectionAnswerer = Annotated[SignedIn, Depends(May(Permission.ANSWER_CORRECTION))]
Declarer = Annotated[SignedIn, Depends(May(Permission.DECLARE))]
DeclarationConfirmer = Annotated[SignedIn, Depends(May(Permission.CONFIRM_DECLARATION))]
CorrectionDecider = Annotated[SignedIn, Depends(May(Permission.DECIDE_CORRECTION))]
AgreementMaker = Annotated[SignedIn, Depends(May(Permission.MAKE_AGREEMENT))]

DeskReader = Annotated[SignedIn, Depends(May(Permission.READ_DESK))]
RuleProposer = Annotated[SignedIn, Depends(May(Permission.PROPOSE_RULE))]
ProposalReader = Annotated[SignedIn, Depends(May(Permission.PROPOSE))]
ProposalAnswerer = Annotated[SignedIn, Depends(May(Permission.ANSWER_PROPOSAL))]
PairReviewer = Annotated[SignedIn, Depends(May(Permission.REVIEW_PAIR))]
DossierMerger = Annotated[SignedIn, Depends(May(Permission.MERGE_DOSSIERS))]
RelativesServer = Annotated[SignedIn, Depends(May(Permission.SERVE_RELATIVES))]
IssuerSuspender = Annotated[SignedIn, Depends(May(Permission.SUSPEND_ISSUER))]
Accreditor = Annotated[SignedIn, Depends(May(Permission.ACCREDIT))]
AccreditationReader = Annotated[SignedIn, Depends(May(Permission.READ_ACCREDITATION))]
SchemeAdder = Annotated[SignedIn, Depends(May(Permission.ADD_SCHEME))]
IncidentKeeper = Annotated[SignedIn, Depends(May(Permission.KEEP_INCIDENTS))]
AuditSearcher = Annotated[SignedIn, Depends(May(Permission.SEARCH_AUDIT))]
AuditExporter = Annotated[SignedIn, Depends(May(Permission.EXPORT_AUDIT))]
AuditVerifier = Annotated[SignedIn, Depends(May(Permission.VERIFY_AUDIT))]
