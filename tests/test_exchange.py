"""What credit banks exchange: three lists a person, out, and in under an agreement."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from archive.bureau import accreditations
from archive.bureau import agreements as desk
from archive.dossiers import exchange, exchange_import, reading, records
from archive.errors import NotAllowedError
from archive.people import look_ups
from archive.people.schemes import UnknownSchemeError
from archive.web.field_faults import faults_in
from credit_bank import bank
from schemas.accreditation import AccreditationAsked, PostingScope
from schemas.batches import BatchMode
from schemas.exchange import (
    ExchangeCertificate,
    ExchangeCredit,
    ExchangeFile,
    ExchangeReport,
    ExchangeTraining,
)
from schemas.vocabulary import Account, AccreditationAct, Rank, RecordKind, RowState
from tests.builders import NOW, TODAY, a_certificate, a_training, workers
from tests.command_line import CommandLine
from tests.test_agreements_desk import Scene, a_draft

CREDIT = {
    "course_name": "电气控制技术",
    "credit": "4",
    "credit_hours": "64",
    "subject": "电工",
    "result_code": "合格",
    "outer_id": "C-1",
    "time": "2025-02-01",
    "institution": "某市职业学院",
}
TRAINING = {
    "outer_id": "T-1",
    "project": "安全生产培训",
    "institution": "某市职业学院",
    "has_certificate": False,
    "time": "2025-01-10",
}
CERTIFICATE = {
    "outer_id": "S000044030001244000009",
    "name": "电工",
    "level": "四级/中级工",
    "institution": "某市职业学院",
    "time": "2024-06-01",
}


class Trade:
    """A scene with one worker, and files that go in and out."""

    def __init__(self, session) -> None:
        self.scene = Scene(session)
        self.session = session
        (self.worker_id,) = workers(session, self.scene.office, self.scene.clerk)
        self.number = look_ups.worker_known_as(session, self.worker_id).archive_number

    def file(self, **lists: Any) -> dict[str, Any]:
        holder = {"archive_number": self.number, **lists}
        return {"format": "skills-archive/exchange/1", "holders": [holder]}

    def bring_in(
        self,
        told: Any,
        *,
        commit: bool = True,
        by=None,
        scheme: str = "SZ-CB",
        mode: BatchMode = "all",
    ) -> ExchangeReport:
        return exchange_import.bring_in(
            self.session,
            told,
            scheme=scheme,
            organisation=self.scene.office,
            commit=commit,
            faults=faults_in,
            by=by or self.scene.clerk,
            now=NOW,
            today=TODAY,
            mode=mode,
        )

    @property
    def available(self) -> int:
        return bank.balances(self.session, self.worker_id)[Account.AVAILABLE]


@pytest.fixture
def trade(session):
    return Trade(session)


def codes(report: ExchangeReport) -> list[tuple[str, str]]:
    return [(one.place, one.code) for one in report.findings]


def test_the_three_lists_have_exactly_the_fields_of_the_exchange():
    assert set(ExchangeCredit.model_fields) == {
        *("course_name", "property", "result_code", "score", "season", "subject", "year"),
        *("credit", "credit_hours", "outer_id", "time", "institution", "stage"),
    }
    assert set(ExchangeTraining.model_fields) == {
        *("outer_id", "project", "institution", "has_certificate", "time"),
    }
    assert set(ExchangeCertificate.model_fields) == {
        *("outer_id", "name", "level", "institution", "time"),
    }


def test_what_is_imported_cannot_be_decided_until_an_agreement_says_so(trade):
    told = trade.file(credits=[CREDIT], trainings=[TRAINING], certificates=[CERTIFICATE])

    report = trade.bring_in(told)

    assert report.is_clean
    assert report.counts == {RowState.NEW: 3}
    assert trade.available == 275_000  # The certificate, by the table.
    views = reading.dossier(trade.session, trade.worker_id, today=TODAY).records
    told_of = {one.title: one.credit.reason for one in views if one.credit}
    assert told_of["电气控制技术"] == told_of["安全生产培训"] == "no_agreement"

    view = desk.propose(
        trade.session,
        a_draft(giver="scheme:SZ-CB", receiver="HR01"),
        by=trade.scene.clerk,
        now=NOW,
    )
    trade.scene.answer(view, trade.scene.approver)
    assert trade.available == 305_000


def test_what_the_vouching_organisation_is_not_accredited_for_is_told_item_by_item(trade):
    asked = AccreditationAsked(
        organisation=trade.scene.office.code,
        act=AccreditationAct.FILING,
        scope=PostingScope(kinds=(RecordKind.CERTIFICATE,)),
        first_on=date(1990, 1, 1),
        document="示例备1号",
    )
    office, clerk = trade.scene.office.id, trade.scene.clerk.id
    accreditations.record(trade.session, office, asked, by_id=clerk, now=NOW)
    told = trade.file(credits=[CREDIT], trainings=[TRAINING], certificates=[CERTIFICATE])
    report = trade.bring_in(told)
    assert not report.committed
    assert codes(report) == [
        ("holders.0.credits.0", "accreditation_kind"),
        ("holders.0.trainings.0", "accreditation_kind"),
    ]


def test_the_same_file_again_changes_nothing_and_a_corrected_one_corrects(trade):
    told = trade.file(credits=[CREDIT])
    trade.bring_in(told)

    assert trade.bring_in(told).counts == {RowState.SAME: 1}
    changed = trade.file(credits=[{**CREDIT, "credit": "5"}])
    assert trade.bring_in(changed, commit=False).counts == {RowState.CHANGED: 1}
    assert trade.bring_in(changed, commit=False).committed is False
    assert trade.bring_in(changed).counts == {RowState.CHANGED: 1}
    assert len(reading.dossier(trade.session, trade.worker_id, today=TODAY).records) == 1


def test_a_training_that_brought_credits_is_one_record(trade):
    twin = {**TRAINING, "outer_id": CREDIT["outer_id"], "has_certificate": True}

    report = trade.bring_in(trade.file(credits=[CREDIT], trainings=[twin]))

    assert report.is_clean
    assert [one.place for one in report.items] == ["holders.0.credits.0"]
    assert len(reading.dossier(trade.session, trade.worker_id, today=TODAY).records) == 1


def test_a_person_is_found_by_a_document_as_well(trade):
    told = trade.file(credits=[CREDIT])
    del told["holders"][0]["archive_number"]
    told["holders"][0]["document_number"] = "990000199005170018"

    assert trade.bring_in(told).counts == {RowState.NEW: 1}


@pytest.mark.parametrize(
    ("list_name", "item", "found"),
    [
        ("credits", {**CREDIT, "time": "2025-03-02"}, ("holders.0.credits.0", "day_in_future")),
        (
            "credits",
            {**CREDIT, "institution": "光明示范培训中心"},
            ("holders.0.credits.0", "exchange_comes_back"),
        ),
        (
            "credits",
            {**CREDIT, "result_code": "???"},
            ("holders.0.credits.0", "exchange_result_unreadable"),
        ),
        (
            "certificates",
            {**CERTIFICATE, "name": "没有这个职业"},
            ("holders.0.certificates.0", "occupation_unknown"),
        ),
        (
            "certificates",
            {**CERTIFICATE, "level": "三级"},
            ("holders.0.certificates.0", "certificate_level_differs"),
        ),
        ("trainings", {**TRAINING, "time": "gestern"}, ("holders.0.trainings.0.time", None)),
        ("credits", {**CREDIT, "credit": "1e9"}, ("holders.0.credits.0.credit", None)),
        ("credits", {**CREDIT, "teacher": "x"}, ("holders.0.credits.0.teacher", "extra_forbidden")),
    ],
)
def test_every_fault_is_told_with_its_place_and_code_and_nothing_is_written(
    trade, list_name, item, found
):
    report = trade.bring_in(
        trade.file(**{"credits": [{**CREDIT, "outer_id": "C-9"}], list_name: [item]})
    )

    ((place, code),) = codes(report)
    assert place == found[0]
    assert found[1] in (None, code)
    assert report.findings[0].message.zh
    assert not report.committed
    assert reading.dossier(trade.session, trade.worker_id, today=TODAY).records == ()


def test_who_is_meant_must_be_known_and_no_identifier_stands_twice(trade):
    told = trade.file(credits=[CREDIT, CREDIT])
    told["holders"] += [{"archive_number": "0000-0000-0001"}, {}]

    assert codes(trade.bring_in(told)) == [
        ("holders.0.credits.1", "exchange_twice"),
        ("holders.1", "worker_unknown"),
        ("holders.2", "exchange_holder_missing"),
    ]


def test_a_certificate_of_an_unclear_kind_is_left_out_with_a_remark(trade):
    unclear = {**CERTIFICATE, "outer_id": "Z-77", "level": None}

    report = trade.bring_in(trade.file(credits=[CREDIT], certificates=[unclear]))

    assert codes(report) == [("holders.0.certificates.0", "exchange_certificate_unclear")]
    assert report.committed


def test_only_the_bureau_imports_and_only_from_a_bank_that_is_known(trade):
    with pytest.raises(NotAllowedError):
        trade.bring_in(trade.file(credits=[CREDIT]), by=trade.scene.speaker)
    with pytest.raises(UnknownSchemeError):
        trade.bring_in(trade.file(credits=[CREDIT]), scheme="XX-CB")


def test_what_goes_out_is_what_was_granted_here_and_nothing_that_came_in(trade):
    trade.scene.agreed()
    trade.bring_in(trade.file(credits=[CREDIT]))
    for record in (
        a_training(outer_id="K-1"),
        a_training(course_name="未通过", score="40"),
        a_certificate(Rank.INTERMEDIATE),
    ):
        records.add(
            trade.session,
            trade.worker_id,
            record,
            organisation_id=trade.scene.school.id,
            by=trade.scene.speaker,
            now=NOW,
            today=TODAY,
        )

    (holder,) = exchange.of_worker(trade.session, trade.worker_id, today=TODAY).holders

    (credit,) = holder.credits
    assert (credit.outer_id, credit.credit, credit.credit_hours) == (
        "K-1",
        Decimal("2.25"),
        Decimal(36),
    )
    assert (credit.time, credit.subject) == (date(2025, 2, 1), "电工")
    assert {one.project for one in holder.trainings} == {"电工技能提升", "未通过"}
    (certificate,) = holder.certificates
    assert (certificate.name, certificate.level) == ("电工", "中级工（四级）")
    assert exchange.of_organisation(trade.session, trade.scene.school.id, today=TODAY).holders == (
        holder,
    )
    assert exchange.of_organisation(trade.session, trade.scene.college.id, today=TODAY) == (
        ExchangeFile(holders=())
    )


def test_what_another_archive_exports_can_be_imported(trade):
    out = trade.file(credits=[CREDIT], trainings=[TRAINING], certificates=[CERTIFICATE])
    out["holders"][0]["certificates"][0] = {**CERTIFICATE, "level": "中级工（四级）"}
    file = ExchangeFile.model_validate(out, strict=False)

    told = json.loads(file.model_dump_json(exclude_none=True))

    assert trade.bring_in(told).counts == {RowState.NEW: 3}


def test_what_went_out_changes_nothing_when_it_comes_back(trade):
    for record in (a_training(outer_id="K-1"), a_certificate(Rank.INTERMEDIATE)):
        records.add(
            trade.session,
            trade.worker_id,
            record,
            organisation_id=trade.scene.school.id,
            by=trade.scene.speaker,
            now=NOW,
            today=TODAY,
        )
    file = exchange.of_worker(trade.session, trade.worker_id, today=TODAY)
    told = json.loads(file.model_dump_json(exclude_none=True))
    before = reading.dossier(trade.session, trade.worker_id, today=TODAY).records

    report = trade.bring_in(told)

    assert (report.counts, report.committed, report.findings) == ({RowState.SAME: 2}, True, ())
    assert {one.record_id for one in report.items} == {one.id for one in before}
    assert reading.dossier(trade.session, trade.worker_id, today=TODAY).records == before
    told["holders"][0]["credits"][0]["credit"] = "9"
    changed = trade.bring_in(told)
    assert codes(changed) == [("holders.0.credits.0", "exchange_comes_back")]


def test_each_item_is_answered_by_itself_and_the_good_ones_are_written_if_asked_for(trade):
    told = trade.file(
        credits=[CREDIT, {**CREDIT, "outer_id": "C-2", "time": "soon"}],
        trainings=[{**TRAINING, "time": "2999-01-01"}],
        certificates=[CERTIFICATE],
    )

    report = trade.bring_in(told)
    assert not report.committed
    assert [(one.place, one.state, len(one.findings)) for one in report.items] == [
        ("holders.0.credits.0", RowState.NEW, 0),
        ("holders.0.credits.1", RowState.FAULTY, 1),
        ("holders.0.trainings.0", RowState.FAULTY, 1),
        ("holders.0.certificates.0", RowState.NEW, 0),
    ]
    written = trade.bring_in(told, mode="good")
    assert (written.committed, written.counts[RowState.NEW]) == (True, 2)
    on_file = reading.dossier(trade.session, trade.worker_id, today=TODAY).records
    assert {one.record_id for one in written.items if one.record_id} == {one.id for one in on_file}
    again = trade.bring_in(told, commit=False)
    assert again.counts == {RowState.SAME: 2, RowState.FAULTY: 2}
    assert {one.record_id for one in again.items if one.record_id} == {one.id for one in on_file}


# --- Through the doors


def test_a_program_exports_and_imports(door):
    clerk = door.program("clerk")
    asked = {"code": "SZ-CB", "name": "某市学分银行", "name_en": "A City's Credit Bank"}
    clerk.post("/api/v1/schemes", json=asked)
    told = {"holders": [{"archive_number": door.numbers[0], "credits": [CREDIT]}]}

    checked = clerk.post("/api/v1/exchange?scheme=SZ-CB", json=told)
    assert (checked.status_code, checked.json()["committed"]) == (200, False)
    written = clerk.post("/api/v1/exchange?scheme=SZ-CB&commit=true", json=told)
    assert ExchangeReport.model_validate(written.json()).counts == {RowState.NEW: 1}
    path = "/api/v1/exchange?scheme=SZ-CB"
    assert door.program("trainer").post(path, json=told).status_code == 403

    own = f"/api/v1/workers/{door.numbers[0]}/exchange"
    (holder,) = ExchangeFile.model_validate(door.program("worker").get(own).json()).holders
    assert [one.project for one in holder.trainings] == ["电工技能提升"]
    assert door.program("other worker").get(own).status_code == 404
    all_of = "/api/v1/organisations/TP01/exchange"
    assert len(door.program("trainer").get(all_of).json()["holders"]) == 2
    assert door.program("rival").get(all_of).status_code == 403


def test_the_command_line_exports_and_imports(monkeypatch, sqlite_settings, tmp_path):
    cli = CommandLine(monkeypatch, sqlite_settings)
    kind = ("--name", "示范", "--name-en", "Demo", "--kind", "bureau")
    cli.done("organisation", "add", "HR01", *kind)
    bank_outside = ("--name", "某市学分银行", "--name-en", "A City's Credit Bank")
    cli.done("agreements", "scheme", "SZ-CB", *bank_outside)
    cli.done("account", "add", "clerk", "--role", "clerk", "--organisation", "HR01")
    out, file = tmp_path / "out.json", tmp_path / "in.json"

    receipt = cli.asked("exchange", "export", "--organisation", "HR01", "-o", out)
    assert receipt["holders"] == 0
    assert json.loads(out.read_bytes())["format"] == "skills-archive/exchange/1"
    assert "holders" in cli("schema", "exchange").document["properties"]
    told = {"holders": [{"archive_number": "0000-0000-0001", "credits": [CREDIT]}]}
    file.write_text(json.dumps(told), encoding="utf-8")
    words = ("exchange", "import", file, "--scheme", "SZ-CB")
    assert cli.refused(*words) == "organisation_needed"
    report = cli.asked(*words, "--as", "clerk", "--commit", status=1)
    assert [one["code"] for one in report["findings"]] == ["worker_unknown"]
    answered = cli(*words, "--as", "clerk")
    assert "holders.0" in answered.stdout
    assert "Nothing was written" in answered.stdout
    assert cli("exchange", "export", "-o", out).status == 2
