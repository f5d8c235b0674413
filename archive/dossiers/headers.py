"""The headers that institutions write over their columns, and which field each means.

Words only; how they are compared stands in ``columns``. The first word of a field is its
name in messages, the first English one its English name. Spaces, brackets, stars and case
do not matter; what stands in brackets may be left out.
"""

from enum import StrEnum

from schemas.vocabulary import RecordKind


class Field(StrEnum):
    """What a column of a table file can tell."""

    NAME = "name"
    DOCUMENT_NUMBER = "document_number"
    DOCUMENT_TYPE = "document_type"
    OUTER_ID = "outer_id"
    NOTE = "note"
    STREET = "street"
    COURSE_NAME = "course_name"
    COURSE_CODE = "course_code"
    OCCUPATION = "occupation"
    OCCUPATION_CODE = "occupation_code"
    TRADE = "trade"
    RANK = "rank"
    HOURS = "hours"
    ATTENDANCE = "attendance"
    SCORE = "score"
    MODE = "mode"
    STARTED_ON = "started_on"
    COMPLETED_ON = "completed_on"
    PERIOD = "period"
    CERTIFICATE_NUMBER = "certificate_number"
    INSTRUMENT = "instrument"
    TITLE_GRADE = "title_grade"
    TITLE = "title"
    ISSUED_ON = "issued_on"
    VALID_UNTIL = "valid_until"
    PREPARED_BY = "prepared_by"
    EVENT_NAME = "event_name"
    ITEM = "item"
    TIER = "tier"
    AWARD = "award"
    PLACEMENT = "placement"
    GROUP = "group"
    IS_SELECTION_TRIAL = "is_selection_trial"
    TEAM = "team"
    AWARDED_ON = "awarded_on"
    EMPLOYER_NAME = "employer_name"
    MASTER_NAME = "master_name"
    CLASS_NUMBER = "class_number"
    IS_REGISTERED = "is_registered"
    AWARDING_BODY = "awarding_body"
    SCHOOL_NAME = "school_name"
    MAJOR = "major"
    DEGREE = "degree"
    GRADUATED_ON = "graduated_on"
    EXPECTED_ON = "expected_on"
    CLASS_KIND = "class_kind"
    POST = "post"
    ENDED_ON = "ended_on"


EVERYWHERE = {
    Field.NAME: (
        "姓名|学员姓名|学生姓名|人员姓名|员工姓名|参训人员姓名|选手姓名|参赛选手|学员|持证人|持证人姓名"
        "|获奖人|获奖人姓名|获奖选手|name|full name"
    ),
    Field.DOCUMENT_NUMBER: (
        "身份证号|身份证号码|证件号码|证件号|身份证|身份证件号码|身份证件号|公民身份号码"
        "|公民身份证号码|居民身份证|居民身份证号|居民身份证号码|有效证件号码"
        "|ID number|identity number|document number|ID no"
    ),
    Field.DOCUMENT_TYPE: "证件类型|证件种类|身份证件类型|document type|ID type",
    Field.OUTER_ID: "外部编号|业务编号|业务流水号|流水号|记录编号|outer ID|external ID|reference",
    Field.NOTE: "备注|说明|note|notes|remarks|remark",
    Field.STREET: "街道|所属街道|所在街道|街道办|街道办事处|街道名称|street|street office",
}
_OCCUPATION = {
    Field.OCCUPATION: (
        "职业（工种）|职业工种|职业/工种|工种（职业）|职业|职业名称|职业（工种）名称|申报职业|培训职业"
        "|职业方向"
        "|occupation|trade or occupation"
    ),
    Field.OCCUPATION_CODE: "职业代码|职业编码|职业（工种）代码|occupation code",
    Field.TRADE: "工种|工种名称|培训工种|申报工种|竞赛工种|比赛工种|trade",
}
_RANK = (
    "等级|技能等级|级别|职业技能等级|职业等级|培训等级|培训层次|证书等级|工种等级|资格等级|评价等级"
    "|认定等级|level|skill level"
)
_START = "开始日期|起始日期|入职日期|开始时间|起始时间|start date|start|started on"
_END = "结束日期|截止日期|离职日期|结束时间|截止时间|end date|end|ended on"

BY_KIND = {
    RecordKind.TRAINING: {
        Field.COURSE_NAME: (
            "课程名称|培训项目|培训课程|培训课程名称|培训项目名称|课程|培训名称|培训内容|培训班名称"
            "|培训班|培训主题|培训科目|班级名称|项目名称|course|course name|training"
        ),
        Field.COURSE_CODE: "课程编号|课程代码|课程编码|项目编号|course code",
        **_OCCUPATION,
        Field.RANK: _RANK,
        Field.HOURS: (
            "学时|课时|培训学时|培训课时|总学时|总课时|培训总学时|培训总课时|完成学时|完成课时|实际学时"
            "|学时数|课时数|培训学时数|培训课时数|学时/课时|hours|class hours|training hours"
        ),
        Field.ATTENDANCE: "出勤率|出勤|考勤|考勤率|到课率|实际出勤率|attendance|attendance rate",
        Field.SCORE: (
            "成绩|考核成绩|考试成绩|结业成绩|培训成绩|总成绩|总评成绩|最终成绩|综合成绩|结业考核成绩|分数"
            "|得分|考核分数|考试分数|考核结果|考试结果|是否合格|score|result|grade"
        ),
        Field.MODE: "培训方式|授课方式|培训形式|教学方式|mode",
        Field.STARTED_ON: (
            f"开班日期|开班时间|开班日|开课日期|培训开始日期|培训开始时间|培训起始日期|培训开班日期|{_START}"
        ),
        Field.COMPLETED_ON: (
            "结业日期|结业时间|结课日期|结班日期|结班时间|培训结束日期|培训结束时间|培训截止日期|完成日期"
            "|完成时间|培训完成日期|培训完成时间"
            f"|completion date|completed on|{_END}"
        ),
        Field.PERIOD: (
            "培训时间|培训日期|培训时段|起止日期|起止时间|培训起止时间|培训起止日期|period"
        ),
        Field.CERTIFICATE_NUMBER: (
            "证书编号|结业证书编号|结业证书号|结业证编号|结业证号|证书号|证书号码|证书编码|培训证书编号"
            "|合格证编号|培训合格证编号|培训合格证书编号"
            "|certificate number|certificate no"
        ),
    },
    RecordKind.CERTIFICATE: {
        Field.CERTIFICATE_NUMBER: (
            "证书编号|证书号码|证书号|证书编码|等级证书编号|技能等级证书编号|职业技能等级证书编号"
            "|资格证书编号|职业资格证书编号|certificate number|certificate no"
        ),
        Field.INSTRUMENT: "证书类型|证书类别|证书种类|certificate type",
        Field.TITLE: "证书名称|专项能力名称|certificate name|title",
        Field.TITLE_GRADE: "职称级别|职称等级|职称|title grade",
        **_OCCUPATION,
        Field.RANK: _RANK,
        Field.SCORE: "成绩|评定成绩|评价成绩|综合成绩|考核成绩|score|result",
        Field.ISSUED_ON: (
            "发证日期|发证时间|颁发日期|颁发时间|颁证日期|颁证时间|核发日期|签发日期|取证日期|取证时间"
            "|获证日期|获证时间|证书日期|issue date|issued on|date"
        ),
        Field.VALID_UNTIL: (
            "有效期至|有效期|有效期止|有效日期|有效截止日期|证书有效期|到期日期"
            "|valid until|expiry date"
        ),
        Field.PREPARED_BY: "培训课程|备考课程|对应课程|对应培训课程|prepared by|preparing course",
    },
    RecordKind.COMPETITION: {
        Field.EVENT_NAME: (
            "竞赛名称|大赛名称|赛事名称|比赛名称|赛事|竞赛|比赛|competition|event|competition name"
        ),
        Field.ITEM: "项目/组别|项目|组别|参赛项目|竞赛项目|赛项|赛项名称|比赛项目|item",
        Field.TIER: (
            "竞赛级别|赛事级别|大赛级别|比赛级别|竞赛等级|赛事等级|竞赛层级|级别|tier|contest tier"
        ),
        Field.AWARD: (
            "奖项|奖项等级|获奖等级|获奖等次|获奖情况|奖次|所获奖项|获奖名次|奖励等级|award|prize"
        ),
        Field.PLACEMENT: "名次|排名|获得名次|最终名次|placement|place|rank",
        Field.GROUP: "参赛组别|参赛类别|职工组/学生组|职工/学生|contest group",
        Field.IS_SELECTION_TRIAL: "是否选拔赛|选拔赛|selection trial",
        Field.TEAM: "参赛形式|个人/团体|团体/个人|是否团体|团体赛|team",
        **_OCCUPATION,
        Field.AWARDED_ON: (
            "获奖日期|获奖时间|竞赛日期|比赛日期|颁奖日期|颁奖时间|决赛日期|竞赛时间|比赛时间|举办日期"
            "|举办时间"
            "|award date|awarded on|date"
        ),
        Field.CERTIFICATE_NUMBER: (
            "证书编号|获奖证书编号|获奖证书号|荣誉证书编号|certificate number"
        ),
    },
    RecordKind.APPRENTICESHIP: {
        Field.EMPLOYER_NAME: "学徒企业|培养企业|用人单位|企业名称|所在企业|company|employer",
        Field.MASTER_NAME: "企业导师|导师姓名|师傅|师傅姓名|带徒师傅|导师|master|mentor",
        **_OCCUPATION,
        Field.RANK: f"培养等级|目标等级|{_RANK}",
        Field.HOURS: "学时|培训学时|总学时|课时|hours|class hours",
        Field.CLASS_NUMBER: "开班备案编号|备案编号|备案号|班级备案号|class registration number",
        Field.IS_REGISTERED: "是否备案|是否已备案|备案情况|registered",
        Field.STARTED_ON: f"培养开始日期|学徒开始日期|{_START}",
        Field.COMPLETED_ON: f"培养结束日期|学徒结束日期|出师日期|结业日期|completion date|{_END}",
    },
    RecordKind.HONOUR: {
        Field.TITLE: "荣誉名称|荣誉称号|称号|荣誉|honour|honor|honour title",
        Field.AWARDING_BODY: "授予单位|授予机构|颁发单位|授予部门|表彰单位|awarding body",
        Field.TIER: "荣誉级别|表彰级别|级别|honour tier|tier",
        Field.AWARDED_ON: "授予日期|授予时间|表彰日期|表彰时间|获奖日期|award date|awarded on|date",
    },
    RecordKind.EDUCATION: {
        Field.SCHOOL_NAME: "毕业院校|学校名称|学校|毕业学校|院校名称|school|school name",
        Field.MAJOR: "专业|所学专业|专业名称|major",
        Field.DEGREE: "学历|学历层次|文化程度|最高学历|degree|education",
        Field.CLASS_KIND: "班级类型|培养层次|班级类别|class kind",
        **_OCCUPATION,
        Field.RANK: "评估培养等级|技能培养目标|培养目标等级|evaluated level",
        Field.STARTED_ON: f"入学日期|入学时间|{_START}",
        Field.GRADUATED_ON: "毕业日期|毕业时间|graduation date|graduated on",
        Field.EXPECTED_ON: "预计毕业日期|预计毕业时间|expected graduation|expected on",
        Field.CERTIFICATE_NUMBER: "毕业证书编号|毕业证编号|学历证书编号|证书编号|diploma number",
    },
    RecordKind.EXPERIENCE: {
        Field.EMPLOYER_NAME: "工作单位|用人单位|单位名称|任职单位|公司|employer|company",
        Field.POST: "岗位|职务|工作岗位|岗位名称|post|position|job title",
        **_OCCUPATION,
        Field.STARTED_ON: f"入职时间|任职开始日期|{_START}",
        Field.ENDED_ON: f"离职时间|任职结束日期|{_END}",
    },
}

REQUIRED: dict[RecordKind, tuple[tuple[Field, ...], ...]] = {
    RecordKind.TRAINING: (
        (Field.COURSE_NAME,),
        (Field.HOURS,),
        (Field.COMPLETED_ON, Field.PERIOD),
    ),
    RecordKind.CERTIFICATE: ((Field.CERTIFICATE_NUMBER,), (Field.ISSUED_ON,)),
    RecordKind.COMPETITION: (
        (Field.EVENT_NAME,),
        (Field.TIER,),
        (Field.AWARD, Field.PLACEMENT),
        (Field.AWARDED_ON,),
    ),
    RecordKind.APPRENTICESHIP: (
        (Field.EMPLOYER_NAME,),
        (Field.STARTED_ON,),
        (Field.COMPLETED_ON,),
    ),
    RecordKind.HONOUR: ((Field.TITLE,), (Field.AWARDED_ON,)),
    RecordKind.EDUCATION: (
        (Field.SCHOOL_NAME,),
        (Field.DEGREE,),
        (Field.GRADUATED_ON, Field.EXPECTED_ON),
    ),
    RecordKind.EXPERIENCE: ((Field.EMPLOYER_NAME,), (Field.STARTED_ON,)),
}
"""Besides name and number of the document; one column of each group suffices."""

PASSED_OVER = (
    "序号|编号|性别|年龄|民族|出生日期|出生年月|联系电话|手机|手机号|手机号码|电话|邮箱|地址|户籍"
    "|籍贯|政治面貌|照片|签名|学员签名|工作单位|单位|所在单位|参赛单位|培训机构|培训单位|培训地点"
    "|发证机构|发证单位|发证机关|颁证机构|评价机构|学员编号|学号|主办单位|承办单位|No|sex|gender|phone|mobile|email"
    "|address|issuer|provider"
    "|处理结果|处理代码|处理说明|row result|row code|row remark"
)
"""Columns that are usual and tell nothing that a record keeps; they are left out silently."""
