"""Names for people who do not exist: common family and given names, drawn by chance.

Some rare characters are among them, as real districts have them; a test sees that the
documents' fonts have every one.
"""

from random import Random

FAMILY_NAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_TWO_CHARACTERS = ("欧阳", "司徒", "上官", "诸葛")
_MEN = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆志文建国海峰龙旭晨宁泽瑞林轩"
_WOMEN = "芳娜敏静秀丽艳娟霞玲燕婷雪梅琳洁倩颖慧莹佳欣怡蕾薇莉萍红玉兰云月晓丹璐瑶岚"
_BOTH = "一子小文思雨嘉家永春秋新安乐天心如立可少远光清正之亦景元彦书"
_RARE = "嬿䶮堃喆翯璟镕彧"
_LATIN_GIVEN = ("Anna", "Ben", "Clara", "Daniel", "Elena", "Marco", "Mina", "Tomas", "Yuki")
_LATIN_FAMILY = ("Almeida", "Brandt", "Costa", "Dupont", "Ivanov", "Kim", "Novak", "Tanaka")
_MINORITY_GIVEN = ("阿依古丽", "古丽娜尔", "买买提江", "阿不都拉", "帕丽达", "木合塔尔")
_MINORITY_FATHER = ("艾力", "吐尔逊", "热合曼", "卡德尔", "玉素甫")
_SHARE_OF_MINORITY = 0.01
_SHARE_OF_TWO_CHARACTERS = 0.01
_SHARE_OF_RARE = 0.006
_SHARE_OF_LONG_GIVEN_NAMES = 0.72

CHARACTERS = "".join(
    (FAMILY_NAMES, *_TWO_CHARACTERS, _MEN, _WOMEN, _BOTH, _RARE, *_MINORITY_GIVEN)
) + "".join(_MINORITY_FATHER)
"""Every Chinese character that a name can have."""


def chinese_name(chance: Random, *, is_male: bool) -> str:
    """Return a name of two to four characters, or now and then one with a middle dot."""
    if chance.random() < _SHARE_OF_MINORITY:
        return f"{chance.choice(_MINORITY_GIVEN)}·{chance.choice(_MINORITY_FATHER)}"
    family = chance.choice(FAMILY_NAMES)
    if chance.random() < _SHARE_OF_TWO_CHARACTERS:
        family = chance.choice(_TWO_CHARACTERS)
    return family + given_name(chance, is_male=is_male)


def given_name(chance: Random, *, is_male: bool) -> str:
    """Return a given name of one or two characters."""
    last = chance.choice(_MEN if is_male else _WOMEN)
    if chance.random() < _SHARE_OF_RARE:
        last = chance.choice(_RARE)
    if chance.random() < _SHARE_OF_LONG_GIVEN_NAMES:
        return chance.choice(_BOTH) + last
    return last


def latin_name(chance: Random) -> str:
    """Return a name in Latin letters, as passports write them."""
    return f"{chance.choice(_LATIN_GIVEN)} {chance.choice(_LATIN_FAMILY)}"
