import base64
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.intake.common.resource_limits import MAX_BODY_CHARS
from kjfp_helpers.intake.common.web_archives import mhtml_body
from kjfp_helpers.intake.mail.attachments import iter_attachments
from kjfp_helpers.intake.mail.headers import decode_header
from kjfp_helpers.intake.mail.message import iter_text_bodies, read_headers, read_message
from support.forms.sample_files import letter
from support.thoroughness import times

CHINA = timezone(timedelta(hours=8))


def raw(*headers, body=b""):
    return b"\r\n".join(headers) + b"\r\n\r\n" + body


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "gbk", "gb2312"])
def test_long_chinese_subjects_come_back(charset):
    subject = "贵州省科技助力精准扶贫领导小组办公室关于报送先进团队、先进个人推荐材料的函" * 2
    coded = Header(subject, charset, maxlinelen=60).encode()
    assert decode_header(coded) == subject


def test_words_split_inside_a_character_are_joined_first():
    assert decode_header("=?gb2312?B?ufM=?= =?gb2312?B?1t0=?=") == "贵州"
    assert decode_header("=?utf-8?B?6LS=?=\r\n =?utf-8?B?1?=") != ""


def test_gb2312_that_is_really_gbk_is_read():
    word = "测试镕".encode("gbk")
    assert decode_header(f"=?gb2312?B?{base64.b64encode(word).decode()}?=") == "测试镕"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_raw_eight_bit_subjects_are_read(charset):
    assert read_message(raw(b"Subject: " + "贵州报送".encode(charset))).subject == "贵州报送"


def test_topmost_received_and_date_are_aware_times():
    message = read_headers(
        raw(
            b"Received: from a by b; Mon, 10 Aug 2020 09:05:00 +0800",
            b"Received: from x by a; Mon, 10 Aug 2020 09:04:00 +0800",
            b"Date: Mon, 10 Aug 2020 01:00:00 -0000",
            b"From: =?utf-8?B?55Sy?= <A@Example.com>",
        )
    )
    assert message.received == datetime(2020, 8, 10, 9, 5, tzinfo=CHINA)
    assert message.sent == datetime(2020, 8, 10, 9, 0, tzinfo=CHINA)
    assert message.sender == "a@example.com"


@pytest.mark.parametrize(
    "date",
    [
        b"Mon, 10 Aug 2020 09:05:00 +0800 (CST)",
        b"Mon Aug 10 09:05:00 CST 2020",
        b"Mon, 10 Aug 2020 09:05:00",
        b"2020-08-10 09:05:00",
        b"2020/8/10 9:05",
        b"2020-08-10T01:05:00Z",
        "2020年8月10日 9:05".encode(),
    ],
)
def test_a_date_is_read_however_it_is_written_and_without_a_zone_is_chinas(date):
    assert read_message(raw(b"Date: " + date)).sent == datetime(2020, 8, 10, 9, 5, tzinfo=CHINA)


@pytest.mark.parametrize(
    "date",
    [b"", b"yesterday", b"Mon, 99 Aug 2020 09:00:00 +0800", b"Mon, 10 Aug 0000 00:00:00 +9999"],
)
def test_a_broken_date_is_none(date):
    assert read_message(raw(b"Date: " + date)).sent is None


def test_file_names_in_every_encoding():
    name = "附件1推荐表.docx"
    word = Header(name, "gb18030", maxlinelen=1000).encode()
    star = "gbk''" + "".join(f"%{byte:02X}" for byte in name.encode("gbk"))
    for parameter in (
        f'filename="{word}"',
        f"filename*={star}",
        f'filename="{name}"',
        f'filename="C:\\\\x\\\\{name}"',
    ):
        data = raw(
            b"Content-Type: application/octet-stream",
            f"Content-Disposition: attachment; {parameter}".encode(),
            body=b"x",
        )
        assert [item.name for item in iter_attachments(read_message(data))] == [name]


def test_a_forwarded_message_gives_its_files():
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "原件", "b@example.com"
    inner.set_content("正文")
    inner.add_attachment(b"12", maintype="application", subtype="x", filename="甲.docx")
    outer = EmailMessage()
    outer["Subject"] = "转发"
    outer.set_content("见附件")
    outer.add_attachment(inner)
    items = list(iter_attachments(read_message(outer.as_bytes())))
    assert items[0].forwarded_message.sender == "b@example.com"
    assert items[1].path.endswith(".eml/甲.docx")


def test_a_picture_that_no_page_shows_is_an_attachment_though_it_has_a_content_id():
    data = raw(b"Content-Type: image/png; name=logo.png", b"Content-ID: <1>", body=b"x")
    assert [one.name for one in iter_attachments(read_message(data))] == ["logo.png"]


def test_a_body_is_no_attachment_and_bytes_come_back():
    (item,) = iter_attachments(read_message(letter({"表.docx": bytes(range(256))})))
    assert item.data == bytes(range(256))


@given(st.text(max_size=60))
@settings(max_examples=times(20, 60))
def test_no_header_stops_the_reader(text):
    decode_header(text)


@given(
    st.text(
        st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30
    ).filter(lambda t: "=?" not in t and t.strip() == t)
)
@settings(max_examples=times(20, 60))
def test_any_subject_comes_back(text):
    assert decode_header(Header(text, "utf-8", maxlinelen=40).encode()) == text


@pytest.mark.parametrize(
    ("size", "is_file"), [((300, 200), False), ((1200, 900), True)], ids=["logo", "photo"]
)
def test_a_small_png_in_a_signature_is_no_photo(size, is_file):
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"".join(n.to_bytes(4, "big") for n in size)
    message = EmailMessage()
    message.set_content('收到<img src="cid:1">', subtype="html")
    message.add_related(header + bytes(range(256)) * 200, "image", "png", cid="<1>")
    assert bool(list(iter_attachments(read_message(message.as_bytes())))) == is_file


@pytest.mark.parametrize(("beside", "names"), [({}, ["正文图片1.jpg"]), ({"表.docx": b"1"}, None)])
def test_a_photograph_written_into_a_page_is_a_file_and_its_code_no_text(beside, names):
    code = base64.encodebytes(b"\xff\xd8\xff" + bytes(90_000)).decode()
    message = EmailMessage()
    ornament = f"<img src='data:image/gif;base64,{'A' * 400}'>"
    message.set_content(
        f"<p>见照片</p>{ornament}<img src='data:image/jpeg;base64,{code}'><p>甲</p>",
        subtype="html",
    )
    for name, data in beside.items():
        message.add_attachment(data, maintype="application", subtype="x", filename=name)
    parsed = read_message(message.as_bytes())
    assert [one.name for one in iter_attachments(parsed)] == (names or [*beside])
    (body,) = iter_text_bodies(parsed)
    assert "甲" in body.text and "AAAA" not in body.text and not body.is_cut


@pytest.mark.slow
def test_a_body_beyond_the_limit_is_cut_and_told():
    message = EmailMessage()
    message.set_content("页" * (MAX_BODY_CHARS + 1))
    (body,) = iter_text_bodies(read_message(message.as_bytes()))
    assert body.is_cut and body.is_valid and body.text == "页" * MAX_BODY_CHARS


@pytest.mark.parametrize("charset", [b"charset*=a\0b'zh'x", b"charset=a\0b", b"charset=no-such"])
def test_a_charset_that_is_no_name_stops_neither_a_message_nor_a_page(charset):
    page = "<p>推荐</p>".encode()
    message = raw(b"Content-Type: text/html; " + charset, body=page)
    (body,) = iter_text_bodies(read_message(message))
    assert "推荐" in body.text
    archive = raw(b"MIME-Version: 1.0", b"Content-Type: text/html; " + charset, body=page)
    assert mhtml_body(archive).strip() == page


def test_what_a_mac_keeps_about_a_file_is_no_attachment():
    double = (
        b'Content-Type: multipart/appledouble; boundary="b"\r\n\r\n--b\r\n'
        b'Content-Type: application/applefile; name="a.docx"\r\n\r\n\0\5\x16\7\r\n--b\r\n'
        b'Content-Type: application/octet-stream; name="a.docx"\r\n'
        b"Content-Disposition: attachment\r\n\r\nwords\r\n--b--\r\n"
    )
    attached = list(iter_attachments(read_message(double)))
    assert [(one.name, one.data.strip()) for one in attached] == [("a.docx", b"words")]


@pytest.mark.parametrize("charset", ["x-gbk", "cp936", "GB2312", "ms936"])
def test_every_name_of_the_chinese_charset_is_known(charset):
    message = raw(
        f"Content-Type: text/plain; charset={charset}".encode(), body="请查收".encode("gbk")
    )
    (body,) = iter_text_bodies(read_message(message))
    assert (body.text, body.is_valid) == ("请查收", True)
