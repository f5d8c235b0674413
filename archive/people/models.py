"""Tables of people: workers, organisations, accounts, sessions, approvals, look-ups.

No name and no number of a person stands here in clear: those are sealed records of the
dossier, found through ``BlindIndex``.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.columns import WORD, UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.keys import KeyState
from schemas.vocabulary import OrganisationKind, Permission, Role


def permissions_in(scopes: str | None) -> frozenset[Permission] | None:
    """Return the permissions that a column names by spaces; None when it narrows nothing."""
    return None if scopes is None else frozenset(Permission(one) for one in scopes.split())


class Worker(SQLModel, table=True):
    """A person with a dossier, known here only by pseudonyms."""

    worker_id: UUID = Field(primary_key=True)
    archive_number: str
    is_demo: bool = False
    created_at: datetime = Field(sa_type=UtcTime)


class StreetOf(SQLModel, table=True):
    """To which street office a dossier belongs: its clerks see it, others' do not."""

    __tablename__ = "street_of"
    __table_args__: ClassVar[dict[str, object]] = {"info": {"forgotten": True}}

    worker_id: UUID = Field(primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    since: datetime = Field(sa_type=UtcTime)


class Merger(SQLModel, table=True):
    """A dossier that was closed, for another of the same person goes on.

    What was carried stands in the chains of both; this leads from one to the other.
    """

    __table_args__ = (Index("ix_merger_into", "into_id"), {"info": {"append_only": True}})

    worker_id: UUID = Field(primary_key=True)
    """Whose dossier was closed."""
    into_id: UUID
    """The worker whose dossier goes on."""
    proposal_id: UUID | None = None
    evidence: bytes = Field(sa_type=LargeBinary)
    """SHA-256 of the scan that shows that both are one person."""
    merged_at: datetime = Field(sa_type=UtcTime)


class BlindIndex(SQLModel, table=True):
    """Finds a worker (and a row of the worker's) by the keyed digest of a secret value.

    Each purpose has digests of its own, so that equal values in two purposes do not meet.
    """

    __tablename__ = "blind_index"
    __table_args__ = (Index("ix_blind_index_worker", "worker_id"),)

    purpose: str = Field(primary_key=True, sa_type=WORD)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    worker_id: UUID
    subject_id: UUID
    version: int
    """Of the key that made the digest; ``IndexVersion`` tells which are looked up under."""


class IndexVersion(SQLModel, table=True):
    """A version of the key of look-ups, and what it is for.

    It stands beside the rows that it digested, not with the key in the key store, so that
    whoever looks up sees both at one moment.
    """

    __tablename__ = "index_version"
    __table_args__ = (one_of("state", KeyState),)

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: KeyState = Field(sa_type=Word(KeyState))


class Organisation(SQLModel, table=True):
    """A body that posts records, employs people or runs the archive."""

    __table_args__ = (one_of("kind", OrganisationKind),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name: str
    name_en: str
    kind: OrganisationKind = Field(sa_type=Word(OrganisationKind))
    credit_code: str | None = Field(default=None, max_length=18)
    street: str | None = None
    is_demo: bool = False
    created_at: datetime = Field(sa_type=UtcTime)


class Scheme(SQLModel, table=True):
    """Another credit bank: a party of agreements that is no organisation of this archive."""

    code: str = Field(primary_key=True, max_length=40)
    name: str
    name_en: str
    created_at: datetime = Field(sa_type=UtcTime)


class Account(SQLModel, table=True):
    """Someone who can sign in, or act on the command line, in one role."""

    __table_args__ = (one_of("role", Role),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True, max_length=60)
    role: Role = Field(sa_type=Word(Role))
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    worker_id: UUID | None = Field(default=None, index=True)
    password_hash: str | None = None
    password_until: datetime | None = Field(default=None, sa_type=UtcTime)
    """Until when a password signs in that another has made; None for one of the own choice."""
    is_active: bool = True
    is_demo: bool = False
    scopes: str | None = None
    """The permissions of a program's key, by spaces; None for everyone else."""
    created_at: datetime = Field(sa_type=UtcTime)

    @property
    def narrowed_to(self) -> frozenset[Permission] | None:
        """All that a program's key may do; None for an account that may what its role may."""
        return permissions_in(self.scopes)

    @property
    def visit_id(self) -> None:
        """None: an account by itself stands at no counter."""
        return


class SignIn(SQLModel, table=True):
    """A session of a browser, or a bearer token of a program; only the digest is kept."""

    __tablename__ = "sign_in"

    token_digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    is_bearer: bool = False
    device: str | None = Field(default=None, sa_type=WORD)
    """Family of browser and system, such as ``chrome/windows``; None for a program."""
    created_at: datetime = Field(sa_type=UtcTime)
    seen_at: datetime = Field(sa_type=UtcTime)
    proved_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When the account last proved itself whole; None for a program."""
    scopes: str | None = None
    """What an access token may of all that its key names, by spaces; None for all others."""
    expires_at: datetime = Field(sa_type=UtcTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    visit_id: UUID | None = None
    """The visit to the counter at which the session acts for a worker; see at_counter.py."""
    visit_worker_id: UUID | None = None
    visit_number: str | None = Field(default=None, max_length=14)
    """The worker's archive number, which every page shows meanwhile."""
    visit_until: datetime | None = Field(default=None, sa_type=UtcTime)


class Proposal(SQLModel, table=True):
    """Something that takes effect only when a second person agrees."""

    __table_args__: ClassVar[dict[str, object]] = {"info": {"append_only": True}}

    id: UUID = Field(default_factory=new_id, primary_key=True)
    action: str = Field(sa_type=WORD)
    payload: bytes = Field(sa_type=LargeBinary)
    """Canonical JSON of what is proposed; the action's room reads it."""
    proposed_by: UUID = Field(foreign_key="account.id")
    proposed_at: datetime = Field(sa_type=UtcTime)


class ProposalAnswer(SQLModel, table=True):
    """What the second person said; at most one answer a proposal."""

    __tablename__ = "proposal_answer"
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        {"info": {"append_only": True}},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    proposal_id: UUID = Field(foreign_key="proposal.id")
    is_approved: bool
    reason: str | None = None
    """Why; of a proposal about a person's dossier it stands sealed instead."""
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Why, under the key of the person whom the proposal is about."""
    answered_by: UUID = Field(foreign_key="account.id")
    answered_at: datetime = Field(sa_type=UtcTime)
