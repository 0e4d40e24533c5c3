import re
from dataclasses import replace

import pytest

from kjfp_helpers.core.findings import FINDING_TYPES, Finding
from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.core.records import Exhibit, Section
from kjfp_helpers.panels.scoring.case_card import render_case_card
from kjfp_helpers.state.anonymization.anonymized_case import anonymize_case, build_anonymizer
from kjfp_helpers.state.anonymization.anonymizer import MASK, Anonymizer
from kjfp_helpers.state.anonymization.masked_form import mask_form
from kjfp_helpers.state.anonymization.published_stories import note_published_stories
from kjfp_helpers.state.anonymization.visible_findings import JUDGE_CODES
from kjfp_helpers.state.stages.published_unit_texts import PublicTraces
from support.rounds.panel_round import open_round, telling
from support.state.altered_state import screened_anew


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return open_round(tmp_path_factory.mktemp("blind")).current_state()


def test_card_holds_nothing_that_tells_who_it_is(state):
    for case in state.screening.cases:
        card = render_case_card(state, case, "01 号")
        assert MASK in card
        assert [word for word in telling(state, case) if word in card] == []


def test_card_names_no_other_case(state):
    card = render_case_card(state, state.screening.cases[0], "01 号")
    assert "事迹文字雷同" in card and "另一件" in card
    assert not any(case.id in card or case.name in card for case in state.screening.cases)


def test_deeds_stay_text_and_never_become_html(state):
    case = next(c for c in state.screening.cases if c.kind == "individual")
    card = render_case_card(state, case, "01 号")
    assert "<script" not in card and "&lt;script&gt;" in card


def test_missing_figure_is_not_zero(state):
    case = next(c for c in state.screening.cases if c.nominee.people_lifted is None)
    assert "未填" in render_case_card(state, case, "01 号")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("王建国常说", f"{MASK}常说"),
        ("王 建 国常说", f"{MASK}常说"),
        ("建国常说", f"{MASK}常说"),
        ("王老师和老王", f"{MASK}老师和{MASK}"),
        ("邮箱 wang@example.com、电话010-12345678", f"邮箱 {MASK}、电话{MASK}"),
        ("国王的新衣", "国王的新衣"),
        (None, None),
    ],
)
def test_names_are_masked_inside_text(state, text, masked):
    case = next(c for c in state.screening.cases if c.kind == "individual")
    body = replace(case.nominee, name="王建国")
    case = replace(case, name="王建国", record=replace(case.record, body=body))
    assert Anonymizer(state.round, case)(text) == masked


def test_names_of_other_units_are_masked_as_well(state):
    case = next(case for case in state.screening.cases if case.unit == "13")
    other = state.round.unit_by_code["34"]
    shown = Anonymizer(state.round, case)(f"{other.name}与{other.short_name}的做法")
    assert shown == f"{MASK}与{MASK}的做法"


def individual(state, name, **fields):
    """A person of Guizhou with a name of one's choice."""
    case = next(c for c in state.screening.cases if c.kind == "individual" and c.unit == "52")
    region = ("贵州省", "毕节市", "赫章县", "城关镇", None)
    fields = {"employer": "贵州大学农学院", "regions": (region,), **fields}
    body = replace(case.nominee, name=name, **fields)
    return replace(case, name=name, record=replace(case.record, body=body))


SPELLINGS = [
    ("王建明", "王老师 王副教授 王所长 王院长 王书记 王某 王高级农艺师", "王"),
    ("王建明", "王女士 王先生 王大姐", "王女先大"),
    ("王建明", "老王 小王 建明 王建明 王 建 明", "王建明"),
    ("王建明", "Wang Jianming, Jianming Wang, WANG JIAN-MING, Wáng Jiànmíng, J. M. Wang", "wangji"),
    ("王建国", "王建國", "王建國国"),
    ("王建國", "王建国", "王建國国"),
    (
        "阿不都·买买提",
        "阿不都买买提 阿不都•买买提 阿不都．买买提 阿不都.买买提 阿不都 ・ 买买提",
        "阿买",
    ),
    ("阿不都·买买提", "买买提老师 阿不都同志", "阿买"),
    ("欧阳建明", "欧阳老师 欧阳副所长 小欧阳", "欧阳"),
    ("高丰收", "高老师 丰收说", "丰收"),
]


@pytest.mark.parametrize(("name", "text", "gone"), SPELLINGS)
def test_a_person_is_masked_however_the_name_is_spelt(state, name, text, gone):
    shown = Anonymizer(state.round, individual(state, name))(text).lower()
    left = shown if name == "高丰收" else shown.replace("高级", "")
    assert MASK in shown and [sign for sign in gone if sign in left] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("高丰收", "提高老师水平，丰收在望，高级农艺师说"),
        ("康宁", "全面建成小康社会"),
        ("向东", "转向专家指导"),
        ("王建明", "国王的新衣，帝王蟹，swang"),
        ("王建明", "公安干警合作前进，安居乐业，平安富裕，发展生产，三门课，前进路上互助友好"),
        ("王建明", "其他人、他们和她们都来了，妇女、女社员和女儿也来了"),
    ],
)
def test_ordinary_words_stay(state, name, text):
    assert Anonymizer(state.round, individual(state, name))(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "威宁县",
        "威宁彝族回族苗族自治县",
        "织金县",
        "遵义市",
        "赫章",
        "纳雍",
        "黔西南",
        "凉山州",
        "琼中县",
        "海南省",
        "贵州大学",
        "黔货",
    ],
)
def test_places_are_masked_whether_the_form_names_them_or_not(state, text):
    shown = Anonymizer(state.round, individual(state, "王建明"))(f"在{text}工作")
    assert shown == f"在{MASK}工作"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("她徒步前去，他也去", "TA徒步前去，TA也去"),
        ("她的丈夫支持她", f"TA的{MASK}支持TA"),
        ("一位女专家，作为母亲", f"一位{MASK}专家，作为{MASK}"),
        ("全国三八红旗手", f"全国{MASK}"),
        ("李某，女，1970年生", f"李某，{MASK}，1970年生"),
    ],
)
def test_sex_is_masked(state, text, masked):
    assert Anonymizer(state.round, individual(state, "王建明"))(text) == masked


@pytest.mark.parametrize(
    "said",
    ["52,000", "52000", "５２０００", "5.2万", "五万二千", "近5.2万", "2100", "两千一百", "104.0%"],
)
def test_the_units_totals_are_masked_in_the_deeds_however_they_are_written(state, said):
    """52,000 people of 50,000 and 2,100 experts of 2,000 stand on the unit's public page."""
    case = next(c for c in state.screening.cases if c.unit == "13" and c.kind == "team")
    shown = build_anonymizer(state, case)(f"所在省共{said}人，2017年培训3400人")
    assert re.search(r"\d|[五两]", shown.replace("2017年培训3400人", "")) is None, shown


def test_masking_leaves_most_of_the_deeds(state):
    for case in state.screening.cases:
        shown = anonymize_case(state, case).story
        assert len(shown.replace(MASK, "")) > 0.8 * len(case.nominee.story)


def finding(code, field, case):
    return Finding(code=code, expected="甲", found="乙", field=field, case=case.id)


def test_judges_see_figures_resemblance_and_the_source_alone(state):
    """Not identity numbers, phones, postcodes, seals, photos, files or deadlines."""
    case, shown = state.screening.cases[0], {}
    for field in ("story", "phone"):
        findings = tuple(finding(code, field, case) for code in FINDING_TYPES)
        remarks = anonymize_case(screened_anew(state, findings=findings), case).remarks
        shown[field] = [remark.finding_type for remark in remarks]
    told = [kind for code, kind in FINDING_TYPES.items() if code in JUDGE_CODES]
    assert shown == {"story": told, "phone": []}


def test_the_codes_that_judges_see_are_known_and_few():
    assert set(FINDING_TYPES) > JUDGE_CODES and len(JUDGE_CODES) < 15
    assert not {"id_checksum", "phone_invalid", "postcode_invalid", "seal_missing"} & JUDGE_CODES


def test_the_form_stands_beside_the_deeds_in_its_own_layout_and_masked(state):
    for case in state.screening.cases:
        form = mask_form(state, case)
        told = [text for row in form.rows for _, text in row if text]
        labels = {label.split("·")[-1] for row in form.rows for label, _ in row}
        schema = next(one for one in FORMS if one.kind == case.kind)
        assert labels == {field.label for field in schema.fields}
        private = [getattr(case.nominee, "gender", None), getattr(case.nominee, "phone", None)]
        assert not {*private, *telling(state, case)} & set(told)
        assert [word for word in telling(state, case) if any(word in text for text in told)] == []
        assert any("☑" in text and "☐" in text for text in told)
        assert form.title in render_case_card(state, case, "01 号")


def test_a_named_form_still_hides_numbers_and_addresses(state):
    case = next(c for c in state.screening.cases if c.kind == "individual")
    form = dict(cell for row in mask_form(state, case, named=True).rows for cell in row)
    assert form["姓名"] == case.name and form["联系方式"] == MASK


def test_no_total_of_the_unit_stands_on_a_card(state):
    for case in state.screening.cases:
        row = state.screening.stocktake.set_index("unit").loc[case.unit]
        card = render_case_card(state, case, "01 号")
        totals = [row[name] for name in ("people_done", "experts_done", "people_target")]
        assert [n for n in totals if n == n and f"{int(n):,}" in card] == []
        assert "完成率" not in card


def published(state, case, text):
    """The round as if the unit's exhibition page said a text."""
    exhibit = Exhibit(sections=(Section(heading="典型人物", text=text),))
    record = replace(case.record, id="9-9", kind="exhibit", body=exhibit)
    records = (*state.submissions.records, record)
    traces = PublicTraces(records, state.screening.stocktake)
    return screened_anew(state, public_traces=traces)


def without_overlaps(state, case, **fields):
    body = replace(case.nominee, **fields)
    return replace(case, record=replace(case.record, body=body))


def test_numbers_and_names_that_the_units_page_prints_are_masked_or_a_range(state):
    case = next(c for c in state.screening.cases if c.kind == "team" and c.unit == "52")
    page = "石门村的果园由红星合作社种下4321亩，带动3200人，刘大山同志说好。"
    shown = published(state, case, page)
    deeds = "在石门村和红星合作社种了4,321亩，刘大山同志常来，另有777人参加。"
    blind = anonymize_case(shown, without_overlaps(state, case, story=deeds))
    assert blind.story.replace(MASK, "") == "在和种了亩，常来，另有777人参加。"
    assert dict(blind.figures)["带动脱贫贫困人口"] == "3,000—4,000人之间"
    assert dict(blind.figures)["服务累计天数"] == "480天"


def test_deeds_that_the_page_repeats_keep_their_figures_and_the_office_is_told(state):
    """Their words lead to the unit anyhow; masking every number would only take the merit away."""
    case = next(c for c in state.screening.cases if c.kind == "team" and c.unit == "52")
    deeds = "团队三年走遍九个贫困村，建起示范园4321亩，手把手教会乡亲修剪和嫁接，亩产提高到1650公斤，全省带动52000人。"
    own = without_overlaps(state, case, story=deeds)
    shown = published(state, case, f"{deeds}群众称赞。")
    shown = screened_anew(
        shown, cases=tuple(own if c.id == case.id else c for c in shown.screening.cases)
    )
    blind = anonymize_case(shown, own)
    assert "4321亩" in blind.story and "1650公斤" in blind.story and "52000" not in blind.story
    (note,) = note_published_stories(shown)
    assert case.id in note and "揭示以后" in note
    assert note_published_stories(state) == ()


def test_deeds_may_not_name_the_units_other_nominees(state):
    team = next(c for c in state.screening.cases if c.kind == "team" and c.unit == "52")
    other = next(c for c in state.screening.cases if c.kind == "individual" and c.unit == "52")
    own = without_overlaps(state, team, story=f"{other.name}和大家一起下乡。")
    assert anonymize_case(state, own).story == f"{MASK}和大家一起下乡。"
