"""Requests of organisations for access to a dossier, and what their workers say."""

import re
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from schemas.contracts import Bilingual, Contract, Line
from schemas.dossiers import OrganisationView
from schemas.shares import ShareDays, ShareScope
from schemas.vocabulary import RequestState

_TELLING = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""A mobile telephone or an identity number."""


def _names_nobody(text: str) -> str:
    if _TELLING.search(text.replace("-", "")):
        message = "a reference is kept in clear: no telephone and no identity number"
        raise ValueError(message)
    return text


OwnReference = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,40}$"), AfterValidator(_names_nobody)]


class AccessWanted(Contract):
    """What an organisation wants to see, and what for."""

    purpose: Line
    contact: Line
    """Whom the worker can ask: the law has the recipient tell it (PIPL, art. 23)."""
    scope: ShareScope = ShareScope()
    days: ShareDays = 30
    with_documents: bool = False
    """Whether signed documents of it are wanted besides, which the organisation may keep."""


class AccessAsked(Contract):
    """A request for access, and of whom: an archive number, or an identity number and a name."""

    archive_number: str | None = Field(default=None, max_length=40)
    document_number: str | None = Field(default=None, max_length=40, repr=False)
    name: str | None = Field(default=None, max_length=80, repr=False)
    reference: OwnReference = ""
    """The organisation's own, to tell its requests apart; no name, telephone or identity number."""
    wanted: AccessWanted

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        by_document = bool(self.document_number and self.name)
        if bool(self.archive_number) == by_document:
            message = "give an archive number, or an identity number with the name"
            raise ValueError(message)
        return self


class AccessSent(Contract):
    """That a request was taken; the same whether there is such a person or not."""

    request: UUID
    expires_at: datetime


class RequestLine(Contract):
    """A request as the organisation that made it sees it: nothing of whom it is about."""

    id: UUID
    reference: str
    state: RequestState
    asked_at: datetime
    asked_by: str
    expires_at: datetime
    """Until when an answer is waited for; once granted, until when the access lasts."""
    with_documents: bool = False
    """Whether the consent that was given is one to signed documents, too."""


class RequestLines(Contract):
    """An organisation's requests, the newest first."""

    requests: tuple[RequestLine, ...]


class RequestView(Contract):
    """A request as the worker sees it who is asked."""

    id: UUID
    organisation: OrganisationView
    purpose: str
    contact: str
    wanted: ShareScope
    days: int
    with_documents: bool = False
    """Whether signed documents are wanted besides."""
    state: RequestState
    asked_at: datetime
    expires_at: datetime
    granted: ShareScope | None
    """What was granted; None while nothing is."""
    granted_documents: bool = False
    """Whether signed documents were granted, too."""
    words: Bilingual | None
    """What the worker agreed to, word for word."""
    text_version: str | None


class RequestList(Contract):
    """The requests that a worker got, the newest first."""

    archive_number: str
    requests: tuple[RequestView, ...]


class GrantAsked(Contract):
    """What a worker grants: never more than was asked for."""

    scope: ShareScope = ShareScope(with_credits=True, with_levels=True)
    """Narrows what was asked for; as it stands it leaves that as it is."""
    days: ShareDays = 30
    with_documents: bool = False
    """Whether signed documents may be made of it, too; only where they were asked for."""
    agrees: bool = False
    """The separate consent, given for this one recipient and purpose."""
