"""Bad input from the command line: a sentence in Chinese, exit code 1, nothing lost or half-made."""

import json
import os
import shutil
import sqlite3
import sys

import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.core.events import MailReceived, RulesFrozen, SamplingFrameFrozen
from kjfp_helpers.rules import RULE_FILES
from kjfp_helpers.state import RoundSession
from support.forms.sample_files import PERSON, archive, form, letter


@pytest.fixture
def place(rules_folder, tmp_path):
    """A round of two messages that nobody has opened yet, and where its papers go."""
    folder = tmp_path / "2021"
    (folder / "inbox").mkdir(parents=True)
    for name in RULE_FILES:
        shutil.copy(rules_folder / name, folder / name)
    add(folder, "a.eml", {"附件2.docx": form(PERSON)})
    add(folder, "b.eml", {"b.txt": b"b"}, number=2)
    return folder, tmp_path / "out"


def add(folder, name, files, **facts):
    (folder / "inbox" / name).write_bytes(letter(files, **facts))


@pytest.fixture
def kjfp(place, capsys):
    """Run a command on the round; return its exit code and all it said."""

    def run(command, *more):
        code = main([command, str(place[0]), "--outputs", str(place[1]), *more])
        said = capsys.readouterr()
        words = said.out + said.err
        assert "程序出错" not in words and "Traceback" not in words
        return code, words

    return run


def numbers(place):
    events = RoundSession.open(*place).ledger.events()
    received = [event.body for event in events if isinstance(event.body, MailReceived)]
    return {body.path: body.number for body in received}


STEPS = ("check", "assign", "shortlist", "regenerate", "exhibit")


@pytest.mark.parametrize("command", [*STEPS, "verify", "lab", "packet export", "backup"])
def test_a_round_without_ledger_is_told_and_nothing_is_left_behind(
    place, tmp_path, capsys, command
):
    before = sorted(tmp_path.rglob("*"))
    more = [str(tmp_path / "b.db")] if command == "backup" else ["--outputs", str(place[1])]
    assert main([*command.split(), str(place[0]), *more]) == 1
    assert "先运行 kjfp intake 2021" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_every_step_before_intake_says_so_and_decides_nothing(place, kjfp):
    assert kjfp("forms")[0] == 0
    for command in STEPS:
        code, words = kjfp(command)
        assert code == 1 and "先运行 kjfp intake" in words, command
    events = RoundSession.open(*place).ledger.events()
    assert not any(isinstance(event.body, SamplingFrameFrozen | RulesFrozen) for event in events)
    code, words = kjfp("verify")
    assert code == 1 and "一封也没有" in words


def test_receipt_numbers_never_move(place, kjfp):
    assert kjfp("intake")[0] == 0
    before = numbers(place)
    add(place[0], "0-earlier.eml", {"c.txt": b"c"}, number=3, sent="Mon, 1 Jun 2020 09:00:00 +0800")
    assert kjfp("intake")[0] == 0 and kjfp("intake")[0] == 0
    assert numbers(place) == before | {"inbox/0-earlier.eml": 3}


def test_an_original_that_is_gone_is_told_and_the_rest_is_read(place, kjfp):
    kjfp("intake")
    (place[0] / "inbox/b.eml").unlink()
    code, words = kjfp("intake")
    assert code == 1 and "第2号" in words and "读出材料1件" in words
    assert kjfp("verify")[0] == 1


@pytest.mark.parametrize("spoil", ["delete", "empty", "text", "folder", "time"])
def test_a_ledger_that_is_gone_or_broken_stops_every_step(place, kjfp, spoil):
    kjfp("intake")
    ledger = place[0] / "review.db"
    if spoil == "time":
        with sqlite3.connect(ledger) as base:
            base.execute("DROP TRIGGER events_keep_UPDATE")
            base.execute("UPDATE events SET at = 'yesterday'")
    else:
        for path in place[0].glob("review.db*"):
            path.unlink()
    if spoil == "folder":
        ledger.mkdir()
    elif spoil in ("empty", "text"):
        ledger.write_text("" if spoil == "empty" else "no database " * 99)
    before = (place[0] / "received" / "intake.json").read_bytes()
    for command in ("intake", "check", "verify"):
        code, words = kjfp(command)
        assert code == 1 and "台账" in words
        assert "备份" in words or spoil == "folder" or command == "verify"
    assert (place[0] / "received" / "intake.json").read_bytes() == before


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://me:geheim@host/base",
        "postgresql+psycopg://me:geheim@127.0.0.1:port/base",
        "postgresql+psycopg://me:geheim@127.0.0.1:9/base",
    ],
)
def test_a_wrong_database_address_is_told_without_its_password(kjfp, monkeypatch, url):
    monkeypatch.setenv("KJFP_DATABASE_URL", url)
    code, words = kjfp("intake")
    assert code == 1 and "KJFP_DATABASE_URL" in words and "geheim" not in words


def test_an_output_folder_that_is_not_this_rounds_is_left_alone(place, kjfp, tmp_path):
    letters = place[1] / "letters"
    letters.mkdir(parents=True)
    (letters / "mine.docx").write_text("mine")
    code, words = kjfp("intake")
    assert code == 1 and "已有别的文件" in words and (letters / "mine.docx").exists()
    shutil.rmtree(place[1])
    assert kjfp("intake")[0] == 0
    other = tmp_path / "2022"
    shutil.copytree(place[0], other, ignore=shutil.ignore_patterns("review.db*"))
    before = (place[0] / "received" / "intake.json").read_bytes()
    assert main(["intake", str(other), "--outputs", str(place[1])]) == 1
    assert (place[0] / "received" / "intake.json").read_bytes() == before


def test_papers_are_never_written_into_the_inbox(place, capsys):
    assert main(["intake", str(place[0]), "--outputs", str(place[0] / "inbox/out")]) == 1
    assert "收件文件夹之内" in capsys.readouterr().err
    assert not (place[0] / "inbox/out").exists()


def test_a_link_out_of_the_inbox_is_refused_by_name(place, kjfp):
    os.symlink("/etc/hostname", place[0] / "inbox/link.eml")
    code, words = kjfp("intake")
    assert code == 1 and "inbox/link.eml" in words and "链接" in words


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes no such names")
def test_names_that_are_no_text_are_read_and_found_again(place, kjfp):
    bad = os.fsencode(place[0] / "inbox") + b"/\xff\n\x1b[31m.eml"
    with open(bad, "wb") as file:
        file.write(letter({"c.txt": b"c"}, number=3))
    assert kjfp("intake")[0] == 0
    code, words = kjfp("verify")
    assert code == 0 and "\x1b" not in words
    assert "inbox/\\udcff\\n\\x1b[31m.eml" in numbers(place)


def test_one_hostile_letter_does_not_keep_the_others_out(place, kjfp):
    add(place[0], "bomb.eml", {"a.zip": archive({"a": b"0" * 30_000_000})}, number=4)
    add(place[0], "path.eml", {"../../x": b"1", "x" * 300 + ".docx": b"2", "..": b"3"}, number=5)
    (place[0] / "inbox/zero.eml").write_bytes(b"")
    (place[0] / "inbox/notes.txt").write_text("手交")
    assert kjfp("intake")[0] == 0
    read = json.loads((place[0] / "received" / "intake.json").read_text("utf-8"))
    assert len(read["mails"]) == 6 and len(read["records"]) == 1
    codes = {finding["code"] for mail in read["mails"] for finding in mail["findings"]}
    assert {"bomb", "empty"} <= codes
    assert not any(path.name == "x" for path in place[1].parent.rglob("x"))


def test_an_intake_result_that_is_torn_is_made_again(place, kjfp):
    kjfp("intake")
    whole = (place[0] / "received" / "intake.json").read_bytes()
    (place[0] / "received" / "intake.json").write_bytes(whole[:100])
    code, words = kjfp("check")
    assert code == 1 and "重新运行 kjfp intake" in words
    assert kjfp("intake")[0] == 0 and (place[0] / "received" / "intake.json").read_bytes() == whole


@pytest.mark.parametrize("more", [["--jobs", "0"], ["--jobs", "-1"], ["-p", "nonsense"]])
def test_a_number_or_a_parameter_that_cannot_be_is_answered(kjfp, capsys, more):
    with pytest.raises(SystemExit) as stop:
        kjfp("regenerate", *more)
    assert stop.value.code == 2 and more[0] in capsys.readouterr().err


@pytest.mark.parametrize(("units", "code"), [("0", 2), ("-5", 2), ("2401", 1)])
def test_a_rehearsal_of_impossible_size_leaves_nothing(tmp_path, capsys, units, code):
    try:
        got = main(["rehearse", str(tmp_path / "r"), "--units", units])
    except SystemExit as stop:
        got = stop.code
    assert got == code and "--units" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_a_rehearsal_onto_a_file_is_told(tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    for target, told in ((tmp_path / "file", "已有内容"), (tmp_path / "file" / "r", "不是文件夹")):
        assert main(["rehearse", str(target)]) == 1
        assert told in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


def test_one_original_that_is_gone_fails_the_run_and_the_rest_is_still_done(tmp_path, capsys):
    folder, out = tmp_path / "rehearsal", tmp_path / "out"
    assert main(["rehearse", str(folder), "--units", "2"]) == 0
    base = [str(folder), "--outputs", str(out)]
    assert main(["intake", *base]) == 0
    next((folder / "inbox").glob("*recommendation.eml")).unlink()
    assert main(["run", *base]) == 1
    said = capsys.readouterr()
    assert "inbox 中没有原件" in said.out and "其余步骤未运行" not in said.err
    assert (out / "findings.xlsx").exists() and (out / "exhibition/index.html").exists()
