"""Proofs of single records and entries: what one tells, and what became of it since."""

import re
import subprocess
import sys
from base64 import b64decode
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select, text

from archive.audit.acts import Act as AuditAct
from archive.audit.acts import acting
from archive.audit.tables import AUDIT_EVENT
from archive.dossiers import records
from archive.dossiers.merging import Deed, merge
from archive.dossiers.models import Record
from archive.dossiers.writing import writing
from archive.people.closing import destroy
from archive.people.privacy import vault_of
from archive.transcripts.proof_files import statement_bytes
from archive.transcripts.proof_refusals import (
    NothingSealedError,
    OpeningRefusedError,
    ProofSubjectUnknownError,
)
from archive.transcripts.proofs import preview
from archive.transcripts.refusals import RecordWithdrawnError
from archive.transcripts.signing_refusals import SigningUnavailableError
from archive.transcripts.time_stamp_service import ServiceTimeStamps
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_file
from credit_bank import bank
from credit_bank.merkle import merkle_root, path_to_root, root_by_path
from credit_bank.models import ChainLink, Posting
from schemas.cases import IssuerFact
from schemas.ids import new_id
from schemas.keys import SigningProfile
from schemas.vocabulary import CheckState, IssuerAct, RecordKind, Verdict
from tests.builders import NOW, a_training, an_identity
from tests.proofs import LATER, OneKey, Scene, a_scene, proof_in, signed_anew, statement_in
from tests.stamp_servers import a_stamp_server
from tests.test_transcripts_issuing import CERTIFICATE, signing_keys

__all__ = ["signing_keys"]
ZONE = ZoneInfo("Asia/Shanghai")
GUIDE = Path(__file__).parent.parent / "docs" / "verification.md"


@pytest.fixture
def scene(archive, signing_keys) -> Scene:
    return a_scene(archive, signing_keys)


@pytest.fixture
def one_scene(sqlite_archive, signing_keys) -> Scene:
    return a_scene(sqlite_archive, signing_keys)


# --- The tree


def test_every_leaf_of_every_small_tree_leads_to_its_root_and_no_other_does():
    leaves = [bytes([number]) * 32 for number in range(70)]
    for count in range(1, 71):
        tree, root = leaves[:count], merkle_root(leaves[:count])
        for place in range(count):
            path = [sibling for _, sibling in path_to_root(tree, place)]
            assert root_by_path(tree[place], place, count, path) == root
            assert root_by_path(b"another", place, count, path) != root
            for other in {place - 1, place + 1, count - 1 - place, place ^ 1} - {place}:
                assert root_by_path(tree[place], other, count, path) != root
            for wrong in (path[:-1], [*path, root]):
                assert (
                    len(wrong) == len(path)
                    or root_by_path(tree[place], place, count, wrong) != root
                )


@given(st.integers(1, 300), st.data())
def test_a_path_proves_its_own_leaf_at_its_own_place_alone(count, data):
    leaves = [number.to_bytes(32) for number in range(count)]
    place, other = data.draw(st.integers(0, count - 1)), data.draw(st.integers(-3, count + 3))
    path, root = [one for _, one in path_to_root(leaves, place)], merkle_root(leaves)
    assert (root_by_path(leaves[place], other, count, path) == root) == (other == place)
    if path:
        at, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
        number = int.from_bytes(path[at]) ^ (1 << bit)
        changed = [*path[:at], number.to_bytes(32), *path[at + 1 :]]
        assert root_by_path(leaves[place], place, count, changed) != root


# --- What is told


def test_a_record_is_proved_by_its_clear_part_alone(scene):
    proved = scene.prove()
    report = scene.verify(proved.body)
    assert (report.verdict, report.reason) == (Verdict.VALID, "proved")
    states = {check.code: check.state for check in report.checks}
    assert states.pop("opening") is CheckState.UNCHECKED
    assert len(states) == 11
    assert set(states.values()) == {CheckState.PASSED}
    told = report.proof
    assert told is not None
    assert (told.subject_kind, told.subject_id) == ("record", scene.desk.records[0])
    assert told.clear.kind is RecordKind.TRAINING
    assert (told.title, told.opened) == (None, None)
    assert told.is_development
    assert report.document is None
    with scene.desk.archive.reading() as session:
        links = session.exec(select(ChainLink).order_by(col(ChainLink.sequence))).all()
    assert told.links == len(links)
    own = next(one for one in links if one.subject_id == told.subject_id)
    assert told.body.encode() == own.body
    text = proved.body.decode()
    for other in links:
        assert other is own or other.body.decode() not in text
        if other.subject_id not in {own.subject_id, scene.desk.worker_id}:  # As its outcome is.
            assert str(other.subject_id) not in text
    assert a_training().course_name not in text
    assert "李明华" not in text


def test_every_entry_and_posting_can_be_proved_and_says_whose_outcome_it_is(one_scene):
    with one_scene.desk.archive.reading() as session:
        posting = session.exec(select(Posting)).first()
        assert posting is not None
    for subject in (*one_scene.entries, posting.id):
        report = one_scene.verify(one_scene.prove(subject).body)
        assert (report.verdict, report.reason) == (Verdict.VALID, "proved")
        assert report.proof is not None
        assert report.proof.subject_kind == "entry"
        assert report.proof.clear.credits is not None
    assert statement_in(one_scene.prove(posting.id).body).subject_id == posting.entry_id


def test_the_holder_alone_may_have_what_is_sealed_opened_and_sees_it_first(one_scene):
    record = one_scene.desk.records[0]
    opened = one_scene.prove(is_opened=True)
    report = one_scene.verify(opened.body)
    assert report.verdict is Verdict.VALID
    assert {check.state for check in report.checks} == {CheckState.PASSED}
    assert report.proof is not None
    assert report.proof.opened is not None
    assert report.proof.title == a_training().course_name
    clerk = one_scene.desk.clerk
    with one_scene.desk.archive.reading() as session:
        mine = preview(session, one_scene.desk.worker_id, record, by=one_scene.worker)
        theirs = preview(session, one_scene.desk.worker_id, record, by=clerk)
    assert mine.opening == report.proof.opened
    assert (theirs.opening, theirs.title) == (None, None)
    assert one_scene.verify(one_scene.prove(by=clerk).body).verdict is Verdict.VALID
    with pytest.raises(OpeningRefusedError):
        one_scene.prove(is_opened=True, by=clerk)
    with pytest.raises(NothingSealedError):
        one_scene.prove(one_scene.entries[0], is_opened=True)
    with one_scene.desk.archive.reading() as session:
        identity = session.exec(
            select(Record.id).where(col(Record.kind) == RecordKind.IDENTITY)
        ).one()
    for unknown in (identity, new_id()):
        with pytest.raises(ProofSubjectUnknownError):
            one_scene.prove(unknown)


def test_what_was_proved_is_in_the_audit_before_anything_is_signed(one_scene, monkeypatch):
    def unsigned(*_told, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("archive.transcripts.proofs.signed_proof", unsigned)
    with acting(AuditAct(at=NOW)), pytest.raises(KeyboardInterrupt):
        one_scene.prove(is_opened=True)
    with one_scene.desk.archive.reading() as session:
        rows = session.connection().execute(AUDIT_EVENT.select()).mappings().all()
    found = [one for one in rows if one["purpose"] == "proof_opened"]
    assert [one["worker_id"] for one in found] == [one_scene.desk.worker_id]
    assert {one["subject_id"] for one in found} == {one_scene.desk.records[0]}


# --- What became of it


def test_a_corrected_record_and_a_withdrawn_one_are_told_with_their_day(scene):
    first, second, third = scene.desk.records
    before = [scene.prove(one).body for one in (first, second, third)]
    entry = scene.prove(scene.entries[0]).body
    whose, posting = scene.desk.worker_id, scene.desk.posting(LATER)
    with scene.desk.archive.transaction() as session, writing(session, [whose]) as writer:
        writer.correct(whose, first, a_training(hours="40"), posting, "漏报")
        writer.withdraw(whose, second, CERTIFICATE, posting, "报错")
    reports = [scene.verify(one) for one in before]
    assert [one.verdict for one in reports] == [Verdict.REVOKED, Verdict.REVOKED, Verdict.VALID]
    assert {one.reason for one in reports[:2]} == {"superseded"}
    day = LATER.date().isoformat()
    for report, word in zip(reports, ("corrected", "withdrawn"), strict=False):
        assert word in report.checks[11].message.en
        assert day in report.checks[11].message.en
        assert report.proof is not None
    assert scene.verify(entry).reason == "superseded"
    anew = scene.prove(first)
    assert scene.verify(anew.body).verdict is Verdict.VALID
    assert statement_in(anew.body).subject_id != first
    with pytest.raises(RecordWithdrawnError):
        scene.prove(second)


def test_a_suspended_issuer_is_noted_and_the_proof_stays_valid(one_scene):
    bodies = [one_scene.prove(one).body for one in (None, one_scene.entries[0])]
    first = new_id()
    fact = IssuerFact(
        id=first,
        case_id=first,
        act=IssuerAct.SUSPEND,
        issuer_id=one_scene.desk.organisation_id,
        effective_on=LATER.date(),
        begins_on=date(2020, 1, 1),
        ends_on=LATER.date(),
        source="示例决〔2025〕3号",
    )
    with one_scene.desk.archive.transaction() as session:
        bank.decide_on_issuer(session, fact, by=None, now=LATER)
    for report in map(one_scene.verify, bodies):
        assert report.verdict is Verdict.VALID
        assert [one.note.source for one in report.noted] == ["示例决〔2025〕3号"]


def test_a_proof_of_a_merged_dossier_stands_and_that_of_its_credits_does_not(one_scene):
    desk = one_scene.desk
    record, entry = one_scene.prove().body, one_scene.prove(one_scene.entries[0]).body
    with desk.archive.transaction() as session:
        with writing(session) as writer:
            (into_id,) = writer.enrol([an_identity(2)], desk.posting(NOW))
        merge(session, desk.worker_id, into_id, Deed(desk.clerk.id, LATER, ZONE, bytes(32)))
    report = one_scene.verify(record)
    assert (report.verdict, report.reason) == (Verdict.VALID, "proved")
    assert "merged" in report.checks[11].message.en
    assert one_scene.verify(entry).reason == "superseded"  # They were granted anew.
    with desk.archive.transaction() as session:
        at = {"by": desk.clerk, "now": LATER + timedelta(days=1)}
        records.withdraw(session, into_id, desk.records[0], reason="查无此班", **at)
    assert one_scene.verify(record).reason == "superseded"


def test_a_row_or_a_link_edited_behind_our_back_differs(scene):
    body = scene.prove().body
    with scene.desk.archive.engine.begin() as connection:
        drop = "DROP TRIGGER record_no_update"
        if connection.dialect.name == "postgresql":
            drop = "DROP TRIGGER record_is_kept ON record"
        connection.execute(text(drop))
        connection.execute(text("UPDATE record SET hours = 99 WHERE kind = 'training'"))
    report = scene.verify(body)
    assert (report.verdict, report.reason) == (Verdict.DIFFERS, "chain_differs")
    assert report.proof is None


def test_of_an_erased_person_nothing_more_is_told(one_scene):
    body = one_scene.prove().body
    destroy(vault_of(one_scene.desk.archive).store, one_scene.desk.worker_id)
    report = one_scene.verify(body)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "erased")


def test_without_the_archive_the_signature_is_checked_and_the_answer_stays_open(one_scene):
    body = one_scene.prove(is_opened=True).body
    report = verify_file(body, trust=one_scene.keys.trust, register=None, now=LATER)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, "offline")
    assert [one.state for one in report.checks[:10]] == [CheckState.PASSED] * 10
    assert report.proof is not None


def test_a_proof_outlives_the_certificate_of_its_signer_by_its_stamp(one_scene):
    stamped = one_scene.prove().body
    bare = one_scene.prove(profile=SigningProfile.B_B).body
    certificate = one_scene.keys.certificate
    end = certificate.not_valid_after + timedelta(days=1)
    trust = TrustBundle(one_scene.keys.trust.roots)
    assert one_scene.verify(bare).verdict is Verdict.VALID
    assert one_scene.verify(bare, trust=trust, now=end).reason == "signer_expired"
    assert one_scene.verify(stamped, trust=trust, now=end).reason == "stamp_expired"
    assert one_scene.verify(stamped, now=NOW - timedelta(days=1)).reason == "clock"


@pytest.mark.parametrize("profile", [SigningProfile.B_T, SigningProfile.B_LTA])
def test_an_authority_elsewhere_stamps_and_without_it_there_is_no_proof(
    one_scene, tmp_path, profile
):
    own = one_scene.keys
    with a_stamp_server(tmp_path / "lists", NOW) as server:
        stamps = ServiceTimeStamps(server.address())
        using = replace(one_scene.using, keys=OneKey(replace(own, stamps=stamps)))
        scene = replace(one_scene, using=using)
        proved = scene.prove(profile=profile)
        lists = proof_in(proved.body).evidence.lists
        assert len(lists) == (4 if profile is SigningProfile.B_LTA else 0)
        trust = replace(own.trust, stamp_roots=server.trust.roots)
        report = scene.verify(proved.body, trust=trust)
        assert (report.verdict, report.reason) == (Verdict.VALID, "proved")
        assert scene.verify(proved.body).reason == "stamp_forged"
        server.status = 503
        with pytest.raises(SigningUnavailableError):
            scene.prove(profile=profile)


# --- By programs of others


def test_openssl_finds_signature_and_stamp_right_and_an_edited_statement_wrong(one_scene, tmp_path):
    body = one_scene.prove().body
    proof = proof_in(body)
    (tmp_path / "root.pem").write_bytes(one_scene.keys.trust.to_pem())
    (tmp_path / "signature.p7s").write_bytes(b64decode(proof.signature))
    (tmp_path / "statement").write_text(proof.statement)
    words = "openssl cms -verify -binary -inform DER -in signature.p7s -content statement"
    words += " -CAfile root.pem -purpose any -no_check_time -out out"
    assert _run(words, tmp_path).returncode == 0
    stated = statement_in(body).model_copy(update={"links": 5})
    (tmp_path / "statement").write_bytes(statement_bytes(stated))
    assert _run(words, tmp_path).returncode != 0


def test_the_verifier_in_the_guide_takes_the_proof_and_nothing_else(one_scene, tmp_path):
    [script] = re.findall(r"```python\n(# verify_proof\.py.*?)```", GUIDE.read_text(), re.DOTALL)
    (tmp_path / "verify_proof.py").write_text(script)
    (tmp_path / "trust.pem").write_bytes(one_scene.keys.trust.to_pem())
    body = one_scene.prove(is_opened=True).body
    cases = {
        "good": (body, 0),
        "body": (body.replace(b'\\"kind\\":\\"training\\"', b'\\"kind\\":\\"honour00\\"'), 1),
        "opening": (body.replace(b'"opening":"{\\"reason', b'"opening":"{\\"raeson'), 1),
        "count": (signed_anew(body, one_scene.keys, links=2), 1),
    }
    for name, (content, expected) in cases.items():
        (tmp_path / "proof.json").write_bytes(content)
        assert name == "good" or content != body
        done = _run(f"{sys.executable} -I verify_proof.py proof.json trust.pem", tmp_path)
        assert done.returncode == expected, (name, done.stdout, done.stderr)


def _run(words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words.split(), cwd=folder, capture_output=True, text=True, check=False)
