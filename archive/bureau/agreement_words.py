"""How an agreement is told in both languages, made from what it says."""

from datetime import date

from archive.dossiers.titles import occupation_name
from archive.texts import both
from credit_bank.families import AgreementRule
from credit_bank.judging import in_credits
from schemas.contracts import Bilingual
from schemas.refusals import Phrase
from schemas.vocabulary import AgreementEffect

_TITLE = "Recognition {giver} → {receiver}: {subject}"
_END_TITLE = "End of the recognition {giver} → {receiver}: {subject}"
_TRANSFER = (
    "One credit of {giver} for {subject} makes {factor} of {receiver}; {overlap} % of the content "
    "is the same. What the rules here grant already comes off; the rest is rounded down."
)
_EXEMPTION = (
    "For {subject} from {giver}, {receiver} lowers “{requirement}” by {credits} credits; "
    "{overlap} % of the content is the same. No credits are added."
)
_ENDED = "From {day} on {receiver} recognises nothing more of {giver} under this agreement."
_AT_LEVEL = "{subject}, {level} or higher"


def title_of(rule: AgreementRule, *, ends: bool = False) -> Bilingual:
    """Return a title: from whom to whom, and about what."""
    return both(_END_TITLE if ends else _TITLE, _facts(rule))


def clause_of(rule: AgreementRule) -> Bilingual:
    """Return what is agreed, in one sentence."""
    facts = _facts(rule)
    if rule.effect is AgreementEffect.TRANSFER:
        return both(_TRANSFER, {**facts, "factor": str(rule.exact)})
    lowered = in_credits(rule.lowered_by or 0)
    return both(_EXEMPTION, {**facts, "requirement": rule.requirement, "credits": lowered})


def end_clause_of(rule: AgreementRule, day: date) -> Bilingual:
    """Return what the end of an agreement means."""
    return both(_ENDED, {**_facts(rule), "day": day.isoformat()})


def _facts(rule: AgreementRule) -> dict[str, object]:
    return {
        "giver": rule.giver_code,
        "receiver": rule.receiver_code,
        "subject": _subject(rule),
        "overlap": str(rule.overlap),
    }


def _subject(rule: AgreementRule) -> object:
    name = occupation_name(rule.occupation)
    parts = [rule.course_name, name.zh if name else rule.occupation]
    subject = " · ".join(part for part in parts if part)
    if rule.rank is None:
        return subject
    level = Phrase(f"rank.{int(rule.rank)}")
    return Phrase(_AT_LEVEL, {"subject": subject, "level": level})
