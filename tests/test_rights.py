"""The rights of persons: told to everyone, used on the own page, answered in time."""

from datetime import timedelta

import pytest

from archive.bureau import keeping, processing
from archive.errors import ErasedError
from archive.people import accounts, look_ups, rights
from archive.people.rights import AnswerMissingError, RequestWaitingError, UnknownRequestError
from schemas.ids import new_id
from schemas.vocabulary import ClosureAct, RequestAnswer, RequestKind
from tests.builders import NOW, TODAY
from tests.doors import Door
from tests.test_web_personal import closed


def asked(door: Door, kind: RequestKind = RequestKind.ERASE, text: str = "已离开本市"):
    with door.house.archive.transaction() as session:
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        by = accounts.named(session, "worker")
        return rights.ask(session, whose, kind, text, days=15, by=by, now=NOW, today=TODAY)


def test_everyone_reads_who_handles_what_on_which_basis(door):
    for language, words in (("zh", "履行法定职责"), ("en", "Statutory duty")):
        page = door.visit().get(f"/privacy?lang={language}")
        assert page.status_code == 200
        assert words in page.text
        assert all(one.source in page.text for one in processing.notice().on(TODAY))
    ended = processing.notice().processing[0].model_copy(update={"in_force_until": TODAY})
    assert processing.notice().model_copy(update={"processing": (ended,)}).on(TODAY) == ()


def test_a_request_is_answered_on_the_persons_page(door):
    me = door.visit("worker")
    told = {"kind": "erase", "text": "已离开本市"}
    assert me.post("/me/privacy/requests", data=told).status_code == 303
    assert "前答复" in me.get("/me/privacy").text
    again = me.post("/me/privacy/requests", data=told)
    assert (again.status_code, "request_waiting" in again.text) == (409, True)

    desk = door.visit("clerk")
    page = desk.get("/bureau/requests").text
    assert "已离开本市" in page
    [row] = _waiting(door)
    address = f"/bureau/requests/{row.id}"
    said = {"how": "frozen_instead", "text": "会计凭证保存期未满，已冻结"}
    assert desk.post(address, data=said | {"text": " "}).status_code == 422
    for how in ("granted", "frozen_instead"):  # Neither was done.
        refused = desk.post(address, data=said | {"how": how})
        assert (refused.status_code, "request_answer_not_done" in refused.text) == (409, True)
    closed(door, ClosureAct.FREEZE)
    assert desk.post(address, data=said).status_code == 303
    assert desk.post(address, data=said).status_code == 404  # It was answered.
    assert _waiting(door) == []
    assert "会计凭证保存期未满" in me.get("/me/privacy").text


def _waiting(door: Door):
    with door.house.archive.reading() as session:
        return rights.waiting(session)


def test_a_request_is_late_after_its_last_day(door):
    asked(door)
    [row] = _waiting(door)
    assert row.due_on == TODAY + timedelta(days=keeping.keeping().answer.days)
    assert not row.is_late(row.due_on)
    assert row.is_late(row.due_on + timedelta(days=1))


def test_a_frozen_person_asks_to_lift_it_and_sees_nothing_else(door):
    closed(door, ClosureAct.FREEZE)
    me = door.visit("worker")
    page = me.get("/me/privacy")
    assert (page.status_code, "李明华" in page.text) == (200, False)
    told = {"kind": "unfreeze", "text": "事由消除"}
    assert me.post("/me/privacy/requests", data=told).status_code == 303
    assert "事由消除" in door.visit("clerk").get("/bureau/requests").text


def test_of_an_erased_person_a_request_tells_nothing(door):
    first = asked(door)
    closed(door, ClosureAct.ERASE)
    assert _waiting(door) == []
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "clerk")
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        assert [one.text for one in rights.of_worker(session, whose)] == [None]
        with pytest.raises(ErasedError):
            rights.answer(session, first, RequestAnswer.GRANTED, "已删除", by=by, now=NOW)


def test_what_is_asked_twice_unknown_or_without_words_is_refused(door):
    first = asked(door)
    with pytest.raises(RequestWaitingError):
        asked(door)
    assert asked(door, RequestKind.COPY) != first
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "clerk")
        with pytest.raises(UnknownRequestError):
            rights.answer(session, new_id(), RequestAnswer.GRANTED, "x", by=by, now=NOW)
        with pytest.raises(AnswerMissingError):
            rights.answer(session, first, RequestAnswer.GRANTED, " ", by=by, now=NOW)


def test_the_own_page_shows_who_saw_masked_values_in_full(door):
    told = {"fields": ["document"], "reason": "identity_check", "note": "窗口核验"}
    door.visit("clerk").post(f"/bureau/records/{door.numbers[0]}/reveal", data=told)
    assert "窗口核验" in door.visit("worker").get("/me/privacy").text
