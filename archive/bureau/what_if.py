"""What-if: a draft of rules tried over all dossiers. Nothing is written.

The draft passes the checks that publishing makes; then everyone's outcomes are loaded once
and judged by the law that binds and by the draft (``credit_bank.simulation``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from archive.bureau.rule_keys import keyed
from archive.bureau.what_if_ages import age_groups
from archive.bureau.what_if_changed import Changed
from archive.bureau.what_if_report import Labels, Trial, report_of
from archive.db import Database
from archive.people.models import Organisation
from credit_bank import publishing
from credit_bank.errors import RuleFileError
from credit_bank.models import RuleVersion
from credit_bank.rule_files import parse, read_content
from credit_bank.rulebook import RuleBook, book_of, refuse_gaps
from credit_bank.simulation import simulate
from credit_bank.simulation_judging import Books, givers, kins
from credit_bank.simulation_loading import load
from schemas.what_if import Stage, WhatIfReport

Tell = Callable[[Stage, int, int], None]
"""Called with the stage, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Found:
    """What a trial found: for everyone to read, and for whom it changes what, for the bureau."""

    report: WhatIfReport
    changed: Changed


def what_if(
    archive: Database, content: bytes, file: str, *, on: date, by_age: bool, tell: Tell
) -> Found:
    """Try the rules of a file over all dossiers; levels and ages are told as of ``on``.

    Raises RuleFileError, RuleChangedError, RuleAlreadyPublishedError,
    UnknownOrganisationError.
    """
    with archive.reading() as session:
        fresh, books = drafted(session, content, file)
        population = load(
            session,
            on=on,
            givers=givers(books),
            kins=kins(books),
            progress=_at(tell, Stage.LOADING),
        )
        labels = _labels(session, Labels(population), on, _at(tell, Stage.OPENING), by_age=by_age)
    found = simulate(population, books, progress=_at(tell, Stage.JUDGING))
    trial = Trial(file, on, tuple(parse(body, file) for body in fresh), books, found)
    return Found(report_of(trial, labels), Changed.of(population, books, found))


def drafted(session: Session, content: bytes, file: str) -> tuple[list[bytes], Books]:
    """Return the new rules of a file, and the books with all of them and with each alone.

    Raises as ``what_if``.
    """
    bodies = keyed(session, read_content(content, file))
    publishing.refuse_known(session, bodies)
    fresh = publishing.check(session, bodies, file)
    published = tuple(
        session.exec(
            select(RuleVersion.body).order_by(
                col(RuleVersion.published_at), col(RuleVersion.rule_id)
            )
        )
    )
    together = book_of((*published, *fresh))
    alone = [together] if len(fresh) == 1 else [_alone(published, body) for body in fresh]
    return fresh, Books(book_of(published), together, alone)


def _alone(published: Sequence[bytes], body: bytes) -> RuleBook | None:
    """Return the law with one change in it; None when it could not be published alone."""
    try:
        book = book_of((*published, body))
        refuse_gaps(book, publishing.shipped_terms())
    except RuleFileError:
        return None
    return book


def _labels(
    session: Session,
    labels: Labels,
    on: date,
    progress: Callable[[int, int], None],
    *,
    by_age: bool,
) -> Labels:
    labels.organisations = {str(one.id): one for one in session.exec(select(Organisation))}
    if by_age:
        workers = labels.population.workers
        labels.ages = age_groups(session, workers, on=on, progress=progress)
    return labels


def _at(tell: Tell, stage: Stage) -> Callable[[int, int], None]:
    return lambda done, of: tell(stage, done, of)
