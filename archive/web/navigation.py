"""Where each role begins, and what stands in its navigation."""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.people.models import Account
from schemas.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation; ``label`` is a message id of the web catalogue."""

    path: str
    label: str


_VERIFY = Entry("/verify", "Verify a transcript")
_ACCESS = Entry("/organisation/access", "Access to dossiers")
_AGREEMENTS = Entry("/agreements/desk", "Mutual recognition")
_DECLARED = "/declarations"
_STAFF = Entry("/organisation/staff", "Staff")
_KEYS = Entry("/organisation/keys", "Keys")
_RECEIVING = (
    Entry("/organisation/applications", "Applications"),
    Entry("/organisation/offers", "What we offer"),
)
_WORKER = (
    Entry("/me", "My dossier"),
    Entry("/me/statement", "Credit statement"),
    Entry("/me/documents", "My documents"),
    Entry("/me/credits", "Use credits"),
    Entry("/me/eligibility", "Levels to apply for"),
    Entry("/me/corrections", "Corrections and additions"),
    Entry("/me/access", "Who looked"),
    Entry("/me/privacy", "Personal information"),
    Entry("/me/shares", "Share"),
    Entry("/me/visits", "Done at the counter"),
    _VERIFY,
)
_POSTING = (
    Entry("/trainer/intake", "Post records"),
    Entry("/trainer/records", "What we posted"),
    Entry("/trainer/courses", "Courses"),
    Entry("/trainer/classes", "Classes"),
    Entry("/organisation/documents", "Documents for many"),
    Entry("/trainer/accreditations", "What we may post"),
    Entry("/trainer/platforms", "Course platforms"),
)
_TRAINER = (
    *_POSTING,
    *_RECEIVING,
    _ACCESS,
    _AGREEMENTS,
    Entry("/trainer/cases", "Requests of workers"),
    Entry("/trainer/appeals", "Appeals"),
    _VERIFY,
)
_EMPLOYER = (
    Entry("/employer", "Verify a transcript"),
    _ACCESS,
    Entry("/organisation/documents", "Documents for many"),
    *_RECEIVING,
    _AGREEMENTS,
)
_BUREAU = (
    Entry("/bureau/records", "Dossiers"),
    Entry("/counter", "Counter"),
    Entry("/bureau/organisations", "Organisations"),
    Entry("/bureau/classes", "Classes"),
    Entry("/bureau/redemptions", "Use of credits"),
    Entry("/organisation/documents", "Documents for many"),
    Entry("/bureau/cases", "Cases"),
    Entry("/bureau/requests", "Requests about personal information"),
    Entry("/bureau/rules", "Rules"),
    Entry("/organisation/platforms", "Course platforms"),
    _AGREEMENTS,
    Entry("/bureau/approvals", "Approvals"),
    _VERIFY,
)
_DEPARTMENT = (
    *_POSTING,
    _ACCESS,
    Entry("/trainer/cases", "Requests of workers"),
    Entry("/trainer/appeals", "Appeals"),
    _VERIFY,
)
_STREET = (Entry("/bureau/records", "Dossiers"), Entry("/counter", "Counter"), _VERIFY)
_ADMINISTRATOR = (
    Entry("/admin/accounts", "Accounts"),
    Entry("/admin/organisations", "Organisations"),
    _VERIFY,
)
_SECURITY = (
    Entry("/security", "Accounts"),
    Entry("/security/proposals", "Approvals"),
    Entry("/organisation/keys", "Keys"),
    Entry("/security/incidents", "Incidents"),
    _VERIFY,
)
_AUDITOR = (Entry("/audit", "Audit"), Entry("/audit/seals", "Seals"), _VERIFY)
_OF_ROLE: dict[Role, tuple[Entry, ...]] = {
    Role.WORKER: _WORKER,
    Role.TRAINER: _TRAINER,
    Role.EMPLOYER: _EMPLOYER,
    Role.TRAINER_ADMINISTRATOR: (*_TRAINER, _STAFF, _KEYS),
    Role.EMPLOYER_ADMINISTRATOR: (*_EMPLOYER, _STAFF, _KEYS),
    Role.DEPARTMENT_CLERK: _DEPARTMENT,
    Role.STREET_CLERK: _STREET,
    Role.CLERK: _BUREAU,
    Role.APPROVER: _BUREAU,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR: _SECURITY,
    Role.AUDIT_ADMINISTRATOR: _AUDITOR,
    Role.CONSOLE: (),
}


def entries_for(role: Role | None) -> tuple[Entry, ...]:
    """Return the navigation of a role; a stranger can verify and look for courses."""
    return (_VERIFY, Entry("/courses", "Courses")) if role is None else _OF_ROLE[role]


def onward(account: Account, goal: str) -> str:
    """Return where a sign-in leads: to a password of the own, where another has made it."""
    if account.password_until is not None:
        return "/account"
    return goal or home_of(account.role)


def home_of(role: Role) -> str:
    """Return the page on which a role begins."""
    return _OF_ROLE[role][0].path


def section_of(path: str, entries: Iterable[Entry]) -> str | None:
    """Return the entry whose section a page belongs to; of two the nearer one.

    What is declared stands beside the requests, for the bureau as for organisations.
    """
    entries = tuple(entries)
    if path == _DECLARED or path.startswith(f"{_DECLARED}/"):
        return next((one.path for one in entries if one.path.endswith("/cases")), None)
    found = [one.path for one in entries if path == one.path or path.startswith(f"{one.path}/")]
    return max(found, key=len, default=None)
