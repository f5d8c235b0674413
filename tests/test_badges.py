"""Badges of course platforms: verified with keys that are trusted, posted once, or refused."""

import json
from typing import Any

import pytest
from openbadgeslib.baking import ITXT_KEYWORD_OB3, SVG_ELEMENT_OB3, SVG_NS_OB3, bake_png, bake_svg

from archive.dossiers.programs.badges import platforms
from archive.dossiers.programs.badges.containers import LONGEST_TEXT, MOST_BYTES
from archive.people import accounts, organisations
from archive.web.deps import clock
from schemas.vocabulary import Grade, Way
from tests.badges import CONTEXT, ISSUER, JWTS, Issued, a_credential, a_png, issued, itxt
from tests.doors import Door
from tests.platforms import teach
from tests.test_provenance import sources_of
from tests.test_xapi import listed, trainings_of

PATH = "/api/v1/badges"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><openbadges:credential>&b;</openbadges:credential></svg>'
)


def register(
    door: Door, told: Issued, *, issuer: str = ISSUER, confirmed: bool = True, by: str = "TP01"
) -> Any:
    """Register a platform of an organisation, with JWKs and a multikey as two platforms."""
    with door.house.archive.transaction() as session:
        body = organisations.coded(session, by)
        boss = accounts.named(session, "trainer administrator")
        clerk, now = accounts.named(session, "clerk"), clock()
        made = [
            platforms.register(session, body, "学习平台", issuer, keys, by=boss, now=now)
            for keys in (told.keys, told.multikey)
        ]
        for one in made if confirmed else ():
            platforms.confirm(session, one.id, by=clerk, now=now)
        return [one.id for one in made]


def post(door: Door, content: bytes, who: str = "trainer") -> Any:
    return door.program(who).post(PATH, files={"file": ("badge", content)})


def code_of(door: Door, content: bytes) -> str:
    answer = post(door, content)
    assert answer.status_code in {413, 422}, answer.text
    code = answer.json()["code"]
    assert isinstance(code, str)
    return code


@pytest.fixture
def trusting(door: Door) -> Door:
    """Return an archive in which TP01 teaches a course and trusts its platform."""
    teach(door)
    register(door, issued())
    return door


def test_badges_that_others_signed_are_posted_once_whatever_they_are_written_in(trusting):
    told = issued()
    first = post(trusting, told["graph"])
    assert (first.status_code, first.json()["state"]) == (201, "new"), first.text
    (record,) = trainings_of(trusting)
    assert (record.grade, str(record.score), str(record.completed_on)) == (
        Grade.PASS,
        "92",
        "2025-02-01",
    )
    with trusting.house.archive.reading() as session:
        (source,) = [one for one in sources_of(session) if one.way is Way.BADGE]
    assert source.digest == first.json()["digest"]
    assert source.reference == a_credential()["id"]

    others = [told[name] for name in ("text", *JWTS, "vc claim", "hashed", "account")]
    baked = (told.badges[name] for name in ("graph", "ES256"))
    others += [bake_png(a_png(), one, keyword=ITXT_KEYWORD_OB3) for one in baked]
    token = told.badges["EdDSA"]
    others += [bake_svg(SVG, token, element=SVG_ELEMENT_OB3, namespace=SVG_NS_OB3)]
    others += [SVG.replace(b"></svg>", _element(told["graph"]) + b"</svg>")]
    for one in others:
        again = post(trusting, one)
        assert (again.status_code, again.json().get("state")) == (200, "same"), again.text
    checked = post(trusting, told["with status"]).json()
    assert [one["code"] for one in checked["warnings"]] == ["badge_status_unchecked"]
    assert trainings_of(trusting) == [record]
    assert listed(trusting.program("trainer"))[-1] == ("new", None)


def _element(credential: bytes) -> bytes:
    inside = f'><openbadges:credential xmlns:openbadges="{SVG_NS_OB3}"><![CDATA['
    return inside.encode() + credential + b"]]></openbadges:credential>"


def test_forged_expired_unsigned_foreign_retargeted_and_swapped_badges_are_refused(trusting):
    told, other = issued(), issued("other")
    graph = json.loads(told.badges["graph"])
    subject = graph["credentialSubject"]
    somebody = {**subject, "identifier": subject["identifier"][1:]}
    swapped = {**subject, "achievement": {**subject["achievement"], "id": "urn:x:other"}}
    expired = json.loads(told.badges["expired"])
    until = expired.pop("validUntil")
    respelled = {"https://www.w3.org/2018/credentials#validUntil": until, **expired}
    header, payload, signature = told.badges["ES256"].split(".")
    unknown = {**graph["proof"], "cryptosuite": "ecdsa-rdfc-2019"}
    cases = [
        (other["graph"], "badge_forged"),
        (other["text"], "badge_forged"),
        (other["ES256"], "badge_forged"),
        (told.changed("graph", credentialSubject=somebody), "badge_forged"),
        (told.changed("graph", credentialSubject=swapped), "badge_forged"),
        (told.changed("graph", validUntil="2999-01-01T00:00:00Z"), "badge_forged"),
        (told.changed("text", validUntil="2999-01-01T00:00:00Z"), "badge_forged"),
        (told.changed("expired", validUntil="2999-01-01T00:00:00Z"), "badge_forged"),
        (json.dumps(expired).encode(), "badge_forged"),
        (json.dumps(respelled).encode(), "badge_forged"),
        (
            ".".join((header, told.badges["vc claim"].split(".")[1], signature)).encode(),
            "badge_forged",
        ),
        (told["expired"], "badge_expired"),
        (told["expired token"], "badge_expired"),
        (told["not yet"], "badge_not_yet"),
        (json.dumps(a_credential()).encode(), "badge_unsigned"),
        (f"{header}.{payload}.".encode(), "badge_unsigned"),
        (told.changed("graph", proof=unknown), "badge_proof_unknown"),
        (told.changed("graph", proof=[graph["proof"], graph["proof"]]), "badge_proof_unknown"),
        (told["foreign"], "badge_issuer_unknown"),
        (told["other issuer"], "badge_contradicts"),
        (
            told.changed("graph", **{"@context": [*CONTEXT, {"validUntil": "urn:x:y"}]}),
            "badge_context",
        ),
        (told.changed("graph", **{"@context": CONTEXT[1:]}), "badge_context"),
        (told["endorsement"], "badge_type"),
        (told.changed("graph", credentialSubject=[subject, subject]), "badge_type"),
        (told["other course"], "platform_course_unknown"),
        (told["nobody"], "platform_person_unknown"),
        (told["hashed for nobody"], "platform_person_unknown"),
        (told["number alone"], "platform_name_missing"),
    ]
    for content, code in cases:
        assert code_of(trusting, content) == code, content[:3000]
    assert trainings_of(trusting) == []
    assert post(trusting, told["graph"], "rival").json()["code"] == "badge_issuer_unknown"


def test_a_file_in_which_no_badge_can_be_read_says_so(trusting):
    told = issued()["graph"]
    chunk = itxt(told)
    broken = bytearray(a_png(chunk))
    broken[60] ^= 1
    unreadable = [
        b"",
        b"{",
        b"\xff\xfe",
        b"hello",
        b'{"a": 1, "a": 2}',
        a_png(),
        a_png(chunk, chunk),
        a_png(itxt(told, b"openbadgecredential\0\1\0\0\0")),
        a_png(itxt(told, b"openbadgecredential\0")),
        a_png(chunk)[:-20],
        bytes(broken),
        SVG,
        BOMB,
        SVG.replace(b"></svg>", _element(told) + _element(told)[1:] + b"</svg>"),
        SVG[:-4],
        json.dumps(a_credential(validFrom="soon")).encode(),
        json.dumps(a_credential(validFrom="9999-12-31T23:59:59-12:00")).encode(),
        json.dumps(a_credential(id=None)).encode(),
    ]
    for content in unreadable:
        if content:
            assert code_of(trusting, content) in {"badge_unreadable", "badge_context"}, content
    assert code_of(trusting, b"{" + b" " * LONGEST_TEXT + b"}") == "badge_too_large"
    assert code_of(trusting, a_png((b"tEXt", b"x" * MOST_BYTES))) == "badge_too_large"
    assert listed(trusting.program("trainer")) == []


def test_a_badge_counts_from_the_confirmation_of_its_platform_to_its_end(door):
    teach(door)
    told = issued()["EdDSA"]
    assert code_of(door, told) == "badge_issuer_unknown"
    made = register(door, issued(), confirmed=False)
    assert code_of(door, told) == "badge_issuer_waiting"
    with door.house.archive.transaction() as session:
        clerk = accounts.named(session, "clerk")
        platforms.confirm(session, made[0], by=clerk, now=clock())
    assert post(door, told).status_code == 201
    with door.house.archive.transaction() as session:
        boss = accounts.named(session, "trainer administrator")
        for one in made:
            platforms.end(session, one, by=boss, now=clock())
    assert code_of(door, told) == "badge_issuer_ended"
    assert len(trainings_of(door)) == 1
    page = door.visit("trainer").post("/trainer/badges", files={"file": ("a.jwt", told)})
    assert page.status_code == 422
    assert "badge_issuer_ended" in page.text


PRIVATE = (
    '{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "d": "x"}'
)


def test_a_platform_is_registered_by_one_and_confirmed_by_another_on_its_page(door):
    boss, clerk = door.visit("trainer administrator"), door.visit("clerk")
    here, told = "/organisation/platforms", {"name": "学习平台", "issuer": ISSUER}
    for wrong, code in (
        ({"keys": PRIVATE}, "platform_key_private"),
        ({"keys": "{}"}, "platform_key_unreadable"),
        ({"keys": "z6Mk"}, "platform_key_unreadable"),
        ({"keys": '{"kty": "EC", "crv": "P-384", "x": "a", "y": "b"}'}, "platform_key_unreadable"),
        ({"keys": issued().multikey, "issuer": "学校"}, "platform_issuer"),
    ):
        page = boss.post(here, data=told | wrong)
        assert page.status_code == 422
        assert code in page.text
    done = boss.post(here, data=told | {"keys": issued().multikey}).headers["location"]
    assert "平台已登记" in boss.get(done).text
    with door.house.archive.reading() as session:
        by = accounts.named(session, "clerk")
        (known,) = platforms.listed(session, by=by).platforms
    own = f"{here}/{known.id}"
    assert "platform_second_person" in boss.post(f"{own}/confirm").text
    assert "平台已确认" in clerk.get(clerk.post(f"{own}/confirm").headers["location"]).text
    assert "platform_step_taken" in clerk.post(f"{own}/confirm").text
    assert "平台已终止" in boss.get(boss.post(f"{own}/end").headers["location"]).text
    assert "platform_step_taken" in boss.post(f"{own}/end").text
    assert "platform_unknown" in boss.post(f"{here}/{door.record_ids[0]}/end").text
    assert door.visit("trainer").get(here).status_code == 403
