"""Links to stored files are told, each with its own last day; other links are not."""

from datetime import UTC, datetime

import pytest

from kjfp_helpers.intake.mail.cloud_links import find_cloud_links

SENT = datetime(2020, 7, 13, 2, tzinfo=UTC)
HOSTS = (
    "pan.baidu.com/s/1a",
    "u.163.com/abcdEFGH",
    "cloud.189.cn/t/abc",
    "wss.ink/f/abc",
    "f.wss1.cn/f/abc",
    "shimo.im/docs/abc",
    "www.123684.com/s/abc",
    "musetransfer.com/s/abc",
    "doc.weixin.qq.com/doc/abc",
    "www.kdocs.cn/l/abc",
    "pan.quark.cn/s/abc",
    "yunpan.360.cn/s/abc",
    "mail.qq.com/cgi-bin/ftnExs_download?k=1",
    "f.ws28.cn/f/abc",
)
WITHOUT_LINK = (
    "从QQ邮箱发来的超大附件\n展览素材.zip (120M, 2020年08月12日 10:00 到期)\n进入下载页面"
)


def urls(text):
    return [link.url for link in find_cloud_links([text], SENT)]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    "form", ["见 https://{}", "<a href='https://{}'>下载</a>", "https://{}。谢谢"]
)
def test_a_link_is_known_by_its_host(host, form):
    assert urls(form.format(host)) == [f"https://{host}"]


@pytest.mark.parametrize(
    "words",
    [
        "网易邮箱超大附件 {}",
        "{} 提取码：1a2b",
        "下载链接：{}",
        "云盘地址 {}",
        "{} 有效期至2020-07-28",
    ],
)
def test_any_link_near_such_words_counts(words):
    assert urls(words.format("https://files.example.org/x/1")) == ["https://files.example.org/x/1"]


@pytest.mark.parametrize(
    "text",
    [
        "见 https://www.example.com/a",
        "官网 http://www.example.gov.cn",
        "有效期7天",
        "提取码1a2b",
        "科普 https://www.kepuyun.com/a",
        "见 http://www.share.org.cn/a",
        "见 https://www.japan.com/a",
    ],
)
def test_an_ordinary_link_is_none(text):
    assert urls(text) == []


def test_files_for_download_by_other_means_than_a_page_count():
    text = "附件太大，请下载 ftp://files.example.org/a.zip"
    assert urls(text) == ["ftp://files.example.org/a.zip"]


def test_every_link_is_told_once_with_its_own_day():
    text = (
        "推荐表.zip 有效期至2020年7月28日 https://pan.baidu.com/s/1\n"
        "展览.zip https://u.163.com/2 有效期30天\n又 https://pan.baidu.com/s/1"
    )
    first, second = find_cloud_links([text, f"<p>{text}</p>"], SENT)
    assert (first.url, first.deadline_text) == ("https://pan.baidu.com/s/1", "2020年7月28日前下载")
    assert second.url == "https://u.163.com/2"
    assert "2020年8月12日前下载" in second.deadline_text


@pytest.mark.parametrize("line_end", ["\n", "<br>", "</div><div>"])
def test_a_day_on_the_line_of_a_link_is_that_of_no_other(line_end):
    lines = (
        "图片：https://pan.baidu.com/s/1abc 提取码 aa11 有效期至2020年7月30日",
        "文稿：https://pan.baidu.com/s/2xyz 提取码 2222 有效期至2020年8月5日",
        "视频：https://pan.baidu.com/s/3uvw 提取码 3333",
    )
    first, second, third = find_cloud_links([line_end.join(lines)], SENT)
    assert first.deadline_text == "2020年7月30日前下载"
    assert second.deadline_text == "2020年8月5日前下载"
    assert "链接通常如此" in third.deadline_text


def test_many_links_are_told_up_to_a_number():
    assert len(urls(" ".join(f"https://pan.baidu.com/s/{n}" for n in range(99)))) == 10


def test_large_attachments_without_their_link_are_told_once():
    (link,) = find_cloud_links([WITHOUT_LINK, f"<p>{WITHOUT_LINK}</p>"], SENT)
    assert (link.url, link.deadline_text) == ("（正文没有链接地址）", "2020年8月12日前下载")
    assert urls(f"{WITHOUT_LINK} https://mail.qq.com/x") == ["https://mail.qq.com/x"]
    assert find_cloud_links(["因超大附件无法发送，改寄光盘。"], SENT) == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_link_needs_no_scheme_but_a_path(host):
    assert urls(f"材料在{host}，请查收") == [host]
    assert urls(f"a@{host}") == [] == urls(f"材料/{host}.docx")


@pytest.mark.parametrize("piece", ["<a ", "<a href=x ", "<a href", "<a href = '", "a.a-"])
def test_a_long_text_of_broken_tags_is_read_in_one_go(piece):
    assert urls(piece * 150_000 + "> https://pan.baidu.com/s/1") == ["https://pan.baidu.com/s/1"]
