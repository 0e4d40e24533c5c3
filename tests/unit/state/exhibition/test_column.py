"""News and profiles: read from mail and folders, approved as items, corrected and taken down."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import Event, EventLog
from kjfp_helpers.core.events.exhibition import PUBLISH, WITHDRAW
from kjfp_helpers.intake.column.column_items import read_column
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.notice.exhibition_hints import SAME_TEXT, UNLISTED, UNREAD
from kjfp_helpers.rehearsal.writers.synthetic_images import draw_landscape
from kjfp_helpers.reports.exhibition_site.site_builder import write_exhibition_site
from kjfp_helpers.rules import Commendation, load_round
from kjfp_helpers.state.exhibition import approvals, published_exhibition
from kjfp_helpers.state.exhibition.approval_acts import make_decision
from kjfp_helpers.state.exhibition.column_texts import read_column_text
from support.project import RULES

BASE = load_round(RULES)
NAME = BASE.unit_by_code["13"].short_name
ROW = Commendation(
    year=2018,
    level="全国",
    kind="team",
    name="演练服务队",
    unit="13",
    employer="",
    document="样例",
)
BODY = "专家到田间指导，为农户讲解水肥管理要点。\n群众说照着做心里有底，收成一年比一年好。"


class Column:
    """A round with a column and nothing else, and the decisions on its items."""

    def __init__(self, folder, monkeypatch):
        self.round, self.events = replace(BASE, folder=folder, commended=(ROW,)), []
        self.received = ReceivedFolder(folder / "received")
        monkeypatch.setattr(approvals, "collect_items", lambda state: {})

    @property
    def state(self):
        log = EventLog(self.events)
        submissions = SimpleNamespace(record_by_unit=lambda kind: {})
        return SimpleNamespace(
            round=self.round,
            standing_events=log,
            events=log,
            assessment=None,
            submissions=submissions,
        )

    @property
    def items(self):
        return read_column(self.round, self.received)

    def put(self, kind, name, text):
        folder = self.round.folder / "column" / kind / name
        folder.mkdir(parents=True)
        (folder / "正文.txt").write_text(text, "utf-8")

    def mail(self, name, subject, text, sender="a@example.com"):
        message = EmailMessage()
        message["From"], message["Subject"] = sender, subject
        message["Date"] = "Fri, 03 Jul 2020 09:00:00 +0800"
        message.set_content(text)
        folder = self.round.folder / "column/news"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(message.as_bytes())

    @property
    def all(self):
        of_unit = approvals.list_approvals(self.state, self.items)
        return [one for found in of_unit.values() for one in found]

    def decide(self, approval, decision, **given):
        body = make_decision(self.round, approval, decision, **given)
        at = datetime(2020, 7, 20 + len(self.events), tzinfo=UTC)
        event = Event(seq=len(self.events) + 1, at=at, actor="秘书", body=body)
        self.events.append(event)

    @property
    def public(self):
        return published_exhibition.list_published(self.state, self.items)


@pytest.fixture
def column(tmp_path, monkeypatch):
    return Column(tmp_path, monkeypatch)


def test_mail_and_folder_become_dated_items_of_their_unit(column):
    column.mail("a.eml", f"报送：{NAME}科协专家下乡", f"{NAME}专家下乡服务\n{BODY}\n")
    column.put("news", f"20200705{NAME}动态", f"又一次下乡\n{BODY}")
    first, second = sorted(column.items, key=lambda item: item.day)
    assert (first.day, first.unit, first.title) == ("2020-07-03", "13", f"{NAME}专家下乡服务")
    assert (second.day, second.unit, second.title) == ("2020-07-05", "13", "又一次下乡")
    assert all(SAME_TEXT in one.item.hint_codes for one in column.all)


def test_what_names_no_day_or_unit_is_public_only_once_they_are_written_in(column):
    column.put("news", "动态", f"下乡\n{BODY}")
    (one,) = column.all
    with pytest.raises(ParameterError, match="日期"):
        column.decide(one, PUBLISH)
    written = one.text.replace("日期：", "日期：2020-07-09").replace("单位：", f"单位：{NAME}")
    column.decide(one, PUBLISH, text=written)
    (news,) = column.public.news
    assert (news.day, news.unit.code, news.corrected) == (date(2020, 7, 9), "13", False)


def test_news_is_corrected_by_another_text_and_taken_down(column):
    column.put("news", f"20200705{NAME}", f"下乡\n{BODY}")
    column.decide(column.all[0], PUBLISH)
    column.decide(column.all[0], PUBLISH, text=column.all[0].text.replace("田间", "果园"))
    (news,) = column.public.news
    assert news.corrected and "果园" in news.paragraphs[0]
    column.decide(column.all[0], WITHDRAW, reason="单位来函撤回")
    assert not column.public.news


def test_a_profile_is_held_against_the_register_of_commendations(column):
    row = ROW
    column.put("profiles", f"{NAME}-甲", f"记{row.name}\n{BODY * 5}")
    column.put("profiles", f"{NAME}-乙", f"记无名氏\n{'全然不同的话。' * 40}")
    by_title = {one.item.title: one for one in column.all}
    assert UNLISTED not in by_title[f"记{row.name}"].item.hint_codes
    assert UNLISTED in by_title["记无名氏"].item.hint_codes
    column.decide(by_title[f"记{row.name}"], PUBLISH)
    (profile,) = column.public.profiles
    assert profile.nominees == row.kind and profile.awards == "2018年全国先进团队（演练服务队）"


def test_only_the_pictures_that_the_approved_text_names_are_public(column):
    column.put("news", f"20200705{NAME}", f"下乡\n{BODY}")
    for number in (1, 2):
        path = column.round.folder / f"column/news/20200705{NAME}/{number}.jpg"
        path.write_bytes(draw_landscape((number,), small=True))
    (one,) = column.all
    assert "图片：1、2" in one.text
    column.decide(one, PUBLISH, text=one.text.replace("图片：1、2", "图片：2"))
    (news,) = column.public.news
    assert [picture.name for picture in news.pictures] == ["2.jpg"]


def test_what_cannot_be_read_stands_on_the_desk_and_equal_mail_once(column):
    column.put("news", "坏件", "")
    (column.round.folder / "column/news/a.docx").write_bytes(b"PK")
    for name in ("一.eml", "二.eml"):
        column.mail(name, "动态", f"下乡\n{BODY}")
    told = {one.item.title: one for one in column.all}
    assert set(told) == {"坏件", "a.docx", "下乡"}
    assert all(UNREAD in told[name].item.hint_codes for name in ("坏件", "a.docx"))
    with pytest.raises(ParameterError):
        column.decide(told["坏件"], PUBLISH, confirmed=[UNREAD])


def test_hostile_articles_change_nothing_on_their_pages_and_links_lead_nowhere(column, tmp_path):
    evil = "<script>alert(1)</script>\"'&]]>\u202e"
    column.put("news", f"20200705{NAME}{'..%2f'}", f"{evil}\n{evil}\n{BODY}")
    (column.round.folder / "column/news/link").symlink_to("/etc")
    (one,) = column.all
    column.decide(one, PUBLISH, confirmed=one.item.hint_codes)
    site = tmp_path / "site"
    write_exhibition_site(column.round, column.public, column.received, site)
    pages = {path.name: path.read_text("utf-8") for path in (site / "news").iterdir()}
    assert len(pages) == 3 and "atom.xml" in pages
    for text in pages.values():
        assert "<script" not in text and "\u202e" not in text
    import xml.etree.ElementTree as tree

    tree.fromstring(pages["atom.xml"])


def test_text_reads_back_as_it_was_written():
    text = read_column_text(BASE, f"# 题\n日期：2020-07-01\n单位：{NAME}\n一\n\n二")
    assert (text.title, text.day, text.unit.code) == ("题", date(2020, 7, 1), "13")
    assert text.paragraphs == ("一", "二")
