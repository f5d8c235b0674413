"""What workers are told of consent: on the page, by a message that names nothing, and once."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from archive.dossiers import access_requests, merging
from archive.dossiers.merging import Deed
from archive.notices.messages import Channel, Message, Notice, title_of
from archive.people import (
    accounts,
    attempts,
    consents,
    contacts,
    outbox,
    share_pins,
    shares,
    tidings,
)
from archive.people.outbox_models import Outbox
from archive.people.personal_models import Tiding
from archive.people.privacy import vault_of
from archive.people.share_refusals import AccessEndedError, ShareMergedError
from schemas.access_requests import AccessAsked, AccessWanted
from schemas.shares import ShareScope
from schemas.vocabulary import ContactKind, RequestState, Role
from tests.builders import NOW, TODAY, an_account
from tests.doors import Door
from tests.sharing import Sharing, a_sharing
from tests.test_access_requests import _ask, _grant
from tests.test_redemptions import ZONE

DAY = timedelta(days=1)
MAIL, PHONE = ContactKind.EMAIL, ContactKind.PHONE
LATER = NOW + 40 * DAY


@pytest.fixture
def session(sqlite_archive):
    """Return a session of an archive; none of this depends on the database."""
    with sqlite_archive.transaction() as session:
        yield session


@pytest.fixture
def at(session):
    """Somebody with a mail address, and an employer."""
    found = a_sharing(session)
    clerk = an_account(session, "desk", Role.CLERK)
    contacts.tell(session, found.worker_id, {MAIL: "li@example.cn"}, by=clerk, now=NOW)
    return found


def sent(session: Session, worker_id) -> list[Message]:
    """Return what the sender of notices has put into the outbox for somebody."""
    key = contacts.key_of(session, worker_id)
    rows = session.exec(select(Outbox).where(Outbox.owner_id == worker_id).order_by(col(Outbox.id)))
    return [outbox.opened(row, key) for row in rows]


def told(session: Session, at: Sharing) -> list[Notice]:
    return [one.notice for one in tidings.unread(session, at.worker_id)]


def test_a_request_for_access_is_told_and_one_about_nobody_is_forgotten(session, at):
    request = _ask(session, at)
    wanted = AccessWanted(purpose="招聘", contact="人事部", scope=ShareScope())
    nobody = AccessAsked(archive_number="0000-0000-0000", wanted=wanted)
    access_requests.ask(session, nobody, by=at.employer, now=NOW, today=TODAY)

    assert tidings.send(session, now=NOW) == 1
    assert tidings.send(session, now=NOW) == 0

    assert len(session.exec(select(Tiding)).all()) == 1
    [message] = sent(session, at.worker_id)
    assert (message.channel, message.to) == (Channel.EMAIL, "li@example.cn")
    assert (message.notice, message.facts) == (Notice.ACCESS_ASKED, {})
    for private in ("招聘", "EP01", str(request)):
        assert private not in message.text + message.subject
    assert told(session, at) == [Notice.ACCESS_ASKED]
    tidings.read(session, at.worker_id, now=NOW)
    assert told(session, at) == []


def test_what_ends_by_itself_is_told_once_and_what_was_ended_by_hand_is_not(session, at):
    lapsed, granted, taken_back = (_ask(session, at) for _ in range(3))
    _grant(session, at, granted, days=7)
    _grant(session, at, taken_back, days=7)
    access_requests.take_back(session, at.worker_id, taken_back, by=at.me, now=NOW)
    tidings.read(session, at.worker_id, now=NOW)

    assert tidings.note_ended(session, now=NOW + 8 * DAY) == 1
    tidings.note_ended(session, now=NOW + 9 * DAY)
    assert told(session, at) == [Notice.ACCESS_ENDED]
    tidings.note_ended(session, now=LATER)
    assert told(session, at) == [Notice.ACCESS_ENDED] * 2
    assert lapsed


def test_a_locked_link_is_told_once_a_day(session, at):
    share, _ = at.share(session, pin="246813")
    for minute in range(9):
        now = NOW + minute * DAY / 1440 * 20
        share_pins.count_pin(session, share, now=now)
    for _ in range(attempts.FREE - 1):
        share_pins.count_pin(session, share, now=NOW + DAY)
    assert told(session, at) == []
    share_pins.count_pin(session, share, now=NOW + DAY)
    assert told(session, at) == [Notice.SHARE_LOCKED]


def test_a_merger_carries_contacts_and_ends_links_requests_and_consents(session, at):
    _, token = at.share(session)
    waiting, granted = _ask(session, at), _ask(session, at)
    _grant(session, at, granted, days=30)
    clerk = accounts.named(session, "desk")
    contacts.tell(session, at.worker_id, {PHONE: "13800138000"}, by=clerk, now=NOW)
    contacts.tell(session, at.other_id, {PHONE: "13900139000"}, by=clerk, now=NOW)
    now = NOW + DAY
    deed = Deed(clerk.id, now, ZONE, bytes(32))
    merging.merge(session, at.worker_id, at.other_id, deed)

    known = {PHONE: "13900139000", MAIL: "li@example.cn"}
    assert contacts.contacts_of(session, at.other_id) == known
    with pytest.raises(ShareMergedError):
        shares.found_by(session, token, now=now)
    with pytest.raises(AccessEndedError):
        consents.open_to(session, granted, by=at.employer, now=now)
    lines = access_requests.lines(session, by=at.employer, now=now)
    states = {one.id: one.state for one in lines}
    assert states == {waiting: RequestState.LAPSED, granted: RequestState.ENDED}
    [news] = tidings.unread(session, at.other_id)
    assert news.notice is Notice.SHARES_MERGED
    tidings.send(session, now=now)
    assert sent(session, at.other_id)[-1].to == "li@example.cn"
    assert vault_of(session).keys_of([at.worker_id])


def test_news_stand_on_the_first_page_until_they_were_read(door: Door):
    ask = door.visit("employer")
    form = {"archive_number": door.numbers[0], "purpose": "招聘", "contact": "人事部"}
    ask.post("/organisation/access/new", data={**form, "days": "30", "credits": "yes"})
    me = door.visit("worker")

    assert "有单位申请查阅您的档案" in me.get("/me").text
    assert me.post("/me/news/read").status_code == 303
    assert "有单位申请查阅您的档案" not in me.get("/me").text
    assert title_of(Notice.ACCESS_ASKED)
