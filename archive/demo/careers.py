"""What else the demo district's people did: contests, apprenticeships, honours, schools, work."""

from datetime import date, timedelta
from decimal import Decimal

from archive.demo.bodies import (
    ASSOCIATION,
    BUREAU,
    EMPLOYERS,
    NAME_OF,
    STREET,
    TECHNICAL_SCHOOL,
    VOCATIONAL_SCHOOL,
)
from archive.demo.learner import Learner, Posted
from archive.demo.trades import HONOURS
from schemas.careers import Education, Experience, Honour
from schemas.records import Apprenticeship, Competition
from schemas.vocabulary import ContestTier, Degree, Prize

_SHARE_OF_PRIZES = 0.93  # Of contests; of the others only the placement is known.
_SHARE_OF_TEAMS = 0.15
_TIERS = (
    *([ContestTier.DISTRICT] * 10),
    *([ContestTier.CITY] * 5),
    *([ContestTier.PROVINCE] * 3),
    ContestTier.NATIONAL,
    ContestTier.WORLD,
)
_TIER_NAMES = {
    ContestTier.WORLD: "国际“启明杯”青年技能邀请赛",
    ContestTier.NATIONAL: "全国“启明杯”职业技能邀请赛",
    ContestTier.PROVINCE: "全省“青蓝杯”职业技能竞赛",
    ContestTier.CITY: "全市“青蓝杯”职业技能竞赛",
    ContestTier.DISTRICT: "区“匠心杯”职业技能竞赛",
}
_PRIZES = (Prize.FIRST, Prize.SECOND, Prize.THIRD, Prize.MERIT, Prize.MERIT)
_SCHOOLS = {
    TECHNICAL_SCHOOL: (Degree.TECHNICAL_SCHOOL, Degree.SENIOR_TECHNICAL_SCHOOL),
    VOCATIONAL_SCHOOL: (Degree.SECONDARY_VOCATIONAL, Degree.HIGHER_VOCATIONAL),
}
_SCHOOL_YEARS = 3
_COLLEGE_FROM = 20  # Years of age.


def competition(learner: Learner, day: date) -> Posted:
    """Return a result in a contest; now and then only a placement is told."""
    chance = learner.chance
    tier = chance.choice(_TIERS)
    prize = chance.choice(_PRIZES) if chance.random() < _SHARE_OF_PRIZES else None
    return contest(learner, day, tier, prize, item=learner.trade.name)


def contest(
    learner: Learner, day: date, tier: ContestTier, prize: Prize | None, *, item: str
) -> Posted:
    """Return a result in the year's contest of a tier."""
    record = Competition(
        event_name=f"{day.year}年{_TIER_NAMES[tier]}",
        item=item,
        tier=tier,
        prize=prize,
        placement=None if prize else learner.chance.randint(1, 20),
        team=learner.chance.random() < _SHARE_OF_TEAMS,
        occupation=learner.trade.occupation,
        awarded_on=day,
    )
    return Posted(BUREAU if tier is ContestTier.DISTRICT else ASSOCIATION, record)


def apprenticeship(learner: Learner, day: date) -> Posted:
    """Return an apprenticeship of a year under an employer and the technical school."""
    record = Apprenticeship(
        employer_name=NAME_OF[learner.chance.choice(EMPLOYERS)],
        trade=learner.trade.name,
        occupation=learner.trade.occupation,
        hours=Decimal(learner.chance.randrange(400, 801, 40)),
        class_number=_registration(day),
        is_registered=_registration(day) is not None,
        started_on=day - timedelta(days=learner.chance.randint(300, 360)),
        completed_on=day,
    )
    return Posted(TECHNICAL_SCHOOL, record)


def _registration(day: date) -> str | None:
    """Return the number under which a class was registered; one in five was not."""
    return None if day.toordinal() % 5 == 0 else f"GM-XT-{day:%Y-%m%d}"


def honour(learner: Learner, day: date) -> Posted:
    """Return an honour of the year."""
    body = learner.chance.choice((BUREAU, STREET, ASSOCIATION, *EMPLOYERS))
    record = Honour(
        title=f"{day.year}年{learner.chance.choice(HONOURS)}",
        awarding_body=NAME_OF[body],
        tier=ContestTier.DISTRICT,
        awarded_on=day,
    )
    return Posted(body, record)


def education(learner: Learner, day: date) -> Posted:
    """Return schooling that ended in the summer of the day's year."""
    body = learner.chance.choice(tuple(_SCHOOLS))
    record = Education(
        school_name=NAME_OF[body],
        major=learner.trade.name,
        occupation=learner.trade.occupation,
        degree=_SCHOOLS[body][_age(learner, day) >= _COLLEGE_FROM],
        started_on=date(day.year - _SCHOOL_YEARS, 9, 1),
        graduated_on=day,
    )
    return Posted(body, record)


def experience(learner: Learner, day: date, last_day: date | None) -> Posted:
    """Return work at one of the employers, from ``day`` on."""
    body = learner.chance.choice(EMPLOYERS)
    record = Experience(
        employer_name=NAME_OF[body],
        post=learner.trade.post,
        occupation=learner.trade.occupation,
        started_on=day,
        ended_on=last_day,
    )
    return Posted(body, record)


def _age(learner: Learner, day: date) -> int:
    return (day - learner.person.born_on).days // 365
