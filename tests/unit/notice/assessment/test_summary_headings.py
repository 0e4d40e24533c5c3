import pytest

from kjfp_helpers.core.records import Section
from kjfp_helpers.notice.assessment.heading_wording import heads_of_title
from kjfp_helpers.notice.assessment.summary_headings import find_heads, outline_summary
from kjfp_helpers.rules import load_round


@pytest.fixture
def heads(rules_folder):
    return load_round(rules_folder).notice.summary.heads


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("一、“两数”指标任务落实情况", ("numbers",)),
        ("（二）目标任务完成情况", ("numbers",)),
        ("1.2 主要做法", ("work",)),
        ("第三部分　取得的成效", ("results",)),
        ("【典型做法】", ("experience",)),
        ("取得的成效与典型经验", ("results", "experience")),
        ("存在的困难、问题和下一步打算", ("problems",)),
        ("成效显著", ("results",)),
        ("落实任务指标情况", ("numbers",)),
        ("主要工作成效", ("results",)),
        ("开展的主要工作", ("work",)),
        ("二、组织开展的工作", ("work",)),
        ("第四，还有哪些问题", ("problems",)),
        ("成效如何", ("results",)),
        ("对标对表情况（两数）", ("numbers",)),
        ("我们是怎么做的", ("work",)),
        ("核心数据完成情况", ("numbers",)),
        ("Ⅱ.存在问题", ("problems",)),
        ("02 开展的工作", ("work",)),
    ],
)
def test_a_heading_names_its_heads_however_it_is_numbered(heads, title, named):
    assert heads_of_title(heads, title) == named


@pytest.mark.parametrize(
    "slogan",
    [
        "聚焦问题导向，精准对接需求",
        "以经验为镜，补齐产业链条",
        "巩固脱贫成效，防止返贫",
        "典型引路，示范带动",
        "着力破解群众反映的突出问题",
        "强化问题意识，狠抓整改落实",
        "召开经验交流会",
        "帮助困难群众渡过难关",
        "落实责任，强化任务分工",
        "解决“最后一公里”问题",
        "宣传不够，典型挖得不深",
        "请有经验的老农艺师带徒弟",
    ],
)
def test_a_slogan_with_the_word_of_a_head_names_none(heads, slogan):
    assert heads_of_title(heads, slogan) == ()
    assert not find_heads(heads, [Section(heading="", text=f"一是{slogan}。组织专家下乡。")])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("存在的主要问题：一是人手不足。", "problems"),
        ("四、问题与建议。一是人手不足。", "problems"),
        ("短板和弱项。一是人手不足。", "problems"),
        ("工作亮点：专家带着协会干。", "experience"),
        ("在指标任务落实方面，支持农技协12个。", "numbers"),
        ("通过几年努力，取得了明显成效。产值翻番。", "results"),
        ("同时，我们也清醒地认识到，工作中仍存在不少问题。人手不足。", "problems"),
        ("几年来主要做了以下工作：组织专家下乡。", "work"),
        ("产值翻了一番。主要经验有：专家带着协会干。", "experience"),
        ("存在问题｜人手不足，经费紧张。", "problems"),
        ("关于“两数”完成情况，下达的任务为：支持农技协12个。", "numbers"),
        ("工作中还存在不少困难和不足，一是人手紧，二是经费少。", "problems"),
        ("工作成效有目共睹。产值翻了一番。", "results"),
        ("我们的体会是，第一，选准产业是前提。", "experience"),
        ("对照上级要求，还有不小差距，主要是：人手不足。", "problems"),
        ("典型经验\n专家带着协会干。", "experience"),
        ("【主要成效】产值翻了一番。", "results"),
        ("工作成效——产值翻了一番。", "results"),
        ("二、工作部署与开展情况。组织专家下乡。", "work"),
    ],
)
def test_a_head_run_into_the_text_is_found_with_the_text_below_it(heads, text, named):
    held = outline_summary(heads, [Section(heading="", text=text)])
    assert list(held) == [named] and held[named].text


@pytest.mark.parametrize(
    "aside",
    [
        "有关部门多次召开会议，研究解决工作中遇到的问题。",
        "兄弟省份的经验也给了我们很多启发。",
        "整改任务逐条过堂，做到见人见事见成效。",
        "这项工作成效如何，关键看群众是否得到实惠。",
        "针对存在问题的地方，及时派人现场督导。",
        "我们坚持目标导向、问题导向和结果导向相统一。",
        "下一步，我们将重点抓好以下工作：",
        "指标｜任务数｜完成数\n",
        "总的看，科技扶贫取得了实实在在的成效。",
    ],
)
def test_what_is_said_in_passing_opens_no_head(heads, aside):
    assert find_heads(heads, [Section(heading="", text=aside + "组织专家下乡。")]) == ()


def test_a_numbered_list_of_headings_is_the_text_of_the_head_above_it(heads):
    lines = (
        "■ 开展的工作",
        "√ 义诊32场",
        "工作成效",
        "1.报道475篇",
        "2.新技术232项",
        "存在问题",
        "安排",
    )
    held = outline_summary(heads, [Section(heading=line, text="") for line in lines])
    assert {head: section.text for head, section in held.items()} == {
        "work": "√ 义诊32场",
        "results": "1.报道475篇\n2.新技术232项",
    }
