"""Self-declared records: apart from the dossier, until an organisation confirms them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from archive.dossiers import declaration_views as views
from archive.dossiers import declarations, merging, reading, records
from archive.dossiers.declaration_models import DeclarationStep
from archive.dossiers.declaration_refusals import (
    DeclarationActRefusedError,
    DeclarationReasonMissingError,
    DeclarationsTooManyError,
    UnknownDeclarationError,
)
from archive.dossiers.errors import DayInFutureError
from archive.dossiers.merging import Deed
from archive.dossiers.models import Record
from archive.dossiers.redemptions import Moment
from archive.dossiers.sealing import unseal
from archive.errors import ErasedError, FrozenError, NotAllowedError
from archive.people import accounts, closures
from archive.people.personal_models import Closure
from archive.people.privacy import vault_of
from schemas.careers import Experience, Honour
from schemas.vocabulary import ClosureAct, DeclarationState, OrganisationKind, Role, Way
from tests.builders import NOW, TODAY, a_training, an_account, an_organisation, workers
from tests.doors import Door

ZONE = ZoneInfo("Asia/Shanghai")
AT = Moment(NOW, ZONE)
HONOUR = Honour(title="区技术能手", awarded_on=date(2024, 5, 1))
SCAN = b"%PDF-1.7 sheet %%EOF"


class Scene:
    """A worker, two organisations and the bureau."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.body = an_organisation(session)
        self.bureau = an_organisation(session, "HR01", OrganisationKind.BUREAU)
        self.trainer = an_account(session, organisation=self.body)
        self.rival = an_account(session, "rival", organisation=an_organisation(session, "TP02"))
        self.clerk = an_account(session, "clerk", Role.CLERK, self.bureau)
        self.worker_id, self.twin_id = workers(session, self.body, self.trainer, count=2)
        self.me = an_account(session, "worker", Role.WORKER, worker_id=self.worker_id)
        self.twin = an_account(session, "twin", Role.WORKER, worker_id=self.twin_id)

    def declared(self, record=HONOUR):
        return declarations.declare(self.session, self.worker_id, record, by=self.me, at=AT)

    def sent(self, record=HONOUR, code: str = "TP01"):
        own = self.declared(record)
        declarations.send(self.session, own, code, by=self.me, at=AT)
        return own

    def confirmed(self, own, by=None):
        return declarations.confirm(self.session, own, by=by or self.trainer, at=AT)

    @property
    def view(self):
        return views.of_worker(self.session, self.worker_id)[0]

    @property
    def dossier(self):
        return reading.dossier(self.session, self.worker_id, today=TODAY)


@pytest.fixture
def scene(sqlite_archive):
    """Return the scene; nothing here depends on the database but what is asked elsewhere."""
    with sqlite_archive.transaction() as session:
        yield Scene(session)


def test_what_is_declared_is_sealed_and_neither_dossier_nor_bank_know_it(scene):
    before = (scene.dossier.chain_sequence, scene.dossier.balances)
    scene.sent(a_training())
    [declared, _] = scene.session.exec(
        select(DeclarationStep).order_by(col(DeclarationStep.number))
    ).all()
    assert declared.sealed is not None
    assert "电工技能提升".encode() not in declared.sealed
    assert scene.view.title == "电工技能提升"
    assert scene.dossier.records == ()
    assert (scene.dossier.chain_sequence, scene.dossier.balances) == before
    with pytest.raises(DayInFutureError):
        scene.declared(Honour(title="x", awarded_on=TODAY + timedelta(days=1)))


def test_confirmed_it_is_a_record_of_the_organisation_that_came_by_a_case(scene):
    own = scene.sent(a_training())
    added = scene.confirmed(own)
    [record] = scene.dossier.records
    assert (record.id, record.organisation.code) == (added.record_id, "TP01")
    assert record.credit.credits > 0
    row = scene.session.exec(select(Record).where(col(Record.id) == added.record_id)).one()
    key = vault_of(scene.session).keys_of([scene.worker_id])[scene.worker_id]
    source = unseal(key, row.sealed).source
    assert source is not None
    assert (source.way, source.reference) == (Way.CASE, str(own))
    assert (scene.view.state, scene.view.record_id) == (DeclarationState.CONFIRMED, record.id)
    for again in (
        lambda: scene.confirmed(own),
        lambda: declarations.withdraw(scene.session, own, by=scene.me, at=AT),
        lambda: declarations.change(scene.session, own, HONOUR, by=scene.me, at=AT),
    ):
        with pytest.raises(DeclarationActRefusedError):
            again()


def test_only_the_organisation_that_is_asked_confirms_or_declines_with_a_reason(scene):
    own = scene.sent()
    for stranger in (scene.rival, scene.clerk):
        with pytest.raises(UnknownDeclarationError):
            scene.confirmed(own, by=stranger)
    with pytest.raises(NotAllowedError):
        scene.confirmed(own, by=scene.me)
    with pytest.raises(UnknownDeclarationError):
        declarations.withdraw(scene.session, own, by=scene.twin, at=AT)
    with pytest.raises(DeclarationReasonMissingError):
        declarations.decline(scene.session, own, " ", by=scene.trainer, at=AT)
    declarations.decline(scene.session, own, "查无记录", by=scene.trainer, at=AT)
    assert scene.view.state is DeclarationState.DECLINED
    assert scene.view.steps[-1].text == "查无记录"

    declarations.send(scene.session, own, "TP02", by=scene.me, at=AT)
    assert views.sent_to(scene.session, scene.body.id) == ()
    [waiting] = views.sent_to(scene.session, scene.rival.organisation_id)
    assert waiting.id == own
    # What is changed is asked of nobody any more: nobody confirms what they did not read.
    declarations.change(
        scene.session, own, HONOUR.model_copy(update={"title": "市技术能手"}), by=scene.me, at=AT
    )
    assert scene.view.title == "市技术能手"
    with pytest.raises(UnknownDeclarationError):
        scene.confirmed(own, by=scene.rival)


def test_what_an_employer_knows_the_bureau_confirms(scene):
    an_organisation(scene.session, "EP01", OrganisationKind.EMPLOYER)
    job = Experience(employer_name="示范企业", started_on=date(2020, 3, 1))
    own = scene.sent(job, "EP01")
    scene.confirmed(own, by=scene.clerk)
    assert scene.dossier.records[0].organisation.code == "HR01"


def test_a_record_that_is_there_already_is_not_doubled(scene):
    posted = records.add(
        scene.session,
        scene.worker_id,
        HONOUR,
        organisation_id=scene.body.id,
        by=scene.trainer,
        now=NOW,
        today=TODAY,
    )
    assert scene.confirmed(scene.sent()).record_id == posted.record_id
    assert len(scene.dossier.records) == 1


def test_so_many_are_kept_and_no_more(scene, monkeypatch):
    monkeypatch.setattr(declarations, "MOST", 2)
    first = scene.declared()
    scene.declared()
    with pytest.raises(DeclarationsTooManyError):
        scene.declared()
    declarations.withdraw(scene.session, first, by=scene.me, at=AT)
    scene.declared()


def test_a_merger_keeps_what_was_declared_and_it_is_confirmed_where_the_dossier_goes_on(scene):
    own = scene.sent()
    deed = Deed(scene.clerk.id, NOW, ZONE, bytes(32))
    merging.merge(scene.session, scene.worker_id, scene.twin_id, deed)
    [shown] = views.of_worker(scene.session, scene.twin_id)
    assert shown.id == own
    scene.confirmed(own)
    there = reading.dossier(scene.session, scene.twin_id, today=TODAY)
    assert [one.title for one in there.records] == ["区技术能手"]


@pytest.mark.parametrize(
    ("act", "refusal"), [(ClosureAct.FREEZE, FrozenError), (ClosureAct.ERASE, ErasedError)]
)
def test_of_who_is_frozen_or_erased_nothing_is_shown_or_confirmed(sqlite_archive, act, refusal):
    with sqlite_archive.transaction() as session:
        scene = Scene(session)
        own = scene.sent()
    with sqlite_archive.transaction() as session:
        row = Closure(
            worker_id=scene.worker_id,
            act=act,
            sealed=b"x",
            proposed_by=scene.clerk.id,
            decided_at=NOW,
        )
        closures.decide(session, row, now=NOW)
    with sqlite_archive.transaction() as session:
        assert views.sent_to(session, scene.body.id) == ()
        with pytest.raises(refusal):
            declarations.confirm(session, own, by=scene.trainer, at=AT)


def test_a_worker_declares_and_an_organisation_confirms_on_pages(door: Door):
    me, there = door.visit("worker"), door.visit("trainer")
    assert "未经核实" in me.get("/me/declarations/new?kind=certificate").text
    address, told = "/me/declarations/new", {"kind": "training", "course_name": "叉车操作"}
    faulty = me.post(address, data={**told, "hours": "多", "occupation": "不存在的工种名"})
    assert faulty.status_code == 422
    assert faulty.text.count('class="hint wrong"') == 3  # Hours, day, occupation.
    assert 'value="叉车操作"' in faulty.text
    told |= {"hours": "24", "completed_on": "2024-11-20", "occupation": "电工"}
    late = {**told, "completed_on": f"{datetime.now(UTC).year + 1}-01-01"}
    assert me.post(address, data=late).status_code == 422
    made = me.post(address, data=told, files={"file": ("证书.pdf", SCAN)})
    own = made.headers["location"]
    assert me.get(f"{own}/evidence").content == SCAN
    assert "叉车操作" in me.get("/me").text
    changed = {**told, "hours": "32"}
    assert me.post(f"{own}/change", data=changed).status_code == 303
    assert 'value="32' in me.get(f"{own}/change").text
    assert me.post(own, data={"act": "send", "organisation": "TP01"}).status_code == 303

    desk = own.replace("/me", "")
    listed = there.get("/declarations").text
    assert "叉车操作" in listed
    assert 'href="/trainer/cases" aria-current="page"' in listed
    assert there.get(f"{desk}/evidence").content == SCAN
    assert there.post(desk, data={"act": "confirm"}).status_code == 303
    assert "已确认" in me.get("/me/declarations").text
    with door.house.archive.reading() as session:
        whose = accounts.named(session, "worker").worker_id
        assert whose is not None
        dossier = reading.dossier(session, whose, today=TODAY)
        assert "叉车操作" in {one.title for one in dossier.records}
