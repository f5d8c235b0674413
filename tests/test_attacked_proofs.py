"""Attacked proofs: each is met by the right check, none is called valid, nothing raises."""

import asyncio
import hashlib
import json
import random
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import cms

from archive.transcripts.keys import development_keys
from archive.transcripts.proof_files import proof_bytes, stamped_bytes
from archive.transcripts.time_stamps import TimeStamps
from archive.transcripts.trust import Revoked, TrustBundle, Withdrawn
from archive.transcripts.verification import verify_file
from credit_bank.chain import canonical_bytes, link_hash
from credit_bank.merkle import merkle_root
from schemas.keys import SigningProfile
from schemas.link_proofs import LinkProofV1, ProofEvidence, ProofLink
from schemas.vocabulary import Verdict
from tests.builders import NOW
from tests.proofs import (
    LATER,
    Scene,
    a_scene,
    edited,
    first_failed,
    proof_in,
    signed_anew,
    statement_in,
)
from tests.test_transcripts_issuing import signing_keys

__all__ = ["signing_keys"]
FLIPS = 200


HOSTILE = [
    b"{",
    b"{}",
    b"{" * 100_000,
    b'{"a":' * 100_000,
    b'{"schema_name":"skills-archive/proof/1","path":' + b"[" * 200_000,
    b'{"schema_name":"skills-archive/proof/1","links":' + b"9" * 100_000 + b"}",
    b'{"schema_name":"skills-archive/proof/1","opening":"\\ud800"}',
    b'{"schema_name":"skills-archive/proof/1"\xff}',
    b"\xef\xbb\xbf{}",
    b'{"x":"' + b"a" * 2**21 + b'"}',
    b"skills-archive/proof/1",
]


@pytest.fixture
def scene(sqlite_archive, signing_keys) -> Scene:
    return a_scene(sqlite_archive, signing_keys)


Make = Callable[[bytes, bytes, LinkProofV1], bytes]
"""From a proof, the same without a time stamp, and the proof of another record."""


def _without_root_in_body(body: bytes) -> ProofLink:
    link = proof_in(body).link
    return link.model_copy(update={"body": link.body.replace('"hours":"36"', '"hours":"99"')})


def _opening_of(proof: LinkProofV1) -> str:
    assert proof.opening is not None
    return proof.opening.replace("36", "63")


def _stated(body: bytes, **changes: object) -> str:
    told = statement_in(body).model_copy(update=changes).model_dump(mode="json")
    return canonical_bytes(told).decode()


def _with_lines(body: bytes, text: bytes) -> bytes:
    return text + body[1:]


ATTACKS: dict[str, tuple[Make, int, str]] = {
    "clear part changed": (
        lambda a, _, __: edited(a, link=_without_root_in_body(a)),
        7,
        "stamp_broken",
    ),
    "clear part changed, no stamp": (
        lambda _, b, __: edited(b, link=_without_root_in_body(b)),
        9,
        "path_broken",
    ),
    "link of another record, no stamp": (
        lambda _, b, o: edited(b, link=o.link),
        8,
        "foreign_content",
    ),
    "path of another record, no stamp": (lambda _, b, o: edited(b, path=o.path), 9, "path_broken"),
    "path cut short, no stamp": (
        lambda _, b, __: edited(b, path=proof_in(b).path[:-1]),
        9,
        "path_broken",
    ),
    "link before changed, no stamp": (
        lambda _, b, __: edited(b, link=proof_in(b).link.model_copy(update={"previous": "0" * 64})),
        9,
        "path_broken",
    ),
    "opening changed": (
        lambda a, _, __: edited(a, opening=_opening_of(proof_in(a))),
        7,
        "stamp_broken",
    ),
    "opening changed, no stamp": (
        lambda _, b, __: edited(b, opening=_opening_of(proof_in(b))),
        10,
        "opening_differs",
    ),
    "opening of another record, no stamp": (
        lambda _, b, o: edited(b, opening=o.opening),
        10,
        "opening_differs",
    ),
    "opening taken out": (lambda a, _, __: edited(a, opening=None), 7, "stamp_broken"),
    "other count": (
        lambda a, _, __: edited(a, statement=_stated(a, links=99)),
        3,
        "broken_signature",
    ),
    "other place": (
        lambda a, _, __: edited(a, statement=_stated(a, sequence=1)),
        3,
        "broken_signature",
    ),
    "signature of another record": (
        lambda a, _, o: edited(a, signature=o.signature),
        3,
        "broken_signature",
    ),
    "statement and signature of another record, no stamp": (
        lambda _, b, o: edited(b, statement=o.statement, signature=o.signature),
        8,
        "foreign_content",
    ),
    "stamp of another record": (
        lambda a, _, o: edited(a, time_stamp=o.time_stamp),
        7,
        "stamp_broken",
    ),
    "evidence beside no stamp": (
        lambda a, b, _: edited(b, evidence=proof_in(a).evidence),
        4,
        "changed_after_signing",
    ),
    "evidence taken out": (
        lambda a, _, __: edited(a, evidence=ProofEvidence()),
        7,
        "stamp_broken",
    ),
    "field added": (lambda a, _, __: _with_lines(a, b'{"a":1,'), 1, "damaged"),
    "name twice": (lambda a, _, __: _with_lines(a, b'{"evidence":0,'), 1, "damaged"),
    "spelled otherwise": (lambda a, _, __: json.dumps(json.loads(a)).encode(), 1, "damaged"),
    "line behind": (lambda a, _, __: a + b"\n", 1, "damaged"),
    "no number": (lambda a, _, __: a.replace(b'"opening":', b'"opening":NaN,"o":'), 1, "damaged"),
    "signature is no DER": (
        lambda a, _, __: edited(a, signature=b64encode(b"none").decode()),
        2,
        "damaged",
    ),
    "base64 with other last bits": (
        lambda a, _, __: edited(a, signature=proof_in(a).signature[:-3] + "B=="),
        2,
        "damaged",
    ),
}


def test_an_attacked_proof_is_met_by_the_right_check_and_tells_nothing(scene):
    body = scene.prove(is_opened=True).body
    bare = scene.prove(is_opened=True, profile=SigningProfile.B_B).body
    other = scene.prove(scene.desk.records[1], is_opened=True).body
    met: dict[str, tuple[int | None, str]] = {}
    for name, (make, _, _) in ATTACKS.items():
        attacked = make(body, bare, proof_in(other))
        assert attacked not in {body, bare, other}, name
        offline = verify_file(attacked, trust=scene.keys.trust, register=None, now=LATER)
        report = scene.verify(attacked)
        met[name] = (first_failed(report), report.reason)
        assert met[name] == (first_failed(offline), offline.reason)
        for one in (report, offline):
            assert one.verdict is Verdict.DIFFERS, name
            assert (one.proof, one.document, one.signature) == (None, None, None), name
    assert met == {name: (number, reason) for name, (_, number, reason) in ATTACKS.items()}


def test_who_has_a_key_of_another_authority_or_one_that_was_revoked_proves_nothing(scene, tmp_path):
    body = scene.prove().body
    foreign = development_keys(tmp_path, now=NOW)
    forged = scene.verify(signed_anew(body, foreign))
    assert (first_failed(forged), forged.reason) == (5, "forged_trust")

    def revoked(days: int) -> TrustBundle:
        withdrawn = Withdrawn(
            scene.keys.fingerprint, Revoked(NOW + timedelta(days=days), is_compromised=True)
        )
        trust: TrustBundle = scene.keys.trust
        return replace(trust, withdrawn=(withdrawn,))

    before = scene.verify(body, trust=revoked(-1))
    assert (first_failed(before), before.reason) == (6, "signer_revoked")
    assert scene.verify(body, trust=revoked(1)).verdict is Verdict.VALID
    bare = scene.prove(profile=SigningProfile.B_B).body
    assert scene.verify(bare, trust=revoked(1)).reason == "signer_revoked_since"


def test_a_thief_of_the_key_can_state_nothing_that_the_archive_does_not_hold(scene):
    body = scene.prove().body
    proof, keys = proof_in(body), scene.keys
    changed = _without_root_in_body(body)
    root = _root_of_one(body, changed)
    forged = signed_anew(body, keys, links=1, sequence=1, root=root, path=(), link=changed)
    offline = verify_file(forged, trust=keys.trust, register=None, now=LATER)
    assert offline.reason == "offline"  # That is what the register is for.
    report = scene.verify(forged)
    assert (first_failed(report), report.reason) == (11, "chain_differs")
    elsewhere = signed_anew(body, keys, worker_id=scene.worker.id, path=proof.path)
    assert first_failed(scene.verify(elsewhere)) == 9
    wrong = signed_anew(body, keys, links=statement_in(body).links - 1)
    assert scene.verify(wrong).verdict is Verdict.DIFFERS


def _root_of_one(body: bytes, link: ProofLink) -> str:
    told = statement_in(body)
    previous, text = bytes.fromhex(link.previous), link.body.encode()
    whose = told.worker_id
    leaf = link_hash(previous, whose, 1, told.subject_kind, told.subject_id, text)
    return merkle_root([leaf]).hex()


def test_no_byte_can_be_changed(scene):
    whole = scene.prove(is_opened=True).body
    bare = scene.prove(profile=SigningProfile.B_B).body
    chance = random.Random(2040)
    for number in range(FLIPS):
        body = bytearray(whole if number % 2 else bare)
        at = chance.randrange(len(body))
        body[at] ^= 1 << chance.randrange(8)
        report = verify_file(bytes(body), trust=scene.keys.trust, register=None, now=LATER)
        assert report.reason != "offline", (number, at)
        assert report.proof is None


def test_what_is_no_proof_is_answered_and_never_raised(scene):
    whole = scene.prove().body
    cut = (whole[:length] for length in range(0, len(whole), len(whole) // 40))
    for body in (*HOSTILE, *cut):
        report = scene.verify(body)
        assert report.verdict in {Verdict.DIFFERS, Verdict.CANNOT_CHECK}, body[:60]
        assert report.proof is None


def test_a_certificate_may_not_ride_along_in_signature_or_stamp(scene, tmp_path):
    bare = scene.prove(profile=SigningProfile.B_B).body
    rider = development_keys(tmp_path, now=NOW).certificate
    message = cms.ContentInfo.load(b64decode(proof_in(bare).signature))
    message["content"]["certificates"].append(cms.CertificateChoices("certificate", rider))
    padded = b64encode(message.dump(force=True)).decode()
    report = scene.verify(edited(bare, signature=padded))
    assert (first_failed(report), report.reason) == (4, "changed_after_signing")


def test_who_changes_a_proof_and_has_it_stamped_anew_is_met_by_the_path(scene):
    body = scene.prove().body
    changed = proof_in(edited(body, link=_without_root_in_body(body), time_stamp=None))
    token = _stamped(changed, scene.keys.stamps)
    report = scene.verify(proof_bytes(changed.model_copy(update={"time_stamp": token})))
    assert (first_failed(report), report.reason) == (9, "path_broken")


def _stamped(proof: LinkProofV1, stamps: TimeStamps) -> str:
    digest = hashlib.sha256(stamped_bytes(proof)).digest()
    token = asyncio.run(stamps.stamper(at=LATER).async_timestamp(digest, "sha256"))
    return b64encode(token.dump()).decode()
