import re
import shutil

import pytest
from openpyxl import Workbook

from kjfp_helpers.core.errors import RuleErrors
from kjfp_helpers.rules import RULE_FILES, load_round, load_round_texts, proposed_scores
from kjfp_helpers.rules.rubric import Level, Scale


@pytest.fixture
def folder(rules_folder, tmp_path):
    copy = tmp_path / "2021"
    copy.mkdir()
    for name in RULE_FILES:
        shutil.copy(rules_folder / name, copy / name)
    return copy


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refusal(folder) -> str:
    with pytest.raises(RuleErrors) as caught:
        load_round(folder)
    return str(caught.value)


def test_the_2020_round_holds_every_number_of_the_notice(rules_folder):
    round = load_round(rules_folder)
    notice = round.notice
    assert (notice.commended.teams, notice.commended.individuals) == (20, 50)
    assert (notice.quota.priority.teams.most, notice.quota.priority.individuals.most) == (2, 3)
    assert (notice.story.team, notice.story.individual) == (2000, 1000)
    assert notice.deadline.exhibition.date.isoformat() == "2020-07-15"
    assert notice.deadline.recommendation.date.isoformat() == "2020-08-15"
    offices = [unit for unit in round.units if unit.kind == "province"]
    assert len(offices) == 32 and sum(unit.priority for unit in offices) == 22
    assert len(round.units) > 200


def test_a_misspelt_key_is_refused_with_the_nearest_name(folder):
    edit(folder / "notice.toml", "individuals = 50", "indivduals = 50")
    words = refusal(folder)
    assert "commended.indivduals" in words and "“individuals”" in words


def test_a_misspelt_column_is_refused_with_the_nearest_name(folder):
    edit(folder / "panel.csv", "employer", "employeer")
    words = refusal(folder)
    assert "panel.csv 表头" in words and "是否要写“employer”" in words


def test_every_problem_of_every_file_comes_at_once(folder):
    edit(folder / "notice.toml", "teams = 20", 'teams = "二十"')
    edit(folder / "rubric.toml", "weight = 0.30", "weight = 0.40")
    edit(folder / "units.csv", ",yes,", ",maybe,")
    (folder / "targets.csv").write_text("unit,assoc_target,experts_target,people_target\n")
    words = refusal(folder)
    assert "commended.teams" in words and "整数" in words
    assert "team 各项权重（weight）之和为 1，实为1.1" in words
    assert "units.csv 第" in words and "yes 或 no" in words
    assert "有“document”列" in words


def test_a_missing_file_and_a_broken_file_are_named(folder):
    (folder / "panel.csv").unlink()
    (folder / "rubric.toml").write_text("[scale\n")
    words = refusal(folder)
    assert "找不到 panel.csv，请" in words
    assert "rubric.toml" in words and "TOML" in words


def test_a_ruling_takes_only_its_own_values(folder):
    edit(folder / "notice.toml", 'value = "inclusive"', 'value = "maybe"')
    words = refusal(folder)
    assert "ruling.deadline.value" in words and "'inclusive' 或 'exclusive'" in words


def test_a_round_without_the_rulings_that_came_later_still_opens(folder):
    later = [
        "plan",
        "first_readings",
        "rounds",
        "anchors",
        "blind",
        "vacancy",
        "attendance",
        "majority",
        "majority_of",
        "papers",
    ]
    notice = folder / "notice.toml"
    blocks = notice.read_text("utf-8").split("\n\n")
    kept = [block for block in blocks if not any(f"[ruling.{name}]" in block for name in later)]
    assert len(kept) < len(blocks)
    notice.write_text("\n\n".join(kept), "utf-8")
    ruling = load_round(folder).notice.ruling
    assert (ruling.plan.value, ruling.anchors.value, ruling.blind.value) == (
        "uniform",
        0,
        "until_reveal",
    )


def test_a_table_that_names_an_unknown_unit_is_refused(folder):
    with (folder / "targets.csv").open("a") as file:
        file.write("9Q,1,2,3,样例\n")
    assert "targets.csv 第2行“unit”：应为units.csv 中的单位代码，实为“9Q”" in refusal(folder)


def test_a_repeated_unit_is_refused(folder):
    with (folder / "targets.csv").open("a") as file:
        file.write("11,1,2,3,样例\n11,1,2,3,样例\n")
    assert "第3行“unit”：应为不与别行重复，实为“11”（同第2行）" in refusal(folder)


def test_a_blank_target_is_missing_and_not_zero(folder):
    with (folder / "targets.csv").open("a") as file:
        file.write("11,,0,3,样例\n")
    target = load_round(folder).targets[0]
    assert target.assoc_target is None and target.experts_target == 0


def test_a_round_that_is_not_there_is_answered_with_its_neighbours(rules_folder):
    assert "是否要写“2020”" in refusal(rules_folder.with_name("2002"))


def test_a_clock_belongs_to_rehearsals_only(folder):
    edit(folder / "notice.toml", "rehearsal = false", "rehearsal = true")
    assert "clock" in refusal(folder)


def test_any_change_of_a_rule_file_changes_the_digest(folder):
    before = load_round(folder).digest
    edit(folder / "notice.toml", "share = 0.2", "share = 0.3")
    assert load_round(folder).digest != before


def put(path, old, new):
    """Replace by pattern, once."""
    text = path.read_text("utf-8")
    changed = re.sub(old, new, text, count=1, flags=re.M)
    assert changed != text, old
    path.write_text(changed, "utf-8")


@pytest.mark.parametrize("name", RULE_FILES)
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: b"", "空文件"),
        (lambda data: b"\xff\xff" + data, "另存为 UTF-8"),
        (lambda data: data.decode().encode("utf-16"), "另存为 UTF-8"),
        (lambda data: b"\0" * 50, "空字符"),
    ],
)
def test_a_file_that_is_no_text_is_named_in_chinese(folder, name, spoil, told):
    (folder / name).write_bytes(spoil((folder / name).read_bytes()))
    words = refusal(folder)
    assert name in words and told in words and "codec" not in words


@pytest.mark.parametrize("name", RULE_FILES)
def test_the_marks_of_windows_editors_do_no_harm(folder, name):
    data = (folder / name).read_bytes().replace(b"\n", b"\r\n")
    (folder / name).write_bytes(b"\xef\xbb\xbf" + data)
    load_round(folder)


def test_a_file_that_cannot_be_opened_is_told_without_its_address(folder):
    (folder / "units.csv").unlink()
    (folder / "units.csv").mkdir()
    words = refusal(folder)
    assert "是文件夹而不是文件" in words and str(folder) not in words and "Errno" not in words


def test_a_repeated_name_or_an_open_quote_is_shown_with_its_line(folder):
    edit(folder / "notice.toml", "teams = 20", "teams = 20\nteams = 21")
    edit(folder / "rubric.toml", 'note = "', "note = ")
    words = refusal(folder)
    assert "notice.toml 第27行" in words and "“teams = 21”。请删去重复的一处" in words
    assert "rubric.toml 第" in words and "引号" in words and "line" not in words


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("notice.toml", "share = 0.2", "share = nan", "有限的数字"),
        ("notice.toml", "teams = 20", "teams = true", "整数"),
        ("notice.toml", "teams = 20", 'teams = "20"', "整数"),
        ("notice.toml", "least = 1, most = 2", "least = 3, most = 2", "least 不大于 most"),
        ("notice.toml", "Asia/Shanghai", "Asia/Shanghaii", "时区名称"),
        ("notice.toml", "since = 2016", "since = 20160", "since 不晚于"),
        ("notice.toml", r"(\[ruling.readings\](?:.*\n)+?value) = .*", r"\1 = 0", "不小于1"),
        ("notice.toml", r"(\[ruling.quorum\](?:.*\n)+?value) = .*", r"\1 = 99", "quorum 不大于"),
        ("notice.toml", 'id = "work"', 'id = "numbers"', "“numbers”出现多次"),
        ("rubric.toml", 'id = "service"', 'id = "outcome"', "“outcome”出现多次"),
        ("rubric.toml", "least = 90", "least = 10", "由高到低"),
        ("rubric.toml", "least = 90", "least = 900", "不超过 100"),
        ("rubric.toml", "least = 0\nmost = 100", "least = 100\nmost = 0", "least 小于 most"),
        ("rubric.toml", "step = 1", "step = 1000", "step 不超过"),
        ("rubric.toml", "summary_levels = .*", "summary_levels = []", "至少一项"),
        ("rubric.toml", "产业留在村里，帮扶结束后仍有收益", "产业留在村里\\\\n帮扶", "一行2至60字"),
        ("rubric.toml", "产业留在村里，帮扶结束后仍有收益", " 产业留在村里", "首尾无空格"),
        ("rubric.toml", "产业留在村里，帮扶结束后仍有收益", "长" * 61, "一行2至60字"),
        ("rubric.toml", "产业留在村里，帮扶结束后仍有收益", "常年有人驻点", "互不包含"),
        (
            "rubric.toml",
            "产业留在村里，帮扶结束后仍有收益",
            "常年有人驻点，农时关键期都在现场",
            "多次",
        ),
        (
            "rubric.toml",
            r"phrases = \[",
            "phrases = [" + "".join(f'"评语第{n}种", ' for n in range(9)),
            "至多9句",
        ),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(folder, name, old, new, told):
    put(folder / name, old, new)
    words = refusal(folder)
    assert name in words and told in words


@pytest.mark.parametrize("code", ["a/b", "../../x", "..", "a b", "con", "overall", "", "x" * 300])
def test_a_code_that_would_be_another_path_is_refused(folder, code):
    put(folder / "units.csv", "^11,", f"{code},")
    with (folder / "panel.csv").open("a") as file:
        file.write(f"{code},测试甲,测试大学,,园艺,,\n")
    words = refusal(folder)
    assert "units.csv 第2行“code”" in words and "panel.csv 第2行“member”" in words


def test_codes_that_differ_in_case_alone_are_one_file_and_refused(folder):
    put(folder / "units.csv", "^S002,", "s001,")
    assert "不与别行重复" in refusal(folder)


def test_a_member_of_a_place_nobody_knows_is_refused_before_a_tie_is_missed(folder):
    with (folder / "panel.csv").open("a") as file:
        file.write("M01,测试甲,测试大学,安徽者,园艺,,\nM02,测试乙,测试大学,安徽,园艺,,\n")
    words = refusal(folder)
    assert "panel.csv 第2行“region”" in words and "安徽" in words and "第3行" not in words


@pytest.mark.parametrize("figure", ["-5", "1.5", "１２", "1_000", "9" * 5000, '"1,000"', "约100"])
def test_a_target_is_a_plain_count(folder, figure):
    with (folder / "targets.csv").open("a") as file:
        file.write(f"11,{figure},0,3,样例\n")
    words = refusal(folder)
    assert "第2行“assoc_target”" in words and len(words) < 200


def test_a_table_with_a_column_twice_or_other_commas_is_refused(folder):
    text = (folder / "units.csv").read_text("utf-8")
    lines = [f"{line},{line.split(',')[0]}" for line in text.splitlines()]
    (folder / "units.csv").write_text("\n".join(lines), "utf-8")
    (folder / "panel.csv").write_text("member;name;employer;region;field;user;ties\n")
    words = refusal(folder)
    assert "“code”出现2次" in words and words.count("panel.csv") == 1 and "英文逗号" in words


def test_blank_rows_are_passed_over_and_lines_still_counted(folder):
    with (folder / "targets.csv").open("a") as file:
        file.write("\n,,,,\n11,1,2,3,样例\n12,x,2,3,样例\n")
    assert "targets.csv 第5行“assoc_target”" in refusal(folder)


def test_a_round_without_units_is_told_once(folder):
    (folder / "units.csv").write_text((folder / "units.csv").read_text("utf-8").splitlines()[0])
    assert refusal(folder).count("units.csv") == 1


def scale(least=0, most=100, step=1, comment_below=60, comment_from=95):
    return Scale(
        least=least, most=most, step=step, comment_below=comment_below, comment_from=comment_from
    )


def levels(*least):
    return [Level(title=f"{bound:g}", least=bound, text="") for bound in least]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, "0—100 的整数"),
        ({"least": 1, "most": 5}, "1—5 的整数"),
        ({"most": 10, "step": 0.5}, "0—10 的数，每档 0.5"),
        ({"most": 100, "step": 5}, "0—100 的数，每档 5"),
        ({"least": 0.5, "most": 9.5}, "0.5—9.5 的数，每档 1"),
        ({"least": -10, "most": 10}, "-10—10 的整数"),
    ],
)
def test_scale_says_in_chinese_which_marks_may_be_given(rules, words):
    assert scale(**rules).allowed == words


@pytest.mark.parametrize(
    ("rules", "bounds", "marks"),
    [
        ({}, (90, 75, 60, 0), [92, 82, 67, 52]),  # 95 and more would ask for a comment
        ({}, (96, 75, 0), [98, 84, 67]),  # a level where every mark asks for one
        ({}, (50,), [77]),
        (
            {"most": 10, "step": 0.5, "comment_below": 6, "comment_from": 9.5},
            (9, 7.5, 6, 0),
            [9, 8, 6.5, 5],
        ),
        ({"step": 25, "comment_below": 0, "comment_from": 200}, (90, 80, 0), [100, None, 25]),
    ],
)
def test_level_proposes_its_middle_and_no_mark_that_asks_for_a_comment_where_it_can(
    rules, bounds, marks
):
    assert proposed_scores(levels(*bounds), scale(**rules)) == marks


@pytest.mark.parametrize("kind", ["team", "individual"])
def test_marks_that_levels_propose_lie_in_their_levels_and_on_the_scale(rules_folder, kind):
    rubric = load_round(rules_folder).rubric
    for criterion in rubric.criteria(kind):
        marks = proposed_scores(criterion.levels, rubric.scale)
        ends = [101, *(level.least for level in criterion.levels)]
        for mark, level, end in zip(marks, criterion.levels, ends, strict=False):
            assert rubric.scale.is_valid(mark) and level.least <= mark < end


HEADS = ("单位", "农技协目标", "专家目标", "脱贫人数目标", "文件")


def put_targets(folder, rows, *, sheet="目标任务", title="各单位目标任务分解表"):
    """Put a workbook in the place of ``targets.csv``."""
    (folder / "targets.csv").unlink(missing_ok=True)
    book = Workbook()
    book.active.title = sheet
    for row in ((title,), HEADS, *rows):
        book.active.append(row)
    book.create_sheet("说明").append(("本表由办公室填写",))
    book.save(folder / "targets.xlsx")


def test_a_table_is_the_same_rules_as_workbook_and_in_the_charset_of_excel(folder):
    rows = [("北京", 126, 3400, 24000, "科技助力扶贫办发〔2017〕3号"), ("12", 0, "/", None, "")]
    put_targets(folder, rows)
    first = load_round(folder)
    beijing, tianjin = first.targets
    assert (beijing.unit, beijing.count("people")) == ("11", 24000)
    assert (tianjin.count("assoc"), tianjin.count("experts"), tianjin.count("people")) == (
        0,
        None,
        None,
    )
    assert tianjin.is_without("experts") and not tianjin.is_without("people")
    (folder / "targets.xlsx").unlink()
    text = first.texts["targets.csv"]
    for charset in ("utf-8", "utf-8-sig", "gb18030"):
        (folder / "targets.csv").write_bytes(text.encode(charset))
        assert load_round(folder).targets == first.targets
    assert load_round_texts(first.texts, folder).digest == first.digest


def test_every_fault_of_a_workbook_is_told_at_once_with_sheet_and_cell(folder):
    put_targets(
        folder,
        [("北京", "约100", 1, 1, ""), ("某省", 1, 1000.5, 1, ""), ("11", 1, 1, 1, "")],
    )
    words = refusal(folder)
    for cell, found in (("B3", "“约100”"), ("C4", "“1000.5”")):
        assert f"targets.xlsx 目标任务!{cell}" in words and found in words
    put_targets(folder, [("某省", 1, 1, 1, ""), ("北京", 1, 1, 1, ""), ("11", 1, 1, 1, "")])
    words = refusal(folder)
    assert "targets.xlsx 目标任务!A3“unit”：应为units.csv 中的单位代码，实为“某省”" in words
    assert "目标任务!A5“unit”：应为不与别行重复，实为“11”（同第4行）" in words


def test_two_files_of_one_table_are_refused(folder):
    put_targets(folder, [("11", 1, 1, 1, "")])
    (folder / "targets.csv").write_text("unit,assoc_target,experts_target,people_target,document\n")
    assert "targets.csv：应为一份表，实为另有 targets.xlsx" in refusal(folder)


def test_a_damaged_workbook_is_refused_in_chinese(folder):
    put_targets(folder, [])
    data = (folder / "targets.xlsx").read_bytes()
    (folder / "targets.xlsx").write_bytes(data[: len(data) // 2])
    assert "targets.xlsx：应为可以打开的工作簿，实为打不开的文件" in refusal(folder)
