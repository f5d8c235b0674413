"""Lists of records that programs post, answered item by item."""

from functools import cache, partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status

from archive.dossiers.programs import batches
from archive.dossiers.programs.batch_splitting import BatchForm
from archive.dossiers.programs.batches import Terms
from archive.web.api.asked import PROBLEMS, organisation_for
from archive.web.audiences import RecordPoster
from archive.web.batch_body import IdempotencyKey, PostedBatchDep
from archive.web.deps import HouseDep, LanguageDep, Now, Today
from archive.web.field_faults import faults_in
from archive.web.statuses import status_of
from schemas.batches import (
    BatchAnswer,
    BatchMode,
    BatchReport,
    ItemAnswer,
    ItemFinding,
    ItemProblem,
    ItemResult,
    PostedItem,
)
from schemas.refusals import all_refusals
from schemas.vocabulary import Language, Severity

router = APIRouter(responses=PROBLEMS)

_LIST = {"type": "array", "minItems": 1, "items": PostedItem.model_json_schema()}
_LINES = {"type": "string", "description": "One item a line."}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            BatchForm.LIST.value: {"schema": _LIST},
            BatchForm.LINES.value: {"schema": _LINES},
        },
    }
}
_WRITTEN: dict[int | str, dict[str, Any]] = {
    201: {"model": BatchAnswer, "description": "Records were written."}
}


@router.post("/api/v1/records/batch", tags=["Records"], responses=_WRITTEN, openapi_extra=_BODY)
def post(
    *,
    asker: RecordPoster,
    batch: PostedBatchDep,
    house: HouseDep,
    now: Now,
    today: Today,
    language: LanguageDep,
    response: Response,
    key: IdempotencyKey = None,
    organisation: Annotated[
        str | None, Query(description="Code; left out, the account's own organisation.")
    ] = None,
    mode: Annotated[
        BatchMode,
        Query(description="What is written when items are faulty: the good ones, or all or none."),
    ] = "good",
    commit: Annotated[bool, Query(description="With false nothing is written.")] = True,
) -> BatchAnswer:
    """Post a list of records of people, each judged as a row of a file; see the guide."""
    terms, by = Terms(mode, key), asker.actor
    told = partial(_told, response=response, language=language)
    if not commit:
        with house.archive.reading() as session:
            whose = organisation_for(session, organisation, asker)
            return told(
                batches.check(session, batch, whose, terms, faults=faults_in, by=by, today=today)
            )
    with house.archive.transaction() as session:
        whose = organisation_for(session, organisation, asker)
        return told(
            batches.commit(
                session, batch, whose, terms, faults=faults_in, by=by, now=now, today=today
            )
        )


def _told(report: BatchReport, *, response: Response, language: Language) -> BatchAnswer:
    """Return the answer to a report, each faulty item with its problem."""
    if report.written:
        response.status_code = status.HTTP_201_CREATED
    if report.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    items = tuple(_with_problem(one, language) for one in report.items)
    return BatchAnswer(**{**dict(report), "items": items})


def _with_problem(result: ItemResult, language: Language) -> ItemAnswer:
    errors = (one for one in result.findings if one.severity is Severity.ERROR)
    first = next(errors, None)
    return ItemAnswer(**dict(result), problem=_problem(first, language) if first else None)


def _problem(finding: ItemFinding, language: Language) -> ItemProblem:
    return ItemProblem(
        type=f"/problems#{finding.code}",
        title=finding.code.replace("_", " ").capitalize(),
        status=_statuses().get(finding.code, status.HTTP_422_UNPROCESSABLE_CONTENT),
        detail=finding.message.zh if language is Language.CHINESE else finding.message.en,
        code=finding.code,
        messages=finding.message,
        pointer=finding.pointer,
    )


@cache
def _statuses() -> dict[str, int]:
    """Return the status of every refusal, by its code."""
    return {one.code: found for one in all_refusals() if (found := status_of(one))}
