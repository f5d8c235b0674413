"""The organisations of the demo district: one of every kind at least, all of them invented.

Public bodies bear the district's name, as the product is made for it; companies, schools
and the association have names that were made up for this list.
"""

from typing import NamedTuple

from schemas.vocabulary import OrganisationKind


class Body(NamedTuple):
    """An organisation of the demo district."""

    code: str
    kind: OrganisationKind
    name: str
    name_en: str
    street: str | None = None


BUREAU = "HR01"
STREET = "SO01"
SAFETY = "DP01"
PROVIDERS = ("TP01", "TP02", "TP03")
TECHNICAL_SCHOOL = "TS01"
VOCATIONAL_SCHOOL = "VS01"
ASSESSMENT_BODY = "AB01"
EMPLOYERS = ("EP01", "EP02")
ASSOCIATION = "AS01"

BODIES = (
    Body(
        BUREAU,
        OrganisationKind.BUREAU,
        "光明区人力资源局",
        "Guangming District Human Resources Bureau",
    ),
    Body(
        STREET,
        OrganisationKind.STREET_OFFICE,
        "光明区启明街道办事处",
        "Qiming Street Office",
        "启明街道",
    ),
    Body(
        SAFETY,
        OrganisationKind.DEPARTMENT,
        "光明区应急管理局",
        "Guangming District Emergency Management Bureau",
    ),
    Body(
        PROVIDERS[0],
        OrganisationKind.TRAINING_PROVIDER,
        "云岫职业技能培训中心",
        "Yunxiu Vocational Training Centre",
    ),
    Body(
        PROVIDERS[1],
        OrganisationKind.TRAINING_PROVIDER,
        "稻屿职业培训学校",
        "Daoyu Vocational Training School",
    ),
    Body(
        PROVIDERS[2],
        OrganisationKind.TRAINING_PROVIDER,
        "星槎智能制造公共实训基地",
        "Xingcha Smart Manufacturing Training Base",
    ),
    Body(
        TECHNICAL_SCHOOL,
        OrganisationKind.TECHNICAL_SCHOOL,
        "砚溪技师学院",
        "Yanxi Technician Institute",
    ),
    Body(
        VOCATIONAL_SCHOOL,
        OrganisationKind.VOCATIONAL_SCHOOL,
        "青岫职业技术学院",
        "Qingxiu Polytechnic",
    ),
    Body(
        ASSESSMENT_BODY,
        OrganisationKind.ASSESSMENT_BODY,
        "衡矩职业技能评价中心",
        "Hengju Skill Assessment Centre",
    ),
    Body(
        EMPLOYERS[0],
        OrganisationKind.EMPLOYER,
        "蔚岑精密仪器（光明）有限公司",
        "Weicen Precision Instruments Ltd",
    ),
    Body(
        EMPLOYERS[1],
        OrganisationKind.EMPLOYER,
        "屿禾生物科技（光明）有限公司",
        "Yuhe Biotech Ltd",
    ),
    Body(
        ASSOCIATION,
        OrganisationKind.ASSOCIATION,
        "光明区匠心同行技能协会",
        "Guangming Craft Fellowship Association",
    ),
)
NAME_OF = {body.code: body.name for body in BODIES}

SITE_OF = {ASSESSMENT_BODY: "990001", EMPLOYERS[0]: "990011", EMPLOYERS[1]: "990012"}
"""The assessment sites in certificate numbers; sites from 990000 on are given to nobody."""
