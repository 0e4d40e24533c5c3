"""Kinds of text that stand in the fields of a form: an institution, a place, a position, a name.

Each pattern names in Chinese what a text that matches it is, as a finding says it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kjfp_helpers.core.privacy import find_personal_numbers
from kjfp_helpers.intake.fields.single_region import PROVINCES

TextKind = Literal[
    "gender",
    "party",
    "nation",
    "degree",
    "rank",
    "position",
    "institution",
    "place",
    "option",
    "date",
    "number",
    "email",
    "digits",
    "sample_name",
    "elsewhere",
    "people",
    "full_address",
    "street",
    "honor",
    "person",
    "team",
    "opinion",
    "names",
    "skill",
    "latin",
]


@dataclass(frozen=True)
class KnownText:
    """How texts of a kind are known, and in Chinese what such a text is.

    ``make_find`` returns ``find``, which is made when it is first used: most of what imports this
    looks at no form, and compiling all patterns takes time.
    """

    make_find: Callable[[], Callable[[str], object]]
    meaning: str

    @cached_property
    def find(self) -> Callable[[str], object]:
        """Return something true for a text of the kind."""
        return self.make_find()


def whole_text(pattern: str, meaning: str) -> KnownText:
    """Return the texts that match a pattern as a whole."""
    return KnownText(lambda: re.compile(rf"(?:{pattern})\Z").match, meaning)


def text_with(pattern: str, meaning: str) -> KnownText:
    """Return the texts of which a part matches a pattern."""
    return KnownText(lambda: re.compile(pattern).search, meaning)


_PARTIES = "民革|民盟|民建|民进|农工党?|致公党?|九三(?:学社)?|台盟"
_RANKS = (
    "教授|研究员|农艺师|工程师|畜牧师|兽医师|医师|经济师|会计师|讲师|助教|教师|院士|主任|局长|处长|科长|站长|所长|院长"
    "|校长|主席|会长|理事长|秘书长|部长|书记|经理|干事|科员|主任科员"
)

TEXT_KINDS: Mapping[TextKind, KnownText] = {
    "gender": whole_text("[男女]性?", "像是性别"),
    "party": whole_text(
        f"(?:中共|中国共产党)?(?:预备)?党员|群众|(?:共青)?团员|无党派(?:人士)?|(?:{_PARTIES})(?:党员|成员|会员|盟员|社员)?",
        "像是政治面貌",
    ),
    "nation": whole_text("[\u4e00-\u9fff]{1,5}族", "像是民族"),
    "degree": whole_text(
        "(?:大学|全日制)?(?:本科|专科|大专|中专|高中|初中|硕士|学士|研究生)(?:学历|学位|毕业)?",
        "像是学历",
    ),
    "rank": whole_text(
        f"(?:正|副|助理|高级|正高级|推广|二级|三级|首席|特聘|常务)*(?:{_RANKS})", "像是职务或职称"
    ),
    "position": whole_text(
        f".{{0,12}}(?:{_RANKS})(?:[、，,/；;].{{0,12}}(?:{_RANKS}))*", "像是职务或职称"
    ),
    "institution": whole_text(
        ".{2,}(?:大学|学院|研究所|研究院|科学院|农科院|中心|协会|学会|公司|委员会|农业局|农业农村局|(?:推广|农技|技术|畜牧|兽医|水产)站|科协|合作社)",
        "像是单位名称",
    ),
    "place": whole_text(
        rf"(?:{'|'.join(PROVINCES)})(?:省|市|(?:壮族|回族|维吾尔)?自治区)?"
        r"(?:[^市县区州盟旗乡镇村道]{0,10}(?:[市县区州盟旗乡镇村]|(?<=街)道))*",
        "像是地名",
    ),
    "option": whole_text("种植|养殖|培训|技术推广|就业指导|其[他它]", "是表列的选项"),
    "date": whole_text(
        r"(?:19|20)\d\d\s*[年./\-]\s*\d{1,2}(?:\s*[月./\-]\s*(?:\d{1,2}\s*日?)?)?", "像是日期"
    ),
    "number": KnownText(lambda: find_personal_numbers, "含有证件、电话一类号码"),
    "email": text_with(r"[\w.+\-]{1,64}@[\w\-]+\.\w", "含有电子邮箱"),
    "digits": whole_text(r"[\W\d_]+", "只有数字或符号"),
    "sample_name": whole_text(
        "[张李王赵刘]某.{0,2}|某.{1,2}|张三|李四|王五|赵六|.{1,2}某某?", "像是示例或隐去的姓名"
    ),
    "elsewhere": whole_text(
        "(?:详?见|参见)(?!习).{1,14}|(?:另附|附[件页表后录]).{0,14}|同(?:上|前|左|.{0,4}(?:附件|单位|电话|手机|地址)).{0,4}"
        "|本人|自己",
        "没有写明内容",
    ),
    "people": whole_text(
        "(?:全体|全部|若干|部分).*|.*(?:成员|人员|队员|名单)|.{2,}[处部室组]", "不是姓名"
    ),
    "street": whole_text(r".*(?:[路街巷道弄].{0,6}\d+号.*|\d+号[院楼栋室]?)", "像是地址"),
    "honor": whole_text(
        ".{0,40}(?:劳动模范|劳模|先进个人|先进工作者|先进集体|奖章|奖状|[特一二三]等奖|标兵|荣誉称号)",
        "像是荣誉",
    ),
    "person": whole_text("[\u4e00-\u9fff]{2,3}", "像是姓名"),
    "opinion": whole_text(
        "(?:经.{1,12}[，,]?)?(?:情况属实[，,]?)?同意(?:推荐|上报|申报|报送)?[。.！]?|推荐[。.！]",
        "像是推荐意见",
    ),
    "names": whole_text("[\u4e00-\u9fff]{2,3}(?:[、，,;；/][\u4e00-\u9fff]{2,3})+", "像是一串姓名"),
    "skill": text_with(
        "栽培|种植|养殖|育种|育苗|植保|土肥|嫁接|加工|技术|农机|饲养|防治", "不像姓名"
    ),
    "latin": whole_text(r"[\x20-\x7e]+", "没有汉字"),
    "team": whole_text(".{2,}(?:团队?|队|组|工作站|服务站|工作室|专家大院)", "像是团队名称"),
    "full_address": whole_text(rf"(?:{'|'.join(PROVINCES)}).*", "是一处地址"),
}
"""Kinds of text, each of which belongs in some fields and in no others."""
