"""Pages of the bureau about rules: in force on a day, a family's history, drafts of new ones."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile, status
from fastapi.responses import RedirectResponse

from archive.bureau import rules_desk
from archive.bureau.rule_views import book_known_on, history, unset_views
from archive.errors import UnknownOrganisationError
from archive.texts import term
from archive.web.audiences import RuleProposer
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from archive.web.refusals import PageUnknownError
from archive.web.statuses import status_of_form
from archive.web.uploading import read_upload
from credit_bank.errors import RuleAlreadyPublishedError, RuleChangedError, RuleFileError
from credit_bank.rulebook import PublishedRule
from schemas.rules import RuleChange, RuleDifference
from schemas.vocabulary import Family, Language

router = APIRouter(include_in_schema=False)

_RULES = "/bureau/rules"
_DRAFT = "/bureau/rules/draft"
REFUSED = (
    RuleFileError,
    RuleChangedError,
    RuleAlreadyPublishedError,
    UnknownOrganisationError,
)
"""What is wrong with a draft is told on its own page."""


@router.get(_RULES)
def rules(  # The page's two days.
    page: PageDep,
    _me: RuleProposer,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
    on: str = "",
    known_on: str = "",
) -> Response:
    """Show the rules in force on a day, as they were published on another if that is asked."""
    day, known = day_of(on) or today, day_of(known_on)
    book = book_known_on(session, known, house.settings.zone)
    return page(
        "bureau/rules.html",
        on=day,
        known_on=known,
        in_force=by_family(book.all_in_force(day)),
        versions={family: len(book.of(family)) for family in Family},
        unset=unset_views(book, day),
    )


@router.get(_DRAFT)
def draft_form(page: PageDep, _me: RuleProposer) -> Response:
    """Show how to propose a rule."""
    return page("bureau/rule_upload.html")


@router.post(_DRAFT)
def upload(
    house: HouseDep,
    me: RuleProposer,
    now: Now,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep a rule file, sealed, and go on to what it would change."""
    name, content = read_upload(file)
    kept = house.uploads.keep(name, content, owner=me.actor.id, note={}, now=now)
    return RedirectResponse(f"{_DRAFT}/{kept}", status.HTTP_303_SEE_OTHER)


@router.get(_DRAFT + "/{upload_id}")
def draft(
    upload_id: UUID, page: PageDep, house: HouseDep, me: RuleProposer, session: ReadingDep, now: Now
) -> Response:
    """Show whether a rule file stands up to every check, and what it would change."""
    kept = house.uploads.get(upload_id, owner=me.actor.id, now=now)
    try:
        found = rules_desk.draft(session, kept.content, kept.name)
    except REFUSED as refusal:
        refused = status_of_form(refusal)
        return page("bureau/rule_draft.html", refused, upload=kept, draft=None, refusal=refusal)
    return page(
        "bureau/rule_draft.html",
        upload=kept,
        draft=found,
        refusal=None,
        changed=in_words(found.differences, page.language),
    )


@router.post(_DRAFT + "/{upload_id}")
def propose(
    upload_id: UUID, house: HouseDep, me: RuleProposer, session: SessionDep, now: Now
) -> Response:
    """Put a rule file before a second person."""
    kept = house.uploads.get(upload_id, owner=me.actor.id, now=now)
    rules_desk.propose_content(session, kept.content, kept.name, by=me.actor, now=now)
    return RedirectResponse("/bureau/approvals", status.HTTP_303_SEE_OTHER)


@router.post(_DRAFT + "/{upload_id}/discard")
def discard(upload_id: UUID, house: HouseDep, me: RuleProposer, now: Now) -> Response:
    """Remove a rule file that is not wanted."""
    house.uploads.get(upload_id, owner=me.actor.id, now=now)
    house.uploads.remove(upload_id)
    return RedirectResponse(_DRAFT, status.HTTP_303_SEE_OTHER)


@router.get(_RULES + "/{family}")
def of_family(family: str, page: PageDep, _me: RuleProposer, session: ReadingDep) -> Response:
    """Show every rule of a family that was ever published: by whom, when, in force from when."""
    wanted = next((one for one in Family if one == family), None)
    if wanted is None:
        raise PageUnknownError
    return page("bureau/rule_history.html", history=history(session, wanted))


def by_family(found: Iterable[PublishedRule]) -> Mapping[Family, list[PublishedRule]]:
    """Return rules by their families, also of those that have none."""
    sorted_in: dict[Family, list[PublishedRule]] = {family: [] for family in Family}
    for one in found:
        sorted_in[one.rule.family].append(one)
    return sorted_in


def in_words(differences: Iterable[RuleDifference], language: Language) -> list[dict[str, object]]:
    """Return differences with the names of their values in words, examples apart."""
    return [
        {
            "family": one.family,
            "before": one.before,
            "after": one.after,
            "values": [_named(change, language) for change in one.changes if _is_value(change)],
            "examples": [
                _named(change, language) for change in one.changes if not _is_value(change)
            ],
        }
        for one in differences
    ]


def day_of(text: str) -> date | None:
    """Return a day of an address; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_value(change: RuleChange) -> bool:
    return not change.field.startswith("example.")


def _named(change: RuleChange, language: Language) -> dict[str, str | None]:
    """Return a change with its field in words; a part that has none stays as it is."""
    parts = [_word(part, language) for part in change.field.split(".")]
    return {
        "field": change.field,
        "name": " · ".join(parts),
        "before": change.before,
        "after": change.after,
    }


def _word(part: str, language: Language) -> str:
    told = term(f"rule_field.{part}", language)
    return part if told == f"rule_field.{part}" else told
