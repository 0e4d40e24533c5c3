"""The whole review on a rehearsal round: real files in, real files out."""

import hashlib
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from kjfp_helpers import commands
from kjfp_helpers.cli import main
from kjfp_helpers.commands import freeze_rules
from kjfp_helpers.core.events import (
    CaseVetoed,
    ConflictsDeclared,
    PacketSealed,
    ScoreGiven,
    ScoringClosed,
    SeatAdded,
    SheetSigned,
)
from kjfp_helpers.infra.step_stamps import STAMPS_FOLDER
from kjfp_helpers.rehearsal.faults.answer_key import filter_acts
from kjfp_helpers.rules import RULE_FILES
from kjfp_helpers.selection import sensitivity
from kjfp_helpers.selection.allocation import cp_solver
from kjfp_helpers.state import RoundSession, derive_state
from kjfp_helpers.state.output_ownership import OWNER
from kjfp_helpers.state.secretary.publication_gates import (
    draft_line,
    is_ready,
    list_gates,
    open_questions,
)
from support.made_once import REHEARSAL_UNITS


def silent(done, total):
    pass


def hashes(folder: Path) -> dict[str, str]:
    """Return the files by name; stamps say of which state of the ledger they were made."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and STAMPS_FOLDER not in path.parts
    }


@pytest.fixture(scope="module")
def made(reviewed):
    """Folder and outputs of a round that was run; tests that change it take a copy."""
    return reviewed.folder, reviewed.outputs


@pytest.fixture(scope="module")
def state(made):
    return RoundSession.open(*made).current_state()


@pytest.fixture
def copy(made, tmp_path):
    """A copy of rules, ledger and intake result, without the papers."""
    folder, outputs = tmp_path / made[0].name, tmp_path / "outputs"
    shutil.copytree(made[0], folder)
    outputs.mkdir()
    shutil.copy(made[1] / OWNER, outputs)
    return folder, outputs


def test_the_findings_are_those_planted_and_no_others(made, state):
    answers = json.loads((made[0] / "answers.json").read_text("utf-8"))
    planted = Counter((fault["code"], fault["unit"]) for fault in answers["planted"])
    planted += Counter(("withdrawn", act["unit"]) for act in filter_acts(answers, "withdrawn"))
    planted += Counter(("sender_known", act["unit"]) for act in filter_acts(answers, "assigned"))
    for act in filter_acts(answers, "version_chosen", "assigned", "corrected"):
        planted[act["code"], act["unit"]] -= len(act["values"]) or 1
    visited = {act["unit"] for act in filter_acts(answers, "figure_differs", "cell_changed")}
    found = Counter(
        (finding.code, finding.unit)
        for finding in state.screening.findings
        if finding.code != "spot_check_noted" or finding.unit not in visited
    )
    assert found - planted == Counter() and planted - found == Counter()


def test_a_list_says_what_is_not_done_and_which_names_have_open_questions(state):
    made = {gate.key: gate for gate in list_gates(state)}
    count, named = len(state.scores.active_members), made["questions"].open
    ties = len(made["ties"].open)
    assert draft_line(made.values()) == (
        f"草案，不得公布：评委签字{count - 1}/{count}；评委利害关系待裁定{ties}项"
        f"；入围{len(named)}件有未了结的问题"
    )
    listed = set(state.decision.shortlist.query("status in ['listed', 'added']")["case"])
    assert named and set(named) == listed & open_questions(state).keys()
    kinds = (ConflictsDeclared, PacketSealed, SheetSigned, ScoringClosed)
    events = [event for event in state.events if not isinstance(event.body, kinds)]
    earlier = draft_line(
        list_gates(derive_state(state.round, state.submissions.original_intake, events))
    )
    for said in (f"声明0/{count}", f"封存0/{count}", f"签字0/{count}", "评分未截止"):
        assert said in earlier


FAULTS = {
    "figure_missing": "stocktake",
    "section_missing": "summary",
    **dict.fromkeys(("part_missing", "too_small", "name_mismatch", "caption_missing"), "exhibit"),
}


def test_no_material_with_a_fault_to_correct_reads_as_received(made, state):
    answers = json.loads((made[0] / "answers.json").read_text("utf-8"))
    states = state.screening.completeness.set_index("unit")
    checked = Counter()
    for fault in answers["planted"]:
        if kind := FAULTS.get(fault["code"]):
            assert states.loc[fault["unit"], f"{kind}_order"] == "不全", fault
            checked[kind] += 1
    assert set(checked) == set(FAULTS.values())


NUMBER = re.compile(rb"[-0-9Xx]{7,}")
"""Every sign of which a number of a person is made, as many as stand together."""


def test_outputs_may_be_handed_on_no_number_of_a_person_is_in_any_file(made):
    folder, outputs = made
    read = json.loads((folder / "received/intake.json").read_text("utf-8"))
    secret = {
        value.encode()
        for record in read["records"]
        for name, value in record["body"].items()
        if name in ("id_number", "phone", "leader_phone", "office_phone") and value
    }
    assert len(secret) > 100 and all(NUMBER.fullmatch(value) for value in secret)
    for path in (path for path in outputs.rglob("*") if path.is_file()):
        whole = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                whole = [package.read(name) for name in package.namelist()]
        numbers = b" ".join({number for data in whole for number in NUMBER.findall(data)})
        assert not {value for value in secret if value in numbers}, path


def test_the_shortlist_holds_exactly_20_teams_and_50_individuals(state):
    listed = state.decision.shortlist[state.decision.shortlist["status"] == "listed"]
    assert Counter(listed["kind"]) == {"team": 20, "individual": 50}
    eligible = {case.id for case in state.screening.eligible_cases}
    assert set(listed["case"]) <= eligible
    for (unit, kind), group in listed.groupby(["unit", "kind"]):
        quota = state.round.quota(state.round.unit_by_code[unit])
        assert len(group) <= quota.of(kind).most
    assert not state.decision.problems


def test_every_paper_the_readme_names_is_there(made, state):
    notice = ("publication.docx", "publication.xlsx")
    assert [(made[1] / name).exists() for name in notice] == [is_ready(state)] * 2
    for name in (
        "register.xlsx",
        "findings.xlsx",
        "shortlist.xlsx",
        "shortlist.html",
        "reports/index.html",
        "reports/overall.html",
        "exhibition/index.html",
        "workbook/00_start.ipynb",
        "packets/M01.ipynb",
    ):
        assert (made[1] / name).stat().st_size > 500, name
    for audience in ("unit", "office"):
        assert len(list((made[1] / "reports" / audience).glob("*.html"))) == REHEARSAL_UNITS
    assert list((made[1] / "letters").glob("*.docx"))


def test_no_identity_number_or_phone_is_in_any_report_page_or_intake_finding(made, state):
    secrets = {
        value
        for case in state.screening.cases
        for name in ("id_number", "phone", "leader_phone", "office_phone")
        if (value := getattr(case.nominee, name, None))
    }
    pages = [path for path in made[1].rglob("*") if path.suffix in (".html", ".ipynb", ".txt")]
    texts = [path.read_text("utf-8") for path in pages] + [
        finding.message for finding in state.screening.findings
    ]
    assert len(secrets) > 100
    assert not [secret for secret in secrets if any(secret in text for text in texts)]


def test_everything_shown_is_marked_as_rehearsal(made):
    for name in (
        "reports/index.html",
        "reports/overall.html",
        "exhibition/index.html",
        "reports/unit/11.html",
    ):
        assert "演练" in (made[1] / name).read_text("utf-8"), name


def test_the_ledger_derives_the_same_list_again(reviewed):
    """A run ends with what ``kjfp verify`` does."""
    said = reviewed.said.read_text("utf-8")
    assert "核验：一致" in said and "复算一致" in said and "不符 0" in said


def test_a_changed_mail_stops_the_verification_and_is_named(copy, capsys):
    mail = sorted((copy[0] / "inbox").glob("11-*.eml"))[1]
    mail.write_bytes(mail.read_bytes() + b"\n")
    assert main(["verify", str(copy[0]), "--outputs", str(copy[1])]) == 1
    assert mail.name in capsys.readouterr().err


def test_a_changed_rule_stops_the_verification_and_is_named(copy, capsys):
    path = copy[0] / "notice.toml"
    path.write_text(path.read_text("utf-8").replace("share = 0.2", "share = 0.3"), "utf-8")
    assert main(["verify", str(copy[0]), "--outputs", str(copy[1])]) == 1
    assert "spot_check.share：冻结时为“0.2”，现为“0.3”" in capsys.readouterr().err


def test_a_changed_mark_breaks_the_chain_and_is_named(copy, capsys):
    with sqlite3.connect(copy[0] / "review.db") as database:
        database.execute("DROP TRIGGER events_keep_UPDATE")
        seq, text = database.execute(
            "SELECT seq, payload FROM events WHERE kind = 'MarkGiven' ORDER BY seq LIMIT 1"
        ).fetchone()
        payload = json.loads(text)
        payload["scores"] = {name: mark - 1 for name, mark in payload["scores"].items()}
        database.execute("UPDATE events SET payload = ? WHERE seq = ?", (json.dumps(payload), seq))
    assert main(["verify", str(copy[0]), "--outputs", str(copy[1])]) == 1
    assert f"台账第{seq}条" in capsys.readouterr().err


COLUMNS = ("at", "actor", "kind", "payload", "previous", "hash")
"""Everything in a row of the ledger besides its number."""


def flip(data: bytes, chance: random.Random) -> bytes:
    """Change one byte, anywhere."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]


@pytest.mark.parametrize("seed", range(4))
def test_one_byte_changed_in_any_message_or_rule_file_is_caught(copy, capsys, seed):
    """All that arrived and all rules; ``answers.json`` is the rehearsal's key and no input."""
    chance = random.Random(seed)
    files = sorted((copy[0] / "inbox").rglob("*.eml"))
    for path in (*chance.sample(files, 5), *(copy[0] / name for name in RULE_FILES)):
        before = path.read_bytes()
        path.write_bytes(flip(before, chance))
        assert main(["verify", str(copy[0]), "--outputs", str(copy[1])]) == 1, path.name
        assert path.name in capsys.readouterr().err
        path.write_bytes(before)


def test_one_sign_changed_in_any_row_of_the_ledger_is_caught(copy, capsys):
    """``seats`` is who sits at which page now: a cache, and no input."""
    chance = random.Random(1)
    with sqlite3.connect(copy[0] / "review.db") as database:
        database.execute("DROP TRIGGER events_keep_UPDATE")
        seqs = database.execute("SELECT min(seq), count(*) FROM events GROUP BY kind").fetchall()
    rows = [seq for seq, _ in seqs]
    rows += [chance.randint(1, sum(count for _, count in seqs)) for _ in range(12)]
    for seq in rows:
        column = chance.choice(COLUMNS)
        with sqlite3.connect(copy[0] / "review.db") as database:
            read, write = (
                f"SELECT {column} FROM events WHERE seq = ?",
                f"UPDATE events SET {column} = ? WHERE seq = ?",
            )
            text = database.execute(read, (seq,)).fetchone()[0]
            at = chance.randrange(len(text) or 1)
            sign = chr(ord(text[at]) ^ 1) if text else "0"
            database.execute(write, (text[:at] + sign + text[at + 1 :], seq))
        assert main(["verify", str(copy[0]), "--outputs", str(copy[1])]) == 1, (seq, column)
        assert "台账" in capsys.readouterr().err
        with sqlite3.connect(copy[0] / "review.db") as database:
            database.execute(write, (text, seq))


def test_row_taken_out_of_the_ledger_is_caught(copy, capsys):
    with sqlite3.connect(copy[0] / "review.db") as database:
        database.execute("DROP TRIGGER events_keep_DELETE")
        database.execute("DELETE FROM events WHERE seq = 50")
    assert main(["verify", str(copy[0]), "--outputs", str(copy[1])]) == 1
    assert "台账第50条" in capsys.readouterr().err


def test_a_ledger_of_another_round_is_refused_by_name(copy, tmp_path, capsys):
    other = tmp_path / "2021"
    copy[0].rename(other)
    assert main(["check", str(other), "--outputs", str(tmp_path / "fresh")]) == 1
    assert "勿混用台账" in capsys.readouterr().err


def test_an_empty_inbox_is_told_and_nothing_else_runs(rules_folder, tmp_path, capsys):
    folder = tmp_path / "2020"
    shutil.copytree(rules_folder, folder, ignore=shutil.ignore_patterns("inbox", "review.db*"))
    (folder / "inbox").mkdir()
    assert main(["run", str(folder), "--outputs", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert (
        "inbox" in said
        and "其余步骤未运行" in said
        and not (tmp_path / "out/register.xlsx").exists()
    )


def test_an_output_folder_that_cannot_be_made_is_told(made, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["check", str(made[0]), "--outputs", str(tmp_path / "file" / "out")]) == 1
    assert "不能写入" in capsys.readouterr().err


def test_an_unknown_unit_and_an_unknown_parameter_stop_before_anything_runs(made, capsys):
    base = ["regenerate", str(made[0]), "--outputs", str(made[1])]
    before = hashes(made[1])
    assert main([*base, "--only", "1l"]) == 1
    assert "本轮的单位代码" in capsys.readouterr().err
    assert main([*base, "-p", "unitt=11"]) == 1
    assert "unitt" in capsys.readouterr().err
    assert hashes(made[1]) == before


def test_a_mark_a_veto_and_an_added_place_move_the_list_and_keep_the_reasons(copy):
    session = RoundSession.open(*copy)
    before = session.current_state().decision.shortlist
    people = before[before["kind"] == "individual"]
    first = people[people["place"] == 1]["case"].iloc[0]
    reserve = (
        people[people["status"] == "reserve"]
        .sort_values("rank" if "rank" in people else "place")["case"]
        .iloc[0]
    )
    session.record(
        CaseVetoed(case=first, clause="二", document="纪检函1号", by=("测试甲", "测试乙")),
        actor="秘书",
    )
    after = session.current_state().decision.shortlist.set_index("case")
    assert after.loc[first, "status"] == "vetoed" and "纪检函1号" in after.loc[first, "reason"]
    assert (after["status"] == "listed").sum() == 70 and after.loc[reserve, "status"] == "listed"
    spare = after[(after["kind"] == "individual") & (after["status"] == "reserve")].index[0]
    session.record(SeatAdded(case=spare, resolution="决议3号", reason="会议决定"), actor="秘书")
    final = session.current_state().decision.shortlist.set_index("case")
    assert final.loc[spare, "status"] == "added" and (final["status"] == "listed").sum() == 70


def test_rules_cannot_be_frozen_anew_once_marks_are_in(copy):
    path = copy[0] / "rubric.toml"
    path.write_text(path.read_text("utf-8") + "\n# 改动\n", "utf-8")
    session = RoundSession.open(*copy)
    assert any(isinstance(event.body, ScoreGiven) for event in session.ledger.events())
    with pytest.raises(Exception, match=r"rubric\.toml"):
        freeze_rules(session)


def test_rules_frozen_anew_before_any_mark_give_a_new_assignment_that_can_be_verified(
    received_copy, tmp_path
):
    copy = received_copy(tmp_path, units=6)[:2]
    session = RoundSession.open(*copy)
    commands.assign(session, silent)
    path = copy[0] / "rubric.toml"
    path.write_text(path.read_text("utf-8") + "\n# 改动\n", "utf-8")
    shutil.rmtree(copy[0] / "inbox")  # derived from what was read of the mail
    session = RoundSession.open(*copy)
    assert commands.assign(session, silent).made and not commands.assign(session, silent).made
    assert "评阅分派" in commands.verify(session, silent).notes[0]


def test_a_rehearsal_never_overwrites_a_folder(made, capsys):
    assert main(["rehearse", str(made[0])]) == 1
    assert "已有内容" in capsys.readouterr().err


def test_a_rehearsal_in_the_place_of_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["rehearse", str(tmp_path / "file")]) == 1
    assert "已有内容" in capsys.readouterr().err


LIMITS = """
[[limit]]
clause = "会议决定"
title = "女性不少于12名"
kind = "individual"
attribute = "sex"
values = ["女"]
least = 12

[[limit]]
clause = "会议决定"
title = "全国学会不多于8名"
kind = "individual"
attribute = "class"
values = ["society"]
most = 8
"""


@pytest.fixture
def limited(copy):
    """A scored round that goes by the mean under a floor and a cap; command words for it."""
    notice = copy[0] / "notice.toml"
    text = re.sub(
        r'(ruling.method\][^[]*value = )"adjusted"', r'\1"mean"', notice.read_text("utf-8")
    )
    notice.write_text(text + LIMITS, "utf-8")
    words = [str(copy[0]), "--outputs", str(copy[1])]
    reason = ["--resolution", "决议1号", "--reason", "增设限制", "--by", "甲", "--by", "乙"]
    assert main(["amend", *words, *reason]) == 0
    return words


def test_the_list_under_limits_that_cross_by_the_mean_comes_to_an_end(limited):
    done = run_command("shortlist", *limited, timeout=240)
    assert done.returncode == 0 and "先进个人50名" in done.stdout, done
    session = RoundSession.open(*map(Path, limited[::2]))
    state = session.current_state()
    listed = state.decision.shortlist[state.decision.shortlist["status"] == "listed"]
    people = [
        state.screening.case_by_id[case] for case in listed[listed["kind"] == "individual"]["case"]
    ]
    assert sum(one.nominee.gender == "女" for one in people) >= 12
    assert sum(state.round.unit_by_code[one.unit].quota == "society" for one in people) <= 8


def test_what_could_not_be_proved_is_said_and_such_a_list_is_neither_published_nor_verified(
    limited, monkeypatch, capsys
):
    monkeypatch.setattr(sensitivity, "QUESTIONS_WORK", 0.0)
    assert main(["shortlist", *limited]) == 0
    session = RoundSession.open(*map(Path, limited[::2]))
    rows = openpyxl.load_workbook(session.outputs / "shortlist.xlsx")["名单依据"].iter_rows(
        values_only=True
    )
    text = "\n".join(str(cell) for row in rows for cell in row if cell)
    assert re.search("有[1-9][0-9]*项推算未能在限定的计算量内算出名单，表中逐项注明", text)
    assert "按宽严校正分、平均分" in text and "则未能在限定的计算量内算出名单" in text
    assert "其余任何一人" not in text and "其余方法结果相同" not in text
    shutil.rmtree(session.outputs / ".kjfp-steps")  # a limit of time is no input of the list
    shutil.rmtree(session.round.inbox)  # derived from what was read of the mail
    papers = hashes(session.outputs)
    monkeypatch.setattr(cp_solver, "WALL_SECONDS", 0.0)
    capsys.readouterr()
    for command, said in (
        ("shortlist", "还没有名单"),
        ("verify", "名单因此未能核验，并非查出不符"),
    ):
        assert main([command, *limited]) == 1
        told = capsys.readouterr().err
        assert said in told and "仍未查明" in told and "合并或删减互相交叉的限制" in told
    assert hashes(session.outputs) == papers
    assert any("仍未查明" in problem for problem in session.current_state().decision.problems)
    assert not (session.current_state().decision.shortlist["kind"] == "individual").any()


def run_command(*words, timeout):
    """Run the command in a process of its own, which is ended after so many seconds."""
    code = "import sys; from kjfp_helpers.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *words], timeout=timeout, text=True, capture_output=True
    )
