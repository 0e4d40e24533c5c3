"""News and profiles: read from mail and folders, approved as items, corrected and taken down."""

import io
import re
import shutil
import uuid
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from PIL import Image

from kjfp_helpers.commands.verification.photo_article_check import check_column
from kjfp_helpers.core.errors import DifferenceError, ParameterError
from kjfp_helpers.core.events import Event, EventLog
from kjfp_helpers.core.events.exhibition import CANCEL, PUBLISH, RETURN, WITHDRAW
from kjfp_helpers.intake.online_column.column_items import read_column
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.notice.exhibition_hints import (
    PARTLY_READ,
    REPEATED,
    SAME_TEXT,
    UNLISTED,
    UNREAD,
)
from kjfp_helpers.rehearsal.writers.synthetic_images import draw_landscape
from kjfp_helpers.reports.exhibition_site.site_builder import write_exhibition_site
from kjfp_helpers.rules import Commendation, load_round
from kjfp_helpers.state.exhibition import approvals, published_exhibition
from kjfp_helpers.state.exhibition.approval_acts import make_decision
from kjfp_helpers.state.exhibition.approvals import RETURNED, list_returned
from kjfp_helpers.state.exhibition.column_arrivals import fold_arrivals, record_arrivals
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
        submissions = SimpleNamespace(records=(), record_by_unit=lambda kind: {})
        return SimpleNamespace(
            round=self.round,
            standing_events=log,
            events=log,
            assessment=None,
            submissions=submissions,
        )

    @property
    def session(self):
        """What records arrivals, without a ledger file."""
        access = SimpleNamespace(may_record=lambda kind: True)
        return SimpleNamespace(
            round=self.round,
            ledger=SimpleNamespace(events=lambda: EventLog(self.events)),
            access=lambda: access,
            record=lambda *bodies: [self.add(body) for body in bodies],
        )

    def add(self, body):
        at = datetime(2020, 7, 20 + len(self.events), tzinfo=UTC)
        self.events.append(Event(seq=len(self.events) + 1, at=at, actor="秘书", body=body))

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
        self.add(make_decision(self.round, approval, decision, **given))

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
    assert len(pages) == 4 and {"atom.xml", "units.html"} < set(pages)
    for text in pages.values():
        assert "<script" not in text and "\u202e" not in text
    import xml.etree.ElementTree as tree

    tree.fromstring(pages["atom.xml"])


def test_what_is_returned_stands_in_the_letter_to_its_unit_until_it_is_taken_back(column):
    column.put("news", f"20200705{NAME}", f"下乡 13800138000\n{BODY}")
    column.put("profiles", "无名", f"记某人\n{BODY}")
    nobodys, news = sorted(column.all, key=lambda one: one.item.kind, reverse=True)
    with pytest.raises(ParameterError, match="单位待定"):
        column.decide(nobodys, RETURN, reason="请补正")
    column.decide(news, RETURN, reason="请写明地点")
    (finding,) = list_returned(column.state)
    assert (finding.unit, finding.found, finding.place) == ("13", "请写明地点", "工作动态")
    assert "下乡" in finding.source and "13800138000" not in finding.source
    assert column.all[0].state == RETURNED and not column.public.news
    column.decide(column.all[0], CANCEL)
    assert not list(list_returned(column.state))


def test_archives_folders_and_forwarded_mail_are_read_and_what_is_not_is_told(column):
    column.put("news", f"20200705{NAME}", "附后")
    folder = column.round.folder / f"column/news/20200705{NAME}"
    (folder / "图").mkdir()
    (folder / "图/1.jpg").write_bytes(draw_landscape((1,), small=True))
    with zipfile.ZipFile(folder / "材料.zip", "w") as archive:
        archive.writestr("稿件/正文.txt", f"下乡服务\n{BODY}")
        archive.writestr("稿件/表.xls", b"\xd0\xcf\x11\xe0 broken")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "x@example.com", f"{NAME}科协春耕"
    inner.set_content(f"春耕指导\n{BODY[::-1]}")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "b@example.com", "转发"
    outer["Date"] = "Fri, 03 Jul 2020 09:00:00 +0800"
    outer.set_content("请查收。")
    outer.add_attachment(inner)
    (column.round.folder / "column/news/a.eml").write_bytes(outer.as_bytes())
    told = {one.title: one for one in column.items}
    assert told["下乡服务"].text == BODY and len(told["下乡服务"].pictures) == 1
    assert any("表.xls" in note for note in told["下乡服务"].notes)
    assert told["春耕指导"].unit == "13" and not told["春耕指导"].notes
    (one,) = (one for one in column.all if one.item.title == "下乡服务")
    assert PARTLY_READ in one.item.hint_codes


def test_the_same_text_or_picture_is_told_whatever_the_kind_and_the_size(column):
    picture = draw_landscape((3, 0), small=True)
    smaller = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.resize((500, 333)).save(smaller, "JPEG")
    for kind, name, text, data in (
        ("news", f"20200705{NAME}", f"下乡\n{BODY}", picture),
        ("profiles", f"{NAME}-甲", f"记{ROW.name}\n{BODY}", smaller.getvalue()),
    ):
        column.put(kind, name, text)
        (column.round.folder / f"column/{kind}/{name}/1.jpg").write_bytes(data)
    notes = {one.item.kind: {hint.code: hint.note for hint in one.item.hints} for one in column.all}
    assert "典型事迹" in notes["news"][SAME_TEXT] and "工作动态" in notes["profile"][SAME_TEXT]
    assert "“下乡”的图片" in notes["profile"][REPEATED] and REPEATED not in notes["news"]


def test_arrivals_are_recorded_once_and_what_changed_since_is_found(column):
    column.put("news", f"20200705{NAME}", f"下乡\n{BODY}")
    path = column.round.folder / f"column/news/20200705{NAME}/正文.txt"
    assert check_column(column.round, column.events) == ([], [])
    assert (record_arrivals(column.session), record_arrivals(column.session)) == (1, 0)
    assert check_column(column.round, column.events) == (["专栏来稿1件"], [])
    column.put("news", "后到", f"下乡\n{BODY}")
    later = ["专栏来稿另有1件未登记，不在核对之列"]
    assert check_column(column.round, column.events) == (["专栏来稿1件"], later)
    shutil.rmtree(column.round.folder / "column/news/后到")
    text = path.read_text("utf-8")
    for change, said in (
        (lambda: path.write_text("改"), "内容有改动"),
        (path.unlink, "原件不见了"),
        (lambda: path.with_name("多.txt").write_text("多"), "多出文件"),
    ):
        change()
        with pytest.raises(DifferenceError, match=said):
            check_column(column.round, column.events)
        path.write_text(text, "utf-8")
    shutil.rmtree(path.parent)
    assert record_arrivals(column.session) == 1 and not fold_arrivals(column.events)
    assert check_column(column.round, column.events) == ([], [])


@pytest.fixture
def site(column, tmp_path):
    """Two units that sent news and profiles and no exhibit, and what is written of them."""
    other = BASE.unit_by_code["51"].short_name
    for day, unit, words in (
        ("20200705", NAME, "果园里剪枝。" * 20),
        ("20200603", other, "大棚里育苗。" * 20),
        ("20200802", NAME, "鱼塘边投料。" * 20),
    ):
        column.put("news", f"{day}{unit}", f"{unit}{day}下乡\ufffe\n{BODY}{words}")
    column.put("profiles", f"{NAME}-甲", f"记{ROW.name}\n" + "全然不同的话。" * 40)
    column.put("profiles", f"{other}-乙", f"{other}农技站\n" + "田里又是一番景象。" * 40)
    for one in column.all:
        column.decide(one, PUBLISH, confirmed=one.item.hint_codes)
    folder = tmp_path / "site"
    write_exhibition_site(column.round, column.public, column.received, folder)
    return folder


def test_news_stands_by_month_and_by_unit_and_profiles_by_kind_and_region(site):
    def headings(name):
        page = (site / name).read_text("utf-8")
        return re.findall(r'<(?:h2><span|h3 class="part")>([^<]+)<', page)

    other = BASE.unit_by_code["51"].region
    own = BASE.unit_by_code["13"].region
    assert headings("news/index.html") == ["2020年8月", "2020年7月", "2020年6月"]
    assert headings("news/units.html") == ["华北", own, "西南", other]
    assert headings("profiles/index.html") == ["先进团队", "华北", "优秀组织单位和其他", "西南"]


def test_a_unit_with_news_alone_has_a_page_and_every_link_leads_somewhere(site):
    page = (site / "13/index.html").read_text("utf-8")
    assert page.count('class="entry"') == 3 and "工作动态和典型事迹" in page
    for path in site.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"#]+)"', path.read_text("utf-8")):
            assert (path.parent / link).is_file(), (path, link)


def test_the_feed_has_what_readers_of_feeds_require(site):
    import xml.etree.ElementTree as tree

    name = "{http://www.w3.org/2005/Atom}"
    feed = tree.fromstring((site / "news/atom.xml").read_text("utf-8"))
    entries = feed.findall(f"{name}entry")
    assert feed.tag == f"{name}feed" and len(entries) == 3
    for one in (feed, *entries):
        tags = [child.tag.removeprefix(name) for child in one]
        assert all(tags.count(tag) == 1 for tag in ("id", "title", "updated"))
        assert "author" in tags and "link" in tags
        uuid.UUID(one.findtext(f"{name}id").removeprefix("urn:uuid:"))
        assert datetime.fromisoformat(one.findtext(f"{name}updated")).tzinfo
    assert len({one.findtext(f"{name}id") for one in (feed, *entries)}) == 4
    days = [one.findtext(f"{name}published") for one in entries]
    assert days == sorted(days, reverse=True)
    for link in feed.iter(f"{name}link"):
        assert (site / "news" / link.get("href")).is_file()


def test_text_reads_back_as_it_was_written():
    text = read_column_text(BASE, f"# 题\n日期：2020-07-01\n单位：{NAME}\n一\n\n二")
    assert (text.title, text.day, text.unit.code) == ("题", date(2020, 7, 1), "13")
    assert text.paragraphs == ("一", "二")
