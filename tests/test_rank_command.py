"""`kjfp rank`: any table of marks, without a round."""

import json
import random

import pytest
from panelwork import simulated

from kjfp_helpers.cli import main

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
        return code, json.loads(out) if json_wanted and out else out, complaints

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
        for item, score in (("D", 70), ("C", 80), ("B", 80), ("A", 90)) for member in "甲乙"
    )  # fmt: skip
    for method in ("mean", "trimmed", "standard", "adjusted"):
        told = ranked(text, "--method", method)[1]
        assert told["ties_at_cut"] == ["B", "C"]
        assert [row["rank"] for row in told["ranking"]] == [1, 2, 2, 4]


def test_a_person_reads_a_table(ranked):
    code, text, _ = ranked("\n".join(panel_csv()), json_wanted=False)
    assert code == 0 and "入围可能" in text and "宽严" in text and "来自个案本身的高下" in text
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
        (HEAD + "A,甲,101\nB,甲,-1\n", ["--least", "0", "--most", "100"], "不大于100的分，实为“101”"),
        (HEAD + "A,甲,101\nB,甲,-1\n", ["--least", "0", "--most", "100"], "不小于0的分，实为“-1”"),
        (HEAD + ",甲,80\n", [], "“item”：应为有名称"),
        (HEAD + "A,,80\n", [], "“reviewer”：应为有名称"),
        (HEAD + "A,甲,80\nB,乙,70\nA,甲,81\n", [], "第4行：应为一位评委对一件（的一个评分项）只有一份评分，实为“A、甲”在第2行已有"),
        (HEAD + "A,甲,80,x\n", [], "应为3格，实为4格"),
        (HEAD + 'A,"甲,80\n', [], "核对引号"),
        (b"item,reviewer,score\nA,\xff\xff,80\n", [], "编码"),
        (b"PK\x03\x04\x00\x00", [], "编码"),
        ((HEAD + "A,甲,80\n").encode("utf-16"), [], "编码"),
    ],
)  # fmt: skip
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
    assert "没有找到" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--places", "0"], ["--method", "median"], ["--most", "x"], ["--plcaes", "3"]]
)
def test_wrong_words_end_with_two(tmp_path, capsys, words):
    with pytest.raises(SystemExit) as stop:
        main(["rank", str(tmp_path / "marks.csv"), "--places", "2", *words])
    assert stop.value.code == 2 and "✗" in capsys.readouterr().err
