"""Quoted history of a message body: the earlier letters that a reply or a forward carries along."""

import re
from collections.abc import Sequence
from itertools import islice

from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.mail.quoted_pages import own_page

_HEADING_WORDS = (
    r"(?:原始|原|回复的原|被转发的?|转发的?|以下是?转发的?|往来|历史|之前的?)(?:始)?(?:邮件|消息|信息|信件|来信)(?:信息|内容|原文)?"
    r"|邮件原[文件]|original(?:\s+(?:message|mail|e-?mail))?|forwarded\s+(?:message|mail|by.{0,60})"
    r"|(?:message|mail)\s+transf[ée]r[ée]e?|reply\s+message|(?:begin\s+)?forwarded\s+message"
)
_RULED_HEADING = re.compile(
    rf"^[\s|]*[-_=—－–─﹣*~]{{2,}}\s*(?:{_HEADING_WORDS})\s*[:：]?\s*[-_=—－–─﹣*~]*\s*$",
    re.IGNORECASE,
)
_BARE_HEADING = re.compile(
    r"^\s*(?:begin forwarded message|forwarded message|开始转发的邮件|以下是?转发的?邮件"
    r"|以下为(?:原|转发)邮件|转发邮件信息|原始邮件|回复的原邮件|原邮件)\s*[:：]\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^[\s|]*(?:"
    r"on\b.{4,200}\bwrote\s*[:：]"
    r"|在.{0,12}\d{2,4}.{2,160}写道\s*[:：]"
    r"|于.{0,6}\d{2,4}.{2,160}(?:写道|写到|来信说?)\s*[:：]"
    r"|[^\n]{0,120}(?:<[^<>\s]+@[^<>\s]+>|[\w.+-]+@[\w.-]+)[^\n]{0,60}(?:写道|写到|来信|wrote)\s*[:：]"
    r"|[^\n]{0,30}\d{4}\s*[-/年.]\s*\d{1,2}\s*[-/月.]\s*\d{1,2}[^\n]{0,140}(?:写道|写到|wrote)\s*[:：]"
    r")[\s|]*$",
    re.IGNORECASE,
)
_WROTE_START = re.compile(
    r"^\s*(?:on\s.{0,60}\d|在\s*.{0,12}\d{4}|.{0,60}于\s*\d{4})", re.IGNORECASE
)
_FROM = re.compile(
    r"^[\s|*>]*(?:发\s*件\s*人|发\s*信\s*人|发自|寄件者|寄件人|from|sender)[\s*]*[:：]",
    re.IGNORECASE,
)
_OTHER_HEADER = re.compile(
    r"^[\s|*>]*(?:发\s*送\s*时\s*间|发\s*送\s*日\s*期|发\s*件\s*时\s*间|发\s*送|时\s*间|日\s*期"
    r"|收\s*件\s*人|收\s*信\s*人|寄件日期|收件者|抄\s*送|主\s*题|主\s*旨|标\s*题"
    r"|sent|date|to|cc|subject|reply-to)[\s*]*[:：]",
    re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"^\s{0,3}(?:[>＞]|&gt;)")
_HEADER_LINES = 5
"""Lines after a sender's line in which another header must follow."""
_MAX_HEADER_DISTANCE = 40
"""How far below a sender's line they are looked for, blank lines counted."""
_MAX_WRAPPED_LINES = 3
"""Lines over which a mail program wraps its line “On … wrote:”."""
_HINT = re.compile(
    r"blockquote|includetail|quote|reply|appendonsend|forward|original|原|转发|写道|写到|来信|wrote"
    r"|发\s*件\s*人|发\s*信\s*人|寄件|\bfrom\b|sender|发自|^\s*(?:[>＞]|&gt;)",
    re.IGNORECASE | re.MULTILINE,
)
"""What a body with quoted history contains; the others are not parsed for it."""
_MAX_SEPARATOR_CHARS = 260


def own_text(text: str, kind: str) -> str:
    r"""Return a message body without the earlier letters quoted in it.

    Parameters
    ----------
    text : str
        The body.
    kind : str
        Its subtype: ``html``, else plain text.

    Returns
    -------
    str
        The body as it is where nothing is quoted; ``""`` where everything is.

    Examples
    --------
    >>> own_text("见附件。\n\n------- 原始邮件 -------\n姓名：测试甲", "plain")
    '见附件。\n'
    >>> own_text("好\n> 姓名：测试甲", "plain")
    '好'
    """
    if len(text) > MAX_TEXT_BYTES or not _HINT.search(text):
        return text
    return own_page(text, starts_history) if kind == "html" else _own_plain(text)


def _own_plain(text: str) -> str:
    """Return the lines before the history, without quoted lines."""
    lines = text.splitlines()
    end = next(
        (number for number in range(len(lines)) if starts_history(lines, number)), len(lines)
    )
    return "\n".join(line for line in lines[:end] if not _QUOTED_LINE.match(line))


def starts_history(lines: Sequence[str], number: int) -> bool:
    """Whether the quoted history begins at a line."""
    line = lines[number]
    if len(line) > _MAX_SEPARATOR_CHARS or not line.strip():
        return False
    if _RULED_HEADING.match(line) or _BARE_HEADING.match(line) or _WROTE.match(line):
        return True
    if _FROM.match(line):
        later_lines = lines[number + 1 : number + 1 + _MAX_HEADER_DISTANCE]
        following = list(islice(filter(str.strip, later_lines), _HEADER_LINES))
        return sum(bool(_OTHER_HEADER.match(later)) for later in following) >= 2 or (
            bool(following) and bool(_OTHER_HEADER.match(following[0]))
        )
    if _WROTE_START.match(line):
        return any(
            bool(_WROTE.match(" ".join(lines[number : number + count])))
            for count in range(2, _MAX_WRAPPED_LINES + 1)
        )
    return False
