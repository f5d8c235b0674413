"""What was seen of a record: noted for good, by whom and when."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from archive.dossiers import sightings
from archive.dossiers.errors import DayInFutureError
from archive.errors import UnknownRecordError, UnknownWorkerError
from schemas.vocabulary import SightingKind
from tests.builders import NOW, TODAY
from tests.test_counter import begin, scene

__all__ = ["scene"]  # A fixture of the counter, used here.


def test_what_was_seen_of_a_record_is_noted_for_good(scene):
    session, clerk, trainer, worker, _, record_id = scene
    whose = worker.worker_id
    seen = {"seen_on": TODAY, "by": clerk, "now": NOW, "today": TODAY}
    sightings.note(session, whose, record_id, SightingKind.ORIGINAL_SEEN, text=" 李明华 ", **seen)
    sightings.note(session, whose, record_id, SightingKind.CHECKED_NATIONALLY, text=" ", **seen)
    newest, oldest = sightings.of_record(session, whose, record_id)
    assert (newest.kind, newest.text) == (SightingKind.CHECKED_NATIONALLY, None)
    assert (oldest.text, oldest.account) == ("李明华", "clerk")
    assert sightings.of_record(session, whose, uuid4()) == ()
    sealed = session.exec(text("SELECT sealed FROM sighting")).all()
    assert all("李明华".encode() not in (one[0] or b"") for one in sealed)
    kind = SightingKind.ORIGINAL_SEEN
    late = {**seen, "seen_on": TODAY + timedelta(days=1)}
    with pytest.raises(DayInFutureError):
        sightings.note(session, whose, record_id, kind, text="", **late)
    with pytest.raises(UnknownRecordError):
        sightings.note(session, whose, uuid4(), kind, text="", **seen)
    with pytest.raises(UnknownWorkerError):
        sightings.note(session, whose, record_id, kind, text="", **{**seen, "by": trainer})
    with pytest.raises(DBAPIError):
        session.exec(text("UPDATE sighting SET kind = 'original_seen'"))


def test_clerks_note_what_they_saw_and_workers_read_it(door):
    page = f"/bureau/records/{door.numbers[0]}/{door.record_ids[0]}"
    clerk = door.visit("clerk")
    assert "已验原件" in clerk.get(page).text
    sent = {"kind": "original_seen", "seen_on": "2025-03-01", "text": "原件清晰"}
    assert clerk.post(f"{page}/sightings", data=sent).headers["location"] == page
    for client, address in (
        (clerk, page),
        (door.visit("worker"), f"/me/records/{door.record_ids[0]}"),
    ):
        html = client.get(address).text
        assert "2025年3月1日 由 clerk 查验原件" in html
        assert "原件清晰" in html
    api = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}/sightings"
    asked = {"kind": "checked_nationally", "seen_on": "2025-03-02"}
    assert door.program("approver").post(api, json=asked).status_code == 201
    told = door.program("worker").get(api).json()["sightings"]
    assert [one["kind"] for one in told] == ["checked_nationally", "original_seen"]
    refused = {
        name: door.program(name).post(api, json=asked).status_code
        for name in ("worker", "trainer", "street", "administrator")
    }
    assert refused == {"worker": 403, "trainer": 403, "street": 404, "administrator": 403}
    more = {**asked, "account_id": str(uuid4())}
    assert door.program("clerk").post(api, json=more).status_code == 422
    assert begin(door).post(f"{page}/sightings", data=sent).status_code == 403
