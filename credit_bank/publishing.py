"""Publishing rules: from files into the append-only table that alone is evaluated."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from credit_bank.agreements import refuse_agreements
from credit_bank.errors import RuleAlreadyPublishedError, RuleChangedError, RuleFileError
from credit_bank.examples import refuse_failing
from credit_bank.families import AgreementRule
from credit_bank.families.repeal import Repeal
from credit_bank.models import RuleVersion
from credit_bank.rule_files import SHIPPED, Law, Term, parse, read_file, term_of, version_of
from credit_bank.rule_refusals import RepealTooLateError
from credit_bank.rulebook import RuleBook, book_of, refuse_gaps
from schemas.vocabulary import Family

_LOCK = 20_220_917  # A number that nobody else locks.


def rule_book(session: Session, *, known_at: datetime | None = None) -> RuleBook:
    """Return the published rules, or those that were published at a moment.

    Parsed once per process and set of versions.
    """
    return book_of(tuple(_bodies(session, known_at)))


def publication_times(session: Session) -> dict[str, datetime]:
    """Return when each rule and each repeal was published, by its id."""
    return dict(session.exec(select(RuleVersion.rule_id, RuleVersion.published_at)).all())


def hold_rules(session: Session) -> None:
    """Let no rule be published until this transaction ends.

    Whoever settles a ledger calls it before anything is read or locked: else a rule that
    reaches back could pass over what is deposited in the same moment.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock_shared(_LOCK)))


def change_rules(session: Session) -> None:
    """Let nobody settle a ledger, and nobody else publish, until this transaction ends.

    For whatever binds every worker: a rule that reaches back, a decision on an issuer. Two
    rules, each right alone, may contradict together. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(_LOCK)))


def check_files(paths: list[Path], published: tuple[bytes, ...] = ()) -> RuleBook:
    """Return the book that the files (with what is published) make, after every check.

    Raises RuleFileError for the first contradiction: an unreadable file, an unknown unit, a
    failing example, two rules in force on one day, a gap inside a family's term; and
    RuleChangedError when a published id comes with other words.
    """
    fresh = [one for path in paths for one in _fresh(read_file(path), published, path.name)]
    with _naming(paths[0].name if len(paths) == 1 else None):
        return _whole((*published, *fresh), fresh)


def shipped_files() -> list[Path]:
    """Return the rule files that come with this version."""
    return sorted(SHIPPED.glob("*.toml"))


def shipped_terms() -> dict[Family, Term]:
    """Return the term that each family promises to cover without gaps."""
    terms = {Family(path.stem): term_of(path) for path in shipped_files()}
    return {family: term for family, term in terms.items() if term}


def check(session: Session, bodies: list[bytes], file: str | None = None) -> list[bytes]:
    """Return those rules that are new, after every check against what is published.

    ``file`` is named in refusals, when it is known. Raises RuleChangedError when a
    published id comes with other words, RuleFileError when an example fails or the whole
    would contradict itself.
    """
    before = tuple(_bodies(session))
    fresh = _fresh(bodies, before, file)
    with _naming(file):
        _whole((*before, *fresh), fresh)
    return fresh


def publish(session: Session, bodies: list[bytes], *, now: datetime) -> list[str]:
    """Append rules to what is published and return the ids of those that are new.

    Raises what ``check`` raises; then nothing is written.
    """
    change_rules(session)
    fresh = check(session, bodies)
    if fresh:
        session.exec(insert(RuleVersion), params=[_row(body, now) for body in fresh])
    return [parse(body, "draft").id for body in fresh]


def ship(session: Session, *, now: datetime) -> list[str]:
    """Publish the shipped rules that are not published yet; refuse changed ones."""
    return publish(session, [b for path in shipped_files() for b in read_file(path)], now=now)


def refuse_known(session: Session, bodies: list[bytes]) -> None:
    """Raise RuleAlreadyPublishedError when none of the rules is new."""
    known = {version_of(body) for body in _bodies(session)}
    if all(version_of(body) in known for body in bodies):
        raise RuleAlreadyPublishedError(rule=parse(bodies[0], "draft").id)


def _fresh(bodies: list[bytes], published: Sequence[bytes], file: str | None) -> list[bytes]:
    """Return the bodies that are not published yet, each of them with its examples run."""
    known = {parse(body, "rule_version").id: body for body in published}
    for body in bodies:
        law = parse(body, "draft")
        if known.get(law.id, body) != body:
            raise RuleChangedError(rule=law.id)
        if law.id not in known and not isinstance(law, Repeal):
            refuse_failing(law, file)
    return [body for body in bodies if parse(body, "draft").id not in known]


@contextmanager
def _naming(file: str | None) -> Iterator[None]:
    """Name the file that was sent in a refusal that knows the rule's family only."""
    try:
        yield
    except RuleFileError as refused:
        if file is None or "file" not in refused.facts:
            raise
        raise type(refused)(**{**refused.facts, "file": file}) from None


def _whole(bodies: tuple[bytes, ...], fresh: Sequence[bytes]) -> RuleBook:
    """Return the book of all rules; raises RuleFileError when they contradict each other."""
    book = book_of(bodies)
    refuse_gaps(book, shipped_terms())
    laws = [parse(body, "draft") for body in fresh]
    for law in laws:
        _refuse_idle(law, book)
    refuse_agreements([law for law in laws if isinstance(law, AgreementRule)], book)
    return book


def _refuse_idle(law: Law, book: RuleBook) -> None:
    """Raise RepealTooLateError for a new repeal that ends nothing."""
    if not isinstance(law, Repeal):
        return
    ended = book.named(law.repeals)
    if ended is None or ended.repealed_by != law:
        raise RepealTooLateError(
            file=f"{law.family}.toml", rule=law.id, repealed=law.repeals, day=law.in_force_from
        )


def _bodies(session: Session, known_at: datetime | None = None) -> list[bytes]:
    query = select(RuleVersion.body).order_by(
        col(RuleVersion.published_at), col(RuleVersion.rule_id)
    )
    if known_at is not None:
        query = query.where(col(RuleVersion.published_at) <= known_at)
    return list(session.exec(query))


def _row(body: bytes, now: datetime) -> dict[str, object]:
    rule = parse(body, "draft")
    return {
        "version": version_of(body),
        "rule_id": rule.id,
        "family": rule.family,
        "in_force_from": rule.in_force_from,
        "in_force_until": None if isinstance(rule, Repeal) else rule.in_force_until,
        "published_at": now,
        "body": body,
    }
