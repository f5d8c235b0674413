"""Agreements to test with: only what matters has to be said."""

import json
from datetime import date

from credit_bank.chain import canonical_bytes
from credit_bank.families import AgreementRule
from credit_bank.rule_files import parse
from credit_bank.rulebook import RuleBook, book_of
from tests.builders import ELECTRICIAN
from tests.outcomes import issuer, shipped_rules

BEGINS = date(2024, 1, 1)
SCHEME = "scheme:SZ-CB"


def party(name: str) -> str:
    """Return a party by the letter of an organisation; a scheme is what it is."""
    return name if name.startswith("scheme:") else f"organisation:{issuer(name)}"


def a_pact(giver: str = SCHEME, receiver: str = "B", **told: object) -> bytes:
    """Return a published agreement: a transfer one to one unless something else is told."""
    transfers = not told.get("requirement")
    body: dict[str, object] = {
        "family": "agreement",
        "id": f"agreement-{giver}-{receiver}".lower().replace(":", "-"),
        "in_force_from": BEGINS,
        "title": {"zh": "互认协议", "en": "Agreement"},
        "clause": {"zh": "互认。", "en": "Recognised."},
        "source": "（示例）互认协议",
        "giver": party(giver),
        "receiver": party(receiver),
        "giver_code": giver.removeprefix("scheme:"),
        "receiver_code": receiver.removeprefix("scheme:"),
        "effect": "transfer" if transfers else "exemption",
        "overlap": "80",
        "notice_days": 30,
        "example": [],
        **({"factor": "1"} if transfers else {"requirement_key": "key"}),
        **told,
    }
    if "occupation" not in body and "course" not in body:
        body["occupation"] = ELECTRICIAN
    draft = canonical_bytes({**body, "example": [_any_example()]})
    rule = parse(draft, "a test")
    assert isinstance(rule, AgreementRule)
    given: dict[str, object] = {"credits": "2"} if transfers else {}
    example = {"name": "One", "given": given, "expect": rule.told(given)}
    return canonical_bytes({**json.loads(draft), "example": [example]})


def a_repeal(body: bytes, on: date) -> bytes:
    """Return the end of an agreement."""
    ended = json.loads(body)["id"]
    told = {
        "family": "agreement",
        "id": f"{ended}-end",
        "repeals": ended,
        "in_force_from": on,
        "title": {"zh": "终止", "en": "End"},
        "clause": {"zh": "终止。", "en": "Ended."},
        "source": "（示例）终止通知",
        "leaves_no_rule": True,
    }
    return canonical_bytes(told)


def rules_with(*bodies: bytes) -> RuleBook:
    """Return the shipped rules with some agreements."""
    return book_of((*(one.body for one in shipped_rules().rules), *bodies))


def _any_example() -> dict[str, object]:
    return {"name": "One", "given": {}, "expect": {}}
