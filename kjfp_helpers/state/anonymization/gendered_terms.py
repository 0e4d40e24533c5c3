"""Gendered terms: words that reveal a nominee's sex.

He and she of one person become TA, whoever is meant: one of them left would tell the other.
Words that speak of the nominee (女专家, 巾帼, 她的丈夫, 作为母亲) are masked. What speaks of
others stays: 妇女, 女社员, 女儿, 他们, 她们.
"""

import re

NEUTRAL = "TA"
"""What stands for he and she."""

PRONOUN = re.compile(r"(?<![其利吉排])[他她](?![们人乡山国律处日方]|[妈]的)")
"""He or she; not in 其他, 他人, 他们 and the like."""

_ROLES = (
    "专家|教授|博士|硕士|科学家|科技|科研|研究员|农艺师|工程师|技术员|医生|党员|干部|同志|院士|队长|组长|书记|"
    "强人|能人|汉子|将|标兵|劳模|状元|知识分子|特派员"
)
TELLING = re.compile(
    rf"[男女](?={_ROLES})|巾帼[\u4e00-\u9fff]{{0,2}}?(?=模范|标兵|英雄|之|不让|[，。、；]|$)|巾帼|三八红旗手|三八红旗"
    r"|铁娘子|好妈妈|好大姐|产假|身怀六甲|挺着大肚子"
    r"|(?<=[，,、（(\s])[男女](?=[，,、；;）)])"
    r"|(?<=作为)(?:一名|一个|一位)?(?:母亲|妻子|女性|父亲|丈夫|男人|女人)"
    r"|(?:(?<=[他她其])|(?<=[他她其己人]的))(?:丈夫|妻子|老公|老婆|媳妇)"
)
"""What tells the nominee's own sex."""
