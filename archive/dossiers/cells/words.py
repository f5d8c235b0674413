"""Words of the vocabulary in a cell: skill levels, prizes, tiers, kinds of papers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from archive.dossiers.cells.figures import placement
from archive.dossiers.cells.refusals import (
    AwardUnknownError,
    PlacementUnreadableError,
    RankContradictoryError,
    RankUnknownError,
    ValueMissingError,
    WordUnknownError,
)
from archive.dossiers.cells.values import half_width, is_blank, shown
from archive.dossiers.tables.table import CellValue
from schemas.vocabulary import (
    ClassKind,
    ContestGroup,
    ContestTier,
    Degree,
    Instrument,
    Mode,
    Prize,
    Rank,
    Step,
    TitleGrade,
)

_Word = TypeVar("_Word", bound=StrEnum)

_RANK_WORDS = {
    Rank.CHIEF_TECHNICIAN: "首席技师|chief technician",
    Rank.MASTER_TECHNICIAN: "特级技师|master technician",
    Rank.SENIOR_TECHNICIAN: "高级技师|senior technician|一级|1级|i级|level 1",
    Rank.TECHNICIAN: "技师|technician|二级|2级|ii级|level 2",
    Rank.SENIOR: "高级工?|senior(?: worker)?|三级|3级|iii级|level 3",
    Rank.INTERMEDIATE: "中级工?|intermediate(?: worker)?|四级|4级|iv级|level 4",
    Rank.JUNIOR: "初级工?|junior(?: worker)?|五级|5级|v级|level 5",
    Rank.APPRENTICE: "学徒工?|apprentice",
}
"""In this order, so that 高级技师 is found before 技师, and 技师 before 高级."""
_RANK = re.compile("|".join(f"(?P<r{rank.value}>{words})" for rank, words in _RANK_WORDS.items()))
_RANK_OF_BARE_CODE = {
    "1": Rank.SENIOR_TECHNICIAN,
    "2": Rank.TECHNICIAN,
    "3": Rank.SENIOR,
    "4": Rank.INTERMEDIATE,
    "5": Rank.JUNIOR,
    "t": Rank.MASTER_TECHNICIAN,
    "s": Rank.CHIEF_TECHNICIAN,
}
_AROUND_RANKS = re.compile(r"国家|职业|资格|技能|等级|工种?|[\s/()、\-—:]")

_STEPS = {
    Step.ELEMENTARY: "初级|elementary",
    Step.MIDDLE: "中级|intermediate",
    Step.ADVANCED: "高级|advanced",
}
_CLASS = r"\s*[((]?([一二12]|i{1,2})类[))]?|"  # First or second class of a contest.
_CLASSES = re.compile("([一二12]|i{1,2})类", re.IGNORECASE)
_TIERS = {
    ContestTier.WORLD: rf"(世界|国际)(技能)?(级|大?赛)?({_CLASS})|world|international",
    ContestTier.NATIONAL: rf"(国家|全国|国)(级|大?赛)?({_CLASS})|national",
    ContestTier.PROVINCE: rf"(全?省|自治区)(级|大?赛)?({_CLASS})|province|provincial",
    ContestTier.CITY: rf"(全?市)(级|大?赛)?({_CLASS})|city|municipal",
    ContestTier.DISTRICT: rf"(全?区|县)(级|大?赛)?({_CLASS})|district|county",
}
_PRIZES = {
    Prize.FIRST: "一等奖?|1等奖|金[奖牌]|first( prize)?|gold",
    Prize.SECOND: "二等奖?|2等奖|银[奖牌]|second( prize)?|silver",
    Prize.THIRD: "三等奖?|3等奖|铜[奖牌]|third( prize)?|bronze",
    Prize.MERIT: "优胜奖?|优秀奖|鼓励奖|merit|excellence",
}
_MEDALISTS = {"冠军": 1, "亚军": 2, "季军": 3}
_DEGREES = {
    Degree.JUNIOR_SECONDARY: "初中(毕业)?|junior secondary",
    Degree.SENIOR_SECONDARY: "(普通)?高中(毕业)?|senior secondary",
    Degree.SECONDARY_VOCATIONAL: "中专|中职|职高|职业高中|中等(职业|专科)(学校|教育)?",
    Degree.TECHNICAL_SCHOOL: "技校|(普通)?技工(学校|院校)?|中级技工",
    Degree.SENIOR_TECHNICAL_SCHOOL: "高级技校|高级技工(学校|班)?",
    Degree.HIGHER_VOCATIONAL: "高职(高专|院校|大专)?|高等职业(学校|院校|教育)|higher vocational",
    Degree.JUNIOR_COLLEGE: "(大学)?(大专|专科)|高专|junior college",
    Degree.BACHELOR: "(大学)?本科|学士|bachelor",
    Degree.MASTER: "硕士(研究生)?|研究生|master",
    Degree.DOCTOR: "博士(研究生)?|doctor",
}
_DEGREE_WORDS = "初中、高中、中专、技校、高级技校、高职、大专、本科、硕士、博士"
_MODES = {
    Mode.CLASSROOM: "线下|面授|现场|集中(授课|培训)?|classroom",
    Mode.ONLINE: "线上|网络|网上|远程|在线|online",
    Mode.BLENDED: r"混合式?|线上\s*[+、和与]?\s*线下(相?结合)?|线下\s*[+、和与]?\s*线上|blended",
}
_INSTRUMENTS = {
    Instrument.SKILL_LEVEL: "职业技能等级(证书|认定)?|技能等级证书?|skill level",
    Instrument.QUALIFICATION: "(国家)?职业资格(证书?)?|qualification",
    Instrument.SPECIFIC_ABILITY: "专项职业能力(证书?|考核)?|专项能力(证书?)?",
    Instrument.ONE_PLUS_X: r"1\s*\+\s*x\s*(职业技能等级)?(证书?)?",
    Instrument.SPECIAL_OPERATION: "特种作业(操作)?(证书?)?",
    Instrument.CONSTRUCTION_OPERATION: "建筑施工特种作业(操作)?(资格)?(证书?)?",
    Instrument.SPECIAL_EQUIPMENT: "特种设备(安全管理和)?作业(人员)?(证书?)?",
    Instrument.PROFESSIONAL_TITLE: "(专业技术)?职称(证书?)?|专业技术(职务)?(任职)?资格(证书?)?",
}
_INSTRUMENT_WORDS = (
    "职业技能等级证书、国家职业资格证书、专项职业能力证书、1+X证书、"
    "特种作业操作证、建筑施工特种作业操作证、特种设备作业人员证、职称证书"
)
_TITLE_GRADES = {
    TitleGrade.JUNIOR: "(初|员|助理)级?(职称)?|junior",
    TitleGrade.INTERMEDIATE: "中级?(职称)?|intermediate",
    TitleGrade.SENIOR: "(正|副)?高级?(职称)?|senior",
}
_CLASS_KINDS = {
    ClassKind.SENIOR_WORKER: "高级工班?|高级技工班|senior worker class",
    ClassKind.PRE_TECHNICIAN: "预备技师班?|pre-technician class",
    ClassKind.TECHNICIAN: "技师班?|technician class",
}
_GROUPS = {
    ContestGroup.STAFF: "职工组?|教师组?|社会组|staff",
    ContestGroup.STUDENT: "学生组?|学员组|院校组|students?",
}
_YES = re.compile("是|有|已?备案|已备|√|y(es)?|true")
_NO = re.compile("否|无|未备案?|未|×|n(o)?|false")
_TEAM = re.compile("是|团体|团队|集体|双人|组队|yes|team")
_ALONE = re.compile("否|个人|单人|no|individual")


@dataclass(frozen=True, slots=True)
class Award:
    """What was won: a prize, a bare placement, or both."""

    prize: Prize | None = None
    placement: int | None = None


def rank(value: CellValue) -> Rank:
    """Return a skill level: ``高级工``, ``三级``, ``3``, ``国家职业资格三级``, ``三级/高级工``.

    A bare digit is the level's code, which falls as the level rises. Raises
    ValueMissingError, RankUnknownError or RankContradictoryError.
    """
    written = _word(value)
    if written in _RANK_OF_BARE_CODE:
        return _RANK_OF_BARE_CODE[written]
    if _AROUND_RANKS.sub("", _RANK.sub("", written)):
        raise RankUnknownError
    found = {Rank(int(str(hit.lastgroup)[1:])) for hit in _RANK.finditer(written)}
    if not found:
        raise RankUnknownError
    if len(found) > 1:
        raise RankContradictoryError
    return found.pop()


def award(value: CellValue) -> Award:
    """Return a prize (``一等奖``), a bare placement (``第1名``) or both (``一等奖（第2名）``).

    Raises ValueMissingError or AwardUnknownError.
    """
    written = _word(value)
    outer, _, inner = written.partition("(")
    found = [_one_award(part) for part in (outer, inner.rstrip(")")) if part.strip()]
    prize = next((one.prize for one in found if one.prize), None)
    place = next((one.placement for one in found if one.placement), None)
    return Award(prize, place)


def step(value: CellValue) -> Step:
    """Return the step of a 1+X certificate. Raises ValueMissingError or WordUnknownError."""
    return _one_of(value, _STEPS, "初级、中级、高级")


def tier(value: CellValue) -> ContestTier:
    """Return how far a competition reaches; its class (一类、二类) may stand behind.

    Raises ValueMissingError or WordUnknownError.
    """
    return _one_of(value, _TIERS, "世界级、国家级、省级、市级、区级")


def contest_class(value: CellValue) -> int | None:
    """Return the class (一类、二类) that stands behind a tier; None when none does."""
    found = _CLASSES.search(_word(value))
    if found is None:
        return None
    return 1 if found[1] in {"一", "1", "i"} else 2


def degree(value: CellValue) -> Degree:
    """Return a degree of schooling. Raises ValueMissingError or WordUnknownError."""
    return _one_of(value, _DEGREES, _DEGREE_WORDS)


def mode(value: CellValue) -> Mode:
    """Return how a course was held. Raises ValueMissingError or WordUnknownError."""
    return _one_of(value, _MODES, "线下、线上、混合")


def instrument(value: CellValue) -> Instrument:
    """Return the kind of a certificate. Raises ValueMissingError or WordUnknownError."""
    return _one_of(value, _INSTRUMENTS, _INSTRUMENT_WORDS)


def title_grade(value: CellValue) -> TitleGrade:
    """Return the grade of a professional title. Raises ValueMissingError or WordUnknownError."""
    return _one_of(value, _TITLE_GRADES, "初级、中级、高级")


def class_kind(value: CellValue) -> ClassKind:
    """Return the kind of a class. Raises ValueMissingError or WordUnknownError."""
    return _one_of(value, _CLASS_KINDS, "高级工班、预备技师班、技师班")


def team(value: CellValue) -> bool:
    """Return whether a team took part. Raises ValueMissingError or WordUnknownError."""
    written = _word(value)
    if _TEAM.fullmatch(written):
        return True
    if _ALONE.fullmatch(written):
        return False
    raise WordUnknownError(words="个人、团体")


def contest_group(value: CellValue) -> ContestGroup:
    """Return who competed with whom. Raises ValueMissingError or WordUnknownError."""
    return _one_of(value, _GROUPS, "职工组, 学生组")


def yes(value: CellValue) -> bool:
    """Return whether a cell says yes. Raises ValueMissingError or WordUnknownError."""
    written = _word(value)
    if _YES.fullmatch(written):
        return True
    if _NO.fullmatch(written):
        return False
    raise WordUnknownError(words="是, 否")


def _one_award(written: str) -> Award:
    for prize, words in _PRIZES.items():
        if re.fullmatch(words, written.strip()):
            return Award(prize=prize)
    if written in _MEDALISTS:
        return Award(placement=_MEDALISTS[written])
    try:
        return Award(placement=placement(written))
    except PlacementUnreadableError as unreadable:
        raise AwardUnknownError from unreadable


def _one_of(value: CellValue, patterns: Mapping[_Word, str], words: str) -> _Word:
    written = _word(value)
    for member, pattern in patterns.items():
        if re.fullmatch(pattern, written):
            return member
    raise WordUnknownError(words=words)


def _word(value: CellValue) -> str:
    """Return a cell as it is compared: half-width, lower case."""
    if is_blank(value):
        raise ValueMissingError
    return half_width(shown(value)).lower()
