"""What workers hear of their records: on the page until read, and by one message a day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from archive.cli.job_watch import digest_day
from archive.db import Database
from archive.dossiers import digests, news, reading, records
from archive.dossiers.merging import Deed, merge
from archive.errors import UnknownWorkerError
from archive.jobs import desk
from archive.notices.messages import Message, Notice
from archive.people import accounts, contacts, outbox
from archive.people.outbox_models import Outbox
from archive.people.personal_models import NewsMark
from archive.people.privacy import vault_of
from archive.settings import Settings
from schemas.vocabulary import ContactKind, Happening, Role
from tests.builders import NOW, TODAY, a_training, an_account, an_organisation, workers
from tests.doors import Door

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
MAIL, PHONE = ContactKind.EMAIL, ContactKind.PHONE


class Scene:
    """Three workers with accounts: by mail, by telephone, and reached by nothing."""

    def __init__(self, archive: Database) -> None:
        self.archive = archive
        with archive.transaction() as session:
            self.body = an_organisation(session)
            self.trainer = an_account(session, organisation=self.body)
            clerk = an_account(session, "desk", Role.CLERK)
            self.clerk_id = clerk.id
            self.whose = list(workers(session, self.body, self.trainer, count=3))
            for at, worker_id in enumerate(self.whose):
                an_account(session, f"worker {at}", Role.WORKER, worker_id=worker_id)
            contacts.tell(session, self.whose[0], {MAIL: "li@example.cn"}, by=clerk, now=NOW)
            contacts.tell(session, self.whose[1], {PHONE: "13800138000"}, by=clerk, now=NOW)

    def posted(self, whose: int, course: str, now: datetime) -> UUID:
        with self.archive.transaction() as session:
            return self.post(session, whose, course, now)

    def post(self, session: Session, whose: int, course: str, now: datetime) -> UUID:
        return records.add(
            session,
            self.whose[whose],
            a_training(course_name=course),
            organisation_id=self.body.id,
            by=self.trainer,
            now=now,
            today=TODAY,
        ).record_id

    def told(self, now: datetime) -> tuple[int, int]:
        """Carry the job of a day out, asked for as the server asks; how many, and how many sent."""
        key = f"{now.astimezone(ZONE).date()}"
        with self.archive.transaction() as session:
            desk.ask(session, digests.KIND, key, now=now)
        report = digests.run(desk.PlainSteps(self.archive, lambda: now), key, ZONE)
        return report.workers, report.sent

    def sent(self, whose: int) -> list[Message]:
        """Return what waits to be sent to a worker."""
        with self.archive.reading() as session:
            key = vault_of(session).keys_of([self.whose[whose]])[self.whose[whose]]
            mine = select(Outbox).where(Outbox.owner_id == self.whose[whose])
            found = session.exec(mine.order_by(col(Outbox.id)))
            return [outbox.opened(row, key) for row in found]


@pytest.fixture
def scene(archive: Database) -> Scene:
    """Return the scene on each database."""
    return Scene(archive)


def test_a_day_of_posting_is_told_by_one_message_that_names_nothing(scene):
    first = scene.posted(0, "电工技能提升", NOW)
    scene.posted(0, "焊接安全", NOW + timedelta(minutes=1))
    scene.posted(1, "登高作业", NOW)
    scene.posted(2, "起重作业", NOW)

    assert scene.told(NOW + timedelta(hours=20)) == (3, 2)
    [message] = scene.sent(0)
    assert (message.to, message.notice) == ("li@example.cn", Notice.RECORDS_DIGEST)
    assert message.facts == {"added": "2", "corrected": "0", "withdrawn": "0"}
    assert "电工" not in message.text
    assert "新增记录2条" in message.text
    assert scene.sent(1)[0].to == "13800138000"
    assert scene.sent(2) == []
    # Again, as after a crash, and on a day on which nothing happened: nobody hears twice.
    assert scene.told(NOW + timedelta(hours=20)) == (0, 0)
    assert scene.told(NOW + timedelta(hours=44)) == (0, 0)

    with scene.archive.transaction() as session:
        now = NOW + 2 * DAY
        records.withdraw(
            session, scene.whose[0], first, reason="报错人员", by=scene.trainer, now=now
        )
    assert scene.told(NOW + 3 * DAY) == (1, 1)
    assert scene.sent(0)[-1].facts == {"added": "0", "corrected": "0", "withdrawn": "1"}


def test_what_was_written_slowly_is_told_the_next_day_and_many_records_in_pages(scene, monkeypatch):
    monkeypatch.setattr(digests, "PAGE", 2)
    scene.posted(0, "电工技能提升", NOW)
    assert scene.told(NOW + timedelta(hours=2)) == (1, 1)
    # Its transaction began before the first message and ended after it.
    for course in ("焊接安全", "登高作业", "起重作业"):
        scene.posted(0, course, NOW + timedelta(hours=1))
        scene.posted(1, course, NOW + timedelta(hours=1))
    assert scene.told(NOW + timedelta(hours=26)) == (2, 2)
    assert scene.sent(0)[-1].facts["added"] == "3"
    assert scene.sent(1)[-1].facts["added"] == "3"


def test_no_message_goes_to_who_read_it_wants_none_or_has_another_dossier(scene):
    for whose in range(2):
        scene.posted(whose, "电工技能提升", NOW)
    with scene.archive.transaction() as session:
        me, other = (accounts.named(session, f"worker {at}") for at in (0, 1))
        dossier = reading.dossier(session, scene.whose[0], today=TODAY)
        news.read(session, scene.whose[0], until=10**9, by=me)
        news.choose(session, scene.whose[1], wants_digest=False, by=other)
        with pytest.raises(UnknownWorkerError):
            news.choose(session, scene.whose[1], wants_digest=True, by=me)
        with pytest.raises(UnknownWorkerError):
            news.read(session, scene.whose[1], until=1, by=me)
        heard = session.get_one(NewsMark, scene.whose[0])
        assert news.unread(dossier, heard, opened_at=NOW) == []
        # Nobody claims to have read what is still to come.
        assert heard.read_sequence == dossier.chain_sequence
    assert scene.told(NOW + timedelta(hours=20)) == (1, 0)

    scene.posted(0, "焊接安全", NOW + DAY)
    with scene.archive.transaction() as session:
        deed = Deed(scene.clerk_id, NOW + DAY, ZONE, bytes(32))
        merge(session, scene.whose[0], scene.whose[2], deed)
    told, sent = scene.told(NOW + 2 * DAY)
    assert (told, sent) == (1, 1)
    assert scene.sent(0) == []
    assert scene.sent(2)[-1].notice is Notice.RECORDS_DIGEST


def test_messages_are_due_in_the_local_day_and_never_at_night(tmp_path: Path):
    settings = Settings(home=tmp_path)
    moments = {hour: datetime(2025, 3, 1, hour, tzinfo=ZONE) for hour in (7, 8, 20, 21)}
    due = {hour: digest_day(settings, now=at.astimezone(UTC)) for hour, at in moments.items()}
    assert due == {7: None, 8: TODAY, 20: TODAY, 21: None}


def test_the_page_lists_what_is_new_until_it_is_confirmed(door: Door):
    now = datetime.now(UTC)
    with door.house.archive.transaction() as session:
        by, whose = accounts.named(session, "trainer"), accounts.named(session, "worker").worker_id
        assert by.organisation_id is not None
        assert whose is not None
        records.add(
            session,
            whose,
            a_training(course_name="焊接安全"),
            organisation_id=by.organisation_id,
            by=by,
            now=now,
            today=now.date(),
        )
        dossier = reading.dossier(session, whose, today=TODAY)
        told = news.unread(dossier, None, opened_at=now)
        assert [one.view.title for one in told] == ["焊接安全"]
        assert [one.happening for one in told] == [Happening.ADDED]
    me = door.visit("worker")
    assert "新增 · <a" in me.get("/me").text
    until = {"until": str(dossier.chain_sequence)}
    assert me.post("/me/news/read", data=until).status_code == 303
    assert "新增 · <a" not in me.get("/me").text
    with door.house.archive.transaction() as session:
        right = a_training(hours="48")
        records.correct(
            session, whose, door.record_ids[0], right, reason="x", by=by, now=now, today=now.date()
        )
    assert "更正 · <a" in me.get("/me").text
    assert me.post("/me/news/digest", data={"wanted": "no"}).status_code == 303
    assert "已关闭" in me.get("/me").text
    me.post("/me/news/digest", data={"wanted": "yes"})
    assert "已关闭" not in me.get("/me").text
