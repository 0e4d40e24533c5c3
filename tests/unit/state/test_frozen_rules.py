"""The rule files are held against what was frozen, on a finished round, through the command line."""

import re

import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import RulesFrozen, ScoreGiven
from kjfp_helpers.rules import compare_rules
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.ledger_heads import parse_head
from support.rounds.packet_files import small_round


def test_a_changed_value_is_told_with_file_key_and_both_values():
    before = {
        "notice.toml": "[commended]\nindividuals = 50\n",
        "panel.csv": "member,name\nM01,甲\n",
    }
    after = {"notice.toml": "[commended]\nindividuals = 51\n", "panel.csv": "member,name\n"}
    told = [str(change) for change in compare_rules(before, after)]
    assert told[0] == "notice.toml 的 commended.individuals：冻结时为“50”，现为“51”"
    assert "panel.csv 的 M01“name”：冻结时为“甲”，现为（无）" in told


def test_a_change_of_comments_alone_is_told_too():
    (change,) = compare_rules({"a.toml": "x = 1"}, {"a.toml": "x = 1  # 注"})
    assert change.key == "注释、空白或排列"


@pytest.mark.parametrize("text", ["", "1108", "1108:43", "x:43da3bd2", "0:43da3bd2"])
def test_a_head_that_is_none_is_refused(text):
    with pytest.raises(ParameterError):
        parse_head(text)


def test_packets_are_neither_issued_nor_exported_under_changed_rules(tmp_path, capsys):
    session = small_round(tmp_path)
    folder, outputs = session.round.folder, session.outputs
    session.close()
    rubric = folder / "rubric.toml"
    rubric.write_text(f"{rubric.read_text('utf-8')}\n# 改动\n", "utf-8")
    for act in ("issue", "export"):
        assert main(["packet", act, str(folder), "--outputs", str(outputs)]) == 1
        assert "rubric.toml" in capsys.readouterr().err


@pytest.fixture
def scored(tmp_path):
    """A small round in which one score was given; its folder and outputs."""
    session = small_round(tmp_path)
    round, case = session.round, session.current_state().screening.eligible_cases[0]
    session.record(RulesFrozen(digest=round.digest, files=round.files, texts=round.texts))
    scores = {one.id: 80.0 for one in round.rubric.criteria(case.kind)}
    session.record(ScoreGiven(member="M01", case=case.id, scores=scores))
    folder, outputs = round.folder, session.outputs
    session.close()
    return folder, outputs


@pytest.mark.slow
def test_rules_changed_after_scores_hold_everything_until_a_recorded_amendment(scored, capsys):
    folder, outputs = scored
    at = [str(folder), "--outputs", str(outputs)]
    notice = folder / "notice.toml"
    text = notice.read_text("utf-8")
    notice.write_text(
        re.sub(r"^individuals = \d+", "individuals = 9", text, flags=re.M, count=1), "utf-8"
    )
    for command in ("shortlist", "check", "regenerate", "verify"):
        assert main([command, *at]) == 1
        assert "commended.individuals：冻结时为" in capsys.readouterr().err
    assert main(["amend", *at, "--reason", "增加名额", "--by", "甲", "--by", "甲"]) == 1
    told = ["--resolution", "决议9号", "--reason", "增加名额", "--by", "甲", "--by", "乙"]
    assert main(["amend", *at, *told]) == 0
    session = RoundSession.open(folder, outputs)
    assert session.current_state().round.amendments[0].startswith("评审规则经决议9号修订")
    session.close()


def test_papers_of_a_later_ledger_are_not_replaced_until_a_recorded_decision(scored, capsys):
    folder, outputs = scored
    at = [str(folder), "--outputs", str(outputs)]
    (outputs / "heads.json").write_text('{"shortlist": "9999:' + "ab" * 32 + '"}', "utf-8")
    for command in ("check", "verify"):
        assert main([command, *at]) == 1
        assert "较早的备份" in capsys.readouterr().err
    assert main(["verify", *at, "--head", "9999:abab"]) == 1
    assert main(["resume", *at, "--reason", "只有此备份", "--by", "甲", "--by", "乙"]) == 0
    assert main(["check", *at]) == 0
