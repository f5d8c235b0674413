"""Fixtures: an archive on each database, migrated once and copied for every test.

PostgreSQL is started by the run itself, on a socket in a folder of its own.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from sqlmodel import Session

from archive.db import Database
from archive.migrations.running import upgrade
from archive.people.opening import open_archive
from archive.settings import Settings
from tests.builders import NOW
from tests.leaks import numbers_in, numbers_in_tables, numbers_under
from tests.postgres import Cluster, quick_place

if TYPE_CHECKING:
    from tests.doors import Door

BACKENDS = ("sqlite", "postgresql")
_SOCKET = "SKILLS_ARCHIVE_TEST_POSTGRES"


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for the whole run, before its processes are made.

    What hypothesis tries is the same in every run, so that a failure is not lost.
    """
    hypothesis.settings.register_profile("archive", derandomize=True, deadline=None)
    hypothesis.settings.load_profile("archive")
    if hasattr(config, "workerinput"):
        return
    place = quick_place()
    if place:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", place)
    cluster = Cluster.start(place)
    os.environ[_SOCKET] = cluster.address
    config.add_cleanup(cluster.stop)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test in whose logs an identity number stands, whatever else it is about."""
    report = yield
    leaked = numbers_in((report.capstderr + report.caplog).encode())
    if leaked and report.outcome == "passed":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} wrote identity numbers to its log: {sorted(leaked)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell by which seeds lives were made up, whether they passed or failed."""
    reports = [
        one for outcome in ("passed", "failed") for one in terminalreporter.getreports(outcome)
    ]
    told = [
        f"{report.outcome}: {value}"
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == "seed"
    ]
    if told:
        terminalreporter.section("seeds")
        terminalreporter.write_line("\n".join(sorted(told)))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home folder with both databases at this version."""
    home = tmp_path_factory.mktemp("migrated")
    archive = open_archive(Settings(home=home, demo=False))
    upgrade(archive, now=NOW)
    _close(archive)
    return home


@pytest.fixture(scope="session")
def migrated_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the name of a PostgreSQL database at this version, to be copied."""
    name = f"template_{uuid4().hex[:12]}"
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}"')
    home = tmp_path_factory.mktemp("template")
    archive = open_archive(Settings(home=home, database_url=_url(name), demo=False))
    upgrade(archive, now=NOW)
    _close(archive)
    yield name
    with _server() as server:
        server.execute(f'DROP DATABASE "{name}"')


@pytest.fixture
def home(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """Return a home folder of the test's own, at this version."""
    own = tmp_path / "var"
    shutil.copytree(migrated_sqlite, own)
    return own


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Return on which database a test runs; it runs on each."""
    name: str = request.param
    return name


@pytest.fixture
def settings(request: pytest.FixtureRequest, backend: str, home: Path) -> Iterator[Settings]:
    """Return settings of an empty archive at this version, on each database."""
    with _settings_of(request, backend, home) as own:
        yield own


@contextmanager
def _settings_of(request: pytest.FixtureRequest, backend: str, home: Path) -> Iterator[Settings]:
    if backend == "sqlite":
        yield Settings(home=home, demo=False)
        assert numbers_under(home) == {}
        return
    template = request.getfixturevalue("migrated_postgres")
    name = f"test_{uuid4().hex[:12]}"
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield Settings(home=home, database_url=_url(name), demo=False)
    leaked = numbers_in_tables(_url(name))
    with _server() as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert leaked == {}


@pytest.fixture
def archive(settings: Settings) -> Iterator[Database]:
    """Return an empty archive at this version, on each database."""
    opened = open_archive(settings)
    yield opened
    _close(opened)


@pytest.fixture
def sqlite_settings(home: Path) -> Iterator[Settings]:
    """Return settings of an empty archive on SQLite, where the database does not matter."""
    yield Settings(home=home, demo=False)
    assert numbers_under(home) == {}


@pytest.fixture
def sqlite_archive(sqlite_settings: Settings) -> Iterator[Database]:
    """Return an empty archive on SQLite, where the database does not matter."""
    opened = open_archive(sqlite_settings)
    yield opened
    _close(opened)


@pytest.fixture(scope="session")
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[Callable[[str], Database]]:
    """Return what opens the archive, one a database, of all tests whose work is rolled back."""
    with ExitStack() as opened:

        @cache
        def shared_on(backend: str) -> Database:
            home = tmp_path_factory.mktemp("shared") / "var"
            shutil.copytree(migrated_sqlite, home)
            archive = open_archive(opened.enter_context(_settings_of(request, backend, home)))
            opened.callback(_close, archive)
            return archive

        yield shared_on


@pytest.fixture
def session(
    request: pytest.FixtureRequest, backend: str, shared: Callable[[str], Database]
) -> Iterator[Session]:
    """Return a writing session whose work is rolled back.

    It is on the test's own archive where the test has one.
    """
    has_own = "archive" in request.fixturenames
    archive = request.getfixturevalue("archive") if has_own else shared(backend)

    class UndoneError(Exception):
        pass

    try:
        with archive.transaction() as opened:
            yield opened
            raise UndoneError  # noqa: TRY301  # The only way to roll back from inside.
    except UndoneError:
        pass


@pytest.fixture
def door(sqlite_settings: Settings) -> Iterator["Door"]:
    """Return the web door of a small archive on SQLite, where the database does not matter."""
    yield from _opened_door(sqlite_settings)


@pytest.fixture
def either_door(settings: Settings) -> Iterator["Door"]:
    """Return the web door of a small archive, on each database."""
    yield from _opened_door(settings)


def _opened_door(settings: Settings) -> Iterator["Door"]:
    from tests.doors import a_door  # noqa: PLC0415  # Only needed by tests of the web.

    opened = a_door(settings)
    yield opened
    opened.house.close()


def _close(archive: Database) -> None:
    from archive.people.privacy import vault_of  # noqa: PLC0415  # Only needed at the end.

    vault_of(archive).store.close()
    archive.close()


def _url(name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={os.environ[_SOCKET]}"


def _server() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=os.environ[_SOCKET], user="postgres", dbname="postgres", autocommit=True
    )
