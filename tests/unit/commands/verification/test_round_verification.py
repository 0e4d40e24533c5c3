"""``kjfp verify`` on another machine: without its tools, its files or leave to write."""

import os
import shutil
import stat

import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.core.events import OutputsRecorded
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports.output_record import program_versions
from kjfp_helpers.state import RoundSession
from support.forms.sample_files import TEAM, form
from support.rounds.checked_round import at, make_checked_round
from support.rounds.finished_round import alter_cell

pytestmark = pytest.mark.slow


@pytest.fixture
def verify(capsys, monkeypatch):
    """Run the command, where asked with another search path; return its code and its words."""

    def run(root, *more, path=None):
        if path:
            monkeypatch.setenv("PATH", str(path))
        capsys.readouterr()
        code = main(["verify", *at(root), *more])
        monkeypatch.undo()
        text = "".join(capsys.readouterr())
        assert "程序出错" not in text, text
        return code, text

    return run


def fake_soffice(folder, script):
    folder.mkdir()
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.mark.libreoffice
def test_without_the_office_program_of_intake_the_file_is_told_as_not_checked(
    converted, soffice, tmp_path, verify
):
    doc = (converted / "team.doc").read_bytes()
    root = make_checked_round(tmp_path / "轮", {"表.doc": doc, "图.docx": form(TEAM)})
    assert verify(root)[0] == 0
    received = root / "data" / "practice" / "received"
    (tmp_path / "none").mkdir()
    code, text = verify(root, path=tmp_path / "none")
    assert code == 3 and "✗" not in text and "不符 0" in text
    assert "号的读取值：收件时 LibreOffice " in text and "本机没有安装" in text
    shutil.move(received / "intake.json", tmp_path)
    code, text = verify(root, path=tmp_path / "none")
    assert code == 3 and "✗" not in text
    assert "其中的文件须用 LibreOffice 读取，本机没有安装" in text
    shutil.move(tmp_path / "intake.json", received)
    other = f'case "$*" in *--version*) echo "LibreOffice 99.9";; *) exec {soffice} "$@";; esac'
    path = fake_soffice(tmp_path / "other", other)
    assert verify(root, path=f"{path}:{os.environ['PATH']}")[0] == 0
    broken = fake_soffice(tmp_path / "broken", f'case "$*" in *--version*) {soffice} "$@";; esac')
    code, text = verify(root, path=f"{broken}:{os.environ['PATH']}")
    assert code == 3 and "没能转换其中的文件" in text
    stored = received / "intake.json"
    stored.write_text(stored.read_text("utf-8").replace("表.doc", "表.dox"), "utf-8")
    code, text = verify(root, path=tmp_path / "none")
    assert code == 1 and "intake.json 有改动" in text


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    return make_checked_round(tmp_path_factory.mktemp("checked"), {"表.docx": form(TEAM)})


@pytest.fixture
def root(checked, tmp_path):
    shutil.copytree(checked, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_message_that_came_after_intake_is_no_difference(root, verify):
    inbox = root / "data" / "practice" / "inbox"
    (inbox / "新.docx").write_bytes(form(TEAM | {"team_name": "另一团队"}))
    code, text = verify(root)
    assert code == 3 and "inbox 中另有1封未收件登记" in text
    (inbox / "新.docx").unlink()
    shutil.copy(inbox / "表.docx", inbox / "乙.docx")
    code, text = verify(root)
    assert code == 3 and "inbox 中另有相同的副本（乙.docx）" in text
    (inbox / "表.docx").unlink()
    code, text = verify(root)
    assert code == 1 and "原件不见了" in text


def test_a_folder_with_rules_and_ledger_alone_tells_what_could_not_be_checked(root, verify):
    shutil.rmtree(root / "data" / "practice" / "inbox")
    code, text = verify(root)
    assert code == 3 and "inbox 文件夹不在这里" in text and "由收件时的读取值" in text
    shutil.rmtree(root / "outputs")
    shutil.rmtree(root / "data" / "practice" / "received")
    code, text = verify(root)
    assert code == 3 and "请连同 inbox 文件夹核对" in text and "文件没有核对" in text
    assert not (root / "outputs").exists()
    (root / "data" / "practice" / "rubric.toml").unlink()
    code, text = verify(root)
    assert code == 1 and "rubric.toml" in text and "从备份恢复本轮次的此文件" in text


def test_a_printed_head_is_held_against_a_ledger_on_media_that_cannot_be_written(root, verify):
    session = RoundSession.open(root / "data" / "practice", root / "outputs", readonly=True)
    seq, digits = session.ledger.head()
    session.close()
    for place in (root / "data", root / "outputs"):
        for path in (place, *place.rglob("*")):
            path.chmod(path.stat().st_mode & ~0o222)
    before = sorted(path.name for path in root.rglob("*"))
    code, text = verify(root, "--head", f"{seq}:{digits[:8]}")
    assert code == 0 and "文件上的编号和校验值1个" in text
    code, text = verify(root, "--head", f"{seq}:{digits[:7]}{'0' if digits[7] != '0' else '1'}")
    assert code == 1 and f"台账第{seq}条" in text and "不是同一份台账" in text
    code, text = verify(root, "--head", f"{seq + 5}:abcd")
    assert code == 1 and "较早的备份" in text
    assert before == sorted(path.name for path in root.rglob("*"))


def record_register(root, **program_versions):
    """Record an altered register as made by these versions."""
    path = root / "outputs" / "register.xlsx"
    session = RoundSession.open(root / "data" / "practice", root / "outputs")
    papers, state = {"register.xlsx": sha256_file(path)}, session.ledger.head()[0]
    session.record(
        OutputsRecorded(command="intake", papers=papers, made_with=program_versions, state=state)
    )
    session.close()


def test_a_paper_of_another_version_of_the_program_is_told_as_not_checked(root, verify):
    path = root / "outputs" / "register.xlsx"
    alter_cell(path)
    record_register(root, **{**program_versions(), "code": "0" * 16})
    code, text = verify(root)
    assert code == 3 and "✗" not in text
    assert "未核对：register.xlsx：与生成时相同，但程序版本不同（本程序 当时0000" in text
    alter_cell(path)
    code, text = verify(root)
    assert code == 1 and "请用原版本复核" in text
    record_register(root, **program_versions())  # a record alone makes no paper right
    code, text = verify(root)
    assert code == 1 and "register.xlsx：内容与按台账复算的不符" in text
