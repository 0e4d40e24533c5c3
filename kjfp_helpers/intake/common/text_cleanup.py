"""Chinese text as people type it: widths, blanks, placeholders, words fit to be quoted."""

import re

from kjfp_helpers.core.normalize import even

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_BLANK = re.compile(
    r"[/\\_＿\-‐‑‒–—―－…·.。、,，;；:：~～*＊()（）\[\]【】\s]*"
    r"(?:无|暂无|没有|待补|待补充|待填写?|待提供|待确认|未填写?|待定|待统计|待核实|暂缺|略|空|[xX×Ｘｘ]{2,}|某{2,3}|n/?a|none)?"
    r"[/\\_＿\-‐‑‒–—―－…·.。、,，;；:：~～*＊()（）\[\]【】\s]*",
    re.IGNORECASE,
)
_SECRET = re.compile(r"\d(?:[\s\-－—]?[\dXx]){6,}")
_HINT = re.compile(
    r"[(（][^()（）]{0,30}(?:另附页|可附页|盖\s*章|公\s*章|字以?内|打\s*[“\"]?[√✓]|可多选|请填写|请注明|请写明"
    r"|(?:填|写|精确|具体|细化)到[省市县乡镇村]|近期|可另附|可加页)[^()（）]{0,20}[)）]"
)
_ASKED = re.compile(
    r"^\s*[(（][^()（）\n,，。；;]{0,8}填(?:写|报)?[^()（）\n,，。；;]{0,12}[)）](?=.)", re.DOTALL
)
"""A hint before an answer: （填写全称）…"""
_PROMPT = re.compile(
    r"(?:单击|点击)(?:或点击)?(?:此处|这里)(?:以?(?:输入|添加|编辑))?(?:文字|文本|日期|内容)?[。.]?"
    r"|^请(?:在此处?|在这里)?(?:输入|填写|选择)[^\n，。]{0,10}$",
    re.MULTILINE,
)


def to_half_width(text: str) -> str:
    """Return text with full-width letters, digits and signs made half-width."""
    return text.translate(_WIDE)


def is_blank(text: str) -> bool:
    """Whether nothing was filled in: empty, rules and dashes, or a placeholder such as 暂无."""
    return _BLANK.fullmatch(to_half_width(text)) is not None


def strip_whitespace(text: str) -> str:
    """Return text without any white space."""
    return "".join(text.split())


def normalize_label(text: str) -> str:
    """Return a label as it is compared: no space, no hint in brackets, no colon, lower case."""
    plain = re.sub(r"\([^()]*\)", "", even(text))
    return plain.strip(":*、.。")


def strip_form_hints(text: str) -> str:
    """Return text without what the form itself prints in a box."""
    plain = _ASKED.sub("", _HINT.sub("", _PROMPT.sub("", text)))
    lines = [line.rstrip() for line in plain.split("\n")]
    return "\n".join(lines).strip()


def quote_for_finding(text: str, limit: int = 24) -> str:
    """Return typed words for a finding: one short line, long digit strings masked."""
    line = " ".join(_SECRET.sub("＊＊＊", to_half_width(text)).split())
    line = "".join(sign for sign in line if sign.isprintable())
    return f"“{line[:limit]}…”" if len(line) > limit else f"“{line}”"
