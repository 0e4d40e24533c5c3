"""Messages that every mail program reads though they are against the standard."""

import base64
import binascii
import email
import quopri
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.intake.mail.attachments import iter_attachments
from kjfp_helpers.intake.mail.message import iter_text_bodies, read_message
from kjfp_helpers.intake.mail.message_repair import repair_first_lines, uuencoded_files
from support.thoroughness import times

FORM = bytes(range(256)) * 8


def plain(**attachments):
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "推荐材料"
    message["Date"] = "Mon, 10 Aug 2020 09:00:00 +0800"
    message.set_content("见附件")
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def files(data):
    return [(one.name, one.data) for one in iter_attachments(read_message(data)) if one.data]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\n" + data,
        lambda data: b"\r\n \r\n" + data,
        lambda data: b"+OK 1234 octets\r\n" + data,
        lambda data: b">From a@example.com Mon Aug 10 2020\n" + data,
        lambda data: b"From - Mon Aug 10 2020\n" + data,
        lambda data: b"\xef\xbb\xbf\n+OK\n" + data,
        lambda data: data.replace(b"\n", b"\r\r\n"),
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data.decode().encode("utf-16"),
        lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
        lambda data: data.decode().encode("utf-16-le"),
        lambda data: b"\xef\xbb\xbf" * 2 + data,
        lambda data: b"* 1 FETCH (RFC822 {4480}\r\n" + data,
        lambda data: b"HTTP/1.1 200 OK\r\n" + data,
    ],
)
def test_what_stands_before_the_headers_is_passed_over(change):
    message = read_message(change(plain(form=FORM)))
    assert (message.sender, message.subject) == ("a@example.com", "推荐材料")
    assert files(change(plain(form=FORM))) == [("form", FORM)]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("behind", ["", ";", "; charset=utf-8"])
def test_a_boundary_that_the_head_does_not_tell_is_found_in_the_body(ends, behind):
    head, _, rest = plain(表=FORM).decode().partition("boundary=")
    boundary, _, rest = rest.partition("\n")
    changed = f"{head.rstrip()[:-1]}{behind}\n{rest}".replace("\n", ends)
    assert boundary.strip('"') in changed and "boundary" not in changed
    assert files(changed.encode()) == [("表", FORM)]


@pytest.mark.parametrize("ending", ["txt", "html"])
def test_a_body_that_is_named_like_a_file_is_the_body(ending):
    message = email.message_from_bytes(plain(表=FORM))
    body = message.get_payload(0)
    body.add_header("Content-Disposition", "inline", filename=f"body.{ending}")
    data = message.as_bytes()
    assert files(data) == [("表", FORM)]
    assert [one.text.strip() for one in iter_text_bodies(read_message(data))] == ["见附件"]


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_are_refused(data):
    repair_first_lines(data)
    list(iter_attachments(read_message(data)))


@pytest.mark.parametrize(
    "written",
    [
        *("base64 ", "base64\t", "BASE64", '"base64"', "base64 (MIME)", "base64;", " (x) base64"),
        *("x-base64", "base-64", "<base64>"),
    ],
)
def test_a_transfer_encoding_is_known_by_its_name(written):
    data = plain(form=FORM)
    head, _, tail = data.rpartition(b"Content-Transfer-Encoding: base64")
    changed = head + b"Content-Transfer-Encoding: " + written.encode() + tail
    assert files(changed) == [("form", FORM)]


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
@settings(deadline=None, max_examples=times(13, 40))
def test_code_in_padded_pieces_is_read_to_its_end(pieces):
    code = "\n".join(base64.b64encode(piece).decode() for piece in pieces)
    head = "Content-Type: a/b; name=f\nContent-Transfer-Encoding: base64\n\n"
    for footer in ("", "\n\n____\nmailing list\n" if code.endswith("=") else ""):
        assert [data for _, data in files(f"{head}{code}{footer}".encode())] == [b"".join(pieces)]


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "unknown"])
def test_a_coded_file_is_decoded_whatever_its_part_declares(encoding):
    data = b"PK\3\4" + FORM
    code = base64.encodebytes(data).decode()
    part = f"Content-Type: a/b; name=f\nContent-Transfer-Encoding: {encoding}\n\n{code}"
    assert files(part.encode()) == [("f", data)]


@pytest.mark.parametrize(
    "size, has_file, expected", [(9, 0, 0), (9, 1, 0), (99, 0, 1), (999, 1, 1)]
)
def test_a_photograph_shown_in_the_body_is_material_and_a_logo_is_not(size, has_file, expected):
    message = EmailMessage()
    message.set_content("<img src='cid:a'>", subtype="html")
    data = b"\xff\xd8" + bytes(size * 1000)
    message.add_related(data, "image", "jpeg", cid="<a>", disposition="inline")
    if has_file:
        message.add_attachment(b"x", "application", "pdf", filename="b.pdf")
    assert len(files(message.as_bytes())) == expected + has_file


@pytest.mark.parametrize("char", [*',;<>@("：，:', "测试甲@科协", "a, b <c>"])
def test_the_address_is_found_whatever_the_display_name_holds(char):
    for name in (f"科普部{char}测试甲", char):
        word = base64.b64encode(name.encode()).decode()
        raw = f"From: =?utf-8?B?{word}?= <ZS@gz.example.com>\n\nx".encode()
        assert read_message(raw).sender == "zs@gz.example.com"
    assert read_message(b'From: "a, b" <zs@gz.example.com>\n\nx').sender == "zs@gz.example.com"
    assert read_message(b"From: zs@gz.example.com\n\nx").sender == "zs@gz.example.com"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("kind", ["rfc822", "global", "news", 'partial; id="1"; number=1; total=1'])
def test_a_forwarded_message_that_is_coded_is_opened(kind, encoding):
    inner = plain(form=FORM)
    code = base64.encodebytes(inner) if encoding == "base64" else quopri.encodestring(inner)
    head = (
        b'From: b@example.com\nContent-Type: multipart/mixed; boundary="=x"\n\n--=x\n'
        b"Content-Disposition: attachment; filename=f.eml\nContent-Type: message/"
    )
    data = (
        head + f"{kind}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + code + b"\n--=x--\n"
    )
    assert files(data) == [("form", FORM)]
    first = next(iter_attachments(read_message(data)))
    assert first.forwarded_message.sender == "a@example.com"


def uuencode(name, data):
    lines = [binascii.b2a_uu(data[at : at + 45]).decode() for at in range(0, len(data), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend\n"


@given(
    st.binary(min_size=1, max_size=400), st.sampled_from(("form.docx", "推荐表.docx", "a b.zip"))
)
@settings(deadline=None)
def test_a_uuencoded_file_in_the_text_is_a_file(data, name):
    assert list(uuencoded_files(f"见下\n{uuencode(name, data)}完")) == [(name, data)]
    raw = f"From: a@example.com\n\n见下\n{uuencode(name, data)}完".encode()
    assert files(raw) == [(name, data)]


@pytest.mark.parametrize(
    "text", ["begin 644\n", "begin at 9\nend", "begin 644 a\nno code", "begin"]
)
def test_a_text_that_only_looks_so_holds_none(text):
    assert list(uuencoded_files(text)) == []


def test_a_picture_that_the_page_does_not_show_is_a_file_and_one_that_it_shows_is_none():
    message = EmailMessage()
    message["From"] = "a@example.com"
    message.set_content('<p>见图</p><img src="cid:logo">', "html")
    for name in ("logo", "photo"):
        given = {"cid": f"<{name}>", "filename": f"{name}.jpg", "disposition": "inline"}
        message.add_related(FORM, "image", "jpeg", **given)
    assert [name for name, _ in files(message.as_bytes())] == ["photo.jpg"]
    assert len(list(iter_text_bodies(read_message(message.as_bytes())))) == 1


def test_a_sentence_that_begins_as_a_coded_file_does_is_no_file():
    assert list(uuencoded_files("Our work was\nbegin 644 work\n")) == []
