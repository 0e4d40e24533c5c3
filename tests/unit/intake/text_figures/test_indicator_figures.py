import re

import pytest

from kjfp_helpers.intake.text_figures import word_classes
from kjfp_helpers.intake.text_figures.indicator_figures import find_counts, find_indicator_figures


def told(text):
    return [(one.indicator, one.value, one.scope) for one in find_indicator_figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("截至2020年7月，支持建设农技协2,490个。", [("assoc", 2490, "total")]),
        (
            "支持建设126个农技协和8个农技协联合会",
            [("assoc", 126, "total"), ("federations", 8, "total")],
        ),
        (
            "支持建设农技协、联合会分别为126个、8个",
            [("assoc", 126, "total"), ("federations", 8, "total")],
        ),
        ("五年来，共动员专家三千四百二十名", [("experts", 3420, "total")]),
        ("组织动员省、市、县三级专家共620名", [("experts", 620, "total")]),
        ("带动3200户12345名建档立卡贫困人口脱贫", [("people", 12345, "total")]),
        (
            "组织动员专家应完成300人，实际420人",
            [("experts", 300, "target"), ("experts", 420, "total")],
        ),
        (
            "下一步，拟再支持建设农技协12个，组织动员专家90人",
            [("assoc", 12, "target"), ("experts", 90, "target")],
        ),
        (
            "2019年组织动员专家300人，带动脱贫5000人",
            [("experts", 300, "year"), ("people", 5000, "year")],
        ),
        ("截至2018年底，带动脱贫5000人", [("people", 5000, "part")]),
        ("子丑县支持建设农技协12个", [("assoc", 12, "part")]),
        ("北京市支持建设农技协12个", [("assoc", 12, "total")]),
        ("李明教授团队带动23户86人脱贫", [("people", 86, "part")]),
        ("各省支持建设农技协总数已超过20000个", [("assoc", 20000, "part")]),
        ("该专委会累计动员专家148名", [("experts", 148, "part")]),
        ("3个专委会累计动员专家148名", [("experts", 148, "total")]),
        ("中国科协定点帮扶的两个县累计脱贫4万余人", [("people", 40000, "part")]),
        (
            "两个县四年累计减贫4万余人，我会有9名专家参与其中",
            [("people", 40000, "total"), ("experts", 9, "part")],
        ),
        ("五年来，我会共有960名专家参与其中", [("experts", 960, "total")]),
        ("1,126个，这是五年来全省支持建设农技协的总数，比下达数多26个", [("assoc", 1126, "total")]),
        (
            "农技协。任务：240个。完成：237个。",
            [("assoc", 240, "target"), ("assoc", 237, "unclear")],
        ),
        ("早先报给扶贫部门的专家数是1219名", [("experts", 1219, "part")]),
        ("汇报里农技协支持建设数用过152个这个说法", [("assoc", 152, "part")]),
        ("累计支持建设农技协的数目应为237个", [("assoc", 237, "total")]),
        (
            "全会支持建设的农技协由2018年底的5个增加到现在的10个",
            [("assoc", 5, "part"), ("assoc", 10, "total")],
        ),
        ("环县科协两年里支持建设农技协35个", [("assoc", 35, "part")]),
        ("农技协建设这一项，我省实际完成319个", [("assoc", 319, "total")]),
        ("从2016年算起，支持建设农技协共有96家", [("assoc", 96, "total")]),
        ("组织动员专家（含市县）4100人", [("experts", 4100, "total")]),
        ("到今年6月，组织动员的专家达655人", [("experts", 655, "total")]),
        ("组织动员专家的任务全面完成，共844人", [("experts", 844, "total")]),
        (
            "任务是：支持建设农技协94个、动员专家300人。截至2020年6月底，分别完成99个、280人",
            [
                ("assoc", 94, "target"),
                ("experts", 300, "target"),
                ("assoc", 99, "total"),
                ("experts", 280, "total"),
            ],
        ),
        (
            "五年间，学会共扶持农技协97个，发动专家860名，助推7689名贫困群众摆脱贫困",
            [("assoc", 97, "total"), ("experts", 860, "total"), ("people", 7689, "total")],
        ),
        (
            "累计帮扶农技协43家；先后有753名专家投身一线；所帮扶的贫困户中3563人已脱贫",
            [("assoc", 43, "total"), ("experts", 753, "total"), ("people", 3563, "total")],
        ),
        (
            "全国共动员专家74万名，支持农技协12600个",
            [("experts", 740000, "part"), ("assoc", 12600, "part")],
        ),
        (
            "到2020年须支持建设农技协不少于126个、动员专家不少于900人",
            [("assoc", 126, "target"), ("experts", 900, "target")],
        ),
        ("任务书明确，五年支持农技协126个", [("assoc", 126, "target")]),
        ("1.专家：累计动员493人", [("experts", 493, "total")]),
        ("农技协由2016年的64个发展到目前的97个", [("assoc", 64, "part"), ("assoc", 97, "total")]),
        (
            "支持农技协22个，动员专家308人，脱贫3.2万名",
            [("assoc", 22, "total"), ("experts", 308, "total"), ("people", 32000, "total")],
        ),
        ("累计有8600名贫困群众甩掉了穷帽子", [("people", 8600, "total")]),
        (
            "农技协建设全面开花，总量达到247个（2015年末为64个）",
            [("assoc", 247, "total"), ("assoc", 64, "part")],
        ),
        (
            "十四五时期，我们打算支持农技协20个，动员专家90人",
            [("assoc", 20, "target"), ("experts", 90, "target")],
        ),
        ("中国农技协统计，各省合计支持农技协9000个", [("assoc", 9000, "part")]),
        ("共动员省市县三级专家640名参加帮扶", [("experts", 640, "total")]),
        ("专家参与人数累计3933位，人均服务5天", [("experts", 3933, "total")]),
        (
            "累计支持农技协160家、动员专家3675名，两项数据由各市州核报",
            [("assoc", 160, "total"), ("experts", 3675, "total")],
        ),
        ("表彰先进农技协9家、优秀专家25名", []),
        ("12名干部帮助300人脱贫", [("people", 300, "unclear")]),
        ("扶了67个农技协，请了900名专家下乡", [("assoc", 67, "total"), ("experts", 900, "total")]),
        ("超额完成，远超704名专家的预定目标", []),
        ("2019年累计动员专家300人", [("experts", 300, "year")]),
        (
            "动员专家900人，其中2019年30人；带动脱贫500人",
            [("experts", 900, "total"), ("experts", 30, "year"), ("people", 500, "total")],
        ),
        (
            "任务是多少呢？农技协90个、专家300人",
            [("assoc", 90, "target"), ("experts", 300, "target")],
        ),
        ("动员的专家中，省级53人、市级324人", [("experts", 53, "part"), ("experts", 324, "part")]),
        ("截至2020年6月，组织动员专家（不含驻村干部）共500人", [("experts", 500, "total")]),
        ("累计支持农技协90个，比任务多12个", [("assoc", 90, "total")]),
        ("目前兴和县共有农技协41个", []),
        (
            "支持建设农技协２０２/组织动员专家1600/带动脱贫１６７０３",
            [("assoc", 202, "total"), ("experts", 1600, "total"), ("people", 16703, "total")],
        ),
        (
            "农技协90个、专家300人（2016-2020合计）",
            [("assoc", 90, "total"), ("experts", 300, "total")],
        ),
        ("累计带动脱贫5200人，剔除重复25人", [("people", 5200, "total")]),
        ("支持农技协90个，分布在7个省份", [("assoc", 90, "total")]),
        ("专家从首年的16人增加到累计468人", [("experts", 468, "total")]),
        ("规划到2022年农技协达到89个", [("assoc", 89, "target")]),
        ("12家农技协建立了党支部", []),
        ("全国科协系统五年间动员专家2万人", [("experts", 20000, "part")]),
        ("截至目前，累计4732名专家奔走在田间地头", [("experts", 4732, "total")]),
        ("专家深入一线，服务群众3200人", []),
        ("培训农技协会员3200人，表扬专家12名", []),
        ("全国共有5万贫困人口脱贫攻坚", []),
        ("丰乐县地处深山。2016年以来共动员专家88人。", [("experts", 88, "part")]),
        ("石门坎县\n2016年以来累计动员专家105名。", [("experts", 105, "part")]),
        ("石门坎县\n全省累计动员专家105名。", [("experts", 105, "total")]),
        ("工作梳理如下。2020年7月底全省累计数：\n①农技协：117个", [("assoc", 117, "total")]),
    ],
)
def test_only_what_is_said_of_the_whole_unit_and_period_is_its_total(text, expected):
    assert told(text) == expected


def test_what_no_word_places_is_kept_beside_its_indicator_and_is_no_figure():
    text = "专家花名册上五年来登记造册3016人。"
    assert told(text) == []
    assert [(one.indicator, one.scope) for one in find_counts(text)] == [("experts", "mentioned")]


def test_under_a_heading_of_the_numbers_a_bare_figure_is_the_whole():
    bare = "让6482名贫困人口走上了脱贫路。"
    scopes = [
        find_indicator_figures(bare)[0].scope,
        find_indicator_figures(bare, "一、两数完成情况")[0].scope,
        find_indicator_figures(f"指标数据完成情况\n{bare}")[0].scope,
        find_indicator_figures(f"指标数据完成情况\n略。\n主要做法\n{bare}")[0].scope,
        find_indicator_figures(f"子丑县{bare}", "两数")[0].scope,
    ]
    assert scopes == ["unclear", "total", "total", "unclear", "part"]


TABLES = {
    "by rows": (
        "序号｜指标｜单位｜任务数｜实际完成数｜完成率\n1｜支持建设农技协｜个｜120｜1,126｜105%",
        [("assoc", 120, "target"), ("assoc", 1126, "total")],
    ),
    "by columns": (
        "｜组织动员专家（人）\n目标任务｜300\n实际完成｜420",
        [("experts", 300, "target"), ("experts", 420, "total")],
    ),
    "by years": (
        "年度｜带动脱贫人数（人）\n2019年｜500\n2020年｜600\n合计｜1100",
        [("people", 500, "year"), ("people", 600, "year"), ("people", 1100, "total")],
    ),
    "by places": (
        "地区｜支持建设农技协（个）\n子丑县｜12\n寅卯县｜9\n总计｜21",
        [("assoc", 12, "part"), ("assoc", 9, "part"), ("assoc", 21, "total")],
    ),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_cell_of_a_table_is_of_what_its_row_and_its_column_say(table):
    text, expected = TABLES[table]
    assert told(f"见下表：\n{text}\n略。") == expected


def test_a_label_holds_for_the_lines_below_it_until_the_next():
    text = "五年累计：\n· 农技协：126\n任务：\n· 农技协：120"
    assert told(text) == [("assoc", 126, "total"), ("assoc", 120, "target")]


def test_years_are_told_apart():
    figures = find_indicator_figures("带动脱贫2016年100人、2017年200人、2018年300人")
    assert [(one.year, one.value) for one in figures] == [(2016, 100), (2017, 200), (2018, 300)]


@pytest.mark.parametrize(
    ("words", "right", "wrong"),
    [
        ("5.2万人", (52_000, 52_643), (53_001, 5_200)),
        ("5.2万余人", (52_000, 52_999), (51_999, 53_001)),
        ("近6万人", (55_000, 60_000), (61_000,)),
        ("约200人", (190, 215), (150, 260)),
        ("52643人", (52_643,), (52_600, 52_000)),
    ],
)
def test_a_rounded_number_agrees_with_what_its_wording_allows(words, right, wrong):
    (figure,) = find_indicator_figures(f"累计带动建档立卡贫困人口脱贫{words}")
    assert all(map(figure.agrees_with, right)) and not any(map(figure.agrees_with, wrong))


def test_offsets_quote_the_number_in_its_text():
    text = "前言。五年来，组织动员专家3420人。"
    (figure,) = find_indicator_figures(text)
    assert text[figure.start : figure.end] == "3420人"


def test_no_word_begins_where_the_reader_of_words_does_not_look():
    classes, skipped = re.compile(word_classes.WORD_CLASSES), 0
    for code in range(0x20, 0xA000):
        for behind in ("贫困", "了帽", "协会", "的省级", "3年"):
            text = chr(code) + behind
            looked = word_classes.WORDS.match(text)
            found = classes.match(text)
            assert (looked and looked[0]) == (found and found[0])
            skipped += found is None
    assert skipped > 10_000
