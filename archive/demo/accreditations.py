"""What the demo district's organisations are accredited to post: all that they do post, and more.

Some of it is narrow or over, so that visitors can meet a refusal: sign in as ``department``
and post an honour of this year, or a competition result of another occupation than 焊工.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from archive.bureau import accreditations
from archive.demo.bodies import (
    ASSESSMENT_BODY,
    ASSOCIATION,
    BUREAU,
    EMPLOYERS,
    PROVIDERS,
    SAFETY,
    STREET,
    TECHNICAL_SCHOOL,
    VOCATIONAL_SCHOOL,
)
from archive.demo.decisions import Staff
from archive.demo.lives import District
from archive.people import organisations
from archive.people.accreditation_models import Accreditation
from schemas.accreditation import AccreditationAsked, AccreditationChangeAsked, PostingScope
from schemas.vocabulary import AccreditationAct, Rank

LICENCE, FILING = AccreditationAct.LICENCE, AccreditationAct.FILING
RECOGNITION, ENROLMENT = AccreditationAct.RECOGNITION, AccreditationAct.ENROLMENT
_EVER = date(1990, 1, 1)
_WELDER, _ELECTRICIAN = "6-18-02-04", "6-31-01-03"
_DAY = timedelta(days=1)


class _Given(NamedTuple):
    code: str
    act: AccreditationAct
    kinds: str
    """By spaces; empty for all."""
    document: str
    limits: dict[str, Any] = {}  # noqa: RUF012  # Nobody writes into it.


_GIVEN = (
    _Given(PROVIDERS[0], LICENCE, "", "民办职业培训许可第0001号（虚构）"),
    _Given(PROVIDERS[1], LICENCE, "training", "民办职业培训许可第0002号（虚构）"),
    _Given(PROVIDERS[2], LICENCE, "training apprenticeship", "民办职业培训许可第0003号（虚构）"),
    _Given(SAFETY, FILING, "training certificate", "部门培训备案第1号（虚构）"),
    _Given(
        SAFETY,
        RECOGNITION,
        "competition",
        "技能竞赛认定第2号（虚构）",
        {"occupations": (_WELDER,)},
    ),
    _Given(
        TECHNICAL_SCHOOL,
        LICENCE,
        "training certificate apprenticeship education",
        "技工学校办学许可第0004号（虚构）",
    ),
    _Given(
        VOCATIONAL_SCHOOL,
        LICENCE,
        "training certificate apprenticeship education",
        "职业学院办学许可第0005号（虚构）",
    ),
    _Given(ASSESSMENT_BODY, RECOGNITION, "certificate", "社会培训评价组织备案第6号（虚构）"),
    *(
        _Given(
            code,
            FILING,
            "training certificate apprenticeship honour experience",
            f"企业技能等级认定备案第{number}号（虚构）",
        )
        for number, code in enumerate(EMPLOYERS, 7)
    ),
    _Given(ASSOCIATION, RECOGNITION, "competition honour", "竞赛组织单位认定第9号（虚构）"),
    _Given(STREET, FILING, "training honour", "街道报送备案第10号（虚构）"),
)


def accredit(session: Session, district: District, staff: Staff) -> None:
    """Record what each may post, and two that are over: one by its end, one by a decision."""
    clerk, this_year = staff.of[BUREAU].id, date(district.today.year, 1, 1)
    for one in _GIVEN:
        _record(session, one, _EVER, None, clerk, district)
    ended = _Given(SAFETY, ENROLMENT, "honour", "表彰项目入库〔2018〕11号（虚构）")
    _record(session, ended, date(2018, 1, 1), this_year - _DAY, clerk, district)
    limits = {"occupations": (_ELECTRICIAN,), "highest_rank": Rank.INTERMEDIATE}
    narrow = _Given(
        PROVIDERS[2], RECOGNITION, "certificate", "技能等级认定点〔2019〕12号（虚构）", limits
    )
    known = _record(session, narrow, date(2019, 7, 1), None, clerk, district)
    end = AccreditationChangeAsked(
        from_on=this_year,
        reason="质量督导未达标，取消认定点资格（虚构）",
        document=f"技能等级认定〔{this_year.year}〕13号（虚构）",
    )
    accreditations.record_change(session, known, end, by_id=clerk, now=district.now)


def _record(  # What, from when to when, by whom.
    session: Session,
    one: _Given,
    first_on: date,
    last_on: date | None,
    clerk: UUID,
    district: District,
) -> Accreditation:
    told = {"kinds": one.kinds.split() or None, **one.limits}
    asked = AccreditationAsked(
        organisation=one.code,
        act=one.act,
        scope=PostingScope.model_validate(told, strict=False),
        first_on=first_on,
        last_on=last_on,
        document=one.document,
    )
    body = organisations.coded(session, one.code)
    return accreditations.record(session, body.id, asked, by_id=clerk, now=district.now)
