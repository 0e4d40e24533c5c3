"""``kjfp extract``: any file to JSON lines, in order, whatever the file."""

import json
import os
from pathlib import Path

import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.commands.extraction import extract
from kjfp_helpers.core.errors import InboxError
from kjfp_helpers.intake.files import libreoffice
from kjfp_helpers.intake.message_import import MessageImport
from support.forms.sample_files import PERSON, TEAM, archive, book, form, letter, picture, text

pytestmark = pytest.mark.slow

BOOK = [
    ["单位名称", "测试单位"],
    ["指标", "任务目标数", "实际完成数"],
    ["支持建设农技协数（个）", 10, 8],
    ["组织动员专家数（人）", 100, None],
    ["带动建档立卡贫困户脱贫人数（人）", 1000, 1200],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "1-team.docx": form(TEAM),
        "2-person.zip": archive({"材料/表.docx": form(PERSON)}),
        "3-empty.docx": b"",
        "4-book.xlsx": book(BOOK),
        "5-summary.docx": text("工作总结", {"一、“两数”指标任务落实情况": "完成。"}),
        "6-letter.eml": letter({"表.docx": form(TEAM), "盘点.xlsx": book(BOOK)}),
        "7-show.zip": archive(
            {
                "展览文本.docx": text("展览文本", {"一、响应中央决策部署": "落实。"}),
                "图1.jpg": picture(kind="JPEG"),
                "图1.txt": "图一说明".encode(),
            }
        ),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def lines(*paths, jobs=1):
    return [json.loads(line) for line in extract(paths, jobs=jobs)]


def codes(line):
    return [(finding["code"], finding["field"]) for finding in line["findings"]]


def test_each_record_is_a_line_in_the_order_of_the_files_and_letters_come_last(folder):
    got = [
        (line["source"].removeprefix(f"{folder.as_posix()}/"), line["kind"])
        for line in lines(folder)
    ]
    assert got == [
        ("1-team.docx", "team"),
        ("2-person.zip", "unknown"),
        ("2-person.zip/材料/表.docx", "individual"),
        ("3-empty.docx", "unknown"),
        ("4-book.xlsx", "stocktake"),
        ("5-summary.docx", "summary"),
        ("7-show.zip", "exhibit"),
        ("6-letter.eml", "mail"),
        ("6-letter.eml/表.docx", "team"),
        ("6-letter.eml/盘点.xlsx", "stocktake"),
    ]


def test_two_processes_tell_the_same_as_one(folder):
    assert lines(folder, jobs=2) == lines(folder, jobs=1)


def test_fields_have_the_shapes_of_json(folder):
    line = lines(folder / "1-team.docx")[0]
    fields = line["fields"]
    assert line["outcome"] == "read" and line["findings"] == []
    assert (fields["people_lifted"], fields["recommend_date"]) == (1200, "2020-08-10")
    assert fields["regions"] == [["贵州省", "毕节市", "威宁县", "草海镇", "民族村"]]
    assert (fields["service_modes"], fields["expert_names"]) == (
        ["培训", "技术推广", "其他"],
        ["测试乙", "测试丙"],
    )
    assert fields["service_types_other"] is None
    assert line["provenance"]["people_lifted"] == "表1 第10行第2列"


def test_a_blank_box_is_null_whatever_it_would_hold(tmp_path):
    (tmp_path / "a.docx").write_bytes(
        form(TEAM | {"regions": "", "service_types": "", "expert_names": "", "email": ""})
    )
    (line,) = lines(tmp_path / "a.docx")
    assert [
        line["fields"][name] for name in ("regions", "service_types", "expert_names", "email")
    ] == [None] * 4


def test_a_story_is_held_against_the_limit(tmp_path):
    (tmp_path / "a.docx").write_bytes(form(PERSON | {"story": "字" * 1001}))
    (line,) = lines(tmp_path / "a.docx")
    assert (line["outcome"], codes(line)) == ("flagged", [("story_too_long", "story")])


def test_a_stocktake_is_held_against_its_own_targets(folder):
    (line,) = lines(folder / "4-book.xlsx")
    assert line["fields"]["experts_done"] is None
    assert set(codes(line)) == {("target_not_met", "assoc_done"), ("missing", "experts_done")}


def test_a_summary_lacks_its_parts(folder):
    (line,) = lines(folder / "5-summary.docx")
    assert set(codes(line)) == {
        ("section_missing", part) for part in ("work", "results", "experience", "problems")
    }


def test_a_mail_lists_its_files(folder):
    line = lines(folder / "6-letter.eml")[0]
    assert (line["subject"], line["date"]) == ("贵州报送材料", "2020-08-10T09:00:00+08:00")
    assert [(file["path"], file["kind"]) for file in line["files"]] == [
        ("表.docx", "team"),
        ("盘点.xlsx", "stocktake"),
    ]
    assert all(len(file["sha256"]) == 64 and file["size"] for file in line["files"])


def test_a_show_judges_each_picture(folder):
    (line,) = lines(folder / "7-show.zip")
    assert (line["images"], line["captions"]) == ({"图1.jpg": "too_small"}, {"图1.jpg": "图一说明"})


def test_what_cannot_be_read_is_rejected_with_its_code(folder):
    (line,) = lines(folder / "3-empty.docx")
    assert (line["kind"], line["outcome"], codes(line)) == ("unknown", "rejected", [("empty", "")])
    assert line["findings"][0]["severity"] == "error" and line["findings"][0]["clause"]


def test_a_path_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InboxError):
        lines(tmp_path / "none.docx")


def test_the_command_ends_well_however_many_findings(folder, capsys):
    assert main(["extract", str(folder), "--json", "--jobs", "1"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 10 and all(json.loads(line) for line in told)
    assert main(["extract", str(folder / "3-empty.docx")]) == 0
    assert "文件为空" in capsys.readouterr().out
    assert main(["extract", str(folder / "none"), "--json"]) == 1


def test_nothing_is_written_where_the_files_are(folder):
    before = sorted(folder.rglob("*"))
    lines(folder)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.libreoffice
def test_old_files_are_converted_in_one_run_wherever_they_lie(converted, tmp_path, monkeypatch):
    whole, runs = form(TEAM), []
    monkeypatch.setattr(
        libreoffice,
        "run_libreoffice",
        lambda *given, run=libreoffice.run_libreoffice: (runs.append(given), run(*given)),
    )
    old = {
        f"{name}.{ending}": (converted / f"team.{ending.replace('wps', 'doc')}").read_bytes()
        for name, ending in zip("abcd", ("doc", "rtf", "odt", "wps"), strict=True)
    }
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "e.zip").write_bytes(archive({"表.doc": old["a.doc"]}))
    (tmp_path / "f.eml").write_bytes(letter({"表.rtf": old["b.rtf"]}))
    (tmp_path / "g.docx").write_bytes(whole)
    got = [line for line in lines(tmp_path) if line["kind"] == "team"]
    assert len(got) == 7 and len(runs) == 1
    for line in got:
        assert (line["fields"]["team_name"], line["fields"]["people_lifted"]) == (
            got[0]["fields"]["team_name"],
            1200,
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*old, "e.zip", "f.eml", "g.docx"]
    )


def test_each_letter_of_a_collection_has_a_line(tmp_path):
    one = letter({"表.docx": form(TEAM)})
    (tmp_path / "all.mbox").write_bytes(
        b"".join(b"From a@b Mon Aug 10 09:00:00 2020\n" + one + b"\n\n" for _ in range(2))
    )
    got = [(line["source"].rpartition("all.mbox/")[2], line["kind"]) for line in lines(tmp_path)]
    assert got == [
        ("第0001封.eml", "mail"),
        ("第0001封.eml/表.docx", "team"),
        ("第0002封.eml", "mail"),
        ("第0002封.eml/表.docx", "team"),
    ]


def test_a_letter_that_came_too_late_says_so(tmp_path):
    (tmp_path / "a.eml").write_bytes(
        letter({"表.docx": form(TEAM)}, sent="Mon, 17 Aug 2020 09:00:00 +0800")
    )
    assert ("late", "") in codes(lines(tmp_path)[0])


def test_a_file_that_kills_its_reader_keeps_no_other_out(folder, monkeypatch):
    def deadly(self, name, data, run=MessageImport.import_file):
        return os._exit(9) if name.startswith("3-") else run(self, name, data)

    monkeypatch.setattr(MessageImport, "import_file", deadly)
    got = {line["source"].rpartition("/")[2]: codes(line) for line in lines(folder, jobs=2)}
    assert got["3-empty.docx"] == [("unreadable", "")]
    assert got["1-team.docx"] == [] and "7-show.zip" in got


def test_a_file_that_the_system_refuses_keeps_no_other_out(folder, monkeypatch):
    def refusing(self, *given, run=Path.open, **named):
        if self.name.startswith("3-"):
            raise PermissionError(13, "refused")
        return run(self, *given, **named)

    monkeypatch.setattr(Path, "open", refusing)
    got = {line["source"].rpartition("/")[2]: codes(line) for line in lines(folder)}
    assert got["3-empty.docx"] == [("unreadable", "")] and got["1-team.docx"] == []
