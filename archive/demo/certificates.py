"""Certificates of the demo district: numbers tell issuer, year and level, and are nobody's."""

from datetime import date
from decimal import Decimal

from archive.demo.bodies import (
    ASSESSMENT_BODY,
    BUREAU,
    EMPLOYERS,
    SAFETY,
    SITE_OF,
    VOCATIONAL_SCHOOL,
)
from archive.demo.learner import Learner, Posted
from archive.demo.trades import ABILITIES
from archive.dossiers.certificate_numbers import Assessor, SkillLevelNumber
from schemas.records import Certificate
from schemas.vocabulary import Instrument, Rank, Step

_SHARE_OF_BODY = 0.7  # Of levels; the others are awarded by employers.
_PERMITS = {"电工": "低压电工作业", "焊工": "熔化焊接与热切割作业"}
_STEPS = tuple(Step)
_PERMIT_LASTS = 6  # Years; domain facts 2.
_SERIALS = 1_000_000  # Six digits at the end of a certificate's number.


def level(learner: Learner, day: date, rank: Rank) -> Posted:
    """Return a skill-level certificate; its number tells issuer, year and level."""
    body = (
        ASSESSMENT_BODY
        if learner.chance.random() < _SHARE_OF_BODY
        else learner.chance.choice(EMPLOYERS)
    )
    number = level_number(learner, body, day, rank)
    score = Decimal(learner.chance.randint(60, 95))
    return Posted(
        body,
        Certificate(
            certificate_number=number,
            occupation=learner.trade.occupation,
            rank=rank,
            score=score,
            issued_on=day,
        ),
    )


def level_number(learner: Learner, body: str, day: date, rank: Rank) -> str:
    """Return a number that no other person of the district has."""
    assessor = Assessor.ASSESSMENT_BODY if body == ASSESSMENT_BODY else Assessor.EMPLOYER
    ministry, serial = divmod(learner.place, _SERIALS)
    number = SkillLevelNumber(
        assessor, f"{ministry:04d}", "99", SITE_OF[body], day.year, rank, serial
    )
    return str(number)


def ability(learner: Learner, day: date) -> Posted:
    """Return a specific ability, attested by the bureau."""
    record = Certificate(
        instrument=Instrument.SPECIFIC_ABILITY,
        certificate_number=f"ZX99{day:%Y%m%d}{learner.place:07d}",
        title=learner.chance.choice(ABILITIES),
        issued_on=day,
    )
    return Posted(BUREAU, record)


def one_plus_x(learner: Learner, day: date) -> Posted:
    """Return a 1+X certificate of the vocational school."""
    record = Certificate(
        instrument=Instrument.ONE_PLUS_X,
        certificate_number=f"X99{day:%Y%m%d}{learner.place:07d}",
        title=f"{learner.trade.name}应用",
        step=learner.chance.choice(_STEPS),
        issued_on=day,
    )
    return Posted(VOCATIONAL_SCHOOL, record)


def permit(learner: Learner, day: date) -> Posted:
    """Return a special operation permit, whose number holds the person's own."""
    record = Certificate(
        instrument=Instrument.SPECIAL_OPERATION,
        certificate_number=f"T{learner.person.document_number}",
        title=_PERMITS.get(learner.trade.name, "高处作业"),
        issued_on=day,
        valid_until=date(day.year + _PERMIT_LASTS, day.month, min(day.day, 28)),
    )
    return Posted(SAFETY, record)
