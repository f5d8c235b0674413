"""Facts of issuing in the name of a body that has a key and a seal of its own."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import select

from archive.people.models import Organisation
from archive.settings import Settings
from archive.transcripts import certifying, own_documents, seals
from archive.transcripts.house_keys import keys_of_house
from archive.transcripts.issuing import Awaited, issue
from archive.transcripts.issuing_keys import add
from archive.transcripts.key_files import open_file
from archive.transcripts.key_models import IssuingKey, IssuingKeyRevocation, IssuingKeyUse
from archive.transcripts.keyring import Keyring
from archive.transcripts.models import Transcript
from archive.transcripts.ordering import order_for, order_of
from archive.transcripts.own_works import press_for
from archive.transcripts.proofs import Proved, Prover, prove
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.report_issuing import issue_report
from archive.transcripts.signing_refusals import IssuingKeyRevokedError, SigningUnavailableError
from archive.transcripts.trust import TrustBundle
from archive.transcripts.trust_view import trust_view
from archive.transcripts.trusted_bodies import trust_bundle
from archive.transcripts.verification import verify_file
from schemas.documents import DocumentAsked
from schemas.keys import KeyPlace, KeyStanding, RevocationReason, SigningProfile
from schemas.link_proofs import ProofAsked
from schemas.reports import VerificationReport
from schemas.vocabulary import DocumentLanguage, DocumentState, Role, Verdict
from tests.body_authorities import Authority
from tests.builders import NOW, an_account
from tests.stamp_servers import plain
from tests.test_documents_kept import run_job
from tests.test_issuing_keys import SQUARE, an_svg
from tests.test_transcripts_issuing import LATER, Desk, a_desk


@dataclass
class Bureau:
    """A bureau that bought a key, and issues documents with it."""

    desk: Desk
    settings: Settings
    authority: Authority
    body_id: UUID

    def verify(self, pdf: bytes, now: datetime = LATER) -> VerificationReport:
        ring = Keyring(self.settings, now=now)
        with self.desk.archive.reading() as session:
            trust = trust_bundle(session, ring, at=now)
            register = DatabaseRegister(session)
            return verify_file(pdf, trust=trust, register=register, now=now)

    def take_into_use(self, folder: Path) -> IssuingKey:
        """Register a new key and use it, as two administrators would."""
        file = self.authority.file(folder, ec.generate_private_key(ec.SECP256R1()))
        papers, _ = open_file(file, now=NOW)
        with self.desk.archive.transaction() as session:
            by = an_account(session, folder.name, role=Role.ADMINISTRATOR)
            key = add(session, "BUREAU", papers, KeyPlace.PKCS12, str(file), by=by, now=NOW)
            session.add(IssuingKeyUse(key_id=key.id, since=NOW, proposed_by=by.id))
            session.flush()
            session.expunge(key)
        return key


@pytest.fixture
def bureau(archive, tmp_path) -> Bureau:
    home = tmp_path / "home"
    settings = Settings(home=home, demo=False)
    desk = a_desk(archive, settings.secrets_folder)
    with archive.reading() as session:
        query = select(Organisation.id).where(Organisation.code == "BUREAU")
        body_id = session.exec(query).one()
    press = replace(press_for(settings, now=NOW), base_url="https://archive.example")
    authority = Authority(NOW, settings.secrets_folder / "lists")
    return Bureau(replace(desk, press=press), settings, authority, body_id)


def test_a_body_s_documents_are_signed_by_its_key_and_show_its_seal(bureau, tmp_path):
    before = bureau.desk.issue()
    key = bureau.take_into_use(tmp_path / "first")
    with bureau.desk.archive.transaction() as session:
        by = an_account(session, "sealer", role=Role.ADMINISTRATOR)
        drawing = seals.read_svg(an_svg(f'<path d="{SQUARE}"/>'))
        seal = seals.register(session, "BUREAU", drawing, by=by, now=NOW)

    issued = bureau.desk.issue(purpose="应聘")
    transcript = issued.transcript
    assert (transcript.signer, transcript.is_development) == (key.fingerprint, False)
    assert transcript.seal == seal.sha256
    assert before.transcript.is_development
    assert before.transcript.seal is None
    for pdf in (before.pdf, issued.pdf):
        assert bureau.verify(pdf).verdict is Verdict.VALID


def revoke(bureau: Bureau, key: IssuingKey, since: datetime) -> None:
    """Revoke a key, as two administrators would."""
    with bureau.desk.archive.transaction() as session:
        session.add(
            IssuingKeyRevocation(
                key_id=key.id,
                reason=RevocationReason.COMPROMISED,
                since=since,
                proposed_by=bureau.desk.clerk.id,
                decided_at=LATER,
            )
        )


def test_after_a_rotation_both_hold_and_after_a_revocation_nothing_is_signed(bureau, tmp_path):
    first = bureau.take_into_use(tmp_path / "first")
    old = bureau.desk.issue()
    second = bureau.take_into_use(tmp_path / "second")
    new = bureau.desk.issue(purpose="应聘")
    assert (old.transcript.signer, new.transcript.signer) == (
        first.fingerprint,
        second.fingerprint,
    )
    revoke(bureau, second, NOW - timedelta(hours=1))
    with bureau.desk.archive.reading() as session, pytest.raises(IssuingKeyRevokedError):
        order_of(session, bureau.body_id, bureau.desk.press.keys)
    with pytest.raises(IssuingKeyRevokedError):  # A report of that: told, and none comes later.
        issue_report(
            bureau.desk.archive,
            bureau.verify(old.pdf),
            DocumentLanguage.CHINESE,
            now=LATER,
            using=bureau.desk.press,
        )
    assert bureau.verify(old.pdf).verdict is Verdict.VALID
    told = bureau.verify(new.pdf)
    assert (told.verdict, told.reason) == (Verdict.DIFFERS, "signer_revoked")


def test_a_proof_is_signed_by_the_body_s_key_and_falls_with_it(bureau, tmp_path):
    key = bureau.take_into_use(tmp_path / "first")
    desk, ring = bureau.desk, Keyring(bureau.settings, now=NOW)
    keys = partial(keys_of_house, ring=ring)
    using = Prover(keys, SigningProfile.B_LTA, "https://archive.example", "Asia/Shanghai")
    asked = ProofAsked(subject_id=desk.records[0])

    def proved() -> Proved:
        return prove(desk.archive, desk.worker_id, asked, by=desk.clerk, now=NOW, using=using)

    proof = proved()
    told = proof.statement
    assert (told.signer, told.is_development) == (key.fingerprint, False)
    assert bureau.verify(proof.body).verdict is Verdict.VALID
    revoke(bureau, key, NOW - timedelta(hours=1))
    assert bureau.verify(proof.body).reason == "signer_revoked"
    with pytest.raises(IssuingKeyRevokedError):
        proved()


def test_what_was_stamped_before_the_day_of_a_revocation_stays_good(bureau, tmp_path):
    key = bureau.take_into_use(tmp_path / "first")
    issued = bureau.desk.issue()
    revoke(bureau, key, NOW + timedelta(hours=1))
    assert bureau.verify(issued.pdf, NOW + timedelta(days=1)).verdict is Verdict.VALID
    ring = Keyring(bureau.settings, now=NOW)
    with bureau.desk.archive.reading() as session:
        trust = trust_bundle(session, ring, at=NOW)
    assert TrustBundle.from_pem(trust.to_pem()).withdrawn == trust.withdrawn
    assert [one.fingerprint for one in trust.withdrawn] == [key.fingerprint]


def accepted(bureau: Bureau) -> UUID:
    """Ask for a document while nothing can sign it: it is accepted and waits."""
    desk = bureau.desk
    asked = DocumentAsked(purpose="落户")
    waits = issue(desk.archive, desk.worker_id, asked, by=desk.clerk, now=NOW, using=desk.press)
    assert isinstance(waits, Awaited)
    return waits.transcript.id


def signer_of(bureau: Bureau, document_id: UUID) -> str:
    """Return by whose key the document was signed that came of a request."""
    desk = bureau.desk
    with desk.archive.reading() as session:
        view = own_documents.one(
            session, desk.worker_id, document_id, by=desk.clerk, today=NOW.date()
        )
        assert view.state is DocumentState.READY
        return session.get_one(Transcript, (desk.worker_id, view.id)).signer


def test_while_the_body_s_key_is_revoked_documents_wait_for_the_next_one(bureau, tmp_path):
    """All in one process, which holds keys open: it is never started anew."""
    revoke(bureau, bureau.take_into_use(tmp_path / "first"), NOW - timedelta(hours=1))
    document = accepted(bureau)
    with pytest.raises(SigningUnavailableError):
        run_job(bureau.desk, bureau.desk.press)
    second = bureau.take_into_use(tmp_path / "second")
    run_job(bureau.desk, bureau.desk.press)
    assert signer_of(bureau, document) == second.fingerprint


def test_while_the_file_of_the_body_s_key_is_missing_documents_wait_for_it(bureau, tmp_path):
    key = bureau.take_into_use(tmp_path / "first")
    file = Path(key.reference)
    away = file.rename(file.with_suffix(".away"))
    document = accepted(bureau)
    away.rename(file)
    run_job(bureau.desk, bureau.desk.press)
    assert signer_of(bureau, document) == key.fingerprint


def test_a_document_begun_under_a_key_that_was_replaced_meanwhile_is_not_signed_by_it(
    bureau, tmp_path
):
    """Also not by the key for tests, which every process has by itself."""
    begun = bureau.desk.issue().transcript
    assert begun.is_development
    with bureau.desk.archive.reading() as session:
        assert order_for(session, begun, bureau.desk.press.keys) is not None
    bureau.take_into_use(tmp_path / "first")
    with bureau.desk.archive.reading() as session:
        assert order_for(session, begun, bureau.desk.press.keys) is None


def test_what_was_signed_while_the_key_was_revoked_is_handed_to_nobody(
    bureau, tmp_path, monkeypatch
):
    key = bureau.take_into_use(tmp_path / "first")
    works = type(bureau.desk.press.works)
    make = works.make

    def revoked_meanwhile(self, payload, **how):
        signed = make(self, payload, **how)
        revoke(bureau, key, NOW - timedelta(hours=1))
        return signed

    with monkeypatch.context() as patched:
        patched.setattr(works, "make", revoked_meanwhile)
        document = accepted(bureau)
    second = bureau.take_into_use(tmp_path / "second")
    run_job(bureau.desk, bureau.desk.press)
    assert signer_of(bureau, document) == second.fingerprint


def test_the_root_of_a_former_time_stamp_authority_stays_in_the_trust(bureau, tmp_path):
    """For stamps alone: it vouches for no document."""
    root = plain(certifying.root(NOW, "elsewhere"))
    file = tmp_path / "tsa.pem"
    file.write_bytes(TrustBundle((root,)).to_pem())
    before = {"tsa_url": "https://tsa.example", "tsa_trust": file}
    Keyring(bureau.settings.model_copy(update=before), now=NOW)
    file.unlink()
    ring = Keyring(bureau.settings, now=NOW)
    with bureau.desk.archive.reading() as session:
        trust = TrustBundle.from_pem(trust_bundle(session, ring, at=NOW).to_pem())
    assert [one.dump() for one in trust.stamp_roots] == [root.dump()]
    assert root.dump() not in [one.dump() for one in trust.roots]


def test_who_compares_fingerprints_sees_whose_each_key_is_and_since_when(bureau, tmp_path):
    first, second = (bureau.take_into_use(tmp_path / name) for name in ("first", "second"))
    revoke(bureau, first, NOW + timedelta(hours=1))
    ring = Keyring(bureau.settings, now=NOW)
    with bureau.desk.archive.reading() as session:
        bundle = trust_bundle(session, ring, at=NOW)
        current, former, own = trust_view(session, bundle, ring.fallback).signers
        body = session.get_one(Organisation, bureau.body_id)
    assert (current.fingerprint, current.standing) == (second.fingerprint, KeyStanding.CURRENT)
    assert (former.fingerprint, former.standing) == (first.fingerprint, KeyStanding.REVOKED)
    assert current.body is not None
    assert (current.body.zh, current.signs_since) == (body.name, NOW)
    assert former.revoked_since == NOW + timedelta(hours=1)
    assert (own.fingerprint, own.body) == (ring.fallback.fingerprint, None)
