"""Values that were read without doubt and can hardly be right: one question on their field."""

from dataclasses import replace

import pytest

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM, TEAM_FORM
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.intake.common.label_matching import confirmed_labels
from kjfp_helpers.intake.common.parsed_value import id_check_digit, make_problems
from kjfp_helpers.intake.forms.form_reader import ParsedForm
from kjfp_helpers.intake.forms.plausibility.field_values import find_strangeness
from kjfp_helpers.intake.forms.plausibility.plausibility_checks import check_plausibility
from support.forms.sample_files import the_round

PERSON = Individual(
    name="测试乙",
    gender="女",
    title="高级农艺师、办公室主任",
    political_status="九三学社社员",
    id_number="110101198007040026",
    phone="19900002345",
    email="cs@example.com",
    postcode="563000",
    address="贵州省遵义市测试路8号（农科院内）",
    employer="测试市农业科学研究所",
    employer_contact="测试丙",
    employer_contact_title="负责人",
    people_lifted=860,
    service_days=410,
    story="自2016年以来扎根山区，指导村民建设菌棚。",
    honors="2018年测试省劳动模范",
    recommendation="同意推荐。",
)
GROUP = Team(
    team_name="测试茶叶服务团",
    research_field="种植",
    expert_count=3,
    leader_name="测试丁",
    leader_title="教授",
    expert_names=("测试戊", "测试己", "吾拉音·测试"),
    people_lifted=3,
    service_days=3,
)


def asked(body):
    """The fields with a question and what each says."""
    form = INDIVIDUAL_FORM if isinstance(body, Individual) else TEAM_FORM
    problems = check_plausibility(ParsedForm(form, body, {}, ()), the_round().notice)
    return {problem.field: problem.found for problem in problems}


@pytest.mark.parametrize("body", [PERSON, GROUP])
def test_a_proper_form_is_asked_about_nothing(body):
    assert asked(body) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("employer", "中国科学院遗传与发育生物学研究所农业资源研究中心"),
        ("employer", "贵州大学（农学院）"),
        ("employer", "测试县附城镇卫生院"),
        ("employer", "附城镇农技站"),
        ("employer", "自由职业"),
        ("title", "党委书记、研究员"),
        ("title", "二级教授（国务院特殊津贴专家）"),
        *(
            ("recommendation", opinion)
            for opinion in "经审核，情况真实。|审核通过。|同意。|请予审批。|公示无异议。|属实".split(
                "|"
            )
        ),
        ("title", "见习技术员"),
        ("title", "推广研究员，博士生导师。"),
        ("title", "农民技术员"),
        ("employer_contact_title", "人事处副处长"),
        *(
            ("employer_contact_title", post)
            for post in "高工 常委 段长 干事 文秘 联络员 副高 正科级 四级主任 董事长 村医 硕导".split()
        ),
        ("leader_title", "農藝師"),
        ("political_status", "中共党员（1998年入党）"),
        ("political_status", "中国民主同盟盟员"),
        ("address", "北京市海淀区学院路甲35号测试大学主楼H1015室"),
        ("address", "测试县测试镇测试村3组"),
        ("name", "买买提·测试江"),
        ("name", "那顺"),
        ("team_name", "“三下乡”茶叶科技特派团"),
        ("research_field", "水稻、小麦育种与栽培（北方）"),
        ("honors", "■2018年测试省劳动模范；\n■2019年全国先进工作者；"),
        ("honors", "2017年全国五一劳动奖章"),
        ("story", f"{PERSON.story * 3}2019年被评为测试省劳动模范"),
        ("email", "kx_bgs-01@agri.gov.cn"),
        ("office_phone", "010-62919999-8012"),
    ],
)
def test_a_right_answer_is_not_asked_about(name, text):
    assert find_strangeness(name, text) == ""


@pytest.mark.parametrize("name", ["title", "leader_title", "employer_contact_title"])
@pytest.mark.parametrize("person", ["测试丙", "高文", "王建国", "常永年", "欧阳子衿", "裴雨晴"])
def test_a_name_in_the_place_of_a_post_is_asked_about(name, person):
    assert find_strangeness(name, person)


_LIKE = (
    {"name", "employer_contact"},
    {"title", "employer_contact_title"},
    {"leader_title", "title"},
    {"leader_title", "employer_contact_title"},
    {"phone", "office_phone", "fax", "leader_phone"},
)
"""Fields whose values may stand in one another."""
_ELSEWHERE = {
    **{name: value for name, value in vars(PERSON).items() if isinstance(value, str)},
    "regions": "贵州省遵义市正安县瑞溪镇三把车村",
    "research_field": "茶树栽培",
    "expert_names": "测试戊、测试己",
}
_MAY_HOLD = {
    "address": ("regions", "employer"),
    "team_name": ("employer",),
    "research_field": ("expert_names", "name", "employer_contact", "story"),
    "story": ("employer", "address"),
}
_READ_BY_FORM = ("gender", "id_number", "phone", "leader_phone", "email", "postcode")
_NAMES = ("name", "leader_name", "employer_contact")
"""Fields whose own readers ask about what they cannot hold."""


@pytest.mark.parametrize("body", [PERSON, replace(GROUP, team_name="测试茶叶服务团")])
def test_a_value_in_the_place_of_another_is_asked_about(body):
    targets = [name for name, value in vars(body).items() if isinstance(value, str)]
    unasked = [
        (target, source)
        for target in targets
        for source, value in _ELSEWHERE.items()
        if target not in (*_READ_BY_FORM, *_NAMES)
        and source not in (target, *_MAY_HOLD.get(target, ()))
        and not any({source, target} <= like for like in _LIKE)
        and not find_strangeness(target, value)
    ]
    assert unasked == []


FOREIGN = {
    "gender": ("男", "name title employer political_status honors"),
    "party": ("中共预备党员", "name title employer address research_field honors"),
    "nation": ("土家族", "name leader_title political_status team_name"),
    "rank": ("副研究员", "name employer address team_name political_status expert_names"),
    "institution": ("测试市农业科学研究所", "name title leader_title employer_contact"),
    "place": ("贵州省遵义市正安县", "name leader_name employer team_name title"),
    "phone": ("测试所 17700003321", "name title employer address honors recommendation"),
    "email": ("cs@example.com", "title employer address research_field"),
    "digits": ("410", "title employer research_field address honors story recommendation"),
    "date": ("2020年7月", "title employer team_name research_field"),
    "elsewhere": ("见简历", "name title employer address political_status honors"),
    "people": ("全体成员", "name leader_name expert_names"),
    "sample": ("王某某", "name leader_name employer_contact expert_names"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_text_of_another_field_is_asked_about(kind):
    text, fields = FOREIGN[kind]
    for name in fields.split():
        value = (text, "测试己") if name == "expert_names" else text
        body = PERSON if hasattr(PERSON, name) else GROUP
        assert name in asked(replace(body, **{name: value})), name


@pytest.mark.parametrize("name", ["employer", "address", "title", "honors", "name"])
def test_a_label_in_the_place_of_its_value_is_asked_about(name):
    for label in confirmed_labels() - {"负责人", "团队负责人"}:
        assert find_strangeness(name, label), label


@pytest.mark.parametrize(
    "text",
    [
        *("填写示例：农技站", "如：农技站", "XX县农技站", "某县农技站", "请填写单位全称"),
        *("测试??研究所", "锟斤拷研究所", "(cid:12)研究所", "测试&nbsp;研究所", "研究所_x000D_"),
        *("null", "#NAME?", "测试研究所（", "测试研究所、", "测试研究所测试研究所"),
        *("测试研究所 电话：88", "测试研究所职务：主任", "一\n二\n三\n四", "测试" * 40),
    ],
)
def test_hints_rubbish_and_cut_or_joined_texts_are_asked_about(text):
    assert find_strangeness("employer", text)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"people_lifted": 410}, {"people_lifted", "service_days"}),
        ({"service_days": 0}, {"service_days"}),
        ({"people_lifted": 563000, "postcode": "860"}, {"people_lifted"}),
        ({"address": "测试市农业科学研究所"}, {"address", "employer"}),
        ({"honors": PERSON.story}, {"honors", "story"}),
        ({"postcode": "100081"}, {"postcode"}),
        ({"id_number": "99010119800704002" + id_check_digit("99010119800704002")}, {"id_number"}),
        ({"employer": "测试市农业科学研究所\n测试县农技站"}, {"employer"}),
        ({"political_status": "中共党员/群众"}, {"political_status"}),
        ({"address": "贵州省遵义市一路1号；贵州省贵阳市二路2号"}, {"address"}),
        ({"story": "练" * 1000}, {"story"}),
        ({"employer": "测试路8号", "address": "测试市农科所"}, {"employer", "address"}),
        ({"honors": "高级农艺师", "title": "2018年测试省劳动模范"}, {"honors", "title"}),
        ({"gender": "党员", "political_status": "女"}, {"gender", "political_status"}),
        ({"honors": "自2016年起扎根山村，推广猕猴桃栽培，带出几十名土把式。"}, {"honors"}),
        ({"honors": "2023年获测试省劳动模范"}, {"honors"}),
        ({"employer": "测试研究所 邮编563000"}, {"employer"}),
        ({"employer_contact": "办公室"}, {"employer_contact"}),
        ({"title": "大学本科"}, {"title"}),
        ({"phone": "13812345678"}, {"phone"}),
        ({"email": "cs@163.con"}, {"email"}),
        ({"email": "cs@qq.cn"}, {"email"}),
        ({"story": "练" * 255}, {"story"}),
        ({"recommendation": "经研究，暂缓推荐。"}, {"recommendation"}),
    ],
)
def test_values_that_fit_nothing_are_asked_about(changes, fields):
    assert asked(replace(PERSON, **changes)).keys() == fields


def test_a_team_with_the_name_of_a_person_and_a_title_of_a_field_are_asked_about():
    assert asked(replace(GROUP, team_name="测试丁")).keys() >= {"team_name"}
    body = replace(GROUP, leader_title="茶树栽培", research_field="教授")
    assert asked(body).keys() == {"leader_title", "research_field"}


def test_a_name_listed_twice_is_asked_about():
    assert asked(replace(GROUP, expert_names=("测试戊", "测试己", "测试戊"))) == {
        "expert_names": "“测试戊”，列了2次"
    }


def test_a_field_with_a_finding_is_not_asked_about_again():
    (known,) = make_problems("ambiguous", "一个姓名", "两个")
    form = ParsedForm(INDIVIDUAL_FORM, replace(PERSON, name="群众"), {}, (known.at("name", ""),))
    assert list(check_plausibility(form, the_round().notice)) == []
