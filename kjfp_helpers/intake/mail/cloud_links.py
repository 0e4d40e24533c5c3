"""Detect links to cloud storage in a message body; the links are never fetched."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kjfp_helpers.core.privacy import replace_personal_numbers
from kjfp_helpers.infra.lazy_loading import lazy_pattern

_CLOUD_HOSTS = (
    r"(?<![\w\-])(?:(?:yun|kuai|wo|ec)?pan|v?disk)\.|(?<![\w.\-])(?:e?yun|share|drive)\."
    r"|netdisk|weiyun|lanzou|cowtransfer|wetransfer|dropbox"
    r"|wenshushu|jianguoyun|aliyundrive|alipan|115\.com|123pan|ctfile|kdocs\.cn|docs\.qq"
    r"|mail\.qq\.com|mail\.163\.com|mail\.126\.com|fs\.163|mail\.sina|mail\.10086|mail\.189"
    r"|onedrive|sharepoint|1drv\.ms|feishu\.cn|dingtalk|icloud\.com"
    r"|\bu\.163\.com|cloud\.189\.cn|\bwss\d*\.(?:ink|cn|cc)|shimo\.im|123684|123865|123912"
    r"|musetransfer|doc\.weixin\.qq|qfile\.qq|ws28\.cn|ws59\.cn|caiyun\.139|f\.wps\.cn|filez\.com"
    r"|fangcloud|airportal\.cn|terabox|mega\.nz|send-anywhere|qiye\.163|qiyeimap|exmail\.qq"
)
_LINK = lazy_pattern(
    rf"(?:https?://)?(?:[\w.\-]*(?:{_CLOUD_HOSTS})[\w.\-]*(?:/[^\s\"'<>，。；）]*)?"
    r"|[^\s\"'<>，。；）]*(?:/ftn/|/netdisk|bigfile|largefile|/share/)[^\s\"'<>，。；）]*)",
    re.IGNORECASE,
)
_ANY_LINK = lazy_pattern(
    r"(?:(?:https?|s?ftp|thunder|ed2k)://|(?<![a-z0-9_@./:-])(?=[a-z0-9.-]+\.(?:com|cn|net|org|cc|me|ms|ink|im)/))"
    r"[^\s\"'<>，。；）]+",
    re.IGNORECASE,
)
_NEAR_WORDS = lazy_pattern(
    "超大附件|大附件|云附件|网盘|云盘|提取码|提取密码|访问码|有效期|过期时间|失效时间|文件中转|中转站|下载链接"
    "|下载地址|点击下载|(?:附件|文件|材料)(?:过大|太大|较大)|天内(?:有效|下载)|日前(?:有效|下载)"
)
_NAMED_WITHOUT_LINK = lazy_pattern(r"(?:超大|云)附件[\s\S]{0,200}?(?:到期|过期|失效|有效期)")
"""A list of large attachments whose link did not come with the text."""
_NEAR_CHARS = 120
"""Distance from such words within which any link is one to stored files."""
_TAG = lazy_pattern(
    r"<a\b[^<>]{0,500}?href\s{0,9}=\s{0,9}[\"']?([^\s\"'<>]++)[^<>]*+>|<[^<>]{0,2000}>",
    re.IGNORECASE,
)
_LINE_TAG = lazy_pattern(r"</?(?:br|p|div|li|tr)\b", re.IGNORECASE)
MAX_LINKS = 10
"""Links of one message that are told."""
_VALID_DAYS = lazy_pattern(
    r"(\d{1,3})\s*[天日](?:内|后|之内)?\s*(?:有效|失效|过期)|有效期[^\d\n]{0,6}(\d{1,3})\s*天"
)
_VALID_UNTIL = lazy_pattern(
    r"(?:有效期?至|过期时间|失效时间|到期时间|截止时间)[:：]?\s*(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})"
)
_EXPIRY_DATE = lazy_pattern(
    r"(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*(?:到期|过期|失效|截止|前(?:有效|下载))"
)
_DEADLINES = (_VALID_UNTIL, _EXPIRY_DATE, _VALID_DAYS)
DEFAULT_VALID_DAYS = 7
"""Common validity of such links in days, where the message does not state it."""


@dataclass(frozen=True, slots=True)
class CloudLink:
    """A link, and a text with its last download day, estimated where it is not stated."""

    url: str
    deadline_text: str


def find_cloud_links(
    texts: Iterable[str], sent: datetime | None, *, by_host_only: bool = False
) -> list[CloudLink]:
    """Return the links to stored files in the texts of a message, each once.

    A link counts by its host, and any link that stands near words such as 超大附件 or 提取码; large
    attachments with an expiry count without a link too.

    Parameters
    ----------
    texts : Iterable of str
        Bodies of the message, pages included.
    sent : datetime or None
        When the message arrived; the validity is counted from it.
    by_host_only : bool
        Whether words near a link do not count: a form names sites where results can be seen.

    Examples
    --------
    >>> find_cloud_links(["附件 https://pan.baidu.com/s/1x 有效期7天"], None)
    [CloudLink(url='https://pan.baidu.com/s/1x', deadline_text='来件7天内下载')]
    """
    links: dict[str, CloudLink] = {}
    unlinked: list[CloudLink] = []
    for text in texts:
        plain = _TAG.sub(_text_of_tag, text)
        matches = list(_ANY_LINK.finditer(plain))
        for number, match in enumerate(matches):
            is_near = not by_host_only and _is_near_words(plain, match)
            if not is_near and not _LINK.match(match[0]):
                continue
            url = replace_personal_numbers(match[0].rstrip(").,;"), "＊")[:120]
            if url not in links and len(links) < MAX_LINKS:
                around = _texts_around(plain, matches, number)
                links[url] = CloudLink(url, _deadline_near(around, sent))
        if not matches and _NAMED_WITHOUT_LINK.search(plain):
            unlinked.append(CloudLink("（正文没有链接地址）", _deadline_text(plain, sent)))
    return list(links.values()) or unlinked[:1]


def _text_of_tag(tag: re.Match[str]) -> str:
    if tag[1]:
        return f" {tag[1]} "
    return "\n" if _LINE_TAG.match(tag[0]) else " "


def _is_near_words(text: str, match: re.Match[str]) -> bool:
    around = text[max(match.start() - _NEAR_CHARS, 0) : match.end() + _NEAR_CHARS]
    return _NEAR_WORDS.search(around) is not None


def _texts_around(text: str, matches: Sequence[re.Match[str]], number: int) -> tuple[str, str, str]:
    """Return the line of a link without other links, what is between it and these, what follows."""
    match = matches[number]
    after = matches[number + 1].start() if number + 1 < len(matches) else len(text)
    before = matches[number - 1].end() if number else 0
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    end = len(text) if end < 0 else end
    line = text[start:end] if before <= start and end <= after else ""
    if number and (line_end := text.find("\n", before, match.start())) >= 0:
        before = line_end  # what stands on the other link's line is said of that
    return line, text[before : match.start()], text[match.end() : after]


def _deadline_near(around: Iterable[str], sent: datetime | None) -> str:
    """Return the last download day that the first of the texts tells, else the usual one."""
    told = (text for text in around if any(one.search(text) for one in _DEADLINES))
    return _deadline_text(next(told, ""), sent)


def _deadline_text(text: str, sent: datetime | None) -> str:
    """Return the last download day in Chinese, estimated from the date of arrival."""
    date = _VALID_UNTIL.search(text) or _EXPIRY_DATE.search(text)
    if date:
        return f"{date[1]}年{int(date[2])}月{int(date[3])}日前下载"
    day_match = _VALID_DAYS.search(text)
    day_count = int(day_match[1] or day_match[2]) if day_match else DEFAULT_VALID_DAYS
    assumption = "" if day_match else "，链接通常如此"
    if sent is None:
        return f"来件{day_count}天内下载{assumption}"
    last_day = sent + timedelta(days=day_count)
    until = f"{last_day.year}年{last_day.month}月{last_day.day}日前下载"
    return f"{until}（来件{day_count}天内{assumption}）"
