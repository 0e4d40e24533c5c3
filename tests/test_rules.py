import shutil

import pytest

from kjfp_helpers.errors import RuleErrors
from kjfp_helpers.rules import RULE_FILES, load_round


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
    assert "权重之和应为 1" in words
    assert "units.csv 第" in words and "yes 或 no" in words
    assert "有“document”列" in words


def test_a_missing_file_and_a_broken_file_are_named(folder):
    (folder / "panel.csv").unlink()
    (folder / "rubric.toml").write_text("[scale\n")
    words = refusal(folder)
    assert "panel.csv" in words and "没有找到" in words
    assert "rubric.toml" in words and "TOML" in words


def test_a_ruling_takes_only_its_own_values(folder):
    edit(folder / "notice.toml", 'value = "inclusive"', 'value = "maybe"')
    words = refusal(folder)
    assert "ruling.deadline.value" in words and "'inclusive' 或 'exclusive'" in words


def test_a_table_that_names_an_unknown_unit_is_refused(folder):
    with (folder / "targets.csv").open("a") as file:
        file.write("9Q,1,2,3,样例\n")
    assert "targets.csv：应为units.csv 中的单位代码，实为“9Q”" in refusal(folder)


def test_a_repeated_unit_is_refused(folder):
    with (folder / "targets.csv").open("a") as file:
        file.write("11,1,2,3,样例\n11,1,2,3,样例\n")
    assert "“11”出现多次" in refusal(folder)


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


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Shangai"', "时区名称"),
        ("rehearsal = false", "rehearsal = true\nclock = 2020-08-20T09:00:00", "round.clock"),
        ("least = 2, most = 3", "least = 4, most = 3", "least 不大于 most"),
        ('方可排名"\nvalue = 3', '方可排名"\nvalue = 9', "quorum 不大于 readings"),
    ],
)
def test_values_that_cannot_hold_together_are_refused(folder, old, new, words):
    edit(folder / "notice.toml", old, new)
    assert words in refusal(folder)


def test_a_code_that_cannot_name_a_file_is_refused(folder):
    edit(folder / "units.csv", "\n11,", "\n../11,")
    assert "units.csv 第2行“code”" in refusal(folder)


def test_a_quoted_cell_may_run_over_two_lines_and_the_line_named_is_the_right_one(folder):
    table = folder / "targets.csv"
    rows = '11,1,2,3,"甲\n乙"\n\n12,1,x,3,丙\n'
    table.write_text(table.read_text("utf-8").splitlines()[0] + "\n" + rows, "utf-8")
    assert "targets.csv 第5行“experts_target”" in refusal(folder)
    table.write_text(table.read_text("utf-8").replace(",x,", ",2,"), "utf-8")
    assert load_round(folder).targets[0].document == "甲\n乙"


def test_a_column_that_stands_twice_is_refused(folder):
    edit(folder / "panel.csv", "member,name", "member,name,name")
    assert "“name”列只有一个" in refusal(folder)
