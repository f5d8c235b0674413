"""Who may do what: the one table. Everything that asks, asks here.

A permission names how far each role reaches with it; a role that is not named may not.
``skills-archive access matrix`` prints it. Writes of rules, merges, erasures, suspensions,
annulments and subsidies take effect only when a second person answers (approvals.py).
"""

from collections.abc import Mapping

from archive.people.actors import Actor
from schemas.access import AccessMatrix, PermissionLine
from schemas.vocabulary import Permission, Role, Scope

Reach = Mapping[Role | None, Scope]
"""How far each role reaches; None stands for a stranger."""

WORKER: Reach = {Role.WORKER: Scope.OWN}
TRAINERS: Reach = {
    Role.TRAINER: Scope.ORGANISATION,
    Role.TRAINER_ADMINISTRATOR: Scope.ORGANISATION,
}
EMPLOYERS: Reach = {
    Role.EMPLOYER: Scope.ORGANISATION,
    Role.EMPLOYER_ADMINISTRATOR: Scope.ORGANISATION,
}
DEPARTMENTS: Reach = {Role.DEPARTMENT_CLERK: Scope.ORGANISATION}
STREETS: Reach = {Role.STREET_CLERK: Scope.STREET}
BODY_ADMINISTRATORS: Reach = {
    Role.TRAINER_ADMINISTRATOR: Scope.ORGANISATION,
    Role.EMPLOYER_ADMINISTRATOR: Scope.ORGANISATION,
}
ASKERS: Reach = {**TRAINERS, **EMPLOYERS, **DEPARTMENTS}
CONSOLE: Reach = {Role.CONSOLE: Scope.ALL}
APPROVERS: Reach = {Role.APPROVER: Scope.ALL, **CONSOLE}
BUREAU: Reach = {Role.CLERK: Scope.ALL, **APPROVERS}
SYSTEM: Reach = {Role.ADMINISTRATOR: Scope.ALL, **CONSOLE}
AUDITORS: Reach = {Role.AUDIT_ADMINISTRATOR: Scope.ALL, **CONSOLE}
SECURITY: Reach = {Role.SECURITY_ADMINISTRATOR: Scope.ALL, **CONSOLE}
POSTERS: Reach = {**TRAINERS, **DEPARTMENTS}
MEMBERS: Reach = {**TRAINERS, **EMPLOYERS}
SIGNED_IN: Reach = dict.fromkeys(Role, Scope.OWN)
EVERYONE: Reach = {None: Scope.ALL}

TABLE: Mapping[Permission, Reach] = {
    Permission.READ_PUBLIC: EVERYONE,
    Permission.BEGIN_SESSION: EVERYONE,
    Permission.VERIFY: EVERYONE,
    Permission.OWN_ACCOUNT: SIGNED_IN,
    Permission.READ_DIRECTORY: SIGNED_IN,
    Permission.RUN_ORGANISATION: MEMBERS,
    Permission.EMPLOY: EMPLOYERS,
    Permission.READ_OWN: WORKER,
    Permission.READ_DOSSIER: {**WORKER, **STREETS, **BUREAU},
    Permission.FIND_DOSSIER: {**STREETS, **BUREAU},
    Permission.LIST_DOSSIERS: BUREAU,
    Permission.ASSIGN_STREET: BUREAU,
    Permission.ISSUE_TRANSCRIPT: {**WORKER, **STREETS, **BUREAU},
    Permission.ISSUE_FOR_MANY: {**ASKERS, **BUREAU},
    Permission.SERVE_AT_COUNTER: {**STREETS, **BUREAU},
    Permission.NOTE_SIGHTING: {**STREETS, **BUREAU},
    Permission.READ_RECORD: {**WORKER, **POSTERS, **EMPLOYERS, **STREETS, **BUREAU},
    Permission.TELL_CONTACT: {**WORKER, **STREETS, **BUREAU},
    Permission.INVITE_WORKER: {**STREETS, **BUREAU},
    Permission.REVEAL_PERSONAL_DATA: {**STREETS, **BUREAU},
    Permission.EXPORT_DOSSIER: {**WORKER, **BUREAU},
    Permission.USE_RIGHTS: WORKER,
    Permission.ANSWER_RIGHTS: BUREAU,
    Permission.CLOSE_DOSSIER: BUREAU,
    Permission.POST_RECORD: {**POSTERS, **BUREAU},
    Permission.POST_IDENTITY: BUREAU,
    Permission.RUN_INTAKE: POSTERS,
    Permission.LOOK_UP_PERSON: POSTERS,
    Permission.IMPORT_RECORDS: BUREAU,
    Permission.EXPORT_RECORDS: {**POSTERS, **BUREAU},
    Permission.RUN_CLASS: {**POSTERS, **CONSOLE},
    Permission.READ_CLASS: {**POSTERS, **BUREAU},
    Permission.CHECK_CLASS: BUREAU,
    Permission.SHARE: {**WORKER, **CONSOLE},
    Permission.OPEN_SHARE: EVERYONE,
    Permission.ASK_ACCESS: ASKERS,
    Permission.ANSWER_ACCESS: {**WORKER, **CONSOLE},
    Permission.READ_GRANTED: dict.fromkeys(ASKERS, Scope.GRANTED),
    Permission.PUBLISH_OFFER: {**MEMBERS, **BUREAU},
    Permission.APPLY: {**WORKER, **CONSOLE},
    Permission.READ_APPLICATION: {**WORKER, **MEMBERS, **BUREAU},
    Permission.ANSWER_APPLICATION: {**MEMBERS, **BUREAU},
    Permission.ANNUL_APPLICATION: BUREAU,
    Permission.APPEAL: {**WORKER, **CONSOLE},
    Permission.READ_APPEAL: {**WORKER, **POSTERS, **BUREAU},
    Permission.ANSWER_APPEAL: {**POSTERS, **BUREAU},
    Permission.DECIDE_APPEAL: APPROVERS,
    Permission.ASK_CORRECTION: {**WORKER, **CONSOLE},
    Permission.ANSWER_CORRECTION: {**POSTERS, **BUREAU},
    Permission.DECIDE_CORRECTION: BUREAU,
    Permission.DECLARE: {**WORKER, **CONSOLE},
    Permission.CONFIRM_DECLARATION: {**POSTERS, **BUREAU},
    Permission.MAKE_AGREEMENT: {**MEMBERS, **BUREAU},
    Permission.READ_DESK: BUREAU,
    Permission.PROPOSE: BUREAU,
    Permission.ANSWER_PROPOSAL: APPROVERS,
    Permission.PROPOSE_RULE: BUREAU,
    Permission.REVIEW_PAIR: BUREAU,
    Permission.MERGE_DOSSIERS: BUREAU,
    Permission.SERVE_RELATIVES: BUREAU,
    Permission.SUSPEND_ISSUER: BUREAU,
    Permission.ACCREDIT: BUREAU,
    Permission.READ_ACCREDITATION: {**POSTERS, **BUREAU},
    Permission.ADD_SCHEME: BUREAU,
    Permission.MANAGE_STAFF: BODY_ADMINISTRATORS,
    Permission.MANAGE_PLATFORMS: {Role.TRAINER_ADMINISTRATOR: Scope.ORGANISATION, **BUREAU},
    Permission.MANAGE_KEYS: {**BODY_ADMINISTRATORS, **SECURITY},
    Permission.MANAGE_ACCOUNTS: SYSTEM,
    Permission.ANSWER_ACCOUNT: SECURITY,
    Permission.MANAGE_SIGN_INS: SECURITY,
    Permission.MANAGE_ORGANISATIONS: SYSTEM,
    Permission.GIVE_CREDENTIALS: CONSOLE,
    Permission.MANAGE_SYSTEM: SYSTEM,
    Permission.SEARCH_AUDIT: AUDITORS,
    Permission.EXPORT_AUDIT: AUDITORS,
    Permission.VERIFY_AUDIT: AUDITORS,
    Permission.KEEP_INCIDENTS: SECURITY,
}


def reached(role: Role | None, permission: Permission) -> Scope | None:
    """Return how far a role reaches; what strangers may everyone may."""
    reach = TABLE.get(permission, {})
    return reach.get(None) or reach.get(role)


NOT_AT_THE_COUNTER = frozenset(
    {Permission.OWN_ACCOUNT, Permission.ANSWER_ACCESS, Permission.EXPORT_DOSSIER}
)
"""What nobody does for another, even for one who is present.

Passwords, second factors and sessions of an account: whoever typed one for somebody else
would know it, and the clerk's own account is not the worker's to see. Consent to a third
party is the person's own to give (PIPL, article 23). A whole dossier as files has no place
on the office's computer; a transcript can be printed.
"""


def scope_of(actor: Actor | None, permission: Permission) -> Scope | None:
    """Return how far an actor reaches with a permission; None when not at all."""
    if actor is None:
        return reached(None, permission)
    narrowed = actor.narrowed_to
    if narrowed is not None and permission not in narrowed:
        return reached(None, permission)
    if actor.visit_id is not None and permission in NOT_AT_THE_COUNTER:
        return reached(None, permission)
    return reached(actor.role, permission)


def matrix() -> AccessMatrix:
    """Return the whole table, every permission with every role."""
    return AccessMatrix(
        permissions=tuple(
            PermissionLine(
                permission=one,
                strangers=None in TABLE.get(one, {}),
                roles={role: reached(role, one) for role in Role},
            )
            for one in Permission
        )
    )
