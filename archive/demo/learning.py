"""What a person of the demo district may have learnt on a day: records, as organisations post them.

Each function returns one record and the code of the organisation that vouches for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from archive.demo.bodies import (
    ASSESSMENT_BODY,
    ASSOCIATION,
    BUREAU,
    EMPLOYERS,
    NAME_OF,
    PROVIDERS,
    SAFETY,
    SITE_OF,
    STREET,
    TECHNICAL_SCHOOL,
    VOCATIONAL_SCHOOL,
)
from archive.demo.people import Person
from archive.demo.trades import ABILITIES, FOR_EVERYONE, HONOURS, Trade
from archive.dossiers.certificate_numbers import Assessor, SkillLevelNumber
from schemas.careers import Education, Experience, Honour
from schemas.records import Apprenticeship, Certificate, Competition, Training
from schemas.records import Record as AnyRecord
from schemas.vocabulary import (
    ContestTier,
    Degree,
    Grade,
    Instrument,
    Mode,
    Prize,
    Rank,
    Step,
)

_HOURS = ((8, 1), (16, 2), (24, 2), (32, 2), (36, 3), (40, 4), (48, 2), (64, 2), (80, 2), (120, 1))
_HOURS_OF = tuple(Decimal(hours) for hours, weight in _HOURS for _ in range(weight))
_HOURS_OF_ALL = (Decimal(4), Decimal(8), Decimal(8), Decimal(12), Decimal(16))
_HOURS_A_DAY = 6
_SHARE_FOR_EVERYONE = 0.2  # Of trainings.
_SHARE_OF_ABSENT = 0.04  # Of trainings.
_SHARE_OF_BODY = 0.7  # Of levels; the others are awarded by employers.
_SHARE_OF_PRIZES = 0.93  # Of contests; of the others only the placement is known.
_SHARE_OF_TEAMS = 0.15
_RESULTS = ("points", "grade", "failed", "missing", "scale")
_WEIGHTS = (75, 17, 4, 3, 1)
_GRADES = (Grade.PASS, Grade.PASS, Grade.GOOD, Grade.GOOD, Grade.EXCELLENT, Grade.FAIL)
_MODES = (Mode.CLASSROOM, Mode.CLASSROOM, Mode.CLASSROOM, Mode.BLENDED, Mode.ONLINE)
_TIERS = (
    *([ContestTier.DISTRICT] * 10),
    *([ContestTier.CITY] * 5),
    *([ContestTier.PROVINCE] * 3),
    ContestTier.NATIONAL,
    ContestTier.WORLD,
)
_TIER_NAMES = {
    ContestTier.WORLD: "国际青年技能邀请赛",
    ContestTier.NATIONAL: "全国行业职业技能邀请赛",
    ContestTier.PROVINCE: "全省职业技能竞赛",
    ContestTier.CITY: "全市职工技术创新运动会",
    ContestTier.DISTRICT: "区“匠心杯”职业技能竞赛",
}
_PRIZES = (Prize.FIRST, Prize.SECOND, Prize.THIRD, Prize.MERIT, Prize.MERIT)
_SCHOOLS = {
    TECHNICAL_SCHOOL: (Degree.TECHNICAL_SCHOOL, Degree.SENIOR_TECHNICAL_SCHOOL),
    VOCATIONAL_SCHOOL: (Degree.SECONDARY_VOCATIONAL, Degree.JUNIOR_COLLEGE),
}
_PERMITS = {"电工": "低压电工作业", "焊工": "熔化焊接与热切割作业"}
_STEPS = tuple(Step)
_PERMIT_LASTS = 6  # Years; domain facts 2.
_SCHOOL_YEARS = 3
_COLLEGE_FROM = 20  # Years of age.
_SERIALS = 1_000_000  # Six digits at the end of a certificate's number.


class Posted(NamedTuple):
    """A record, and the code of the organisation that posts it."""

    body: str
    record: AnyRecord


@dataclass(frozen=True, slots=True)
class Learner:
    """A person with a trade, a place in the district, and luck."""

    place: int
    person: Person
    trade: Trade
    chance: Random

    def training(self, day: date) -> Posted:
        """Return a course; most are passed, some failed, missed or left without a result."""
        chance = self.chance
        if chance.random() < _SHARE_FOR_EVERYONE:
            return self._course_for_everyone(day)
        body, place = chance.choice(PROVIDERS), chance.randrange(len(self.trade.courses))
        code = f"{self.trade.occupation}-{place + 1}" if body == PROVIDERS[0] else None
        hours = chance.choice(_HOURS_OF)
        score, grade = self._result()
        return Posted(
            body,
            Training(
                course_name=self.trade.courses[place],
                course_code=code,
                occupation=self.trade.occupation,
                hours=hours,
                attendance=self._attendance(),
                score=score,
                grade=grade,
                mode=chance.choice(_MODES),
                started_on=day - timedelta(days=int(hours) // _HOURS_A_DAY),
                completed_on=day,
            ),
        )

    def long_course(self, day: date, hours: int) -> Posted:
        """Return a long course that was passed: five of them in a year pass the yearly cap."""
        record = Training(
            course_name=f"{self.trade.name}强化班",
            occupation=self.trade.occupation,
            hours=Decimal(hours),
            attendance=Decimal(self.chance.randint(88, 100)),
            score=Decimal(self.chance.randint(70, 96)),
            mode=Mode.CLASSROOM,
            started_on=day - timedelta(days=hours // _HOURS_A_DAY),
            completed_on=day,
        )
        return Posted(self.chance.choice(PROVIDERS), record)

    def level(self, day: date, rank: Rank) -> Posted:
        """Return a skill-level certificate; its number tells issuer, year and level."""
        body = (
            ASSESSMENT_BODY
            if self.chance.random() < _SHARE_OF_BODY
            else self.chance.choice(EMPLOYERS)
        )
        number = self.level_number(body, day, rank)
        score = Decimal(self.chance.randint(60, 95))
        return Posted(
            body,
            Certificate(
                certificate_number=number,
                occupation=self.trade.occupation,
                rank=rank,
                score=score,
                issued_on=day,
            ),
        )

    def level_number(self, body: str, day: date, rank: Rank) -> str:
        """Return a number that no other person of the district has."""
        assessor = Assessor.ASSESSMENT_BODY if body == ASSESSMENT_BODY else Assessor.EMPLOYER
        ministry, serial = divmod(self.place, _SERIALS)
        number = SkillLevelNumber(
            assessor, f"{ministry:04d}", "99", SITE_OF[body], day.year, rank, serial
        )
        return str(number)

    def ability(self, day: date) -> Posted:
        """Return a specific ability, attested by the bureau."""
        record = Certificate(
            instrument=Instrument.SPECIFIC_ABILITY,
            certificate_number=f"ZX99{day:%Y%m%d}{self.place:07d}",
            title=self.chance.choice(ABILITIES),
            issued_on=day,
        )
        return Posted(BUREAU, record)

    def one_plus_x(self, day: date) -> Posted:
        """Return a 1+X certificate of the vocational school."""
        record = Certificate(
            instrument=Instrument.ONE_PLUS_X,
            certificate_number=f"X99{day:%Y%m%d}{self.place:07d}",
            title=f"{self.trade.name}应用",
            step=self.chance.choice(_STEPS),
            issued_on=day,
        )
        return Posted(VOCATIONAL_SCHOOL, record)

    def permit(self, day: date) -> Posted:
        """Return a special operation permit, whose number holds the person's own."""
        record = Certificate(
            instrument=Instrument.SPECIAL_OPERATION,
            certificate_number=f"T{self.person.document_number}",
            title=_PERMITS.get(self.trade.name, "高处作业"),
            issued_on=day,
            valid_until=date(day.year + _PERMIT_LASTS, day.month, min(day.day, 28)),
        )
        return Posted(SAFETY, record)

    def competition(self, day: date) -> Posted:
        """Return a result in a contest; now and then only a placement is told."""
        chance = self.chance
        tier = chance.choice(_TIERS)
        prize = chance.choice(_PRIZES) if chance.random() < _SHARE_OF_PRIZES else None
        return self.contest(day, tier, prize, item=self.trade.name)

    def contest(self, day: date, tier: ContestTier, prize: Prize | None, *, item: str) -> Posted:
        """Return a result in the year's contest of a tier."""
        record = Competition(
            event_name=f"{day.year}年{_TIER_NAMES[tier]}",
            item=item,
            tier=tier,
            prize=prize,
            placement=None if prize else self.chance.randint(1, 20),
            team=self.chance.random() < _SHARE_OF_TEAMS,
            occupation=self.trade.occupation,
            awarded_on=day,
        )
        return Posted(BUREAU if tier is ContestTier.DISTRICT else ASSOCIATION, record)

    def apprenticeship(self, day: date) -> Posted:
        """Return an apprenticeship of a year under an employer and the technical school."""
        record = Apprenticeship(
            employer_name=NAME_OF[self.chance.choice(EMPLOYERS)],
            trade=self.trade.name,
            occupation=self.trade.occupation,
            hours=Decimal(self.chance.randrange(400, 801, 40)),
            started_on=day - timedelta(days=self.chance.randint(300, 360)),
            completed_on=day,
        )
        return Posted(TECHNICAL_SCHOOL, record)

    def honour(self, day: date) -> Posted:
        """Return an honour of the year."""
        body = self.chance.choice((BUREAU, STREET, ASSOCIATION, *EMPLOYERS))
        record = Honour(
            title=f"{day.year}年{self.chance.choice(HONOURS)}",
            awarding_body=NAME_OF[body],
            tier=ContestTier.DISTRICT,
            awarded_on=day,
        )
        return Posted(body, record)

    def education(self, day: date) -> Posted:
        """Return schooling that ended in the summer of the day's year."""
        body = self.chance.choice(tuple(_SCHOOLS))
        record = Education(
            school_name=NAME_OF[body],
            major=self.trade.name,
            degree=_SCHOOLS[body][self._age(day) >= _COLLEGE_FROM],
            started_on=date(day.year - _SCHOOL_YEARS, 9, 1),
            graduated_on=day,
        )
        return Posted(body, record)

    def experience(self, day: date, last_day: date | None) -> Posted:
        """Return work at one of the employers, from ``day`` on."""
        body = self.chance.choice(EMPLOYERS)
        record = Experience(
            employer_name=NAME_OF[body],
            post=self.trade.post,
            occupation=self.trade.occupation,
            started_on=day,
            ended_on=last_day,
        )
        return Posted(body, record)

    def _course_for_everyone(self, day: date) -> Posted:
        place = self.chance.randrange(len(FOR_EVERYONE))
        body = SAFETY if place in (0, 2) else self.chance.choice(PROVIDERS[1:])
        record = Training(
            course_name=FOR_EVERYONE[place],
            hours=self.chance.choice(_HOURS_OF_ALL),
            grade=self.chance.choice(_GRADES),
            mode=self.chance.choice(_MODES),
            completed_on=day,
        )
        return Posted(body, record)

    def _attendance(self) -> Decimal:
        low = self.chance.random() < _SHARE_OF_ABSENT
        return Decimal(self.chance.randint(40, 79) if low else self.chance.randint(82, 100))

    def _result(self) -> tuple[Decimal | None, Grade | None]:
        (result,) = self.chance.choices(_RESULTS, weights=_WEIGHTS)
        match result:
            case "missing":
                return None, None  # The provider has not told it yet.
            case "scale":
                return Decimal(self.chance.randint(101, 145)), None  # Of 150 points.
            case "failed":
                return Decimal(self.chance.randint(30, 59)), None
            case "grade":
                return None, self.chance.choice(_GRADES)
            case _:
                return Decimal(self.chance.randint(120, 196)) / 2, None

    def _age(self, day: date) -> int:
        return (day - self.person.born_on).days // 365
