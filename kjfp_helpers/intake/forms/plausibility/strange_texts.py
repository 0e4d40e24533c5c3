"""What the text of a field can never be: data of the plausibility checks.

Each pattern names in Chinese what a text that matches it is, as a finding says it.
"""

import re
from collections.abc import Mapping

from kjfp_helpers.intake.forms.answers.text_kinds import TextKind, text_with, whole_text

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
    text_with(
        "(?:填写|填表)示例|示例[:：]|^[(（]?(?:示例|例如|例|如)[:：]|填写说明|请(?:在此)?填写|请选择|请输入|此处填",
        "含有填表提示",
    ),
    text_with(
        "[xX×＊*某○]{2,}(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[xX×＊*]{2,}|某[省市县乡镇村]",
        "有未填实的部分",
    ),
    text_with(r"(?:邮编|邮政编码)[:：]?\s*\d{6}", "含有邮政编码"),
    text_with(r"[?？]{2,}|(?<=\w)[□■](?=\w)|\ufffd", "有不能辨认的字"),
    text_with(
        r"锟斤拷|烫烫|屯屯|\(cid:\d+\)|[ÃÂâåæçèé][\x80-\xff]|&(?:nbsp|amp|lt|gt|quot|#\d+);|_x[0-9A-Fa-f]{4}(?:_|\Z)",
        "有乱码",
    ),
    whole_text(
        r"(?i:undefined|null|nan|true|false|#(?:ref|n/a|name\?|value|div/0|num)[!?]?)",
        "是程序留下的字样",
    ),
    text_with(r"[、，,：:（(“‘《—\-]\Z", "像是没有写完"),
)
"""Texts that are strange in every field."""

OPINION_AGAINST = text_with(
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
