"""The rules desk: publishing rules, which takes two persons."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from archive.people import approvals
from archive.people.approvals import ProposalView
from archive.people.models import Account
from credit_bank import bank, publishing
from credit_bank.rule_files import parse, read_file

PUBLISH = "publish_rules"


def propose(session: Session, path: Path, *, by: Account, now: datetime) -> ProposalView:
    """Propose to publish the rules of a file; everything about them is checked first.

    Raises RuleFileError, RuleChangedError, RuleAlreadyPublishedError, NotAllowedError.
    """
    bodies = read_file(path)
    publishing.refuse_known(session, bodies)
    publishing.check(session, bodies, path.name)
    payload = {
        "rules": [body.decode() for body in bodies],
        "ids": [parse(body, path.name).id for body in bodies],
    }
    return approvals.propose(session, PUBLISH, payload, by=by, now=now)


def _publish(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Publish, and apply what reaches back to everyone with outcomes since then.

    In one transaction: either the rule binds everybody or nobody.
    """
    bodies = [str(body).encode() for body in payload["rules"]]
    published = publishing.publish(session, bodies, now=now)
    begins = [rule.in_force_from for rule in (parse(body, PUBLISH) for body in bodies)]
    if published:
        bank.recompute_since(session, min(begins), now=now)
    return published


approvals.EFFECTS[PUBLISH] = _publish
