"""Normalize typed Chinese text: width, white space, placeholders, quotation in findings."""

import re

from kjfp_helpers.core.privacy import hide_long_numbers
from kjfp_helpers.core.text_normalization import normalize_text
from kjfp_helpers.infra.lazy_loading import lazy_pattern

_HALF_WIDTH_TABLE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xA0: 0x20,
}
TRADITIONAL_SIGNS = dict(
    zip(
        "专业两个传党内农况准别办务动区协单历参号员团围国备头奖学审导带帮开总户扬报数时机标档毕点状电盖盘"
        "码称简类级组织编职联脱范荐荣获蓝见誉计讯记设证话负责质贫进迹邮间队领龄系迹核注养种训广续术来县乡镇",
        "專業兩個傳黨內農況準別辦務動區協單歷參號員團圍國備頭獎學審導帶幫開總戶揚報數時機標檔畢點狀電蓋盤"
        "碼稱簡類級組織編職聯脫範薦榮獲藍見譽計訊記設證話負責質貧進跡郵間隊領齡繫蹟覈註養種訓廣續術來縣鄉鎮",
        strict=True,
    )
)
"""Simplified to traditional form of the signs in labels, titles and options."""
PRIVATE_USE = lazy_pattern("[\ue000-\uefff\uf100-\uf8ff\U000f0000-\U0010ffff]")
"""Signs of user fonts, which no other computer shows; symbol fonts have U+F000 to U+F0FF."""
_SIMPLIFIED = {ord(other): sign for sign, other in TRADITIONAL_SIGNS.items()} | {
    ord("跡"): "迹",
    ord("貫"): "贯",
}
_TRADITIONAL = lazy_pattern(f"[{''.join(map(chr, _SIMPLIFIED))}]")
_BRACKETED = lazy_pattern(r"\([^()]*\)")
_BLANK = lazy_pattern(
    r"[/\\_＿\-‐‑‒–—―－…·.。、,，;；:：~～*＊()（）\[\]【】\s]*+"
    r"(?:无|暂无|没有|待补|待补充|待填写?|待提供|待确认|未填写?|待定|待统计|待核实|暂缺|略|空|[xX×Ｘｘ]{2,}|某{2,3}|n/?a|none)?"
    r"[/\\_＿\-‐‑‒–—―－…·.。、,，;；:：~～*＊()（）\[\]【】\s]*",
    re.IGNORECASE,
)
_HINT = lazy_pattern(
    r"[(（][^()（）]{0,30}(?:另附页|可附页|盖\s*章|公\s*章|字以?内|打\s*[“\"]?[√✓]|可多选|请填写|请注明|请写明"
    r"|(?:填|写|精确|具体|细化)到[省市县乡镇村]|近期|可另附|可加页)[^()（）]{0,20}[)）]"
)
_LEADING_HINT = lazy_pattern(
    r"^\s*[(（][^()（）\n,，。；;]{0,8}填(?:写|报)?[^()（）\n,，。；;]{0,12}[)）](?=.)", re.DOTALL
)
"""A hint printed before the answer: （填写全称）…"""
_PROMPT = lazy_pattern(  # of content controls, and the fields of a mail merge that were not filled
    r"(?:单击|点击)(?:或点击)?(?:此处|这里)(?:以?(?:输入|添加|编辑))?(?:文字|文本|日期|内容)?[。.]?"
    r"|«[^«»\n]{1,20}»|\{\{[^{}\n]{1,20}\}\}|\$\{[^{}\n]{1,20}\}"
    r"|^请(?:在此处?|在这里)?(?:输入|填写|选择)[^\n，。]{0,10}$",
    re.MULTILINE,
)


def to_half_width(text: str) -> str:
    """Convert full-width letters, digits and punctuation to half-width.

    Examples
    --------
    >>> to_half_width("２０２０（Ａ）")
    '2020(A)'
    """
    return text.translate(_HALF_WIDTH_TABLE)


def is_blank(text: str) -> bool:
    """Whether a field was left blank: empty, only punctuation, or a placeholder such as 暂无.

    Examples
    --------
    >>> is_blank("____"), is_blank("暂无"), is_blank("无锡")
    (True, True, False)
    """
    return _BLANK.fullmatch(to_half_width(text)) is not None


def strip_whitespace(text: str) -> str:
    """Remove all white space.

    Examples
    --------
    >>> strip_whitespace("姓　名 ")
    '姓名'
    """
    return "".join(text.split())


def normalize_label(text: str) -> str:
    """Normalize a label for comparison: no space, no bracketed hint, no colon, lower case.

    Examples
    --------
    >>> normalize_label("E-Mail （必填）：")
    'e-mail'
    """
    without_brackets = _BRACKETED.sub("", normalize_text(text))
    return simplify_label(without_brackets.strip(":*、.。"))


def simplify_label(text: str) -> str:
    """Return a text with the traditional signs of labels and titles in simplified form.

    Examples
    --------
    >>> simplify_label("先進團隊推薦表")
    '先进团队推荐表'
    """
    return text.translate(_SIMPLIFIED) if _TRADITIONAL.search(text) else text


def strip_form_hints(text: str) -> str:
    """Remove the hints and prompts that the form itself prints in a field."""
    without_hints = _LEADING_HINT.sub("", _HINT.sub("", _PROMPT.sub("", text)))
    lines = [line.rstrip() for line in without_hints.split("\n")]
    return "\n".join(lines).strip()


def quote_for_finding(text: str, limit: int = 24) -> str:
    """Quote typed text for a finding: one short line, long numbers masked, own signs framed.

    Parameters
    ----------
    text : str
        The typed text.
    limit : int
        Most characters that are quoted.

    Examples
    --------
    >>> quote_for_finding("电话 13800000000")
    '“电话 ＊＊＊”'
    >>> quote_for_finding("测\ue000甲")
    '“测□甲”'
    """
    line = PRIVATE_USE.sub("□", " ".join(to_half_width(text).split()))
    if not line.isprintable():
        line = "".join(char for char in line if char.isprintable())
    line = hide_long_numbers(line, "＊＊＊")
    return f"“{line[:limit]}…”" if len(line) > limit else f"“{line}”"
