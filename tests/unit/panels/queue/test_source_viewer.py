"""The source of an item, whatever it came in: old formats, letters, further pages, exhibitions."""

import pytest

from kjfp_helpers import commands, panels
from kjfp_helpers.core.form_schema import TEAM_FORM
from kjfp_helpers.panels.queue.item_list import ListWidget
from kjfp_helpers.panels.queue.source_viewer import read_source
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary.work_queue import work_items
from support.forms.sample_files import PERSON, TEAM, archive, form, letter, picture, text
from support.pages.widget_tree import everything, press_in_list
from support.pages.widget_tree import text as text_of
from support.rounds.panel_round import make_round


@pytest.fixture
def take_in(tmp_path):
    def go(files, **facts):
        folder = make_round(tmp_path)
        (folder / "inbox").mkdir()
        (folder / "inbox" / "1.eml").write_bytes(letter(files, **facts))
        session = RoundSession.open(folder, tmp_path / "outputs" / "practice", create=True)
        commands.register_mail(session, lambda done, total: None)
        return session

    return go


def item_of(session, code, field=""):
    return next(
        one
        for one in work_items(session.current_state())
        if one.finding.code == code and field in ("", one.finding.field)
    )


def here(source):
    return [
        "".join(spot.text for spot in row if spot.is_target)
        for row in source.excerpt.rows
        if any(spot.is_target for spot in row)
    ]


def rich_text(values):
    """A form as RTF: a row for each box."""
    rows = []
    for item in TEAM_FORM.fields:
        cells = (item.label, values[item.name])
        words = ["".join(f"\\u{ord(sign)}?" for sign in cell) for cell in cells]
        rows.append("\\trowd\\cellx3000\\cellx9000\\intbl " + "\\cell ".join(words) + "\\cell\\row")
    return ("{\\rtf1\\ansi " + "\n".join(rows) + "\\pard end\\par}").encode()


@pytest.mark.libreoffice
def test_an_old_file_is_shown_as_it_was_converted(take_in, soffice):
    session = take_in({"附件1.rtf": rich_text(TEAM | {"people_lifted": "约3000人"})})
    source = read_source(session, item_of(session, "approx"), "people_lifted")
    assert here(source) == ["约3000人"] and "转换" in source.excerpt.note


def test_a_form_in_the_letter_itself_is_shown_at_its_line(take_in):
    lines = {
        "团队名称": "测试团队52",
        "团队研究方向/专业": "果树",
        "负责人姓名": "测组长",
        "通讯地址": "贵阳",
        "服务类别": "☑种植 □养殖 □其他",
        "服务方式": "☑培训 □技术推广 □就业指导 □其他",
        "带动脱贫贫困人口数": "约300人",
        "主要事迹": "做了许多工作。",
    }
    body = "\n".join(f"{label}：{value}" for label, value in lines.items())
    session = take_in({}, body=body)
    assert here(read_source(session, item_of(session, "approx"), "people_lifted")) == ["约300人"]


def test_deeds_in_a_file_of_their_own_are_shown_from_it(take_in):
    session = take_in(
        {
            "附件2.docx": form(PERSON | {"story": "详见附件"}),
            "测试丁主要事迹.docx": text("测试丁主要事迹", {"": "多年来扎根山村。"}),
        }
    )
    item = item_of(session, "story_in_attachment")
    shown = read_source(session, item, "story").excerpt
    assert not shown.note and any(
        "多年来扎根山村" in spot.text for row in shown.rows for spot in row
    )


def test_what_is_asked_of_an_exhibition_names_its_message_and_its_file(take_in):
    session = take_in(
        {
            "展览.zip": archive(
                {
                    "展览/展览文本.docx": text(
                        "网上展览文本", {"一、响应中央决策部署": "好。", "二、典型人物": "好。"}
                    ),
                    "展览/01.jpg": picture((60, 40), "JPEG"),
                    "展览/01.txt": "甲110105194912310021".encode(),
                    "展览/录像.mp4": b"\0\0\0 ftypmp42",
                }
            )
        },
        subject="贵州报送展览素材",
    )
    item = item_of(session, "unexpected_type")
    assert item.mail.receipt == 1 and item.unit == "52"
    assert read_source(session, item, "").excerpt.note


def test_a_repeated_picture_stands_beside_the_one_that_it_repeats(take_in):
    same, parts = picture((60, 40), "JPEG"), {"一、响应中央决策部署": "好。"}
    files = {f"展览/0{number}.jpg": same for number in (1, 2)}
    files["展览/展览文本.docx"] = text("网上展览文本", parts)
    session = take_in({"展览.zip": archive(files)}, subject="贵州报送展览素材")
    source = read_source(session, item_of(session, "duplicate"), "pictures")
    named = [one.label.partition("（")[0] for one in source.pictures]
    assert named == ["本图：02.jpg", "贵州先报送的图：01.jpg"]
    assert all(one.source.startswith("data:image/jpeg") for one in source.pictures)
    desk = panels.show_exhibition(session)
    walk = next(one for one in everything(desk) if isinstance(one, ListWidget))
    press_in_list(walk, next(row["key"] for row in walk.rows if row["told"] == "02.jpg"))
    assert 'class="kj-pair two"' in text_of(desk) and "01.jpg" in text_of(desk)
