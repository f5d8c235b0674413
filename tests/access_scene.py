"""One thing of every kind that a route can name: the asker's own, another's, and none.

“Own” is what belongs to worker, trainer and street of the door; “others” belongs to another
worker, a rival institution and no street; “missing” is nobody's.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from archive.dossiers import corrections, declarations, records
from archive.dossiers.correction_steps import Sent
from archive.dossiers.programs.badges import platforms
from archive.dossiers.redemptions import Moment
from archive.people import (
    account_opening,
    accounts,
    affected,
    api_keys,
    counter,
    incidents,
    look_ups,
    organisations,
)
from archive.people.counter import Seen
from archive.people.models import StreetOf
from archive.transcripts.batch_models import DocumentBatch
from archive.transcripts.batches import KEPT
from credit_bank import bank
from schemas.careers import Honour
from schemas.corrections import CorrectionTold
from schemas.ids import new_archive_number
from schemas.incidents import IncidentAsked, NoticeAsked
from schemas.vocabulary import (
    DocumentLanguage,
    DocumentScope,
    DocumentType,
    Permission,
    Role,
    RunState,
    VisitPurpose,
)
from tests.access_classes import classes
from tests.builders import TODAY, a_training
from tests.doors import EXAMPLES, Door

TARGETS = ("own", "others", "missing")
_OFFER = {
    "kind": "offer",
    "use": "exemption",
    "title": "《电工基础》免修",
    "title_en": "Exemption from Basic Electrics",
    "credits": "1",
    "in_force_from": "2024-01-01",
}
_PACT = {
    "receiver": "EP01",
    "occupation": "6-31-01-03",
    "effect": "transfer",
    "factor": "1",
    "credits": "2",
    "overlap": "90",
    "in_force_from": "2031-01-01",
    "source": "互认协议（示例）",
}

Scene = dict[str, dict[str, str]]
"""By kind of thing: the own, another's, a missing one."""


def furnished(door: Door) -> Scene:
    """Put one of everything behind a door, and return how it is addressed."""
    _place_in_street(door)
    known: dict[str, tuple[str, str]] = {
        "number": door.numbers,
        "code": ("TP01", "TP02"),
    }
    sides = (("trainer", "worker", 0), ("rival", "other worker", 1))
    for make in (
        _records,
        _lines,
        _applications,
        _appeals,
        _corrections,
        _declarations,
        _uploads,
        _agreements,
        _shares,
        _visits,
        _incidents,
        _accounts,
        _keys,
        classes,
        _platforms,
        _documents,
        _documents_for_many,
    ):
        for kind, pair in make(door, sides).items():
            known[kind] = (pair[0], pair[1])
    missing = {
        "number": new_archive_number(),
        "code": "ZZ99",
        "class_first": "2024-01-01",
        "class_last": "2024-01-09",
        "offer_code": "NONE-1",
    }
    return {
        kind: dict(zip(TARGETS, (*pair, missing.get(kind, str(uuid4()))), strict=True))
        for kind, pair in known.items()
    }


Sides = tuple[tuple[str, str, int], ...]
Maker = Callable[[Door, Sides], dict[str, list[str]]]


def _place_in_street(door: Door) -> None:
    with door.house.archive.transaction() as session:
        street = accounts.named(session, "street").organisation_id
        assert street is not None
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        session.add(StreetOf(worker_id=whose, organisation_id=street, since=datetime.now(UTC)))


def _records(door: Door, sides: Sides) -> dict[str, list[str]]:
    return {"record_id": [_posted(door, trainer, at, "焊接安全") for trainer, _, at in sides]}


def _lines(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Return a fresh line of each statement, which nobody has appealed against."""
    return {"entry": [_line(door, trainer, at, "登高作业") for trainer, _, at in sides]}


def _applications(door: Door, sides: Sides) -> dict[str, list[str]]:
    offers, codes, cases = [], [], []
    for trainer, worker, at in sides:
        code = f"EX-{at}"
        made = door.program(trainer).post("/api/v1/offers", json={**_OFFER, "code": code})
        assert made.status_code == 201, made.text
        listed = door.program(worker).get("/api/v1/offers").json()["offers"]
        offers += [one["id"] for one in listed if one["code"] == code]
        codes.append(code)
        address = f"/api/v1/workers/{door.numbers[at]}/redemptions"
        applied = door.program(worker).post(address, json={"offer": code})
        assert applied.status_code == 201, applied.text
        cases.append(applied.json()["id"])
    return {"offer_id": offers, "offer_code": codes, "application": cases}


def _appeals(door: Door, sides: Sides) -> dict[str, list[str]]:
    cases = []
    for trainer, worker, at in sides:
        asked = {"entry_id": _line(door, trainer, at, "起重作业"), "text": "应为48学时"}
        address = f"/api/v1/workers/{door.numbers[at]}/appeals"
        filed = door.program(worker).post(address, json=asked)
        assert filed.status_code == 201, filed.text
        cases.append(filed.json()["case_id"])
    return {"appeal": cases}


def _corrections(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Let each of two workers miss something, with a scan, at an organisation of their own."""
    told, at = CorrectionTold(text="少了一门课"), Moment(datetime.now(UTC), UTC)
    found = []
    with door.house.archive.transaction() as session:
        for _, worker, place in sides:
            me = accounts.named(session, worker)
            assert me.worker_id is not None
            sent = Sent(b"%PDF-1.7 %%EOF", door.house.evidence)
            case = corrections.ask_addition(
                session, me.worker_id, f"TP0{place + 1}", told, sent=sent, by=me, at=at
            )
            found.append(str(case))
    return {"correction": found}


def _declarations(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Let each of two workers declare an honour, and ask an organisation of their own."""
    honour, at = Honour(title="技术能手", awarded_on=TODAY), Moment(datetime.now(UTC), UTC)
    found = []
    with door.house.archive.transaction() as session:
        for _, worker, place in sides:
            me = accounts.named(session, worker)
            assert me.worker_id is not None
            sent = Sent(b"%PDF-1.7 %%EOF", door.house.evidence)
            one = declarations.declare(session, me.worker_id, honour, sent=sent, by=me, at=at)
            declarations.send(session, one, f"TP0{place + 1}", by=me, at=at)
            found.append(str(one))
    return {"declaration": found}


def _uploads(door: Door, sides: Sides) -> dict[str, list[str]]:
    content = (EXAMPLES / "training-gb18030.csv").read_bytes()
    ids: list[str] = []
    runs: list[str] = []
    for trainer, _, _ in sides:
        client = door.visit(trainer)
        for found in (runs, ids):
            sent = client.post("/trainer/intake", files={"file": ("a.csv", content)})
            assert sent.status_code == 303, sent.text
            if found is runs:
                sent = client.post(sent.headers["location"], data={"mode": "all"})
            found.append(sent.headers["location"].rpartition("/")[2])
            content += b","
    return {"upload_id": ids, "run_id": runs}


def _incidents(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Tell each of two workers of an incident of their own."""
    asked = IncidentAsked(happened="x", began_on=TODAY, found_on=TODAY, data="x", measures="x")
    notice, doing = NoticeAsked(harm="x", advice="x", contact="x"), datetime.now(UTC)
    found = []
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "security administrator")
        for _, _, at in sides:
            own = incidents.begin(session, asked, by=by, now=doing)
            affected.add(session, own, numbers=[door.numbers[at]], by=by, now=doing)
            affected.tell(session, own, notice, by=by, now=doing)
            found.append(str(own))
    return {"incident_id": found}


def _visits(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Let both workers be served at the counter."""
    seen = Seen(DocumentType.RESIDENT_ID, VisitPurpose.OTHER, b"%PDF-1.7 %%EOF")
    ids = []
    with door.house.archive.transaction() as session:
        clerk = accounts.named(session, "clerk")
        for _, _, at in sides:
            worker = look_ups.worker_numbered(session, door.numbers[at])
            visit = counter.begin(
                session, worker, seen, scans=door.house.scans, by=clerk, now=datetime.now(UTC)
            )
            ids.append(str(visit.id))
    return {"visit_id": ids}


def _accounts(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Return operators of both institutions, two of the bureau, and two proposed accounts."""
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "administrator")
        asked = [
            account_opening.propose_opening(
                session, "HR01", Role.CLERK, by=by, now=datetime.now(UTC)
            )
            for _ in sides
        ]
        return {
            "account_id": [str(accounts.named(session, name).id) for name, _, _ in sides],
            "clerk_id": [
                str(accounts.named(session, name).id) for name in ("clerk", "audit administrator")
            ],
            "account_proposal": [str(one.id) for one in asked],
        }


def _keys(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Make a key of each institution."""
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "security administrator")
        bodies = [organisations.coded(session, code) for code in ("TP01", "TP02")]
        made = [
            api_keys.make(
                session, body, "系统", [Permission.READ_RECORD], by=by, now=datetime.now(UTC)
            )
            for body, _ in zip(bodies, sides, strict=True)
        ]
        return {"key_id": [str(one.key.id) for one in made]}


def _platforms(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Register a platform of each institution."""
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "second approver")
        made = [
            platforms.register(
                session,
                organisations.coded(session, code),
                "学习平台",
                "https://learn.example.cn/issuer",
                "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
                by=by,
                now=datetime.now(UTC),
            )
            for code, _ in zip(("TP01", "TP02"), sides, strict=True)
        ]
        return {"platform_id": [str(one.id) for one in made]}


def _documents(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Issue a document to each worker."""
    made = [
        door.program(worker).post(f"/api/v1/workers/{door.numbers[at]}/transcripts", json={})
        for _, worker, at in sides
    ]
    return {"document_id": [one.headers["x-transcript-id"] for one in made]}


def _documents_for_many(door: Door, _sides: Sides) -> dict[str, list[str]]:
    """Let each institution have asked for documents that nobody has begun."""
    now, found = datetime.now(UTC), []
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "trainer")
        for code in ("TP01", "TP02"):
            batch = DocumentBatch(
                organisation_id=organisations.coded(session, code).id,
                scope=DocumentScope.RECORDS,
                language=DocumentLanguage.CHINESE,
                state=RunState.WAITING,
                total=1,
                asked_by=by.id,
                asked_at=now,
                moved_at=now,
                kept_until=now + KEPT,
            )
            session.add(batch)
            found.append(str(batch.id))
    return {"many_id": found}


def _agreements(door: Door, sides: Sides) -> dict[str, list[str]]:
    ids = []
    for trainer, _, at in sides:
        asked = {**_PACT, "giver": f"TP0{at + 1}"}
        made = door.program(trainer).post("/api/v1/agreements/proposals", json=asked)
        assert made.status_code == 201, made.text
        ids.append(made.json()["id"])
    return {"agreement_proposal": ids}


def _shares(door: Door, sides: Sides) -> dict[str, list[str]]:
    """Return a share link of each, and requests to each: one that waits, one that was granted."""
    made: dict[str, list[str]] = {"share_id": [], "request_id": [], "granted_id": []}
    for trainer, worker, at in sides:
        me = door.visit(worker)
        told = {"for_whom": "示范用人单位", "purpose": "应聘", "part": "whole"}
        answer = me.post("/me/shares/new", data=told)
        assert answer.status_code == 201, answer.text
        made["share_id"] += re.findall(r'href="/me/shares/([0-9a-f-]{36})"', answer.text)
        asked = {"archive_number": door.numbers[at], "purpose": "招聘", "contact": "人事部"}
        for _ in range(2):
            sent = door.visit(trainer).post("/organisation/access/new", data=asked)
            assert sent.status_code == 303, sent.text
        found = re.findall(r"/me/shares/requests/([0-9a-f-]{36})", me.get("/me/shares").text)
        address = f"/me/shares/requests/{found[1]}/grant"
        assert me.post(address, data={"agrees": "yes"}).status_code == 303
        made["request_id"].append(found[0])
        made["granted_id"].append(found[1])
    return made


def _line(door: Door, trainer: str, at: int, course: str) -> str:
    _posted(door, trainer, at, course)
    with door.house.archive.reading() as session:
        whose = look_ups.worker_numbered(session, door.numbers[at]).worker_id
        return str(bank.statement(session, whose).lines[-1].entry_id)


def _posted(door: Door, trainer: str, at: int, course: str) -> str:
    """Post a training to the worker at a place, as that trainer's organisation."""
    with door.house.archive.transaction() as session:
        by = accounts.named(session, trainer)
        assert by.organisation_id is not None
        added = records.add(
            session,
            look_ups.worker_numbered(session, door.numbers[at]).worker_id,
            a_training(hours="32", course_name=course),
            organisation_id=by.organisation_id,
            by=by,
            now=datetime.now(UTC),
            today=TODAY,
        )
        return str(added.record_id)
