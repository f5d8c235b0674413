"""Facts of issuing in the name of a body that has a key and a seal of its own."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import select

from archive.people.models import Organisation
from archive.settings import Settings
from archive.transcripts import seals
from archive.transcripts.issuing_keys import add
from archive.transcripts.key_files import open_file
from archive.transcripts.key_models import IssuingKey, IssuingKeyRevocation, IssuingKeyUse
from archive.transcripts.keyring import Keyring
from archive.transcripts.own_works import press_for
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.signing_refusals import IssuingKeyRevokedError
from archive.transcripts.trust import TrustBundle
from archive.transcripts.trusted_bodies import trust_bundle
from archive.transcripts.verification import verify_file
from schemas.keys import KeyPlace, RevocationReason
from schemas.reports import VerificationReport
from schemas.vocabulary import Role, Verdict
from tests.body_authorities import Authority
from tests.builders import NOW, an_account
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
    with pytest.raises(IssuingKeyRevokedError):
        bureau.desk.issue(purpose="落户")
    assert bureau.verify(old.pdf).verdict is Verdict.VALID
    told = bureau.verify(new.pdf)
    assert (told.verdict, told.reason) == (Verdict.DIFFERS, "signer_revoked")


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
