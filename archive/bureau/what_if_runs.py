"""Runs of what-if that were started on a page: a process of their own, watched through a file.

A run takes all cores for seconds, so that it never happens inside a server. What is being
tried and what was found lie sealed, like uploads, for a day; beside them stands in clear
only how far a run is.
"""

import time
import traceback
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import ClassVar, NamedTuple
from uuid import UUID

import structlog
from pydantic import BaseModel

from archive.audit.acts import Act, acting
from archive.bureau.what_if import drafted, what_if
from archive.bureau.what_if_changed import Changed
from archive.db import Database
from archive.errors import ArchiveError
from archive.files import KEPT, UploadGoneError, Uploads
from archive.people.opening import open_archive
from archive.people.privacy import Vault, vault_of
from archive.settings import Settings
from archive.texts import both, explained
from schemas.contracts import Bilingual
from schemas.refusals import Refusal
from schemas.vocabulary import Permission
from schemas.what_if import Stage, WhatIfReport, WhatIfRun

FOLDER = "what-if"
SEALED = "sealed"
STOPPED = "The run was stopped before it was finished. Start it again."
FAULT = "The run failed by a fault of the system. Tell the operator, who finds it in the log."
_SILENT = timedelta(minutes=10)
"""After so long without news a run is taken for stopped."""
_ENDED = (Stage.DONE, Stage.FAILED)
_TOLD_EVERY_SECONDS = 0.5


class WhatIfBusyError(ArchiveError):
    """Another run has not ended yet."""

    code: ClassVar[str] = "what_if_busy"
    template: ClassVar[str] = (
        "Another draft is being tried right now, which takes the whole machine. Wait until it is "
        "done, usually less than a minute, then start again."
    )


class Asked(NamedTuple):
    """What is to be tried."""

    file: str
    content: bytes
    on: date
    by_age: bool


class _State(BaseModel):
    """How far a run is, and where its results lie."""

    owner: UUID
    started_at: datetime
    stage: Stage = Stage.WAITING
    done: int = 0
    of: int = 0
    message: Bilingual | None = None
    report: UUID | None = None
    changed: UUID | None = None


class Runs:
    """The folder of runs."""

    def __init__(self, settings: Settings, vault: Vault) -> None:
        """Take where the data lie, and what seals them; nothing is made yet."""
        self._settings = settings
        self._folder = settings.home / FOLDER
        self._sealed = Uploads(self._folder / SEALED, vault)

    def start(self, archive: Database, asked: Asked, *, owner: UUID, now: datetime) -> UUID:
        """Check a draft and start trying it in a process of its own; return the run.

        Raises what ``what_if`` raises, and WhatIfBusyError.
        """
        run_id = self.wait(archive, asked, owner=owner, now=now)
        arguments = (self._settings, run_id, now)
        get_context("spawn").Process(target=_elsewhere, args=arguments).start()
        return run_id

    def wait(self, archive: Database, asked: Asked, *, owner: UUID, now: datetime) -> UUID:
        """Check a draft and let it wait for ``run``; raises as ``start``."""
        with archive.reading() as session:
            drafted(session, asked.content, asked.file)
        self._sweep(now)
        note = {"on": asked.on.isoformat(), "by_age": str(asked.by_age)}
        run_id = self._sealed.keep(asked.file, asked.content, owner=owner, note=note, now=now)
        self._write(run_id, _State(owner=owner, started_at=now))
        return run_id

    def get(self, run_id: UUID, *, owner: UUID, now: datetime) -> WhatIfRun:
        """Return how far a run of this owner is, and what it found; raises UploadGoneError."""
        state = self._of(run_id, owner, now)
        if state.stage not in _ENDED and self._is_silent(run_id, now):
            state.stage, state.message = Stage.FAILED, both(STOPPED)
        report = None
        if state.report is not None:
            kept = self._sealed.get(state.report, owner=owner, now=now).content
            report = WhatIfReport.model_validate_json(kept)
        return WhatIfRun(
            id=run_id,
            file=self._sealed.get(run_id, owner=owner, now=now).name,
            stage=state.stage,
            done=state.done,
            of=state.of,
            started_at=state.started_at,
            message=state.message,
            report=report,
        )

    def changed(self, run_id: UUID, *, owner: UUID, now: datetime) -> Changed:
        """Return whom a finished run of this owner concerns; raises UploadGoneError."""
        state = self._of(run_id, owner, now)
        if state.changed is None:
            raise UploadGoneError
        return Changed.unpacked(self._sealed.get(state.changed, owner=owner, now=now).content)

    def run(self, archive: Database, run_id: UUID, *, now: datetime) -> None:
        """Try what waits, and keep what is found or why it failed."""
        state = self._read(run_id)
        if state is None:
            return
        act = Act(at=now, action=Permission.PROPOSE_RULE, actor_id=state.owner)
        try:
            with acting(act):
                self._try(archive, run_id, state, now)
            state.stage = Stage.DONE
        except Refusal as refusal:
            state.stage, state.message = Stage.FAILED, explained(refusal)
        except Exception as fault:  # noqa: BLE001  # The last door of its process: nobody else would tell.
            place = traceback.extract_tb(fault.__traceback__)[-1]
            structlog.get_logger().error(
                "what-if failed", kind=type(fault).__name__, place=f"{place.name}:{place.lineno}"
            )
            state.stage, state.message = Stage.FAILED, both(FAULT)
        self._write(run_id, state)

    def _try(self, archive: Database, run_id: UUID, state: _State, now: datetime) -> None:
        draft = self._sealed.get(run_id, owner=state.owner, now=now)
        told_at = 0.0

        def tell(stage: Stage, done: int, of: int) -> None:
            nonlocal told_at
            if stage is state.stage and time.monotonic() - told_at < _TOLD_EVERY_SECONDS:
                return
            told_at = time.monotonic()
            state.stage, state.done, state.of = stage, done, of
            self._write(run_id, state)

        found = what_if(
            archive,
            draft.content,
            draft.name,
            on=date.fromisoformat(draft.note["on"]),
            by_age=draft.note["by_age"] == str(True),
            tell=tell,
        )
        report, changed = found.report.model_dump_json().encode(), found.changed.packed()
        state.report = self._sealed.keep("report", report, owner=state.owner, note={}, now=now)
        state.changed = self._sealed.keep("changed", changed, owner=state.owner, note={}, now=now)

    def _sweep(self, now: datetime) -> None:
        """Forget runs of yesterday; raise WhatIfBusyError while one of today is under way."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in self._folder.glob("*.json"):
            run_id = UUID(path.stem)
            state = self._read(run_id)
            if state is None or now >= state.started_at + KEPT:
                path.unlink(missing_ok=True)
            elif state.stage not in _ENDED and not self._is_silent(run_id, now):
                raise WhatIfBusyError

    def _is_silent(self, run_id: UUID, now: datetime) -> bool:
        return now.timestamp() - self._path(run_id).stat().st_mtime > _SILENT.total_seconds()

    def _of(self, run_id: UUID, owner: UUID, now: datetime) -> _State:
        state = self._read(run_id)
        if state is None or state.owner != owner or now >= state.started_at + KEPT:
            raise UploadGoneError
        return state

    def _path(self, run_id: UUID) -> Path:
        return self._folder / f"{run_id.hex}.json"

    def _read(self, run_id: UUID) -> _State | None:
        try:
            return _State.model_validate_json(self._path(run_id).read_bytes())
        except FileNotFoundError:
            return None

    def _write(self, run_id: UUID, state: _State) -> None:
        """Write a state whole: whoever reads it finds the former or this one."""
        draft = self._path(run_id).with_suffix(".draft")
        draft.write_text(state.model_dump_json(), encoding="utf-8")
        draft.replace(self._path(run_id))


def runs_of(archive: Database, settings: Settings) -> Runs:
    """Return the runs of an archive."""
    return Runs(settings, vault_of(archive))


def _elsewhere(settings: Settings, run_id: UUID, now: datetime) -> None:
    """Try what waits; the whole life of the process that a run has."""
    archive = open_archive(settings)
    try:
        runs_of(archive, settings).run(archive, run_id, now=now)
    finally:
        vault_of(archive).store.close()
        archive.close()
