"""Whom to trust, over HTTP: fingerprints to compare, and the same certificates as a file."""

from archive.transcripts.trust import TrustBundle


def test_the_page_of_trust_shows_the_fingerprints_of_the_file(door):
    visitor = door.visit()
    bundle = TrustBundle.from_pem(visitor.get("/trust.pem").content)
    page = visitor.get("/trust").text
    assert bundle.fingerprints
    assert bundle.lists
    shown = "".join(page.split())
    for fingerprint in (*bundle.fingerprints, door.house.keys.fingerprint):
        assert fingerprint in shown
    assert "信任的根证书" in page
    assert "没有自有密钥的单位" in page
    english = visitor.get("/trust?lang=en").text
    assert "Whom to trust" in english
