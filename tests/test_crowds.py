"""Many organisations post at once: nothing is lost or doubled, and nobody waits long."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlmodel import col, select

from archive.audit.acts import scan
from archive.db import Database
from archive.dossiers import chains
from archive.dossiers.auditing import audit_all
from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.people.privacy import vault_of
from archive.settings import Settings
from schemas.identities import Identity
from schemas.records import Training
from schemas.vocabulary import Role
from tests.builders import an_account, an_organisation, workers
from tests.crowds import Post, Said, all_at_once, post_singly, read_pages

if TYPE_CHECKING:
    from uuid import UUID

FEW = (4, 600)
MANY = (20, 5_000)
A_FEW = 4
"""So many turns of others may pass before one who posts a single record has the own."""


@dataclass
class Crowd:
    """Organisations with trainers, a clerk, and the worker whose records the clerk posts."""

    settings: Settings
    archive: Database
    files: list[Post]
    clerk: Post


@pytest.fixture
def crowd(settings: Settings, archive: Database) -> Crowd:
    """Return a crowd of the size of the test."""
    return a_crowd(settings, archive, *FEW)


def a_crowd(settings: Settings, archive: Database, organisations: int, rows: int) -> Crowd:
    """Return organisations, each with a file of so many rows."""
    with archive.transaction() as session:
        posts = []
        for number in range(organisations):
            whose = an_organisation(session, f"TP{number:02}")
            by = an_account(session, f"trainer{number}", organisation=whose)
            posts.append(Post(settings, whose.id, by.name, number, rows))
        bureau = an_organisation(session, "BUREAU")
        clerk = an_account(session, "clerk", Role.CLERK)
        (worker,) = workers(session, bureau, clerk)
    return Crowd(settings, archive, posts, Post(settings, bureau.id, "clerk", 99, worker_id=worker))


@pytest.mark.slow
def test_files_single_records_and_readers_at_once_lose_and_double_nothing(crowd):
    files, (clerk, reader) = all_at_once(
        crowd.files, [(post_singly, crowd.clerk), (read_pages, crowd.clerk)]
    )

    is_all_there(crowd, files, clerk)
    nobody_waits_long(files, clerk)
    assert reader.works


@pytest.mark.soak
def test_twenty_files_of_five_thousand_rows_at_once(settings, archive):
    crowd = a_crowd(settings, archive, *MANY)

    files, (clerk, reader) = all_at_once(
        crowd.files, [(post_singly, crowd.clerk), (read_pages, crowd.clerk)]
    )

    waits, works = sorted(clerk.waits), sorted(work for one in files for work in one.works)
    pages = sorted(reader.works)
    told = (
        f"{len(works)} steps, the longest {works[-1]:.2f} s; {len(waits)} single records waited "
        f"{waits[len(waits) // 2]:.2f} s (median) to {waits[-1]:.2f} s; {len(pages)} pages took "
        f"{pages[len(pages) // 2]:.2f} s (median) to {pages[-1]:.2f} s"
    )
    print(told)  # noqa: T201  # A soak is watched while it runs.
    is_all_there(crowd, files, clerk)
    assert audit_all(archive, settings).findings == ()
    nobody_waits_long(files, clerk)


def is_all_there(crowd: Crowd, files: list[Said], clerk: Said) -> None:
    """See that each row that was acknowledged is there once, and that all is sound."""
    expected = clerk.written.union(*(one.written for one in files))
    assert Counter(rows_of(crowd.archive)) == Counter(expected)
    with crowd.archive.reading() as session:
        assert chains.verify(session).faults == ()


def nobody_waits_long(files: list[Said], clerk: Said) -> None:
    """See that whoever posts one record waits for few steps of those who post files.

    What a writer of PostgreSQL waits for stands in the time of its turn.
    """
    longest = max(work for one in files for work in one.works)
    waited = [wait + work for wait, work in zip(clerk.waits, clerk.works, strict=True)]
    assert max(waited) < A_FEW * longest, (max(waited), longest)


def rows_of(archive: Database) -> list[tuple[str, str]]:
    """Return whose course each row of all dossiers tells."""
    with archive.reading() as session:
        scan(session)
        rows = session.exec(select(Record).order_by(col(Record.worker_id))).all()
        keys = vault_of(session).keys_of({row.worker_id for row in rows})
    numbers: dict[UUID, str] = {}
    told: list[tuple[UUID, Training]] = []
    for row in rows:
        content = unseal(keys[row.worker_id], row.sealed).content
        if isinstance(content, Identity):
            assert row.worker_id not in numbers
            numbers[row.worker_id] = content.document_number
        elif isinstance(content, Training):
            told.append((row.worker_id, content))
    assert len(set(numbers.values())) == len(numbers)
    return [
        (str(course.completed_on), course.course_name)
        if course.course_name.startswith("课程")
        else (numbers[whose], course.course_name)
        for whose, course in told
    ]
