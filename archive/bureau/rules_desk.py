"""The rules desk: checking drafts, and publishing rules, which takes two persons."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from archive.bureau.agreement_refusals import AgreementByRuleError
from archive.bureau.rule_keys import keyed
from archive.people import approvals
from archive.people.actors import Actor
from archive.people.approvals import ProposalView
from credit_bank import bank, comparing, publishing
from credit_bank.families.repeal import Repeal
from credit_bank.rule_files import parse, read_content, read_file
from schemas.rules import RuleDifference, RuleDraft
from schemas.vocabulary import Family

PUBLISH = "publish_rules"


def propose(session: Session, path: Path, *, by: Actor, now: datetime) -> ProposalView:
    """Propose to publish the rules of a file; everything about them is checked first.

    Raises RuleFileError, RuleChangedError, RuleAlreadyPublishedError, NotAllowedError.
    """
    return _propose(session, read_file(path), path.name, by, now)


def propose_content(
    session: Session, content: bytes, file: str, *, by: Actor, now: datetime
) -> ProposalView:
    """Propose to publish the rules of an uploaded file; raises as ``propose``."""
    return _propose(session, read_content(content, file), file, by, now)


def draft(session: Session, content: bytes, file: str) -> RuleDraft:
    """Return what an uploaded file would change, after every check; nothing is written.

    Raises RuleFileError, RuleChangedError, UnknownOrganisationError.
    """
    bodies = keyed(session, read_content(content, file))
    _refuse_agreements(bodies)
    fresh = publishing.check(session, bodies, file)
    laws = [parse(body, file) for body in bodies]
    return RuleDraft(
        file=file,
        rules=tuple(law.id for law in laws),
        new=tuple(parse(body, file).id for body in fresh),
        examples=sum(len(law.example) for law in laws if not isinstance(law, Repeal)),
        differences=comparing.against(fresh, publishing.rule_book(session)),
    )


def would_change(session: Session, proposal: ProposalView) -> tuple[RuleDifference, ...]:
    """Return what a proposal would change of what is published now."""
    return comparing.against(_bodies(proposal.payload), publishing.rule_book(session))


def _propose(
    session: Session, written: list[bytes], file: str, by: Actor, now: datetime
) -> ProposalView:
    bodies = keyed(session, written)
    _refuse_agreements(bodies)
    publishing.refuse_known(session, bodies)
    publishing.check(session, bodies, file)
    payload = {
        "rules": [body.decode() for body in bodies],
        "ids": [parse(body, file).id for body in bodies],
    }
    return approvals.propose(session, PUBLISH, payload, by=by, now=now)


def _refuse_agreements(bodies: list[bytes]) -> None:
    """Raise AgreementByRuleError for what its two parties have to agree on."""
    if any(parse(body, PUBLISH).family is Family.AGREEMENT for body in bodies):
        raise AgreementByRuleError


def _publish(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Publish, and apply what reaches back to everyone with outcomes since then.

    In one transaction: either the rule binds everybody or nobody.
    """
    bodies = _bodies(payload)
    published = publishing.publish(session, bodies, now=now)
    begins = [law.in_force_from for law in (parse(body, PUBLISH) for body in bodies)]
    if published:
        bank.recompute_since(session, min(begins), now=now)
    return published


def _bodies(payload: dict[str, Any]) -> list[bytes]:
    return [str(body).encode() for body in payload["rules"]]


approvals.EFFECTS[PUBLISH] = _publish
