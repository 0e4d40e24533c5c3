import pytest

from kjfp_helpers.intake.mail.sender_matching import SenderMatcher, UnitEvidence
from kjfp_helpers.rules import Unit
from support.forms.sample_files import the_round

SENDERS = SenderMatcher(the_round().units)


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("贵州省科协报送材料", "52"),
        ("中国数学会推荐表", "S001"),
        ("北京市科学技术协会转中国数学会", "11"),
        ("北京市科协转中国数学会", ""),
        ("新疆生产建设兵团科协材料", "66"),
        ("材料", ""),
        ("河北、河南", ""),
    ],
)
def test_the_longest_name_tells_the_unit_and_two_alike_tell_none(subject, code):
    assert SENDERS.unit_of_text(subject) == code


def test_a_domain_holds_for_what_lies_below_it_and_nothing_beside():
    unit = Unit(
        code="X",
        name="某会",
        short_name="某会",
        kind="society",
        region="",
        priority=False,
        domains=("kx.example.com",),
        aliases=(),
    )
    senders = SenderMatcher([unit])
    assert senders.unit_of_address("a@mail.KX.example.com") == "X"
    assert senders.unit_of_address("a@badkx.example.com") == ""
    assert senders.unit_of_address("") == ""


def test_a_domain_that_two_units_share_tells_neither():
    units = [
        Unit(
            code=code,
            name=f"某{code}会",
            short_name=f"某{code}会",
            kind="society",
            region="",
            priority=False,
            domains=("cast.example.com",),
            aliases=(),
        )
        for code in "XY"
    ]
    senders = SenderMatcher(units)
    assert senders.unit_of_address("a@cast.example.com") == ""
    assert senders.find_unit(["a@cast.example.com"], ["某Y会材料"]) == "Y"


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("贵州报送材料", "52"),
        ("贵州省推荐材料", "52"),
        ("【贵州】推荐材料", "52"),
        ("2020年贵州推荐材料", "52"),
        ("回复：贵州材料", "52"),
        ("关于报送内蒙古材料的函", "15"),
        ("广西壮族自治区推荐材料", "45"),
        ("新疆生产建设兵团推荐材料", "66"),
        ("兵团推荐材料", "66"),
        ("新疆兵团报送材料", "66"),
        ("新疆推荐材料", "65"),
        ("数学会推荐材料", "S001"),
        ("吉林大学测试甲推荐材料", ""),
        ("上海海洋大学推荐材料", ""),
        ("上海市推荐材料", "31"),
        ("吉林市科协推荐材料", ""),
        ("海南州推荐材料", ""),
        ("云南白药集团推荐材料", ""),
        ("江西路12号推荐材料", ""),
        ("测试公司（北京）推荐材料", ""),
        ("（北京）农业科技公司自荐材料", ""),
        ("【海南】测试集团推荐表", ""),
        ("（贵州）报送材料", "52"),
        ("(云南省)推荐表", "53"),
        ("海南省农科院推荐材料", ""),
        ("河南农业大学张某（河南）", ""),
        ("贵州省数学会推荐材料", ""),
        ("数学会议材料", ""),
    ],
)
def test_a_bare_name_tells_the_unit_only_where_it_stands_by_itself(subject, code):
    assert SENDERS.unit_of_text(subject) == code


def test_every_unit_is_known_by_each_of_its_names():
    names = [(name, unit.code) for unit in the_round().units for name in (unit.name, *unit.aliases)]
    read = [(name, SENDERS.unit_of_text(f"{name}报送材料")) for name, _ in names]
    assert read == names and len(names) > 240


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["推荐表.docx", "同意推荐。贵州省科协（盖章）"], "52"),
        (["贵州省毕节市科协推荐表.docx"], "52"),
        (["云南推荐.docx", "吉林大学"], ""),
        (["贵州省科协", "甘肃省科协"], ""),
        (["中国数学会 办公室"], "S001"),
        (["经兵团科技助力精准扶贫领导小组办公室审核，同意推荐。"], "66"),
        (["甘肃科技助力精准扶贫工程领导小组办公室"], "62"),
        (["兵团农科院", "北京测试公司"], ""),
        ([], ""),
    ],
)
def test_a_unit_is_inferred_from_full_names_that_agree(texts, code):
    unit, found = SENDERS.infer_unit(UnitEvidence("正文", text) for text in texts)
    assert unit == code and (found is not None) is bool(code)
