"""What a letter quotes of earlier letters is not its own text, however the mail program marks it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.intake.mail.quoted_history import own_text

OLD = "姓名：测试甲\n带动脱贫贫困人口数：800人"
OWN = "现报送更正后的推荐表，见附件。\n联系人：测试乙"
HEADERS = "发件人：测试乙\n发送时间：2020年7月1日\n收件人：办公室\n主题：推荐表\n"
SEPARATORS = {
    "qq": '------------------ 原始邮件 ------------------\n发件人: "测试乙"\n',
    "qq_english": "------------------ Original ------------------\nFrom: a\n",
    "qq_phone": '---Original---\nFrom: "乙"<a@example.com>\n',
    "163": '在 2020-07-01 10:00:00，"测试乙" <a@example.com> 写道：\n',
    "163_phone": "---- 回复的原邮件 ----\n| 发件人 | 测试乙 |\n",
    "coremail": "-----原始邮件-----\n发件人:测试乙\n发送时间:2020-07-01\n",
    "forwarded": "-------- 转发邮件信息 --------\n" + HEADERS,
    "outlook": "-----Original Message-----\nFrom: a\nSent: b\n",
    "outlook_chinese": "-----邮件原件-----\n" + HEADERS,
    "outlook_new": "________________________________\n" + HEADERS,
    "headers": HEADERS,
    "headers_spaced": "发 件 人： 测试乙\n日 期： 2020-07-01\n收 件 人： 甲\n",
    "headers_bold": "*发件人:* 测试乙\n*日期:* 2020-07-01\n",
    "headers_english": "From: a\nSent: Wednesday\nTo: b\nSubject: c\n",
    "gmail": "On Wed, Jul 1, 2020 at 3:04 PM Ceshi <a@example.com> wrote:\n",
    "gmail_wrapped": "On Wed, Jul 1, 2020 at 3:04 PM Ceshi Yi from the office of\n<a@example.com> wrote:\n",
    "gmail_chinese": "测试乙 <a@example.com> 于2020年7月1日周三 下午3:04写道：\n",
    "apple": "在 2020年7月1日，下午3:04，测试乙 <a@example.com> 写道：\n",
    "apple_forward": "Begin forwarded message:\n\nFrom: a\n",
    "apple_forward_chinese": "开始转发的邮件：\n\n发件人: 测试乙\n",
    "thunderbird": "-------- 转发的消息 --------\n主题: 推荐表\n",
    "mailing": "---------- Forwarded message ----------\nFrom: a\n",
}


@pytest.mark.parametrize("name", SEPARATORS)
def test_the_text_above_a_separator_is_kept_and_all_below_it_left_out(name):
    own = own_text(f"{OWN}\n\n{SEPARATORS[name]}\n{OLD}\n", "plain")
    assert OWN in own and "800" not in own and "姓名" not in own


@pytest.mark.parametrize("name", SEPARATORS)
@pytest.mark.parametrize("block", ["div", "p", "br", "td"])
def test_the_same_in_a_page(name, block):
    text = f"{OWN}\n\n{SEPARATORS[name]}".replace("<", "&lt;").replace(">", "&gt;")
    lines = text.split("\n")
    if block == "br":
        page = "<div>" + "<br>".join(lines) + "</div>"
    elif block == "td":
        page = "<table>" + "".join(f"<tr><td>{line}</td></tr>" for line in lines) + "</table>"
    else:
        page = "".join(f"<{block}>{line}</{block}>" for line in lines)
    page += "<table><tr><td>姓名</td><td>测试甲</td></tr></table><p>800人</p>"
    own = own_text(f"<html><body>{page}</body></html>", "html")
    assert "联系人：测试乙" in own and "800" not in own and "姓名" not in own


@pytest.mark.parametrize("mark", ["> ", ">", ">> ", "> > ", "＞", "  > ", "&gt; "])
def test_lines_that_are_marked_as_quoted_are_left_out_wherever_they_stand(mark):
    quoted = "\n".join(mark + line for line in OLD.split("\n"))
    assert own_text(f"{OWN}\n{quoted}\n盼复", "plain") == f"{OWN}\n盼复"


@pytest.mark.parametrize(
    "opening",
    [
        "<blockquote>",
        "<blockquote type='cite' style='border:none'>",
        "<div class='gmail_quote'>",
        '<div class="yahoo_quoted">',
        "<blockquote id='isReplyContent' style='PADDING-LEFT: 1ex'>",
        "<includetail>",
        "<div class='protonmail_quote'>",
    ],
)
def test_elements_that_quote_are_left_out_and_what_follows_them_is_kept(opening):
    end = "</" + opening[1:].split(" ")[0].strip("<>") + ">"
    own = own_text(f"<p>见附件</p>{opening}<p>800人</p>{end}<p>盼复</p>", "html")
    assert "见附件" in own and "盼复" in own and "800" not in own


@pytest.mark.parametrize("mark", ["divRplyFwdMsg", "appendonsend"])
def test_outlook_on_the_web_marks_where_the_history_begins(mark):
    page = f"<div>见附件</div><div id='{mark}'></div><hr><div>发件人</div><p>800人</p>"
    own = own_text(page, "html")
    assert "见附件" in own and "800" not in own


@pytest.mark.parametrize(
    "text",
    [
        OLD,
        "发件人：测试省科协\n姓名：测试甲",
        "我在2020年的日记里写道：今天下了雨，明天还去。",
        "------\n附：推荐表",
        "原始邮件已收到，谢谢。",
    ],
)
def test_a_text_without_history_is_all_the_letters_own(text):
    assert own_text(text, "plain") == text


def test_a_block_that_is_only_indented_quotes_nothing():
    page = "<blockquote style='margin:0 0 0 40px;border:none;padding:0'>姓名：测试甲</blockquote>"
    assert own_text(page, "html") == page


@settings(deadline=None)
@given(
    st.lists(st.text("姓名：测试甲乙丙1234 。\t", max_size=20), max_size=6),
    st.sampled_from(sorted(SEPARATORS)),
    st.lists(st.text("姓名：>测试1234 -", max_size=20), max_size=6),
)
def test_nothing_below_a_separator_and_nothing_else_is_lost(above, name, below):
    own = "\n".join(above)
    text = own_text(f"{own}\n{SEPARATORS[name]}" + "\n".join(below), "plain")
    assert text.rstrip("_\n") == own.rstrip("_\n")


@pytest.mark.slow
@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from(("plain", "html")))
def test_no_text_is_refused(text, kind):
    assert isinstance(own_text(text, kind), str)
