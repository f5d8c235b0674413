"""Rules: in force on a day, their history and differences, drafts, and why an entry is."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile, status

from archive.bureau import rules_desk
from archive.bureau.explaining import explain
from archive.bureau.rule_references import compared
from archive.bureau.rule_views import history, rules_on
from archive.people.approvals import ProposalView
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import DossierReader, Reader, RuleProposer
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.uploading import read_upload
from schemas.outputs import RuleList
from schemas.rules import EntryExplanation, RuleDraft, RuleHistory, RulesCompared
from schemas.vocabulary import Family

router = APIRouter(responses=PROBLEMS)
RuleFile = Annotated[UploadFile | None, File(description="A TOML file of one family.")]
Side = Annotated[str, Query(description="A rule's id, its version or its beginning, or a day.")]


@router.get("/api/v1/rules", tags=["Rules"])
def rules(
    _asker: Reader,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
    on: Annotated[date | None, Query(description="Left out, today.")] = None,
    known_on: Annotated[
        date | None, Query(description="As published until the end of this day.")
    ] = None,
) -> RuleList:
    """Return the rules in force on a day, each with its legal source."""
    return rules_on(session, on or today, known_on=known_on, zone=house.settings.zone)


@router.get("/api/v1/rules/diff", tags=["Rules"])
def diff(_asker: Reader, session: ReadingDep, first: Side, second: Side) -> RulesCompared:
    """Return what differs between two rules, versions or days."""
    return compared(session, first, second)


@router.get("/api/v1/rules/history/{family}", tags=["Rules"])
def rule_history(family: Family, _asker: RuleProposer, session: ReadingDep) -> RuleHistory:
    """Return every rule of a family that was ever published, and by which proposal."""
    return history(session, family)


@router.post("/api/v1/rules/drafts", tags=["Rules"])
def draft(_asker: RuleProposer, session: ReadingDep, file: RuleFile = None) -> RuleDraft:
    """Check a rule file and return what it would change; nothing is written."""
    name, content = read_upload(file)
    return rules_desk.draft(session, content, name)


@router.post("/api/v1/rules/proposals", tags=["Rules"], status_code=status.HTTP_201_CREATED)
def propose(
    asker: RuleProposer, session: SessionDep, now: Now, file: RuleFile = None
) -> ProposalView:
    """Propose to publish the rules of a file; a second person answers."""
    name, content = read_upload(file)
    return rules_desk.propose_content(session, content, name, by=asker.actor, now=now)


@router.get("/api/v1/entries/{entry}/explanation", tags=["Dossiers"])
def explanation(
    entry: str, asker: DossierReader, session: ReadingDep, today: Today
) -> EntryExplanation:
    """Return why an entry of a credit account is: the bureau any, a worker the own."""
    return explain(session, entry, today=today, by=asker.actor)
