"""Hints on exhibition texts and captions (clause 三): what a person looks into before approval.

A hint is no finding: it marks words and decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kjfp_helpers.core.privacy import Span, find_personal_numbers
from kjfp_helpers.infra.lazy_loading import lazy_pattern

(
    MEETING,
    NUMBERS,
    CONSENT,
    REPEATED,
    RESAVED,
    ENLARGED,
    FIGURES,
    GAPS,
    SAME_TEXT,
    UNLISTED,
    LENGTH,
    UNREAD,
    PARTLY_READ,
) = (
    "meeting",
    "numbers",
    "consent",
    "repeated",
    "resaved",
    "enlarged",
    "figures",
    "gaps",
    "same_text",
    "unlisted",
    "length",
    "unread",
    "partly_read",
)
HINT_TITLES: Mapping[str, str] = {
    MEETING: "疑为会议、领导活动或文件印发",
    NUMBERS: "含有身份证号码、电话等号码",
    CONSENT: "涉及未成年人、患者等，未注明本人同意",
    REPEATED: "与另一张图片相同或相近",
    RESAVED: "疑经再次压缩",
    ENLARGED: "疑经放大",
    FIGURES: "数字与盘点表不一致",
    GAPS: "有数字未报、未达到任务目标或目标未下达",
    SAME_TEXT: "与另一篇相同或大部分相同",
    UNLISTED: "所写对象不在曾获表扬名单",
    LENGTH: "篇幅过短或过长",
    UNREAD: "没有读出内容",
    PARTLY_READ: "有内容没有读出",
}
"""Code of a hint to what it says, in Chinese."""
_MEETING = lazy_pattern(
    r"(?:召开|举行|举办|组织召开|参加)[^。；，,;\n]{0,14}会(?!员|计)"
    r"|(?:部署|推进|动员|座谈|工作|总结|表彰|联席|专题|视频|全体|现场)会(?:议|上)?(?!员|计)"
    r"|会议(?:室|现场|精神)?|启动仪式|揭牌|签约仪式|开班式|开幕式"
    r"|(?:领导|书记|主席|主任|局长|部长|厅长|院长|会长)[^。；，,;\n]{0,8}"
    r"(?:讲话|致辞|出席|主持|莅临|视察|强调|指出|合影)"
    r"|领导(?:讲话|合影|出席|视察)|出席并讲话|莅临|视察|作重要讲话"
    r"|(?:印发|下发|转发)[^。；，,;\n]{0,14}(?:文件|通知|方案|意见|办法|规划|计划)|红头文件|批示"
)
_CLAUSE_ENDS = ("，", "。", "；", "\n", ",", ";")
_PROTECTED = lazy_pattern(r"学生|儿童|孩子|留守|孤儿|未成年|患者|病人|病患|残疾人|智障|精神障碍")
_CONSENTED = lazy_pattern(r"同意|授权|许可|化名|征得")


@dataclass(frozen=True, kw_only=True)
class Hint:
    """A hint: its code, where in the text the words are that gave it, and more words on it."""

    code: str
    spans: tuple[Span, ...] = ()
    note: str = ""

    @property
    def title(self) -> str:
        """What the hint says, in Chinese."""
        return HINT_TITLES[self.code]


def find_text_hints(text: str) -> Iterator[Hint]:
    """Yield the hints on a text or caption, with the words that gave each.

    Examples
    --------
    >>> [(hint.code, hint.spans) for hint in find_text_hints("召开部署会，领导出席并讲话。")]
    [('meeting', ((0, 5), (6, 13)))]
    >>> [hint.code for hint in find_text_hints("专家在田间指导，会员踊跃参加。")]
    []
    """
    if numbers := find_personal_numbers(text):
        yield Hint(code=NUMBERS, spans=tuple(numbers))
    if meetings := tuple(match.span() for match in _MEETING.finditer(text)):
        yield Hint(code=MEETING, spans=meetings)
    people = tuple(match.span() for match in _PROTECTED.finditer(text))
    if people and not _CONSENTED.search(text):
        yield Hint(code=CONSENT, spans=people)


def cut_personal_numbers(text: str) -> str:
    """Return a text without the clauses that hold identity or phone numbers, for a person to read.

    Examples
    --------
    >>> cut_personal_numbers("专家驻村指导，联系电话13800138000。村民增收。")
    '专家驻村指导。村民增收。'
    """
    for start, stop in reversed(find_personal_numbers(text)):
        first = max(text.rfind(sign, 0, start) for sign in _CLAUSE_ENDS)
        ends = [at for sign in _CLAUSE_ENDS if (at := text.find(sign, stop)) >= 0]
        last = min(ends, default=len(text))
        text = text[: max(first, 0)] + text[last:]
    return text.lstrip("".join(_CLAUSE_ENDS)) if text else text


def mark_spans(text: str, spans: tuple[Span, ...]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text in order, each with whether it is among the marked ones.

    Examples
    --------
    >>> list(mark_spans("召开会议了", ((0, 4), (2, 4))))
    [('召开会议', True), ('了', False)]
    """
    at = 0
    for start, stop in sorted(spans):
        if stop <= at:
            continue
        start = max(start, at)
        if start > at:
            yield text[at:start], False
        yield text[start:stop], True
        at = stop
    if at < len(text):
        yield text[at:], False
