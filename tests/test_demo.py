"""The synthetic district: the same for a seed, complete, made of nobody, removed without trace."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, text
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from archive.bureau import agreements, suspension_views
from archive.db import Database
from archive.demo import names
from archive.demo.accounts import accounts, password_of
from archive.demo.building import archive_number, build
from archive.demo.lives import District
from archive.demo.population import population
from archive.demo.purging import purge
from archive.demo.refusals import DemoNotEmptyError
from archive.demo.steps import Life
from archive.dossiers import auditing, certificate_numbers, chains, reading, rebuilding
from archive.dossiers.models import Record
from archive.dossiers.writing import Posting, writing
from archive.migrations.running import problems, upgrade
from archive.migrations.tables import METADATA
from archive.people import accounts as all_accounts
from archive.people import approvals, identity, organisations, passwords
from archive.people.accreditation import Accredited
from archive.people.accreditation_refusals import (
    AccreditationEndedError,
    OccupationNotAccreditedError,
)
from archive.people.identity import IdentityDocument
from archive.people.key_store import WRAPPED_KEY
from archive.people.models import Account, IndexVersion, Organisation, Worker
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from archive.transcripts.fonts import refuse_missing_glyphs
from credit_bank.models import CaseEvent, Entry, IssuerDecision, RuleVersion
from schemas.agreements import AgreementDraft
from schemas.ids import read_archive_number
from schemas.records import Certificate
from schemas.vocabulary import (
    LEARNING_KINDS,
    Act,
    AgreementEffect,
    CaseAct,
    CaseKind,
    Cause,
    Decision,
    DocumentType,
    Instrument,
    IssuerAct,
    OrganisationKind,
    RecordKind,
    Role,
)
from tests.builders import a_certificate, a_competition, a_training, an_account, an_identity
from tests.platforms import programs_post

NOW = datetime(2025, 11, 3, 2, 30, tzinfo=UTC)
DISTRICT = District(1, NOW, ZoneInfo("Asia/Shanghai"))


@dataclass
class Filled:
    """A home with a small district, and its archive."""

    settings: Settings
    archive: Database


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash with the cheapest parameters: what a password costs is not asked here."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: cheap)
        yield


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Return the default district, made once and only read."""
    settings = Settings(home=tmp_path_factory.mktemp("demo"), demo=True)
    archive = open_archive(settings)
    upgrade(archive, now=NOW)
    build(archive, settings, now=NOW)
    yield Filled(settings, archive)
    vault_of(archive).store.close()
    archive.close()


@pytest.fixture(scope="module")
def everyone() -> list[Life]:
    """Return every life of the default district."""
    return list(population(DISTRICT, 200, 1500))


def facts(lives: list[Life]) -> list[object]:
    """Return what is told of some lives."""
    return [(one.person, one.body, one.began_at, one.steps) for one in lives]


def decisions(archive: Database) -> Counter[tuple[Cause, Decision, str]]:
    """Return how often each decision was booked, by its cause and reason."""
    query = select(Entry.cause, Entry.decision, Entry.reason)
    with archive.reading() as session:
        found = session.exec(query).all()
    return Counter((Cause(cause), Decision(decision), reason) for cause, decision, reason in found)


def test_a_visitor_posts_everything_as_trainer_and_meets_refusals_as_another(filled):
    with filled.archive.reading() as session:
        trainer, safety, base = (
            Accredited.of(session, organisations.coded(session, code).id)
            for code in ("TP01", "DP01", "TP03")
        )
    certificate = a_certificate(issued_on=NOW.date())
    for record in (certificate, a_competition(), a_training()):
        trainer.refuse(record)
    with pytest.raises(OccupationNotAccreditedError):
        safety.refuse(a_competition())
    with pytest.raises(AccreditationEndedError):
        base.refuse(certificate)


# --- The facts ---------------------------------------------------------------------------------


def test_a_seed_tells_the_same_facts_again_and_another_seed_others(everyone):
    assert facts(list(population(DISTRICT, 200, 1500))) == facts(everyone)
    other = population(District(2, NOW, DISTRICT.zone), 200, 1500)
    assert facts(list(other)) != facts(everyone)


def test_archive_numbers_of_a_seed_can_be_printed_in_guides(filled):
    with filled.archive.reading() as session:
        numbers = set(session.exec(select(Worker.archive_number)))

    assert numbers == {archive_number(1, place) for place in range(200)}
    assert all(read_archive_number(number) == number for number in numbers)


@pytest.mark.parametrize(("workers", "records"), [(1, 1), (3, 60), (40, 25), (60, 400), (333, 777)])
def test_a_district_has_exactly_as_many_records_as_were_asked_for(workers, records):
    lives = list(population(DISTRICT, workers, records))

    assert len(lives) == workers
    assert sum(one.learnt for one in lives) == records


def test_nothing_is_posted_after_now_nor_before_it_could_be_known(everyone):
    for one in everyone:
        for step in one.steps:
            told = [
                step.record.effective_on,
                getattr(step.record, "started_on", None),
                getattr(step.record, "ended_on", None),
            ]
            posted_on = step.at.astimezone(DISTRICT.zone).date()
            assert step.at <= NOW
            assert all(day is None or day <= posted_on for day in told)
        assert one.began_at <= min((step.at for step in one.steps), default=NOW)


def test_nobody_learns_or_works_before_sixteen(everyone):
    for one in everyone:
        first = one.person.born_on + timedelta(days=int(15.9 * 365))
        for step in one.steps:
            assert step.record.effective_on >= first


def test_documents_pass_every_check_and_belong_to_nobody(everyone):
    numbers = Counter(one.person.document_number for one in everyone)
    kinds = Counter(one.person.document_type for one in everyone)

    assert set(numbers.values()) == {1}
    assert kinds[DocumentType.RESIDENT_ID] > 150
    assert kinds[DocumentType.PASSPORT] > 0
    for one in everyone:
        kind, number = one.person.document_type, one.person.document_number
        document = IdentityDocument(kind, number)
        read = identity.read_document(number, today=DISTRICT.today, type_given=kind)
        assert read == document
        if kind in (DocumentType.RESIDENT_ID, DocumentType.RESIDENT_ID_15):
            assert number.startswith("990000")
            assert identity.birth_date(document) == one.person.born_on
        else:
            assert number.startswith(("DEMO", "UTO"))


def test_certificate_numbers_agree_with_level_and_year_and_are_nobodys(everyone):
    levels = [
        step.record
        for one in everyone
        for step in one.steps
        if isinstance(step.record, Certificate)
        and step.record.instrument is Instrument.SKILL_LEVEL
        and step.act is Act.ADD
    ]

    assert len(levels) > 100
    assert len({record.certificate_number for record in levels}) == len(levels)
    for record in levels:
        number = certificate_numbers.read_skill_level(record.certificate_number)
        assert number.province == "99"
        assert number.rank is record.rank
        certificate_numbers.check_year(number, record.issued_on)


def test_documents_can_be_set_in_the_faces_that_are_installed(everyone):
    refuse_missing_glyphs(names.CHARACTERS)
    refuse_missing_glyphs(
        "".join(one.person.name + (one.person.new_name or "") for one in everyone)
    )


# --- The district that is shown first ----------------------------------------------------------


def test_the_default_district_has_everything_that_there_is_to_see(filled):
    with filled.archive.reading() as session:
        kinds = Counter(one.kind for one in organisations.listed(session))
        records = Counter(session.exec(select(Record.kind).where(col(Record.act) == Act.ADD)))
        acts = set(session.exec(select(Record.act)))

    assert sum(kinds.values()) == 12
    assert set(kinds) == set(OrganisationKind)
    assert sum(records[kind] for kind in LEARNING_KINDS) == 1500  # What a class posted among them.
    assert set(records) == set(RecordKind)
    assert acts == set(Act)


def test_the_default_district_shows_what_rules_can_say(filled):
    booked = decisions(filled.archive)

    assert booked[Cause.EXPIRY, Decision.GRANTED, "shelf_life_over"] > 20
    for decision, reason in (
        (Decision.GRANTED, "granted"),
        (Decision.GRANTED, "cap_partly"),
        (Decision.NOTHING, "cap_reached"),
        (Decision.NOTHING, "not_passed"),
        (Decision.NOTHING, "attendance_low"),
        (Decision.NOTHING, "level_already_credited"),
        (Decision.NOTHING, "course_already_credited"),
        (Decision.NOTHING, "withdrawn"),
        (Decision.UNDECIDED, "result_missing"),
        (Decision.UNDECIDED, "scale_unknown"),
        (Decision.UNDECIDED, "placement_without_prize"),
    ):
        assert booked[Cause.GRANT, decision, reason] > 0, reason


def test_the_default_district_lives_the_credit_bank(filled):
    with filled.archive.reading() as session:
        acts = Counter(session.exec(select(CaseEvent.kind, CaseEvent.act)).all())
        held = [one.state for one in suspension_views.listed(session)]
        pacts = approvals.listed(session, only_open=True)
        worker_id = all_accounts.named(session, "worker").worker_id
        assert worker_id is not None
        query = select(Entry.cause, Entry.reason).where(Entry.worker_id == worker_id)
        mine = {(Cause(cause), reason) for cause, reason in session.exec(query)}
    shortfalls = [cause for cause, _, _ in decisions(filled.archive) if cause is Cause.SHORTFALL]

    for kind, act in (
        (CaseKind.APPEAL, CaseAct.OPEN),
        (CaseKind.APPEAL, CaseAct.ANSWER),
        (CaseKind.APPEAL, CaseAct.ESCALATE),
        (CaseKind.REVIEW, CaseAct.DECIDE),
        (CaseKind.REDEMPTION, CaseAct.ACCEPT),
        (CaseKind.REDEMPTION, CaseAct.DECLINE),
        (CaseKind.REDEMPTION, CaseAct.ANNUL),
    ):
        assert acts[kind, act] > 0, (kind, act)
    assert held == [IssuerAct.SUSPEND]
    assert [one.action for one in pacts] == ["make_agreement"]
    assert len(shortfalls) == 1
    assert mine >= {
        (Cause.GRANT, "transferred"),
        (Cause.GRANT, "exempted"),
        (Cause.GRANT, "duplicate_in_review"),
        (Cause.HOLD, "appeal_open"),
        (Cause.HOLD, "issuer_suspended"),
        (Cause.HOLD, "redemption_open"),
        (Cause.REDEMPTION, "redemption_accepted"),
    }


def test_nothing_is_wrong_with_the_ledgers_of_the_district(filled):
    audited = auditing.audit_all(filled.archive, filled.settings, processes=1)
    compared = rebuilding.compare(filled.archive, filled.settings, now=NOW, processes=1)

    assert (audited.workers, audited.findings) == (200, ())
    assert (compared.workers, compared.differences) == (200, ())


def test_the_worker_who_can_sign_in_has_a_dossier_worth_looking_at(filled):
    with filled.archive.reading() as session:
        worker_id = all_accounts.named(session, "worker").worker_id
        assert worker_id is not None
        shown = reading.dossier(session, worker_id, today=DISTRICT.today)

    assert shown.is_demo
    assert {view.record.kind for view in shown.records} == set(LEARNING_KINDS)
    assert shown.levels[0].rank == 4
    assert any(len(view.versions) > 1 and not view.is_withdrawn for view in shown.records)
    assert any(view.is_withdrawn for view in shown.records)
    superseding = [v.credit for v in shown.records if v.credit and v.record.rank in (3, 4)]
    assert {str(credit.credits) for credit in superseding} == {"10", "7.5"}


def test_every_chain_of_the_district_is_whole(filled):
    with filled.archive.reading() as session:
        report = chains.verify(session)

    assert report.dossiers == 200
    assert report.is_whole


def test_each_role_has_a_sign_in_whose_password_can_be_printed_again(filled):
    printed = accounts(filled.archive)

    assert [one.role for one in printed] == [role for role in Role if role is not Role.CONSOLE]
    assert accounts(filled.archive) == printed
    with filled.archive.reading() as session:
        for one in printed:
            account = all_accounts.candidate(session, one.name)
            assert all_accounts.proved(account, one.password).role is one.role


def test_another_archive_has_other_passwords(filled, sqlite_archive):
    ours, theirs = vault_of(sqlite_archive), vault_of(filled.archive)

    assert password_of(ours, "clerk") != password_of(theirs, "clerk")


def test_an_archive_with_workers_is_not_filled(filled):
    with pytest.raises(DemoNotEmptyError):
        build(filled.archive, filled.settings, now=NOW)


# --- The end of it -----------------------------------------------------------------------------


def rows(archive: Database) -> dict[str, int]:
    """Return how many rows each table has; tables without any are left out."""
    with archive.reading() as session:
        counts = {
            table.name: session.execute(select_rows(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def test_a_purge_leaves_nothing_and_the_archive_can_be_filled_again(archive, settings):
    before = rows(archive)
    built = build(archive, settings, workers=12, records=160, now=NOW)
    programs_post(archive, "trainer", "clerk")

    purged = purge(archive)

    assert (purged.workers, purged.organisations, purged.kept) == (12, built.organisations, None)
    assert rows(archive) == before
    assert set(before) == {RuleVersion.__tablename__, IndexVersion.__tablename__}
    with vault_of(archive).store.reading() as session:
        assert session.execute(select_rows(WRAPPED_KEY)).first() is None
    assert problems(archive) == []
    assert accounts(archive) == []
    assert build(archive, settings, workers=2, records=3, now=NOW).workers == 2


def test_a_purge_harms_no_real_dossier_and_tells_what_it_kept(archive, settings):
    with archive.transaction() as session:
        ours = organisations.add(
            session,
            "REAL01",
            name="真实机构",
            name_en="A real body",
            kind=OrganisationKind.TRAINING_PROVIDER,
            now=NOW,
        )
        trainer = an_account(session, "real-trainer", organisation=ours)
        ours_id, trainer_id = ours.id, trainer.id
    build(archive, settings, workers=5, records=60, now=NOW)
    with archive.transaction() as session:
        demo_body = organisations.coded(session, "TP02")
        with writing(session) as writer:
            own = Posting(ours_id, trainer_id, NOW)
            (worker_id,) = writer.enrol([an_identity(serial=901)], own)
            writer.add(worker_id, a_training(), Posting(demo_body.id, trainer_id, NOW))

    purged = purge(archive)

    assert purged.workers == 5
    assert purged.kept is not None
    assert purged.kept.code == "demo_kept"
    assert purged.kept.facts["organisations"] == "TP02"
    with archive.reading() as session:
        assert [one.worker_id for one in session.exec(select(Worker))] == [worker_id]
        assert {one.code for one in session.exec(select(Organisation))} == {"REAL01", "TP02"}
        assert [one.name for one in session.exec(select(Account))] == ["real-trainer"]
        assert chains.verify(session).is_whole
        assert len(reading.dossier(session, worker_id, today=DISTRICT.today).records) == 1


def test_a_purge_keeps_what_a_demo_body_agreed_with_a_real_one(archive, settings):
    with archive.transaction() as session:
        ours = organisations.add(
            session,
            "REAL02",
            name="真实学院",
            name_en="A real college",
            kind=OrganisationKind.VOCATIONAL_SCHOOL,
            now=NOW,
        )
        speaker = an_account(session, "real-speaker", organisation=ours)
    build(archive, settings, workers=12, records=160, now=NOW)
    draft = AgreementDraft(
        giver="TP02",
        receiver="REAL02",
        effect=AgreementEffect.EXEMPTION,
        course="仓储管理实务",
        overlap=Decimal(90),
        requirement="仓储管理",
        lowered_by="1",
        in_force_from=DISTRICT.today,
        source="真实协议一号",
    )
    with archive.transaction() as session:
        giver = all_accounts.named(session, "demo-tp02")
        made = agreements.propose(session, draft, by=giver, now=NOW)
        agreements.answer(session, made.id, is_accepted=True, by=speaker, now=NOW)

    purged = purge(archive)

    assert purged.kept is not None
    assert purged.kept.facts == {"organisations": "TP02", "accounts": "demo-tp02"}
    with archive.reading() as session:
        laws = session.exec(select(RuleVersion.rule_id).where(RuleVersion.family == "agreement"))
        assert list(laws) == made.payload["ids"]
        assert list(session.exec(select(IssuerDecision))) == []
        assert len(approvals.listed(session)) == 1


def test_what_was_appended_can_still_not_be_deleted_after_a_purge(archive, settings):
    build(archive, settings, workers=1, records=2, now=NOW)
    purge(archive)
    build(archive, settings, workers=1, records=2, now=NOW)

    for table in ("record", "chain_link", "posting"):
        with (
            pytest.raises(Exception, match="append-only"),
            archive.transaction() as session,
        ):
            session.execute(text(f"DELETE FROM {table}"))


def test_a_demo_account_that_a_decision_rests_on_is_closed(sqlite_archive, sqlite_settings):
    build(sqlite_archive, sqlite_settings, workers=1, records=1, now=NOW)
    with sqlite_archive.transaction() as session:
        clerk = all_accounts.named(session, "clerk")
        session.execute(
            METADATA.tables["proposal"].insert(),
            {
                "id": clerk.id,
                "action": "x",
                "payload": b"{}",
                "proposed_by": clerk.id,
                "proposed_at": NOW,
            },
        )

    purged = purge(sqlite_archive)

    assert purged.kept is not None
    assert purged.kept.facts == {"organisations": "HR01", "accounts": "clerk"}
    with sqlite_archive.reading() as session:
        kept = session.exec(select(Account)).one()
    assert (kept.is_active, kept.password_hash) == (False, None)
    again = build(sqlite_archive, sqlite_settings, workers=1, records=1, now=NOW)
    assert {one.role for one in again.accounts} == set(Role) - {Role.CONSOLE}
