"""Requests for access: asking tells nothing, answers are kept word for word, all of it ends."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from archive.dossiers import access_requests, records, shares
from archive.dossiers import reading as dossiers
from archive.dossiers.scope_narrowing import narrowed
from archive.dossiers.scope_words import TEXTS, VERSION, in_words
from archive.errors import NotAllowedError, UnknownWorkerError
from archive.people import consents, look_ups
from archive.people.share_models import AccessRequest, Consent
from archive.people.share_refusals import (
    AccessAnsweredError,
    AccessEndedError,
    AccessNotGrantedError,
    AccessRequestsTooManyError,
    ConsentMissingError,
    ScopeEmptyError,
    UnknownAccessError,
)
from archive.people.synthetic import resident_number
from schemas.access_requests import AccessAsked, AccessWanted, GrantAsked
from schemas.ids import new_id
from schemas.shares import ShareScope
from schemas.vocabulary import LEARNING_KINDS, ConsentAct, RecordKind, RequestState
from tests.builders import ELECTRICIAN, NOW, TODAY, WELDER, a_training
from tests.sharing import CONTEST, TRAINING, WORK, Sharing, a_sharing

NUMBER = resident_number(date(1990, 5, 17), 1)
TRAININGS = ShareScope(kinds=(RecordKind.TRAINING,), with_credits=True)


def _wanted(scope: ShareScope = TRAININGS) -> AccessWanted:
    return AccessWanted(purpose="招聘电工", contact="人事部 0755-00000000", scope=scope)


def _ask(session: Session, at: Sharing, **whom: str):
    asked = AccessAsked(wanted=_wanted(), **(whom or {"archive_number": _number(session, at)}))
    return access_requests.ask(session, asked, by=at.employer, now=NOW, today=TODAY).request


def _number(session: Session, at: Sharing) -> str:
    return look_ups.worker_known_as(session, at.worker_id).archive_number


def _mine(session: Session, at: Sharing, now=NOW):
    return access_requests.views(session, at.worker_id, by=at.me, now=now).requests


def _grant(session: Session, at: Sharing, request, now=NOW, **asked):
    granted = GrantAsked(agrees=True, **asked)
    return access_requests.grant(
        session, at.worker_id, request, granted, by=at.me, now=now, zone=UTC
    )


def _seen(session: Session, request, by, now=NOW):
    return access_requests.shown(session, request, by=by, now=now, today=now.date(), zone=UTC)


# --- Asking


@pytest.mark.parametrize(
    "whom",
    [
        None,
        {"document_number": NUMBER, "name": "李明华"},
        {"document_number": NUMBER.lower(), "name": "李 明华"},
    ],
    ids=["archive number", "document and name", "written loosely"],
)
def test_a_request_reaches_the_worker_whom_it_names(session, whom):
    at = a_sharing(session)
    request = _ask(session, at, **(whom or {}))

    [told] = _mine(session, at)
    assert (told.id, told.purpose, told.wanted) == (request, "招聘电工", TRAININGS)
    assert (told.organisation.code, told.contact) == ("EP01", "人事部 0755-00000000")
    assert told.state is RequestState.WAITING
    kept = session.exec(select(AccessRequest)).one()
    assert "招聘".encode() not in kept.sealed


NOBODY = (
    {"archive_number": "0000-0000-0000"},
    {"archive_number": "no number"},
    {"document_number": NUMBER, "name": "李明"},
    {"document_number": resident_number(date(1970, 1, 1), 9), "name": "李明华"},
    {"document_number": "4.40311E+17", "name": "李明华"},
)


def test_asking_for_nobody_answers_as_asking_for_somebody(session):
    at = a_sharing(session)
    seen = []
    for whom in ({}, {"document_number": NUMBER, "name": "李明华"}, *NOBODY):
        statements: list[str] = []
        listen = lambda _c, _u, told, *_args, kept=statements: kept.append(told)  # noqa: E731
        number = whom or {"archive_number": _number(session, at)}
        event.listen(session.get_bind(), "before_cursor_execute", listen)
        _ask(session, at, **number)
        event.remove(session.get_bind(), "before_cursor_execute", listen)
        seen.append(statements)
    assert len({tuple(one) for one in seen}) == 1, [len(one) for one in seen]

    assert len(_mine(session, at)) == 2
    listed = access_requests.lines(session, by=at.employer, now=NOW)
    assert len(listed) == len(seen)
    assert len({one.model_copy(update={"id": None}) for one in listed}) == 1
    sizes = {len(one.sealed) for one in session.exec(select(AccessRequest))}
    assert len(sizes) == 1


def test_who_has_no_organisation_and_who_asks_too_often_is_refused(session, monkeypatch):
    at = a_sharing(session)
    asked = AccessAsked(archive_number=_number(session, at), wanted=_wanted())
    homeless = at.employer
    for by in (at.me,):
        with pytest.raises(NotAllowedError):
            access_requests.ask(session, asked, by=by, now=NOW, today=TODAY)
        with pytest.raises(NotAllowedError):
            access_requests.lines(session, by=by, now=NOW)
    monkeypatch.setattr(access_requests, "MOST_A_DAY", 2)
    for _ in range(2):
        _ask(session, at)
    with pytest.raises(AccessRequestsTooManyError):
        _ask(session, at, archive_number="no number")
    later = NOW + timedelta(days=1)
    access_requests.ask(session, asked, by=homeless, now=later, today=later.date())


def test_a_request_that_names_nobody_or_two_is_no_request():
    for whom in (
        {},
        {"name": "李明华"},
        {"archive_number": "A", "document_number": "1", "name": "B"},
    ):
        with pytest.raises(ValueError, match="give an archive number"):
            AccessAsked(wanted=_wanted(), **whom)


# --- Answering


def test_a_grant_is_kept_with_the_words_that_were_shown(session):
    at = a_sharing(session)
    request = _ask(session, at)
    with pytest.raises(ConsentMissingError):
        access_requests.grant(
            session, at.worker_id, request, GrantAsked(), by=at.me, now=NOW, zone=UTC
        )

    told = _grant(session, at, request, days=7)

    assert (told.state, told.text_version) == (RequestState.GRANTED, VERSION)
    assert told.words
    for part in ("招聘电工", "人事部 0755-00000000", "EP01", "7天", "培训", "2025年3月8日"):
        assert part in told.words.zh
    kept = session.exec(select(Consent)).one()
    assert (kept.act, kept.said_by, kept.said_at) == (ConsentAct.GRANT, at.me.id, NOW)
    assert kept.sealed
    assert "招聘".encode() not in kept.sealed
    with pytest.raises(AccessAnsweredError):
        _grant(session, at, request)
    with pytest.raises(AccessAnsweredError):
        access_requests.decline(session, at.worker_id, request, by=at.me, now=NOW)


def test_what_was_said_cannot_be_rewritten(archive):
    with archive.transaction() as session:
        at = a_sharing(session)
        _grant(session, at, _ask(session, at))
    for statement in ("UPDATE consent SET act = 'decline'", "DELETE FROM consent"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            archive.transaction() as session,
        ):
            session.connection().exec_driver_sql(statement)


def test_only_staff_of_the_organisation_read_what_was_granted_and_no_more(session):
    at = a_sharing(session)
    request = _ask(session, at)
    with pytest.raises(AccessNotGrantedError):
        _seen(session, request, at.employer)
    _grant(session, at, request)

    view = _seen(session, request, at.employer)
    told = view.model_dump_json()
    assert TRAINING in told
    assert CONTEST not in told
    assert WORK not in told
    assert view.content.credits
    for request_id in (request, new_id()):
        with pytest.raises(UnknownAccessError):
            _seen(session, request_id, at.rival)
    for stranger in (at.me, at.other):
        with pytest.raises(NotAllowedError):
            _seen(session, request, stranger)


def test_a_grant_ends_with_its_time_and_when_it_is_taken_back(session):
    at = a_sharing(session)
    first, second = _ask(session, at), _ask(session, at)
    for request in (first, second):
        _grant(session, at, request, days=7)
    later = NOW + timedelta(days=7)

    with pytest.raises(AccessEndedError):
        _seen(session, first, at.employer, later)
    with pytest.raises(AccessAnsweredError):
        access_requests.take_back(session, at.worker_id, first, by=at.me, now=later)
    told = access_requests.take_back(session, at.worker_id, second, by=at.me, now=NOW)
    assert (told.state, told.text_version) == (RequestState.TAKEN_BACK, VERSION)
    with pytest.raises(AccessEndedError):
        _seen(session, second, at.employer)
    states = {
        one.id: one.state for one in access_requests.lines(session, by=at.employer, now=later)
    }
    assert states == {first: RequestState.ENDED, second: RequestState.TAKEN_BACK}


def test_a_dossier_that_is_merged_ends_what_waits_and_what_was_granted_and_nothing_else(session):
    at = a_sharing(session)
    waiting, granted, declined = (_ask(session, at) for _ in range(3))
    _grant(session, at, granted)
    access_requests.decline(session, at.worker_id, declined, by=at.me, now=NOW)

    assert consents.end_all(session, at.worker_id, by=at.posted_by.id, now=NOW) == 2

    states = {one.id: one.state for one in access_requests.lines(session, by=at.employer, now=NOW)}
    assert states == {
        waiting: RequestState.LAPSED,
        granted: RequestState.ENDED,
        declined: RequestState.DECLINED,
    }
    assert consents.end_all(session, at.worker_id, by=at.posted_by.id, now=NOW) == 0
    with pytest.raises(AccessEndedError):
        _seen(session, granted, at.employer)


def test_a_clock_that_was_set_back_opens_nothing(session):
    at = a_sharing(session)
    request = _ask(session, at)
    _grant(session, at, request)
    earlier = NOW - timedelta(days=1)
    access_requests.take_back(session, at.worker_id, request, by=at.me, now=earlier)
    with pytest.raises(AccessEndedError):
        _seen(session, request, at.employer)


def test_a_request_lapses_after_thirty_days(session):
    at = a_sharing(session)
    request = _ask(session, at)
    later = NOW + timedelta(days=30)
    [told] = _mine(session, at, later)
    assert told.state is RequestState.LAPSED
    with pytest.raises(AccessAnsweredError):
        _grant(session, at, request, later)
    with pytest.raises(AccessNotGrantedError):
        _seen(session, request, at.employer, later)


def test_a_declined_request_opens_nothing_and_another_workers_is_unknown(session):
    at = a_sharing(session)
    request = _ask(session, at)
    for request_id in (request, new_id()):
        with pytest.raises(UnknownAccessError):
            access_requests.decline(session, at.other_id, request_id, by=at.other, now=NOW)
    with pytest.raises(UnknownWorkerError):
        access_requests.decline(session, at.worker_id, request, by=at.other, now=NOW)
    told = access_requests.decline(session, at.worker_id, request, by=at.me, now=NOW)
    assert told.state is RequestState.DECLINED
    with pytest.raises(AccessNotGrantedError):
        _seen(session, request, at.employer)


def test_what_was_granted_follows_the_dossier(session):
    at = a_sharing(session)
    request = _ask(session, at)
    _grant(session, at, request)
    records.add(
        session,
        at.worker_id,
        a_training(course_name="焊工安全"),
        organisation_id=at.provider.id,
        by=at.posted_by,
        now=NOW,
        today=TODAY,
    )
    assert "焊工安全" in _seen(session, request, at.employer).model_dump_json()


# --- Scopes


def test_a_grant_is_never_wider_than_what_was_asked_for(session):
    at = a_sharing(session)
    request = _ask(session, at)
    everything = ShareScope(with_credits=True, with_levels=True)
    granted = _grant(session, at, request, scope=everything).granted
    assert granted == TRAININGS


@pytest.mark.parametrize(
    "scope",
    [
        ShareScope(kinds=(RecordKind.CERTIFICATE,)),
        ShareScope(occupation=WELDER),
        ShareScope(begins_on=date(2026, 1, 1)),
        ShareScope(record_ids=(new_id(),)),
    ],
    ids=["kinds", "occupation", "period", "records"],
)
def test_a_grant_that_leaves_nothing_is_refused(scope):
    wanted = ShareScope(
        kinds=(RecordKind.TRAINING,),
        occupation=ELECTRICIAN,
        ends_on=date(2025, 12, 31),
        record_ids=(new_id(),),
    )
    with pytest.raises(ScopeEmptyError):
        narrowed(wanted, scope)


_DAYS = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2025, 12, 31)))


@st.composite
def _scopes(draw, ids=()):
    begins, ends = draw(_DAYS), draw(_DAYS)
    if begins and ends and ends < begins:
        begins, ends = ends, begins
    return ShareScope(
        record_ids=tuple(draw(st.sets(st.sampled_from(ids)))) if ids else (),
        kinds=tuple(draw(st.sets(st.sampled_from(LEARNING_KINDS), max_size=3))),
        occupation=draw(st.sampled_from((None, ELECTRICIAN, WELDER))),
        begins_on=begins,
        ends_on=ends,
        is_name_masked=draw(st.booleans()),
        with_credits=draw(st.booleans()),
    )


def test_whatever_is_granted_shows_exactly_what_lies_in_both_scopes(sqlite_archive):
    with sqlite_archive.transaction() as session:
        at = a_sharing(session)
        view = dossiers.dossier(session, at.worker_id, today=TODAY)
    ids = (at.training, at.certificate, at.contest, at.work)

    @given(_scopes(ids), _scopes(ids))
    def holds(wanted: ShareScope, granted: ShareScope) -> None:
        both = [
            one.id
            for one in view.records
            if shares.is_within(one, wanted) and shares.is_within(one, granted)
        ]
        try:
            scope = narrowed(wanted, granted)
        except ScopeEmptyError:
            assert both == []
            return
        assert [one.id for one in view.records if shares.is_within(one, scope)] == both
        assert scope.with_credits <= wanted.with_credits
        assert scope.is_name_masked >= wanted.is_name_masked

    holds()


def test_a_scope_is_told_in_both_languages():
    scope = ShareScope(
        record_ids=(new_id(),),
        kinds=(RecordKind.TRAINING, RecordKind.CERTIFICATE),
        occupation=ELECTRICIAN,
        begins_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        with_levels=True,
        is_name_masked=True,
    )
    told = in_words(scope)
    assert told.zh == (
        "选定的1条记录；记录类别：培训、证书；职业：电工；自2024年1月1日起；"
        "至2024年12月31日止；"
        "不含学分；含技能等级；姓名部分隐去，不显示证件号码"
    )
    assert "records of these kinds: Training, Certificate" in told.en
    assert in_words(ShareScope()).en.startswith("all records of the dossier; without credits")
    assert "9-99-99-99" in in_words(ShareScope(occupation="9-99-99-99")).en
    assert VERSION in TEXTS
