"""What the text of a field can never be: data of the plausibility checks.

Each pattern names in Chinese what a text that matches it is, as a finding says it.
"""

import re
from collections.abc import Mapping

from kjfp_helpers.intake.forms.answers.text_kinds import KnownText, TextKind, text_with, whole_text

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
    "opinion",
    "skill",
)
_NOT_A_TITLE: tuple[TextKind, ...] = (
    *("gender", "party", "nation", "degree", "institution", "place", "date", "digits"),
    *("elsewhere", "street", "honor", "opinion"),
    *_OF_CONTACT,
)
_NOT_A_BODY: tuple[TextKind, ...] = (
    *_OF_PERSON,
    *_OF_CONTACT,
    *("position", "date", "digits", "elsewhere", "opinion"),
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
    "team_name": (*_NOT_A_BODY, "place", "street", "honor", "person", "names"),
    "research_field": (*_NOT_A_BODY, "institution", "place", "street", "honor"),
    "address": (*_NOT_A_BODY, "honor"),
    "political_status": (
        *_OF_CONTACT,
        *("gender", "nation", "degree", "rank", "institution", "elsewhere"),
    ),
    "service_types_other": ("option", "digits", *_OF_CONTACT),
    "service_modes_other": ("option", "digits", *_OF_CONTACT),
    "honors": (*_OF_PERSON, *_OF_CONTACT, "rank", "place", "date", "digits", "elsewhere"),
    "story": (
        *_OF_PERSON,
        "position",
        "place",
        "date",
        "digits",
        "honor",
        "opinion",
        "names",
        "latin",
    ),
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
_POST = "|".join(
    (
        "主任|主席|主委|主管|书记|教授|委员|秘书|顾问|董事|干事|经理|总监|总裁|常委|常务|教练|专家|学者|代表|助理|助教",
        "院士|博士|硕士|学士|护士|医生|[博硕]导|干部|职工|会计|出纳|司机|书画|技术|推广|财务|人事|行政|党务|特派|土专|骨干|支书|巡视",
        "农民|村民|牧民|居民|渔民|大户|工人|学生|军人|法人|创业|个体|自由|经营|致富|带头|传承人|合伙人|主播",
        "负责|分管|主持|联络|联系|退休|离休|退役|在职|在岗|暂无|双高|高[工农管讲]",
        "[高中初副正][级职高]|[正副][高科处厅部县局院校研教]|[一二三四五六七八九十]级|[省部厅司局处县科股]级",
    )
)
_POST_END = r"[长师员授任记士工事委席监官匠医警兵商农职人导勤管秘总研](?=\W|兼|\Z)"
_POST_WORDS = text_with(f"{_POST}|{_POST_END}|[A-Za-z]", "不像职务或职称")
OWN_WORDS: Mapping[str, KnownText] = {
    "political_status": text_with(
        "党|团员|群众|民[革盟建进]|九三|台盟|致公|农工|[盟社会]员|无党派|统战|[Pp]arty",
        "不像政治面貌",
    ),
    **dict.fromkeys(("title", "leader_title", "employer_contact_title"), _POST_WORDS),
    "team_name": text_with(
        "[团队组站室院所社会盟协部园班家]|中心|基地|课题|项目|工程|[A-Za-z]", "不像团队名称"
    ),
    "employer": text_with(
        "[院所站局厅委会社司场校学园厂部处室馆店队组科库行协村镇乡县市省府医业农]|中心|集团|基地|[A-Za-z]",
        "不像单位名称",
    ),
    "address": text_with(
        "[省市县区州盟旗乡镇村屯寨社组路街巷弄道号院室楼栋园营坊湾所站局校厂场座]|中心|大厦|公司|[A-Za-z]",
        "不像地址",
    ),
    "honors": text_with(
        "奖|表彰|表扬|荣誉|称号|模范|劳模|先进|标兵|优秀|证书|津贴|专家|人才|嘉奖|记功|[一二三]等功|授予|入选|通报"
        "|红旗|能手|状元|楷模|好人|英才|巾帼|最美|青年|功勋|达人|[十百千]佳|文明|示范|院士|委员|代表|命名|聘|[省国部市]级|有",
        "没有荣誉名称",
    ),
    "recommendation": text_with(
        "同意|推荐|属实|上报|申报|报送|符合|赞成|赞同|认可|支持|公示|通过|真实|一致|无异议|批准|审[核批]|核准",
        "没有表明同意推荐",
    ),
}
"""Words of which the text of a field has at least one, and what is said of a text without any."""

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
