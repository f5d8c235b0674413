"""The counter: a clerk acts for a worker who is present, marked for good; and what was seen."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import delete
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from archive import scans
from archive.dossiers import sightings
from archive.errors import ErasedError, NotAllowedError, UnknownWorkerError
from archive.people import accounts, counter, look_ups, organisations, sessions, streets
from archive.people.at_counter import OpenVisit, visit_of
from archive.people.counter import Seen, UnknownVisitError, VisitOpenError
from archive.people.counter_models import CounterAct, Visit, VisitEnd
from archive.people.key_store import WRAPPED_KEY
from archive.people.models import SignIn
from archive.people.permissions import NOT_AT_THE_COUNTER, TABLE, reached, scope_of
from archive.people.privacy import vault_of
from archive.people.synthetic import resident_number
from archive.scans import ScanGoneError, Scans, ScanTooLargeError, ScanUnreadableError
from archive.web.deps import SessionDep
from archive.web.routers import ALL
from schemas.vocabulary import (
    DocumentType,
    Permission,
    Role,
    ScanType,
    SightingKind,
    VisitPurpose,
)
from tests.builders import NOW, TODAY
from tests.doors import Door
from tests.test_redemption_doors import form_of, offered, preview_of
from tests.test_web_access import AUDIENCES, audiences_of
from tests.test_web_appeals import fresh

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"
UNWRITTEN = {"/me/contact/shown"}
"""What is asked by POST and writes nothing."""
SEEN = Seen(DocumentType.RESIDENT_ID, VisitPurpose.OTHER, PDF)

__all__ = ["fresh", "offered"]  # Fixtures of other doors, used here.


def form(number: str = "", **other: str) -> dict[str, str]:
    return {
        "archive_number": number,
        "document_seen": "resident_id",
        "purpose": "use_credits",
        **other,
    }


def begin(
    door: Door, name: str = "clerk", number: str | None = None, scan: bytes = PDF
) -> TestClient:
    """Return a browser in which a clerk acts for “worker”."""
    client = door.visit(name)
    told = door.numbers[0] if number is None else number
    answer = client.post("/counter", data=form(told), files={"authorisation": ("a.pdf", scan)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me"), answer.text
    return client


def test_a_clerk_acts_as_the_worker_until_the_visit_ends(door):
    client = begin(door)
    page = client.get("/me")
    assert page.status_code == 200
    assert door.numbers[0] in page.text
    assert "窗口代办中" in page.text
    assert 'href="/me/statement"' in page.text
    assert client.get("/me/shares").status_code == 200
    assert "窗口代办中" in client.get("/verify").text
    assert client.get(f"/bureau/records/{door.numbers[0]}").status_code == 403
    assert client.get(f"/api/v1/workers/{door.numbers[0]}/dossier").status_code == 200
    assert client.get(f"/api/v1/workers/{door.numbers[1]}/dossier").status_code == 404
    assert "代办进行中" in client.get("/counter").text

    assert "At the counter" in client.get("/me/statement?lang=en").text
    assert client.get("/counter?lang=zh").status_code == 200

    assert client.post("/counter/end").headers["location"] == "/counter"
    assert client.get("/me").status_code == 403
    assert client.get(f"/bureau/records/{door.numbers[0]}").status_code == 200
    assert "窗口代办中" not in client.get("/counter").text
    assert client.post("/counter/end").status_code == 303
    with door.house.archive.reading() as session:
        assert len(session.exec(select(VisitEnd)).all()) == 1


def test_a_visit_begins_by_the_document_too_and_ends_with_the_session(door):
    client = door.visit("clerk")
    told = form(document_number=resident_number(datetime(1990, 5, 17, tzinfo=UTC).date(), 1))
    answer = client.post("/counter", data=told, files={"authorisation": ("a", JPEG)})
    assert answer.headers["location"] == "/me"
    cookie = client.cookies[door.house.session_cookie]
    assert client.post("/sign-out").status_code == 303
    client.cookies.set(door.house.session_cookie, cookie)
    assert client.get("/me").headers["location"].startswith("/sign-in")
    with door.house.archive.reading() as session:
        assert len(session.exec(select(VisitEnd)).all()) == 1


def test_a_visit_is_of_one_session_only_and_ends_by_itself(door):
    client = begin(door)
    for name in ("clerk", "approver", "street"):
        assert door.visit(name).get("/me").status_code == 403
    with door.house.archive.transaction() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.exec(
            update(SignIn).where(col(SignIn.visit_id).is_not(None)).values(visit_until=past)
        )
    assert client.get("/me").status_code == 403
    assert "窗口代办中" not in client.get("/counter").text
    assert begin(door).get("/me").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "worker",
        "trainer",
        "department",
        "administrator",
        "security administrator",
        "audit administrator",
    ],
)
def test_nobody_else_begins_a_visit(door, name):
    client = door.visit(name)
    assert client.get("/counter").status_code == 403
    answer = client.post(
        "/counter", data=form(door.numbers[0]), files={"authorisation": ("a.pdf", PDF)}
    )
    assert answer.status_code == 403


def test_a_street_office_serves_its_own_and_cannot_tell_others_from_none(door):
    client = door.visit("street")
    found = [
        client.post("/counter", data=form(number), files={"authorisation": ("a.pdf", PDF)})
        for number in (door.numbers[0], "0000-0000-0001")
    ]
    assert [one.status_code for one in found] == [404, 404]
    assert found[0].text == found[1].text
    with door.house.archive.transaction() as session:
        clerk = accounts.named(session, "clerk")
        whose = look_ups.worker_numbered(session, door.numbers[0])
        office = organisations.coded(session, "SO01")
        streets.assign(session, whose.worker_id, office, by=clerk, now=NOW)
    assert begin(door, "street").get("/me").status_code == 200


def test_a_program_begins_no_visit_and_one_visit_goes_before_the_next(door):
    sent, file = form(door.numbers[0]), {"authorisation": ("a.pdf", PDF)}
    assert door.program("clerk").post("/counter", data=sent, files=file).status_code == 403
    again = begin(door).post("/counter", data=sent, files=file)
    assert (again.status_code, "visit_open" in again.text) == (409, True)
    assert not list(door.house.scans._folder.glob("*"))[1:]


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"GIF89a....", 422, "PDF、JPEG 或 PNG"),
        (b"%PDF-1.7 cut off", 422, "PDF、JPEG 或 PNG"),
        (b"<html><script>", 422, "PDF、JPEG 或 PNG"),
        (b"", 422, ""),
        (PDF + b"\0" * scans.LARGEST_BYTES, 413, "10 MB"),
    ],
)
def test_only_whole_scans_of_three_kinds_are_kept(door, content, status, told):
    client = door.visit("clerk")
    answer = client.post(
        "/counter", data=form(door.numbers[0]), files={"authorisation": ("a.pdf", content)}
    )
    assert answer.status_code == status
    assert told in answer.text
    assert client.get("/me").status_code == 403
    assert not door.house.scans._folder.exists()
    with door.house.archive.reading() as session:
        assert session.exec(select(Visit)).all() == []


def test_a_form_without_a_scan_or_with_other_words_is_refused(door):
    client = door.visit("clerk")
    assert client.post("/counter", data=form(door.numbers[0])).status_code == 422
    file = {"authorisation": ("a.pdf", PDF)}
    for wrong in ({"purpose": "fun"}, {"document_seen": "library card"}):
        assert (
            client.post("/counter", data=form(door.numbers[0], **wrong), files=file).status_code
            == 422
        )
    wrong = form(document_number="123")
    assert client.post("/counter", data=wrong, files=file).status_code == 422


def test_what_is_sent_besides_changes_nothing(door):
    """Neither whose visit it is nor as whom it acts comes from the form."""
    client = door.visit("clerk")
    sent = form(
        door.numbers[0],
        worker_id=str(uuid4()),
        role="approver",
        until="2099-01-01",
        account_id=str(uuid4()),
        organisation_id=str(uuid4()),
    )
    client.post("/counter", data=sent, files={"authorisation": ("a.pdf", PDF)})
    with door.house.archive.reading() as session:
        (visit,) = session.exec(select(Visit))
        clerk = accounts.named(session, "clerk")
        assert (visit.account_id, visit.organisation_id) == (clerk.id, clerk.organisation_id)
        assert visit.until - visit.opened_at == counter.LASTS
    assert door.numbers[0] in client.get("/me").text


def test_passwords_and_sessions_are_not_for_the_counter(door):
    client = begin(door)
    assert client.get("/api/v1/me").json()["code"] == "not_at_the_counter"
    assert "请先结束代办" in client.get("/account").text
    paths = [
        route.path
        for router in ALL
        for route in router.routes
        if isinstance(route, APIRoute)
        and audiences_of(route) == ["OwnAccount"]
        and "GET" in (route.methods or ())
        and "{" not in route.path
    ]
    assert paths
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 403)


def test_everything_that_a_worker_does_at_the_counter_is_marked(door, offered, fresh):
    client = begin(door)
    address = preview_of(door, "EX-1")
    fields = form_of(client.get(address).text)
    sent = client.post(address, data={name: fields[name] for name in ("pick", "reference")})
    case = sent.headers["location"].rpartition("/")[2]
    assert "办理于窗口，经办人 clerk" in client.get(sent.headers["location"]).text
    client.post(f"{sent.headers['location']}/withdraw")
    appealed = client.post(f"/me/statement/{fresh}/appeal", data={"text": "应为48学时"})
    client.post(appealed.headers["location"], data={"act": "withdraw"})
    assert client.post("/me/transcript").status_code in (200, 503)

    told = door.program("clerk").get(f"/api/v1/redemptions/{case}").json()["events"]
    assert [one["counter"]["account"] for one in told] == ["clerk", "clerk"]
    assert "办理于窗口" in door.visit("worker").get(appealed.headers["location"]).text
    with door.house.archive.reading() as session:
        acts = session.exec(select(CounterAct).order_by(col(CounterAct.done_at))).all()
        assert [one.act for one in acts][:4] == [
            "application.make",
            "application.make",
            "appeal.make",
            "appeal.make",
        ]
        assert {one.visit_id for one in acts} == {session.exec(select(Visit)).one().id}
        assert acts[0].subject_id == UUID(case)


def test_what_a_worker_does_alone_bears_no_mark(door, offered):
    client = door.visit("worker")
    address = preview_of(door, "EX-1")
    fields = form_of(client.get(address).text)
    sent = client.post(address, data={name: fields[name] for name in ("pick", "reference")})
    assert "办理于窗口，" not in client.get(sent.headers["location"]).text
    with door.house.archive.reading() as session:
        assert session.exec(select(CounterAct)).all() == []


def test_escalating_and_issuing_are_marked(door, fresh):
    client = begin(door)
    appealed = client.post(f"/me/statement/{fresh}/appeal", data={"text": "x"})
    case = appealed.headers["location"].rpartition("/")[2]
    with door.house.archive.transaction() as session:
        from archive.dossiers import appeals  # noqa: PLC0415

        appeals.answer(
            session,
            UUID(case),
            is_upheld=False,
            text="no",
            by=accounts.named(session, "trainer"),
            now=datetime.now(UTC),
            zone=door.house.settings.zone,
        )
    assert (
        client.post(f"/me/appeals/{case}", data={"act": "escalate", "text": "y"}).status_code == 303
    )
    assert client.post("/me/transcript").status_code == 200
    assert client.post(f"/me/proofs/{fresh}").status_code == 200
    with door.house.archive.reading() as session:
        assert sorted(session.exec(select(CounterAct.act))) == [
            "appeal.make",
            "appeal.make",
            "transcript.issue",
            "transcript.issue",
        ]
    assert "出具证明" in client.get("/me/visits").text


def test_every_route_by_which_a_worker_writes_marks_what_is_done():
    """Sessions of the doors mark it themselves; who has a transaction of his own must mark it."""
    own = {"/me/transcript", "/me/documents", "/me/contact/confirm"}
    own |= {"/api/v1/workers/{number}/transcripts"}
    own |= {"/me/proofs/{subject_id}", "/api/v1/workers/{number}/proofs"}
    workers = {one for one, reach in TABLE.items() if Role.WORKER in reach and None not in reach}
    unmarked = {
        route.path
        for router in ALL
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" not in (route.methods or ())
        if get_args(AUDIENCES[audiences_of(route)[0]])[1].dependency.permission
        in workers - NOT_AT_THE_COUNTER
        if SessionDep not in get_type_hints(route.endpoint, include_extras=True).values()
    }
    assert unmarked <= own | UNWRITTEN
    assert workers >= NOT_AT_THE_COUNTER


def test_what_no_service_marks_is_marked_by_the_door(door):
    """Contacts are kept by a service that knows nothing of the counter."""
    client = begin(door)
    sent = client.post("/me/contact", data={"kind": "phone", "value": "13800138000"})
    assert sent.status_code == 303, sent.text
    with door.house.archive.reading() as session:
        (act,) = session.exec(select(CounterAct)).all()
        assert (act.act, act.subject_id) == ("contact.tell", act.visit_id)
    assert "联系" in client.get("/me/visits").text


def test_a_form_that_is_refused_at_the_counter_leaves_no_mark(door):
    client = begin(door)
    sent = client.post("/me/contact", data={"kind": "phone", "value": "x"})
    assert sent.status_code == 422
    with door.house.archive.reading() as session:
        assert session.exec(select(CounterAct)).all() == []


def test_clerks_and_approvers_apply_and_appeal_for_nobody_without_a_visit(door, fresh):
    for name in ("clerk", "approver"):
        program = door.program(name)
        path = f"/api/v1/workers/{door.numbers[0]}"
        assert program.post(f"{path}/redemptions", json={"offer": "EX-1"}).status_code == 403
        sent = {"entry_id": str(fresh), "text": "x"}
        assert program.post(f"{path}/appeals", json=sent).status_code == 403


def test_a_visit_is_told_to_the_worker_and_to_the_bureau_with_its_scan(door):
    begin(door, scan=PNG)
    for name, address in (
        ("worker", "/me/visits"),
        ("approver", f"/bureau/records/{door.numbers[0]}/visits"),
    ):
        client = door.visit(name)
        html = client.get(address).text
        assert "clerk" in html
        (scan,) = re.findall(rf'href="({address}/[-\w]+/authorisation)"', html)
        answer = client.get(scan)
        assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["cache-control"] == "no-store"
        assert client.get(f"{address}/{uuid4()}/authorisation").status_code == 404
    assert (
        door.visit("other worker")
        .get(scan.replace(f"/bureau/records/{door.numbers[0]}", "/me"))
        .status_code
        == 404
    )
    assert "没有窗口办理记录" in door.visit("other worker").get("/me/visits").text
    assert door.visit("trainer").get(scan).status_code == 403
    (kept,) = door.house.scans._folder.iterdir()
    assert PNG[:8] not in kept.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_bytes(b"changed")
    assert door.visit("approver").get(scan).status_code == 500


@pytest.fixture
def scene(session: Session, tmp_path):
    """Return a session with a clerk, a worker and a folder of scans."""
    from archive.dossiers import records  # noqa: PLC0415
    from tests.builders import a_training, an_account, an_organisation, workers  # noqa: PLC0415

    bureau = an_organisation(session, "HR01")
    clerk = an_account(session, "clerk", Role.CLERK, bureau)
    trainer = an_account(session, "trainer", Role.TRAINER, bureau)
    ids = workers(session, bureau, trainer, count=2)
    worker = look_ups.worker_known_as(session, ids[0])
    added = records.add(
        session, ids[0], a_training(), organisation_id=bureau.id, by=trainer, now=NOW, today=TODAY
    )
    return session, clerk, trainer, worker, Scans(tmp_path / "scans"), added.record_id


def test_the_service_keeps_a_visit_and_refuses_whoever_may_not(scene):
    session, clerk, trainer, worker, folder, _ = scene
    with pytest.raises(UnknownWorkerError):
        counter.begin(session, worker, SEEN, scans=folder, by=trainer, now=NOW)
    visit = counter.begin(session, worker, SEEN, scans=folder, by=clerk, now=NOW)
    assert (visit.worker_id, visit.until) == (worker.worker_id, NOW + counter.LASTS)
    kind, content = counter.authorisation(session, worker.worker_id, visit.id, scans=folder)
    assert (kind, content) == (ScanType.PDF, PDF)
    with pytest.raises(UnknownVisitError):
        counter.authorisation(session, worker.worker_id, uuid4(), scans=folder)
    (told,) = counter.of_worker(session, worker.worker_id)
    assert (told.account, told.ended_at, told.acts) == ("clerk", NOW + counter.LASTS, ())
    assert counter.marks(session, [worker.worker_id]) == {}


def test_a_token_of_a_program_stands_at_no_visit_and_a_session_at_one(scene):
    session, clerk, _, worker, folder, _ = scene
    visit = counter.begin(session, worker, SEEN, scans=folder, by=clerk, now=NOW)
    bearer = sessions.find(session, sessions.issue_bearer(session, clerk, now=NOW), now=NOW)
    assert bearer
    with pytest.raises(NotAllowedError):
        counter.stand_at(session, bearer.token_digest, visit, now=NOW)
    token = sessions.begin(session, clerk, now=NOW)
    mine = sessions.find(session, token, now=NOW)
    assert mine
    counter.stand_at(session, mine.token_digest, visit, now=NOW)
    with pytest.raises(VisitOpenError):
        counter.stand_at(session, mine.token_digest, visit, now=NOW)
    session.expire_all()
    standing = sessions.find(session, token, now=NOW)
    assert standing
    assert standing.visit
    acting = standing.actor
    assert (acting.role, acting.worker_id, acting.visit_id) == (
        Role.WORKER,
        worker.worker_id,
        visit.id,
    )
    assert acting.id == clerk.id
    assert acting.organisation_id is None
    for permission in Permission:
        mine_too = scope_of(acting, permission) is not None
        theirs = reached(Role.WORKER, permission) is not None
        assert mine_too == (theirs and permission not in NOT_AT_THE_COUNTER), permission
    other = OpenVisit(uuid4(), worker.worker_id, "", NOW)
    counter.end(session, mine.token_digest, other, now=NOW)
    assert session.exec(select(VisitEnd)).all() == []


@pytest.mark.parametrize("missing", ["visit_id", "visit_until", "visit_worker_id", "visit_number"])
def test_a_session_stands_at_a_visit_only_when_all_of_it_is_known(missing):
    whole: dict[str, Any] = {
        "visit_id": uuid4(),
        "visit_worker_id": uuid4(),
        "visit_number": "X",
        "visit_until": NOW + counter.LASTS,
    }
    assert visit_of(SignIn.model_construct(**whole), NOW) is not None
    assert visit_of(SignIn.model_construct(**whole), NOW + counter.LASTS) is None
    assert visit_of(SignIn.model_construct(**{**whole, missing: None}), NOW) is None


def test_an_erased_person_is_served_no_more_and_the_scan_opens_nowhere(scene):
    session, clerk, _, worker, folder, record_id = scene
    visit = counter.begin(session, worker, SEEN, scans=folder, by=clerk, now=NOW)
    seen = {"seen_on": TODAY, "text": "x", "by": clerk, "now": NOW, "today": TODAY}
    sightings.note(session, worker.worker_id, record_id, SightingKind.ORIGINAL_SEEN, **seen)
    with vault_of(session).store.transaction() as keys:
        keys.execute(delete(WRAPPED_KEY))
    with pytest.raises(ErasedError):
        counter.begin(session, worker, SEEN, scans=folder, by=clerk, now=NOW)
    with pytest.raises(ErasedError):
        counter.authorisation(session, worker.worker_id, visit.id, scans=folder)
    (told,) = sightings.of_record(session, worker.worker_id, record_id)
    assert told.text is None
    with pytest.raises(ErasedError):
        sightings.note(session, worker.worker_id, record_id, SightingKind.ORIGINAL_SEEN, **seen)


def test_scans_are_told_apart_by_content(tmp_path):
    assert [scans.scan_type(one) for one in (PDF, PNG, JPEG + b"\0\n")] == [
        ScanType.PDF,
        ScanType.PNG,
        ScanType.JPEG,
    ]
    for wrong in (b"", PDF[:-8], PNG[:-4], JPEG[:-2], b" " + PDF, JPEG[1:]):
        with pytest.raises(ScanUnreadableError):
            scans.scan_type(wrong)
    with pytest.raises(ScanTooLargeError):
        scans.scan_type(PDF + b"\0" * scans.LARGEST_BYTES)
    folder = Scans(tmp_path / "scans")
    digest = folder.keep(b"sealed")
    assert folder.get(digest) == b"sealed"
    with pytest.raises(ScanGoneError):
        folder.get(b"\0" * 32)
