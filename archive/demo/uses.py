"""What the demo district's organisations offer, and the first applications to them.

The same for a seed and a day. They are written after every life, so that the facts of the
people are those of earlier versions.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from archive.demo.accounts import as_console
from archive.demo.bodies import (
    ASSESSMENT_BODY,
    BUREAU,
    PROVIDERS,
    TECHNICAL_SCHOOL,
    VOCATIONAL_SCHOOL,
)
from archive.demo.trades import TRADES
from archive.dossiers import offers, redemptions
from archive.dossiers.redemptions import Moment
from archive.people import look_ups
from archive.people.models import Account
from archive.people.organisations import coded
from schemas.redemptions import CourseAsked, OfferAsked
from schemas.vocabulary import Mode, Rank, Use

_ELECTRICIAN = TRADES[0].occupation
_SINCE = date(2024, 1, 1)


class _Use(NamedTuple):
    body: str
    code: str
    use: Use
    title: str
    title_en: str
    credits: str = "0"
    occupation: str | None = None
    rank: Rank | None = None


class _Course(NamedTuple):
    body: str
    code: str
    title: str
    title_en: str
    hours: int
    fee_fen: int | None
    mode: Mode
    occupation: str | None = None


_USES = (
    _Use(
        PROVIDERS[0], "EX-01", Use.EXEMPTION, "《电工基础》免修", "Exemption: Basic Electrics", "2"
    ),
    _Use(
        TECHNICAL_SCHOOL,
        "EX-11",
        Use.EXEMPTION,
        "《安全用电》免修",
        "Exemption: Electrical Safety",
        "1.5",
    ),
    _Use(
        TECHNICAL_SCHOOL,
        "MOD-12",
        Use.MODULE,
        "电气自动化技术模块",
        "Module: Electrical Automation",
        "12",
        _ELECTRICIAN,
    ),
    _Use(
        VOCATIONAL_SCHOOL,
        "PRG-60",
        Use.PROGRAMME,
        "机电一体化技术（大专）项目学分",
        "Programme: Mechatronics",
        "60",
        _ELECTRICIAN,
    ),
    _Use(
        ASSESSMENT_BODY,
        "LV-3",
        Use.LEVEL_APPLICATION,
        "申报电工三级/高级工",
        "Apply for electrician, senior",
        occupation=_ELECTRICIAN,
        rank=Rank.SENIOR,
    ),
    _Use(
        BUREAU,
        "TR-01",
        Use.ENTITLEMENT,
        "落实技能等级相关待遇",
        "Treatment by skill level",
        rank=Rank.INTERMEDIATE,
    ),
)
_COURSES = (
    _Course(PROVIDERS[0], "C-101", "智能楼宇供配电", "Power in Smart Buildings", 48, 120_000,
            Mode.CLASSROOM, _ELECTRICIAN),
    _Course(PROVIDERS[1], "C-201", "可编程控制器进阶", "Programmable Controllers II", 64, 150_000,
            Mode.BLENDED, _ELECTRICIAN),
    _Course(PROVIDERS[2], "C-301", "工业网络基础", "Industrial Networks", 32, None, Mode.ONLINE),
    _Course(TECHNICAL_SCHOOL, "C-401", "电气控制系统设计", "Electrical Control Design", 96, 260_000,
            Mode.CLASSROOM, _ELECTRICIAN),
    _Course(TECHNICAL_SCHOOL, "C-402", "变频器应用技术", "Variable-Frequency Drives", 40, 90_000,
            Mode.CLASSROOM, _ELECTRICIAN),
)  # fmt: skip


def furnish(
    session: Session, numbers: Sequence[str], *, by: Account, now: datetime, zone: ZoneInfo
) -> None:
    """Publish offers and courses, and let the first workers apply where their credits do.

    ``by`` is of the bureau, which publishes for everyone; who applies is the console, for
    these workers have no accounts and nobody stands at a counter.
    """
    at = Moment(now, zone)
    for use in _USES:
        told = {**use._asdict(), "in_force_from": _SINCE}
        whose = coded(session, told.pop("body"))
        offers.publish(session, OfferAsked.model_validate(told), whose, by=by, now=now)
    for course in _COURSES:
        told = {**course._asdict(), "in_force_from": _SINCE}
        whose = coded(session, told.pop("body"))
        offers.publish(session, CourseAsked.model_validate(told), whose, by=by, now=now)
    for place, number in enumerate(numbers):
        _apply(session, number, by, at, is_accepted=not place)


def _apply(session: Session, number: str, by: Account, at: Moment, *, is_accepted: bool) -> None:
    """Let a worker apply for both exemptions; the school may have accepted its own."""
    worker = look_ups.worker_numbered(session, number)
    for code in ("EX-11", "EX-01"):
        offer = offers.named(session, code, at.today)
        if redemptions.preview(session, worker, offer, at=at).is_possible:
            case_id = redemptions.apply(session, worker, offer, by=as_console(by), at=at)
            if is_accepted and code == "EX-11":
                redemptions.accept(session, case_id, by=by, at=at)
