"""The first workers of the demo district: lives told on purpose, so that each thing occurs.

Supersession, a yearly cap, expiry, what cannot be decided, a correction, a withdrawal, a
late post, a permit past its validity, a change of name, a foreign passport; and what the
cases of decisions.py and the agreements of law.py are about.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from archive.demo import careers, certificates, courses
from archive.demo.bodies import (
    ASSESSMENT_BODY,
    BUREAU,
    EMPLOYERS,
    NAME_OF,
    PROVIDERS,
    STREET,
    TECHNICAL_SCHOOL,
)
from archive.demo.decisions import SUSPENDED
from archive.demo.law import EXEMPTING, TRANSFERRED
from archive.demo.learner import Learner
from archive.demo.lives import District
from archive.demo.people import Person
from archive.demo.steps import Diary, Life
from archive.demo.trades import TRADES, Trade
from archive.people.synthetic import resident_number
from schemas.careers import Education, Experience, Honour
from schemas.identities import NameChange
from schemas.records import Certificate, Training
from schemas.vocabulary import ClassKind, ContestTier, Degree, DocumentType, Prize, Rank

_ELECTRICIAN, _WELDER = TRADES[0], TRADES[1]
_CHEMIST, _MECHANIC = TRADES[7], TRADES[12]
NAMES = ("electrician", "welder", "engineer", "mechanic", "chemist")
"""What the told lives are called among themselves, in the order of their places."""
_SERIAL = 890  # Above every serial that chance gives out, below those of example files.


def showcase(district: District) -> list[Life]:
    """Return the lives that are told on purpose; the first is the demo account's own."""
    told: tuple[tuple[Callable[[Learner, Diary], None], Person, Trade], ...] = (
        (_electrician, _resident("陈砚舟", date(1988, 4, 12), 1), _ELECTRICIAN),
        (_welder, _resident("林稻香", date(1979, 9, 3), 2, new_name="林嬿禾"), _WELDER),
        (
            _engineer,
            Person(
                "Elena Brandt",
                date(1992, 11, 23),
                DocumentType.PASSPORT,
                "DEMO0000002",
                is_male=False,
            ),
            TRADES[5],
        ),
        (_mechanic, _resident("周屿宁", date(1996, 7, 19), 3), _MECHANIC),
        (_chemist, _resident("何启岚", date(1990, 2, 8), 4), _CHEMIST),
    )
    return [
        _life(district, place, tell, whose, trade)
        for place, (tell, whose, trade) in enumerate(told)
    ]


def _life(
    district: District,
    place: int,
    tell: Callable[[Learner, Diary], None],
    whose: Person,
    trade: Trade,
) -> Life:
    chance = Random(f"showcase/{district.seed}/{place}")
    diary = district.diary(chance)
    tell(Learner(place, whose, trade, chance), diary)
    return diary.closed(whose)


def _resident(name: str, born_on: date, serial: int, new_name: str | None = None) -> Person:
    number = resident_number(born_on, _SERIAL + serial)
    return Person(name, born_on, DocumentType.RESIDENT_ID, number, bool(serial % 2), new_name)


def _ago(diary: Diary, years: float) -> date:
    return diary.today - timedelta(days=int(years * 365.25))


def _course(
    name: str, day: date, hours: str, *, score: str | None = "86", attendance: str = "95"
) -> Training:
    return Training(
        course_name=name,
        occupation=_ELECTRICIAN.occupation,
        hours=Decimal(hours),
        completed_on=day,
        score=Decimal(score) if score else None,
        attendance=Decimal(attendance),
    )


def _electrician(learner: Learner, diary: Diary) -> None:
    """Tell the rich dossier: something of every kind, and everything that rules can say."""
    _electrician_learns(diary)
    _electrician_rises(learner, diary)
    _electrician_crams(learner, diary)
    _electrician_is_put_right(diary)
    _electrician_meets_the_bank(diary)


def _electrician_learns(diary: Diary) -> None:
    old, middle = _ago(diary, 9.2), _ago(diary, 4.4)
    main, other = PROVIDERS[0], PROVIDERS[1]
    diary.post(main, _course("电工技能提升", old, "80"))
    diary.post(other, _course("低压电气装配与调试", _ago(diary, 8.3), "36.5"))
    diary.post(main, _course("PLC应用技术", middle, "48"))
    failed = _course("变频器应用", _ago(diary, 3.1), "40", score="52")
    diary.post(main, failed)
    absent = _course("光伏发电系统运维", _ago(diary, 2.6), "32", attendance="60")
    diary.post(other, absent)
    diary.post(main, _course("新能源并网技术", _ago(diary, 0.4), "24", score=None))
    late = _course("安全生产法规与班组安全", _ago(diary, 2.9), "8")
    diary.post(other, late, delay_days=500)


def _electrician_rises(learner: Learner, diary: Diary) -> None:
    levels = ((8.8, Rank.INTERMEDIATE), (4.6, Rank.SENIOR), (0.7, Rank.TECHNICIAN))
    for years, rank in levels:
        day = _ago(diary, years)
        record = Certificate(
            certificate_number=certificates.level_number(learner, ASSESSMENT_BODY, day, rank),
            occupation=_ELECTRICIAN.occupation,
            rank=rank,
            score=Decimal(81),
            issued_on=day,
        )
        diary.post(ASSESSMENT_BODY, record)
    diary.post(*certificates.permit(learner, _ago(diary, 6.4)))
    year = diary.today.year - 2
    for day, prize, stage in (
        (date(year, 5, 20), Prize.THIRD, "电工（预赛）"),
        (date(year, 6, 15), Prize.FIRST, "电工（决赛）"),
    ):
        diary.post(*careers.contest(learner, day, ContestTier.CITY, prize, item=stage))
    placed = _ago(diary, 1.2)
    diary.post(*careers.contest(learner, placed, ContestTier.DISTRICT, None, item="电工"))
    diary.post(*careers.apprenticeship(learner, _ago(diary, 7.6)))
    honour = Honour(title="区技术能手", awarding_body=NAME_OF[BUREAU], awarded_on=_ago(diary, 1.5))
    diary.post(BUREAU, honour)
    school = Education(
        school_name=NAME_OF[TECHNICAL_SCHOOL],
        major="电气自动化设备安装与维修",
        occupation=_ELECTRICIAN.occupation,
        degree=Degree.SENIOR_TECHNICAL_SCHOOL,
        class_kind=ClassKind.SENIOR_WORKER,
        graduated_on=date(_ago(diary, 5.5).year, 7, 1),
    )
    diary.post(TECHNICAL_SCHOOL, school)
    work = ((9.5, _ago(diary, 5), EMPLOYERS[1]), (4.9, None, EMPLOYERS[0]))
    for years, last_day, body in work:
        job = Experience(
            employer_name=NAME_OF[body],
            post="设备电工",
            occupation=_ELECTRICIAN.occupation,
            started_on=_ago(diary, years),
            ended_on=last_day,
        )
        diary.post(body, job)


def _electrician_crams(learner: Learner, diary: Diary) -> None:
    """Tell of five long courses in one year: the yearly cap cuts the fifth."""
    year = diary.today.year - 2
    for month in (2, 4, 6, 9, 11):
        diary.post(PROVIDERS[2], courses.long_course(learner, date(year, month, 20), 160).record)


def _electrician_is_put_right(diary: Diary) -> None:
    day = _ago(diary, 3.6)
    wrong = diary.post(PROVIDERS[0], _course("消防安全常识", day, "61", score="90"))
    right = _course("消防安全常识", day, "16", score="90")
    diary.correct(wrong, right, "学时登记有误（16误录为61），按签到记录更正")
    twice = diary.post(PROVIDERS[0], _course("PLC应用技术（补录）", _ago(diary, 4.3), "48"))
    diary.withdraw(twice, "与已报送记录重复，撤回本条")


def _electrician_meets_the_bank(diary: Diary) -> None:
    """Tell of a pair, an agreement, an exemption, a suspended course, and a wrong one."""
    last_year = diary.today.year - 1
    school, base = TECHNICAL_SCHOOL, PROVIDERS[2]
    diary.post(base, _course("PLC 应用技术", _ago(diary, 3.9), "40"), delay_days=9)
    diary.post(school, _course(TRANSFERRED, date(last_year, 6, 10), "64"), delay_days=12)
    diary.post(base, _course(EXEMPTING, date(last_year, 9, 12), "16"), delay_days=7)
    # In the crammed year: so that the cap cuts one course in part, and the next whole.
    early = _course("电工识图与制图", date(last_year - 1, 1, 15), "24")
    diary.post(PROVIDERS[0], early, delay_days=8)
    held = _course(SUSPENDED, _ago(diary, 0.9), "32")
    diary.post(PROVIDERS[1], held, delay_days=6)
    wrong = _course("工业网络通信技术", diary.today - timedelta(days=18), "24")
    diary.post(PROVIDERS[0], wrong, delay_days=9)


def _mechanic(_learner: Learner, diary: Diary) -> None:
    """Tell of one course, whose credits are used before it is withdrawn."""
    day = diary.today - timedelta(days=300)
    diary.post(PROVIDERS[0], _lesson(_MECHANIC, _MECHANIC.courses[1], day, "24"), delay_days=10)


def _chemist(learner: Learner, diary: Diary) -> None:
    """Tell of courses that become cases: a pair, an appeal, applications."""
    first, second = (diary.today - timedelta(days=days) for days in (700, 420))
    name = _CHEMIST.courses[1]
    diary.post(PROVIDERS[0], _lesson(_CHEMIST, name, first, "48"), delay_days=8)
    diary.post(PROVIDERS[2], _lesson(_CHEMIST, name, second, "64"), delay_days=8)
    diary.post(*certificates.level(learner, _ago(diary, 1.5), Rank.INTERMEDIATE))
    other = _lesson(_CHEMIST, "实验室危险化学品管理", _ago(diary, 0.3), "32")
    diary.post(PROVIDERS[1], other, delay_days=2)
    held = _lesson(_CHEMIST, SUSPENDED, _ago(diary, 0.8), "24")
    diary.post(PROVIDERS[1], held, delay_days=5)
    appealed = _lesson(_CHEMIST, _CHEMIST.courses[2], diary.today - timedelta(days=55), "40")
    diary.post(PROVIDERS[1], appealed, delay_days=13)


def _lesson(trade: Trade, name: str, day: date, hours: str) -> Training:
    return _course(name, day, hours).model_copy(update={"occupation": trade.occupation})


def _welder(learner: Learner, diary: Diary) -> None:
    """Tell of someone who changed her name, and whose credits have mostly expired."""
    for years in (9.6, 9.1, 8.6, 8.0):
        diary.post(*courses.training(learner, _ago(diary, years)))
    diary.post(*certificates.level(learner, _ago(diary, 7.9), Rank.SENIOR))
    diary.post(
        *certificates.level(learner, _ago(diary, 7.9) + timedelta(days=90), Rank.INTERMEDIATE)
    )
    diary.post(*careers.honour(learner, _ago(diary, 2.2)))
    changed = NameChange(name="林嬿禾", former_name="林稻香", changed_on=_ago(diary, 3.3))
    diary.post(STREET, changed)


def _engineer(learner: Learner, diary: Diary) -> None:
    """Tell of a foreigner with a passport, and a result on a scale that no rule knows."""
    for years in (1.8, 1.1):
        diary.post(*courses.training(learner, _ago(diary, years)))
    scale = _course("工业机器人操作与编程", _ago(diary, 0.8), "40", score="132")
    diary.post(PROVIDERS[2], scale)
    diary.post(*certificates.level(learner, _ago(diary, 0.5), Rank.SENIOR))
