"""What the demo district's schools agreed on: a transfer, an exemption, and one that waits.

Made years before the first record that they reach, through the services and by both
parties; courses that only told lives take keep them from reaching anybody else.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from archive.bureau import agreements
from archive.demo.bodies import PROVIDERS, TECHNICAL_SCHOOL, VOCATIONAL_SCHOOL
from archive.demo.lives import District
from archive.people.models import Account
from schemas.agreements import AgreementDraft
from schemas.vocabulary import AgreementEffect

TRANSFERRED = "电气控制技术（校际课程）"
EXEMPTING = "安全用电实训"
YEARS_AGO = 2
"""In which year the agreements came into force, counted back from this one."""
_PROPOSED_DAYS_AGO = 6
_ANSWERED_AFTER = timedelta(days=9)


class _Pact(NamedTuple):
    giver: str
    receiver: str
    draft: dict[str, object]


_PACTS = (
    _Pact(
        TECHNICAL_SCHOOL,
        VOCATIONAL_SCHOOL,
        {
            "effect": AgreementEffect.TRANSFER,
            "course": TRANSFERRED,
            "overlap": "85",
            "factor": "5/6",
            "credits": "6",
            "credits_a_year": "10",
            "source": "砚溪技师学院、青岫职业技术学院课程互认协议（虚构）",
        },
    ),
    _Pact(
        PROVIDERS[2],
        TECHNICAL_SCHOOL,
        {
            "effect": AgreementEffect.EXEMPTION,
            "course": EXEMPTING,
            "overlap": "90",
            "requirement": "电气自动化技术模块",
            "lowered_by": "1",
            "source": "实训基地与技师学院实训课程免修协议（虚构）",
        },
    ),
)


_WAITING = _Pact(
    VOCATIONAL_SCHOOL,
    PROVIDERS[0],
    {
        "effect": AgreementEffect.EXEMPTION,
        "course": "传感器与检测技术（校内课程）",
        "overlap": "80",
        "requirement": "智能楼宇供配电",
        "lowered_by": "1",
        "source": "青岫职业技术学院、云岫培训中心课程免修协议（拟签，虚构）",
    },
)


def agree(session: Session, district: District, speakers: dict[str, Account]) -> None:
    """Let each giver propose and each receiver accept; nobody has a dossier yet."""
    begins = date(district.today.year - YEARS_AGO, 3, 1)
    proposed_at = datetime.combine(begins - timedelta(days=30), time(10), district.zone)
    for pact in _PACTS:
        answered_at = proposed_at + _ANSWERED_AFTER
        proposal_id = _propose(session, pact, begins, speakers, proposed_at)
        receiver = speakers[pact.receiver]
        agreements.answer(session, proposal_id, is_accepted=True, by=receiver, now=answered_at)
    waits_since = district.now - timedelta(days=_PROPOSED_DAYS_AGO)
    _propose(session, _WAITING, date(district.today.year + 1, 3, 1), speakers, waits_since)


def _propose(
    session: Session, pact: _Pact, begins: date, speakers: dict[str, Account], now: datetime
) -> UUID:
    told = {"giver": pact.giver, "receiver": pact.receiver, "in_force_from": begins}
    draft = AgreementDraft.model_validate(told | pact.draft)
    return agreements.propose(session, draft, by=speakers[pact.giver], now=now).id
