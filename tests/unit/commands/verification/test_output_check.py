"""``kjfp verify`` holds papers against the ledger: it accuses nobody wrongly, passes nothing."""

import shutil
import zipfile
from dataclasses import replace

import pytest

from kjfp_helpers import commands
from kjfp_helpers.cli import main
from kjfp_helpers.commands import shortlist_event
from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import GateWaived
from kjfp_helpers.state.revocations import make_revocation
from support.rounds import finished_round as papers
from support.rounds.finished_round import LATE, at
from support.rounds.packet_files import silent

pytestmark = pytest.mark.slow

ALTERED = {
    "shortlist.xlsx": papers.alter_number,
    "register.xlsx": papers.alter_format,
    "findings.xlsx": papers.alter_cell,
    "publication.docx": papers.alter_word,
    "publication.xlsx": papers.alter_cell,
    "shortlist.html": papers.alter_page,
    "letters/11-收讫回执.docx": papers.alter_word,
    "reports/unit/11.html": papers.alter_page,
    "reports/index.html": papers.alter_page,
    "reports/data/unit/11.json": papers.alter_data,
    "exhibition/index.html": papers.alter_page,
}


@pytest.fixture
def root(finished, tmp_path):
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def read_before(root):
    """The round without its originals: all is derived from what was read of them."""
    shutil.rmtree(root / "rehearsal" / "inbox")
    return root


def told(capsys):
    """Return what a command printed, and hold that it was no fault of the program."""
    out, err = capsys.readouterr()
    assert "程序出错" not in err and "Traceback" not in err, err
    return out + err


def line_of(text, name):
    return next(line for line in text.splitlines() if "✗" in line and name in line)


def test_every_altered_paper_is_named_with_what_to_do(read_before, capsys):
    root = read_before
    for name, alter in ALTERED.items():
        alter(root / "outputs" / name)
    photo = next((root / "outputs" / "exhibition").glob("*/*.jpg"))
    papers.alter_photo(photo)
    assert main(["verify", *at(root)]) == 1
    text = told(capsys)
    for name in (*ALTERED, photo.relative_to(root / "outputs").as_posix()):
        line = line_of(text, name)
        assert "不符" in line and "请以原件为准" in line, line
    for name in ("shortlist.xlsx", "register.xlsx", "publication.docx"):
        assert "应为“" in line_of(text, name) and "现为“" in line_of(text, name)
    assert f"不符 {len(ALTERED) + 1}" in text


def test_the_round_holds_with_its_notice_and_with_the_notice_withdrawn(root, capsys):
    outputs = root / "outputs"
    assert main(["verify", *at(root)]) == 0
    before = (outputs / "publication.docx").read_bytes()
    session = papers.open_session(root)
    waived = next(e for e in session.ledger.events() if isinstance(e.body, GateWaived))
    session.record(
        make_revocation(
            session.ledger.events(),
            waived.seq,
            reason="不再放行",
            document="纪要2号",
            by=("测试甲", "测试乙"),
        )
    )
    session.close()
    capsys.readouterr()
    shutil.rmtree(root / "rehearsal" / "inbox")  # from here on derived from what was read of it
    assert main(["verify", *at(root)]) == 1
    assert "生成以后名单成了草案（草案，不得公布：评委封存0/15）" in told(capsys)
    assert main(["shortlist", *at(root)]) == 0
    text = told(capsys)
    assert "草案，不得公布：评委封存0/15" in text and "公示件未生成" in text
    (kept,) = (outputs / "withdrawn").glob("publication-*.docx")
    assert kept.read_bytes() == before and f"withdrawn/{kept.name}" in text
    assert not list(outputs.glob("publication.*"))
    assert main(["verify", *at(root)]) == 3
    assert "不符 0" in told(capsys)
    assert main(["verify", str(root / "rehearsal"), str(kept), *at(root)[1:]]) in (0, 3)
    assert "是早先的文件" in told(capsys)


def test_papers_saved_again_are_the_same_and_what_is_lost_or_strange_is_told(read_before, capsys):
    root, outputs = read_before, read_before / "outputs"
    letter, gone = outputs / "letters/11-收讫回执.docx", outputs / "letters/12-收讫回执.docx"
    for name in (
        "shortlist.xlsx",
        "findings.xlsx",
        "register.xlsx",
        "publication.docx",
        "publication.xlsx",
        "shortlist.html",
        "reports/unit/11.html",
        "reports/data/unit/11.json",
        "exhibition/manifest.txt",
    ):
        papers.save_again(outputs / name)
    papers.save_again(letter)
    gone.unlink()
    shutil.copy(root / "earlier" / f"{LATE}-催报通知.docx", outputs / "letters")
    shutil.copy(outputs / "publication.xlsx", outputs / "公示表.xlsx")
    assert main(["verify", *at(root)]) == 3
    text = told(capsys)
    assert "✗" not in text and "不符 0" in text
    for name in ("shortlist.xlsx", "publication.docx", "letters/11-收讫回执.docx"):
        assert f"{name}：内容与台账一致，文件经另存" in text
    assert "文件1份（letters/12-收讫回执.docx）" in text
    assert f"未核对：letters/{LATE}-催报通知.docx：是台账第" in text and "不是现行文件" in text
    assert "未核对：公示表.xlsx：台账没有记载" in text


def test_a_paper_in_hand_is_known_whatever_its_name_and_its_place(root, capsys):
    outputs, hand = root / "outputs", root / "手中"
    hand.mkdir()
    known = {
        "终稿.xlsx": ("shortlist.xlsx", None),
        "另存.xlsx": ("publication.xlsx", papers.save_again),
        "11-收讫回执.docx": ("letters/11-收讫回执.docx", papers.save_again),
        "评委表.xlsx": ("packets/M01.xlsx", papers.save_again),
        "报告.html": ("reports/unit/11.html", papers.save_again),
        "照片.jpg": (next((outputs / "exhibition").glob("*/*.jpg")), None),
    }
    for name, (source, change) in known.items():
        shutil.copy(outputs / source, hand / name)
        if change:
            change(hand / name)
    files = [*(hand / name for name in known), *sorted((root / "earlier").iterdir())]
    assert main(["verify", *at(root)[:1], *map(str, files), *at(root)[1:]]) == 0
    text = told(capsys)
    assert "终稿.xlsx：与台账第" in text and "所记 shortlist.xlsx 相同" in text
    assert "另存.xlsx：内容与 publication.xlsx 一致" in text
    assert "11-收讫回执.docx：内容与台账一致，文件经另存" in text
    assert "评委表.xlsx：是评委 M01 的评分表，固定内容没有改动" in text
    assert "照片.jpg：与展览文件 exhibition/" in text
    assert f"{LATE}-催报通知.docx：与台账第" in text and "此后已不再需要" in text
    assert "所记 findings.xlsx 相同" in text and "此后另有新版" in text


@pytest.mark.parametrize("step", ["eligible", "marks", "ranking", "ballots"])
def test_list_recorded_otherwise_than_derived_names_the_step(read_before, step):
    session = papers.open_session(read_before)
    kept = shortlist_event.shortlist_event(session.current_state())
    session.record(replace(kept, steps={**kept.steps, step: "0" * 64}))
    with pytest.raises(DifferenceError, match=shortlist_event.LIST_STEP_TITLES[step]):
        commands.verify(session, silent)


def test_list_recorded_with_another_name_is_told(read_before):
    session = papers.open_session(read_before)
    kept = shortlist_event.shortlist_event(session.current_state())
    session.record(replace(kept, team=kept.team[1:]))
    with pytest.raises(DifferenceError, match=kept.team[0]):
        commands.verify(session, silent)


def hostile(hand):
    """Write files that are no papers; return them."""
    with zipfile.ZipFile(hand / "shortlist.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/workbook.xml", "<workbook/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b"<c>" * 60_000_000)
    with (hand / "register.xlsx").open("wb") as large:
        large.truncate(100_000_000)
    (hand / "publication.docx").write_bytes(b"PK\3\4" + bytes(2000))
    (hand / "名单.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    (hand / "空.xlsx").write_bytes(b"")
    (hand / "别轮.docx").write_bytes(b"PK\5\6" + bytes(18))
    (hand / "网页.html").write_bytes(b"\xff<title>\0")
    (hand / "文件夹").mkdir()
    return sorted(hand.iterdir())


def test_an_altered_or_hostile_paper_in_hand_is_told_without_a_traceback(read_before, capsys):
    root, outputs, hand = read_before, read_before / "outputs", read_before / "手中"
    hand.mkdir()
    files = [*hostile(hand), hand / "没有.docx"]
    altered = {
        "改.xlsx": ("publication.xlsx", papers.alter_cell),
        "填.xlsx": ("packets/M01.xlsx", papers.alter_mark),
        "固.xlsx": ("packets/M01.xlsx", papers.alter_fixed),
        "图.xlsx": ("shortlist.xlsx", papers.alter_figure),
        "11.html": ("reports/unit/11.html", papers.alter_page),
    }
    for name, (source, alter) in altered.items():
        shutil.copy(outputs / source, hand / name)
        alter(hand / name)
        files.append(hand / name)
    assert main(["verify", *at(root)[:1], *map(str, files), *at(root)[1:]]) == 1
    text = told(capsys)
    for path in files:
        assert line_of(text, path.name), path.name
    assert "像是 publication.xlsx 的改动件" in line_of(text, "改.xlsx")
    assert "图片" in line_of(text, "图.xlsx")
    assert "与台账所记的评分不同" in line_of(text, "填.xlsx")
    assert f"不符 {len(files)}" in text
