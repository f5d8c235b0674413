"""Who is asking, which organisations there are, which dossiers there are."""

from typing import Annotated

from fastapi import APIRouter, Query

from archive.dossiers.titles import organisation_view
from archive.people import look_ups, organisations, workers
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import DirectoryReader, DossierLister, OwnAccount
from archive.web.deps import ReadingDep
from schemas.outputs import AccountLine, OrganisationList, WorkerLine, WorkerList

router = APIRouter(responses=PROBLEMS)

_MOST = 10_000


@router.get("/api/v1/me", tags=["Session"])
def me(asker: OwnAccount, session: ReadingDep) -> AccountLine:
    """Tell as whom this token or cookie acts."""
    account, organisation = asker.account, asker.organisation
    number = None
    if account.worker_id is not None:
        number = look_ups.worker_known_as(session, account.worker_id).archive_number
    return AccountLine(
        name=account.name,
        role=account.role,
        organisation=organisation.code if organisation else None,
        archive_number=number,
        can_sign_in=account.password_hash is not None,
        is_active=account.is_active,
        is_demo=account.is_demo,
        created_at=account.created_at,
    )


@router.get("/api/v1/organisations", tags=["Organisations"])
def organisation_list(_asker: DirectoryReader, session: ReadingDep) -> OrganisationList:
    """List every organisation, by kind and code."""
    found = organisations.listed(session)
    return OrganisationList(organisations=tuple(organisation_view(one) for one in found))


@router.get("/api/v1/workers", tags=["Dossiers"])
def worker_list(
    _asker: DossierLister,
    session: ReadingDep,
    after: Annotated[str | None, Query(description="The last archive number seen so far.")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 1000,
) -> WorkerList:
    """List dossiers by archive number, in the order in which they were begun."""
    last = look_ups.worker_numbered(session, after).worker_id if after else None
    found = workers.listed(session, after=last, most=limit)
    return WorkerList(
        workers=tuple(
            WorkerLine(
                archive_number=one.archive_number, is_demo=one.is_demo, created_at=one.created_at
            )
            for one in found
        )
    )
