"""What the text of a field can never be: data of the plausibility checks.

Each pattern names in Chinese what a text that matches it is, as a finding says it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from kjfp_helpers.core.privacy import find_personal_numbers
from kjfp_helpers.intake.fields.single_region import PROVINCES

TextKind = Literal[
    "gender",
    "party",
    "nation",
    "degree",
    "rank",
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
    "no_post",
]


@dataclass(frozen=True, slots=True)
class StrangeText:
    """How texts of a kind are known, and in Chinese what such a text is.

    ``find`` returns something true for a text of the kind.
    """

    find: Callable[[str], object]
    meaning: str


def _whole(pattern: str, meaning: str) -> StrangeText:
    return StrangeText(re.compile(rf"(?:{pattern})\Z").match, meaning)


def _inside(pattern: str, meaning: str) -> StrangeText:
    return StrangeText(re.compile(pattern).search, meaning)


_PARTIES = "民革|民盟|民建|民进|农工党?|致公党?|九三(?:学社)?|台盟"
_RANKS = (
    "教授|研究员|农艺师|工程师|畜牧师|兽医师|医师|经济师|会计师|讲师|助教|教师|院士|主任|局长|处长|科长|站长|所长|院长"
    "|校长|主席|会长|理事长|秘书长|部长|书记|经理|干事|科员|主任科员"
)

_POST_WORDS = "|".join(
    (
        "主任|主席|主委|主管|书记|教授|委员|秘书|顾问|董事|干事|经理|总监|总裁|常委|常务|教练|专家|学者|代表|助理|助教",
        "院士|博士|硕士|学士|护士|医生|[博硕]导|干部|职工|会计|出纳|司机|书画|技术|推广|财务|人事|行政|党务|特派|土专",
        "农民|村民|牧民|居民|渔民|大户|工人|学生|军人|法人|创业|个体|自由|经营|致富|带头|传承人|合伙人|主播",
        "负责|分管|主持|联络|联系|退休|离休|退役|在职|在岗|暂无|双高|高[工农管讲]",
        "[高中初副正][级职高]|[正副][高科处厅部县局院校研教]|[一二三四五六七八九十]级|[省部厅司局处县科股]级",
    )
)
_POST_ENDS = "[长师员授任记士工事委席监官匠医警兵商农职人导勤管秘总]"
"""Words that positions and titles contain, and signs that they end with."""

TEXT_KINDS: Mapping[TextKind, StrangeText] = {
    "gender": _whole("[男女]性?", "像是性别"),
    "party": _whole(
        f"(?:中共|中国共产党)?(?:预备)?党员|群众|(?:共青)?团员|无党派(?:人士)?|(?:{_PARTIES})(?:党员|成员|会员|盟员|社员)?",
        "像是政治面貌",
    ),
    "nation": _whole("[\u4e00-\u9fff]{1,5}族", "像是民族"),
    "degree": _whole(
        "(?:大学|全日制)?(?:本科|专科|大专|中专|高中|初中|硕士|学士|研究生)(?:学历|学位|毕业)?",
        "像是学历",
    ),
    "rank": _whole(
        f"(?:正|副|助理|高级|正高级|推广|二级|三级|首席|特聘|常务)*(?:{_RANKS})", "像是职务或职称"
    ),
    "institution": _whole(
        ".{2,}(?:大学|学院|研究所|研究院|科学院|农科院|中心|协会|学会|公司|委员会|农业局|农业农村局|(?:推广|农技|技术|畜牧|兽医|水产)站|科协|合作社)",
        "像是单位名称",
    ),
    "place": _whole(
        rf"(?:{'|'.join(PROVINCES)})(?:省|市|(?:壮族|回族|维吾尔)?自治区)?(?:.{{1,8}}[市县区州旗])*",
        "像是地名",
    ),
    "option": _whole("种植|养殖|培训|技术推广|就业指导|其[他它]", "是表列的选项"),
    "date": _whole(
        r"(?:19|20)\d\d\s*[年./\-]\s*\d{1,2}(?:\s*[月./\-]\s*(?:\d{1,2}\s*日?)?)?", "像是日期"
    ),
    "number": StrangeText(find_personal_numbers, "含有证件、电话一类号码"),
    "email": _inside(r"[\w.+\-]+@[\w\-]+\.\w", "含有电子邮箱"),
    "digits": _whole(r"[\W\d_]+", "只有数字或符号"),
    "sample_name": _whole(
        "[张李王赵刘]某.{0,2}|某.{1,2}|张三|李四|王五|赵六|.{1,2}某某?", "像是示例或隐去的姓名"
    ),
    "elsewhere": _whole(
        "(?:详?见|参见)(?!习).{1,14}|(?:另附|附[件页表后录]).{0,14}|同(?:上|前|左|.{0,4}(?:附件|单位|电话|手机|地址)).{0,4}"
        "|本人|自己",
        "没有写明内容",
    ),
    "people": _whole(
        "(?:全体|全部|若干|部分).*|.*(?:成员|人员|队员|名单)|.{2,}[处部室组]", "不是姓名"
    ),
    "street": _whole(r".*(?:[路街巷道弄].{0,6}\d+号.*|\d+号[院楼栋室]?)", "像是地址"),
    "honor": _whole(
        ".{0,40}(?:劳动模范|劳模|先进个人|先进工作者|先进集体|奖章|奖状|[特一二三]等奖|标兵|荣誉称号)",
        "像是荣誉",
    ),
    "person": _whole("[\u4e00-\u9fff]{2,3}", "像是姓名"),
    "no_post": _whole(
        rf"(?!.*(?:{_POST_WORDS}))(?!.*(?:{_POST_ENDS})\Z)[\u4e00-\u9fff·]{{2,4}}",
        "不像职务或职称",
    ),
    "team": _whole(".{2,}(?:团队?|队|组|工作站|服务站|工作室|专家大院)", "像是团队名称"),
    "full_address": _whole(rf"(?:{'|'.join(PROVINCES)}).*", "是一处地址"),
}
"""Kinds of text, each of which belongs in some fields and in no others."""

_OF_CONTACT: tuple[TextKind, ...] = ("number", "email")
_OF_PERSON: tuple[TextKind, ...] = ("gender", "party", "nation", "degree")
_NOT_A_NAME: tuple[TextKind, ...] = (
    *_OF_PERSON,
    *_OF_CONTACT,
    "rank",
    "institution",
    "place",
    "date",
    "digits",
    "sample_name",
    "elsewhere",
    "people",
)
_NOT_A_TITLE: tuple[TextKind, ...] = (
    *("gender", "party", "nation", "degree", "institution", "place", "date", "digits"),
    *("elsewhere", "street", "honor", "no_post"),
    *_OF_CONTACT,
)
_NOT_A_BODY: tuple[TextKind, ...] = (
    *_OF_PERSON,
    *_OF_CONTACT,
    *("rank", "date", "digits", "elsewhere"),
)
FOREIGN_KINDS: Mapping[str, tuple[TextKind, ...]] = {
    "name": _NOT_A_NAME,
    "leader_name": _NOT_A_NAME,
    "employer_contact": _NOT_A_NAME,
    "expert_names": _NOT_A_NAME,
    "title": _NOT_A_TITLE,
    "leader_title": _NOT_A_TITLE,
    "employer_contact_title": _NOT_A_TITLE,
    "employer": (*_NOT_A_BODY, "place", "street", "honor"),
    "team_name": (*_NOT_A_BODY, "place", "street", "honor", "person"),
    "research_field": (*_NOT_A_BODY, "street", "honor"),
    "address": (*_NOT_A_BODY, "honor"),
    "political_status": (
        *_OF_CONTACT,
        *("gender", "nation", "degree", "rank", "institution", "elsewhere"),
    ),
    "service_types_other": ("option", "digits", *_OF_CONTACT),
    "service_modes_other": ("option", "digits", *_OF_CONTACT),
    "honors": (*_OF_PERSON, *_OF_CONTACT, "rank", "date", "digits", "elsewhere"),
    "story": ("digits", "honor"),
    "recommendation": (*_OF_PERSON, *_OF_CONTACT, "rank", "digits"),
}
"""Kinds of text that the text of a field can never be, by field."""

SINGLE_ANSWERS: Mapping[str, TextKind] = {
    "employer": "institution",
    "political_status": "party",
    "address": "full_address",
    "team_name": "team",
}
"""Fields of which two texts of this kind are two answers."""

ANYWHERE = (
    _inside(
        "(?:填写|填表)示例|示例[:：]|^[(（]?(?:示例|例如|例|如)[:：]|填写说明|请(?:在此)?填写|请选择|请输入|此处填",
        "含有填表提示",
    ),
    _inside(
        "[xX×＊*某○]{2,}(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[xX×＊*]{2,}|某[省市县乡镇村]",
        "有未填实的部分",
    ),
    _inside(r"(?:邮编|邮政编码)[:：]?\s*\d{6}", "含有邮政编码"),
    _inside(r"[?？]{2,}|(?<=\w)[□■](?=\w)|\ufffd", "有不能辨认的字"),
    _inside(
        r"锟斤拷|烫烫|屯屯|\(cid:\d+\)|[ÃÂâåæçèé][\x80-\xff]|&(?:nbsp|amp|lt|gt|quot|#\d+);|_x[0-9A-Fa-f]{4}(?:_|\Z)",
        "有乱码",
    ),
    _whole(
        r"(?i:undefined|null|nan|true|false|#(?:ref|n/a|name\?|value|div/0|num)[!?]?)",
        "是程序留下的字样",
    ),
    _inside(r"[、，,：:（(“‘《—\-]\Z", "像是没有写完"),
)
"""Texts that are strange in every field."""

OPINION_AGAINST = _inside(
    "不同意|不予推荐|不(?:宜|应|再)推荐|暂?缓推荐|暂不推荐|不推荐|未通过|不符合(?:推荐|条件)",
    "没有表明同意推荐",
)
PARTY_WORDS = re.compile(
    "党|团员|群众|民[革盟建进]|九三|台盟|致公|农工|[盟社会]员|无党派|统战|[Pp]arty"
)
"""Words of which the political status has at least one."""

MAX_SHORT_CHARS: Mapping[str, int] = {
    "name": 20,
    "leader_name": 20,
    "employer_contact": 20,
    "title": 50,
    "leader_title": 50,
    "employer_contact_title": 40,
    "political_status": 20,
    "employer": 60,
    "team_name": 60,
    "research_field": 100,
    "address": 100,
    "service_types_other": 60,
    "service_modes_other": 60,
}
"""Characters from which a short field may hold more than its own value."""

CUT_LENGTHS = (255, 256, 1000, 1023, 1024, 2000, 32767)
"""Lengths at which programs cut a text, and those that the forms allow."""

OWN_KINDS: Mapping[str, TextKind] = {
    "title": "rank",
    "leader_title": "rank",
    "political_status": "party",
    "gender": "gender",
    "address": "street",
    "honors": "honor",
}
"""Kind of text that belongs in a field: found elsewhere, the two were perhaps exchanged."""
HONOR_WORDS = re.compile(
    "奖|表彰|表扬|荣誉|称号|模范|劳模|先进|标兵|优秀|证书|津贴|专家|人才|嘉奖|记功|[一二三]等功|授予|入选|通报"
)
"""Words of which a list of honours has at least one."""

SAMPLE_PHONES = re.compile(r"1\d\d(?:(\d)\1{7}|12345678|00138000|23456789)")
"""Mobile numbers as samples have them: eight like digits, or counted up."""

MAIL_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "qq": ("com",),
    "163": ("com", "net"),
    "126": ("com",),
    "yeah": ("net",),
    "139": ("com",),
    "189": ("cn",),
    "sina": ("com", "cn", "com.cn"),
    "sohu": ("com",),
    "foxmail": ("com",),
    "gmail": ("com",),
    "hotmail": ("com",),
    "outlook": ("com",),
    "aliyun": ("com",),
}
"""What follows the names of the mail services that most units use."""
MISTYPED_SUFFIX = re.compile(r"\.(?:con|cmo|ocm|vom|cpm|comm|cim|coom|nte|cnn)$", re.IGNORECASE)

POSTCODES: Mapping[str, str] = {
    "北京": "10",
    "上海": "20",
    "天津": "30",
    "重庆": "40",
    "内蒙古": "01 02 13 15 16",
    "山西": "03 04",
    "河北": "05 06 07 10",
    "辽宁": "11 12",
    "吉林": "13",
    "黑龙江": "15 16",
    "江苏": "21 22",
    "安徽": "23 24",
    "山东": "25 26 27",
    "浙江": "31 32",
    "江西": "33 34",
    "福建": "35 36",
    "湖南": "41 42",
    "湖北": "43 44",
    "河南": "45 46 47",
    "广东": "51 52",
    "广西": "53 54",
    "贵州": "55 56",
    "海南": "57",
    "四川": "61 62 63 64",
    "云南": "65 66 67",
    "陕西": "71 72",
    "甘肃": "73 74",
    "宁夏": "75",
    "青海": "81",
    "新疆": "83 84",
    "西藏": "85",
}
"""First two digits of the postcodes of each province."""
