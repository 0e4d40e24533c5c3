"""`kjfp rank`: any table of marks, without a round."""

import json
import random
import unicodedata

import pytest

from kjfp_helpers.cli import main
from support.rounds.panels_and_scores import simulated

MARKS = """item,reviewer,score
A,甲,90
A,乙,80
B,甲,85.5
B,乙,70
C,甲,60
C,乙,
D,乙,66
"""
KEYS = ["item", "rank", "value", "low", "high", "p_in", "n", "adjusted"]


@pytest.fixture
def ranked(tmp_path, capsys):
    """Rank a text or bytes; return the exit code, what was told, and the complaints."""

    def act(content, *words, places=2, json_wanted=True):
        path = tmp_path / "marks.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        wanted = ["--json"] if json_wanted else []
        code = main(["rank", str(path), "--places", str(places), *words, *wanted])
        out, complaints = capsys.readouterr()
        told = json.loads(out, parse_constant=pytest.fail) if json_wanted and out else out
        return code, told, complaints

    return act


def panel_csv(seed=1, cases=40, members=8, each=4):
    totals, *_ = simulated(cases, members, each, seed=seed)
    rows = [f"{case},{member},{total}" for member, case, total in totals.itertuples(index=False)]
    return ["item,reviewer,score", *rows]


def test_ranking_is_told_with_interval_chance_members_and_agreement(ranked):
    code, told, complaints = ranked("\n".join(panel_csv()), places=10)
    assert code == 0 and not complaints and told["method"] == "adjusted"
    assert [list(row) for row in told["ranking"]] == [KEYS] * 40
    assert [row["rank"] for row in told["ranking"]] == list(range(1, 41))
    assert sum(row["p_in"] for row in told["ranking"]) == pytest.approx(10, abs=0.01)
    assert all(row["low"] < row["value"] < row["high"] for row in told["ranking"])
    for row in told["reviewers"]:
        for habit in ("severity", "spread", "noise"):
            assert row[f"{habit}_low"] < row[habit] < row[f"{habit}_high"]
    agreed = told["agreement"]
    assert 0 < agreed["low"] < agreed["icc"] < agreed["high"] < 1 and "%" in agreed["sentence"]
    assert told["ties_at_cut"] == told["groups"] == told["notes"] == []


def test_missing_stays_missing_and_an_item_without_marks_is_still_there(ranked):
    code, told, _ = ranked(MARKS + "E,甲,\n", "--method", "mean")
    rows = {row["item"]: row for row in told["ranking"]}
    assert code == 0 and (rows["C"]["n"], rows["C"]["value"]) == (1, 60)
    assert rows["E"] == dict.fromkeys(KEYS) | {"item": "E", "n": 0}
    assert "1 件没有评分" in told["notes"][0]
    below = ranked(MARKS, "--method", "mean", "--quorum", "2")[1]["ranking"]
    assert [row["rank"] for row in below] == [1, 2, None, None]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_any_charset_of_a_chinese_office_is_read(ranked, charset):
    assert ranked(MARKS.encode(charset)) == ranked(MARKS)


def test_order_of_rows_changes_no_byte(ranked):
    head, *rows = panel_csv()
    first = json.dumps(ranked("\n".join([head, *rows]))[1])
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        assert json.dumps(ranked("\n".join([head, *rows]))[1]) == first


def test_criteria_are_averaged_and_a_mark_that_lacks_one_is_told(ranked):
    text = """item,reviewer,criterion,score
A,甲,新,90
A,甲,深,70
A,乙,新,80
A,乙,深,
B,甲,新,50
B,甲,深,60
B,乙,新,40
B,乙,深,50
"""
    code, told, _ = ranked(text, "--method", "mean", places=1)
    assert code == 0
    assert [(row["item"], row["value"]) for row in told["ranking"]] == [("A", 80), ("B", 50)]
    assert "2 个评分项的平均分" in told["notes"][0] and "1 份评分缺评分项" in told["notes"][1]


def test_ties_at_the_cut_are_named_whatever_the_order(ranked):
    text = "item,reviewer,score\n" + "".join(
        f"{item},{member},{score}\n"
        for item, score in (("D", 70), ("C", 80), ("B", 80), ("A", 90))
        for member in "甲乙丙丁"
    )
    for method in ("mean", "trimmed", "standard", "adjusted"):
        told = ranked(text, "--method", method)[1]
        assert told["ties_at_cut"] == ["B", "C"]
        assert [row["rank"] for row in told["ranking"]] == [1, 2, 2, 4]


def test_a_person_reads_a_table(ranked):
    code, text, _ = ranked("\n".join(panel_csv()), json_wanted=False)
    assert code == 0 and "入围概率" in text and "宽严" in text and "来自个案本身的高下" in text
    assert "nan" not in text and "adjusted" not in text


HEAD = "item,reviewer,score\n"


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("", [], "空文件"),
        (HEAD, [], "没有一行"),
        (HEAD + "A,甲,\n", [], "全是空白"),
        ("item,reviewer\nA,甲\n", [], "“score”列一次"),
        ("item,reviewer,mark\nA,甲,1\n", [], "“mark”"),
        ("item,reviewer,score,score\nA,甲,1,2\n", [], "2次"),
        (HEAD + "A,甲,优\nA,乙,8O\n", [], "第3行“score”：应为数字或空白，实为“8O”"),
        (HEAD + "A,甲,nan\n", [], "实为“nan”"),
        (HEAD + "A,甲,inf\n", [], "实为“inf”"),
        (HEAD + "A,甲,1_0\n", [], "实为“1_0”"),
        (HEAD + 'A,甲,"1,000"\n', [], "实为“1,000”"),
        (
            HEAD + "A,甲,101\nB,甲,-1\n",
            ["--min", "0", "--max", "100"],
            "不大于100的分，实为“101”",
        ),
        (HEAD + "A,甲,101\nB,甲,-1\n", ["--min", "0", "--max", "100"], "不小于0的分，实为“-1”"),
        (HEAD + ",甲,80\n", [], "“item”：应为有名称"),
        (HEAD + "A,,80\n", [], "“reviewer”：应为有名称"),
        (
            HEAD + "A,甲,80\nB,乙,70\nA,甲,81\n",
            [],
            "第4行：应为一位评委对一件（的一个评分项）只有一份评分，实为“A、甲”在第2行已有",
        ),
        (HEAD + "A,甲,80,x\n", [], "应为3格，实为4格"),
        (HEAD + 'A,"甲,80\n', [], "核对引号"),
        (b"item,reviewer,score\nA,\xff\xff,80\n", [], "编码"),
        (b"PK\x03\x04\x00\x00", [], "编码"),
        ((HEAD + "A,甲,80\n").encode("utf-16"), [], "编码"),
    ],
)
def test_what_does_not_hold_is_told_and_nothing_is_ranked(ranked, content, words, said):
    code, told, complaints = ranked(content, *words)
    assert code == 1 and not told and said in complaints
    assert complaints.startswith("✗ marks.csv") and "Error" not in complaints


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["A,甲,80", "A,乙,82", "B,丙,60", "B,丁,61"], "丁、丙；乙、甲"),
        (["A,甲,80", "A,乙,80", "B,甲,80", "B,乙,80"], "全部评分相同"),
        (["A,甲,80", "B,甲,82", "C,甲,60"], "只有一位评委"),
    ],
)
def test_marks_that_bear_no_comparison_state_no_chance(ranked, rows, said):
    code, told, complaints = ranked(HEAD + "\n".join(rows), places=1)
    assert code == 1 and said in complaints and said in "".join(told["notes"])
    for row in told["ranking"]:
        assert row["value"] is not None
        assert row["low"] is row["high"] is row["p_in"] is None
    assert told["agreement"]["icc"] is None


def test_groups_that_cannot_be_compared_share_no_rank(ranked):
    told = ranked(HEAD + "A,甲,80\nA,乙,82\nB,丙,60\nB,丁,61", places=1)[1]
    assert told["groups"] == [["丁", "丙"], ["乙", "甲"]]
    assert all(row["rank"] is None and "group" in row for row in told["ranking"])
    assert all(row["severity"] is None for row in told["reviewers"])


def test_fewer_items_than_places_is_told(ranked):
    code, told, complaints = ranked(MARKS, places=5)
    assert code == 1 and "只有 4 件，少于名额 5" in complaints and len(told["ranking"]) == 4


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert main(["rank", str(tmp_path / "no.csv"), "--places", "1"]) == 1
    assert "找不到 no.csv，请核对文件名和位置。" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--places", "0"], ["--method", "median"], ["--max", "x"], ["--plcaes", "3"]]
)
def test_wrong_words_end_with_two(tmp_path, capsys, words):
    with pytest.raises(SystemExit) as stop:
        main(["rank", str(tmp_path / "marks.csv"), "--places", "2", *words])
    assert stop.value.code == 2 and "✗" in capsys.readouterr().err


ONE_NAME = {
    "zero width space": "A\u200b1",
    "byte order mark": "\ufeffA1",
    "soft hyphen": "A\u00ad1",
    "direction mark": "A\u200e1",
    "variation selector": "A1\ufe0f",
    "full width": "Ａ１",
    "space at the end": "A1 ",
    "wide space": "\u3000A1",
    "no-break space": "A1\xa0",
}
SAME = [
    *(("A1", other) for other in ONE_NAME.values()),
    ("李明", "李　明"),
    ("李明", "李 明"),
    ("é组", unicodedata.normalize("NFD", "é组")),
    ("阿不都·买买提", "阿不都•买买提"),
    ("阿不都·买买提", "阿不都．买买提"),
    ("阿不都·买买提", "阿不都・买买提"),
    ("阿不都·买买提", "阿不都 · 买买提"),
    ("豈组", "\uf900组"),
    ("甲-1", "甲–1"),
    ("甲（一）", "甲(一)"),
    ("Zhang San", "Zhang  San"),
]
ASKED = [
    ("A1", "a1"),
    ("Zhang San", "ZhangSan"),
    ("阿不都·买买提", "阿不都买买提"),
    ("No. 1", "No 1"),
    ("Ａ组", "a组"),
    ("甲 A", "甲A"),
]
COLUMNS = "item reviewer criterion".split()


def spelt(column, name, other):
    """Marks of two reviewers by two criteria, where one name is spelt otherwise in one row."""
    rows = [
        {"item": item, "reviewer": reviewer, "criterion": criterion, "score": f"{score}"}
        for item, reviewer, criterion, score in (
            ("甲一", "乙一", "丙一", 90),
            ("甲一", "乙一", "丙二", 80),
            ("甲一", "乙二", "丙一", 70),
            ("甲一", "乙二", "丙二", 75),
            ("甲二", "乙一", "丙一", 60),
            ("甲二", "乙一", "丙二", 65),
            ("甲二", "乙二", "丙一", 62),
            ("甲二", "乙二", "丙二", 50),
        )
    ]
    first = rows[0][column]
    of_first = [row for row in rows if row[column] == first]
    for row in of_first:
        row[column] = name
    of_first[-1][column] = other
    return "\n".join(["item,reviewer,criterion,score", *(",".join(row.values()) for row in rows)])


@pytest.fixture(scope="module")
def spelt_alike():
    """What is told where a column's name has one spelling, each ranked once."""
    return {}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize(("name", "other"), SAME)
def test_spellings_that_look_alike_are_one_name_and_it_is_told(
    ranked, spelt_alike, column, name, other
):
    code, told, complaints = ranked(spelt(column, name, other), "--method", "mean", places=1)
    if (column, name) not in spelt_alike:
        as_one = ranked(spelt(column, name, name), "--method", "mean", places=1)
        spelt_alike[column, name] = as_one[1]
    plain = spelt_alike[column, name]
    assert code == 0 and not complaints and told["ranking"] == plain["ranking"]
    assert told["reviewers"] == plain["reviewers"] and len(told["ranking"]) == 2
    if other.strip() != name:
        assert f"“{name}”另有写法" in told["notes"][0] and "同一个名称" in told["notes"][0]
    assert told["notes"][-len(plain["notes"]) :] == plain["notes"]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize(("name", "other"), ASKED)
def test_names_that_differ_in_case_spaces_or_dots_are_asked_about(ranked, column, name, other):
    code, told, complaints = ranked(spelt(column, name, other))
    assert code == 1 and not told and complaints.count("✗") == 1
    assert f"“{column}”列" in complaints and f"“{name}”（第2行起）" in complaints
    assert f"“{other}”（第" in complaints and "确是不同的，改成不易混淆的名称" in complaints


def test_names_that_differ_in_more_stay_apart(ranked):
    names = ("1.1", "11", "1-1", "A1", "A2", "李明", "李萌", "甲·乙", "乙·甲", "第1组", "第2组")
    rows = [f"{name},{member},{60 + n}" for n, name in enumerate(names) for member in "甲乙"]
    told = ranked(HEAD + "\n".join(rows), "--method", "mean")[1]
    assert sorted(row["item"] for row in told["ranking"]) == sorted(names)
    assert told["notes"] == ["只有 11 件，入围概率只是约数。"]


def test_a_reviewer_spelt_two_ways_cannot_mark_an_item_twice(ranked):
    code, told, complaints = ranked(HEAD + "A,甲,80\nB,乙,70\nA,\u200b甲,81\nB,甲,60\n")
    assert code == 1 and not told and "实为“A、甲”在第2行已有" in complaints


def test_the_kept_spelling_is_the_most_frequent_whatever_the_order(ranked):
    rows = [
        "阿不都.买买提,甲,80",
        "阿不都.买买提,乙,70",
        "阿不都•买买提,丙,60",
        "B,甲,50",
        "B,乙,55",
        "B,丙,40",
    ]
    told = ranked("\n".join([HEAD.strip(), *rows]), places=1)[1]
    assert told["ranking"][0]["item"] == "阿不都.买买提"
    assert told == ranked("\n".join([HEAD.strip(), *rows[::-1]]), places=1)[1]


def test_a_name_of_signs_that_are_not_seen_is_a_blank(ranked):
    code, _, complaints = ranked(HEAD + "A,甲,80\n\u200b\ufeff,甲,70\n")
    assert code == 1 and "第3行“item”：应为有名称，实为空白" in complaints


def test_a_mark_without_its_criterion_is_no_criterion_of_its_own(ranked):
    head = "item,reviewer,criterion,score\n"
    code, _, complaints = ranked(head + "A,甲,新,80\nA,甲,,70\n")
    assert code == 1 and "第3行“criterion”：应为有名称" in complaints
    told = ranked(head + "A,甲,,80\nB,甲,,70\nA,乙,,82\nB,乙,,71\n", places=1)[1]
    assert len(told["ranking"]) == 2 and len(told["notes"]) == 1


@pytest.mark.parametrize(
    ("separator", "title"),
    [(";", "分号"), ("\t", "制表符"), ("|", "竖线"), ("，", "全角逗号"), ("；", "全角分号")],
)
@pytest.mark.parametrize("charset", ["utf-8-sig", "gb18030"])
def test_another_separator_is_named_with_its_cure(ranked, separator, title, charset):
    text = MARKS.replace(",", separator)
    for content in (text, "\n" + text, text.replace("\n", "\r\n"), f"sep={separator}\n{text}"):
        code, told, complaints = ranked(content.encode(charset))
        assert code == 1 and not told and complaints.count("✗") == 1
        assert f"以{title}" in complaints and "半角逗号" in complaints and "CSV UTF-8" in complaints


def test_a_line_that_declares_the_comma_is_named(ranked):
    assert "实为sep=,。请删去这一行" in ranked("sep=,\n" + MARKS)[2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (MARKS.replace("A", "學組").encode("big5"), "似为繁体 Big5"),
        (MARKS.encode("utf-16"), "UTF-16"),
        (MARKS.encode("utf-16-le"), "UTF-16"),
        ((HEAD + "甲组评审项目,评委张三,80\n").encode()[:-12] + b"\n", "第2行：应为UTF-8"),
        ((HEAD + "推广小麦新品种,张三,80\n").encode().replace(b"\xb0", b"\x80\x80", 1), "坏字节"),
        (b"PK\x03\x04\x14\x00", "Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Excel"),
        (b"%PDF-1.4\n%\xe2\xe3", "PDF"),
    ],
)
def test_another_encoding_or_format_is_named_with_its_cure(ranked, content, said):
    code, told, complaints = ranked(content)
    assert code == 1 and not told and said in complaints and "另存为“CSV UTF-8" in complaints


def test_headings_of_full_width_or_in_quotes_are_read(ranked):
    assert ranked(MARKS.replace("item", "Ｉtem").replace("score", '"score "')) == ranked(MARKS)


@pytest.mark.parametrize("score", ["1e101", "-9e306", "6E10000", "８e２００"])
def test_a_score_beyond_what_can_be_reckoned_with_is_named(ranked, score):
    code, told, complaints = ranked(HEAD + f"A,甲,80\nA,乙,{score}\nB,甲,70\n")
    assert code == 1 and not told and "应为绝对值不超过1e+100的分" in complaints


METHODS = ("adjusted", "mean", "trimmed", "standard")
FEW = ["D,丙,5", "A,丙,0"]


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1e-9, 1e8, 9.9e99])
@pytest.mark.parametrize("method", METHODS)
def test_json_holds_numbers_and_null_alone_at_any_scale(ranked, scale, method):
    rows = [
        f"{item},{member},{n * scale!r}"
        for n, (item, member) in enumerate((i, m) for i in "ABC" for m in "甲乙")
    ]
    for content in ([*rows, *FEW], rows[:2]):
        ranked(HEAD + "\n".join(content), "--method", method, places=1)


@pytest.mark.parametrize("method", METHODS)
def test_json_holds_numbers_and_null_alone_where_marks_are_few(ranked, method):
    for content in (["A,甲,0.0"], FEW):
        ranked(HEAD + "\n".join(content), "--method", method, places=1)
