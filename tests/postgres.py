"""A PostgreSQL of the run's own: made in a new folder, reached by a socket, removed at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql")
_OPTIONS = "-c max_connections=200 -c shared_buffers=128MB -c listen_addresses=''"
# Nothing of a test outlives the run, so nothing has to survive a power cut.
_FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=256MB"
_MEMORY = "/dev/shm"  # Folders in it get names that nobody can foresee.
_ENOUGH = 4 * 2**30  # A whole run takes less than half of it.


def quick_place() -> str | None:
    """Return a folder in memory with room for a run, or None: the system's own place then.

    A database that is copied for each test costs a second on a busy disk and 35 ms in memory.
    """
    if Path(_MEMORY).is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        return _MEMORY
    return None


@dataclass(frozen=True)
class Cluster:
    """A running server; ``address`` is the folder of its socket."""

    folder: Path
    address: str

    @classmethod
    def start(cls, place: str | None = None, *, lasts: bool = False) -> "Cluster":
        """Make and start a server; it refuses to run as root, so root hands it to postgres.

        ``place`` is the folder to make it in, the system's own by default; ``lasts`` says that
        a commit waits for the disk, as it does in earnest.
        """
        folder = Path(tempfile.mkdtemp(prefix="skills-archive-pg-", dir=place))
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        _run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} {_OPTIONS} {'' if lasts else _FORGETFUL}"
        log = str(folder / "log")
        _run("pg_ctl", "-D", str(data), "-o", options, "-l", log, "-w", "start")
        return cls(folder, str(folder))

    def pause(self, seconds: float) -> None:
        """Stop the server as a crash would, and start it again after a while."""
        data = str(self.folder / "data")
        _run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        time.sleep(seconds)
        options = f"-k {self.folder} {_OPTIONS} {_FORGETFUL}"
        _run("pg_ctl", "-D", data, "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        """Stop the server and remove everything."""
        _run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def databases(*names: str, lasts: bool = False) -> Iterator[list[str]]:
    """Yield the addresses of empty databases on a server of their own."""
    cluster = Cluster.start(lasts=lasts)
    try:
        with psycopg.connect(host=cluster.address, user="postgres", autocommit=True) as server:
            for name in names:
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield [f"postgresql+psycopg://postgres@/{name}?host={cluster.address}" for name in names]
    finally:
        cluster.stop()


def _run(program: str, *arguments: str) -> None:
    command = [str(_binary(program)), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, cwd="/")


def _binary(program: str) -> Path:
    """Return the newest installed program; Debian keeps them out of the path."""
    found = [path for place in _PLACES for path in Path(place).glob(f"**/bin/{program}")]
    on_path = shutil.which(program)
    if found:
        return max(found, key=lambda path: float(path.parent.parent.name or 0))
    if on_path:
        return Path(on_path)
    message = f"{program} of PostgreSQL is not installed; run “make test”, which installs it"
    raise FileNotFoundError(message)
