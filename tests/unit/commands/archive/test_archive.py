"""An archive stands by itself: open formats, identities apart, verified alone and read-only."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from html import unescape

import pytest

from kjfp_helpers import commands
from kjfp_helpers.cli.main import main
from kjfp_helpers.commands.archive import archive_making
from kjfp_helpers.commands.archive.archive_check import verify_archive
from kjfp_helpers.commands.archive.archive_layout import read_info
from kjfp_helpers.commands.archive.archive_making import make_archive
from kjfp_helpers.commands.next_year.next_round import copy_round
from kjfp_helpers.commands.publication.commendation_issue import issue_decision
from kjfp_helpers.commands.publication.notice_publication import publish_notice
from kjfp_helpers.core.errors import DifferenceError, NotReadyError, OutputError
from kjfp_helpers.core.events import ArchiveMade, FieldCorrected
from kjfp_helpers.rules import load_round
from kjfp_helpers.state.originals_comparison.paper_originals import make_original_check
from support.archive_inspector import inspect
from support.rounds.finished_round import waive_gates
from support.rounds.panel_round import PHONE, open_round
from support.state.recorded_scores import score

pytestmark = pytest.mark.slow


def silent(done, total):
    pass


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A small round from the scores to the decision, one original checked."""
    session = open_round(tmp_path_factory.mktemp("archive"))
    score(session)
    waive_gates(session)
    with pytest.raises(NotReadyError, match="表扬决定"):
        copy_round(session, session.round.folder.with_name("2021"))
    commands.shortlist(session, silent)
    publish_notice(session, silent, day=date(2020, 11, 2))
    issue_decision(session, silent, day=date(2020, 12, 1), number="演练发〔2020〕9号")
    state = session.current_state()
    case = state.screening.cases[0].id
    session.record(make_original_check(state, case, pages=7, difference="缺第三页"))
    yield session
    session.close()


@pytest.fixture(scope="module")
def archive(session, tmp_path_factory):
    target = tmp_path_factory.mktemp("kept") / "档案"
    make_archive(session, silent, target=target, prints=False)
    return target


def copied(archive, tmp_path):
    for path in archive.rglob("*"):
        if path.is_file():
            target = tmp_path / "copy" / path.relative_to(archive)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return tmp_path / "copy"


def test_an_inspectors_own_program_derives_chain_scores_ranking_and_lists(session, archive):
    found = inspect(archive)
    events = session.ledger.events()
    assert found["head"] == (events[-2].seq, events[-2].hash), "all but that it was archived"
    assert isinstance(events[-1].body, ArchiveMade)
    means = [(case, round(mean, 6)) for (_, case), mean in found["ranking"]]
    tables = [ranking.table for ranking in session.current_state().scores.rankings.values()]
    derived = {row.case: round(row.mean, 6) for one in tables for row in one.itertuples()}
    assert dict(means) == derived
    assert len(found["versions"]) == 1
    listed = set(session.current_state().decision.listed["case"])
    assert set(found["versions"][0]) == listed


def test_the_lines_on_the_archives_page_run_as_they_stand(archive):
    page = (archive / "说明.html").read_text("utf-8")
    script = next(part for part in page.split("<pre>") if part.startswith("import csv"))
    script = unescape(script.partition("</pre>")[0])
    assert len(script.strip().splitlines()) <= 21
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", script],
        cwd=archive,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "各份评分与台账相符" in done.stdout, done.stderr
    assert read_info(archive).head in done.stdout and read_info(archive).head in page


def test_numbers_stand_in_the_vault_alone_and_elsewhere_by_a_word(archive):
    vault = zipfile.ZipFile(archive.with_name(read_info(archive).vault))
    rows = list(csv.DictReader(io.StringIO(vault.read("identities.csv").decode("utf-8-sig"))))
    numbers = {row["value"] for row in rows if len(row["value"]) > 6} | {PHONE}
    words = {row["word"] for row in rows}
    assert numbers and len(words) == len({row["value"] for row in rows})
    texts = b"".join(path.read_bytes() for path in archive.rglob("*") if path.is_file())
    for path in archive.rglob("*.*x"):
        if zipfile.is_zipfile(path):
            texts += b"".join(map(zipfile.ZipFile(path).read, zipfile.ZipFile(path).namelist()))
    assert not {number for number in numbers if number.encode() in texts}
    assert any(word.encode() in texts for word in words)
    assert os.stat(vault.filename).st_mode & 0o077 == 0


def test_the_index_names_every_piece_with_its_term_and_the_pages_of_originals(archive):
    text = (archive / "归档文件目录.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["件号"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert all(row["题名"] and row["责任者"] and row["日期"] for row in rows)
    assert not [row["题名"] for row in rows if re.search(r"：[a-z]", row["题名"])]
    terms = {row["保管期限"] for row in rows}
    assert terms == {"永久", "30年"}
    assert any(row["页数"] == "7" and "缺第三页" in row["备注"] for row in rows)
    assert any("表扬决定（第1版，演练发〔2020〕9号）" in row["题名"] for row in rows)


def test_the_same_round_gives_the_same_archive_and_nothing_is_written_over(
    session, archive, tmp_path
):
    with pytest.raises(OutputError, match="另取名称"):
        make_archive(session, silent, target=archive, prints=False)
    with pytest.raises(OutputError, match="以外的位置"):
        make_archive(session, silent, target=session.outputs / "归档.zip", prints=False)
    again = tmp_path / "档案"
    make_archive(session, silent, target=again, prints=False)
    for name in ("records/scores.csv", "records/forms.json", "records/shortlist.json"):
        assert (again / name).read_bytes() == (archive / name).read_bytes(), name
    name = "归档文件目录.csv"
    old, new = ((one / name).read_text("utf-8").splitlines() for one in (archive, again))
    assert [(one, other) for one, other in zip(old, new, strict=True) if one != other] == [
        (old[2], new[2])
    ], "only the ledger is longer: it says that the round was archived"


def test_verify_needs_nothing_but_the_archive_and_writes_nothing(archive, tmp_path, capsys):
    copy = copied(archive, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    for path in (*copy.rglob("*"), copy):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert main(["verify", str(copy)]) == 3, "without the vault something stays unverified"
    told = capsys.readouterr().out
    assert "档案一致" in told and "身份信息卷不在这里" in told
    vault = archive.with_name(read_info(archive).vault)
    result = verify_archive(copy, silent, vault=vault)
    assert result.failed == () and any("复算一致" in line for line in result.notes)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


DAMAGES = (
    ("ledger/events.jsonl", lambda text: text.replace("MarkGiven", "MarkTaken", 1), "台账第"),
    ("ledger/events.jsonl", lambda text: text.rpartition("\n[")[0] + "\n", "台账末条"),
    ("records/scores.csv", lambda text: text[:-40] + "\n", "scores.csv 第"),
    ("records/scores.csv", lambda text: re.sub(r",\d+\.\d+,", ",99.5,", text, count=1), "总分"),
    ("records/shortlist.csv", lambda text: text.replace("listed,", "reserve,", 1), "名单"),
    ("notices", None, "notices/1/公示.html：与台账所记"),
)


@pytest.mark.parametrize(("name", "damage", "told"), DAMAGES, ids=lambda value: str(value)[:12])
def test_what_was_altered_is_named_even_where_the_manifest_was_made_to_fit(
    archive, tmp_path, name, damage, told
):
    copy = copied(archive, tmp_path)
    if damage is None:
        path = copy / "papers/notices/1/公示.html"
        path.write_bytes(path.read_bytes() + b" ")
        assert any(told in line for line in verify_archive(copy, silent).failed)
        return
    text = (copy / name).read_text("utf-8-sig")
    (copy / name).write_text(damage(text), "utf-8")
    with pytest.raises(DifferenceError, match=told):
        verify_archive(copy, silent)


@pytest.mark.parametrize("name", ["scores.csv", "shortlist.csv", "cases.json", "members.csv"])
def test_a_table_that_is_gone_is_told_even_where_the_manifest_was_made_to_fit(
    archive, tmp_path, name
):
    copy = copied(archive, tmp_path)
    (copy / "records" / name).unlink()
    lines = (copy / "manifest.sha256").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.endswith(f"records/{name}\n")]
    (copy / "manifest.sha256").write_text("".join(kept), "utf-8")
    try:
        told = verify_archive(copy, silent).failed
    except DifferenceError as error:
        told = (str(error),)
    assert len(told) == 1 and name.partition(".")[0] in told[0] and "没有" in told[0]


def test_a_number_altered_in_one_format_of_a_table_only_is_told(archive, tmp_path):
    copy = copied(archive, tmp_path)
    path = copy / "records/members.json"
    rows = json.loads(path.read_text("utf-8"))
    rows[0]["name"] = "他人"
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    assert "数据表 members .csv 与 .json 的内容不同" in verify_archive(copy, silent).failed


def test_it_holds_one_moment_of_the_ledger_and_the_papers_recorded_and_tells_the_rest(
    session, tmp_path
):
    case = session.current_state().screening.cases[0].id
    before = session.ledger.head()
    recorded, stray = session.outputs / "shortlist.html", session.outputs / "领导意见.docx"
    content = recorded.read_bytes()

    def write_meanwhile(done, total):
        if done == 2:
            session.record(make_original_check(session.current_state(), case, pages=8))

    try:
        recorded.unlink()
        stray.write_bytes(b"nobody's")
        result = make_archive(session, write_meanwhile, target=tmp_path / "档案", prints=False)
    finally:
        recorded.write_bytes(content)
        stray.unlink()
    info = read_info(tmp_path / "档案")
    assert (info.until, info.head) == before == inspect(tmp_path / "档案")["head"]
    assert not (tmp_path / "档案/papers/领导意见.docx").exists()
    told = "\n".join(result.notes)
    assert f"归档期间台账新增1条（第{before[0] + 1}至{before[0] + 1}条）" in told
    assert "台账没有记载的文件1份没有归档：领导意见.docx" in told
    assert "没有归档，请重新生成后再归档一次：shortlist.html" in told
    assert any("shortlist.html" in line for line in verify_archive(tmp_path / "档案", silent).notes)


@pytest.mark.parametrize("failing", ["write_archive_zip", "sha256_file"])
def test_nothing_is_left_of_an_archive_that_could_not_be_finished(
    session, tmp_path, monkeypatch, failing
):
    def fail(*args, **options):
        raise OSError(28, "No space left on device")

    before = session.ledger.head()
    monkeypatch.setattr(archive_making, failing, fail)
    with pytest.raises(OutputError, match="空间"):
        make_archive(session, silent, target=tmp_path / "档案.zip", prints=False)
    monkeypatch.undo()
    with monkeypatch.context() as patched, pytest.raises(OutputError):
        patched.setattr(type(session), "record", fail)
        make_archive(session, silent, target=tmp_path / "档案.zip", prints=False)
    assert list(tmp_path.iterdir()) == [] and session.ledger.head() == before


def test_an_event_with_a_number_is_withheld_and_the_chain_still_holds(session, tmp_path):
    record = next(one for one in session.current_state().submissions.arrived if one.kind == "team")
    session.record(
        FieldCorrected(
            record=record.id, field="leader_phone", old=None, new="13811112222", reason="来电"
        ),
        FieldCorrected(
            record=record.id, field="leader", old="甲", new="乙", reason="本人来电 139 1234 5678"
        ),
    )
    target = tmp_path / "档案.zip"
    make_archive(session, silent, target=target, prints=False)
    with zipfile.ZipFile(target) as made:
        made.extractall(tmp_path)
    assert len(read_info(tmp_path / "档案").withheld) == 2
    assert not (tmp_path / "档案/ledger/review.db").exists()
    assert inspect(tmp_path / "档案")["head"][0] == read_info(tmp_path / "档案").until
    result = verify_archive(target, silent)
    assert result.failed == () and any("复算一致" in line for line in result.notes)


def test_the_next_years_rules_have_this_years_commended_in_the_register(session):
    target = session.round.folder.with_name("2021")
    lines = copy_round(session, target)
    new, old = load_round(target), session.round
    assert new.commended[: len(old.commended)] == old.commended
    added = new.commended[len(old.commended) :]
    listed = session.current_state().decision.listed
    assert {row.name for row in added} == set(listed["name"]) and {row.year for row in added} == {
        2020
    }
    assert any("round.issued" in line and "deadline" in line for line in lines)
    with pytest.raises(OutputError, match="另取名称"):
        copy_round(session, target)
