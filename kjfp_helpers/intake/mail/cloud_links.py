"""Links to files kept elsewhere, which a letter holds instead of the files; never fetched."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

_HOSTS = (
    r"pan\.|yun\.|share\.|drive\.|disk\.|netdisk|weiyun|lanzou|cowtransfer|wetransfer|dropbox"
    r"|wenshushu|jianguoyun|aliyundrive|alipan|115\.com|123pan|ctfile|kdocs\.cn|docs\.qq"
    r"|mail\.qq\.com|mail\.163\.com|mail\.126\.com|fs\.163|mail\.sina|mail\.10086|mail\.189"
    r"|onedrive|sharepoint|1drv\.ms|feishu\.cn|dingtalk|icloud\.com"
)
_LINK = re.compile(
    rf"https?://(?:[\w.\-]*(?:{_HOSTS})[\w.\-]*(?:/[^\s\"'<>，。；）]*)?"
    r"|[^\s\"'<>，。；）]*(?:/ftn/|/netdisk|bigfile|largefile|/share/)[^\s\"'<>，。；）]*)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"(\d{1,3})\s*[天日](?:内|后|之内)?\s*(?:有效|失效|过期)|有效期[^\d\n]{0,6}(\d{1,3})\s*天"
)
_UNTIL = re.compile(
    r"(?:有效期?至|过期时间|失效时间|到期时间|截止时间)[:：]?\s*(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})"
)
_ENDS = re.compile(
    r"(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*(?:到期|过期|失效|截止|前(?:有效|下载))"
)
_LONG_NUMBER = re.compile(r"(?<![A-Za-z0-9])1[3-9]\d{9}(?!\d)|\d{17}[\dXx]")
DEFAULT_VALID_DAYS = 7
"""How long such links commonly last when a letter does not say."""


@dataclass(frozen=True, slots=True)
class CloudLink:
    """A link with the last day to fetch it, counted from the letter where it does not say."""

    url: str
    deadline_text: str


def find_cloud_link(texts: Iterable[str], sent: datetime | None) -> CloudLink | None:
    """Return the first link to a file kept elsewhere in a letter's own words."""
    for text in texts:
        match = _LINK.search(text)
        if match:
            address = _LONG_NUMBER.sub("＊", match[0])[:120]
            return CloudLink(address, _until(text, sent))
    return None


def _until(text: str, sent: datetime | None) -> str:
    date = _UNTIL.search(text) or _ENDS.search(text)
    if date:
        return f"{date[1]}年{int(date[2])}月{int(date[3])}日前下载"
    days = _DAYS.search(text)
    number = int(days[1] or days[2]) if days else DEFAULT_VALID_DAYS
    usual = "" if days else "，链接通常如此"
    if sent is None:
        return f"来件{number}天内下载{usual}"
    last = sent + timedelta(days=number)
    return f"{last.year}年{last.month}月{last.day}日前下载（来件{number}天内{usual}）"
